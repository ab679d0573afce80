//go:build smoke && linux

package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"trestle/internal/service"
	"trestle/internal/tracker"
	"trestle/internal/tray"
	"trestle/internal/workroom"
)

// pixmap is the icon as the panel gets it: 32 bits a pixel, alpha first.
func pixmap(conn *dbus.Conn, pid int) *image.NRGBA {
	var list []struct {
		W, H int32
		Pix  []byte
	}
	if err := trayItem(conn, pid, "/StatusNotifierItem").StoreProperty("org.kde.StatusNotifierItem.IconPixmap", &list); err != nil || len(list) != 1 {
		return nil
	}
	p := list[0]
	img := image.NewNRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	for i := range int(p.W) * int(p.H) {
		v := binary.BigEndian.Uint32(p.Pix[4*i:])
		img.SetNRGBA(i%int(p.W), i/int(p.W), color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), uint8(v >> 24)})
	}
	return img
}

// alike reports whether the panel has a picture, to the pixel.
func alike(got, want *image.NRGBA) bool {
	return got != nil && got.Rect == want.Rect && bytes.Equal(got.Pix, want.Pix)
}

// D-03: a real panel shows each of the five faces, with the menu that belongs to it. Pictures of the panel, light and dark, lie in
// TRESTLE_PICTURES, if that is set, for somebody to look at.
func TestSmokeD03FiveFaces(t *testing.T) {
	s := setStage(t, true)
	for _, e := range s.env {
		if name, value, _ := strings.Cut(e, "="); name == "HOME" || name == "XDG_RUNTIME_DIR" {
			t.Setenv(name, value)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	up, down := make(chan string, 1), make(chan error, 1)
	go func() {
		down <- service.Serve(ctx, service.ServeConfig{Config: service.Config{Data: t.TempDir(), Name: "House", Version: Version, OpenJoin: true}, Listen: "127.0.0.1:0"},
			func(url string) { up <- url })
	}()
	defer cancel()
	var url string
	select {
	case url = <-up:
	case err := <-down:
		t.Fatal(err)
	}
	data := t.TempDir()
	dirs, err := FindDirs(data)
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "TRESTLE_KEYRING=off")
	cmd, end := s.trestle("--data", data, "open", "--hidden")
	conn := s.session()
	defer conn.Close()
	s.until("the program answers", func() bool {
		return s.call(dirs, "Shell.Status", nil, nil) == nil || len(offspring(cmd.Process.Pid)) > 1
	})
	s.until("somebody is signed up", func() bool {
		return s.call(dirs, "Start.SignUp", SignUpIn{Address: url, Name: "Esme", Email: "esme@x.example", Password: secretOfSmokes}, nil) == nil
	})
	id := newID()
	if err := s.call(dirs, "Contracts.Create", NewContractIn{ID: id, Title: "Otter Trails", Self: true, Activities: []ActivityIn{{Code: "Map"}, {Code: "Review"}},
		Terms: TermsView{Rate: 5200, Currency: "EUR", Limit: 144000, Shots: "none", IdleMinutes: 10}}, nil); err != nil {
		t.Fatal(err)
	}
	pictures := os.Getenv("TRESTLE_PICTURES")
	// shows waits for a face in the panel and looks at the menu beside it.
	shows := func(name string, face tray.Face, tip string, has ...string) {
		t.Helper()
		want := tray.Sharp(tray.Icon{Face: face}.Picture(96))
		var labels []string
		var said dbus.Variant
		drawn := false
		defer func() {
			if t.Failed() {
				t.Logf("%s: the icon is drawn %v; %s; %q", name, drawn, said, labels)
			}
		}()
		s.until("the panel shows "+name, func() bool {
			var err error
			said, err = trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem.ToolTip")
			labels, _ = s.lines(conn, cmd.Process.Pid)
			drawn = alike(pixmap(conn, cmd.Process.Pid), want)
			return err == nil && strings.Contains(said.String(), tip) && drawn &&
				!slices.ContainsFunc(has, func(l string) bool {
					return !slices.ContainsFunc(labels, func(x string) bool { return strings.HasPrefix(x, l) })
				})
		})
		if pictures == "" {
			return
		}
		for _, dark := range []string{"false", "true"} {
			s.tool("xfconf-query", "-c", "xfce4-panel", "-p", "/panels/dark-mode", "-n", "-t", "bool", "-s", dark)
			time.Sleep(1200 * time.Millisecond) // the panel fades into its theme; nothing tells when it has
			s.tool("import", "-window", "root", "-crop", "1280x40+0+0", filepath.Join(pictures, "tray-"+name+"-dark-"+dark+".png"))
		}
	}
	always := []string{"Contract and activity/Otter Trails/Map", "Memo…", "Today 0:0", "This week 0:0", "Show Trestle", "Quit"}
	shows("stopped", tray.Stopped, "not tracking", append(always, "Start tracking…", "Not tracking")...)
	if err := s.call(dirs, "Tracker.Start", TrackIn{Contract: id, Memo: "Draw the otters"}, nil); err != nil {
		t.Fatal(err)
	}
	shows("tracking", tray.Tracking, "tracking 0:00 on Otter Trails", append(always, "Stop tracking")...)
	time.Sleep(1100 * time.Millisecond) // an empty slice is dropped
	s.choose(cmd.Process.Pid, "Stop tracking")
	shows("paused", tray.Paused, "not tracking", append(always, "Resume tracking", "Recent/Otter Trails: Draw the otters")...)
	cancel()
	<-down
	s.until("something waits", func() bool {
		_ = s.call(dirs, "Tracker.Start", TrackIn{Contract: id, Memo: "Offline"}, nil)
		time.Sleep(1100 * time.Millisecond)
		_ = s.call(dirs, "Tracker.Stop", nil, nil)
		var v Sync
		return s.call(dirs, "Shell.Status", nil, &v) == nil && v.Waiting > 0 && v.State != "online"
	})
	shows("unsynced", tray.Unsynced, "for the service", append(always, "Resume tracking")...)

	// Somebody was away when the program ended: the question waits at the next start.
	_ = s.call(dirs, "Shell.Quit", struct{}{}, nil)
	s.ended(cmd, end)
	folders, err := filepath.Glob(filepath.Join(dirs.Data, "accounts", "*"))
	if err != nil || len(folders) != 1 {
		t.Fatal(folders, err)
	}
	now := time.Now().Unix()
	body, err := json.Marshal([]tracker.Question{{ID: newID(), From: now - 3000, To: now - 600, Why: workroom.CloseIdle,
		Work: tracker.Work{Contract: workroom.ContractID(id), Memo: "Draw the otters"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folders[0], "time-away.json"), body, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, end = s.trestle("--data", data, "open", "--hidden")
	shows("question", tray.Question, "were you working?", append(always, "Answer the idle question…")...)
	s.choose(cmd.Process.Pid, "Answer the idle question…")
	s.until("the window shows it", s.painted)
	if pictures != "" {
		s.tool("import", "-window", "root", filepath.Join(pictures, "tray-question-window.png"))
	}
	_ = s.call(dirs, "Shell.Quit", struct{}{}, nil)
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if log, err := os.ReadFile(filepath.Join(dirs.Log, "trestle.log")); err == nil && bytes.Contains(log, []byte("otters")) {
		t.Error("a memo is in the log")
	}
}

const secretOfSmokes = "correct horse battery"
