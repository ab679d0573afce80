package courier

import (
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var tooOld = &wire.Error{Code: workroom.ClientTooOld, Retry: workroom.RetryUpgrade, Status: 426}

// L1: a service that took nothing from this version is asked again, with one command: after about an hour, when the way comes back, though
// not more often than once a minute, and when a person wants it. Once it takes something everything goes, without a restart.
func TestL1_TooOldIsAskedAgain(t *testing.T) {
	rows := []outbox.Row{row(1, "r:1", workroom.OpSendMessage), row(2, "r:1", workroom.OpSendMessage), row(3, "r:2", workroom.OpSendMessage), row(4, "up:f", workroom.OpUpload)}
	hello := evFrame{wire.Event{Hello: &wire.Hello{}}}
	var m *machine
	look := func(now time.Time, left ...outbox.Row) []act {
		if left == nil {
			left = rows
		}
		m.Step(now, evKick{})
		for { // what was read before the last answer is read again
			if out := m.Step(now, evRows{gen: m.gen, rows: left}); len(keep[actChoose](out)) == 0 {
				return keepSends(out)
			}
		}
	}
	refused := func(now time.Time) {
		m.Step(now, evSent{lane: "r:1", ids: []string{"c1"}, err: tooOld})
		m.Step(now, evApplied{lane: "r:1"})
	}
	begin := func() time.Time {
		m = begun(t)
		is(t, "at first", look(t0), "send r:1[c1 c2] send r:2[c3] actUpload ")
		refused(t0)
		m.Step(t0, evSent{lane: "r:2", ids: []string{"c3"}, err: tooOld})
		m.Step(t0, evApplied{lane: "r:2"})
		m.Step(t0, evUploaded{id: "c4", err: tooOld})
		m.Step(t0, evApplied{lane: laneOf("c4")})
		is(t, "what a person writes is no reason", look(t0.Add(10*time.Minute)), "")
		return m.upgrade.at
	}
	for _, x := range []struct {
		what string
		do   func(at time.Time) time.Time // of the try
	}{
		{"after an hour", func(at time.Time) time.Time {
			if d := at.Sub(t0); d < 45*time.Minute || d > 75*time.Minute || m.wake().After(at) {
				t.Errorf("the next try is in %s, looked at %s", d, m.wake().Sub(t0))
			}
			is(t, "a moment before", look(at.Add(-time.Second)), "")
			return at
		}},
		{"by hand", func(time.Time) time.Time {
			now := t0.Add(11 * time.Minute)
			m.Step(now, evSync{})
			return now
		}},
		{"when the way came back", func(time.Time) time.Time {
			now := t0.Add(11 * time.Minute)
			m.Step(now, hello)
			return now
		}},
	} {
		t.Run(x.what, func(t *testing.T) {
			now := x.do(begin())
			is(t, "one is tried", look(now), "send r:1[c1] ")
			is(t, "and no other meanwhile", look(now), "")
			refused(now)
			is(t, "refused again: it rests again", look(now.Add(time.Second)), "")
			m.Step(now.Add(2*time.Second), hello)
			is(t, "a way that flaps", look(now.Add(2*time.Second)), "")
			if st := m.why; m.phase != Online || st == nil || st.Code != workroom.ClientTooOld {
				t.Errorf("%s %+v", m.phase, m.why)
			}
			now = now.Add(upgradeSoon)
			is(t, "a minute later another", look(now), "send r:2[c3] ")
			m.Step(now, evSent{lane: "r:2", ids: []string{"c3"}, err: &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater}})
			m.Step(now, evApplied{lane: "r:2"})
			now = now.Add(time.Minute)
			is(t, "no answer at all is none", look(now), "send r:1[c1] ")
			m.Step(now, evSent{lane: "r:1", ids: []string{"c1"}, out: &wire.CommandsOut{Results: []wire.Result{{ID: "c1", Status: wire.OK}}}})
			m.Step(now, evApplied{lane: "r:1"})
			is(t, "taken: all goes", look(now, rows[1:]...), "send r:2[c3] send r:1[c2] actUpload ")
			if m.why != nil {
				t.Errorf("still said: %+v", m.why)
			}
		})
	}
}

// A refusal that came before the way was known to be there again, and one with the way lost since, are said all the same: nothing is sent meanwhile.
func TestL1_TooOldIsSaidWhenTheWayComesBack(t *testing.T) {
	m := begun(t)
	m.Step(t0, evSent{lane: "r:2", ids: []string{"c3"}, err: &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater}})
	if m.phase != Offline {
		t.Fatal(m.phase)
	}
	for _, lost := range []bool{false, true} {
		m.Step(t0, evSent{lane: "r:1", ids: []string{"c1"}, err: tooOld})
		if lost {
			m.Step(t0, evSent{lane: "r:2", ids: []string{"c3"}, err: &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater}})
		}
		m.Step(t0, evFrame{wire.Event{Hello: &wire.Hello{}}})
		if m.phase != Online || m.why == nil || m.why.Code != workroom.ClientTooOld {
			t.Errorf("lost %v: %s %+v", lost, m.phase, m.why)
		}
	}
}

// What is said of it ends with it.
func TestL1_TooOldIsSaidNoLonger(t *testing.T) {
	m := begun(t)
	m.Step(t0, evSent{lane: "r:1", ids: []string{"c1"}, err: tooOld})
	if m.why == nil || m.phase != Online {
		t.Fatalf("%s %+v", m.phase, m.why)
	}
	m.Step(t0, evSent{lane: "r:1", ids: []string{"c1"}, out: &wire.CommandsOut{Results: []wire.Result{{ID: "c1", Status: wire.OK}}}})
	if m.why != nil || m.upgrade.rests {
		t.Errorf("%+v", m.why)
	}
}

func keepSends(acts []act) (out []act) {
	for _, a := range acts {
		switch a.(type) {
		case actSend, actUpload:
			out = append(out, a)
		}
	}
	return out
}
