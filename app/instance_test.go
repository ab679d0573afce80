package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// helperRole makes this test binary another start of the program: "race" joins
// and either holds until one start was shown or hands its arguments over;
// "hold" holds until it is killed.
const helperRole = "TRESTLE_TEST_ROLE"

func TestHelperProcess(t *testing.T) {
	t.Parallel()
	role := os.Getenv(helperRole)
	if role == "" {
		t.Skip("only as another process")
	}
	code := 0
	defer func() { os.Exit(code) }()
	dirs := Dirs{Data: os.Getenv("TRESTLE_TEST_DATA"), Runtime: os.Getenv("TRESTLE_TEST_RUN")}
	inst, remote, err := Join(context.Background(), dirs)
	switch {
	case err != nil:
		fmt.Println("error", AsFailure(err).Message)
		code = 2
	case remote != nil:
		if err := remote.Show(context.Background(), []string{"room/" + os.Getenv("TRESTLE_TEST_NAME")}); err != nil {
			fmt.Println("error", err)
			code = 1
			return
		}
		fmt.Println("handed")
	default:
		fmt.Println("holder")
		d, _ := NewDispatcher([]any{&Probe{}})
		inst.Serve(d)
		if role == "hold" {
			time.Sleep(time.Hour)
		}
		select {
		case args := <-inst.Shows():
			fmt.Println("shown", strings.Join(args, " "))
		case <-time.After(time.Minute):
			fmt.Println("nobody came")
		}
		if err := inst.Close(); err != nil {
			fmt.Println("error", err)
		}
	}
}

// another starts this binary in a role.
func another(t *testing.T, dirs Dirs, role, name string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperProcess$", "-test.count=1")
	cmd.Env = append(os.Environ(), helperRole+"="+role, "TRESTLE_TEST_DATA="+dirs.Data, "TRESTLE_TEST_RUN="+dirs.Runtime, "TRESTLE_TEST_NAME="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestD04_TwoStartsOneHolder(t *testing.T) {
	t.Parallel()
	for race := range 20 {
		dirs := testDirs(t)
		var out [2]string
		var wg sync.WaitGroup
		for i := range out {
			wg.Go(func() {
				b, err := another(t, dirs, "race", fmt.Sprint(i)).Output()
				if err != nil {
					t.Errorf("race %d, process %d: %v: %s", race, i, err, b)
				}
				out[i] = string(b)
			})
		}
		wg.Wait()
		for i := range out {
			if strings.Contains(out[i], "holder") {
				other := 1 - i
				if !strings.Contains(out[i], fmt.Sprintf("shown room/%d", other)) || !strings.Contains(out[other], "handed") {
					t.Errorf("race %d: %q", race, out)
				}
			}
		}
		if strings.Count(out[0]+out[1], "holder") != 1 {
			t.Errorf("race %d: %q", race, out)
		}
	}
}

// hold starts a holder in another process and waits until it holds.
func hold(t *testing.T, dirs Dirs) *exec.Cmd {
	t.Helper()
	cmd := another(t, dirs, "hold", "x")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "holder\n" {
		t.Fatalf("%q %v", line, err)
	}
	return cmd
}

func TestD04_SilentHolderIsNamedAndLeftAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no way to stop a process there")
	}
	heard(t)
	dirs := testDirs(t)
	holder := hold(t, dirs)
	if err := holder.Process.Signal(syscall.Signal(19)); err != nil { // SIGSTOP
		t.Fatal(err)
	}
	eventually(t, "the holder stands still", func() bool { // a signal is taken when the process is next given a core
		state, err := exec.Command("ps", "-o", "state=", "-p", fmt.Sprint(holder.Process.Pid)).Output()
		return err == nil && strings.HasPrefix(strings.TrimSpace(string(state)), "T")
	})
	_, _, err := Join(t.Context(), dirs)
	f := AsFailure(err)
	if f == nil || f.Code != CodeHeld || !strings.Contains(f.Message, fmt.Sprintf("process %d", holder.Process.Pid)) {
		t.Fatalf("error %v", err)
	}
	if err := holder.Process.Signal(syscall.Signal(18)); err != nil { // SIGCONT
		t.Fatal(err)
	}
	if inst, remote, err := Join(t.Context(), dirs); inst != nil || remote == nil || err != nil {
		t.Errorf("after it went on: %v %v %v", inst, remote, err)
	}
}

