package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// worked is a house in which Esme has two contracts of her own since five hours.
func worked(t *testing.T) (h *house, c *Core, contracts []string) {
	t.Helper()
	h = openHouse(t)
	var behind atomic.Int64
	behind.Store(int64(5 * time.Hour))
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	h.again()
	c = h.desk("Esme")
	contracts = []string{own(t, c, "none"), own(t, c, "none")}
	arrived(t, c)
	behind.Store(0)
	return h, c, contracts
}

// worktime writes time: how long ago it began, for how many seconds, under which activity.
func worktime(t *testing.T, c *Core, contract, activity, memo string, ago time.Duration, seconds int64) {
	t.Helper()
	start := time.Now().Add(-ago)
	s := workroom.ReportSlice{Week: workroom.WeekOf(start).String(), Slice: workroom.Slice{ID: newID(), Rev: 1, Freelancer: c.session.me(), Contract: workroom.ContractID(contract),
		Device: c.session.st.Device, Boot: "b", Start: start.Unix(), End: start.Unix() + seconds, Activity: workroom.ActivityID(activity), Memo: memo, Kind: workroom.Tracked, Close: "stop"}}
	if _, err := c.session.replica.Enqueue(context.Background(), s, replica.EnqueueOpts{}); err != nil {
		t.Fatal(err)
	}
}

func reportOf(t *testing.T, c *Core, change func(*TimeReportIn)) TimeReport {
	t.Helper()
	in := TimeReportIn{From: time.Now().UTC().AddDate(0, 0, -40).Format(time.DateOnly), To: time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), Group: []string{"contract", "activity"}}
	if change != nil {
		change(&in)
	}
	out, err := (&Reports{c}).Time(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func idOf(t *testing.T, list []TimeFacet, name string) string {
	t.Helper()
	for _, f := range list {
		if f.Name == name {
			return f.ID
		}
	}
	t.Fatalf("no %s in %+v", name, list)
	return ""
}

// one report on screen, the command line and in exports; the same code of two contracts is one; it holds offline, is read again
// from what was kept, and what is written meanwhile is in it at once.
func TestA13_ReportsOfTwoContracts(t *testing.T) {
	t.Parallel()
	h, c, k := worked(t)
	v := reportOf(t, c, nil)
	if v.Seconds != 0 || !slices.Equal(v.Empty, []string{"dates"}) {
		t.Fatalf("%+v", v)
	}
	mapping := idOf(t, v.Activities, "Map")
	if n := len(v.Activities); n != 3 { // Map, Review and none: the second contract took the codes of the first
		t.Fatalf("%d activities: %+v", n, v.Activities)
	}
	worktime(t, c, k[0], mapping, "=coast", 4*time.Hour, 3600)
	worktime(t, c, k[1], mapping, "rivers", 2*time.Hour, 1800)
	worktime(t, c, k[1], "", "nothing of it", time.Hour, 600)
	for _, wave := range []string{"waiting", "kept by the service", "read again", "offline"} {
		switch wave {
		case "kept by the service":
			arrived(t, c)
		case "offline":
			h.stop()
			eventually(t, "it is offline", func() bool { s, _ := (&Shell{c}).Status(); return s.State == "offline" })
		}
		for _, group := range [][]string{{"contract", "activity"}, {"activity", "day"}, {"freelancer", "activity"}, {"activity", "freelancer", "week"}, {"memo"}, {}} {
			v := reportOf(t, c, func(in *TimeReportIn) { in.Group = group })
			var seconds, amount int64
			for _, r := range v.Rows {
				seconds, amount = seconds+r.Seconds, amount+r.Amount
			}
			if v.Seconds != 6000 || seconds != 6000 || len(v.Money) != 1 || v.Money[0].Amount != amount {
				t.Errorf("%s by %v: %+v", wave, group, v)
			}
		}
		for memo, want := range map[string]int{"": 0, "=coast": 1, "nowhere": 0} {
			in := TimeLinesIn{Report: TimeReportIn{From: v.From, To: v.To}, Memo: memo, Any: memo == ""}
			got, err := (&Reports{c}).Lines(in)
			sum := int64(0)
			for _, l := range got.Rows {
				sum += l.Seconds
			}
			if err != nil || memo == "" && (sum != 6000 || len(got.Rows) < 3) || memo != "" && len(got.Rows) != want {
				t.Errorf("%s: behind the numbers %d seconds in %d stretches, %v", wave, sum, len(got.Rows), err)
			}
		}
		one := reportOf(t, c, func(in *TimeReportIn) { in.Activities = []string{mapping} })
		if one.Seconds != 5400 || len(one.Rows) != 2 {
			t.Errorf("%s: of one activity %+v", wave, one.Rows)
		}
		none := reportOf(t, c, func(in *TimeReportIn) { in.Activities, in.Kinds = []string{mapping}, []string{"manual"} })
		if none.Seconds != 0 || !slices.Equal(none.Empty, []string{"kinds"}) {
			t.Errorf("%s: empty because of %v", wave, none.Empty)
		}
	}
	all := reportOf(t, c, nil)
	in := TimeExportIn{Report: TimeReportIn{From: all.From, To: all.To}, Format: "csv", Layout: "trestle"}
	f, err := (&Reports{c}).File(in)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bodyOf(t, f))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%v %q", err, bodyOf(t, f))
	}
	sum, at := int64(0), slices.Index(rows[0], "Seconds")
	for _, r := range rows[1:] {
		n, _ := strconv.ParseInt(r[at], 10, 64)
		sum += n
	}
	if sum != 6000 || !bytes.Contains(bodyOf(t, f), []byte("'=coast")) {
		t.Errorf("%d in %q", sum, bodyOf(t, f))
	}
	for format, begins := range map[string]string{"xlsx": "PK", "pdf": "%PDF-", "json": "{"} {
		in.Format = format
		if f, err := (&Reports{c}).File(in); err != nil || !strings.HasPrefix(string(bodyOf(t, f)), begins) {
			t.Errorf("%s: %v", format, err)
		} else if format == "json" {
			var v struct {
				Totals struct{ Seconds int64 }
				Rows   []struct{ Keys map[string]string }
			}
			if err := json.Unmarshal(bodyOf(t, f), &v); err != nil || v.Totals.Seconds != 6000 || len(v.Rows) != 3 {
				t.Errorf("%v %s", err, bodyOf(t, f))
			}
		}
	}
	worktime(t, c, k[0], mapping, "more", 30*time.Minute, 60)
	if v := reportOf(t, c, nil); v.Seconds != 6060 {
		t.Errorf("what is written meanwhile is not in it: %d", v.Seconds)
	}
}

