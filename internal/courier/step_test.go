package courier

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var t0 = time.Unix(1_800_000_000, 0)

func names(acts []act) string {
	var s strings.Builder
	for _, a := range acts {
		switch a := a.(type) {
		case actPull:
			s.WriteString("pull " + string(a.scope) + " ")
		case actOpen:
			s.WriteString(fmt.Sprint("open ", a.scopes, " "))
		case actFrames:
			s.WriteString(fmt.Sprint("frames ", a.scope))
			for _, f := range a.rows {
				s.WriteString(fmt.Sprint(" ", f.Seq))
			}
			s.WriteString(" ")
		case actWatch:
			s.WriteString(fmt.Sprint("watch ", a.conn, a.scopes, " "))
		case actGone:
			s.WriteString(fmt.Sprint("gone ", a.scopes, " "))
		case actSend:
			s.WriteString(fmt.Sprint("send ", a.lane, a.ids, " "))
		case actApply:
			s.WriteString(fmt.Sprint("apply ", a.lane, " ", a.Results.Results[0].Status, " "))
		default:
			s.WriteString(fmt.Sprintf("%T ", a)[len("courier."):])
		}
	}
	return s.String()
}

func is(t *testing.T, what string, acts []act, want string) {
	t.Helper()
	if got := names(acts); got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// begun is a machine that heard hello and holds a:me at 5 and r:1 at 7.
func begun(t *testing.T) *machine {
	m := newMachine(func() float64 { return 0.5 })
	is(t, "start", m.Step(t0, evResume{}), "actChoose actConnect ")
	is(t, "rows", m.Step(t0, evRows{gen: m.gen}), "")
	is(t, "hello", m.Step(t0, evFrame{wire.Event{Hello: &wire.Hello{}}}), "actChoose actHeads ")
	is(t, "rows", m.Step(t0, evRows{gen: m.gen}), "")
	is(t, "heads", m.Step(t0, evHeads{heads: &wire.Heads{Epoch: "e", Scopes: []wire.Head{{Scope: "a:me", Gen: 1, Seq: 5}, {Scope: "r:1", Gen: 1, Seq: 7}}}, cursors: cursors()}),
		"actChoose actWeeks ")
	is(t, "weeks", m.Step(t0, evWeeks{}), "")
	is(t, "rows", m.Step(t0, evRows{gen: m.gen}), "")
	return m
}

func cursors() []replica.Cursor {
	return []replica.Cursor{{Scope: "a:me", Gen: 1, Seq: 5, Hold: replica.Whole}, {Scope: "r:1", Gen: 1, Seq: 7, Hold: replica.Whole},
		{Scope: "r:offline", Hold: replica.Named}, {Scope: "d:1:2026-01-05", Gen: 1, Seq: 3, Hold: replica.Whole}}
}

func TestStep_HintsPullOneFlightAScope(t *testing.T) {
	m := begun(t)
	hint := func(s workroom.Scope, seq int64) evFrame {
		return evFrame{wire.Event{Hint: &wire.Hint{Heads: []wire.HintHead{{Scope: s, Seq: seq}}}}}
	}
	is(t, "an old hint", m.Step(t0, hint("r:1", 7)), "")
	is(t, "a hint", m.Step(t0, hint("r:1", 8)), "pull r:1 ")
	is(t, "another while it is under way", m.Step(t0, hint("r:1", 9)), "")
	is(t, "then once more", m.Step(t0, evPulled{scope: "r:1", mark: mark{1, 8, ""}}), "pull r:1 actChoose ")
	is(t, "and no more", m.Step(t0, evPulled{scope: "r:1", mark: mark{1, 9, ""}}), "")
	is(t, "an unknown scope", m.Step(t0, hint("r:2", 1)), "actHeads ")
	is(t, "a week not held", m.Step(t0, hint("d:1:2026-01-12", 1)), "")
}

// L1: what is opened or pulled may hold what a waiting row follows, which is settled then without an answer of its own.
func TestL1_WhatComesMayFreeARow(t *testing.T) {
	m := begun(t)
	is(t, "a part of a pull", m.Step(t0, evPulled{scope: "r:1", mark: mark{1, 8, ""}, more: true}), "pull r:1 ")
	is(t, "its end", m.Step(t0, evPulled{scope: "r:1", mark: mark{1, 9, ""}}), "actChoose ")
	m = begun(t)
	is(t, "opened", keep[actChoose](m.Step(t0, evOpened{scopes: []workroom.Scope{"r:1"}, marks: map[workroom.Scope]mark{"r:1": {1, 9, ""}}})), "actChoose ")
}

func TestStep_HeadsOpenPullAndPurge(t *testing.T) {
	m := begun(t)
	m.Step(t0, evSync{})
	got := m.Step(t0, evHeads{cursors: cursors(), heads: &wire.Heads{Epoch: "e", Scopes: []wire.Head{
		{Scope: "a:me", Gen: 1, Seq: 6}, {Scope: "r:new", Gen: 1, Seq: 1}}}})
	is(t, "behind, new, missing", got, "pull a:me open [r:new] actWeeks ") // what is missing waits for the account's own scope
	m.Step(t0, evPulled{scope: "a:me", mark: mark{1, 6, ""}})
	now := t0.Add(2 * time.Second)
	is(t, "asked again", keep[actHeads](m.Step(now, evTick{})), "actHeads ")
	after := cursors()
	after[0].Seq = 6
	is(t, "in step: gone", m.Step(now, evHeads{cursors: after, heads: &wire.Heads{Epoch: "e", Scopes: []wire.Head{{Scope: "a:me", Gen: 1, Seq: 6}, {Scope: "r:new", Gen: 1, Seq: 1}}}}),
		"gone [r:1] ")
	m = begun(t)
	m.Step(t0, evSync{})
	got = m.Step(t0, evHeads{cursors: cursors(), heads: &wire.Heads{Epoch: "e", Scopes: []wire.Head{{Scope: "a:me", Gen: 2, Seq: 5}, {Scope: "r:1", Gen: 1, Seq: 4}}}})
	is(t, "another gen; a head behind the cursor", got, "pull a:me pull r:1 actWeeks ")
	is(t, "it is another gen", m.Step(t0, evPulled{scope: "a:me", reset: wire.ResetGen}), "open [a:me] ")
	is(t, "a reset", m.Step(t0, evPulled{scope: "r:1", reset: wire.ResetPurged}), "open [r:1] ")
}

func TestStep_BackoffGrowsAndHelloResets(t *testing.T) {
	m := newMachine(func() float64 { return 1 })
	m.Step(t0, evResume{})
	now := t0
	lost := evStream{&wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater}}
	var waits []time.Duration
	for range patient + 2 {
		m.Step(now, lost)
		if m.phase != Offline || m.wake().Before(now) {
			t.Fatalf("phase %s, wake %v", m.phase, m.wake().Sub(now))
		}
		waits = append(waits, m.streamAt.Sub(now))
		now = m.streamAt
		is(t, "tries again", keep[actConnect](m.Step(now, evTick{})), "actConnect ")
	}
	// A short outage is not felt much longer than it was; a long one is asked after once a minute.
	if head, tail := fmt.Sprint(waits[:6]), fmt.Sprint(waits[patient:]); head != "[1s 2s 4s 8s 10s 10s]" || tail != "[1m0s 1m0s]" {
		t.Errorf("waits %v", waits)
	}
	m.Step(now, evFrame{wire.Event{Hello: &wire.Hello{}}})
	if m.netFails+m.streamFails != 0 || m.phase != Online {
		t.Errorf("after hello: %d %d %s", m.netFails, m.streamFails, m.phase)
	}
	m.Step(now, lost) // a stream that worked comes back soon
	if w := m.streamAt.Sub(now); w > time.Second {
		t.Errorf("comes back after %v", w)
	}
}