func TestD04_KilledHolderLeavesNothingInTheWay(t *testing.T) {
	t.Parallel()
	dirs := testDirs(t)
	holder := hold(t, dirs)
	_ = holder.Process.Kill()
	_ = holder.Wait()
	if _, err := os.Stat(filepath.Join(dirs.Data, "instance.json")); err != nil {
		t.Fatal("the killed holder left no note; the test shows nothing")
	}
	inst, _, err := Join(t.Context(), dirs)
	if inst == nil || err != nil {
		t.Fatalf("%v %v", inst, err)
	}
	if err := inst.Close(); err != nil {
		t.Error(err)
	}
}

func TestD04_CallsOverTheSocket(t *testing.T) {
	heard(t)
	dirs := testDirs(t)
	inst, _, err := Join(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close()
	remote, err := Dial(dirs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := remote.Call(t.Context(), "Probe.Echo", nil); AsFailure(err).Code != CodeStarting {
		t.Errorf("before it is ready: %v", err)
	}
	if err := remote.Show(t.Context(), []string{"early"}); err != nil {
		t.Errorf("shown before it is ready: %v", err)
	}
	inst.Serve(newTestDispatcher(t))
	value, err := remote.Call(t.Context(), "Probe.Echo", ProbeIn{Text: "hallo"})
	if err != nil || string(value) != `{"text":"hallo","list":[]}` {
		t.Errorf("%s %v", value, err)
	}
	if _, err := remote.Call(t.Context(), "Probe.Refuse", nil); AsFailure(err).Field != "text" {
		t.Errorf("refusal: %v", err)
	}
	if _, err := remote.Call(t.Context(), "Probe.Absent", nil); AsFailure(err).Code != CodeNoMethod {
		t.Errorf("absent: %v", err)
	}
	if args := <-inst.Shows(); len(args) != 1 || args[0] != "early" {
		t.Errorf("shown %v", args)
	}
	remote.secret = "guess"
	if _, err := remote.Call(t.Context(), "Probe.Echo", nil); AsFailure(err).Code != "signed_out" {
		t.Errorf("with a wrong secret: %v", err)
	}
}

func TestSocketIsOursAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a port there")
	}
	dirs := testDirs(t)
	inst, _, err := Join(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close()
	for path, want := range map[string]os.FileMode{
		dirs.SocketPath():                         0o600,
		filepath.Dir(dirs.SocketPath()):           0o700,
		filepath.Join(dirs.Data, "instance.json"): 0o600,
		filepath.Join(dirs.Data, "lock"):          0o600,
		dirs.Data:                                 0o700,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %v", filepath.Base(path), info, err, want)
		}
	}
}

func TestSocketPathsAreShort(t *testing.T) {
	t.Parallel()
	for _, d := range []Dirs{
		{Data: "/a", Runtime: "/run/user/1000/trestle"},
		{Data: "/" + strings.Repeat("very-long/", 50), Runtime: "/run/user/1000/trestle"},
		{Data: "/a", Runtime: "/" + strings.Repeat("long/", 30)},
		{Data: "/a"},
	} {
		if p := d.SocketPath(); len(p) > socketLimit || !strings.HasSuffix(p, ".sock") {
			t.Errorf("%s has %d bytes", p, len(p))
		}
	}
	a, b := Dirs{Data: "/a", Runtime: "/r"}, Dirs{Data: "/b", Runtime: "/r"}
	if a.SocketPath() == b.SocketPath() {
		t.Error("two data folders share a socket")
	}
}

func TestJoinEndsWithItsContext(t *testing.T) {
	heard(t)
	dirs := testDirs(t)
	inst, err := claim(dirs)
	if inst == nil || err != nil {
		t.Fatal(err)
	}
	defer inst.Close() // never ready
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, _, err := Join(ctx, dirs); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestSocketTakesNoOddRequests(t *testing.T) {
	heard(t)
	dirs := testDirs(t)
	inst, _, err := Join(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close()
	inst.Serve(newTestDispatcher(t))
	remote, err := Dial(dirs)
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://trestle/ready", nil)
	req.Header.Set("Authorization", "Bearer "+remote.secret)
	resp, err := remote.client.Do(req)
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("%v %v", resp, err)
	}
	if _, err := remote.Call(t.Context(), "Probe.Echo", json.RawMessage(`{"text":"`+strings.Repeat("a", CallBody)+`"}`)); AsFailure(err).Code != CodeBadInput {
		t.Errorf("too large: %v", err)
	}
}
