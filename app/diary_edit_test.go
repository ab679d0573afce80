package app

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// working are a freelancer and two clients at one service, each with a copy of their own, and a contract with each client that allows manual
// time. The contracts began some hours ago.
type working struct {
	t                 *testing.T
	h                 *house
	esme, mara, jonas *Core
	harbour, orchard  string    // with mara, with jonas
	base              time.Time // some hours ago, at the start of a segment, and not shortly before midnight UTC
	seq               int64
	behind            atomic.Int64 // how far the service's clock is behind, in ns
}

func atWork(t *testing.T) *working { return workingSince(t, 8*time.Hour) }

// workingSince is all that with a service that was there before; keep are the days that counts are kept, those of the usual terms without it.
func workingSince(t *testing.T, ago time.Duration, keep ...int64) *working {
	t.Helper()
	w := &working{t: t, h: openHouse(t)}
	w.behind.Store(int64(ago))
	w.h.stop()
	w.h.now = func() time.Time { return time.Now().Add(-time.Duration(w.behind.Load())) }
	w.h.start("127.0.0.1:0") // nobody knows its address yet
	person := func(name string) *Core {
		c, err := OpenCore(CoreOptions{Dirs: testDirs(t), Face: "cli"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		if _, err := (&Start{c}).SignUp(SignUpIn{Address: w.h.url, Name: name, Email: strings.ToLower(name) + "@x.example", Password: secretOfTests}); err != nil {
			t.Fatal(err)
		}
		return c
	}
	w.esme, w.mara, w.jonas = person("Esme"), person("Mara"), person("Jonas")
	hire := func(client *Core, title string) string {
		terms := TermsView{Rate: 6000, Currency: "EUR", Shots: "none", IdleMinutes: 10, Manual: true}
		if len(keep) > 0 {
			terms.KeepDays = keep[0]
		}
		made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: title,
			Terms:      terms,
			Activities: []ActivityIn{{Code: "Map"}, {Code: "Review"}}})
		if err != nil {
			t.Fatal(err)
		}
		arrived(t, client)
		if _, err := (&Contracts{w.esme}).Accept(InviteIn{Link: made.Link}); err != nil {
			t.Fatal(err)
		}
		arrived(t, w.esme)
		arrived(t, client)
		return made.Contract.ID
	}
	w.harbour, w.orchard = hire(w.mara, "Harbour Map"), hire(w.jonas, "Orchard Survey")
	w.behind.Store(0)
	w.base = time.Now().Add(-4 * time.Hour).Truncate(10 * time.Minute)
	if late := w.base.Add(70 * time.Minute); late.UTC().Day() != w.base.UTC().Day() {
		w.base = w.base.Add(-70 * time.Minute)
	}
	return w
}

