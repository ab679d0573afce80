package courier

import (
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// watching is a machine that watches r:1, held at 7 with tag "t7", over connection c1.
func watching(t *testing.T) *machine {
	m := newMachine(func() float64 { return 0.5 })
	m.Step(t0, evResume{})
	m.Step(t0, evRows{gen: m.gen})
	m.Step(t0, evWatch{[]workroom.Scope{"r:1"}})
	is(t, "hello", m.Step(t0, evFrame{wire.Event{Hello: &wire.Hello{Conn: "c1", Epoch: "e", BeaconS: 30}}}), "actChoose actHeads ")
	m.Step(t0, evRows{gen: m.gen})
	held := []replica.Cursor{{Scope: "r:1", Gen: 1, Seq: 7, Tag: "t7", Hold: replica.Whole}}
	is(t, "heads, then watch", m.Step(t0, evHeads{heads: &wire.Heads{Same: true}, cursors: held}), "actChoose actWeeks watch c1[r:1] ")
	m.Step(t0, evWeeks{})
	m.Step(t0, evRows{gen: m.gen})
	is(t, "watched", m.Step(t0, evWatched{conn: "c1", turn: 1, heads: []wire.Head{{Scope: "r:1", Gen: 1, Seq: 7, Tag: "t7"}}}), "")
	m.Step(t0, evTick{})
	m.Step(t0, evRows{gen: m.gen})
	return m
}

func rowsAt(seq int64) evFrame {
	return evFrame{wire.Event{Rows: &wire.Rows{Scope: "r:1", Gen: 1, Prev: seq - 1, Seq: seq, Tag: "t"}}}
}

func at(seq int64) mark { return mark{1, seq, "t"} }

func TestStep_RowsFollowTheCursor(t *testing.T) {
	m := watching(t)
	is(t, "known", m.Step(t0, rowsAt(7)), "")
	is(t, "the next", m.Step(t0, rowsAt(8)), "frames r:1 8 ")
	is(t, "two more while it is stored", m.Step(t0, rowsAt(9)), "")
	is(t, "", m.Step(t0, rowsAt(10)), "")
	is(t, "in one go", m.Step(t0, evFramed{scope: "r:1", mark: at(8)}), "frames r:1 9 10 ")
	is(t, "", m.Step(t0, evFramed{scope: "r:1", mark: at(10)}), "")
	is(t, "the hint of the same", m.Step(t0, evFrame{wire.Event{Hint: &wire.Hint{Heads: []wire.HintHead{{Scope: "r:1", Seq: 10}}}}}), "")
	is(t, "another gen", m.Step(t0, evFrame{wire.Event{Rows: &wire.Rows{Scope: "r:1", Gen: 2, Prev: 10, Seq: 11}}}), "pull r:1 ")
}

func TestStep_MissingFrameIsAwaitedThenPulled(t *testing.T) {
	m := watching(t)
	is(t, "too early", m.Step(t0, rowsAt(9)), "")
	is(t, "the missing one", m.Step(t0.Add(gapWait/2), rowsAt(8)), "frames r:1 8 9 ")
	m.Step(t0, evFramed{scope: "r:1", mark: at(9)})
	is(t, "too early", m.Step(t0, rowsAt(11)), "")
	if w := m.wake(); w.Sub(t0) != gapWait {
		t.Errorf("wakes after %v", w.Sub(t0))
	}
	is(t, "not yet", m.Step(t0.Add(gapWait-1), evTick{}), "")
	is(t, "given up", m.Step(t0.Add(gapWait), evTick{}), "pull r:1 ")
	is(t, "more come", m.Step(t0.Add(gapWait), rowsAt(12)), "")
	is(t, "what follows the page is stored", m.Step(t0.Add(gapWait), evPulled{scope: "r:1", mark: at(11)}), "frames r:1 12 actChoose ")
	is(t, "a stale frame", m.Step(t0, evFramed{scope: "r:1", err: replica.ErrStale}), "pull r:1 ")
	for i := range maxEarly + 1 {
		m.Step(t0, rowsAt(int64(100+i)))
	}
	if n := len(m.live.early["r:1"]); n > maxEarly {
		t.Errorf("%d frames are kept for a missing one", n)
	}
}

func TestStep_BeaconsShowWhatWasMissed(t *testing.T) {
	m := watching(t)
	beacon := func(seq int64, tag string) evFrame {
		return evFrame{wire.Event{Beacon: &wire.Beacon{Heads: []wire.BeaconHead{{Scope: "r:1", Seq: seq, Tag: tag}, {Scope: "r:unknown", Seq: 9, Tag: "x"}}}}}
	}
	is(t, "the same", m.Step(t0, beacon(7, "t7")), "")
	is(t, "behind", m.Step(t0, beacon(8, "t8")), "pull r:1 ")
	m.Step(t0, evPulled{scope: "r:1", mark: mark{1, 8, "t8"}})
	is(t, "another history", m.Step(t0, beacon(8, "other")), "pull r:1 ")
	is(t, "the pull says so", m.Step(t0, evPulled{scope: "r:1", reset: wire.ResetFork}), "open [r:1] actHeads ")
	m.Step(t0, evOpened{scopes: []workroom.Scope{"r:1"}, marks: map[workroom.Scope]mark{"r:1": {1, 8, "other"}}})
	is(t, "now it agrees", m.Step(t0, beacon(8, "other")), "")
}

func TestStep_WatchIsTold(t *testing.T) {
	m := watching(t)
	is(t, "another room", m.Step(t0, evWatch{[]workroom.Scope{"r:2"}}), "watch c1[r:2] ")
	is(t, "changed meanwhile", m.Step(t0, evWatch{[]workroom.Scope{"r:1", "r:2"}}), "")
	is(t, "told again", m.Step(t0, evWatched{conn: "c1", turn: 2}), "watch c1[r:1 r:2] ")
	final := &wire.Error{Code: workroom.NoAccess, Status: 404, Retry: workroom.RetryNever, Final: true}
	is(t, "the connection is not known", m.Step(t0, evWatched{conn: "c1", turn: 3, err: final}), "actCut ")
	is(t, "connects anew", m.Step(t0, evStream{errCut}), "actConnect ")
	m.Step(t0, evFrame{wire.Event{Hello: &wire.Hello{Conn: "c2", BeaconS: 30}}})
	m.Step(t0, evHeads{heads: &wire.Heads{Same: true}})
	later := t0.Add(time.Second)
	is(t, "and tells the new one, not at once", keep[actWatch](m.Step(later, evTick{})), "watch c2[r:1 r:2] ")
	is(t, "an answer for the old one", m.Step(later, evWatched{conn: "c1", turn: 3}), "")
	m.Step(later, evStream{&wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater}})
	is(t, "no connection, nothing told", m.Step(later, evWatch{nil}), "")

	m = begun(t) // a service that sends no rows
	is(t, "is not asked", m.Step(t0, evWatch{[]workroom.Scope{"r:1"}}), "")
}
