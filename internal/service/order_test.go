package service

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I1 I2 I7: twelve writers on two rooms while three readers pull. No row appears at or below a number already seen, numbers have no gaps, each
// writer's messages stand in its own order, and what a reader gathered equals the service.
func TestI1I2_CommitOrder(t *testing.T) {
	const writers, each = 12, 120
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	rooms := []work{hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")}
	first, err := ben.Heads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	stop := make(chan struct{})
	for i := range writers {
		who := *anna
		if i%2 == 0 {
			who = *ben
		}
		all.Go(func() {
			for n := 0; n < each; {
				var cmds []wire.Command
				for range 1 + rand.IntN(5) {
					if n < each {
						room := rooms[n%2].r
						cmds = append(cmds, who.command(fmt.Sprintf("w%d-%03d", i, n), say(room, fmt.Sprintf("%d", n))))
						n++
					}
				}
				for _, r := range who.send(cmds...) {
					if r.Status != wire.OK {
						t.Errorf("writer %d: %+v", i, r)
					}
				}
			}
		})
	}
	gathered := make([]map[workroom.Scope]map[string]int64, 3)
	var readers sync.WaitGroup
	for i := range gathered {
		gathered[i] = map[workroom.Scope]map[string]int64{"r:r1": {}, "r:r2": {}}
		readers.Go(func() {
			at, tag := map[workroom.Scope]int64{}, map[workroom.Scope]string{}
			for done := false; !done; {
				select {
				case <-stop:
					done = true // one last round
				default:
				}
				for sc := range gathered[i] {
					for more := true; more; {
						p, err := ben.Pull(context.Background(), wire.Pull{Scope: sc, Epoch: first.Epoch, Gen: 1, After: at[sc], Tag: tag[sc], Limit: 7 + i})
						if err != nil || p.Reset != "" {
							t.Errorf("%+v, %v", p, err)
							return
						}
						for _, x := range p.Things {
							if x.Seq <= at[sc] || x.Seq > p.Seq {
								t.Errorf("I1: seq %d after the cursor %d was given", x.Seq, at[sc])
							}
							if x.Kind == workroom.KindMessage {
								gathered[i][sc][x.ID] = x.Seq
							}
						}
						at[sc], tag[sc], more = p.Seq, p.Tag, p.More
					}
				}
			}
		})
	}
	all.Wait()
	close(stop)
	readers.Wait()
	for _, w := range rooms {
		sc := workroom.RoomScope(w.r)
		checkScope(t, s, sc)
		var total int
		last := map[string]string{}
		err := s.store.Read(t.Context(), func(tx store.Tx) error {
			p, _, err := tx.Pull(t.Context(), ben.id, s.store.Epoch, wire.Pull{Scope: sc, Epoch: s.store.Epoch, Gen: 1})
			for err == nil {
				for _, x := range p.Things {
					if x.Kind != workroom.KindMessage {
						continue
					}
					total++
					writer := x.ID[:len(x.ID)-4]
					if last[writer] >= x.ID {
						t.Errorf("I7: %s after %s", x.ID, last[writer])
					}
					last[writer] = x.ID
					for i, g := range gathered {
						if g[sc][x.ID] != x.Seq {
							t.Errorf("I2: reader %d has %s at %d, the service at %d", i, x.ID, g[sc][x.ID], x.Seq)
						}
					}
				}
				if !p.More {
					return nil
				}
				p, _, err = tx.Pull(t.Context(), ben.id, s.store.Epoch, wire.Pull{Scope: sc, Epoch: s.store.Epoch, Gen: 1, After: p.Seq, Tag: p.Tag})
			}
			return err
		})
		if err != nil || total != writers*each/2 {
			t.Fatalf("%d messages in %s: %v", total, sc, err)
		}
	}
	t.Logf("%d writers, %d commands, 3 readers, 0 lost", writers, writers*each)
}

// checkScope compares a head with its things: every number from 1 to the head was given (I2), messages are numbered densely, and the digest
// stored is the digest of what is there (I18).
func checkScope(t *testing.T, s *Service, sc workroom.Scope) {
	t.Helper()
	said, err := s.store.Verify(t.Context(), sc)
	if err != nil || said != "" {
		t.Errorf("%s: %s %v", sc, said, err)
	}
}

// I4: a command sent again, alone, in a batch or at the same time, has one effect and the same answer.
func TestI4_ExactlyOnce(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	cmd := anna.command("m1", say(w.r, "once"))
	answers := make([]wire.Result, 40)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = anna.send(cmd, cmd)[i%2] })
	}
	all.Wait()
	for _, r := range answers {
		if r.Status != wire.OK || len(r.Things) != 1 || r.Things[0].Seq != answers[0].Things[0].Seq || r.Things[0].Num != 1 {
			t.Fatalf("%+v", r)
		}
	}
	bad := anna.command("m2", say("nowhere", "x"))
	for range 3 {
		if r := anna.send(bad)[0]; r.Status != wire.Rejected || r.Code != workroom.NoAccess {
			t.Fatalf("%+v", r)
		}
	}
	reuse := anna.command("m1", say(w.r, "something else"))
	if r := anna.send(reuse)[0]; r.Status != wire.Rejected || r.Code != workroom.IDReuse {
		t.Fatalf("%+v", r)
	}
	if r := anna.send(cmd)[0]; r.Status != wire.OK {
		t.Fatalf("after the clash: %+v", r)
	}
	// Another person cannot write over a message by giving a command its id.
	if r := ben.send(ben.command("m1", say(w.r, "mine now")))[0]; r.Status != wire.Rejected || r.Code != workroom.NoAccess {
		t.Fatalf("%+v", r)
	}
	o, err := ben.Things(t.Context(), wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1"}})
	if err != nil || len(o.Things) != 1 || bodyOf[workroom.Message](t, o.Things[0]).Text != "once" || o.Things[0].By != anna.id || o.Things[0].Rev != 1 {
		t.Fatalf("%+v, %v", o, err)
	}
	checkScope(t, s, "r:r1")
}

