package service

import (
	"context"
	"net"
	"net/http"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// listen opens the live channel and hands out its frames.
func (p *person) listen(ctx context.Context) (<-chan wire.Event, <-chan error) {
	frames, end := make(chan wire.Event, 1000), make(chan error, 1)
	go func() { end <- p.Events(ctx, func(e wire.Event) { frames <- e }) }()
	first := <-frames
	if first.Hello == nil || first.Hello.Conn == "" {
		p.t.Error("the first frame is not hello")
	} else {
		p.conn = first.Hello.Conn
	}
	return frames, end
}

// awaitHint reads frames until one says that a scope reached seq.
func awaitHint(t *testing.T, frames <-chan wire.Event, s workroom.Scope, seq int64) {
	t.Helper()
	for e := range frames {
		if e.Hint == nil {
			continue
		}
		for _, h := range e.Hint.Heads {
			if h.Scope == s && h.Seq >= seq {
				return
			}
		}
	}
}

// F-02: a message is hinted to those who may read it and to nobody else; after a cut the heads tell what was missed.
func TestF02_HintAndReconnect(t *testing.T) {
	ways := map[string]func(*Service, *wire.Client) *wire.Client{
		"over http": func(_ *Service, c *wire.Client) *wire.Client { return c },
		"inside the program": func(s *Service, _ *wire.Client) *wire.Client {
			return &wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: Local(s)}}
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			s, c := start(t, Config{})
			c = way(s, c)
			anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
			w := hire(anna, ben, "k1", "r1")
			ctx, cut := context.WithCancel(t.Context())
			frames, end := ben.listen(ctx)
			others, othersEnd := eve.listen(t.Context())
			awaitHint(t, frames, "r:r1", anna.does("m1", say(w.r, "one")).Things[0].Seq)
			cut()
			if err := <-end; err == nil {
				t.Fatal("a cut stream ended without an error")
			}
			last := anna.does("m2", say(w.r, "two")).Things[0].Seq
			frames, end = ben.listen(t.Context())
			h, err := ben.Heads(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, x := range h.Scopes {
				found = found || x.Scope == "r:r1" && x.Seq == last && x.Msgs == 2
			}
			if !found {
				t.Fatalf("the heads do not tell what was missed: %+v", h)
			}
			awaitHint(t, frames, "r:r1", anna.does("m3", say(w.r, "three")).Things[0].Seq)
			if err := ben.SignOut(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-end; err == nil {
				t.Fatal("the stream of an ended token goes on")
			}
			s.hub.Close()
			if err := <-othersEnd; err == nil {
				t.Fatal("no end after bye")
			}
			for len(others) > 0 {
				if e := <-others; e.Hint != nil {
					t.Fatalf("a stranger was told of %+v", e.Hint) // I10
				}
			}
		})
	}
}

// A listener that reads nothing costs the others nothing.
func TestStalledReaderBlocksNobody(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	req, err := http.NewRequestWithContext(t.Context(), "GET", c.Base+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", req.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	req.Header.Set("Authorization", "Bearer "+ben.Token)
	if err := req.Write(conn); err != nil { // and never read a byte
		t.Fatal(err)
	}
	frames, _ := ben.listen(t.Context())
	for i := range 300 {
		r := anna.does(newID(), say(w.r, "text"))
		if i == 299 {
			awaitHint(t, frames, "r:r1", r.Things[0].Seq)
		}
	}
}
