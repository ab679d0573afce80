//go:build smoke && linux

package app

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// D-01: the window comes back where it stood and as large as it was, also after the program ended.
func TestSmokeD01ThePlaceOutlivesTheProgram(t *testing.T) {
	s := setStage(t, true)
	data := t.TempDir()
	where := func() (x, y, w, h int) {
		for l := range strings.SplitSeq(s.tool("xdotool", "getwindowgeometry", "--shell", s.visible()), "\n") {
			_, _ = fmt.Sscanf(l, "X=%d", &x)
			_, _ = fmt.Sscanf(l, "Y=%d", &y)
			_, _ = fmt.Sscanf(l, "WIDTH=%d", &w)
			_, _ = fmt.Sscanf(l, "HEIGHT=%d", &h)
		}
		return x, y, w, h
	}
	cmd, end := s.trestle("--data", data)
	s.until("the page is painted", s.painted)
	x, y, w, h := 0, 0, 0, 0
	s.until("it stands where it was put", func() bool {
		s.tool("xdotool", "windowsize", s.visible(), "900", "600", "windowmove", s.visible(), "140", "90")
		x, y, w, h = where()
		return w == 900 && h == 600 && x >= 140 && x < 160
	})
	for range 2 {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if code := s.ended(cmd, end); code != 0 {
			t.Errorf("ended with %d", code)
		}
		cmd, end = s.trestle("--data", data)
		s.until("the page is painted", s.painted)
		var x2, y2, w2, h2 int
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("it stood at %d, %d with %d × %d, now at %d, %d with %d × %d", x, y, w, h, x2, y2, w2, h2)
			}
		})
		s.until("it stands where it stood", func() bool {
			x2, y2, w2, h2 = where()
			return x2 == x && y2 == y && w2 == w && h2 == h
		})
	}
}

// D-04: a program that was told to end does so, though it asks for a file: it would hold its data folder, and no other could begin.
func TestSmokeD04QuitWithAnOpenDialog(t *testing.T) {
	s := setStage(t, true)
	for _, e := range s.env {
		if name, value, _ := strings.Cut(e, "="); name == "HOME" || name == "XDG_RUNTIME_DIR" {
			t.Setenv(name, value)
		}
	}
	data := t.TempDir()
	cmd, end := s.trestle("--data", data)
	s.until("the page is painted", s.painted)
	dirs, err := FindDirs(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.call(dirs, "Start.Local", LocalIn{Name: "Esme Winter"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.call(dirs, "Imports.Pick", struct{}{}, nil); err != nil {
		t.Fatal(err)
	}
	s.until("the dialog is open", func() bool { return s.tool("xdotool", "search", "--onlyvisible", "--name", "^Import time$") != "" })
	s.choose(cmd.Process.Pid, "Quit")
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("ended with %d", code)
	}
}
