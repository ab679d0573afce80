package workroom

import (
	"testing"
	"time"
)

func lower(act RateAct, rate, asked int64) LowerRate {
	return LowerRate{Contract: kon, Act: act, Rate: rate, Asked: asked}
}

// W-23: the client asks for a lower rate, the freelancer alone agrees or declines.
func TestW23_WhoMayLowerTheRate(t *testing.T) {
	moment := work.UnixMicro()
	for name, c := range map[string]struct {
		who  AccountID
		does LowerRate
		want Code
		rate int64 // agreed then
		open int64 // asked for then
	}{
		"asked again":                {cli, lower(RateAsk, 4000, 0), "", 5200, 4000},
		"asked by the freelancer":    {free, lower(RateAsk, 4000, 0), ClientOnly, 5200, 4500},
		"asked by a stranger":        {odd, lower(RateAsk, 4000, 0), NoAccess, 5200, 4500},
		"asked for the same rate":    {cli, lower(RateAsk, 5200, 0), BadInput, 5200, 4500},
		"asked for a higher one":     {cli, lower(RateAsk, 6000, 0), BadInput, 5200, 4500},
		"asked for nothing":          {cli, lower(RateAsk, 0, 0), BadInput, 5200, 4500},
		"agreed by the freelancer":   {free, lower(RateAgree, 0, moment), "", 4500, 0},
		"agreed by the client":       {cli, lower(RateAgree, 0, moment), FreelancerOnly, 5200, 4500},
		"agreed by a stranger":       {odd, lower(RateAgree, 0, moment), NoAccess, 5200, 4500},
		"agreed to something else":   {free, lower(RateAgree, 0, moment+1), Moved, 5200, 4500},
		"agreed with a rate of mine": {free, lower(RateAgree, 9000, moment), BadInput, 5200, 4500},
		"declined by the freelancer": {free, lower(RateDecline, 0, moment), "", 5200, 0},
		"declined by the client":     {cli, lower(RateDecline, 0, moment), FreelancerOnly, 5200, 4500},
		"withdrawn by the client":    {cli, lower(RateWithdraw, 0, moment), "", 5200, 0},
		"withdrawn by the other":     {free, lower(RateWithdraw, 0, moment), ClientOnly, 5200, 4500},
		"some other act":             {cli, lower("force", 1, 0), BadInput, 5200, 4500},
	} {
		x := active(t)
		wantCode(t, name, x.do(t, cli, "ask", work, lower(RateAsk, 4500, 0)), "")
		wantCode(t, name, x.do(t, c.who, "x", work.Add(time.Hour), c.does), c.want)
		var open int64
		if asked := historyOf(x).RateAsked(); asked != nil {
			open = asked.Amount
		}
		if got := contractOf(x).Terms.Rate; got != c.rate || open != c.open {
			t.Errorf("%s: the rate is %d, asked for %d", name, got, open)
		}
	}
	x := active(t)
	wantCode(t, "end", x.do(t, cli, "e", work, end(work)), "")
	wantCode(t, "after the end", x.do(t, cli, "ask", work.Add(time.Hour), lower(RateAsk, 4500, 0)), NotRunning)
}

// W-23: what was agreed counts from the Monday after; a raise, an answer or a withdrawal ends the question, and saying the same again asks nothing.
func TestW23_AnAgreedCutFromMonday(t *testing.T) {
	x := active(t)
	at := func(h int) time.Time { return work.Add(time.Duration(h) * time.Hour) }
	wantCode(t, "ask", x.do(t, cli, "a1", at(0), lower(RateAsk, 4500, 0)), "")
	wantCode(t, "ask the same", x.do(t, cli, "a2", at(1), lower(RateAsk, 4500, 0)), "")
	asked := historyOf(x).RateAsked()
	if len(historyOf(x).Turns()) != 1 || asked == nil {
		t.Fatalf("%d turns", len(historyOf(x).Turns()))
	}
	wantCode(t, "agree", x.do(t, free, "b", at(2), lower(RateAgree, 0, asked.At)), "")
	wantCode(t, "agree twice", x.do(t, free, "b2", at(2), lower(RateAgree, 0, asked.At)), Moved)
	h, w := historyOf(x), WeekOf(work)
	if h.Of(w).Rate != 5200 || h.Of(w.Next()).Rate != 4500 || h.Of(w).Limit != 40*3600 {
		t.Errorf("rates %d then %d", h.Of(w).Rate, h.Of(w.Next()).Rate)
	}
	// Until that Monday other terms change as ever, and the lower rate may be raised again, but not cut.
	wantCode(t, "limit meanwhile", x.do(t, cli, "l", at(2), change(at(2), func(c *ChangeTerms) { c.Limit = new(int64(30 * 3600)) })), "")
	wantCode(t, "a cut meanwhile", x.do(t, cli, "c", at(2), change(at(2), func(c *ChangeTerms) { c.Rate = new(int64(4400)) })), RateCut)
	wantCode(t, "ask for less", x.do(t, cli, "a3", at(3), lower(RateAsk, 4000, 0)), "")
	wantCode(t, "raise meanwhile", x.do(t, cli, "r", at(4), change(at(4), func(c *ChangeTerms) { c.Rate = new(int64(5000)) })), "")
	if asked := historyOf(x).RateAsked(); asked != nil {
		t.Errorf("still asked for %d", asked.Amount)
	}
}
