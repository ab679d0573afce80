package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// T-14: Undo while rows are still being written waits for the row that is at hand, takes back all that were, and nothing comes after it.
func TestT14_UndoOfAnImportThatGoes(t *testing.T) {
	t.Parallel()
	_, c, _ := byHand(t)
	x := &Imports{c: c}
	now := time.Now().UTC().Truncate(time.Second)
	me := strings.Split(c.session.st.Email, "@")[0]
	var body strings.Builder
	body.WriteString(togglHead)
	for i := range 40 {
		line := togglLine(me, "Otter Trails", "Map", "coast", now, time.Duration(60+2*i)*time.Minute, 60)
		body.WriteString(strings.ReplaceAll(line, me+"@example.com", c.session.st.Email))
	}
	in := ImportIn{ID: handed(t, c, x, body.String()), Zone: "UTC"}
	for range 3 {
		if v := looked(t, x, in); v.Add != 40 {
			t.Fatalf("%d to be added", v.Add)
		}
		if _, err := x.Start(in); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Undo(in); err != nil {
			t.Fatal(err)
		}
		if _, err := x.State(IDIn{in.ID}); !refusedAs(err, workroom.Gone) {
			t.Errorf("it still goes on: %v", err)
		}
		list, err := c.session.replica.Outbox(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if i.Op == workroom.OpAddTime {
				t.Errorf("%s is still there", i.ID)
			}
		}
	}
}

// T-14: Undo twice, as when its answer was lost, takes back nothing that an earlier import brought in.
func TestT14_UndoTwiceLeavesAnEarlierImport(t *testing.T) {
	t.Parallel()
	_, c, _ := byHand(t)
	x := &Imports{c: c}
	now := time.Now().UTC().Truncate(time.Second)
	me := strings.Split(c.session.st.Email, "@")[0]
	line := func(memo string, ago time.Duration) string {
		return strings.ReplaceAll(togglLine(me, "Otter Trails", "Map", memo, now, ago, 60), me+"@example.com", c.session.st.Email)
	}
	earlier := togglHead + line("coast", time.Hour)
	if state := imported(t, x, ImportIn{ID: handed(t, c, x, earlier), Zone: "UTC"}); state.Added != 1 {
		t.Fatalf("%+v", state)
	}
	in := ImportIn{ID: handed(t, c, x, earlier+line("rivers", 2*time.Hour)), Zone: "UTC"}
	if state := imported(t, x, in); state.Added != 1 {
		t.Fatalf("%+v", state)
	}
	for i := range 2 {
		out, err := x.Undo(in)
		if err != nil || out.Rows != int64(1-i) {
			t.Errorf("Undo %d: %+v %v", i+1, out, err)
		}
	}
	if got := reportOf(t, c, nil).Seconds; got != 60 {
		t.Errorf("%d seconds stay, not the 60 of the earlier import", got)
	}
}

func refusedAs(err error, code workroom.Code) bool {
	r := (*workroom.Refusal)(nil)
	return errors.As(err, &r) && r.Code == code
}
