package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"trestle/internal/service/store"
)

// How often the servers this one needs are looked at.
const (
	lookEvery = 30 * time.Second // while they answer
	lookAway  = 5 * time.Second  // while one does not, and after a request met that
	lookTime  = 10 * time.Second // a look may take; what answers later is away
	busGrace  = time.Second      // a bus that reconnects within it was not away
	stillAway = time.Hour        // how often what is still away is said again
)

// backend is a server this one needs over the network.
type backend struct {
	name  string
	at    string // host and port, or bucket and host; never a credential
	level slog.Level
	kept  string // what becomes of people's work meanwhile
	next  string // what happens without anybody's doing
	look  func(context.Context) error

	away              bool
	last, since, told time.Time // of the looks; of its being away; of the last word about that
}

// watchman looks after the servers this one needs and tells the operator, once each, when one is away and when it is back. A node with a
// file, a folder and no bus has none.
type watchman struct {
	log         *slog.Logger
	list        []*backend
	wake        chan struct{}
	every, away time.Duration // lookEvery and lookAway, but in tests

	mu  sync.Mutex
	met map[string]bool // by a request
}

func (s *Service) watchful() *watchman {
	w := &watchman{log: s.log, every: lookEvery, away: lookAway, wake: make(chan struct{}, 1), met: map[string]bool{}}
	if s.store.Shared() {
		w.list = append(w.list, &backend{
			name: "database", at: whereOf(s.cfg.DB), level: slog.LevelError,
			kept: "what was acknowledged is in the database; what people write now waits on their computers",
			next: "requests are answered busy, and each tries the database anew",
			look: func(ctx context.Context) error {
				return s.store.Read(ctx, func(tx store.Tx) error {
					_, err := tx.AnyAccount(ctx)
					return err
				})
			},
		})
	}
	if remote(s.cfg.Blobs) {
		w.list = append(w.list, &backend{
			name: "blobs", at: whereOf(s.cfg.Blobs), level: slog.LevelError,
			kept: "messages go on; files that are on their way wait on people's computers",
			next: "uploads and downloads are answered busy, and each tries the store of files anew",
			look: s.files.Check,
		})
	}
	if s.nodes != nil {
		w.list = append(w.list, &backend{
			name: "bus", at: whereOf(s.cfg.Bus), level: slog.LevelWarn,
			kept: "everything is stored; who is connected to another node learns of it within a minute",
			next: "the bus is connected to again by itself",
			look: func(ctx context.Context) error {
				for end := time.Now().Add(busGrace); !s.nodes.bus.Up(); {
					if time.Now().After(end) || ctx.Err() != nil {
						return fmt.Errorf("not connected")
					}
					time.Sleep(50 * time.Millisecond)
				}
				return nil
			},
		})
	}
	return w
}

// meet notes that a request found a server away; it is looked at soon. False says that it is none of those looked after.
func (w *watchman) meet(name string) bool {
	if !slices.ContainsFunc(w.list, func(b *backend) bool { return b.name == name }) {
		return false
	}
	w.mu.Lock()
	w.met[name] = true
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return true
}

// run looks until the context ends.
func (w *watchman) run(ctx context.Context) {
	if len(w.list) == 0 {
		return
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-w.wake:
		}
		w.round(ctx, time.Now())
		timer.Reset(w.away)
	}
}

// round looks at those whose time has come, all at once.
func (w *watchman) round(ctx context.Context, now time.Time) {
	w.mu.Lock()
	met := w.met
	w.met = map[string]bool{}
	w.mu.Unlock()
	var all sync.WaitGroup
	for _, b := range w.list {
		every := w.every
		if b.away || met[b.name] || b.name == "bus" { // a bus is asked nothing
			every = w.away
		}
		if !b.last.IsZero() && now.Sub(b.last) < every {
			if met[b.name] { // not forgotten
				w.mu.Lock()
				w.met[b.name] = true
				w.mu.Unlock()
			}
			continue
		}
		b.last = now
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, lookTime)
			defer cancel()
			if err := b.look(ctx); !errors.Is(context.Cause(ctx), context.Canceled) { // else the service ends
				w.tell(b, err, now)
			}
		})
	}
	all.Wait()
}

// tell says what changed; what is still away only once an hour.
func (w *watchman) tell(b *backend, err error, now time.Time) {
	switch {
	case err == nil && b.away:
		b.away = false
		w.log.Info("reached again", "backend", b.name, "at", b.at, "away", now.Sub(b.since).Round(time.Second).String())
	case err != nil && (!b.away || now.Sub(b.told) >= stillAway):
		if !b.away {
			b.away, b.since = true, now
		}
		b.told = now
		w.log.Log(context.Background(), b.level, "cannot be reached", "backend", b.name, "at", b.at, "kept", b.kept, "next", b.next)
	}
}

// remote reports whether an address of a store of files is a server's.
func remote(address string) bool {
	kind, _, ok := strings.Cut(address, ":")
	return ok && kind != "file" && kind != "mem"
}

// unsaid stands for an address of which nothing may be said.
const unsaid = "?"

// whereOf is what may be said of an address: its hosts, the bucket or database of it, and an endpoint's host. Names, passwords and keys are
// left out, and so is all of an address that cannot be read.
func whereOf(address string) string {
	list := []string{address}
	if !strings.HasPrefix(address, "postgres") { // a password there may hold a comma
		list = strings.Split(address, ",")
	}
	for i, one := range list {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || strings.Contains(address, "@") && u.User == nil { // not read as it was meant
			list[i] = unsaid
			continue
		}
		at := u.Scheme + "://" + u.Host
		if strings.HasPrefix(u.Scheme, "postgres") {
			at += u.Path
		}
		if e, err := url.Parse(u.Query().Get("endpoint")); err == nil && e.Host != "" {
			at += " at " + e.Host
		}
		list[i] = at
	}
	return strings.Join(list, ", ")
}
