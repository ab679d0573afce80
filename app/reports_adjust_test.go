package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// T-16, W-38: what was approved and what a dispute was settled by stands in the reports and files of both sides, which add up to the bill with
// it; the time stays as it is.
func TestT16_ReportsReconcileWithTheBill(t *testing.T) {
	t.Parallel()
	w, week := longAgo(t)
	in := TimeReportIn{From: week.String(), To: week.Start().AddDate(0, 0, 6).Format(time.DateOnly), Group: []string{"contract", "activity"}, Contracts: []string{w.harbour}}
	before, err := (&Reports{w.mara}).Time(in)
	if err != nil || len(before.Adjusted) != 0 || before.Approved != 0 || before.Seconds != 1800 {
		t.Fatalf("%+v %v", before, err)
	}
	v, err := (&Diary{w.mara}).ApproveLate(ApproveIn{Contract: w.harbour, Week: week.String(), Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	if v, err = (&Diary{w.esme}).Dispute(DisputeIn{Contract: w.harbour, Week: week.String(), Text: "The hut had a price.", Zone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	w.all()
	act := DisputeActIn{Contract: w.harbour, Week: week.String(), ID: v.Settling.Dispute.ID, Text: "=the hut", Amount: 1250, Zone: "UTC"}
	if v, err = (&Diary{w.mara}).DisputeOffer(act); err != nil {
		t.Fatal(err)
	}
	w.all()
	act.Mark = v.Settling.Dispute.Offer.Mark
	if _, err = (&Diary{w.esme}).DisputeAccept(act); err != nil {
		t.Fatal(err)
	}
	w.all()
	for name, c := range map[string]*Core{"the freelancer": w.esme, "the client": w.mara} {
		r := &Reports{c}
		got, err := r.Time(in)
		if err != nil || got.Seconds != 1800 || got.Billable != 0 || got.Approved != 1800 || len(got.Adjusted) != 2 || !slices.Equal(got.Bill, []MoneyView{{4250, "EUR"}}) || got.Money[0].Amount != 0 {
			t.Fatalf("%s: %+v %v", name, got, err)
		}
		for _, a := range got.Adjusted {
			if a.Week != week.String() || a.Title != "Harbour Map" || a.Freelancer != "Esme" {
				t.Errorf("%s: %+v", name, a)
			}
		}
		part := in
		part.Kinds = []string{"late"}
		if got, err := r.Time(part); err != nil || len(got.Adjusted) != 0 || got.Seconds != 1800 || got.Bill[0].Amount != 0 {
			t.Errorf("%s, of one kind: %+v %v", name, got.Bill, err)
		}
		budgets, err := r.Budgets()
		if i := slices.IndexFunc(budgets.Budgets, func(b BudgetRow) bool { return b.Contract == w.harbour }); err != nil || i < 0 || budgets.Budgets[i].Spent != 4250 {
			t.Errorf("%s: budgets %+v %v", name, budgets.Budgets, err)
		}
		f, err := r.File(TimeExportIn{Report: in, Format: "csv", Layout: "trestle"})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bodyOf(t, f))).ReadAll()
		if err != nil || len(rows) < 4 || !slices.Contains(rows[len(rows)-1], "adjustment") {
			t.Errorf("%s: %v %q", name, err, rows)
		}
		f, err = r.File(TimeExportIn{Report: in, Format: "json"})
		var whole struct {
			Totals struct {
				Bill []struct{ Amount_minor int64 }
			}
			Adjustments []struct {
				Kind         string
				Amount_minor int64
			}
		}
		if err != nil || json.Unmarshal(bodyOf(t, f), &whole) != nil || len(whole.Adjustments) != 2 || len(whole.Totals.Bill) != 1 || whole.Totals.Bill[0].Amount_minor != 4250 {
			t.Errorf("%s: %v %s", name, err, bodyOf(t, f))
		}
		for _, form := range []string{"csv:week", "xlsx:", "pdf:"} {
			format, layout, _ := strings.Cut(form, ":")
			f, err := r.File(TimeExportIn{Report: in, Format: format, Layout: layout})
			if err != nil || form == "csv:week" && !strings.Contains(string(bodyOf(t, f)), ",42.50,EUR") {
				t.Errorf("%s, %s: %v", name, form, err)
			}
		}
	}
}
