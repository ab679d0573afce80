package workroom

import (
	"strings"
	"testing"
	"time"
)

// M-34: who may set a responder, and what it must have.
func TestM34_SetAway(t *testing.T) {
	week := &Dates{First: "2026-11-25", Last: "2026-11-29", Zone: "Europe/Helsinki", From: 1_000, To: 6_000}
	for _, c := range []struct {
		name string
		who  AccountID
		do   SetAway
		want Code
		on   string // field
	}{
		{"on", "me", SetAway{On: new(true), Text: new("Back soon."), When: week}, "", ""},
		{"off with nothing", "me", SetAway{On: new(false)}, "", ""},
		{"another's", "you", SetAway{On: new(false)}, NoAccess, ""},
		{"on without words", "me", SetAway{On: new(true), Text: new(" \u200b"), When: week}, BadInput, "text"},
		{"on without dates", "me", SetAway{On: new(true), Text: new("x")}, BadInput, "first"},
		{"the last day before the first", "me", SetAway{When: &Dates{First: "2026-11-25", Last: "2026-11-24", From: 1, To: 2}}, BadInput, "last"},
		{"one day", "me", SetAway{When: &Dates{First: "2026-11-25", Last: "2026-11-25", From: 1, To: 2}}, "", ""},
		{"no such day", "me", SetAway{When: &Dates{First: "2026-02-30", Last: "2026-11-24", From: 1, To: 2}}, BadInput, "first"},
		{"an end before its beginning", "me", SetAway{When: &Dates{First: "2026-11-25", Last: "2026-11-25", From: 2, To: 2}}, BadInput, ""},
		{"a century", "me", SetAway{When: &Dates{First: "2026-11-25", Last: "2126-11-25", From: 1, To: 1 + 100*366*86400*1_000_000}}, BadInput, "last"},
		{"1,000 characters", "me", SetAway{Text: new(strings.Repeat("ä", MaxAway))}, "", ""},
		{"1,001 characters", "me", SetAway{Text: new(strings.Repeat("ä", MaxAway+1))}, BadInput, "text"},
		{"no text", "me", SetAway{Text: new("\xff")}, BadInput, "text"},
	} {
		x := newTable()
		c.do.Who = "me"
		r := x.do(t, c.who, "c", noon, c.do)
		wantCode(t, c.name, r, c.want)
		if r != nil && r.Field != c.on {
			t.Errorf("%s: the field %q, want %q", c.name, r.Field, c.on)
		}
	}
}

// M-34: an absence keeps its name while its words and its end change, and gets another when it begins anew.
func TestM34_AbsenceBeginsAnew(t *testing.T) {
	day := int64(86_400_000_000)
	at := time.UnixMicro(100 * day)
	from := func(first, last int64) *Dates {
		return &Dates{First: "2026-11-25", Last: "2026-11-29", Zone: "UTC", From: first * day, To: last * day}
	}
	x := newTable()
	for _, c := range []struct {
		id   string
		do   SetAway
		want string
	}{
		{"a", SetAway{On: new(true), Text: new("x"), When: from(100, 105)}, "a"},
		{"b", SetAway{Text: new("y")}, "a"},
		{"c", SetAway{When: from(100, 107)}, "a"},
		{"d", SetAway{On: new(true)}, "a"},
		{"e", SetAway{When: from(107, 110)}, "e"},
		{"f", SetAway{On: new(false)}, "e"},
		{"g", SetAway{On: new(true)}, "g"},
	} {
		c.do.Who = "me"
		wantCode(t, c.id, x.do(t, "me", c.id, at, c.do), "")
		if got := x.rows[AwayOf("me")].(*Away).Absence; got != c.want {
			t.Errorf("after %s: the absence %q, want %q", c.id, got, c.want)
		}
	}
	a := &Away{On: true, From: 100 * day, To: 105 * day}
	for us, want := range map[int64]bool{100*day - 1: false, 100 * day: true, 105*day - 1: true, 105 * day: false} {
		if a.Now(time.UnixMicro(us)) != want {
			t.Errorf("away at %d: %v", us, !want)
		}
	}
	if a.On = false; a.Now(time.UnixMicro(101 * day)) {
		t.Error("away while it is off")
	}
}

// M-34: of two settings that wait, the newer takes over what only the older one names.
func TestM34_JoinedAwaysLoseNothing(t *testing.T) {
	older := SetAway{Who: "me", On: new(true), Text: new("old"), When: &Dates{First: "2026-01-01"}}
	got := SetAway{Who: "me", Text: new("new")}.Joined(older).(SetAway)
	if got.On == nil || !*got.On || *got.Text != "new" || got.When == nil {
		t.Errorf("joined: %+v", got)
	}
	if got := (SetAway{Who: "you"}).Joined(older).(SetAway); got.On != nil {
		t.Errorf("another's: %+v", got)
	}
}
