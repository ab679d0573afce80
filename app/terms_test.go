package app

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// get is a contract as somebody's workroom shows it.
func (w *working) get(c *Core, contract string) ContractView {
	w.t.Helper()
	v, err := (&Contracts{c}).Get(IDIn{contract})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func turned(rows []TurnRow) (out []string) {
	for _, r := range rows {
		s := r.By + " " + r.What
		if r.Was != r.Now {
			s += " " + r.Was + "→" + r.Now
		}
		if r.Waiting {
			s += " (waiting)"
		}
		out = append(out, s)
	}
	return out
}

// W-23 to W-27, W-29: the client changes terms; the freelancer sees who changed what, may change nothing, and is told before the next start.
func TestW27_TermsAreChanged(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 20, "Map", "markers")
	w.all()
	change := ChangeTermsIn{Contract: w.harbour, Set: []string{"limit", "shots", "idle", "rate"}, Terms: TermsView{Limit: 20 * 3600, Shots: "full", IdleMinutes: 5, Rate: 6500}}
	if _, err := (&Contracts{w.esme}).ChangeTerms(change); code(err) != string(workroom.ClientOnly) {
		t.Errorf("by the freelancer: %v", err)
	}
	if may := w.get(w.esme, w.harbour).TermsMay; may.Limit || may.Rate || may.Pause || !may.End || may.Why == "" {
		t.Errorf("the freelancer may %+v", may)
	}
	out, err := (&Contracts{w.mara}).ChangeTerms(change)
	if err != nil {
		t.Fatal(err)
	}
	monday := workroom.WeekOf(time.Now()).End().UnixMilli()
	if out.Terms.Limit != 20*3600 || out.Terms.Shots != "full" || out.Terms.Rate != 6000 || out.Row.Limit != 20*3600 || out.Week.Rate != 6000 {
		t.Errorf("terms %+v, row %+v", out.Terms, out.Row)
	}
	if got := turned(out.Pending); !slices.Equal(got, []string{"Mara rate 6000→6500"}) || out.Pending[0].From != monday {
		t.Errorf("pending %v", got)
	}
	if may := out.TermsMay; !may.Limit || !may.Pause || may.Resume || may.Why != "" {
		t.Errorf("the client may %+v", may)
	}
	if _, err := (&Contracts{w.mara}).ChangeTerms(ChangeTermsIn{Contract: w.harbour, Set: []string{"rate"}, Terms: TermsView{Rate: 5000}}); code(err) != string(workroom.RateCut) {
		t.Errorf("a cut of the rate: %v", err)
	}
	if _, err := (&Contracts{w.mara}).ChangeTerms(ChangeTermsIn{Contract: w.harbour, Set: []string{"weather"}}); code(err) != CodeBadInput {
		t.Errorf("no such term: %v", err)
	}
	w.all()
	want := []string{"Mara rate 6000→6500", "Mara limit 0→72000", "Mara shots none→full", "Mara idle 10→5"}
	if got := turned(w.get(w.esme, w.harbour).Turns); !slices.Equal(got, want) {
		t.Errorf("the freelancer reads %v", got)
	}
	v, err := (&Tracker{w.esme}).State(TrackerIn{Contract: w.harbour})
	if err != nil || !slices.Equal(turned(v.Changes), want) || v.Shots != "full" || v.Idle != 5 || v.Limit != 20*3600 {
		t.Errorf("before the next start %v, pictures %s, idle %d, limit %d, %v", turned(v.Changes), v.Shots, v.Idle, v.Limit, err)
	}
	if v, err := (&Tracker{w.esme}).State(TrackerIn{Contract: w.orchard}); err != nil || len(v.Changes) != 0 {
		t.Errorf("of another contract %v, %v", v.Changes, err)
	}
}

// W-27: while the service cannot be asked a change waits, is shown as waiting, and nothing of it counts.
func TestW27_AChangeWaitsForTheService(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.h.stop()
	eventually(t, "the way is gone", func() bool {
		s, err := (&Shell{w.mara}).Status()
		return err == nil && s.State == "offline"
	})
	out, err := (&Contracts{w.mara}).ChangeTerms(ChangeTermsIn{Contract: w.harbour, Set: []string{"limit"}, Terms: TermsView{Limit: 3600}})
	if err != nil {
		t.Fatal(err)
	}
	if got := turned(out.Pending); !slices.Equal(got, []string{"Mara limit 0→3600 (waiting)"}) || out.Terms.Limit != 0 || len(out.Turns) != 0 {
		t.Errorf("pending %v, limit %d, turns %v", got, out.Terms.Limit, out.Turns)
	}
	w.h.again()
	w.all()
	if v := w.get(w.esme, w.harbour); v.Terms.Limit != 3600 || len(v.Pending) != 0 {
		t.Errorf("limit %d, pending %v", v.Terms.Limit, v.Pending)
	}
}

