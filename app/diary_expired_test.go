package app

import (
	"context"
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// T-06, T-18, W-17, W-27: once the counts of a week are deleted as agreed, its diary says that and since when, and that its protection cannot be
// told any more; it never says that nothing was measured. A desktop that does it by itself and one that the service tells show the same, the
// export leaves the counts empty with a flag, and the seal of the week holds.
func TestW27_AWeekWithoutItsCounts(t *testing.T) {
	t.Parallel()
	const ago, keep = 20 * 24 * time.Hour, 7
	w := workingSince(t, ago, keep)
	w.base = time.Now().Add(-ago).Truncate(10 * time.Minute).Add(10 * time.Minute)
	w.behind.Store(int64(ago - 3*time.Hour)) // the service of then, as it is worked
	w.track(w.harbour, 0, 20, "Map", "markers")
	w.count(w.harbour, "keyboard", 0, 7)
	w.count(w.harbour, "keyboard", 10, 7)
	w.count(w.harbour, "tablet", 10, 5)
	w.all()
	week := workroom.WeekOf(w.base)
	until := week.End().AddDate(0, 0, keep)
	view := func(c *Core) WeekView {
		t.Helper()
		v, err := (&Diary{c}).Week(DayIn{Contract: w.harbour, Day: w.base.UTC().Format(time.DateOnly), Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []*Core{w.esme, w.mara} {
		a, b := w.sees(c, w.harbour, 0), w.sees(c, w.harbour, 10)
		if !a.Counted || !a.Shielded || a.Unsaid || a.Gone != 0 || b.Keys != 12 || len(b.Minutes) == 0 {
			t.Fatalf("worked then: %+v\n%+v", a, b)
		}
		if v := view(c); v.Shielded < 2 || v.Expired != 0 || v.Activity < 0 {
			t.Fatalf("%+v", v)
		}
	}
	w.behind.Store(0)
	for _, c := range []*Core{w.esme, w.mara} {
		if err := c.session.sealWeeks(context.Background(), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	w.all()

	// What a desktop shows that did it alone, offline.
	w.h.stop()
	w.mara.session.expire(context.Background(), time.Now(), false)
	alone := [2]CellView{w.sees(w.mara, w.harbour, 0), w.sees(w.mara, w.harbour, 10)}
	w.behind.Store(-int64(24 * time.Hour))
	w.h.again() // its job of the next day runs
	eventually(t, "the service told the freelancer", func() bool { w.all(); return w.sees(w.esme, w.harbour, 0).Gone != 0 })
	for _, c := range []*Core{w.esme, w.mara} {
		for i, minutes := range []int64{0, 10} {
			v := w.sees(c, w.harbour, minutes)
			if v.Gone != until.UnixMilli() || !v.Unsaid || v.Shielded || v.Counted || v.Active != 0 || v.Keys != 0 || len(v.Minutes) != 0 || v.Seconds != 600 {
				t.Errorf("%+v", v)
			}
			if c == w.mara && !reflect.DeepEqual(v, alone[i]) {
				t.Errorf("by itself it showed\n%+v\nand by the service\n%+v", alone[i], v)
			}
		}
		if v := view(c); v.Shielded != 0 || v.Expired < 2 || v.Activity != -1 || v.Seconds != 1200 || v.Parts[0].Expired != v.Parts[0].Segments {
			t.Errorf("%+v", v)
		}
		v, err := (&Diary{c}).Verify(IDIn{w.harbour})
		if err != nil || !v.Good || v.Head == "" {
			t.Errorf("%+v %v", v, err)
		}
		day := w.base.UTC().Format(time.DateOnly)
		f, err := (&Reports{c}).File(TimeExportIn{Report: TimeReportIn{From: day, To: w.base.Add(time.Hour).UTC().Format(time.DateOnly)}, Format: "csv", Layout: "trestle"})
		if err != nil {
			t.Fatal(err)
		}
		body, err := base64.StdEncoding.DecodeString(f.Body)
		if err != nil || !strings.Contains(string(body), ",,,,60.00,") || !strings.Contains(string(body), ",counts_expired\r\n") {
			t.Errorf("%s %v", body, err)
		}
	}
}

// count reports counts of a minute of work, some minutes after the base, by a device of its own beside what is tracked.
func (w *working) count(contract, device string, minute int64, keys uint16) {
	w.t.Helper()
	w.seq++
	at, zero := w.base.Add(time.Duration(minute)*time.Minute), uint16(0)
	s := workroom.Slice{ID: newID(), Rev: 1, Freelancer: w.esme.session.me(), Contract: workroom.ContractID(contract), Device: device,
		Boot: "b", Seq: w.seq, Start: at.Unix(), End: at.Unix() + 60, Memo: "markers", Kind: workroom.Tracked, Close: workroom.CloseStop}
	in := workroom.CellInput{Device: device, Cell: at.Unix() / 600, Minutes: []workroom.Minute{{At: at.Unix() / 60, Keys: &keys, Clicks: &zero, Scroll: &zero}}}
	if _, err := w.esme.session.enqueue(workroom.ReportSlice{Week: workroom.WeekOf(at).String(), Slice: s, Input: []workroom.CellInput{in}}, enqueueOpts{}); err != nil {
		w.t.Fatal(err)
	}
}
