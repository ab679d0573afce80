package proof

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// marked is where the marker of a room stands after these came in this order, by the service's own rule.
func marked(rt *rapid.T, list ...workroom.SetMarker) workroom.Marker {
	t := &Truth{}
	t.forget()
	s := workroom.AccountScope("me")
	t.Things[s] = map[string]Row{}
	var out workroom.Marker
	for _, c := range list {
		changes, no := workroom.Run(c, workroom.Asked{ID: "x", By: "me", At: time.Unix(0, 0)}, TruthRows{t})
		if no != nil {
			rt.Fatalf("a marker is refused: %s", no.Text)
		}
		for _, ch := range changes {
			out = *ch.Thing.(*workroom.Marker)
			b, _ := workroom.Encode(ch.Thing)
			t.Things[s][string(workroom.KindMarker)+"/one"] = Row{Kind: workroom.KindMarker, ID: "one", Body: string(b)}
		}
	}
	return out
}

// I20: markers may come in any order, once or twice; where they lead is the same.
func TestI20_MarkersMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) workroom.SetMarker {
			n := rapid.Int64Range(0, 3)
			return workroom.SetMarker{Room: "one", Who: "me", N: n.Draw(rt, name+" n"), E: n.Draw(rt, name+" e"), Head: n.Draw(rt, name+" h")}
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		same := func(law string, x, y workroom.Marker) {
			if x.N != y.N || x.E != y.E || x.Head != y.Head {
				rt.Fatalf("%s: (%d, %d, %d) and (%d, %d, %d)", law, x.N, x.E, x.Head, y.N, y.E, y.Head)
			}
		}
		same("commutative", marked(rt, a, b), marked(rt, b, a))
		same("idempotent", marked(rt, a, a), marked(rt, a))
		same("associative", marked(rt, a, b, c), marked(rt, c, a, b))
	})
}

// I21, I8: a copy as the first release left it, opened by this program, shows what the rules of its waiting commands say, and nothing of
// what waits is missing.
func TestI21_OldCopyShowsWhatItsRulesSay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "copy.db")
	want := first(t, path)
	old, err := OpenCopy(path, "")
	must(t, err)
	was, err := old.View()
	must(t, err)
	must(t, old.Close())
	rep, err := replica.Open(path, replica.Options{Manual: true})
	must(t, err)
	defer rep.Close()
	c, err := OpenCopy(path, rep.Account())
	must(t, err)
	defer c.Close()
	is, err := c.View()
	must(t, err)
	if len(want) == 0 || len(was.Waiting) != len(want) || len(was.Effects) == 0 || len(was.Scopes) == 0 {
		t.Errorf("of an old copy with %d commands, %d and %d effects were read", len(want), len(was.Waiting), len(was.Effects))
	}
	if v := CheckI21Schema(was, is); len(v) > 0 {
		t.Errorf("an old copy opens with another view:\n%s", words(v))
	}
	v, err := CheckI8ViewPurity(c)
	must(t, err)
	if len(v) > 0 {
		t.Errorf("an old copy shows something else than its rules say:\n%s", words(v))
	}
	if e, err := c.Effects(); err != nil || len(e) == 0 {
		t.Errorf("nothing of what waits is shown: %v", err)
	}
}

// L2, I19: with every frame of the live channel lost, what somebody writes is there within a round of heads; nothing is lost for good.
func TestL2_LostFramesAreFound(t *testing.T) {
	dir := simDir(t)
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, 3, dir)
		defer s.end()
		s.hire()
		s.cfg.frames = false
		worst := 0.0
		for range 10 {
			before := s.now
			s.ann.say(s.c)
			s.settle()
			at := time.Time{}
			for at.IsZero() && s.now.Sub(before) < 5*time.Minute {
				s.until(s.now.Add(time.Second))
				h, err := s.ben.look.Scope(workroom.RoomScope(s.c.room))
				must(t, err)
				if h.Seq == s.truth.Heads[h.Name].Seq && len(h.Rows) == len(s.truth.Things[h.Name]) {
					at = s.now
				}
			}
			worst = max(worst, s.now.Sub(before).Seconds())
			s.until(s.now.Add(s.span(0, time.Minute)))
		}
		if v := CheckL2Repaired(worst, 65, "r:"+string(s.c.room)); len(v) > 0 {
			t.Error(words(v))
		}
	})
}
