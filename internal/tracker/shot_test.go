package tracker

import (
	"testing"
	"time"

	"trestle/internal/workroom"
)

// T-07: one picture a device and cell, at the drawn instant, for the slice and under the policy that then hold.
func TestT07_Shots(t *testing.T) {
	full := terms()
	full.Shots = workroom.ShotsFull
	blurred := terms()
	blurred.Shots = workroom.ShotsBlurred

	d := sit(t, "10:02:00")
	d.learn(x, full)
	d.learn(y, blurred)
	d.start("one") // 480 s are left of the cell; the draw says half
	d.until("10:05:59")
	if len(d.shots) != 0 {
		t.Errorf("too early: %+v", d.shots)
	}
	d.until("10:06:00")
	want := TakeShot{Slice: "id1", Contract: x, Cell: d.now.Unix() / 600, At: d.now.Unix(), Policy: workroom.ShotsFull}
	if len(d.shots) != 1 || d.shots[0] != want {
		t.Fatalf("shots %+v", d.shots)
	}
	// Stopping and starting in a cell that has one takes no other.
	d.until("10:07:00").says(Stop{}).start("two").types(1).until("10:10:00")
	if len(d.shots) != 1 {
		t.Errorf("a second one in the cell: %+v", d.shots)
	}
	// The next cell's belongs to whatever then runs.
	d.types(1).until("10:14:00").says(Switch{Work{y, "", "three"}}).until("10:16:00")
	if len(d.shots) != 2 || d.shots[1].Contract != y || d.shots[1].Policy != workroom.ShotsBlurred {
		t.Errorf("shots %+v", d.shots)
	}
}

// T-07: an instant that nobody tracks over takes none; starting again draws over the rest. No policy, no picture.
func TestT07_NoShot(t *testing.T) {
	full := terms()
	full.Shots = workroom.ShotsFull
	d := sit(t, "10:00:00")
	d.learn(x, full)
	d.start("one").until("10:04:00").says(Stop{}) // drawn: 10:05
	d.until("10:06:00").start("two").until("10:07:59")
	if len(d.shots) != 0 {
		t.Errorf("shots %+v", d.shots)
	}
	d.until("10:08:00")
	if len(d.shots) != 1 {
		t.Errorf("shots %+v", d.shots)
	}
	d = sit(t, "10:00:00").start("one").until("10:09:59")
	if len(d.shots) != 0 {
		t.Errorf("without a policy: %+v", d.shots)
	}
}

// T-07: woken up to 5 s late the picture is taken, later it is drawn anew.
func TestT07_LateShots(t *testing.T) {
	full := terms()
	full.Shots = workroom.ShotsFull
	for late, want := range map[time.Duration]int{5 * time.Second: 1, 6 * time.Second: 0} {
		d := sit(t, "10:00:07")
		d.learn(x, full)
		d.start("one").until("10:04:50")
		d.now = d.m.shot.at.Add(late)
		d.must(Deadline{})
		if len(d.shots) != want {
			t.Errorf("%s late: %d shots", late, len(d.shots))
		}
		d.types(1).until("10:09:59")
		if len(d.shots) != 1 {
			t.Errorf("%s late, at the end of the cell: %d shots", late, len(d.shots))
		}
	}
}

// T-07, T-10: a picture may leave once somebody was there after it. One that turns out to show discarded time never does.
func TestT07_ShotsOfDiscardedTimeNeverLeave(t *testing.T) {
	full := terms()
	full.Shots = workroom.ShotsFull
	d := sit(t, "10:00:00")
	d.learn(x, full)
	d.start("one").until("10:05:00")
	cell := d.now.Unix() / 600
	if _, known := d.kept[cell]; len(d.shots) != 1 || known {
		t.Fatalf("shots %+v, decided %v", d.shots, d.kept)
	}
	d.until("10:06:00").types(1).take()
	if !d.kept[cell] {
		t.Error("somebody was there, and the shot is held back")
	}
	d.until("10:16:00").state(Away) // gone since 10:06; the shot of 10:15 shows nobody's work
	if kept, known := d.kept[cell+1]; len(d.shots) != 2 || !known || kept {
		t.Errorf("shots %+v, decided %v", d.shots, d.kept)
	}

	// Stopping after a picture says that somebody was there.
	d = sit(t, "10:00:00")
	d.learn(x, full)
	d.start("one").until("10:05:01").says(Stop{})
	if !d.kept[cell] {
		t.Errorf("decided %v", d.kept)
	}

	// Whoever stops in the second of a picture saw it taken while time ran: it stays, in a segment that has some of the time.
	d = sit(t, "10:00:00")
	d.learn(x, full)
	d.start("one").until("10:05:00").says(Stop{})
	if !d.kept[cell] {
		t.Errorf("stopped in the second of the picture: decided %v", d.kept)
	}
	for _, c := range []struct {
		at, start, end int64
		want           bool
	}{{3005, 3000, 3006, true}, {3005, 3000, 3005, true}, {3005, 3000, 3004, false}, {2999, 3000, 3005, false}, {3000, 3000, 3000, false},
		{3600, 3000, 3600, false}, {3600, 3000, 3601, true}} {
		if got := ShotCovered(c.at, c.start, c.end); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}

	// Where the system tells nothing of input nobody is called idle, and nothing is held back.
	d = sit(t, "10:00:00")
	d.learn(x, full)
	d.blind = true
	d.start("one").until("10:05:30")
	if !d.kept[cell] {
		t.Errorf("decided %v", d.kept)
	}
}
