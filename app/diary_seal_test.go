package app

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// Issue 5: a week that is closed is sealed once either side's program sees it; both sides compute the same sum from the rows they hold, and a
// seal that is another than the one that was seen before is found.
func TestT16_BothSidesVerifyAClosedWeek(t *testing.T) {
	t.Parallel()
	w := workingSince(t, 20*24*time.Hour)
	w.base = time.Now().Add(-20 * 24 * time.Hour).Truncate(10 * time.Minute).Add(10 * time.Minute)
	w.behind.Store(int64(20*24*time.Hour - 3*time.Hour)) // the service of then, as it is worked
	w.track(w.harbour, 0, 25, "Map", "markers")
	w.track(w.harbour, 25, 15, "Review", "pull request")
	w.all()
	if v := w.sees(w.mara, w.harbour, 10); v.Seconds != 600 || v.Late != 0 {
		t.Fatalf("worked then: %+v", v)
	}
	w.behind.Store(0)
	week := workroom.WeekOf(w.base).String()
	verify := func(c *Core, want string) VerifyView {
		t.Helper()
		v, err := (&Diary{c}).Verify(IDIn{w.harbour})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range v.Weeks {
			if x.Week == week && x.State != want {
				t.Errorf("%s's is %s: %v, want %s", c.session.st.Person, x.State, x.Why, want)
			}
		}
		if len(v.Weeks) == 0 {
			t.Error("there are no weeks")
		}
		return v
	}
	verify(w.esme, "waiting")
	for _, c := range []*Core{w.esme, w.mara} { // both programs ask; one seal comes of it
		if err := c.session.sealWeeks(context.Background(), time.Now()); err != nil {
			t.Fatal(err)
		}
		arrived(t, c)
	}
	w.all()
	mine, hers := verify(w.esme, "good"), verify(w.mara, "good")
	if !mine.Good || mine.Head == "" || mine.Head != hers.Head || len(mine.Head) != 64 {
		t.Errorf("%+v\n%+v", mine, hers)
	}
	v, err := (&Diary{w.mara}).Week(DayIn{Contract: w.harbour, Day: week})
	if err != nil || v.Sealed == "" || v.State != "closed" || v.Billable != v.Seconds || v.Amount != workroom.Amount(6000, v.Seconds) {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := (&Diary{w.mara}).Edit(EditTimeIn{Contract: w.harbour, Cells: []int64{w.cell(10)}, SetActivity: true}); code(err) != string(workroom.WeekOver) {
		t.Errorf("the client re-codes a closed week: %v", err)
	}

	// A service that rewrote the week, rows and seal, has to give another sum than the one that was seen.
	body, err := os.ReadFile(w.mara.session.pinned.path)
	if err != nil {
		t.Fatal(err)
	}
	var seen map[string]map[string]string
	if err := json.Unmarshal(body, &seen); err != nil || seen[w.harbour][week] == "" {
		t.Fatalf("%s %v", body, err)
	}
	seen[w.harbour][week] = strings.Repeat("0", 64)
	if body, err = json.Marshal(seen); err == nil {
		err = os.WriteFile(w.mara.session.pinned.path, body, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.mara.session.pinned = openPinned(w.mara.session.dir)
	if v := verify(w.mara, "rewritten"); v.Good {
		t.Error("another seal than the one seen is good")
	}
}
