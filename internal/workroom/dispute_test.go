package workroom

import (
	"strings"
	"testing"
	"time"
)

func dispute(act DisputeAct, set func(*DisputeWeek)) DisputeWeek {
	c := DisputeWeek{Contract: kon, Week: thisWeek, Act: act}
	if act != DisputeBegin {
		c.Dispute = "d"
	} else {
		c.Text = "The hour on Wednesday was spent on something else."
	}
	if set != nil {
		set(&c)
	}
	return c
}

func disputeOf(x *table) *Dispute {
	d, _ := x.rows[Ref{DiaryScope(kon, thisWeek), KindDispute, "d"}].(*Dispute)
	return d
}

// W-38: who may do what to a dispute, and when.
func TestW38_WhoMayDispute(t *testing.T) {
	w := WeekOf(work)
	over := w.End()
	text := func(s string) func(*DisputeWeek) { return func(c *DisputeWeek) { c.Text = s } }
	amount := func(n int64) func(*DisputeWeek) { return func(c *DisputeWeek) { c.Amount = n } }
	// Before each, the freelancer opened a dispute and the client offered to be paid back 10.00, unless it is about opening one.
	for name, c := range map[string]struct {
		who  AccountID
		does DisputeWeek
		want Code
	}{
		"written by the client":           {cli, dispute(DisputeWrite, text("No.")), ""},
		"written by the freelancer":       {free, dispute(DisputeWrite, text("Yes.")), ""},
		"written by a stranger":           {odd, dispute(DisputeWrite, text("Me too.")), NoAccess},
		"nothing written":                 {cli, dispute(DisputeWrite, text(" ")), BadInput},
		"too much written":                {cli, dispute(DisputeWrite, text(strings.Repeat("x", 2001))), BadInput},
		"about one that is not there":     {cli, dispute(DisputeWrite, func(c *DisputeWeek) { c.Dispute, c.Text = "other", "x" }), Gone},
		"a second one":                    {cli, dispute(DisputeBegin, nil), Moved},
		"another offer":                   {free, dispute(DisputePropose, amount(500)), ""},
		"nothing at all as an offer":      {cli, dispute(DisputePropose, amount(0)), ""},
		"all of it back":                  {free, dispute(DisputePropose, amount(-7800)), ""},
		"more back than it cost":          {free, dispute(DisputePropose, amount(-7801)), BadInput},
		"a fortune":                       {free, dispute(DisputePropose, amount(1_000_000_001)), BadInput},
		"an offer by a stranger":          {odd, dispute(DisputePropose, amount(1)), NoAccess},
		"accepted by the other side":      {free, dispute(DisputeAccept, func(c *DisputeWeek) { c.Offer = over.Add(time.Hour).UnixMicro() }), ""},
		"accepted by who offered":         {cli, dispute(DisputeAccept, func(c *DisputeWeek) { c.Offer = over.Add(time.Hour).UnixMicro() }), OtherSide},
		"accepted by a stranger":          {odd, dispute(DisputeAccept, func(c *DisputeWeek) { c.Offer = over.Add(time.Hour).UnixMicro() }), NoAccess},
		"another offer than stands there": {free, dispute(DisputeAccept, func(c *DisputeWeek) { c.Offer = 5 }), Moved},
		"withdrawn by who opened it":      {free, dispute(DisputeWithdraw, nil), ""},
		"withdrawn by the other":          {cli, dispute(DisputeWithdraw, nil), AuthorOnly},
		"some other act":                  {cli, dispute("burn", nil), BadInput},
	} {
		x := tracked(t)
		wantCode(t, name, x.do(t, free, "d", over, dispute(DisputeBegin, nil)), "")
		wantCode(t, name, x.do(t, cli, "o", over.Add(time.Hour), dispute(DisputePropose, amount(-1000))), "")
		wantCode(t, name, x.do(t, c.who, "x", over.Add(2*time.Hour), c.does), c.want)
	}
	x := tracked(t)
	wantCode(t, "while the week runs", x.do(t, cli, "d", over.Add(-time.Second), dispute(DisputeBegin, nil)), WeekRuns)
	wantCode(t, "without words", x.do(t, cli, "d", over, dispute(DisputeBegin, text(""))), BadInput)
	wantCode(t, "by a stranger", x.do(t, odd, "d", over, dispute(DisputeBegin, nil)), NoAccess)
	wantCode(t, "of an empty week", x.do(t, cli, "d", over, dispute(DisputeBegin, func(c *DisputeWeek) { c.Week = "2026-11-09" })), Gone)
	n := *contractOf(x)
	n.Client = free
	x.rows[Ref{ContractScope(kon), KindContract, string(kon)}] = &n
	wantCode(t, "with oneself", x.do(t, free, "d", over, dispute(DisputeBegin, nil)), BadInput)
}