// A person who writes in a tunnel has each line tried at once, and does not wait longer at its end for that.
func TestStep_HurryCountsForNothing(t *testing.T) {
	m := newMachine(func() float64 { return 1 })
	lost := &wire.Error{Code: wire.Unexpected, Status: 200, Retry: workroom.RetryLater}
	now, tries := t0, 0
	fail := func(acts []act) {
		for len(acts) > 0 {
			a := acts[0]
			acts = acts[1:]
			switch a := a.(type) {
			case actConnect:
				tries++
				acts = append(acts, m.Step(now, evStream{lost})...)
			case actHeads:
				acts = append(acts, m.Step(now, evHeads{err: lost})...)
			case actChoose:
				acts = append(acts, m.Step(now, evRows{gen: a.gen})...)
			}
		}
	}
	fail(m.Step(now, evResume{}))
	for now.Sub(t0) < 2500*time.Millisecond {
		fail(m.Step(now, evTick{}))
		fail(m.Step(now, evKick{}))
		now = now.Add(60 * time.Millisecond)
	}
	if tries < 40 {
		t.Errorf("%d tries for 40 lines", tries)
	}
	if m.netFails > 3 || m.streamFails > 3 || m.wake().Sub(now) > 4*time.Second {
		t.Errorf("%d %d failures count, the next try is in %v", m.netFails, m.streamFails, m.wake().Sub(now))
	}
}

