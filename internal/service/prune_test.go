package service

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I4: after half a year records are forgotten. An old command asked again is ok if what it made is there and its author's, else expired and
// visible; it never runs a second time. A device whose numbers were not pruned is served as before, and a lane that waited all the while
// is not taken for done.
func TestI4_PrunedRecords(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	late := anna.command("late", say(w.r, "was never sent"))
	message1, message2 := anna.command("m1", say(w.r, "one")), anna.command("m2", say(w.r, "two"))
	marker := anna.command("mark", workroom.SetMarker{Room: "r1", N: 1, Who: anna.id})
	for _, r := range anna.send(message1, message2, marker) {
		if r.Status != wire.OK {
			t.Fatalf("%+v", r)
		}
	}
	act(t, s, anna.id, workroom.Change{Ref: message("r1", "m2")})
	now = now.Add(100 * 24 * time.Hour)
	anna.renew(c, "anna")
	newer := anna.command("m3", say(w.r, "three"))
	anna.send(newer)
	now = now.Add(81 * 24 * time.Hour)
	anna.renew(c, "anna")
	ben.renew(c, "ben")
	if err := s.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	before, err := anna.Heads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, x := range []struct {
			name string
			cmd  wire.Command
			want wire.Verdict
			code workroom.Code
		}{
			{"what it made is there", message1, wire.OK, ""},
			{"what it made was deleted since", message2, wire.OK, ""},
			{"it made nothing of its own", marker, wire.Rejected, workroom.Expired},
			{"it waited on the device all the while", late, wire.Rejected, workroom.Expired},
			{"its record is kept", newer, wire.OK, ""},
		} {
			if r := anna.send(x.cmd)[0]; r.Status != x.want || r.Code != x.code {
				t.Errorf("%s: %+v", x.name, r)
			}
		}
	}
	if after, err := anna.Heads(t.Context(), ""); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("something ran again: %+v, before %+v", after, before)
	}
	// Ben gives his own command the id of anna's message and a number that was pruned: nothing is his.
	stolen := ben.command("m1", say(w.r, "mine"))
	stolen.N = 1
	if r := ben.send(stolen)[0]; r.Status != wire.Rejected || r.Code != workroom.Expired {
		t.Errorf("%+v", r)
	}
	if r := anna.send(anna.command("m4", say(w.r, "new")))[0]; r.Status != wire.OK {
		t.Errorf("%+v", r)
	}
	// Under another device's id the same numbers are new ones.
	out, err := anna.Commands(t.Context(), wire.Commands{Device: "other", Cmds: []wire.Command{late}})
	if err != nil || out.Results[0].Status != wire.Rejected { // refused above, and kept so
		t.Errorf("%+v, %v", out, err)
	}
	checkScope(t, s, "r:r1")
}

// I17: for every cut c, what a device held at c and what it pulls after a compaction is what the service holds; a cut below the floor is
// reset. Deleted ids stay deleted.
func TestI17_CompactionLaw(t *testing.T) {
	for seed := range uint64(5) {
		now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		s, c := start(t, Config{Now: func() time.Time { return now }})
		anna, ben := join(t, c, "anna"), join(t, c, "ben")
		w := hire(anna, ben, "k1", "r1")
		roll := rand.New(rand.NewPCG(seed, 3))
		type cut struct {
			seq  int64
			tag  string
			have map[workroom.Ref]wire.Thing
		}
		var cuts []cut
		state := func() map[workroom.Ref]wire.Thing { // what is alive, and from where
			out := map[workroom.Ref]wire.Thing{}
			err := s.store.Read(t.Context(), func(tx store.Tx) error {
				for after, tag, more := int64(0), "", true; more; {
					p, _, err := tx.Pull(t.Context(), ben.id, s.store.Epoch, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: after, Tag: tag})
					if err != nil {
						return err
					}
					merge(out, p.Things)
					after, tag, more = p.Seq, p.Tag, p.More
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		var ids []string
		for i := range 40 {
			now = now.Add(time.Duration(roll.IntN(10)) * 24 * time.Hour)
			anna.renew(c, "anna")
			ben.renew(c, "ben")
			if len(ids) > 3 && roll.IntN(2) == 0 {
				k := roll.IntN(len(ids))
				act(t, s, anna.id, workroom.Change{Ref: message("r1", ids[k])})
				ids = append(ids[:k], ids[k+1:]...)
			} else {
				id := fmt.Sprintf("m%d", i)
				anna.does(id, say(w.r, id))
				ids = append(ids, id)
			}
			have := state()
			h, err := ben.Heads(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range h.Scopes {
				if x.Scope == "r:r1" {
					cuts = append(cuts, cut{x.Seq, x.Tag, have})
				}
			}
		}
		if err := s.Compact(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		checkScope(t, s, "r:r1")
		open, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"r:r1"}, Tail: 50})
		if err != nil {
			t.Fatal(err)
		}
		want := map[workroom.Ref]wire.Thing{}
		merge(want, open.Scopes[0].Hot)
		merge(want, open.Scopes[0].Tail)
		purged, kept := 0, 0
		for _, x := range cuts {
			p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: x.seq, Tag: x.tag})
			if err != nil {
				t.Fatal(err)
			}
			if p.Reset == wire.ResetPurged {
				purged++
				continue
			}
			kept++
			if p.Reset != "" {
				t.Fatalf("seed %d: %+v", seed, p)
			}
			merge(x.have, p.Things)
			if !reflect.DeepEqual(x.have, want) || p.Digest != sum(x.have) {
				t.Fatalf("seed %d: from %d the device ends with %d things, the service with %d", seed, x.seq, len(x.have), len(want))
			}
		}
		if purged == 0 || kept == 0 {
			t.Fatalf("seed %d: %d cuts below the floor, %d above: the test proves nothing", seed, purged, kept)
		}
		t.Logf("seed %d: %d cuts kept, %d reset", seed, kept, purged)
	}
}

