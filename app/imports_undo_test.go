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

func refusedAs(err error, code workroom.Code) bool {
	r := (*workroom.Refusal)(nil)
	return errors.As(err, &r) && r.Code == code
}
