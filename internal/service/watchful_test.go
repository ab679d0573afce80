package service

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// told is a log whose lines a test reads.
type told struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *told) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

type line struct{ Level, Msg, Backend, At, Kept, Next, Away string }

// of are the lines about one backend.
func (l *told) of(t *testing.T, backend string) (out []line) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for text := range strings.Lines(l.text.String()) {
		var x line
		must(t, json.Unmarshal([]byte(text), &x))
		if x.Backend == backend {
			out = append(out, x)
		}
	}
	return out
}

// await waits until so many lines were said about a backend.
func (l *told) await(t *testing.T, backend string, n int) line {
	t.Helper()
	for {
		if list := l.of(t, backend); len(list) >= n {
			if len(list) > n {
				t.Fatalf("said too often: %+v", list)
			}
			return list[n-1]
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// runs runs a service's own work, looking after its servers without pause.
func (s *Service) runs(t *testing.T) {
	t.Helper()
	s.watchman.every, s.watchman.away = time.Millisecond, time.Millisecond
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		end()
		must(t, <-ended)
	})
}

// F-05: what the service needs over the network and cannot reach is told in one line, at the start and later, with where it is but no
// credential, what is kept and what happens next; and in one line when it is back.
func TestF05_WhatIsAwayIsToldOnce(t *testing.T) {
	t.Run("bus", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		at := l.Addr().(*net.TCPAddr)
		must(t, l.Close())
		log := &told{}
		s, c := start(t, Config{Bus: "nats://me:hidden@" + at.String(), Log: slog.New(slog.NewJSONHandler(log, nil))})
		s.runs(t)
		x := log.await(t, "bus", 1)
		if x.Level != "WARN" || x.Msg != "cannot be reached" || x.At != "nats://"+at.String() || x.Kept == "" || x.Next == "" {
			t.Errorf("%+v", x)
		}
		anna, ben := join(t, c, "anna"), join(t, c, "ben") // it serves
		w := hire(anna, ben, "k1", "r1")
		for i := 1; i <= 3; i += 2 {
			nats, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: at.Port, NoSigs: true, NoLog: true, Username: "me", Password: "hidden"})
			must(t, err)
			nats.Start()
			if x := log.await(t, "bus", i+1); x.Level != "INFO" || x.Msg != "reached again" || x.Away == "" {
				t.Errorf("%+v", x)
			}
			nats.Shutdown()
			nats.WaitForShutdown()
			for range 50 {
				anna.does(newID(), say(w.r, "said without a bus"))
			}
			log.await(t, "bus", i+2)
		}
		if text := log.text.String(); strings.Contains(text, "hidden") || strings.Contains(text, "me:") {
			t.Error("a credential is told:", text)
		}
	})
	t.Run("blobs", func(t *testing.T) {
		log := &told{}
		address, shut := bucket(t)
		s, c := start(t, Config{Blobs: address, Log: slog.New(slog.NewJSONHandler(log, nil))})
		*shut = true
		s.runs(t)
		x := log.await(t, "blobs", 1)
		if x.Level != "ERROR" || !strings.HasPrefix(x.At, "s3://parts at 127.0.0.1:") || x.Kept == "" || x.Next == "" {
			t.Errorf("%+v", x)
		}
		anna, ben := join(t, c, "anna"), join(t, c, "ben")
		hire(anna, ben, "k1", "r1")
		in := wire.NewFile{ID: "f1", Scope: "r:r1", Name: "a", Size: 5, Parts: []string{sha([]byte("bytes"))}}
		out, err := anna.NewFile(t.Context(), in)
		must(t, err)
		var e *wire.Error
		if err := anna.PutPart(t.Context(), out.Space, in.Parts[0], []byte("bytes")); !errors.As(err, &e) || e.Code != workroom.Busy || !strings.Contains(e.Text, "files") {
			t.Error(err)
		}
		for range 100 { // everybody meets it, and it is told no more
			s.watchman.meet("blobs")
		}
		*shut = false
		if x := log.await(t, "blobs", 2); x.Msg != "reached again" {
			t.Errorf("%+v", x)
		}
		must(t, anna.PutPart(t.Context(), out.Space, in.Parts[0], []byte("bytes")))
	})
	t.Run("database at the start", func(t *testing.T) {
		log := &told{}
		_, err := New(Config{Data: t.TempDir(), DB: "postgres://me:hid,den@127.0.0.1:1/work", Log: slog.New(slog.NewJSONHandler(log, nil))})
		if refusal(err) != DatabaseAway || !strings.Contains(err.Error(), "at postgres://127.0.0.1:1/work cannot be reached") {
			t.Error(err)
		}
		if x := log.await(t, "database", 1); x.Level != "ERROR" || x.At != "postgres://127.0.0.1:1/work" || x.Kept == "" || x.Next == "" {
			t.Errorf("%+v", x)
		}
		if strings.Contains(log.text.String(), "den") {
			t.Error(log.text.String())
		}
	})
}

// How often is looked and said: at once where a request met it, though never faster than the pace; once an hour while it lasts.
func TestWatchmanIsQuiet(t *testing.T) {
	log := &told{}
	looks := 0
	var trouble error
	b := &backend{name: "blobs", level: slog.LevelError, look: func(context.Context) error { looks++; return trouble }}
	w := &watchman{log: slog.New(slog.NewJSONHandler(log, nil)), every: lookEvery, away: lookAway, wake: make(chan struct{}, 1), met: map[string]bool{}, list: []*backend{b}}
	now := time.Unix(1e9, 0)
	pass := func(d time.Duration, met bool) {
		for end := now.Add(d); now.Before(end); now = now.Add(time.Second) {
			if met {
				w.meet("blobs")
			}
			w.round(t.Context(), now)
		}
	}
	said := func(what string, nLooks, nLines int) {
		t.Helper()
		if n := len(log.of(t, "blobs")); looks != nLooks || n != nLines {
			t.Errorf("%s: looked %d times and said %d, want %d and %d", what, looks, n, nLooks, nLines)
		}
		looks = 0
	}
	pass(5*time.Minute, false)
	said("five quiet minutes", 10, 0)
	trouble = errors.New("away")
	pass(time.Minute, true)
	said("a minute of trouble", 12, 1)
	pass(time.Hour, true)
	said("an hour of it", 720, 2)
	trouble = nil
	pass(time.Minute, false)
	said("over", 2, 3)
	if x := log.of(t, "blobs")[2]; x.Away != "1h1m0s" {
		t.Errorf("%+v", x)
	}
	if w.meet("database") {
		t.Error("looks after what it does not have")
	}
}

// Nothing of an address is said but where it is.
func TestWhereOf(t *testing.T) {
	for address, want := range map[string]string{
		"nats://127.0.0.1:4222":                               "nats://127.0.0.1:4222",
		"nats://me:hidden@a:1,nats://me:hidden@b:2":           "nats://a:1, nats://b:2",
		"nats://me:1,2@a:1":                                   "?, ?",
		"tls://token@a":                                       "tls://a",
		"postgres://me:hid,den@db.example:5432/work?x=hidden": "postgres://db.example:5432/work",
		"postgres://me:hid@den@db/work":                       "postgres://db/work",
		"host=db password=hidden":                             "?",
		"s3://parts?region=x&endpoint=https%3A%2F%2Fk%3Ahidden%40s3.example%3A9000": "s3://parts at s3.example:9000",
		"s3://parts": "s3://parts",
		"":           "?",
	} {
		if got := whereOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