func keep[A act](acts []act) []act {
	var out []act
	for _, a := range acts {
		if _, ok := a.(A); ok {
			out = append(out, a)
		}
	}
	return out
}

func row(n int64, lane string, op workroom.Op) outbox.Row {
	return outbox.Row{N: n, Pos: n, ID: fmt.Sprint("c", n), Lane: lane, Op: op, Size: 10}
}

func TestStep_AnswersToABatch(t *testing.T) {
	rows := []outbox.Row{row(1, "r:1", workroom.OpSendMessage), row(2, "r:1", workroom.OpSendMessage)}
	send := func(m *machine) []act {
		m.Step(t0, evKick{})
		return m.Step(t0, evRows{gen: m.gen, rows: rows})
	}
	ids := []string{"c1", "c2"}
	m := begun(t)
	is(t, "sends", send(m), "send r:1[c1 c2] ")
	is(t, "the lane is busy", send(m), "")
	out := m.Step(t0, evSent{lane: "r:1", ids: ids, err: &wire.Error{Code: wire.Unexpected, Retry: workroom.RetryLater, Status: 200}})
	is(t, "a stranger answered", out, "actLand ")
	if m.phase != Offline {
		t.Errorf("phase %s", m.phase)
	}

	m = begun(t)
	send(m)
	final := &wire.Error{Code: workroom.BadInput, Retry: workroom.RetryNever, Status: 422, Final: true}
	is(t, "a final answer to two", m.Step(t0, evSent{lane: "r:1", ids: ids, err: final}), "actLand ")
	m.Step(t0, evApplied{lane: "r:1"})
	is(t, "one at a time", m.Step(t0, evRows{gen: m.gen, rows: rows}), "send r:1[c1] ")
	is(t, "a final answer to one", m.Step(t0, evSent{lane: "r:1", ids: ids[:1], err: final}), "apply r:1 rejected ")

	m = begun(t)
	send(m)
	busy := &wire.Error{Code: workroom.Busy, Retry: workroom.RetryLater, Status: 503, After: 90 * time.Second}
	out = m.Step(t0, evSent{lane: "r:1", ids: ids, err: busy})
	if p, ok := out[0].(actPutOff); !ok || p.until.Sub(t0) != 90*time.Second || p.code != workroom.Busy {
		t.Errorf("busy: %+v", out)
	}

	m = begun(t)
	send(m)
	m.Step(t0, evSent{lane: "r:1", ids: ids, err: &wire.Error{Code: workroom.ClientTooOld, Retry: workroom.RetryUpgrade, Status: 426}})
	m.Step(t0, evApplied{lane: "r:1"})
	is(t, "too old: sending rests", m.Step(t0, evRows{gen: m.gen, rows: rows}), "")
	is(t, "too old: reading goes on", m.Step(t0, evFrame{wire.Event{Hint: &wire.Hint{Heads: []wire.HintHead{{Scope: "r:1", Seq: 9}}}}}), "pull r:1 ")
}

// Rows that were read before the last answer was stored choose nothing: a refused head might be passed.
func TestI7_OutdatedRowsChooseNothing(t *testing.T) {
	m := begun(t)
	m.Step(t0, evKick{})
	old := evRows{gen: m.gen, rows: []outbox.Row{row(1, "r:1", workroom.OpSendMessage)}}
	m.Step(t0, evApplied{lane: "r:1"})
	is(t, "outdated rows", m.Step(t0, old), "actChoose ")
}
