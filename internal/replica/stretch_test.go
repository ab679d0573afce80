package replica

import (
	"fmt"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// long is a copy with a room of n messages m1…, born 10, 20, …, numbered 1…, each a second after the other, of which those from held on are here.
func long(t testing.TB, n, held int) *Replica {
	r := joined(t)
	must(t, r.Apply(ctx, Epoch{"e1"}))
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2}
	for i := held; i <= n; i++ {
		x := message(t, fmt.Sprint("m", i), int64(10*i), "you", fmt.Sprint("hello ", i))
		x.Num, x.At = int64(i), int64(i)*1_000_000
		p.Things = append(p.Things, x)
	}
	p.Page = wire.Page{Things: p.Things, Seq: int64(10 * n), Msgs: int64(n)}
	must(t, r.Apply(ctx, p))
	return r
}

func ids(w Window) string {
	var out []string
	for _, x := range w.Rows {
		out = append(out, x.ID)
	}
	return strings.Join(out, " ")
}

// M-24, M-31: a timeline is read from any place in it, both ways and again, and says on each side whether it goes on.
func TestM24_StretchReadsFromTheMiddle(t *testing.T) {
	r := long(t, 30, 1)
	waits := say(t, r, "waiting")
	for _, c := range []struct {
		name        string
		want        Stretch
		ids         string
		more, newer bool
	}{
		{"around", Stretch{At: 150, Before: 2, After: 3}, "m13 m14 m15 m16 m17", true, true},
		{"between two", Stretch{At: 155, Before: 1, After: 1}, "m15 m16", true, true},
		{"onwards", Stretch{At: 281, After: 9}, "m29 m30 " + waits, true, false},
		{"onwards, not to the end", Stretch{At: 281, After: 2}, "m29 m30", true, true},
		{"the beginning", Stretch{At: 1, Before: 5, After: 2}, "m1 m2", false, true},
		{"again", Stretch{At: 100, After: MaxStretch, Until: 120}, "m10 m11 m12", true, true},
		{"again to the end", Stretch{At: 290, After: MaxStretch, Until: all}, "m29 m30 " + waits, true, false},
	} {
		w, err := r.Stretch(ctx, roomScope, workroom.KindMessage, c.want)
		must(t, err)
		if ids(w) != c.ids || w.More != c.more || w.Newer != c.newer {
			t.Errorf("%s: %s, more %v, newer %v; want %s %v %v", c.name, ids(w), w.More, w.Newer, c.ids, c.more, c.newer)
		}
	}
}

// A place is found by a message's number and by a moment, at both ends and between two.
func TestM24_APlaceByNumberAndMoment(t *testing.T) {
	r := long(t, 30, 6)
	for _, c := range []struct {
		num, born int64
		ok        bool
	}{{1, 60, true}, {6, 60, true}, {7, 70, true}, {30, 300, true}, {31, 0, false}} {
		if born, ok, err := r.BornOfNumber(ctx, roomScope, c.num); err != nil || born != c.born || ok != c.ok {
			t.Errorf("number %d: %d %v %v", c.num, born, ok, err)
		}
		if born, ok, err := r.BornOfMoment(ctx, roomScope, c.num*1_000_000-5); err != nil || born != c.born || ok != c.ok {
			t.Errorf("moment %d: %d %v %v", c.num, born, ok, err)
		}
	}
	if _, ok, err := r.BornOfNumber(ctx, "r:elsewhere", 1); ok || err != nil {
		t.Error(ok, err)
	}
}
