package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// N-04: what waits for the day's notices is told at the next start, when the program was closed at the time, also what came while it was closed;
// what was read elsewhere is not. On a copy that was empty nothing old is news.
func TestN04_ADigestOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	_, mara, esme, room := twoInRoom(t)
	other := sharedRoom(t, mara, esme)
	if _, err := (&Notices{esme}).SetRules(RulesIn{Every: new(int64(24 * 60))}); err != nil {
		t.Fatal(err)
	}
	arrived(t, esme)
	path := filepath.Join(esme.session.dir, waitingFile)
	waiting := func() string { b, _ := os.ReadFile(path); return string(b) }
	write(t, mara, room, "one")
	write(t, mara, other, "read at the phone")
	eventually(t, "both wait on the disk", func() bool { return strings.Contains(waiting(), room) && strings.Contains(waiting(), other) })
	write(t, mara, room, "two")
	eventually(t, "the second came", func() bool { return strings.Contains(told(t, esme, room), "two") })
	dirs, at := esme.dirs, newest(t, esme, other)
	esme.Close()
	write(t, mara, room, "three")
	arrived(t, mara)

	c, err := OpenCore(CoreOptions{Dirs: dirs, Face: "cli"}) // its board is this test's, which has the clock
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	n := openNotices(c.session)
	n.begin(t.Context())
	if err := (&Rooms{c}).Read(ReadIn{Room: other, Num: at}); err != nil {
		t.Fatal(err)
	}
	look := func(now time.Time) string {
		n.desk.Set(n.settings(now))
		n.collect(t.Context())
		var out []string
		for _, d := range n.desk.Due(now) {
			out = append(out, d.Key+" "+strings.ReplaceAll(d.Body, "\n", ", "))
		}
		n.keep()
		return strings.Join(out, "; ")
	}
	arrived(t, c)
	n.wake(workroom.RoomScope(workroom.RoomID(room)))
	if got := look(time.Now()); got != "" {
		t.Errorf("at the start: %s", got)
	}
	if w := waiting(); !strings.Contains(w, room) || strings.Contains(w, other) {
		t.Errorf("on the disk: %s", w)
	}
	y, m, d := time.Now().Add(24 * time.Hour).Date()
	if got, want := look(time.Date(y, m, d, 9, 0, 1, 0, time.Local)), room+" 3 new messages, Mara: three"; got != want {
		t.Errorf("at nine the next day: %q, want %q", got, want)
	}
	if w := waiting(); w != "" {
		t.Errorf("told, and still on the disk: %s", w)
	}
}

// N-04: a digest that was due while the computer was off, or slept, is told as soon as it is back.
func TestN04_ADigestThatIsOverdue(t *testing.T) {
	t.Parallel()
	if got := earliest(time.Unix(200, 0), time.Unix(100, 0)); got.Unix() != 100 {
		t.Errorf("a message of the past came %v", got)
	}
	if got := earliest(time.Unix(100, 0), time.Unix(200, 0)); got.Unix() != 100 {
		t.Errorf("a message of a service whose clock is ahead came %v", got)
	}
	for wait, want := range map[time.Duration]time.Duration{14 * time.Hour: time.Minute, 3 * time.Second: 3 * time.Second, -time.Hour: 10 * time.Millisecond} {
		if got := alarmIn(wait); got != want {
			t.Errorf("a timer for %s runs %s", wait, got)
		}
	}
}