// W-38: both write, an offer replaces the one before, what both accept is an adjustment, and then it is closed; the bill stays.
func TestW38_SettledByWhatBothAccept(t *testing.T) {
	x := tracked(t)
	wantCode(t, "seal", seal(t, x, cli, overReview, thisWeek), "")
	was := sealIn(x, thisWeek).Sum
	at := overReview
	does := func(what string, who AccountID, id string, c DisputeWeek, want Code) {
		t.Helper()
		at = at.Add(time.Minute)
		wantCode(t, what, x.do(t, who, id, at, c), want)
	}
	offer := func(n int64) DisputeWeek {
		return dispute(DisputePropose, func(c *DisputeWeek) { c.Amount, c.Text = n, "half of it" })
	}
	take := func(moment int64) DisputeWeek {
		return dispute(DisputeAccept, func(c *DisputeWeek) { c.Offer = moment })
	}
	does("open", cli, "d", dispute(DisputeBegin, nil), "")
	does("answer", free, "w1", dispute(DisputeWrite, func(c *DisputeWeek) { c.Text = "It was the map." }), "")
	does("offer", cli, "o1", offer(-5200), "")
	first := disputeOf(x).Offer.At
	does("a lower one", free, "o2", offer(-2600), "")
	does("the first is taken", free, "a0", take(first), Moved)
	does("taken", cli, "a1", take(disputeOf(x).Offer.At), "")
	d := disputeOf(x)
	if d.State != DisputeSettled || len(d.Texts) != 2 || d.Texts[0].By != cli || d.Texts[1].By != free || d.Closed == 0 {
		t.Errorf("%+v", d)
	}
	if list := adjusted(x); len(list) != 1 || list[0].Amount != -2600 || list[0].Dispute != "d" || list[0].Kind != AdjustDispute || list[0].By != cli {
		t.Errorf("%+v", list)
	}
	does("written after the end", free, "w2", dispute(DisputeWrite, func(c *DisputeWeek) { c.Text = "One more thing." }), Moved)
	does("taken twice", cli, "a2", take(d.Offer.At), Moved)
	does("another one later", free, "e", dispute(DisputeBegin, nil), "")
	does("more back than is left", cli, "o3", dispute(DisputePropose, func(c *DisputeWeek) { c.Dispute, c.Amount = "e", -5201 }), BadInput)
	if s := sealIn(x, thisWeek); s.Sum != was || len(s.Faults(diaryOf(x), "")) != 0 {
		t.Errorf("the bill changed: %v", s.Faults(diaryOf(x), ""))
	}
}

// A dispute does not grow without end.
func TestW38_ManyTexts(t *testing.T) {
	x := tracked(t)
	at := WeekOf(work).End()
	wantCode(t, "open", x.do(t, cli, "d", at, dispute(DisputeBegin, nil)), "")
	var r *Refusal
	for range maxDisputeTexts + 1 {
		r = x.do(t, free, "w", at, dispute(DisputeWrite, func(c *DisputeWeek) { c.Text = "And another thing." }))
	}
	wantCode(t, "the last", r, TooMany)
	if n := len(disputeOf(x).Texts); n != 1+maxDisputeTexts {
		t.Errorf("%d texts", n)
	}
}