// W-24: a limit lowered below what is in it leaves that in; the bill never exceeds what was within it.
func TestW24_LoweredBelowWhatIsIn(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 60, "Map", "markers")
	w.all()
	lower := func(hours int64) ContractView {
		out, err := (&Contracts{w.mara}).ChangeTerms(ChangeTermsIn{Contract: w.harbour, Set: []string{"limit"}, Terms: TermsView{Limit: hours * 600}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	week := workroom.WeekOf(w.base).String()
	now := workroom.WeekOf(time.Now()).String()
	lower(3)
	w.track(w.harbour, 60, 30, "Map", "more")
	w.all()
	if now != week {
		t.Skip("the hour lies in the week before: its limit is none")
	}
	for _, c := range []*Core{w.esme, w.mara} {
		v, err := (&Diary{c}).Week(DayIn{Contract: w.harbour, Day: week, Zone: "UTC"})
		if err != nil || v.Limit != 3600 || v.Billable != 3600 || v.Over != 1800 {
			t.Errorf("limit %d, billable %d, over %d, %v", v.Limit, v.Billable, v.Over, err)
		}
	}
	if out := lower(9); out.Week.Limit != 5400 || out.Week.Over != 0 {
		t.Errorf("raised: limit %d, over %d", out.Week.Limit, out.Week.Over)
	}
}

// W-35: the client pauses: the other side's tracker stops and starts nothing; what was recorded before the news came is unbilled. Either ends.
func TestW35_PausedAndEnded(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	c := &Contracts{w.mara}
	if _, err := (&Contracts{w.esme}).Pause(IDIn{w.harbour}); code(err) != string(workroom.ClientOnly) {
		t.Errorf("paused by the freelancer: %v", err)
	}
	out, err := c.Pause(IDIn{w.harbour})
	if err != nil || out.Row.Status != "paused" || out.Since == 0 || !out.TermsMay.Resume || out.TermsMay.Pause {
		t.Fatalf("%+v, since %d, %v", out.Row, out.Since, err)
	}
	w.all()
	if v, err := (&Tracker{w.esme}).State(TrackerIn{}); err != nil || slices.ContainsFunc(v.Contracts, func(r ContractRow) bool { return r.ID == w.harbour }) {
		t.Errorf("a paused contract can be tracked: %v", err)
	}
	if _, err := (&Diary{w.esme}).AddManual(ManualIn{Contract: w.harbour, From: w.at(0), To: w.at(10), Memo: "by hand", Activity: w.activity(w.harbour, "Map")}); err != nil {
		t.Errorf("by hand, of before, while paused: %v", err)
	}
	if out, err = c.Resume(IDIn{w.harbour}); err != nil || out.Row.Status != "active" || out.Since != 0 {
		t.Fatalf("%+v %v", out.Row, err)
	}
	w.all()
	if _, err := (&Contracts{w.esme}).End(EndIn{Contract: w.harbour}); code(err) != CodeBadInput {
		t.Errorf("ended without a reason: %v", err)
	}
	out, err = (&Contracts{w.esme}).End(EndIn{Contract: w.harbour, Reason: "other", Text: "Moving away."})
	if err != nil || out.Row.Status != "ended" || out.Since == 0 {
		t.Fatalf("%+v %v", out.Row, err)
	}
	w.all()
	v := w.get(w.mara, w.harbour)
	if got := turned(v.Turns); !slices.Equal(got, []string{"Esme ended", "Mara resumed", "Mara paused"}) || v.Turns[0].Text != "Moving away." || v.Row.Status != "ended" {
		t.Errorf("%v, %s", got, v.Row.Status)
	}
	if v.TermsMay != (TermsMay{Why: v.TermsMay.Why}) || v.TermsMay.Why == "" {
		t.Errorf("after the end one may %+v", v.TermsMay)
	}
	if _, err := c.End(EndIn{Contract: w.harbour, Reason: "done"}); code(err) != string(workroom.NotRunning) {
		t.Errorf("ended twice: %v", err)
	}
	w.track(w.harbour, 0, 10, "Map", "before all of it")
	w.all()
	if x := w.sees(w.mara, w.harbour, 0); x.Seconds != 600 {
		t.Errorf("time of before is lost: %+v", x)
	}
}

// N-06: what the other side does to a contract stands in the bell, what one does oneself does not, and a notice says it in words.
func TestW29_TheBellTellsOfIt(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	if _, err := (&Contracts{w.mara}).ChangeTerms(ChangeTermsIn{Contract: w.harbour, Set: []string{"limit", "shots", "rate"},
		Terms: TermsView{Limit: 20 * 3600, Shots: "blurred", Rate: 6500}}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Contracts{w.mara}).Pause(IDIn{w.harbour}); err != nil {
		t.Fatal(err)
	}
	w.all()
	from := workroom.WeekOf(time.Now()).End().Format("2 January")
	for c, want := range map[*Core][]string{
		w.esme: {"Mara paused the contract.", "Mara changed the terms: 65.00 EUR an hour from " + from + " on, weekly limit 20:00 h, screenshots: blurred."},
		w.mara: nil,
	} {
		l, err := (&Notices{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range l.Rows {
			if r.Topic == string(workroom.TopicContract) {
				got = append(got, r.Text)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the bell says %q, want %q", got, want)
		}
	}
}

// A board that was there when it happened tells it once.
func TestW29_NoticesOfTurns(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	id := workroom.ContractID(w.harbour)
	n := openNotices(w.esme.session)
	look := func() []string {
		c, _, err := w.esme.session.contract(w.harbour)
		if err != nil {
			t.Fatal(err)
		}
		return n.turned(id, c)
	}
	if got := look(); len(got) != 0 {
		t.Errorf("at first %v", got)
	}
	if _, err := (&Contracts{w.mara}).Pause(IDIn{w.harbour}); err != nil {
		t.Fatal(err)
	}
	w.all()
	if got := look(); !slices.Equal(got, []string{"Mara paused the contract."}) {
		t.Errorf("after a pause %v", got)
	}
	if _, err := (&Contracts{w.esme}).End(EndIn{Contract: w.harbour, Reason: "done"}); err != nil {
		t.Fatal(err)
	}
	w.all()
	if got := look(); len(got) != 0 {
		t.Errorf("of one's own end, or twice: %v", got)
	}
}

// W-23: a lower rate is asked for, answered by the freelancer alone, and counts from next Monday.
func TestW23_ALowerRateIsAskedFor(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	mara, esme := &Contracts{w.mara}, &Contracts{w.esme}
	if _, err := esme.AskRate(AskRateIn{Contract: w.harbour, Rate: 5000}); code(err) != string(workroom.ClientOnly) {
		t.Errorf("asked by the freelancer: %v", err)
	}
	if _, err := mara.AskRate(AskRateIn{Contract: w.harbour, Rate: 6000}); code(err) != CodeBadInput {
		t.Errorf("not lower: %v", err)
	}
	out, err := mara.AskRate(AskRateIn{Contract: w.harbour, Rate: 5000})
	if err != nil || len(out.Pending) != 1 || out.Pending[0].Needs != "them" || out.TermsMay.Agree || out.Terms.Rate != 6000 {
		t.Fatalf("%+v %v", out.Pending, err)
	}
	w.all()
	v := w.get(w.esme, w.harbour)
	if len(v.Pending) != 1 || v.Pending[0].Needs != "me" || v.Pending[0].Now != "5000" || !v.TermsMay.Agree {
		t.Fatalf("the freelancer sees %+v", v.Pending)
	}
	if _, err := mara.AnswerRate(AnswerRateIn{Contract: w.harbour, Mark: v.Pending[0].Mark, Agree: true}); code(err) != string(workroom.FreelancerOnly) {
		t.Errorf("agreed by the client: %v", err)
	}
	if _, err := esme.AnswerRate(AnswerRateIn{Contract: w.harbour, Mark: 1, Agree: true}); code(err) != string(workroom.Moved) {
		t.Errorf("agreed to something else: %v", err)
	}
	v, err = esme.AnswerRate(AnswerRateIn{Contract: w.harbour, Mark: v.Pending[0].Mark, Agree: true})
	if err != nil || v.Terms.Rate != 6000 || len(v.Pending) != 1 || v.Pending[0].Needs != "" || v.Pending[0].Now != "5000" || v.TermsMay.Agree {
		t.Fatalf("%+v %v", v.Pending, err)
	}
	w.all()
	if got := turned(w.get(w.mara, w.harbour).Turns); len(got) != 2 || got[0] != "Esme rate 6000→5000" {
		t.Errorf("%v", got)
	}
	if out, err = mara.AskRate(AskRateIn{Contract: w.harbour, Rate: 4000}); err != nil {
		t.Fatal(err)
	}
	mark := out.Pending[slices.IndexFunc(out.Pending, func(r TurnRow) bool { return r.Needs == "them" })].Mark
	if out, err = mara.AnswerRate(AnswerRateIn{Contract: w.harbour, Mark: mark}); err != nil || slices.ContainsFunc(out.Pending, func(r TurnRow) bool { return r.Needs != "" }) {
		t.Errorf("withdrawn: %+v %v", out.Pending, err)
	}
}
