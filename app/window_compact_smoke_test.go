//go:build smoke && linux

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// call asks the running window what its page would.
func (s *stage) call(dirs Dirs, name string, in, out any) error {
	r, err := Dial(dirs)
	if err != nil {
		return err
	}
	answer, err := r.Call(context.Background(), name, in)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// lines reads the labels of the tray's menu with those of the submenus, each as "parent/label".
func (s *stage) lines(conn *dbus.Conn, pid int) (labels []string, ids map[string]int32) {
	ids = map[string]int32{}
	var revision uint32
	var root struct {
		ID    int32
		Props map[string]dbus.Variant
		Kids  []dbus.Variant
	}
	menu := trayItem(conn, pid, "/StatusNotifierItem/menu")
	if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		return nil, ids
	}
	var walk func(under string, kids []dbus.Variant)
	walk = func(under string, kids []dbus.Variant) {
		for _, kid := range kids {
			parts, ok := kid.Value().([]any)
			if !ok || len(parts) != 3 {
				continue
			}
			id, _ := parts[0].(int32)
			props, _ := parts[1].(map[string]dbus.Variant)
			text, _ := props["label"].Value().(string)
			labels, ids[under+text] = append(labels, under+text), id
			if subs, ok := parts[2].([]dbus.Variant); ok {
				walk(under+text+"/", subs)
			}
		}
	}
	walk("", root.Kids)
	return labels, ids
}

// D-03, T-01, T-20: the panel's menu goes on with what was tracked lately, its icon's words follow, and the window becomes as small as the
// tracker, stays above others, and comes back as it was.
func TestSmokeD03T20RecentInTheTrayAndTheSmallWindow(t *testing.T) {
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
	id := newID()
	if err := s.call(dirs, "Contracts.Create", NewContractIn{ID: id, Title: "Otter Trails", Self: true, Activities: []ActivityIn{},
		Terms: TermsView{Rate: 5200, Currency: "EUR", Limit: 144000, Shots: "none", IdleMinutes: 10}}, nil); err != nil {
		t.Fatal(err)
	}
	for _, memo := range []string{"first", "second"} {
		if err := s.call(dirs, "Tracker.Start", TrackIn{Contract: id, Memo: memo}, nil); err != nil {
			t.Fatal(err)
		}
		s.until("some time ran", func() bool {
			var v TrackerView
			return s.call(dirs, "Tracker.State", TrackerIn{}, &v) == nil && v.Memo == memo && v.Cell != nil && v.Cell.Seconds > 1
		})
	}
	conn := s.session()
	defer conn.Close()
	const recent = "Recent/Otter Trails: first"
	s.until("the menu offers what was tracked lately", func() bool {
		_, ids := s.lines(conn, cmd.Process.Pid)
		return ids[recent] != 0
	})
	s.until("it goes on with it", func() bool { // a line that is drawn anew between look and press has another number
		var v TrackerView
		if s.call(dirs, "Tracker.State", TrackerIn{}, &v) == nil && v.State == "tracking" && v.Memo == "first" {
			return true
		}
		if _, ids := s.lines(conn, cmd.Process.Pid); ids[recent] != 0 {
			trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.Event", 0, ids[recent], "clicked", dbus.MakeVariant(""), uint32(0))
			time.Sleep(300 * time.Millisecond)
		}
		return false
	})
	s.until("the icon says so", func() bool {
		tip, err := trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem.ToolTip")
		return err == nil && strings.Contains(tip.String(), "tracking 0:0")
	})

	size := func() (w, h int) {
		out := s.tool("xdotool", "getwindowgeometry", "--shell", s.visible())
		for l := range strings.SplitSeq(out, "\n") {
			_, _ = fmt.Sscanf(l, "WIDTH=%d", &w)
			_, _ = fmt.Sscanf(l, "HEIGHT=%d", &h)
		}
		return w, h
	}
	above := func() bool {
		return strings.Contains(s.tool("xprop", "-id", s.visible(), "_NET_WM_STATE"), "_NET_WM_STATE_ABOVE")
	}
	beforeW, beforeH := size()
	for _, form := range []Form{Panel, Pill, Panel} {
		if err := s.call(dirs, "Shell.Compact", CompactIn{Form: string(form)}, nil); err != nil {
			t.Fatal(err)
		}
		w, h := form.size()
		var gotW, gotH int
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("%s of %d × %d: the window is %d × %d", form, w, h, gotW, gotH)
			}
		})
		s.until(fmt.Sprintf("the window is a %s above others", form), func() bool {
			if gotW, gotH = size(); gotW == w && gotH == h && above() {
				return true
			}
			time.Sleep(500 * time.Millisecond)
			_ = s.call(dirs, "Shell.Compact", CompactIn{Form: string(form)}, nil) // asked again, as one would press again
			return false
		})
	}
	if err := s.call(dirs, "Shell.Compact", CompactIn{}, nil); err != nil {
		t.Fatal(err)
	}
	s.until("the window is as it was", func() bool {
		w, h := size()
		return w == beforeW && h == beforeH && !above()
	})
	_ = s.call(dirs, "Shell.Quit", struct{}{}, nil)
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}
