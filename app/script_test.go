package app

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"trestle/internal/service/auth"
)

// TestMain lets the scripts of testdata run the real program: "trestle" is this test's own binary. Passwords are hashed with little memory in
// both; how much is proved where they are made.
func TestMain(m *testing.M) {
	auth.Params.Memory = 1 << 10
	testscript.Main(alone{m}, map[string]func(){
		"trestle": func() { os.Exit(Main()) },
	})
}

// alone runs the tests with nothing of the computer they run on: no display, no session bus, no keyring. What a test needs of these it brings
// itself. Most tests wait for one another's programs, so that more of them run at once than there are processors.
type alone struct{ m *testing.M }

// Run runs the tests.
func (a alone) Run() int {
	for name, value := range map[string]string{
		"DISPLAY": "", "WAYLAND_DISPLAY": "", "XDG_SESSION_TYPE": "", "TRESTLE_KEYRING": "off", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "TRESTLE_DATA": "",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	return a.m.Run()
}

// TestI03_Scripts runs the stories of testdata/script: each a command line as a person or a script would type it, against real processes.
func TestI03_Scripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"service": serviceCmd, "again": again, "portal": portal, "jsonlen": jsonlen, "killdesk": killDesk, "opens": opens},
		Setup: func(e *testscript.Env) error {
			e.Setenv("TRESTLE_KEYRING", "off")
			e.Setenv("XDG_RUNTIME_DIR", filepath.Join(e.WorkDir, "run"))
			e.Setenv("DISPLAY", "")
			e.Setenv("WAYLAND_DISPLAY", "")
			e.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("TZ", "UTC")
			return nil
		},
		RequireUniqueNames: true,
	})
}

// serviceCmd starts, stops or kills a service: "service start NAME [OLD]" sets $NAME to its address; with OLD it listens where it did before.
func serviceCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: service start|stop|kill NAME")
	}
	name := args[1]
	switch args[0] {
	case "start":
		listen := "127.0.0.1:0"
		if was := ts.Getenv(name); was != "" {
			listen = strings.TrimPrefix(was, "http://")
		}
		cmd := exec.Command(self(ts), "--data", ts.MkAbs(name), "serve", "--listen", listen)
		out, err := cmd.StdoutPipe()
		ts.Check(err)
		ts.Check(cmd.Start())
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			_ = cmd.Wait()
			ts.Fatalf("the service did not come up: %v", err)
		}
		go io.Copy(io.Discard, out)
		var ready struct{ URL string }
		ts.Check(json.Unmarshal([]byte(line), &ready))
		ts.Setenv(name, ready.URL)
		ts.Setenv(name+"_PID", fmt.Sprint(cmd.Process.Pid))
		ts.Defer(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	case "stop", "kill":
		var pid int
		_, err := fmt.Sscan(ts.Getenv(name+"_PID"), &pid)
		ts.Check(err)
		p, err := os.FindProcess(pid)
		ts.Check(err)
		if args[0] == "kill" {
			ts.Check(p.Kill())
		} else {
			ts.Check(p.Signal(os.Interrupt))
		}
		addr := strings.TrimPrefix(ts.Getenv(name), "http://")
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			c, err := net.DialTimeout("tcp", addr, time.Second)
			if err != nil {
				return
			}
			c.Close()
		}
		ts.Fatalf("the service still answers")
	}
}

// self is the program that testscript put first on the path.
func self(ts *testscript.TestScript) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		p := filepath.Join(dir, "trestle")
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	ts.Fatalf("no trestle on the path")
	return ""
}

// again runs a command until it succeeds and prints the wanted text, at most a minute: "again TEXT trestle …".
func again(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: again TEXT COMMAND …")
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := ts.Exec(args[1], args[2:]...)
		if err == nil && strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("never said %q: %v\n%s", args[0], err, ts.ReadFile("stdout"))
		}
	}
}

// portal starts a web server that answers every address with a page of its own, as a captive portal does: "portal NAME".
func portal(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = bufio.NewReader(c).ReadString('\n')
				body := "<!doctype html><title>Hotel Seaview</title><p>Please accept our terms.</p>"
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
			}()
		}
	}()
	ts.Setenv(args[0], "http://"+l.Addr().String())
}

// opens starts the program as a person would and looks at what it says first, then asks it to end: "opens DATA STDERR STDOUT".
func opens(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command(self(ts), "--data", ts.MkAbs(args[0]), "open")
	cmd.Env = []string{"TRESTLE_KEYRING=off", "HOME=" + ts.Getenv("WORK"), "XDG_RUNTIME_DIR=" + ts.Getenv("XDG_RUNTIME_DIR"), "TZ=UTC"}
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		ts.Fatalf("the program ended: %q", said.String())
	}
	if !regexp.MustCompile(args[2]).MatchString(line) {
		ts.Fatalf("the program printed %q", line)
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		ts.Check(err)
	case <-time.After(time.Minute):
		ts.Fatalf("the program does not end")
	}
	if !regexp.MustCompile(args[1]).MatchString(said.String()) {
		ts.Fatalf("the program said %q", said.String())
	}
}

// jsonlen checks how long the JSON array on the last standard output is, and that no "id" in it stands twice: "jsonlen N".
func jsonlen(ts *testscript.TestScript, neg bool, args []string) {
	var list []map[string]any
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &list); err != nil {
		ts.Fatalf("no JSON array: %v", err)
	}
	if got := fmt.Sprint(len(list)); got != args[0] {
		ts.Fatalf("%s rows, want %s", got, args[0])
	}
	seen := map[any]bool{}
	for _, row := range list {
		if seen[row["id"]] {
			ts.Fatalf("%v stands twice", row["id"])
		}
		seen[row["id"]] = true
	}
}

// killDesk kills the process that holds a data folder, without a chance to clean up: "killdesk DATA".
func killDesk(ts *testscript.TestScript, neg bool, args []string) {
	body := ts.ReadFile(filepath.Join(args[0], "instance.json"))
	var note holderNote
	ts.Check(json.Unmarshal([]byte(body), &note))
	p, err := os.FindProcess(note.PID)
	ts.Check(err)
	ts.Check(p.Kill())
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d/exe", note.PID)); err != nil {
			return
		}
	}
}
