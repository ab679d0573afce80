package service

import (
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"trestle/internal/service/bus"
	"trestle/internal/service/pgtest"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// pair starts two nodes over one PostgreSQL database and one store of files. cut takes the bus between them away, and heal brings it back.
func pair(t *testing.T, kind string) (a, b *Service, ca, cb *wire.Client, cut, heal func()) {
	t.Helper()
	db := pgtest.New(t)
	cfg := Config{DB: db, Blobs: "file://" + (&url.URL{Path: t.TempDir()}).EscapedPath()}
	switch kind {
	case "mem":
		m := bus.NewMem()
		cfg.Link = m
		cut, heal = func() { m.Cut(true) }, func() { m.Cut(false) }
	case "nats":
		var running *server.Server
		port := -1
		heal = func() {
			s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
			if err != nil {
				t.Fatal(err)
			}
			s.Start()
			if !s.ReadyForConnections(10 * time.Second) {
				t.Fatal("the NATS server does not start")
			}
			running = s
			for a != nil && !(a.nodes.bus.Up() && b.nodes.bus.Up()) {
				time.Sleep(time.Millisecond)
			}
		}
		cut = func() {
			running.Shutdown()
			running.WaitForShutdown()
		}
		heal()
		port = running.Addr().(*net.TCPAddr).Port
		cfg.Bus = running.ClientURL()
		t.Cleanup(func() { running.Shutdown() })
	}
	a, ca = start(t, cfg)
	b, cb = start(t, cfg)
	return a, b, ca, cb, cut, heal
}

// at is a person asking another node.
func (p *person) at(c *wire.Client) *person {
	own := *c
	own.Token, own.Service = p.Token, p.Service
	return &person{Client: &own, t: p.t, id: p.id, n: p.n}
}

// F-02: two nodes of one service: what is written at one reaches who listens at the other, as rows where they look and as a hint elsewhere.
// A connection's watched scopes can be changed through any node. Ending a token ends its streams everywhere. With the bus away nothing is
// lost: the heads tell, and when it is back notes pass again.
func TestNodesTellEachOther(t *testing.T) {
	for _, kind := range []string{"mem", "nats"} {
		t.Run(kind, func(t *testing.T) {
			_, b, ca, cb, cut, heal := pair(t, kind)
			anna, ben := join(t, ca, "anna"), join(t, ca, "ben")
			w := hire(anna, ben, "k1", "r1")
			far := ben.at(cb)
			frames, end := far.listen(t.Context())

			first := anna.does("m1", say(w.r, "one")).Things[0]
			awaitHint(t, frames, "r:r1", first.Seq)

			near := ben.at(ca)
			near.conn = far.conn
			heads := near.looks("r:r1")
			if len(heads) != 1 || heads[0].Seq != first.Seq {
				t.Fatalf("%+v", heads)
			}
			at := heads[0]
			for i := range 3 {
				x := anna.does(fmt.Sprintf("n%d", i), say(w.r, "text")).Things[0]
				r := (<-frames).Rows
				if r == nil || r.Gen != at.Gen || r.Prev != at.Seq || r.Seq != x.Seq || len(r.Things) != 1 || r.Things[0].ID != x.ID {
					t.Fatalf("%+v", r)
				}
				at.Seq, at.Tag = r.Seq, r.Tag
			}
			if p, err := far.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: b.store.Epoch, Gen: 1, After: at.Seq, Tag: at.Tag}); err != nil || p.Reset != "" || len(p.Things) != 0 {
				t.Fatalf("the cursor of a frame: %+v, %v", p, err)
			}
			for _, conn := range []string{b.nodes.id + ".nobody", "x.y.>", "*.*", ">", "dead.beef."} {
				if _, err := near.Watch(t.Context(), wire.Watch{Conn: conn}); code(err) != workroom.NoAccess {
					t.Errorf("watching %q: %v", conn, err)
				}
			}
			if _, err := anna.Watch(t.Context(), wire.Watch{Conn: far.conn}); code(err) != workroom.NoAccess {
				t.Errorf("somebody else's connection through the other node: %v", err)
			}

			cut()
			lost := anna.does("lost", say(w.r, "nobody is told")).Things[0]
			h, err := far.Heads(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			known := false
			for _, x := range h.Scopes {
				known = known || x.Scope == "r:r1" && x.Seq == lost.Seq
			}
			if !known {
				t.Fatalf("the heads do not tell: %+v", h)
			}
			heal()
			for i, again := 0, true; again; i++ { // connected is not yet subscribed again
				anna.does(fmt.Sprintf("back%d", i), say(w.r, "text"))
				select {
				case e := <-frames:
					if e.Rows != nil && e.Rows.Seq == lost.Seq {
						t.Fatal("told although the bus was away")
					}
					again = e.Rows == nil
				case <-time.After(10 * time.Millisecond):
				}
			}
			if err := near.SignOut(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-end; err == nil {
				t.Fatal("the stream at the other node goes on")
			}
		})
	}
}

// A room with more than a hundred readers is told once, to the nodes and not to each reader; a node tells those of its own who may know.
func TestManyReaders(t *testing.T) {
	a, b, ca, cb, _, _ := pair(t, "mem")
	anna, ben, eve := join(t, ca, "anna"), join(t, ca, "ben"), join(t, ca, "eve")
	w := hire(anna, ben, "k1", "r1")
	var list []workroom.Change
	for i := range fewReaders {
		own := workroom.AccountScope(workroom.AccountID(fmt.Sprintf("reader-%d", i)))
		list = append(list, workroom.Change{Ref: workroom.Ref{Scope: own, Kind: workroom.KindGrant, ID: "r:r1"}, Thing: &workroom.Grant{Gen: 1}})
	}
	act(t, a, anna.id, list...)
	notes := map[string]int{}
	var passed = make(chan string, 1000)
	for _, subject := range []string{"s.>", "u.>"} {
		if _, err := a.cfg.Link.Subscribe(subject, func([]byte) { passed <- subject }); err != nil {
			t.Fatal(err)
		}
	}
	frames, _ := ben.at(cb).listen(t.Context())
	others, _ := eve.at(cb).listen(t.Context())
	x := anna.does("m1", say(w.r, "text")).Things[0]
	awaitHint(t, frames, "r:r1", x.Seq)
	for len(passed) > 0 {
		notes[<-passed]++
	}
	if notes["s.>"] != 1 || notes["u.>"] != 0 {
		t.Errorf("notes on the bus: %v", notes)
	}
	b.hub.Close()
	for len(others) > 0 {
		if e := <-others; e.Hint != nil {
			t.Errorf("a stranger was told: %+v", e.Hint)
		}
	}
}
