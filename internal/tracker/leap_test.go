package tracker

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// leap is a leap second: the Unix time after it, which its last second repeats, and how many there have been by then.
type leap struct {
	at, n int64
}

// leaps reads the list that the bodies who keep the time publish, as tzdata carries it: seconds since 1900, TAI less UTC.
func leaps(t *testing.T) (list []leap) {
	t.Helper()
	f, err := os.Open("/usr/share/zoneinfo/leap-seconds.list")
	if err != nil {
		t.Skip("this system has no list of leap seconds:", err)
	}
	defer f.Close()
	const since1900 = 2_208_988_800
	for in := bufio.NewScanner(f); in.Scan(); {
		field := strings.Fields(in.Text())
		if len(field) < 2 || strings.HasPrefix(field[0], "#") {
			continue
		}
		at, err := strconv.ParseInt(field[0], 10, 64)
		tai, err2 := strconv.ParseInt(field[1], 10, 64)
		if err != nil || err2 != nil {
			t.Fatal(in.Text())
		}
		if tai > 10 { // the first line is the beginning, with ten
			list = append(list, leap{at - since1900, tai - 10})
		}
	}
	if len(list) < 27 {
		t.Fatalf("only %d leap seconds", len(list))
	}
	return list
}

// T-03, T-04: over every leap second there was, half an hour of tracking is half an hour, to the second, though the wall clock repeats one; no
// segment begins anywhere but at a full ten minutes of UTC, in zones that count leap seconds, too; and the second by which the device is
// ahead afterwards is taken for no wrong clock and no sleep.
func TestT03_LeapSeconds(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"right/UTC", "right/Europe/Berlin", "right/Asia/Kolkata"} {
		if z, err := time.LoadLocation(name); err == nil {
			zones = append(zones, z)
		}
	}
	for _, l := range leaps(t) {
		start := l.at - 900
		wall := func(m time.Duration) time.Time { // the kernel sets its clock back by the second that was inserted
			if m >= time.Duration(l.at-start)*time.Second {
				m -= time.Second
			}
			return time.Unix(start, 0).Add(m).UTC()
		}
		clock := NewClock(wall(0), Ticks{})
		n := 0
		m := New(Config{Freelancer: "f", Device: "laptop", Boot: "boot", NewID: func() string { n++; return strconv.Itoa(n) }, Random: func(n int64) int64 { return n / 2 }})
		saved := map[string]workroom.Slice{}
		tell := func(at time.Duration, ev Event) {
			t.Helper()
			now, slept := clock.Now(Ticks{Awake: at, Elapsed: at})
			if slept {
				t.Errorf("%s: taken for a sleep", wall(at))
			}
			effects, err := m.Step(now, ev)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range effects {
				if s, ok := e.(Save); ok {
					saved[s.Slice.ID] = s.Slice
				}
			}
		}
		tell(0, TermsLearnt{Contract{ID: x, Active: true, Terms: terms()}})
		tell(0, Start{Work: Work{Contract: x, Memo: "over midnight"}})
		const span = 30 * time.Minute
		for at := Beat; at < span; at += Beat {
			tell(at, Input{Countable: true, Presence: true, Keys: 1})
			tell(at, Deadline{})
		}
		tell(span, Stop{})
		sum := int64(0)
		for _, s := range saved {
			sum += s.Seconds()
			for c := workroom.CellOf(time.Unix(s.Start, 0)); c.Start().Unix() < s.End; c++ {
				for _, z := range zones {
					if at := c.Start().In(z); at.Second() != 0 || at.Minute()%10 != 0 {
						t.Errorf("a segment begins at %s", at)
					}
				}
			}
			if ahead := s.End - wall(span).Unix(); ahead != 1 {
				t.Errorf("%s: the device is ahead by %d s after it", wall(span), ahead)
			}
		}
		if sum != int64(span/time.Second) {
			t.Errorf("%s: half an hour is %d s", wall(span), sum)
		}
		ticks := Ticks{Awake: span, Elapsed: span}
		if shift := clock.Learn(wall(span).Sub(clock.Unskewed(ticks))); shift != 0 {
			t.Errorf("%s: time was moved by %s", wall(span), shift)
		}
		if clock.Settle(); !clock.At(ticks).Equal(wall(span).Add(time.Second)) {
			t.Errorf("%s: the clock was set to %s", wall(span), clock.At(ticks))
		}
	}
}

// T-03: a computer whose clock counts leap seconds, as one set up by the "right" zones does, is ahead by all of them: what it recorded is put
// back to UTC at the first comparison, so that its tens are everybody's.
func TestT03_AClockThatCountsLeapSeconds(t *testing.T) {
	for _, l := range leaps(t) {
		utc := l.at + 3600
		clock := NewClock(time.Unix(utc+l.n, 0), Ticks{})
		at := clock.At(Ticks{}).Unix()
		s := workroom.Slice{ID: "s", Start: at, End: at + 1200}
		shift := clock.Learn(time.Unix(utc, 0).Sub(clock.Unskewed(Ticks{})))
		s, _ = Corrected(s, nil, shift)
		switch off := s.Start - utc; {
		case l.n > 2 && off != 0:
			t.Errorf("after %d leap seconds it is off by %d s", l.n, off)
		case l.n <= 2 && off != l.n: // as any clock that is wrong by so little
			t.Errorf("after %d leap seconds it was moved to %d s", l.n, off)
		}
	}
}
