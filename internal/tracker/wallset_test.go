package tracker

import (
	"testing"
	"time"
)

// computer has a wall clock that somebody may set, and two clocks that nobody can.
type computer struct {
	wall  time.Time
	ticks Ticks
}

func (c *computer) runs(d time.Duration) {
	c.wall = c.wall.Add(d)
	c.ticks.Awake, c.ticks.Elapsed = c.ticks.Awake+d, c.ticks.Elapsed+d
}

// T-03, T-11, T-12: whoever sets the wall clock back or forth, by an hour, days or forty years, while time is tracked, idle or locked, across the
// end of a minute, a segment, a week or summer time, changes no duration. A crash after it loses no more than any other, and what is tracked
// after the restart, where the wall clock is read anew, counts from its first second: once nothing counted until the clock had caught up with
// the end of what the crash left.
func TestT03_TheWallClockIsSet(t *testing.T) {
	borders := map[string]string{"minute": "2026-11-20 10:03:00", "segment": "2026-11-20 10:10:00", "week": "2026-11-23 00:00:00", "summer time": "2026-03-29 01:00:00"}
	for border, instant := range borders {
		for _, by := range []time.Duration{-time.Hour, time.Hour, -72 * time.Hour, 40 * 365 * 24 * time.Hour} {
			for _, when := range []string{"tracking", "idle", "locked"} {
				t.Run(border+" "+by.String()+" "+when, func(t *testing.T) {
					pc := computer{wall: at(t, instant).Add(-30 * time.Second), ticks: Ticks{time.Hour, 2 * time.Hour}}
					var d *desk
					var clock *Clock
					boot := func() {
						clock = NewClock(pc.wall, pc.ticks)
						d = sit(t, "00:00:00")
						d.now = clock.At(pc.ticks)
						d.hands = d.now
					}
					run := func(span time.Duration, typing bool) {
						for range int(span / (5 * time.Second)) {
							pc.runs(5 * time.Second)
							now, slept := clock.Now(pc.ticks)
							if slept {
								t.Fatal("taken for a sleep")
							}
							if d.untilTime(now); typing {
								d.types(1)
							}
						}
					}
					sum := func() (n int64) {
						for _, s := range d.slices {
							n += s.Slice.Seconds()
						}
						return n
					}
					boot()
					d.start("one")
					run(20*time.Second, true) // 20 s
					switch when {
					case "idle":
						run(11*time.Minute, false)
						d.state(Away)
					case "locked":
						d.says(Lock{})
					}
					pc.wall = pc.wall.Add(by)
					want := int64(20)
					switch when {
					case "tracking":
						run(5*time.Minute, true)
						want += 300
					case "idle":
						run(15*time.Second, false)
						d.types(1).take()
						if q := d.m.Snapshot().Questions; len(q) != 1 || q[0].To-q[0].From != 11*60+15 {
							t.Fatalf("asked %+v", q)
						}
						d.must(Answer{Question: d.m.Snapshot().Questions[0].ID, Choice: Keep, Continue: true})
						run(2*time.Minute, true)
						want += 11*60 + 15 + 120
					case "locked":
						run(time.Minute, false)
						d.must(Unlock{})
						run(2*time.Minute, true)
						want += 120
					}
					if lost := want - sum(); lost < 0 || lost > 15 {
						t.Errorf("%d s are on the disk of %d", sum(), want)
					}
					kept, left := sum(), d.slices[d.order[len(d.order)-1]]
					if left.Slice.Close != "" { // the kept time has a slice of its own
						for _, s := range d.slices {
							if s.Slice.Close == "" {
								left = s
							}
						}
					}

					left.Slice.ID = "left"
					boot() // it crashed
					d.must(Found{Slice: left.Slice, Inputs: left.Inputs})
					if got := sum(); got != left.Slice.Seconds() {
						t.Errorf("the crash left %d s of %d", got, left.Slice.Seconds())
					}
					run(10*time.Second, false)
					d.start("two")
					run(4*time.Minute, true)
					d.says(Stop{})
					if got := kept - left.Slice.Seconds() + sum(); got != kept+240 {
						t.Errorf("after the restart %d s of 240 count", got-kept)
					}
					for _, s := range d.slices {
						if s.Slice.Memo == "two" && s.Slice.End != pc.wall.Unix() {
							t.Errorf("it ends at %d, by the clock of then %d", s.Slice.End, pc.wall.Unix())
						}
					}
				})
			}
		}
	}
}
