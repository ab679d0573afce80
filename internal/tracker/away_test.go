package tracker

import (
	"errors"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// idleDesk is example 13 up to the return: started 10:00, last input 10:12:40, back at 10:31:05.
func idleDesk(t *testing.T) *desk {
	d := sit(t, "10:00:00").start("one")
	for _, c := range []string{"10:05:00", "10:10:00", "10:12:40"} {
		d.until(c).types(1)
	}
	d.until("10:22:39").state(Tracking)
	d.until("10:22:40").state(Away)
	d.slicesAre("10:00:00–10:12:40 idle")
	if s := d.m.Snapshot(); !s.Left.Equal(at(t, "2026-11-20 10:12:40")) || s.Why != workroom.CloseIdle || !s.Listening {
		t.Errorf("while away: %+v", s)
	}
	if !d.wake.IsZero() || len(d.asked) > 0 {
		t.Errorf("while away: wake %s, asked %v", d.wake, d.asked)
	}
	d.until("10:31:05").types(1).take()
	d.state(Asking)
	if len(d.asked) != 1 || d.asked[0].Why != workroom.CloseIdle || d.asked[0].To-d.asked[0].From != 1105 {
		t.Fatalf("asked %+v", d.asked)
	}
	return d
}

// Example 13, T-10: kept, the time away is a slice of its own, marked.
func TestExample13_IdleKeep(t *testing.T) {
	d := idleDesk(t)
	d.must(Answer{Question: d.asked[0].ID, Choice: Keep})
	d.state(Stopped).slicesAre("10:00:00–10:12:40 idle", "10:12:40–10:31:05 idle kept_idle")
	refused(t, d.step(Answer{Question: d.asked[0].ID, Choice: Keep}), workroom.Gone)
}

// Example 13, T-10: discarded, there is nothing.
func TestExample13_IdleDiscard(t *testing.T) {
	d := idleDesk(t)
	d.must(Answer{Question: d.asked[0].ID, Choice: Discard})
	d.state(Stopped).slicesAre("10:00:00–10:12:40 idle")
}

// T-10: discard and go on.
func TestT10_DiscardAndContinue(t *testing.T) {
	d := idleDesk(t).until("10:31:20")
	d.must(Answer{Question: d.asked[0].ID, Choice: Discard, Continue: true})
	d.state(Tracking).until("10:32:00").says(Stop{})
	d.slicesAre("10:00:00–10:12:40 idle", "10:31:20–10:32:00 stop")
}

// T-10: time away given to another contract, which must allow it.
func TestT10_Assign(t *testing.T) {
	d := idleDesk(t)
	refused(t, d.step(Answer{Question: d.asked[0].ID, Choice: Assign, Work: Work{y, "", " "}}), workroom.MemoEmpty)
	d.must(Answer{Question: d.asked[0].ID, Choice: Assign, Work: Work{y, "ui", "meeting"}})
	s := d.slices[d.order[1]].Slice
	if s.Contract != y || s.Memo != "meeting" || s.Kind != workroom.KeptIdle || s.Seconds() != 1105 || s.Rev != 1 {
		t.Errorf("slice %+v", s)
	}
}

// T-10: what cannot be kept: more than eight hours, and time in a frozen week.
func TestT10_CannotBeKept(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:10:00").until("19:00:01").types(1)
	d.take()
	if len(d.asked) != 1 || !d.asked[0].TooLong {
		t.Fatalf("asked %+v", d.asked)
	}
	refused(t, d.step(Answer{Question: d.asked[0].ID, Choice: Keep}), workroom.BadInput)
	d.must(Answer{Question: d.asked[0].ID, Choice: Discard})

	d = idleDesk(t)
	d.now = at(t, "2026-11-23 12:00:00")
	refused(t, d.step(Answer{Question: d.asked[0].ID, Choice: Keep}), workroom.Expired)
	d.state(Asking)
}

// T-10: a question stays answerable while something else is tracked; quitting counts nothing of it and leaves it open.
func TestT10_QuestionWaits(t *testing.T) {
	d := idleDesk(t)
	d.must(Start{Work: Work{y, "", "other"}})
	d.state(Tracking).until("10:35:00").says(Stop{})
	if q := d.m.Snapshot().Questions; len(q) != 1 {
		t.Errorf("questions %v", q)
	}
	d.must(Answer{Question: d.asked[0].ID, Choice: Keep})
	d.slicesAre("10:00:00–10:12:40 idle", "10:31:05–10:35:00 stop", "10:12:40–10:31:05 idle kept_idle")
	d = idleDesk(t)
	d.must(Quit{})
	if q := d.m.Snapshot().Questions; len(q) != 1 {
		t.Errorf("after quitting %v", q)
	}
	d.slicesAre("10:00:00–10:12:40 idle")
}

// T-10: movement counts as presence; "in a call or reading" waits an hour; the contract may say 3 minutes.
func TestT10_WhenIdleBegins(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:09:00")
	d.typed.Moves, d.hands = 1, d.now
	d.until("10:18:59").state(Tracking).until("10:19:00").state(Away)

	d = sit(t, "10:00:00").start("one")
	d.must(Reading{On: true})
	if s := d.m.Snapshot(); !s.Reading || s.Idle != time.Hour {
		t.Errorf("%+v", s)
	}
	d.until("10:59:59").state(Tracking).until("11:00:00").state(Away)
	d.slicesAre("10:00:00–10:00:00 idle") // nothing was touched since the start; reported before, so reported again as empty
}

// T-10: an idle slice without any input since its start ends empty, in every copy.
func TestT10_NoInputAtAll(t *testing.T) {
	short := terms()
	short.IdleMinutes = 3
	d := sit(t, "10:00:05")
	d.learn(x, short)
	d.start("one").until("10:03:04").state(Tracking).until("10:03:05").state(Away).slicesAre()
}

// Starting by hand is a return as well: the question about the time away is put.
func TestT10_StartIsAReturn(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:01:00").types(1).until("10:30:00").state(Away)
	d.must(Start{Work: Work{x, "api", "one"}})
	d.state(Tracking)
	if len(d.asked) != 1 || d.asked[0].To != at(t, "2026-11-20 10:30:00").Unix() {
		t.Errorf("asked %+v", d.asked)
	}
}

// Example 18, T-11: the screen is locked for 40 s. Two slices, a gap, no question.
func TestExample18_Lock(t *testing.T) {
	d := sit(t, "10:55:00").start("one").until("11:00:00").says(Lock{}).state(Away)
	if d.m.Snapshot().Listening {
		t.Error("input is counted while the screen is locked")
	}
	d.must(Lock{}) // edges may come twice
	d.until("11:00:30").types(9).take()
	d.state(Away)
	d.until("11:00:40").must(Unlock{})
	d.must(Unlock{})
	d.state(Tracking).until("11:05:00").says(Stop{})
	d.slicesAre("10:55:00–11:00:00 lock", "11:00:40–11:05:00 stop")
	if len(d.asked) > 0 {
		t.Errorf("asked %+v", d.asked)
	}
}

// T-11: locked for longer than the idle time, the same question as for idle.
func TestT11_LongLockAsks(t *testing.T) {
	d := sit(t, "10:55:00").start("one").until("11:00:00").says(Lock{}).until("11:10:00")
	d.must(Unlock{})
	d.state(Asking)
	if len(d.asked) != 1 || d.asked[0].Why != workroom.CloseLock {
		t.Errorf("asked %+v", d.asked)
	}
}

// Locking while nothing is tracked does nothing, and stopping while away ends it.
func TestT11_LockWithoutTracking(t *testing.T) {
	d := sit(t, "10:00:00")
	d.must(Lock{})
	d.must(Unlock{})
	d.state(Stopped).start("one").until("10:01:00").says(Lock{})
	d.must(Stop{})
	d.state(Stopped).until("10:02:00").must(Unlock{})
	d.state(Stopped).slicesAre("10:00:00–10:01:00 lock")
}

// Example 6, T-11: the system says that it will sleep.
func TestExample06_Suspend(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:04:30").says(Sleeping{}).state(Away)
	d.slicesAre("10:00:00–10:04:30 suspend")
	d.asleepUntil("10:27:10").must(Woke{})
	d.state(Asking)
	if len(d.asked) != 1 || d.asked[0].To-d.asked[0].From != 22*60+40 {
		t.Fatalf("asked %+v", d.asked)
	}
	d.until("10:27:25").types(1).must(Answer{Question: d.asked[0].ID, Choice: Discard, Continue: true})
	d.until("10:30:00")
	d.slicesAre("10:00:00–10:04:30 suspend", "10:27:25–10:30:00 ")
}

// Example 6, T-11: without a word from the system the clocks tell: time ends at the last heartbeat.
func TestExample06_SuspendWithoutSignal(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:04:29").asleepUntil("10:27:10")
	d.take()
	d.must(Deadline{})
	d.state(Asking).slicesAre("10:00:00–10:04:15 suspend")
}

// T-11: a short sleep found by the clocks goes on silently, without the time slept.
func TestT11_ShortSleepBySlept(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:04:29").asleepUntil("10:04:50")
	d.must(Slept{})
	d.state(Tracking).until("10:06:00").says(Stop{})
	d.slicesAre("10:00:00–10:04:15 suspend", "10:04:50–10:06:00 stop")
}

// T-11: woken at a locked screen, the return is the unlocking.
func TestT11_SleepThenLock(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:04:30").says(Sleeping{})
	d.must(Lock{})
	d.asleepUntil("10:05:00").must(Woke{})
	d.state(Away).until("10:06:00").must(Unlock{})
	d.state(Tracking).until("10:07:00").says(Stop{}).slicesAre("10:00:00–10:04:30 suspend", "10:06:00–10:07:00 stop")
}

// Proof: an idle hour wakes the program at most 300 times.
func TestT10_IdleHourWakesSeldom(t *testing.T) {
	d := sit(t, "10:00:00").start("one")
	d.must(Reading{On: true})
	d.until("11:00:00")
	if d.wakeN > 300 {
		t.Errorf("%d deadlines in an idle hour", d.wakeN)
	}
	n := d.wakeN
	d.state(Away).until("12:00:00")
	if d.wakeN != n {
		t.Errorf("%d deadlines while away", d.wakeN-n)
	}
}

// T-11: locked time does not count, so nothing begins while the screen is locked or the computer about to sleep, by whatever way it is asked
// for; what is asked for at the screen itself shows that it is not.
func TestT11_NoStartAtALockedScreen(t *testing.T) {
	for name, dark := range map[string][2]Event{"locked": {Lock{}, Unlock{}}, "asleep": {Sleeping{}, Woke{}}} {
		t.Run(name, func(t *testing.T) {
			refused := func(err error) {
				t.Helper()
				if no, ok := errors.AsType[*workroom.Refusal](err); !ok || no.Code != ScreenLocked {
					t.Errorf("%v", err)
				}
			}
			one := Start{Work: Work{x, "api", "one"}}
			d := sit(t, "10:00:00")
			d.must(dark[0])
			refused(d.step(one))
			refused(d.step(Switch{one.Work}))
			d.must(dark[1])
			d.until("10:01:00").start("one").until("10:05:00").says(dark[0])
			refused(d.step(one))
			d.state(Away).asleepUntil("10:30:00").must(dark[1])
			d.state(Asking).must(dark[0])
			refused(d.step(Answer{Question: d.asked[0].ID, Choice: Discard, Continue: true}))
			d.state(Asking).must(Seen{})
			d.until("10:31:00").must(Answer{Question: d.asked[0].ID, Choice: Discard, Continue: true})
			d.state(Tracking).until("10:32:00").says(Stop{})
			d.slicesAre("10:01:00–10:05:00 "+string(d.asked[0].Why), "10:31:00–10:32:00 stop")
		})
	}
}
