package proof

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/tracker"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// trackOrders tell a child to track time: the machine of the tracker and a real copy, on a clock that runs as fast as the disk takes it.
type trackOrders struct {
	Dir, Device string
	Signed      wire.Signed
	Contract    workroom.ContractID
	From        int64 // Unix seconds at which its clock begins
}

// onDisk is what the child says after each step: how far its slice had come when the store had taken it.
type onDisk struct {
	Slice      string
	Start, End int64
	Close      workroom.CloseReason
}

// trackChild tracks: a heartbeat each quarter of a minute, a report at the end of each segment, now and then another memo or a pause.
func trackChild(raw json.RawMessage) error {
	var o trackOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	rep, err := replica.Open(filepath.Join(o.Dir, "copy.db"), replica.Options{Service: o.Signed.Service, Account: o.Signed.Account, Device: o.Device})
	if err != nil {
		return err
	}
	now, last := time.Unix(o.From, 0), onDisk{}
	m := tracker.New(tracker.Config{Freelancer: o.Signed.Account, Device: rep.Device(), Boot: newID(), NewID: newID, Random: func(n int64) int64 { return n / 2 }})
	tell := func(ev tracker.Event) error {
		effects, err := m.Step(now, ev)
		for _, e := range effects {
			save, ok := e.(tracker.Save)
			if !ok {
				if _, drop := e.(tracker.Drop); drop {
					err = rep.ForgetTracked(bg)
				}
				continue
			}
			beat := &replica.Tracked{Slice: save.Slice, Inputs: save.Inputs}
			if save.Slice.Close != "" {
				beat = nil
			}
			if save.Report {
				week := workroom.WeekOf(time.Unix(save.Slice.Start, 0)).String()
				_, err = rep.Enqueue(bg, workroom.ReportSlice{Week: week, Slice: save.Slice, Input: save.Inputs}, replica.EnqueueOpts{At: now, Tracked: beat})
			} else {
				err = rep.KeepTracked(bg, *beat)
			}
			last = onDisk{save.Slice.ID, save.Slice.Start, save.Slice.End, save.Slice.Close}
		}
		return err
	}
	say := func() error { return json.NewEncoder(os.Stdout).Encode(last) }
	if err := tell(tracker.TermsLearnt{Contract: tracker.Contract{ID: o.Contract, Active: true, Terms: workroom.Terms{Unlimited: true, Shots: workroom.ShotsNone}}}); err != nil {
		return err
	}
	left, err := rep.Tracked(bg)
	if err == nil && left != nil {
		err = tell(tracker.Found{Slice: left.Slice, Inputs: left.Inputs})
	}
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for i := 0; ; i++ {
		ev := tracker.Event(tracker.Deadline{})
		switch {
		case i%37 == 36:
			ev = tracker.Stop{}
		case m.Snapshot().State == tracker.Stopped, i%11 == 10:
			ev = tracker.Start{Work: tracker.Work{Contract: o.Contract, Memo: fmt.Sprint("work ", i)}}
		}
		err := tell(tracker.Input{Countable: true, Presence: true, Keys: 7})
		if err == nil {
			err = tell(ev)
		}
		if err == nil {
			err = say()
		}
		if err != nil {
			return err
		}
		now = now.Add(15 * time.Second)
	}
}

// timeIn is what a copy holds of recorded time: what is being recorded, and the reports that wait, by slice.
func timeIn(t testing.TB, path string) (open *replica.Tracked, reports map[string]workroom.Slice) {
	t.Helper()
	db := look(t, path)
	defer db.Close()
	for _, v := range column(t, db, "SELECT v FROM meta WHERE k='tracked'") {
		open = new(replica.Tracked)
		must(t, json.Unmarshal([]byte(v), open))
	}
	reports = map[string]workroom.Slice{}
	for _, args := range column(t, db, "SELECT args FROM outbox WHERE op='ReportSlice' ORDER BY n") {
		var c workroom.ReportSlice
		must(t, json.Unmarshal([]byte(args), &c))
		if had, ok := reports[c.Slice.ID]; !ok || c.Slice.Rev > had.Rev {
			reports[c.Slice.ID] = c.Slice
		}
	}
	return open, reports
}