func merge(into map[workroom.Ref]wire.Thing, things []wire.Thing) {
	for _, x := range things {
		ref := workroom.Ref{Scope: x.Scope, Kind: x.Kind, ID: x.ID}
		if x.Gone {
			delete(into, ref)
		} else {
			into[ref] = x
		}
	}
}

// Tags are forgotten after 60 days, or when 10,000 numbers have come since; a cursor at one is reset, the head's own never.
func TestPrunedTags(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	at := func(p *person) *wire.Page {
		t.Helper()
		page, err := p.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	old := at(ben)
	anna.does("m1", say(w.r, "one"))
	young := at(ben)
	again := func(p *wire.Page) wire.Reset {
		t.Helper()
		page, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: p.Seq, Tag: p.Tag})
		if err != nil {
			t.Fatal(err)
		}
		return page.Reset
	}
	if again(old) != "" || again(young) != "" {
		t.Fatal("reset before anything was pruned")
	}
	now = now.Add(61 * 24 * time.Hour)
	anna.renew(c, "anna")
	ben.renew(c, "ben")
	if err := s.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if again(old) != wire.ResetTooLong || again(young) != "" {
		t.Fatalf("after 61 days: %q, the head %q", again(old), again(young))
	}
	anna.does("m2", say(w.r, "two"))
	anna.does("m3", say(w.r, "three"))
	middle := at(ben)
	for i := range 3 {
		anna.does(fmt.Sprintf("n%d", i), say(w.r, "more"))
	}
	if _, err := s.store.PruneTags(t.Context(), now.Add(-store.KeepTags), 3); err != nil {
		t.Fatal(err)
	}
	if again(middle) != wire.ResetTooLong || again(at(ben)) != "" {
		t.Fatalf("three numbers on: %q", again(middle))
	}
}

// Periodic work is done once in its period, however many nodes look for it at the same moment; a node that dies with a job leaves it to the
// others, and one that fails is tried again later and given up in the end.
func TestJobsAreDoneOnce(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 30, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	s, _ := start(t, Config{Now: clock})
	add := func(kind string) {
		t.Helper()
		if err := s.store.Write(t.Context(), func(tx store.Tx) error { return tx.AddJob(t.Context(), kind, kind, "", clock()) }); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		add("one")
	}
	var all sync.WaitGroup
	got := make(chan *store.Job, 8)
	for range 8 {
		all.Go(func() {
			j, err := s.store.ClaimJob(t.Context(), clock())
			if err != nil {
				t.Error(err)
			}
			if j != nil {
				got <- j
			}
		})
	}
	all.Wait()
	if len(got) != 1 {
		t.Fatalf("%d nodes do the same job", len(got))
	}
	first := <-got
	pass(16 * time.Minute) // the node died
	second, err := s.store.ClaimJob(t.Context(), clock())
	if err != nil || second == nil || second.ID != first.ID || second.Attempts != 2 {
		t.Fatalf("%+v, %v", second, err)
	}
	if err := s.store.FinishJob(t.Context(), first, "", clock()); err != nil { // the dead one comes back and is not believed
		t.Fatal(err)
	}
	for tries := 2; ; tries++ {
		if err := s.store.FinishJob(t.Context(), second, "internal", clock()); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Hour)
		if second, err = s.store.ClaimJob(t.Context(), clock()); err != nil {
			t.Fatal(err)
		}
		if second == nil {
			if tries != 10 {
				t.Fatalf("given up after %d tries", tries)
			}
			break
		}
	}
	if err := s.work(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.store.Read(t.Context(), func(tx store.Tx) error {
		waiting, _, dead, err := tx.Jobs(t.Context(), clock())
		if waiting != 0 || dead != 1 {
			t.Errorf("%d wait, %d given up", waiting, dead)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if j, err := s.store.ClaimJob(t.Context(), clock()); err != nil || j != nil {
		t.Fatalf("%+v, %v", j, err)
	}
}
