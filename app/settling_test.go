package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// longAgo are the same three people, on contracts that began three weeks ago; the week before the last has half an hour that came now, late.
func longAgo(t *testing.T) (w *working, week workroom.Week) {
	w = workingSince(t, 21*24*time.Hour)
	w.base = workroom.WeekOf(time.Now()).Previous().Previous().Start().Add(50 * time.Hour)
	w.track(w.harbour, 0, 30, "Map", "in a hut without a way")
	w.all()
	return w, workroom.WeekOf(w.base)
}

func (w *working) week(c *Core, week workroom.Week) WeekView {
	w.t.Helper()
	v, err := (&Diary{c}).Week(DayIn{Contract: w.harbour, Day: week.String(), Zone: "UTC"})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// T-16: the client approves late time, a part and then the rest; both sides see the lines, and the bill stands.
func TestT16_LateTimeIsApproved(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	v := w.week(w.mara, week)
	if x := v.Settling; v.Late != 1800 || v.Billable != 0 || x.LateOpen != 1800 || x.LateWorth != 3000 || !x.Approve || len(x.Adjusted) != 0 {
		t.Fatalf("late %d, billable %d, %+v", v.Late, v.Billable, x)
	}
	in := ApproveIn{Contract: w.harbour, Week: week.String(), Zone: "UTC"}
	if _, err := (&Diary{w.esme}).ApproveLate(in); code(err) != string(workroom.ClientOnly) || w.week(w.esme, week).Settling.Approve {
		t.Errorf("approved by the freelancer: %v", err)
	}
	in.Cells = []int64{w.cell(10)}
	v, err := (&Diary{w.mara}).ApproveLate(in)
	if x := v.Settling; err != nil || x.LateOpen != 1200 || len(x.Adjusted) != 1 || x.Adjusted[0].Amount != 1000 || x.Adjusted[0].Seconds != 600 || !x.Adjusted[0].Mine {
		t.Fatalf("%+v %v", x, err)
	}
	if _, err := (&Diary{w.mara}).ApproveLate(in); code(err) != CodeBadInput {
		t.Errorf("approved twice: %v", err)
	}
	in.Cells = nil
	if v, err = (&Diary{w.mara}).ApproveLate(in); err != nil || v.Settling.LateOpen != 0 || v.Settling.Approve || v.Billable != 0 {
		t.Errorf("the rest: %+v %v", v.Settling, err)
	}
	w.all()
	var sum int64
	for _, x := range w.week(w.esme, week).Settling.Adjusted {
		sum += x.Amount
		if x.By != "Mara" || x.Mine || x.Kind != "late" || x.Waiting {
			t.Errorf("the freelancer sees %+v", x)
		}
	}
	if sum != 3000 {
		t.Errorf("approved in all %d", sum)
	}
}

// T-16: late time in more stretches than one command names is approved as well.
func TestT16_ManyStretchesAreApproved(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	for i := range int64(workroom.MaxSpans + 5) {
		w.track(w.harbour, 60+2*i, 1, "Map", "on and off")
	}
	w.all()
	v, err := (&Diary{w.mara}).ApproveLate(ApproveIn{Contract: w.harbour, Week: week.String(), Zone: "UTC"})
	if x := v.Settling; err != nil || x.LateOpen != 0 || len(x.Adjusted) != 2 || x.Adjusted[0].Amount+x.Adjusted[1].Amount != (30+workroom.MaxSpans+5)*100 {
		t.Errorf("%+v %v", x, err)
	}
}

// W-38: either side disputes a week that is over; both write, what one offers the other accepts, and it stands beside the bill.
func TestW38_AWeekIsDisputed(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	d, e := &Diary{w.mara}, &Diary{w.esme}
	if _, err := d.Dispute(DisputeIn{Contract: w.harbour, Week: time.Now().UTC().Format(time.DateOnly), Text: "x"}); code(err) != string(workroom.WeekRuns) {
		t.Errorf("while it runs: %v", err)
	}
	if _, err := d.Dispute(DisputeIn{Contract: w.harbour, Week: week.String()}); code(err) != CodeBadInput {
		t.Errorf("without words: %v", err)
	}
	if x := w.week(w.mara, week).Settling; !x.Begin || x.Dispute != nil {
		t.Errorf("%+v", x)
	}
	v, err := e.Dispute(DisputeIn{Contract: w.harbour, Week: week.String(), Text: "I was in \u202ea hut.", Zone: "UTC"})
	if err == nil && v.Settling.Dispute != nil && v.Settling.Dispute.Texts[0].Text != "I was in a hut." {
		t.Errorf("what turns a line around is shown: %+q", v.Settling.Dispute.Texts[0].Text)
	}
	if err != nil || v.Settling.Begin || v.Settling.Dispute == nil || v.Settling.Dispute.May != (DisputeMay{Write: true, Offer: true, Withdraw: true}) {
		t.Fatalf("%+v %v", v.Settling, err)
	}
	act := DisputeActIn{Contract: w.harbour, Week: week.String(), ID: v.Settling.Dispute.ID, Text: "Half\u202e of it?", Amount: 1500, Zone: "UTC"}
	w.all()
	if v, err = d.DisputeOffer(act); err != nil || v.Settling.Dispute.Offer == nil || v.Settling.Dispute.May.Accept || v.Settling.Dispute.May.Withdraw {
		t.Fatalf("%+v %v", v.Settling.Dispute, err)
	}
	w.all()
	act.Text = "Well."
	if v, err = e.DisputeWrite(act); err != nil || len(v.Settling.Dispute.Texts) != 2 || !v.Settling.Dispute.May.Accept {
		t.Fatalf("%+v %v", v.Settling.Dispute, err)
	}
	act.Mark = 1
	if _, err := e.DisputeAccept(act); code(err) != string(workroom.Moved) {
		t.Errorf("another offer than there is: %v", err)
	}
	act.Mark = v.Settling.Dispute.Offer.Mark
	if v, err = e.DisputeAccept(act); err != nil || v.Settling.Dispute.State != "settled" || v.Settling.Dispute.May != (DisputeMay{}) || v.Settling.LateOpen != 1800 {
		t.Fatalf("%+v %v", v.Settling, err)
	}
	w.all()
	x := w.week(w.mara, week).Settling
	if len(x.Adjusted) != 1 || x.Adjusted[0].Amount != 1500 || x.Adjusted[0].Kind != "dispute" || x.Adjusted[0].By != "Esme" || x.Adjusted[0].Text != "Half of it?" || !x.Begin {
		t.Errorf("%+v", x)
	}
	bell := func(c *Core) (out []string) {
		l, err := (&Notices{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.Rows {
			if r.Topic == string(workroom.TopicContract) && r.Contract == w.harbour {
				out = append(out, r.Text)
			}
		}
		return out
	}
	of := "the week of " + week.Start().Format("2 January")
	if got, want := bell(w.mara), []string{"Esme accepted your offer: " + of + " is settled by 15.00 EUR.", "Esme wrote in the dispute of " + of + ".", "Esme disputes " + of + "."}; !slices.Equal(got, want) {
		t.Errorf("the client's bell says %q", got)
	}
	if got, want := bell(w.esme), []string{"Mara offers to settle " + of + " by 15.00 EUR."}; !slices.Equal(got, want) {
		t.Errorf("the freelancer's bell says %q", got)
	}
	if got := turned(w.get(w.mara, w.harbour).Turns); !slices.Equal(got, []string{"Esme settled", "Esme answered", "Mara offered", "Esme disputed"}) {
		t.Errorf("what became of it: %q", got)
	}
	if other, err := (&Diary{w.jonas}).Week(DayIn{Contract: w.harbour, Day: week.String(), Zone: "UTC"}); err == nil {
		t.Errorf("another client reads %+v", other.Settling)
	}
}

// T-16: while the service cannot be asked an approval is shown as waiting, and cannot be given twice.
func TestT16_AnApprovalWaits(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	w.h.stop()
	eventually(t, "the way is gone", func() bool {
		s, err := (&Shell{w.mara}).Status()
		return err == nil && s.State == "offline"
	})
	v, err := (&Diary{w.mara}).ApproveLate(ApproveIn{Contract: w.harbour, Week: week.String(), Zone: "UTC"})
	if x := v.Settling; err != nil || x.Approve || len(x.Adjusted) != 1 || !x.Adjusted[0].Waiting || x.Adjusted[0].Amount != 3000 {
		t.Fatalf("%+v %v", x, err)
	}
	w.h.again()
	w.all()
	if x := w.week(w.esme, week).Settling; len(x.Adjusted) != 1 || x.Adjusted[0].Waiting || x.LateOpen != 0 {
		t.Errorf("%+v", x)
	}
}

// The command line does all of it by the same calls, and prints what stands beside the bill.
func TestW38_SettleFromTheCommandLine(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	v := w.week(w.mara, week)
	for _, x := range []struct {
		cmd    contractSettleCmd
		method string
	}{
		{contractSettleCmd{}, ""}, {contractSettleCmd{Approve: true}, "Diary.ApproveLate"}, {contractSettleCmd{Dispute: "No."}, "Diary.Dispute"},
	} {
		if method, _, err := x.cmd.act(w.harbour, v); err != nil || method != x.method {
			t.Errorf("%+v: %s %v", x.cmd, method, err)
		}
	}
	for _, x := range []contractSettleCmd{{Write: "x"}, {Offer: "1"}, {Accept: true}, {Withdraw: true}} {
		if _, _, err := x.act(w.harbour, v); code(err) != CodeBadInput {
			t.Errorf("%+v without a dispute: %v", x, err)
		}
	}
	if _, err := (&Diary{w.esme}).Dispute(DisputeIn{Contract: w.harbour, Week: week.String(), Text: "I was in a hut."}); err != nil {
		t.Fatal(err)
	}
	w.all()
	_, in, err := contractSettleCmd{Offer: "12.50", Back: true}.act(w.harbour, w.week(w.mara, week))
	if err != nil || in.(DisputeActIn).Amount != -1250 {
		t.Fatalf("%+v %v", in, err)
	}
	if _, err := (&Diary{w.mara}).ApproveLate(ApproveIn{Contract: w.harbour, Week: week.String()}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Diary{w.mara}).DisputeOffer(in.(DisputeActIn)); err != nil {
		t.Fatal(err)
	}
	w.all()
	var out strings.Builder
	printSettling(&out, w.week(w.esme, week))
	for _, want := range []string{"Week of " + week.String(), "Beside it", "30.00 EUR", "late time approved by Mara", "Dispute: open", "Esme: I was in a hut.", "Offer by Mara: -12.50 EUR"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

// T-16: a line that was written while its command still waits for the answer stands there once. Twice the same line broke the page.
func TestT16_AnApprovalStandsOnceWhileItIsAnswered(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	w.h.stop() // so that the command waits
	if v, err := (&Diary{w.mara}).ApproveLate(ApproveIn{Contract: w.harbour, Week: week.String(), Zone: "UTC"}); err != nil || len(v.Settling.Adjusted) != 1 || !v.Settling.Adjusted[0].Waiting {
		t.Fatalf("%+v %v", v.Settling, err)
	}
	s := w.mara.session
	items, err := s.replica.About(t.Context(), w.harbour)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := s.contract(w.harbour)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.book(workroom.ContractID(w.harbour), c, time.Now(), time.UTC, week)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if _, ok := i.Command.(workroom.ApproveTime); ok {
			b.adjusted[i.ID] = &workroom.Adjustment{Kind: workroom.AdjustLate, Week: week.String(), Seconds: 1800, Amount: 3000, By: s.me()}
		}
	}
	v, err := s.weekOf(b, week)
	if err != nil || len(v.Settling.Adjusted) != 1 {
		t.Errorf("%d lines: %+v %v", len(v.Settling.Adjusted), v.Settling.Adjusted, err)
	}
}

// W-38, P-24: a block after the end of a contract does not end what is about money: either side disputes, offers and accepts. The words of somebody
// one blocked are folded until one asks for them.
func TestW38_ADisputePastABlock(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	if _, err := (&Contracts{w.mara}).End(EndIn{Contract: w.harbour, Reason: "done"}); err != nil {
		t.Fatal(err)
	}
	on := workroom.SetBlock{Who: w.mara.session.me(), Other: w.esme.session.me(), Name: "Esme", On: true}
	if _, err := w.mara.session.enqueue(on, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	w.all()
	v, err := (&Diary{w.esme}).Dispute(DisputeIn{Contract: w.harbour, Week: week.String(), Text: "I was in a hut.", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	w.all()
	act := DisputeActIn{Contract: w.harbour, Week: week.String(), ID: v.Settling.Dispute.ID, Text: "Half of it.", Amount: 1500, Zone: "UTC"}
	if v, err = (&Diary{w.esme}).DisputeOffer(act); err != nil {
		t.Fatal(err)
	}
	w.all()
	seen := w.week(w.mara, week).Settling.Dispute
	if seen == nil || !seen.Texts[0].Folded || !seen.Offer.Folded || seen.Offer.Amount != 1500 || !seen.May.Accept || !seen.May.Write {
		t.Fatalf("%+v", seen)
	}
	act.Text = "So be it."
	if _, err = (&Diary{w.mara}).DisputeWrite(act); err != nil {
		t.Fatal(err)
	}
	act.Mark = seen.Offer.Mark
	if v, err = (&Diary{w.mara}).DisputeAccept(act); err != nil || len(v.Settling.Adjusted) != 1 || v.Settling.Dispute.Texts[1].Folded {
		t.Fatalf("%+v %v", v.Settling, err)
	}
	w.all()
	for _, x := range w.week(w.esme, week).Settling.Dispute.Texts {
		if x.Folded {
			t.Errorf("who was blocked reads folded %+v", x)
		}
	}
}