// track records minutes of work from some minutes after the base on.
func (w *working) track(contract string, from, minutes int64, code, memo string) {
	w.t.Helper()
	w.seq++
	start := w.base.Add(time.Duration(from) * time.Minute)
	x := workroom.Slice{ID: newID(), Rev: 1, Freelancer: w.esme.session.me(), Contract: workroom.ContractID(contract), Device: w.esme.session.st.Device,
		Boot: "b", Seq: w.seq, Start: start.Unix(), End: start.Unix() + minutes*60, Activity: workroom.ActivityID(w.activity(contract, code)), Memo: memo,
		Kind: workroom.Tracked, Close: workroom.CloseStop}
	if _, err := w.esme.session.enqueue(workroom.ReportSlice{Week: workroom.WeekOf(start).String(), Slice: x}, enqueueOpts{}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *working) activity(contract, code string) string {
	w.t.Helper()
	v, err := (&Contracts{w.esme}).Get(IDIn{contract})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range v.Activities {
		if a.Code == code {
			return a.ID
		}
	}
	return ""
}

// cell is the number of the segment some minutes after the base.
func (w *working) cell(minutes int64) int64 { return w.base.Unix()/600 + minutes/10 }

// at is a moment some minutes after the base, in Unix ms.
func (w *working) at(minutes int64) int64 { return w.base.UnixMilli() + minutes*60_000 }

// sees is one segment of a contract as somebody's diary shows it.
func (w *working) sees(c *Core, contract string, minutes int64) CellView {
	w.t.Helper()
	n := w.cell(minutes)
	v, err := (&Diary{c}).Day(DayIn{Contract: contract, Day: time.Unix(n*600, 0).UTC().Format(time.DateOnly), Zone: "UTC"})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, h := range v.Hours {
		for _, x := range h.Cells {
			if x.Cell == n {
				return x
			}
		}
	}
	return CellView{}
}

func (w *working) all() {
	w.t.Helper()
	for _, c := range []*Core{w.esme, w.mara, w.jonas, w.esme} {
		arrived(w.t, c)
	}
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return AsFailure(err).Code
}

// T-02, T-17, A-07, A-09: memo and activity of many segments at once, by the freelancer; the activity by the client, and never the memo. Both
// diaries say the same, the log names who, and an edit can be taken back.
func TestT17_MemoAndActivityInBulk(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 25, "Map", "markers")
	w.track(w.harbour, 25, 15, "Review", "pull request")
	d := &Diary{w.esme}
	done, err := d.Edit(EditTimeIn{Contract: w.harbour, Cells: []int64{w.cell(10), w.cell(20)}, SetMemo: true, Memo: "  coast line "})
	if err != nil || done.Seconds != 1200 || done.Segments != 2 || len(done.Undo) != 2 {
		t.Fatalf("%+v %v", done, err)
	}
	w.all()
	for _, c := range []*Core{w.esme, w.mara} {
		for _, x := range []struct {
			minutes    int64
			memo, code string
		}{{0, "markers", "Map"}, {10, "coast line", "Map"}, {20, "coast line", "Map"}, {30, "pull request", "Review"}} {
			if v := w.sees(c, w.harbour, x.minutes); v.Memo != x.memo || v.Code != x.code || v.Waiting {
				t.Errorf("after %d minutes: %s, %s, waiting %v", x.minutes, v.Code, v.Memo, v.Waiting)
			}
		}
	}
	if v := w.sees(w.esme, w.harbour, 20); v.More != 1 || len(v.Pieces) != 2 || v.Pieces[1].Code != "Review" { // code and memo are independent
		t.Errorf("%+v", v.Pieces)
	}
	if _, err := (&Diary{w.mara}).Edit(EditTimeIn{Contract: w.harbour, Cells: []int64{w.cell(0)}, SetMemo: true, Memo: "x"}); code(err) != string(workroom.FreelancerOnly) {
		t.Errorf("the client's memo: %v", err)
	}
	if _, err := (&Diary{w.jonas}).Edit(EditTimeIn{Contract: w.harbour, Cells: []int64{w.cell(0)}, SetActivity: true}); err == nil {
		t.Error("another client's edit was taken")
	}
	if _, err := (&Diary{w.mara}).Edit(EditTimeIn{Contract: w.harbour, Cells: []int64{w.cell(20)}, SetActivity: true, Activity: w.activity(w.harbour, "Review")}); err != nil {
		t.Fatal(err)
	}
	w.all()
	if v := w.sees(w.esme, w.harbour, 20); v.Code != "Review" || v.Memo != "coast line" || v.More != 0 {
		t.Errorf("re-coded: %+v", v)
	}
	log, err := d.History(DayIn{Contract: w.harbour, Day: w.base.UTC().Format(time.DateOnly), Zone: "UTC"})
	if err != nil || len(log.Rows) < 2 || log.Rows[0].Who != "Mara" || log.Rows[0].What != "activity" || log.Rows[0].Value != "Review" || log.Rows[len(log.Rows)-1].Who != "Esme" {
		t.Errorf("%+v %v", log, err)
	}
	if _, err := d.Restore(RestoreIn{Contract: w.harbour, Parts: done.Undo}); err != nil {
		t.Fatal(err)
	}
	w.all()
	if v := w.sees(w.mara, w.harbour, 10); v.Memo != "markers" {
		t.Errorf("taken back it says %q", v.Memo)
	}
	if v := w.sees(w.mara, w.harbour, 10); !v.May.Activity || v.May.Memo || v.May.Cut || v.May.Swap || v.May.Manual {
		t.Errorf("the client may %+v", v.May)
	}
	if v := w.sees(w.esme, w.harbour, 10); !v.May.Activity || !v.May.Memo || !v.May.Cut || v.May.Swap || !v.May.Manual {
		t.Errorf("the freelancer may %+v", v.May)
	}
}

// T-08, example 14: what deleting takes is said before; then it is gone for both sides, and who did it stays.
func TestT08_DeletedTimeIsGone(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 25, "Map", "markers")
	d := &Diary{w.esme}
	in := CutIn{Contract: w.harbour, Cells: []int64{w.cell(10)}}
	says, err := d.CutSays(in)
	if err != nil || says.Seconds != 600 || says.Segments != 1 || !strings.Contains(says.Label, "–") {
		t.Fatalf("%+v %v", says, err)
	}
	for _, c := range []*Core{w.mara, w.jonas} {
		if _, err := (&Diary{c}).Cut(in); err == nil {
			t.Error("a client deleted time")
		}
	}
	if done, err := d.Cut(in); err != nil || done.Seconds != 600 || len(done.Undo) != 0 {
		t.Fatalf("%+v %v", done, err)
	}
	w.all()
	for _, c := range []*Core{w.esme, w.mara} {
		v := w.sees(c, w.harbour, 10)
		if v.Seconds != 0 || len(v.Cuts) != 1 || v.Cuts[0].By != "Esme" || v.Cuts[0].Seconds != 600 {
			t.Errorf("%+v", v)
		}
	}
	w.track(w.harbour, 10, 10, "Map", "again")
	w.all()
	if v := w.sees(w.mara, w.harbour, 10); v.Seconds != 0 {
		t.Errorf("time came back: %+v", v)
	}
}

