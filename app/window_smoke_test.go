//go:build smoke && linux

package app

// These smokes drive the built window on a display of their own. They are not
// part of the ordinary tests:
//
//	make window && go test -tags smoke,sqlite_fts5 -run Smoke ./app
//
// They need Xvfb, openbox, xfce4-panel, dbus-daemon, xdotool and ImageMagick.
// TRESTLE_BIN names another program than build/bin/trestle.

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// paintLimit is how long the window may take to show its page.
const paintLimit = 30 * time.Second

// stage is a display with a window manager and, if asked for, a bus and a panel.
type stage struct {
	t   *testing.T
	env []string
	bus string
	bin string
}

// setStage starts what a desktop has. Everything ends with the test.
func setStage(t *testing.T, panel bool) *stage {
	t.Helper()
	bin := os.Getenv("TRESTLE_BIN")
	if bin == "" {
		bin = "../build/bin/trestle"
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("build the window first (make window): %v", err)
	}
	home, err := os.MkdirTemp("", "ts")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	s := &stage{t: t, bin: bin}
	s.env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "NO_AT_BRIDGE=1", "HOME=" + home, "XDG_RUNTIME_DIR=" + home}

	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-noreset")
	x.ExtraFiles = []*os.File{w}
	s.start(x)
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "DISPLAY=:"+strings.TrimSpace(number))
	if panel {
		d := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
		out, err := d.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		s.start(d)
		if s.bus, err = bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		s.bus = strings.TrimSpace(s.bus)
		s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+s.bus)
	}
	s.start(exec.Command("openbox"))
	if panel {
		s.start(exec.Command("xfce4-panel", "--disable-wm-check"))
		s.until("the panel draws tray icons", func() bool {
			conn := s.session()
			defer conn.Close()
			v, err := conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").GetProperty("org.kde.StatusNotifierWatcher.IsStatusNotifierHostRegistered")
			return err == nil && v.Value() == true
		})
	}
	return s
}

// start runs a program on the stage until the test ends.
func (s *stage) start(cmd *exec.Cmd) *exec.Cmd {
	s.t.Helper()
	cmd.Env = s.env
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_, _ = cmd.Process.Wait()
	})
	return cmd
}

// trestle starts the program under test and answers how it ends.
func (s *stage) trestle(args ...string) (*exec.Cmd, <-chan error) {
	s.t.Helper()
	cmd := exec.Command(s.bin, args...)
	cmd.Env = s.env
	log, err := os.Create(filepath.Join(s.t.TempDir(), "output"))
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	end := make(chan error, 1)
	go func() { end <- cmd.Wait() }()
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		if s.t.Failed() {
			b, _ := os.ReadFile(log.Name())
			s.t.Logf("output of %s: %s", filepath.Base(s.bin), b)
		}
		log.Close()
	})
	return cmd, end
}

// ended waits for a program's end and answers its exit code.
func (s *stage) ended(cmd *exec.Cmd, end <-chan error) int {
	s.t.Helper()
	select {
	case err := <-end:
		if err == nil {
			return 0
		}
		if e, ok := err.(*exec.ExitError); ok {
			return e.ExitCode()
		}
		s.t.Fatal(err)
	case <-time.After(paintLimit):
		s.tool("import", "-window", "root", filepath.Join(os.TempDir(), "trestle-smoke.png"))
		_ = cmd.Process.Signal(syscall.SIGQUIT) // says on its output what it waits for
		time.Sleep(time.Second)
		s.t.Fatal("it does not end")
	}
	return -1
}

// tool runs a small program and answers what it writes.
func (s *stage) tool(name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Env = s.env
	out, _ := cmd.Output() // xdotool search fails when it finds nothing
	return strings.TrimSpace(string(out))
}

// until polls for something to come true.
func (s *stage) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(paintLimit); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			s.tool("import", "-window", "root", filepath.Join(os.TempDir(), "trestle-smoke.png"))
			s.t.Fatalf("never: %s", what)
		}
	}
}

// visible answers the id of the window, or "".
func (s *stage) visible() string {
	ids := strings.Fields(s.tool("xdotool", "search", "--onlyvisible", "--name", "^Trestle"))
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1]
}

// painted reports whether the window shows more than an empty page.
func (s *stage) painted() bool {
	id := s.visible()
	if id == "" {
		return false
	}
	colours, _ := strconv.Atoi(s.tool("import", "-window", id, "-format", "%k", "info:"))
	return colours > 16
}

// close presses the keys that close the window, as often as a person would: a press is lost while the window manager is still busy
// with the window. A program that hides its window, or hangs at its end, is not helped by another press.
func (s *stage) close() {
	s.t.Helper()
	var pressed time.Time
	s.until("the window is closed", func() bool {
		id := s.visible()
		if id != "" && time.Since(pressed) > 2*time.Second {
			s.tool("xdotool", "windowfocus", "--sync", id)
			s.tool("xdotool", "key", "alt+F4")
			pressed = time.Now()
		}
		return id == ""
	})
}

