package service

import (
	"net/http"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// U-01 M-22: two people meet over an invitation, write to each other, and each reads what the other wrote.
func TestU01_TwoPeopleMeetAndWrite(t *testing.T) {
	for name, run := range map[string]func(*testing.T) *wire.Client{
		"over http": func(t *testing.T) *wire.Client { _, c := start(t, Config{}); return c },
		"inside the program": func(t *testing.T) *wire.Client {
			s, _ := start(t, Config{})
			return &wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: Local(s)}}
		},
	} {
		t.Run(name, func(t *testing.T) { meetAndWrite(t, run(t)) })
	}
}

func meetAndWrite(t *testing.T, c *wire.Client) {
	ctx := t.Context()
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	created := anna.does("k1", offer(anna, "k1", "r1", secret))
	if len(created.Things) == 0 {
		t.Fatal("no rows came back")
	}
	o, err := ben.Look(ctx, secret)
	if err != nil || o.Title != "Website" || o.Client != "anna" || o.Contract != "k1" || len(o.Activities) != 1 || o.Used {
		t.Fatalf("offer: %+v, %v", o, err)
	}
	accepted := ben.does("a1", workroom.AcceptContract{Contract: "k1", Room: "r1", Who: ben.id, Name: "Ben", Secret: secret})
	for _, x := range accepted.Things {
		if x.Scope == workroom.ClientScope("k1") {
			t.Fatal("the freelancer was shown the client's side")
		}
	}
	h, err := ben.Heads(ctx, "")
	if err != nil || len(h.Scopes) != 3 {
		t.Fatalf("heads: %+v, %v", h, err)
	}
	open, err := ben.Open(ctx, wire.Open{Scopes: []workroom.Scope{"r:r1", "k:k1", "k:k1:c", workroom.AccountScope(ben.id)}, Tail: 50})
	if err != nil {
		t.Fatal(err)
	}
	room := open.Scopes[0]
	if room.Gone || len(room.Hot) != 3 || open.Scopes[1].Gone || !open.Scopes[2].Gone || open.Scopes[3].Gone {
		t.Fatalf("open: %+v", open.Scopes)
	}
	ben.does("m1", say("r1", "hello"))
	res := anna.does("m2", say("r1", "good morning"))
	if len(res.Things) != 1 || res.Things[0].Num != 2 || res.Things[0].By != anna.id {
		t.Fatalf("message: %+v", res.Things)
	}
	p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: open.Epoch, Gen: room.Gen, After: room.Seq, Tag: room.Tag})
	if err != nil || len(p.Things) != 2 || p.More || p.Msgs != 2 || bodyOf[workroom.Message](t, p.Things[1]).Text != "good morning" {
		t.Fatalf("pull: %+v, %v", p, err)
	}
	g, err := ben.Range(ctx, wire.Range{Scope: "r:r1", Before: p.Things[1].Born, Min: p.Seq})
	if err != nil || len(g.Things) != 1 || g.Lo != 0 || g.More || g.AsOf != p.Seq {
		t.Fatalf("range: %+v, %v", g, err)
	}
	if m, err := ben.Meta(ctx); err != nil || m.ID != ben.Service || !strings.HasPrefix(m.Name, "Trestle") {
		t.Fatalf("meta: %+v, %v", m, err)
	}
	again, err := c.SignIn(ctx, wire.SignIn{Email: "BEN@example.com", Password: goodPassword, Device: "d-other"})
	if err != nil || again.Account != ben.id {
		t.Fatalf("sign in: %+v, %v", again, err)
	}
	if err := ben.SignOut(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := ben.Heads(ctx, ""); code(err) != workroom.SignedOut {
		t.Fatalf("after signing out: %v", err)
	}
}
