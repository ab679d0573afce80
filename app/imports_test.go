package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/timesheet"
)

// byHand is a house in which Esme has two contracts since five hours; the first takes manual time.
func byHand(t *testing.T) (h *house, c *Core, k []string) {
	t.Helper()
	h = openHouse(t)
	var behind atomic.Int64
	behind.Store(int64(5 * time.Hour))
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	h.again()
	c, err := OpenCore(CoreOptions{Dirs: testDirs(t), Face: "cli"}) // without a tracker, whose clock would learn the five hours
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: "Esme", Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	for i, title := range []string{"Otter Trails", "Harbour"} {
		out, err := (&Contracts{c}).Create(NewContractIn{ID: newID(), Title: title, Self: true,
			Terms:      TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10, Manual: i == 0},
			Activities: []ActivityIn{{Code: "Map"}, {Code: "Review"}}})
		if err != nil {
			t.Fatal(err)
		}
		k = append(k, out.Contract.ID)
	}
	arrived(t, c)
	behind.Store(0)
	c.kind = "desktop"
	return h, c, k
}

// handed gives a file to the program in pieces, as a page does.
func handed(t *testing.T, c *Core, x *Imports, body string) string {
	t.Helper()
	id := newID()
	for at := 0; at < len(body); at += 100 {
		piece := ImportPiece{ID: id, Name: "toggl.csv", At: int64(at), Body: base64.StdEncoding.EncodeToString([]byte(body[at:min(at+100, len(body))]))}
		for range 2 { // an answer that was lost
			if err := x.Put(piece); err != nil {
				t.Fatal(err)
			}
		}
	}
	return id
}

