package app

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// lateRun is a computer whose clock is an hour late, after a run of the program that never reached the service. It recorded three slices.
type lateRun struct {
	h       *house
	dirs    Dirs
	id      string
	file    string
	at      int64 // where the first slice began, by that run's clock
	ended   string
	moved   string // by a correction that was killed
	unended string // the program was killed while it ran
}

func openLateRun(t *testing.T) *lateRun {
	h := openHouse(t)
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-2 * time.Hour) } // so that the contract is older than the time
	h.again()
	c := h.desk("Esme")
	x := &lateRun{h: h, dirs: c.dirs, id: own(t, c, "none"), at: time.Now().Truncate(time.Minute).Unix() - 1800}
	arrived(t, c)
	h.stop()
	c.Close()
	h.now = func() time.Time { return time.Now().Add(time.Hour) }
	c = openDesk(t, x.dirs)
	x.file = c.session.runsPath()

	keys, none := uint16(7), uint16(0)
	s := x.slice(c, 0, 1200)
	record(t, c, tracker.Save{Slice: s, Report: true, Inputs: []workroom.CellInput{
		{Device: s.Device, Cell: x.at / 600, Minutes: []workroom.Minute{{At: x.at / 60, Keys: &keys, Clicks: &none, Scroll: &none}}}}})
	x.ended = s.ID
	shot := workroom.Shot{Slice: s.ID, Contract: s.Contract, Device: s.Device, Cell: x.at / 600, At: x.at, Reason: workroom.ShotFailed}
	if _, err := c.session.enqueue(workroom.AddShot{Week: weekOf(x.at), Shot: shot, Who: s.Freelancer}, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	if err := c.session.track.shots.write(&heldShot{ID: newID(), Week: weekOf(x.at), Shot: movedShot(shot, 600), Kept: true}); err != nil {
		t.Fatal(err)
	}
	s = x.slice(c, 1200, 1260)
	s.Flags = []string{workroom.FlagClockCorrected}
	record(t, c, tracker.Save{Slice: s, Report: true})
	x.moved = s.ID
	lease := workroom.SetLease{Who: s.Freelancer, Device: s.Device, Name: "desk", Since: s.Start * 1000}
	if _, err := c.session.enqueue(lease, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	s = x.slice(c, 1300, 1360)
	s.Close = ""
	record(t, c, tracker.Save{Slice: s})
	x.unended = s.ID
	c.Close()
	return x
}

func weekOf(at int64) string { return workroom.WeekOf(time.Unix(at, 0)).String() }

// slice is time that this run of a desktop recorded, seconds after the first.
func (x *lateRun) slice(c *Core, from, to int64) workroom.Slice {
	s := c.session
	return workroom.Slice{ID: newID(), Rev: 1, Freelancer: s.me(), Contract: workroom.ContractID(x.id), Device: s.replica.Device(), Boot: s.track.boot, Seq: from + 1,
		Start: x.at + from, End: x.at + to, Memo: "Draw the otters", Kind: workroom.Tracked, Close: workroom.CloseStop}
}

func record(t *testing.T, c *Core, e tracker.Save) {
	t.Helper()
	k := c.session.track
	on(t, k.shots, func() { k.save(k.present(), e) })
}

// has tells that the service has these slices at so many seconds after the first one's start, marked where they are not where they were
// recorded.
func (x *lateRun) has(t *testing.T, want map[string]int64, marked ...string) {
	t.Helper()
	list := slicesOf(t, x.h.witness("Esme"), x.id)
	if len(list) != len(want) {
		t.Errorf("the service has %d slices", len(list))
	}
	for _, s := range list {
		if d := s.Start - x.at - want[s.ID]; d < -2 || d > 2 {
			t.Errorf("%+v lies %d s from where it should", s, d)
		}
		if slices.Contains(s.Flags, workroom.FlagClockCorrected) != slices.Contains(marked, s.ID) {
			t.Errorf("marked wrongly: %+v", s)
		}
	}
}

// TestT03_AnEarlierRunIsPutRight: what a run recorded offline by a wrong clock is put right by the first comparison of the next one, with
// counts and pictures, once; what that one records offline after its comparison stays where it is.
func TestT03_AnEarlierRunIsPutRight(t *testing.T) {
	t.Parallel()
	x := openLateRun(t)
	if _, err := os.Stat(x.file); err != nil {
		t.Fatal(err)
	}
	c := openDesk(t, x.dirs)
	x.h.again()
	arrived(t, c)
	want := map[string]int64{x.ended: 3600, x.moved: 1200, x.unended: 1300 + 3600}
	x.has(t, want, x.ended, x.moved, x.unended)
	for _, s := range slicesOf(t, c, x.id) {
		if s.ID == x.ended && s.Seconds() != 1200 {
			t.Errorf("%d s of it are left", s.Seconds())
		}
	}
	l, _, err := c.session.replica.Thing(t.Context(), workroom.LeaseOf(c.session.me()))
	if lease, ok := l.Thing.(*workroom.Lease); err != nil || !ok || lease.Since != (x.at+1200)*1000 {
		t.Errorf("tracking began at %+v %v", l.Thing, err)
	}
	rows, err := c.session.replica.Everywhere(t.Context(), "d:", workroom.KindInput)
	if err != nil || len(rows) != 1 || rows[0].Thing.(*workroom.CellInput).Minutes[0].At != x.at/60+60 {
		t.Errorf("counts: %+v %v", rows, err)
	}
	eventually(t, "the pictures are in the diary, where their slice is", func() bool {
		rows, err := c.session.replica.Everywhere(t.Context(), "d:", workroom.KindShot)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if d := (r.Thing.(*workroom.Shot).At - x.at) % 600; d > 2 && d < 598 || r.Thing.(*workroom.Shot).At < x.at+3598 {
				t.Fatalf("%+v", r.Thing)
			}
		}
		return len(rows) == 2
	})
	arrived(t, c)
	if _, err := os.Stat(x.file); !os.IsNotExist(err) {
		t.Errorf("its clock is remembered still: %v", err)
	}

	x.h.stop()
	s := x.slice(c, 5000, 5060) // by the clock that was put right
	record(t, c, tracker.Save{Slice: s, Report: true})
	c.Close()
	c = openDesk(t, x.dirs)
	x.h.again()
	arrived(t, c)
	want[s.ID] = 5000
	x.has(t, want, x.ended, x.moved, x.unended)
	if v := notSentOf(t, c); len(v.Rows)+len(v.Groups) != 0 {
		t.Errorf("refused: %+v", v)
	}
}