// lostTime is what of the confirmed time a copy has not, in seconds.
func lostTime(open *replica.Tracked, reports map[string]workroom.Slice, confirmed map[string]onDisk) (lost int64) {
	for id, want := range confirmed {
		end := want.Start
		if r, ok := reports[id]; ok {
			end = r.End
		}
		if open != nil && open.Slice.ID == id {
			end = max(end, open.Slice.End)
		}
		if end < want.End {
			lost += want.End - end
		}
	}
	return lost
}

// TestT6_TrackerPowerCut cuts the power at random syncs while time is tracked. Whatever heartbeat, report or close was confirmed is there
// after each cut, so a cut costs what came after the last heartbeat and no more; the open slice and its reports always fit each other, and
// none stays open for ever (T-12). The control, with a disk that lies, must lose.
func TestT6_TrackerPowerCut(t *testing.T) {
	t.Parallel()
	h := openHouse(t, service.Config{})
	a := signUp(t, "http://"+h.addr, "Anna").start()
	k, _ := a.contract()
	a.sync()
	a.stop()
	p := power(t, a.dir)
	from := time.Now().Unix() / 15 * 15
	orders := func() trackOrders {
		return trackOrders{Dir: p.live, Device: a.id, Signed: a.signed, Contract: k, From: from}
	}
	life := func(c *child, most int) map[string]onDisk {
		t.Helper()
		told := map[string]onDisk{}
		c.first()
		for range most {
			line, ok := c.line()
			if !ok {
				break
			}
			var x onDisk
			must(t, json.Unmarshal([]byte(line), &x))
			told[x.Slice] = x
			from = max(from, x.End)
		}
		c.kill()
		from += 15 + rand.Int64N(40)*15
		return told
	}
	cuts, slices, beats := Size(8, 20, 60, 1000), 0, 0
	for range cuts {
		told := life(spawn(t, "track", orders(), p.env(12+rand.IntN(120), rand.IntN(2) == 0, false)...), 1000)
		seen := filepath.Join(p.restore(), "copy.db")
		checkFile(t, seen)
		open, reports := timeIn(t, seen)
		if lost := lostTime(open, reports, told); lost > 0 {
			t.Fatalf("T-12: %d s that were confirmed did not survive the cut", lost)
		}
		for id, x := range told {
			if x.Close != "" && reports[id].Close != x.Close {
				t.Errorf("T-12: the end of a slice was confirmed and it is open: %+v", reports[id])
			}
			slices++
		}
		for id, r := range reports {
			switch {
			case r.Close == "" && (open == nil || open.Slice.ID != id || open.Slice.End < r.End):
				t.Errorf("T-12: a slice is open in its report and nobody will close it: %+v, open %+v", r, open)
			case r.Close != "" && open != nil && open.Slice.ID == id:
				t.Errorf("T-12: a slice is closed and is being recorded: %+v", r)
			}
		}
		beats += len(told)
	}
	if beats < cuts {
		t.Errorf("only %d slices in %d cuts: the test is too weak", beats, cuts)
	}
	Report(t, "T6", "tracker: %d cuts, %d slices confirmed, 0 s of a confirmed heartbeat lost", cuts, slices)

	lost, gone := 0, int64(0)
	rounds := Size(3, 5, 20, 100)
	for range rounds {
		p.reset()
		told := life(spawn(t, "track", orders(), p.env(0, false, true)...), 5+rand.IntN(40))
		open, reports := timeIn(t, filepath.Join(p.restore(), "copy.db"))
		if n := lostTime(open, reports, told); n > 0 {
			lost, gone = lost+1, gone+n
		}
	}
	if lost == 0 {
		t.Errorf("the control with a disk that lies lost nothing in %d cuts: this test proves nothing", rounds)
	}
	Report(t, "T6", "tracker, control with a disk that lies: %d of %d cuts lost, %d s gone", lost, rounds, gone)
}
