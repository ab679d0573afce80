package workroom

import (
	"strings"
	"testing"
)

// P-19, P-20: what may be reported, by whom, and with what reason.
func TestP20_AReportNeedsAReason(t *testing.T) {
	report := func(change func(*MakeReport)) MakeReport {
		c := MakeReport{Who: plain, Person: boss, Name: "N", Room: hall, Message: "m", Reason: Scam}
		change(&c)
		return c
	}
	for what, c := range map[string]struct {
		by     AccountID
		change func(*MakeReport)
		want   Code
	}{
		"a message":               {plain, func(*MakeReport) {}, ""},
		"with a note":             {plain, func(c *MakeReport) { c.Note = strings.Repeat("ü", MaxReportNote) }, ""},
		"a person":                {plain, func(c *MakeReport) { c.Message = "" }, ""},
		"no reason":               {plain, func(c *MakeReport) { c.Reason = "" }, BadInput},
		"an invented reason":      {plain, func(c *MakeReport) { c.Reason = "dull" }, BadInput},
		"something else":          {plain, func(c *MakeReport) { c.Reason, c.Note = SomethingElse, "It is odd." }, ""},
		"something else, no note": {plain, func(c *MakeReport) { c.Reason = SomethingElse }, BadInput},
		"a blank note":            {plain, func(c *MakeReport) { c.Reason, c.Note = SomethingElse, " \u200b" }, BadInput},
		"a long note":             {plain, func(c *MakeReport) { c.Note = strings.Repeat("ü", MaxReportNote+1) }, BadInput},
		"oneself":                 {plain, func(c *MakeReport) { c.Person = plain }, BadInput},
		"another's message":       {plain, func(c *MakeReport) { c.Person = aide }, Gone},
		"no such message":         {plain, func(c *MakeReport) { c.Message = "n" }, Gone},
		"somebody who is not in":  {plain, func(c *MakeReport) { c.Person, c.Message = guest, "" }, Gone},
		"by somebody not in":      {guest, func(c *MakeReport) { c.Who = guest }, NoAccess},
		"in another's name":       {aide, func(*MakeReport) {}, NoAccess},
	} {
		x := hallOf(t)
		wantCode(t, "written", x.do(t, boss, "m", noon, SendMessage{Room: hall, Text: "click here"}), "")
		wantCode(t, what, x.do(t, c.by, "rep", noon, report(c.change)), c.want)
		if r, ok := x.rows[Ref{AccountScope(plain), KindReport, "rep"}].(*Report); c.want == "" && (!ok || r.Name != "client" || r.Outcome != ReportOpen) {
			t.Errorf("%s: kept as %+v", what, r)
		}
	}
	if len(Reasons) != 8 {
		t.Errorf("%d reasons", len(Reasons))
	}
}
