//go:build linux

package app

import (
	"os"
	"strings"
	"testing"
	"time"
)

// T-07: how long a picture is shown is the person's choice, between ten seconds and ten minutes, and is kept.
func TestT07_PreviewIsChosen(t *testing.T) {
	h := openHouse(t)
	c := h.desk("Esme")
	tr := &Tracker{c}
	if got, err := tr.Prefs(); err != nil || got.Preview != 10 || !got.OnTop || got.Blur || got.Main || got.Login {
		t.Fatalf("at first: %+v %v", got, err)
	}
	for _, tc := range []struct{ asked, kept int64 }{{0, 10}, {3, 10}, {60, 60}, {600, 600}, {7200, 600}, {-5, 10}} {
		got, err := tr.SetPrefs(TrackerPrefs{Preview: tc.asked, Blur: true})
		if err != nil || got.Preview != tc.kept || !got.Blur || got.OnTop {
			t.Errorf("asked for %d seconds: %+v %v", tc.asked, got, err)
		}
		if d := c.session.track.shots.delay(); d != time.Duration(tc.kept)*time.Second {
			t.Errorf("asked for %d seconds, a picture waits %s", tc.asked, d)
		}
	}
	if roughly(10*time.Second) != "10 seconds" || roughly(time.Minute) != "1 minute" || roughly(10*time.Minute) != "10 minutes" {
		t.Error("the wait is said wrongly")
	}
}

// T-07: without a display the test picture says why there is none, and fails nothing.
func TestT07_TestShotSaysWhyNot(t *testing.T) {
	h := openHouse(t)
	got, err := (&Tracker{h.desk("Esme")}).TestShot()
	if err != nil || got.Picture != "" || got.Reason == "" {
		t.Errorf("%+v %v", got, err)
	}
}

// T-01: what was tracked lately is offered again, the newest first, each once; a code that was archived is not.
func TestT01_RecentCombinations(t *testing.T) {
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	for _, memo := range []string{"first", "second", "first"} {
		started(t, c, id, "", memo)
		tracked(t, c, 1)
	}
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	got, err := (&Tracker{c}).Recent()
	if err != nil || len(got.Recent) != 2 || got.Recent[0].Memo != "first" || got.Recent[1].Memo != "second" || got.Recent[0].Contract != id {
		t.Fatalf("%+v %v", got, err)
	}
	st := c.trayState()
	if len(st.Recent) != 2 || st.Recent[0].Memo != "first" || st.Recent[0].Label == "" {
		t.Errorf("the tray: %+v", st.Recent)
	}
}

// The entry starts the program hidden, whatever its path is made of.
func TestAutostartEntry(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	entry := autostartEntry(`/opt/a "b" $c %d/trestle`)
	if !strings.Contains(entry, `Exec="/opt/a \\"b\\" \\$c %%d/trestle" open --hidden`+"\n") {
		t.Errorf("%s", entry)
	}
	for _, on := range []bool{true, false, false} {
		if err := startAtLogin(on); err != nil {
			t.Fatal(err)
		}
		path, _ := autostartPath()
		if _, err := os.Stat(path); (err == nil) != on {
			t.Errorf("asked for %v: %v", on, err)
		}
	}
}
