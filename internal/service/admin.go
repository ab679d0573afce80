package service

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const readyWithin = 2 * time.Second

// Admin answers an operator, on an address of its own that nobody else reaches: /healthz (the process answers), /readyz (what it needs does
// too, else 503; "full" is what has no room to write, while all can be read), /metrics (numbers as text, no names of people or rooms),
// /debug/pprof, and POST /contact and /business to
// choose a policy.
func (s *Service) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n")) // the operator has gone if this fails
	})
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /metrics", s.metrics)
	s.policies(mux)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// needs asks what the service needs whether it is there: "ok", "full" or "away" for each.
func (s *Service) needs(ctx context.Context) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ask := map[string]func() error{
		"database": func() error {
			return s.store.Read(ctx, func(tx store.Tx) error {
				_, err := tx.AnyAccount(ctx)
				return err
			})
		},
		"blobs": func() error { return s.files.Check(ctx) },
		"bus": func() error {
			if s.nodes != nil && !s.nodes.bus.Up() {
				return fmt.Errorf("the bus is away")
			}
			return nil
		},
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	out := map[string]string{}
	for name, do := range ask {
		all.Go(func() {
			word := "ok"
			if do() != nil {
				word = "away"
			}
			mu.Lock()
			defer mu.Unlock()
			out[name] = word
		})
	}
	all.Wait()
	for _, name := range s.noRoom.full(s.now()) {
		if out[name] == "ok" {
			out[name] = "full"
		}
	}
	return out
}

// readyz says 503 while the database or the files are away. Without its bus a node still serves: devices find out by asking. So it does while
// a disk is full: what was written before can be read.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	needs := s.needs(r.Context())
	w.Header().Set("Content-Type", "application/json")
	if needs["database"] == "away" || needs["blobs"] == "away" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(needs) // the operator has gone if this fails
}

// tally counts commands by op and verdict.
type tally struct {
	mu sync.Mutex
	n  map[string]int64
}

func (t *tally) add(op workroom.Op, v wire.Verdict) {
	if _, known := workroom.Ops[op]; !known {
		op = "unknown"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int64{}
	}
	t.n[fmt.Sprintf(`trestle_commands_total{op="%s",verdict="%s"}`, op, v)]++
}

func (t *tally) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for _, k := range slices.Sorted(maps.Keys(t.n)) {
		out = append(out, fmt.Sprintf("%s %d", k, t.n[k]))
	}
	return out
}

// metrics writes the numbers in the text form that Prometheus reads.
func (s *Service) metrics(w http.ResponseWriter, r *http.Request) {
	lines := append(s.tally.lines(),
		fmt.Sprintf("trestle_streams %d", s.hub.Count()),
		fmt.Sprintf("trestle_rows_spilled_total %d", s.hub.Spilled()),
		fmt.Sprintf("trestle_faults_total %d", s.faults.Load()),
		fmt.Sprintf("trestle_no_room_total %d", s.noRoom.times.Load()),
		fmt.Sprintf("trestle_passwords_waiting %d", s.hasher.Waiting()),
	)
	if s.nodes != nil {
		lines = append(lines, fmt.Sprintf("trestle_bus_lost_total %d", s.nodes.lost.Load()))
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	_ = s.store.Read(ctx, func(tx store.Tx) error { // without the database these are left out
		waiting, oldest, dead, err := tx.Jobs(ctx, s.now())
		if err == nil {
			lines = append(lines, fmt.Sprintf("trestle_jobs_waiting %d", waiting), fmt.Sprintf("trestle_job_oldest_seconds %d", int(oldest.Seconds())),
				fmt.Sprintf("trestle_jobs_given_up %d", dead))
		}
		return err
	})
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	_, _ = w.Write([]byte(strings.Join(lines, "\n") + "\n")) // the operator has gone if this fails
}