func looked(t *testing.T, x *Imports, in ImportIn) ImportView {
	t.Helper()
	v, err := x.Look(in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func imported(t *testing.T, x *Imports, in ImportIn) ImportState {
	t.Helper()
	if _, err := x.Start(in); err != nil {
		t.Fatal(err)
	}
	var out ImportState
	eventually(t, "it is imported", func() bool {
		var err error
		out, err = x.State(IDIn{in.ID})
		return err == nil && out.State != "going"
	})
	return out
}

const togglHead = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n"

// togglLine is a line of Toggl Track in UTC: when it began before now, for how many seconds.
func togglLine(who, project, task, memo string, now time.Time, ago time.Duration, seconds int) string {
	from := now.Add(-ago)
	to := from.Add(time.Duration(seconds) * time.Second)
	return fmt.Sprintf("%s,%s@example.com,Otter,%s,%s,%s,No,%s,%s,%s,%s,%02d:%02d:%02d,,\n", who, strings.ToLower(who), project, task, memo,
		from.Format(time.DateOnly), from.Format(time.TimeOnly), to.Format(time.DateOnly), to.Format(time.TimeOnly), seconds/3600, seconds/60%60, seconds%60)
}

// T-14: an import says before it does anything what becomes of each line; what it adds is manual time on both sides; the same file again adds
// nothing; Undo takes all of it back, without a trace while it waits.
func TestT14_ImportOfToggl(t *testing.T) {
	t.Parallel()
	h, c, k := byHand(t)
	x := &Imports{c: c}
	now := time.Now().UTC().Truncate(time.Second)
	worktime(t, c, k[1], "", "tracked on another contract", 60*time.Minute, 600)
	arrived(t, c)
	me := strings.Split(c.session.st.Email, "@")[0]
	own := func(project, task, memo string, ago time.Duration, seconds int) string {
		return strings.ReplaceAll(togglLine(me, project, task, memo, now, ago, seconds), me+"@example.com", c.session.st.Email)
	}
	body := togglHead +
		own("otter trails", "map", "coast", 4*time.Hour, 1807) + // 2: added, its code whatever the case
		own("Otter Trails", "Baking", "rivers", 3*time.Hour, 65) + // 3: added, without an activity
		own("Otter Trails", "", "across another's time", 61*time.Minute, 120) + // 4: overlaps what was tracked
		own("Otter Trails", "", "again", 4*time.Hour-time.Minute, 120) + // 5: overlaps line 2
		own("Otter Trails", "", "", 2*time.Hour, 60) + // 6: no memo
		own("Harbour", "", "not allowed", 2*time.Hour, 60) + // 7
		own("Elsewhere", "", "no such contract", 2*time.Hour, 60) + // 8
		own("Otter Trails", "", "from now on", -time.Hour, 60) + // 9: future
		own("Otter Trails", "", "last month", 40*24*time.Hour, 60) + // 10: frozen
		togglLine("Olek", "Otter Trails", "", "somebody else's", now, 2*time.Hour, 60) + // 11
		"only,three,cells\n" // 12
	in := ImportIn{ID: handed(t, c, x, body), Zone: "UTC"}
	v := looked(t, x, in)
	want := map[int64]string{2: "add", 3: "add", 4: "overlap", 5: "overlap", 6: "memo", 7: "not_allowed", 8: "project", 9: "future", 10: "frozen", 11: "person", 12: "unreadable"}
	for _, r := range v.Rows {
		got := r.State
		if got == "refused" {
			got = r.Reason
		}
		if got != want[r.Line] || r.State == "refused" && r.Why == "" {
			t.Errorf("line %d: %s (%s)", r.Line, got, r.Why)
		}
	}
	if v.Add != 2 || v.Seconds != 1872 || v.Refused != 9 || v.All != 11 || v.Layout != "toggl" || len(v.Rows[1].Notes) != 1 || v.Rows[0].Code != "Map" || len(v.Rows[2].Clashes) != 1 {
		t.Errorf("%+v", v)
	}
	if got := reportOf(t, c, nil).Seconds; got != 600 {
		t.Errorf("looking wrote: %d seconds", got)
	}

	state := imported(t, x, in)
	if state.Added != 2 || state.Failed != 0 || state.Seconds != 1872 || state.Until <= now.UnixMilli() {
		t.Errorf("%+v", state)
	}
	if again := looked(t, x, in); again.Add != 0 || again.There != 2 {
		t.Errorf("the same file again adds %d, has %d", again.Add, again.There)
	}
	if r := reportOf(t, c, nil); r.Seconds != 2472 || r.Manual != 1872 {
		t.Errorf("%d seconds, of which %d by hand", r.Seconds, r.Manual)
	}
	waits := func() int {
		n, _, err := c.session.replica.Count(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if waits() != 2 {
		t.Errorf("%d rows wait for Undo", waits())
	}
	done, err := x.Undo(in)
	if err != nil || done.Rows != 2 || done.Deleted != 0 || waits() != 0 {
		t.Errorf("%+v, %v, %d wait", done, err, waits())
	}
	if v := looked(t, x, in); v.Add != 2 {
		t.Errorf("after Undo %d would be added", v.Add)
	}

	// Offline, by the command line's way: nothing is held, all of it goes when the service is there again.
	h.stop()
	c.kind = "cli"
	if state := imported(t, x, in); state.Added != 2 {
		t.Errorf("offline: %+v", state)
	}
	c.kind = "desktop"
	h.again()
	arrived(t, c)
	if v := looked(t, x, ImportIn{ID: handed(t, c, x, body), Zone: "UTC"}); v.There != 2 || v.Add != 0 {
		t.Errorf("from the service: %d there, %d to add", v.There, v.Add)
	}
	x2 := &Imports{c: c} // the program was started again
	in.ID = handed(t, c, x2, body)
	if done, err = x2.Undo(in); err != nil || done.Rows != 2 || done.Deleted != 1872 {
		t.Errorf("taken back from the service: %+v, %v", done, err)
	}
	arrived(t, c)
	if r := reportOf(t, c, nil); r.Seconds != 600 {
		t.Errorf("%d seconds stay", r.Seconds)
	}
	if v := looked(t, x2, in); v.Add != 0 || v.Rows[0].Reason != "deleted" {
		t.Errorf("deleted time would be written in again: %+v", v.Rows[0])
	}
}

// T-14: matches that a person chooses, a memo for lines without one, and a stop in the middle.
func TestT14_ImportChoices(t *testing.T) {
	t.Parallel()
	_, c, k := byHand(t)
	x := &Imports{c: c}
	now := time.Now().UTC().Truncate(time.Second)
	var body strings.Builder
	body.WriteString(togglHead)
	for i := range 40 {
		body.WriteString(togglLine("Esme", "Website", "Sketch", "", now, 4*time.Hour-time.Duration(i)*2*time.Minute, 60))
	}
	in := ImportIn{ID: handed(t, c, x, body.String()), Zone: "UTC"}
	if v := looked(t, x, in); v.Reasons[0].Reason != "project" || v.Projects[0] != (ImportName{"Website", 40, ""}) {
		t.Errorf("%+v", v.Reasons)
	}
	in.Contract = k[0]
	if v := looked(t, x, in); v.Reasons[0].Reason != "memo" || v.Projects[0].To != k[0] {
		t.Errorf("the contract it was opened from: %+v", v.Reasons)
	}
	in.Memo, in.Tasks = "design", []ImportMatch{{"Sketch", "Review"}}
	v := looked(t, x, in)
	if v.Add != 40 || v.Rows[0].Code != "Review" || v.Rows[0].Memo != "design" || v.Tasks[0].To != "Review" {
		t.Errorf("%+v", v.Rows[0])
	}
	in.Projects = []ImportMatch{{"website", "-"}}
	if v := looked(t, x, in); v.Add != 0 || v.Reasons[0].Reason != "left_out" {
		t.Errorf("left out: %+v", v.Reasons)
	}
	in.Projects, in.Show, in.Skip = nil, "add", 38
	if v := looked(t, x, in); len(v.Rows) != 2 || v.Rows[0].Line != 40 {
		t.Errorf("the last two: %+v", v.Rows)
	}
	if _, err := x.Start(in); err != nil {
		t.Fatal(err)
	}
	if err := x.Stop(IDIn{in.ID}); err != nil {
		t.Fatal(err)
	}
	var state ImportState
	eventually(t, "it stops", func() bool {
		state, _ = x.State(IDIn{in.ID})
		return state.State != "going"
	})
	if v := looked(t, x, in); v.There != state.Added || v.There+v.Add != 40 {
		t.Errorf("%d are there of %+v", v.There, state)
	}
	if done, err := x.Undo(in); err != nil || done.Rows != state.Added {
		t.Errorf("%+v, %v", done, err)
	}
	for name, bad := range map[string]ImportIn{"a zone": {ID: in.ID, Zone: "Mars/Olympus"}, "an order": {ID: in.ID, Order: "dym"}, "a file": {ID: "gone"}} {
		if _, err := x.Look(bad); err == nil {
			t.Errorf("%s nobody knows is taken", name)
		}
	}
	if err := x.Put(ImportPiece{ID: newID(), At: 9, Body: "eA=="}); err == nil {
		t.Error("a piece without the one before is taken")
	}
	if _, err := x.Look(ImportIn{ID: handed(t, c, x, "\x7fELF")}); AsFailure(err).Code != CodeBadInput {
		t.Errorf("a program is read: %v", err)
	}
}

// T-14: the largest file that is taken is looked at within one call, whatever its names are.
func TestT14_ImportOfManyRows(t *testing.T) {
	t.Parallel()
	_, c, _ := byHand(t)
	x := &Imports{c: c}
	now := time.Now().UTC().Truncate(time.Second)
	var body strings.Builder
	body.WriteString("Email,Project,Start date,Start time,Duration\n")
	rows := timesheet.MaxImportRows
	for i := range rows {
		at := now.Add(-time.Duration(i) * time.Hour)
		fmt.Fprintf(&body, "esme@x.example,Project %d,%s,%s,0:30:00\n", i, at.Format(time.DateOnly), at.Format(time.TimeOnly))
	}
	id := newID()
	if err := x.Put(ImportPiece{ID: id, Body: base64.StdEncoding.EncodeToString([]byte(body.String()))}); err != nil {
		t.Fatal(err)
	}
	v := looked(t, x, ImportIn{ID: id, Zone: "UTC"})
	if v.All != int64(rows) || len(v.Rows) != maxImportRows || v.More != int64(rows-maxImportRows) || len(v.Projects) != maxImportNames || v.Refused != int64(rows) {
		t.Errorf("%d rows, %d answered, %d more, %d projects", v.All, len(v.Rows), v.More, len(v.Projects))
	}
}