// Lanes and edges: a refused message holds its lane and no other; a child waits for its parent and fails with it.
func TestLanesAndEdges(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w, x := hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")
	status := func(list []wire.Result) (out []wire.Verdict) {
		for _, r := range list {
			out = append(out, r.Status)
		}
		return out
	}
	child := func(id string, cmd workroom.Command, after ...string) wire.Command {
		k := anna.command(id, cmd)
		k.After = after
		return k
	}
	for _, q := range []struct {
		name string
		cmds []wire.Command
		want []wire.Verdict
	}{
		{"a refused message holds its lane", []wire.Command{
			anna.command("h1", workroom.SendMessage{Room: w.r, Text: " "}), anna.command("h2", say(w.r, "waits")), anna.command("h3", say(x.r, "goes on")),
		}, []wire.Verdict{wire.Rejected, wire.NotRun, wire.OK}},
		{"so it does when its answer was lost and it is asked again", []wire.Command{
			anna.command("h1", workroom.SendMessage{Room: w.r, Text: " "}), anna.command("h2", say(w.r, "waits")),
		}, []wire.Verdict{wire.Rejected, wire.NotRun}},
		{"a refused activity steps aside", []wire.Command{
			anna.command("s1", workroom.SetActivity{Contract: "k1", ID: "act1", Code: "dev"}), anna.command("s2", workroom.SetActivity{Contract: "k1", ID: "act1", Code: "QA"}),
		}, []wire.Verdict{wire.Rejected, wire.OK}},
		{"an unknown parent", []wire.Command{child("e1", say(w.r, "child"), "never"), anna.command("e2", say(w.r, "next"))}, []wire.Verdict{wire.DepWait, wire.NotRun}},
		{"a parent in the batch", []wire.Command{anna.command("p1", say(x.r, "parent")), child("p2", say(w.r, "child"), "p1")}, []wire.Verdict{wire.OK, wire.OK}},
		{"a refused parent", []wire.Command{child("f1", say(w.r, "child"), "h1"), anna.command("f2", say(w.r, "next"))}, []wire.Verdict{wire.Rejected, wire.NotRun}},
		{"what waited runs later", []wire.Command{anna.command("h2", say(w.r, "waits"))}, []wire.Verdict{wire.OK}},
	} {
		if got := status(anna.send(q.cmds...)); !slices.Equal(got, q.want) {
			t.Errorf("%s: %v", q.name, got)
		}
	}
}

// A rule that panics, or touches a scope it did not declare, is answered later twice and then rejected; nothing it wrote stays, and the
// commands beside it are not hurt.
func TestPoison(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w, x := hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")
	s.rule = func(c workroom.Command, a workroom.Asked, in workroom.Rows) ([]workroom.Change, *workroom.Refusal) {
		switch a.ID {
		case "panics":
			panic("a person's text")
		case "reads":
			in.Row(workroom.Ref{Scope: "r:r2", Kind: workroom.KindRoom, ID: "r2"})
		case "writes":
			return []workroom.Change{{Ref: workroom.Ref{Scope: "r:r2", Kind: workroom.KindMessage, ID: a.ID}, Thing: &workroom.Message{}}}, nil
		}
		return workroom.Run(c, a, in)
	}
	for _, id := range []string{"panics", "reads", "writes"} {
		poison := anna.command(id, say(w.r, "x"))
		for i, want := range []wire.Verdict{wire.Later, wire.Later, wire.Rejected, wire.Rejected} {
			r := anna.send(poison, anna.command(fmt.Sprintf("%s-%d", id, i), say(x.r, "fine")))
			if r[0].Status != want || r[0].Code != workroom.Internal || r[1].Status != wire.OK {
				t.Fatalf("%s, time %d: %+v", id, i+1, r)
			}
		}
	}
	checkScope(t, s, "r:r1")
	checkScope(t, s, "r:r2")
}
