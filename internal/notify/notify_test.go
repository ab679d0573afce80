package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2015, 5, 4, 12, 0, 0, 0, time.UTC)

func msg(id, room string) Message {
	return Message{ID: id, Room: room, Title: "Otter Trails", Author: "Ishaan", Text: "text " + id}
}

// say writes notices shortly: key=count first-message, ! if it names me.
func say(list []Notice) string {
	var b strings.Builder
	for _, n := range list {
		fmt.Fprintf(&b, "%s=%d %s", n.Key, n.Count, n.Message)
		if n.Mention {
			b.WriteString("!")
		}
		b.WriteString(";")
	}
	return b.String()
}

func wantDue(t *testing.T, d *Desk, at time.Time, want string) {
	t.Helper()
	if got := say(d.Due(at)); got != want {
		t.Errorf("due at %s: %q, want %q", at.Format("15:04:05"), got, want)
	}
}

func TestN08_OneNoticeARoomFourSecondsApart(t *testing.T) {
	d := NewDesk(Settings{})
	d.Add(msg("1", "a"))
	d.Add(msg("2", "b"))
	wantDue(t, d, noon, "a=1 1;b=1 2;")
	d.Add(msg("3", "a"))
	d.Add(msg("4", "a"))
	d.Add(msg("4", "a")) // told twice by a reconnect
	wantDue(t, d, noon.Add(time.Second), "")
	if at, ok := d.Next(); !ok || !at.Equal(noon.Add(Gap)) {
		t.Errorf("next at %v, %v", at, ok)
	}
	wantDue(t, d, noon.Add(Gap), "a=3 1;")
	if _, ok := d.Next(); ok {
		t.Error("something still waits")
	}
	wantDue(t, d, noon.Add(time.Hour), "")
}

func TestN08_NeverTheRoomLookedAt(t *testing.T) {
	d := NewDesk(Settings{})
	d.Look("a")
	d.Add(msg("1", "a"))
	d.Add(msg("2", "b"))
	wantDue(t, d, noon, "b=1 2;")
	d.Add(msg("3", "b"))
	if !d.Look("b") {
		t.Error("the notice of the room now looked at stays")
	}
	wantDue(t, d, noon.Add(Gap), "") // what waited for it is seen
	d.Look("")
	if d.Look("c") {
		t.Error("a room without notice was to be withdrawn")
	}
	d.Look("")
	d.Add(msg("4", "b"))
	wantDue(t, d, noon.Add(2*Gap), "b=1 4;") // counts anew
}

func TestN09_ReadElsewhereWithdraws(t *testing.T) {
	d := NewDesk(Settings{})
	if d.Read("a") {
		t.Error("nothing was shown")
	}
	d.Add(msg("1", "a"))
	wantDue(t, d, noon, "a=1 1;")
	if !d.Read("a") || d.Read("a") {
		t.Error("a shown notice is withdrawn once")
	}
}

func TestN07_LevelsAndQuietHours(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	night := Hours{From: 22 * 60, To: 7 * 60, Zone: zone}
	for _, tc := range []struct {
		at   string
		want bool
	}{{"19:59", false}, {"20:00", true}, {"23:30", true}, {"04:59", true}, {"05:00", false}, {"12:00", false}} {
		at, _ := time.Parse("15:04", tc.at)
		if got := night.Contain(at); got != tc.want {
			t.Errorf("%s UTC quiet: %v", tc.at, got)
		}
	}
	if (Hours{}).Contain(noon) || (Hours{From: 60, To: 60}).Contain(noon) || !(Hours{From: 0, To: 1439}).Contain(noon) {
		t.Error("edges of quiet hours")
	}
	d := NewDesk(Settings{Quiet: Hours{From: 11 * 60, To: 13 * 60}})
	d.Add(msg("1", "a"))
	wantDue(t, d, noon, "")
	wantDue(t, d, noon.Add(2*time.Hour), "") // what came in quiet hours does not pop up after them
	d.Set(Settings{})
	quietRoom, named := msg("2", "a"), msg("3", "b")
	quietRoom.Level, named.Level, named.Mention = None, Mentions, true
	passed := msg("4", "b")
	passed.Level = Mentions
	for _, m := range []Message{quietRoom, named, passed} {
		d.Add(m)
	}
	wantDue(t, d, noon, "b=1 3!;")
}

func TestN06_Off(t *testing.T) {
	d := NewDesk(Settings{})
	d.Add(msg("1", "a"))
	d.Set(Settings{Off: true}) // between arrival and notice
	d.Add(msg("2", "a"))
	wantDue(t, d, noon, "")
	d.Set(Settings{})
	wantDue(t, d, noon.Add(Gap), "")
}

func TestN08_Wording(t *testing.T) {
	direct := Message{ID: "1", Room: "a", Title: "Ishaan", Author: "Ishaan", Text: "hi", Direct: true}
	nasty := Message{ID: "1", Room: "a", Title: "a\nb\u202e", Author: "x\ty", Text: "<b>\x1b[1m\u2066bold</b>\nline two"}
	long := Message{ID: "1", Room: "a", Title: "t", Author: "x", Text: strings.Repeat("ж", 500)}
	for _, tc := range []struct {
		name        string
		s           Settings
		m           []Message
		title, body string
	}{
		{"group", Settings{}, []Message{msg("1", "a")}, "Otter Trails", "Ishaan: text 1"},
		{"several", Settings{}, []Message{msg("1", "a"), msg("2", "a")}, "Otter Trails", "2 new messages\nIshaan: text 2"},
		{"direct", Settings{}, []Message{direct}, "Ishaan", "hi"},
		{"hidden", Settings{HideContent: true}, []Message{msg("1", "a")}, "Trestle", "New message"},
		{"hidden several", Settings{HideContent: true}, []Message{msg("1", "a"), msg("2", "a")}, "Trestle", "2 new messages"},
		{"hostile text", Settings{}, []Message{nasty}, "a b", "x y: <b>[1mbold</b>\nline two"},
		{"long", Settings{}, []Message{long}, "t", "x: " + strings.Repeat("ж", maxBody-1) + "…"},
	} {
		d := NewDesk(tc.s)
		for _, m := range tc.m {
			d.Add(m)
		}
		n := d.Due(noon)
		if len(n) != 1 || n[0].Title != tc.title || n[0].Body != tc.body {
			t.Errorf("%s: %+v, want %q, %q", tc.name, n, tc.title, tc.body)
		}
	}
}