// TestT03_AnEarlierRunIsPutRightByAVerb: so does a program without a tracker, before it sends what that run recorded.
func TestT03_AnEarlierRunIsPutRightByAVerb(t *testing.T) {
	t.Parallel()
	x := openLateRun(t)
	x.h.again()
	c, err := OpenCore(CoreOptions{Dirs: x.dirs, Face: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	arrived(t, c)
	x.has(t, map[string]int64{x.ended: 3600, x.moved: 1200, x.unended: 1300 + 3600}, x.ended, x.moved, x.unended)
	if _, err := os.Stat(x.file); !os.IsNotExist(err) {
		t.Errorf("its clock is remembered still: %v", err)
	}
}

// TestT03_RunsOfAnotherSystem: by a file of another start of the system, or one that is damaged, nothing is moved.
func TestT03_RunsOfAnotherSystem(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(string) string{
		"another system": func(body string) string { return strings.Replace(body, `"system":"`, `"system":"x`, 1) },
		"damaged":        func(body string) string { return body[:len(body)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := openLateRun(t)
			body, err := os.ReadFile(x.file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(x.file, []byte(spoil(string(body))), 0o600); err != nil {
				t.Fatal(err)
			}
			c := openDesk(t, x.dirs)
			x.h.again()
			arrived(t, c)
			x.has(t, map[string]int64{x.ended: 0, x.moved: 1200, x.unended: 1300}, x.moved)
		})
	}
}
