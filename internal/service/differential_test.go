package service

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I3: whatever people do, a device that pulled page after page has the same as one that opens the scope now: undated things whole, and the
// history read by windows. Each seed is another history.
func TestI3_PullEqualsOpen(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	scopes := []workroom.Scope{"r:r1", "k:k1", "d:k1:2001-09-03", workroom.AccountScope(ben.id)}
	have := map[workroom.Scope]map[workroom.Ref]wire.Thing{}
	at, tag := map[workroom.Scope]int64{}, map[workroom.Scope]string{}
	for _, sc := range scopes {
		have[sc] = map[workroom.Ref]wire.Thing{}
	}
	const seeds, ops = 30, 20
	done := map[workroom.Op]int{}
	var said []string
	for seed := range uint64(seeds) {
		roll := rand.New(rand.NewPCG(seed, 7))
		for i := range ops {
			id := fmt.Sprintf("c-%d-%d", seed, i)
			who := []*person{anna, ben}[roll.IntN(2)]
			one := func() string { // a message, if there is one
				if len(said) == 0 {
					return "none"
				}
				return said[roll.IntN(len(said))]
			}
			x := slice(ben.id, fmt.Sprintf("slice%d", roll.IntN(5)))
			x.Slice.Rev = int64(seed)*ops + int64(i) + 1
			x.Slice.End += x.Slice.Rev
			act := workroom.ActivityID(fmt.Sprintf("act%d", roll.IntN(4)))
			from := 1e9 + roll.Int64N(60)
			within := []workroom.MarkSpan{{Slice: x.Slice.ID, From: from, To: from + 1 + roll.Int64N(5)}}
			shot := workroom.AddShot{Week: x.Week, Who: ben.id, Shot: workroom.Shot{Slice: x.Slice.ID, Contract: "k1", Device: "d", Cell: from / 600, At: from, Seed: []byte{0xff, 0xd8, 0xff, byte(i)}}}
			cmd := []workroom.Command{
				say("r1", id), say("r1", " "),
				workroom.EditMessage{Room: "r1", Message: one(), Text: id},
				workroom.DeleteMessage{Room: "r1", Message: one()},
				workroom.React{Room: "r1", Message: one(), Emoji: []string{"👍", "🎉"}[roll.IntN(2)], On: roll.IntN(3) > 0},
				workroom.SetMarker{Room: "r1", N: int64(roll.IntN(50)), E: int64(roll.IntN(3)), Who: ben.id},
				workroom.SetPref{Room: "r1", Who: ben.id, Favourite: new(roll.IntN(2) == 0)},
				workroom.SetNotices{Who: ben.id, Off: new(roll.IntN(2) == 0), Topics: map[workroom.Topic]bool{workroom.TopicLimit: roll.IntN(2) == 0}},
				workroom.SetAway{Who: ben.id, On: new(false), Text: &id},
				workroom.SetActivity{Contract: "k1", ID: workroom.ActivityID(fmt.Sprintf("act%d", roll.IntN(4))), Code: fmt.Sprintf("C%d", roll.IntN(6)), Archived: roll.IntN(2) == 0},
				workroom.NewNote("r1", ben.id, []string{"", "a\nb", "a\nb\nc"}[roll.IntN(3)], []string{"a\nb", "x\nb\nc", "a\ny\nc"}[roll.IntN(3)]),
				workroom.SetProfile{Who: ben.id, Presence: new(roll.IntN(2) == 0)},
				workroom.SetReceipt{Room: "r1", Who: who.id, N: int64(1 + roll.IntN(50))},
				x, x,
				workroom.SetActivity{Contract: "k1", ID: act, Code: fmt.Sprintf("C%d", roll.IntN(6)), Who: anna.id, Here: roll.IntN(2) == 0, Archived: roll.IntN(3) == 0},
				workroom.MarkTime{Contract: "k1", Week: x.Week, What: []workroom.MarkWhat{workroom.MarkMemo, workroom.MarkCode, workroom.MarkOwner}[roll.IntN(3)], Value: []string{"", string(act), "rather this"}[roll.IntN(3)], Spans: within},
				workroom.CutTime{Contract: "k1", Week: x.Week, From: within[0].From, To: within[0].To},
				shot, shot,
				workroom.NoteLooks{Contract: "k1", Week: x.Week, Who: who.id, Looks: []workroom.LookAt{{Shot: workroom.CellID("d", shot.Shot.Cell), Seen: workroom.Seen{At: 1e9 + roll.Int64N(250), Large: roll.IntN(2) == 0}}}},
			}[roll.IntN(21)]
			if who.send(who.command(id, cmd))[0].Status == wire.OK {
				done[cmd.Op()]++
				if cmd.Op() == workroom.OpSendMessage {
					said = append(said, id)
				}
			}
		}
		epoch := s.store.Epoch
		for _, sc := range scopes {
			for more := true; more; {
				p, err := ben.Pull(t.Context(), wire.Pull{Scope: sc, Epoch: epoch, Gen: 1, After: at[sc], Tag: tag[sc], Limit: 1 + roll.IntN(6)})
				if code(err) == workroom.NoAccess && sc.Kind() == "d" {
					break // nothing tracked yet
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range p.Things {
					have[sc][workroom.Ref{Scope: x.Scope, Kind: x.Kind, ID: x.ID}] = x
				}
				at[sc], tag[sc], more = p.Seq, p.Tag, p.More
				if p.Reset != "" || p.Tag == "" {
					t.Fatalf("seed %d, %s: %+v", seed, sc, p)
				}
				if !more && p.Digest != sum(have[sc]) {
					t.Fatalf("seed %d, %s at %d: digest %s, of what was pulled %s", seed, sc, p.Seq, p.Digest, sum(have[sc]))
				}
			}
			fresh := map[workroom.Ref]wire.Thing{}
			add := func(list []wire.Thing) {
				for _, x := range list {
					fresh[workroom.Ref{Scope: x.Scope, Kind: x.Kind, ID: x.ID}] = x
				}
			}
			o, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{sc}, Tail: 1 + roll.IntN(20)})
			if err != nil {
				t.Fatal(err)
			}
			add(o.Scopes[0].Hot)
			add(o.Scopes[0].Tail)
			for floor, more := o.Scopes[0].Floor, o.Scopes[0].More; more; {
				g, err := ben.Range(t.Context(), wire.Range{Scope: sc, Before: floor, Limit: 1 + roll.IntN(20), Min: at[sc]})
				if err != nil {
					t.Fatal(err)
				}
				add(g.Things)
				floor, more = g.Lo, g.More
			}
			living := maps.Clone(have[sc]) // of undated things a state does not name those that are gone
			maps.DeleteFunc(living, func(r workroom.Ref, x wire.Thing) bool { return x.Gone && !r.Kind.Dated() })
			if at[sc] != o.Scopes[0].Seq || !reflect.DeepEqual(living, fresh) {
				t.Fatalf("seed %d, %s: pulled %d things up to %d, opened %d up to %d", seed, sc, len(living), at[sc], len(fresh), o.Scopes[0].Seq)
			}
			if at[sc] > 0 {
				checkScope(t, s, sc)
			}
		}
	}
	t.Logf("%d histories, accepted: %v", seeds, done)
	if len(done) != 17 {
		t.Fatalf("some command was never accepted: %v", done)
	}
}