// what cannot be asked for is refused with a sentence.
func TestA14_WrongFilters(t *testing.T) {
	t.Parallel()
	c := openHouse(t).desk("Esme")
	for name, change := range map[string]func(*TimeReportIn){
		"a day that is none": func(in *TimeReportIn) { in.From = "2026-02-30" }, "backwards": func(in *TimeReportIn) { in.From, in.To = in.To, in.From },
		"a zone that is none": func(in *TimeReportIn) { in.Zone = "Middle/Earth" }, "a key that is none": func(in *TimeReportIn) { in.Group = []string{"moon"} },
		"a key twice": func(in *TimeReportIn) { in.Group = []string{"day", "day"} }, "a kind that is none": func(in *TimeReportIn) { in.Kinds = []string{"lost"} },
		"too long": func(in *TimeReportIn) { in.From = "1990-01-01" },
	} {
		in := TimeReportIn{From: "2026-11-01", To: "2026-11-22"}
		change(&in)
		if _, err := (&Reports{c}).Time(in); AsFailure(err) == nil || AsFailure(err).Code != CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (&Reports{c}).File(TimeExportIn{Report: TimeReportIn{From: "2026-11-01", To: "2026-11-22"}, Format: "csv", Layout: "upwork"}); err == nil {
		t.Error("a layout that is none")
	}
}

func bodyOf(t *testing.T, f TimeFile) []byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(f.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func codesOf(t *testing.T, c *Core) map[string]CodeRow {
	t.Helper()
	v, err := (&Reports{c}).Budgets()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]CodeRow{}
	for _, r := range v.Codes {
		out[r.Code] = r
	}
	return out
}

// R2: the list of codes over contracts, offline, and the service agrees with all of it.
func TestA02_OneListOfCodes(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	k := []string{own(t, c, "none"), own(t, c, "none")}
	arrived(t, c)
	r := &Reports{c}
	h.stop()
	if err := r.SetCode(CodeIn{Code: "QA", About: "Testing", Contracts: k}); err != nil {
		t.Fatal(err)
	}
	if got := codesOf(t, c); len(got) != 3 || len(got["QA"].Contracts) != 2 || len(got["Map"].Contracts) != 2 {
		t.Fatalf("%+v", got)
	}
	if err := r.SetCode(CodeIn{Code: "qa"}); err == nil || AsFailure(err).Message != "There is already an activity called QA." {
		t.Errorf("the same in another case: %v", err)
	}
	if err := r.SetCode(CodeIn{Code: "Q\u200bA"}); err == nil || AsFailure(err).Code != string(workroom.CodeTaken) || AsFailure(err).Message != "There is already an activity called QA." {
		t.Errorf("one that reads like it: %v", err)
	}
	if err := r.SetCode(CodeIn{Code: "Idea"}); err != nil {
		t.Fatal(err)
	}
	list := codesOf(t, c)
	if len(list["Idea"].Contracts) != 0 {
		t.Errorf("%+v", list["Idea"])
	}
	if err := r.Assign(AssignIn{Codes: []string{list["Idea"].ID, list["QA"].ID}, Contracts: k[:1], On: true}); err != nil {
		t.Fatal(err)
	}
	if err := r.Assign(AssignIn{Codes: []string{list["QA"].ID}, Contracts: k[1:]}); err != nil {
		t.Fatal(err)
	}
	if err := r.SetCode(CodeIn{ID: list["QA"].ID, Code: "Quality"}); err != nil {
		t.Fatal(err)
	}
	if err := r.SetCode(CodeIn{ID: list["Review"].ID, Code: "Review", Archived: true}); err != nil {
		t.Fatal(err)
	}
	// In a contract's details a code of others is taken off that contract alone, and a known one is assigned.
	row, err := (&Contracts{c}).SetActivity(ActivityIn{Contract: k[1], ID: list["Map"].ID, Code: "Map", Archived: true})
	if err != nil || !row.Archived {
		t.Fatalf("%+v %v", row, err)
	}
	if row, err = (&Contracts{c}).SetActivity(ActivityIn{Contract: k[1], ID: newID(), Code: "idea"}); err != nil || row.ID != list["Idea"].ID {
		t.Fatalf("%+v %v", row, err)
	}
	check := func(what string, c *Core) {
		t.Helper()
		got := codesOf(t, c)
		if len(got) != 4 || !slices.Equal(got["Quality"].Contracts, k[:1]) || !got["Review"].Archived || len(got["Review"].Contracts) != 0 ||
			!slices.Equal(got["Map"].Contracts, k[:1]) || got["Map"].Archived || len(got["Idea"].Contracts) != 2 {
			t.Errorf("%s: %+v", what, got)
		}
	}
	slices.Sort(k)
	check("offline", c)
	h.again()
	arrived(t, c)
	if v := notSentOf(t, c); len(v.Rows)+len(v.Groups) != 0 {
		t.Errorf("the service refused %s", listed(v.Rows))
	}
	check("at the service", c)
	check("on another device", h.witness("Esme"))
	if err := r.SetCode(CodeIn{ID: list["Review"].ID, Code: "Review"}); err != nil {
		t.Fatal(err)
	}
	if got := codesOf(t, c)["Review"]; got.Archived || len(got.Contracts) != 2 {
		t.Errorf("restored: %+v", got)
	}
}

// Saved reports keep their filters, one under a name.
func TestA14_SavedReports(t *testing.T) {
	t.Parallel()
	c := openHouse(t).desk("Esme")
	r := &Reports{c}
	if _, err := r.Save(SavedReport{Name: "  "}); err == nil {
		t.Error("without a name")
	}
	first, err := r.Save(SavedReport{Name: "Last month", Use: "everyone", Report: TimeReportIn{From: "2026-10-01", To: "2026-10-31", Kinds: []string{"manual"}}})
	if err != nil || len(first.List) != 1 {
		t.Fatal(err, first)
	}
	second, err := r.Save(SavedReport{Name: "last MONTH", Use: "freelancer"})
	if err != nil || len(second.List) != 1 || second.List[0].Use != "freelancer" {
		t.Fatal(err, second)
	}
	left, err := r.Forget(IDIn{second.List[0].ID})
	if err != nil || len(left.List) != 0 {
		t.Error(err, left)
	}
}

// W-17: the timesheet of a week is that week, whatever zone its days are of, and comes as a grid, a workbook and paper.
func TestW17_TimesheetOfAWeek(t *testing.T) {
	t.Parallel()
	_, c, k := worked(t)
	worktime(t, c, k[0], "", "this week", time.Hour, 600)
	week := workroom.WeekOf(time.Now().Add(-time.Hour))
	in := TimeReportIn{From: week.String(), To: week.Start().AddDate(0, 0, 7).Format(time.DateOnly), Zone: "Pacific/Auckland", Contracts: []string{k[0]}}
	for name, want := range map[string]int64{week.String(): 600, week.Previous().String(): 0, "": 600} {
		in.Week = name
		v, err := (&Reports{c}).Time(in)
		if err != nil || v.Seconds != want {
			t.Errorf("week %q: %d seconds, %v", name, v.Seconds, err)
		}
	}
	in.Week = week.String()
	for form, begins := range map[string]string{"csv:week": "Freelancer,Contract,Activity,", "xlsx:": "PK", "pdf:": "%PDF-"} {
		format, layout, _ := strings.Cut(form, ":")
		f, err := (&Reports{c}).File(TimeExportIn{Report: in, Format: format, Layout: layout})
		body, _ := base64.StdEncoding.DecodeString(f.Body)
		if err != nil || !strings.HasPrefix(string(body), begins) || form == "csv:week" && !strings.Contains(string(body), ",00:10:00,600,") {
			t.Errorf("%s: %v\n%.300s", form, err, body)
		}
	}
	in.Week = "someday"
	if _, err := (&Reports{c}).Time(in); AsFailure(err).Code != CodeBadInput {
		t.Errorf("a week that is none: %v", err)
	}
	in.Week, in.To = "", week.Start().AddDate(0, 0, 30).Format(time.DateOnly)
	if _, err := (&Reports{c}).File(TimeExportIn{Report: in, Format: "csv", Layout: "week"}); AsFailure(err).Code != CodeBadInput {
		t.Errorf("a grid of a month: %v", err)
	}
}