func (s *stage) session() *dbus.Conn {
	s.t.Helper()
	conn, err := dbus.Connect(s.bus)
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

// trayItem is the icon that a process has registered.
func trayItem(conn *dbus.Conn, pid int, path string) dbus.BusObject {
	return conn.Object(fmt.Sprintf("org.kde.StatusNotifierItem-%d-1", pid), dbus.ObjectPath(path))
}

// choose clicks the first line of the tray's menu that begins with a text.
func (s *stage) choose(pid int, label string) {
	s.t.Helper()
	conn := s.session()
	defer conn.Close()
	menu := trayItem(conn, pid, "/StatusNotifierItem/menu")
	s.until("the menu has "+label, func() bool {
		var revision uint32
		var root struct {
			ID    int32
			Props map[string]dbus.Variant
			Kids  []dbus.Variant
		}
		if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
			return false
		}
		for _, kid := range root.Kids {
			parts, ok := kid.Value().([]any)
			if !ok || len(parts) != 3 {
				continue
			}
			id, _ := parts[0].(int32)
			props, _ := parts[1].(map[string]dbus.Variant)
			if text, _ := props["label"].Value().(string); strings.HasPrefix(text, label) {
				menu.Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0))
				return true
			}
		}
		return false
	})
}

// offspring lists the processes below a process.
func offspring(pid int) []int {
	out, _ := exec.Command("ps", "-eo", "pid=,ppid=").Output()
	kids := map[int][]int{}
	for l := range strings.SplitSeq(string(out), "\n") {
		var p, pp int
		if n, _ := fmt.Sscan(l, &p, &pp); n == 2 {
			kids[pp] = append(kids[pp], p)
		}
	}
	var all []int
	for next := kids[pid]; len(next) > 0; next = next[1:] {
		all = append(all, next[0])
		next = append(next, kids[next[0]]...)
	}
	return all
}

// alive reports whether a process runs; a zombie does not.
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

func TestSmokeD01D03D04WindowTrayAndSecondStart(t *testing.T) {
	s := setStage(t, true)
	data := t.TempDir()
	cmd, end := s.trestle("--data", data)
	s.until("the page is painted", s.painted)
	conn := s.session()
	defer conn.Close()
	s.until("the tray has an icon and says what it is", func() bool {
		item := trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem")
		tip, err := item.GetProperty("org.kde.StatusNotifierItem.ToolTip")
		if err != nil || !strings.Contains(tip.String(), "Trestle") {
			return false
		}
		var pictures []struct {
			W, H int32
			Pix  []byte
		}
		return item.StoreProperty("org.kde.StatusNotifierItem.IconPixmap", &pictures) == nil &&
			len(pictures) == 1 && pictures[0].W > 0 && len(pictures[0].Pix) == int(4*pictures[0].W*pictures[0].H)
	})

	s.close()
	s.until("closing hides the window", func() bool { return s.visible() == "" })
	if !alive(cmd.Process.Pid) {
		t.Fatal("closing ended the program, though a tray lives")
	}

	trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem").Call("org.kde.StatusNotifierItem.Activate", 0, int32(0), int32(0))
	s.until("the tray brings the window back", s.painted)
	s.close()
	s.until("closing hides the window", func() bool { return s.visible() == "" })

	again, second := s.trestle("--data", data)
	if code := s.ended(again, second); code != 0 {
		t.Errorf("the second start ended with %d", code)
	}
	s.until("the second start shows the first", s.painted)

	kids := offspring(cmd.Process.Pid)
	if len(kids) == 0 {
		t.Error("no process of the webview was found; the last check shows nothing")
	}
	s.choose(cmd.Process.Pid, "Quit")
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("ended with %d", code)
	}
	s.until("no process of the webview is left", func() bool {
		return !slices.ContainsFunc(kids, alive)
	})
}

func TestSmokeWindowWithoutBusAndPanel(t *testing.T) {
	s := setStage(t, false)
	cmd, end := s.trestle("--data", t.TempDir())
	s.until("the page is painted", s.painted)
	s.close()
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

func TestSmokeWindowEndsOnSignal(t *testing.T) {
	s := setStage(t, true)
	cmd, end := s.trestle("--data", t.TempDir())
	s.until("the page is painted", s.painted)
	s.close()
	s.until("closing hides the window", func() bool { return s.visible() == "" })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

func TestSmokeD11HiddenStartShowsTheTrayAlone(t *testing.T) {
	s := setStage(t, true)
	data := t.TempDir()
	cmd, _ := s.trestle("--data", data, "open", "--hidden")
	conn := s.session()
	defer conn.Close()
	s.until("the icon is in the tray", func() bool {
		_, err := trayItem(conn, cmd.Process.Pid, "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem.ToolTip")
		return err == nil
	})
	s.until("the page has loaded unseen", func() bool { return len(offspring(cmd.Process.Pid)) > 1 })
	if id := s.visible(); id != "" {
		t.Error("a hidden start shows its window")
	}
	again, second := s.trestle("--data", data)
	if code := s.ended(again, second); code != 0 {
		t.Errorf("the second start ended with %d", code)
	}
	s.until("the second start shows the first", s.painted)
}

func TestSmokeWindowWithASilentBus(t *testing.T) {
	s := setStage(t, false)
	path := filepath.Join(t.TempDir(), "bus")
	silent, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	kept := make(chan net.Conn, 64) // or the collector closes them, which is an answer
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			kept <- c
		}
	}()
	defer func() {
		for len(kept) > 0 {
			(<-kept).Close()
		}
	}()
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+path)
	cmd, end := s.trestle("--data", t.TempDir())
	s.until("the page is painted", s.painted)
	s.close()
	if code := s.ended(cmd, end); code != 0 {
		t.Errorf("ended with %d", code)
	}
}