// T-13, T-22, example 8: time on two contracts at once belongs to one; each client sees its own part and nothing of the other, and a swap
// moves it.
func TestT13_SwapBetweenTwoContracts(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 20, "Map", "markers")
	w.track(w.orchard, 12, 18, "Map", "trees")
	w.all()
	week := func(c *Core, contract string) (sum int64) {
		t.Helper()
		for _, m := range []int64{0, 10, 20} {
			sum += w.sees(c, contract, m).Seconds
		}
		return sum
	}
	check := func(when string, harbour, orchard int64) {
		t.Helper()
		if a, b, c, d := week(w.esme, w.harbour), week(w.mara, w.harbour), week(w.esme, w.orchard), week(w.jonas, w.orchard); a != harbour || b != harbour || c != orchard || d != orchard {
			t.Errorf("%s: harbour %d and %d, orchard %d and %d; want %d and %d", when, a, b, c, d, harbour, orchard)
		}
	}
	check("before", 1200, 600)
	mine, his := w.sees(w.esme, w.orchard, 10), w.sees(w.jonas, w.orchard, 10)
	if mine.Shadowed != 480 || mine.Pieces[len(mine.Pieces)-1].Owner != "Harbour Map" || !mine.May.Swap {
		t.Errorf("she sees %+v", mine)
	}
	if his.Shadowed != 480 || his.Pieces[len(his.Pieces)-1].Owner != "" || his.May.Swap {
		t.Errorf("he sees %+v", his)
	}
	if _, err := (&Diary{w.jonas}).Swap(CutIn{Contract: w.orchard, Cells: []int64{w.cell(10)}}); err == nil {
		t.Error("a client swapped")
	}
	done, err := (&Diary{w.esme}).Swap(CutIn{Contract: w.orchard, Cells: []int64{w.cell(10)}})
	if err != nil || done.Seconds != 480 {
		t.Fatalf("%+v %v", done, err)
	}
	if n := w.sees(w.esme, w.orchard, 10).Seconds; n != 480 { // at once, before the service has it
		t.Errorf("her own diary shows %d s", n)
	}
	w.all()
	check("swapped", 720, 1080)
	if _, err := (&Diary{w.esme}).Restore(RestoreIn{Contract: w.orchard, Parts: done.Undo}); err != nil {
		t.Fatal(err)
	}
	w.all()
	check("taken back", 1200, 600)
}

// T-14: manual time is refused with what stands in the way, on any contract; the gaps can be filled.
func TestT14_ManualTimeFillsTheGaps(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 10, 10, "Map", "markers")
	w.track(w.orchard, 40, 5, "Map", "trees")
	d := &Diary{w.esme}
	in := ManualIn{Contract: w.harbour, From: w.at(0), To: w.at(60), Memo: "from my notes"}
	out, err := d.AddManual(in)
	if err != nil || len(out.Added) != 0 || len(out.Clashes) != 2 || out.Clashes[0] != (SpanView{w.at(10), w.at(20), "Harbour Map"}) || out.Clashes[1] != (SpanView{w.at(40), w.at(45), "Orchard Survey"}) {
		t.Fatalf("%+v %v", out, err)
	}
	in.Fill = true
	if out, err = d.AddManual(in); err != nil || len(out.Added) != 3 || out.Added[1].From != w.at(20) || out.Added[1].To != w.at(40) {
		t.Fatalf("%+v %v", out, err)
	}
	w.all()
	for _, c := range []*Core{w.esme, w.mara} {
		if v := w.sees(c, w.harbour, 20); v.Seconds != 600 || v.Kind != "manual" || v.Memo != "from my notes" || v.Shielded {
			t.Errorf("%+v", v)
		}
	}
	for what, x := range map[string]struct {
		c    *Core
		in   ManualIn
		want workroom.Code
	}{
		"by the client":   {w.mara, ManualIn{Contract: w.harbour, From: w.at(90), To: w.at(95), Memo: "x"}, workroom.FreelancerOnly},
		"in the future":   {w.esme, ManualIn{Contract: w.harbour, From: w.at(90), To: w.at(600), Memo: "x"}, workroom.InFuture},
		"half a minute":   {w.esme, ManualIn{Contract: w.harbour, From: w.at(90) + 30_000, To: w.at(95), Memo: "x"}, workroom.BadInput},
		"without a memo":  {w.esme, ManualIn{Contract: w.harbour, From: w.at(90), To: w.at(95), Memo: " "}, workroom.MemoEmpty},
		"of a month ago":  {w.esme, ManualIn{Contract: w.harbour, From: w.at(-30 * 1440), To: w.at(-30*1440 + 5), Memo: "x"}, workroom.WeekFrozen},
		"before it began": {w.esme, ManualIn{Contract: w.harbour, From: w.at(-480), To: w.at(-475), Memo: "x"}, ""},
	} {
		_, err := (&Diary{x.c}).AddManual(x.in)
		if got := code(err); got != string(x.want) && x.want != "" || x.want == "" && err == nil {
			t.Errorf("%s: %q, want %q", what, got, x.want)
		}
	}
}
