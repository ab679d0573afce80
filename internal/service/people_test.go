package service

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// is tells how the caller's newest connection is used.
func (p *person) is(state wire.State) {
	p.t.Helper()
	if err := p.Presence(p.t.Context(), p.conn, state); err != nil {
		p.t.Fatal(err)
	}
}

// sees asks for people and answers what is known of them in one line each.
func (p *person) sees(who ...*person) string {
	p.t.Helper()
	var ids []string
	for _, x := range who {
		ids = append(ids, string(x.id))
	}
	out, err := p.People(p.t.Context(), ids)
	if err != nil {
		p.t.Fatal(err)
	}
	var lines []string
	for _, x := range out.People {
		line := string(x.State) + " " + x.Zone
		if x.Away != nil {
			line += " until " + x.Away.Last + ": " + x.Away.Text
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "; ")
}

// sign is the next frame about people, as one line.
func sign(t *testing.T, frames <-chan wire.Event) string {
	t.Helper()
	for {
		select {
		case e := <-frames:
			switch {
			case e.Typing != nil:
				return fmt.Sprint(e.Typing.Who, " writes in ", e.Typing.Scope)
			case e.Presence != nil:
				return fmt.Sprint(e.Presence.Who, " ", e.Presence.State)
			}
		case <-time.After(time.Minute):
			t.Fatal("no sign")
		}
	}
}

// noSign fails if a frame about people waits. What was to be told has been told: the caller asked something after it.
func noSign(t *testing.T, frames <-chan wire.Event, what string) {
	t.Helper()
	for len(frames) > 0 {
		if e := <-frames; e.Typing != nil || e.Presence != nil {
			t.Errorf("%s: told %+v %+v", what, e.Typing, e.Presence)
		}
	}
}

// M-33: who shares a room is told who is here and who writes, on one node and on two; nobody else is, and not who was removed. Nothing of it
// is stored.
func TestM33_PresenceAndTyping(t *testing.T) {
	for _, nodes := range []string{"one node", "two nodes"} {
		t.Run(nodes, func(t *testing.T) {
			var s *Service
			var c, other *wire.Client
			if nodes == "one node" {
				s, c = start(t, Config{})
				other = c
			} else {
				s, _, c, other, _, _ = pair(t, "mem")
			}
			anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
			hire(anna, ben, "k1", "r1")
			ben, eve = ben.at(other), eve.at(other)
			frames, _ := ben.listen(t.Context())
			strangers, _ := eve.listen(t.Context())
			ctx, leave := context.WithCancel(t.Context())
			_, ended := anna.listen(ctx)
			before := written(t, s)

			anna.is(wire.On)
			if got, want := sign(t, frames), string(anna.id)+" on"; got != want {
				t.Fatalf("told %q, want %q", got, want)
			}
			if got := ben.sees(anna, eve, ben); got != "on" {
				t.Errorf("ben sees %q", got)
			}
			if got := eve.sees(anna, ben); got != "" {
				t.Errorf("a stranger sees %q", got)
			}
			near := anna.at(other) // the question may reach any node
			near.conn = anna.conn
			near.is(wire.Away)
			if got, want := sign(t, frames), string(anna.id)+" away"; got != want {
				t.Fatalf("told %q, want %q", got, want)
			}
			for range 3 { // told once
				if err := anna.Typing(t.Context(), "r1"); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := sign(t, frames), string(anna.id)+" writes in r:r1"; got != want {
				t.Fatalf("told %q, want %q", got, want)
			}
			if !bytes.Equal(before, written(t, s)) {
				t.Error("presence or typing wrote a row")
			}

			// What a person says of themselves is told at once, and is theirs to hide.
			anna.does("zone", workroom.SetProfile{Who: anna.id, Zone: new("Europe/Lisbon")})
			sign(t, frames)
			if got := ben.sees(anna); got != "away Europe/Lisbon" {
				t.Errorf("ben sees %q", got)
			}
			anna.does("shy", workroom.SetProfile{Who: anna.id, Presence: new(false)})
			if got, want := sign(t, frames), string(anna.id)+" off"; got != want {
				t.Errorf("told %q, want %q", got, want)
			}
			if got := ben.sees(anna); got != "off Europe/Lisbon" {
				t.Errorf("ben sees %q of one who does not tell", got)
			}
			anna.does("bold", workroom.SetProfile{Who: anna.id, Presence: new(true)})
			sign(t, frames)
			leave()
			<-ended
			if got := ben.sees(anna); got != "away Europe/Lisbon" {
				t.Errorf("ben sees %q right after the connection ended", got)
			}
			noSign(t, strangers, "a stranger")
		})
	}
}

// written is all that the database holds of people, to see whether anything was added.
func written(t *testing.T, s *Service) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, table := range []string{"thing", "head", "command", "access"} {
		var n int
		err := s.store.Read(t.Context(), func(tx store.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, table, n)
	}
	return b.Bytes()
}

// M-33: hostile callers. Membership is judged when it is asked, a flood is slowed down, and no connection of another can be spoken for.
func TestM33_HostilePresence(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	hire(anna, ben, "k1", "r1")
	frames, _ := ben.listen(t.Context())
	_, _ = anna.listen(t.Context())
	_, _ = eve.listen(t.Context())
	for what, err := range map[string]error{
		"typing in a room one is not in":   eve.Typing(t.Context(), "r1"),
		"typing nowhere":                   anna.Typing(t.Context(), "nowhere"),
		"typing in a name that is none":    anna.Typing(t.Context(), "r1 OR 1=1"),
		"presence of another's":            eve.Presence(t.Context(), anna.conn, wire.On),
		"presence of no connection":        anna.Presence(t.Context(), "nobody's", wire.On),
		"presence of a far connection":     anna.Presence(t.Context(), "dead.beef", wire.On),
		"presence with too long a name":    anna.Presence(t.Context(), strings.Repeat("x", 65), wire.On),
		"presence in a state there is not": anna.Presence(t.Context(), anna.conn, "asleep"),
	} {
		if got := code(err); got != workroom.NoAccess && got != workroom.BadInput {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := anna.People(t.Context(), slices.Repeat([]string{"x"}, wire.MaxPeople+1)); code(err) != workroom.BadInput {
		t.Errorf("too many people: %v", err)
	}
	if out, err := anna.People(t.Context(), []string{"", "*", "a:b", string(eve.id), string(anna.id)}); err != nil || len(out.People) != 0 {
		t.Errorf("nobody of a room: %+v %v", out, err)
	}
	slowed := false
	for range 3 * signsBurst {
		slowed = slowed || code(anna.Typing(t.Context(), "r1")) == workroom.Rate
	}
	if !slowed {
		t.Error("a flood is not slowed down")
	}
	if n := len(s.people.typed); n > 1 {
		t.Errorf("%d lines are kept of one person's writing in one room", n)
	}

	// Removed: told nothing from then on, and nothing is told of them.
	sign(t, frames)
	act(t, s, anna.id, workroom.Change{Ref: workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindGrant, ID: "r:r1"}})
	anna.is0(wire.On)
	if got := ben.sees(anna) + anna.sees(ben); got != "" {
		t.Errorf("who was removed sees %q", got)
	}
	if err := ben.Typing(t.Context(), "r1"); code(err) != workroom.NoAccess {
		t.Errorf("who was removed types: %v", err)
	}
	noSign(t, frames, "who was removed")
}

// is0 is like is, for a caller that may be slowed down.
func (p *person) is0(state wire.State) {
	p.t.Helper()
	if err := p.Presence(p.t.Context(), p.conn, state); err != nil && code(err) != workroom.Rate {
		p.t.Fatal(err)
	}
}

// M-33, P-24: between two of whom one blocked the other nothing of this passes.
func TestP24_BlockedSeeNothingOfEachOther(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	frames, _ := ben.listen(t.Context())
	_, _ = anna.listen(t.Context())
	act(t, s, anna.id,
		workroom.Change{Ref: workroom.Ref{Scope: workroom.AccountScope(anna.id), Kind: workroom.KindBlock, ID: string(ben.id)}, Thing: &workroom.Block{Mine: 1}},
		workroom.Change{Ref: workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindBlock, ID: string(anna.id)}, Thing: &workroom.Block{Theirs: 1}})
	anna.is(wire.On)
	if err := anna.Typing(t.Context(), "r1"); err != nil {
		t.Fatal(err)
	}
	if got := ben.sees(anna) + anna.sees(ben); got != "" {
		t.Errorf("they see %q", got)
	}
	noSign(t, frames, "one who is blocked")
}

// M-34: while somebody says that they are out of office, others may read until when, and nothing else of that thing.
func TestM34_AbsenceIsKnown(t *testing.T) {
	now := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	away := &workroom.Away{On: true, Text: "At sea.", First: "2026-11-16", Last: "2026-11-20", Zone: "UTC",
		From: now.Add(-48 * time.Hour).UnixMicro(), To: now.Add(60 * time.Hour).UnixMicro()}
	put := func(a *workroom.Away) {
		act(t, s, anna.id, workroom.Change{Ref: workroom.AwayOf(anna.id), Thing: a})
	}
	put(away)
	if got := ben.sees(anna); got != "off  until 2026-11-20: At sea." {
		t.Errorf("ben sees %q", got)
	}
	over := *away
	over.To = now.Add(-time.Hour).UnixMicro()
	put(&over)
	if got := ben.sees(anna); got != "off" {
		t.Errorf("ben sees %q of an absence that is over", got)
	}
}
