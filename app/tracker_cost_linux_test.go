package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/trace"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// The cost of the tracker's own goroutines (tracker.md §13), apart from the courier, the screens and the tray, which do not run in these processes:
// one tracks, one has the same store open and does not, one only sleeps, and one asks the display each second for how long nobody has touched
// anything, which is what a tracker that polls does.

// trackCost is what one process cost from ready to the end of its input.
type trackCost struct {
	Wakes    int   `json:"wakes"`    // of goroutines that run the tracker's code, by the runtime's own trace; -1 where that was not asked
	All      int   `json:"all"`      // of all goroutines
	CPU      int64 `json:"cpu"`      // ns
	Switches int64 `json:"switches"` // of the kernel
	Keys     int   `json:"keys"`     // counted by the tracker
}

// TestTrackerCostProcess is such a process; it is nothing in a run of tests.
func TestTrackerCostProcess(t *testing.T) {
	kind := os.Getenv("TRESTLE_COST_PROCESS")
	if kind == "" {
		t.Skip("a process of TestT06_CostOfTheTrackerAlone")
	}
	t.Setenv("DISPLAY", os.Getenv("TRESTLE_COST_DISPLAY")) // tests begin without one
	ctx := t.Context()
	end := func() int { return 0 }
	switch kind {
	case "track", "open":
		end = trackAlone(t, ctx, kind == "track")
	case "poll":
		go pollIdle(t, ctx)
	}
	traced := os.Getenv("TRESTLE_COST_TRACE")
	if traced != "" {
		f, err := os.Create(traced)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := trace.Start(f); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	if traced != "" {
		trace.Stop()
	}
	out, _ := json.Marshal(trackCost{Wakes: -1, CPU: after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano(),
		Switches: after.Nvcsw + after.Nivcsw - before.Nvcsw - before.Nivcsw, Keys: end()})
	fmt.Println(string(out))
}

// trackAlone opens the store of a desktop without anything that runs beside it, and begins to track. The answer ends it and tells the keys counted.
func trackAlone(t *testing.T, ctx context.Context, tracks bool) func() int {
	st, err := openState(os.Getenv("TRESTLE_COST_DATA"))
	if err != nil {
		t.Fatal(err)
	}
	c := openDesk(t, testDirs(t))
	c.dirs.Data = os.Getenv("TRESTLE_COST_DATA")
	s, err := openSession(c, st.get(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !tracks {
		t.Cleanup(s.Close)
		return func() int { return 0 }
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); s.track.run(ctx) }()
	c.mu.Lock()
	c.session = s
	c.mu.Unlock()
	started(t, c, os.Getenv("TRESTLE_COST_CONTRACT"), "", "Measured")
	c.mu.Lock()
	c.session = nil
	c.mu.Unlock()
	return func() int {
		stop()
		<-ended
		rows, err := s.replica.Waiting(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		keys := map[int64]int{}
		for _, r := range rows {
			var args struct {
				Input []struct {
					Minutes []struct {
						At   int64
						Keys *int
					}
				}
			}
			if json.Unmarshal(r.Args, &args) != nil {
				continue
			}
			for _, in := range args.Input {
				for _, m := range in.Minutes {
					if m.Keys != nil {
						keys[m.At] = *m.Keys
					}
				}
			}
		}
		n := 0
		for _, k := range keys {
			n += k
		}
		s.Close()
		return n
	}
}

// pollIdle asks the display each second, by one connection that is kept.
func pollIdle(t *testing.T, ctx context.Context) {
	conn, err := xgb.NewConn()
	if err != nil {
		t.Error(err)
		return
	}
	if err := screensaver.Init(conn); err != nil {
		t.Error(err)
		return
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, _ = screensaver.QueryInfo(conn, xproto.Drawable(root)).Reply()
		}
	}
}

// trackersOwn is what the trace names in the stacks of the tracker's own goroutines.
var trackersOwn = regexp.MustCompile(`trestle/app\.\(\*(tracking|shots)\)|trestle/internal/input\.|jezek/xgb`)

// wakes counts in a trace how often a goroutine that waited ran again, of the tracker's own and of all.
func wakes(t *testing.T, path string) (own, all int) {
	t.Helper()
	cmd := exec.Command("go", "tool", "trace", "-d=parsed", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("go tool trace: %v", err)
	}
	woke, ours, g := map[string]int{}, map[string]bool{}, ""
	event := regexp.MustCompile(`StateTransition .*GoID=(\d+) (\w+)->(\w+)`)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "M="):
			g = ""
			if m := event.FindStringSubmatch(line); m != nil {
				g = m[1]
				if m[2] == "Waiting" && m[3] == "Runnable" {
					woke[g]++
				}
			}
		case line == "Stack=": // whose doing it was
			g = ""
		case g != "" && trackersOwn.MatchString(line):
			ours[g] = true
		}
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	for id, n := range woke {
		all += n
		if ours[id] {
			own += n
		}
	}
	return own, all
}

// T-06, T-12: nothing that tracks may be felt. With nobody at the keys the tracker's own goroutines wake at most 0.2 times a second and the process
// costs at most 0.02 % of a core; under a thousand keys a second 0.3 %. Measured beside a process that sleeps and one that polls, in one run; the
// figures are printed, and what is asserted are ratios and wake-ups. `make costs` runs it.
func TestT06_CostOfTheTrackerAlone(t *testing.T) {
	if os.Getenv("TRESTLE_COSTS") == "" {
		t.Skip("TRESTLE_COSTS=1 measures for some minutes")
	}
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	arrived(t, c)
	data := c.dirs.Data
	c.Close()
	xgb.Logger = log.New(io.Discard, "", 0)
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	span := time.Minute
	if d, err := time.ParseDuration(os.Getenv("TRESTLE_COSTS")); err == nil {
		span = d
	}
	of := func(kind string, load int, traced bool) trackCost {
		t.Helper()
		cmd := exec.Command(os.Args[0], "-test.run=^TestTrackerCostProcess$")
		cmd.Env = append(os.Environ(), "TRESTLE_COST_PROCESS="+kind, "TRESTLE_COST_DATA="+data, "TRESTLE_COST_CONTRACT="+id, "TRESTLE_COST_DISPLAY="+os.Getenv("DISPLAY"), "TRESTLE_KEYRING=off")
		file := filepath.Join(t.TempDir(), "trace")
		if traced {
			cmd.Env = append(cmd.Env, "TRESTLE_COST_TRACE="+file)
		}
		cmd.Stderr = os.Stderr
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for lines.Scan() && lines.Text() != "ready" {
		}
		for began := time.Now(); time.Since(began) < span; time.Sleep(10 * time.Millisecond) {
			if load == 0 {
				time.Sleep(span - time.Since(began))
				break
			}
			for range load / 100 {
				xtest.FakeInput(conn, xproto.KeyPress, 38, 0, root, 0, 0, 0)
				xtest.FakeInput(conn, xproto.KeyRelease, 38, 0, root, 0, 0, 0)
			}
		}
		_, _ = xproto.GetInputFocus(conn).Reply()
		time.Sleep(500 * time.Millisecond)
		in.Close()
		var got trackCost
		var said strings.Builder
		for lines.Scan() {
			if !strings.HasPrefix(lines.Text(), "{") {
				said.WriteString(lines.Text() + "\n")
			} else if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, said.String())
		}
		if traced {
			got.Wakes, got.All = wakes(t, file)
			t.Logf("%-6s %4d keys/s, traced: %.3f wake-ups a second of the tracker's own goroutines, %.3f of all", kind, load,
				float64(got.Wakes)/span.Seconds(), float64(got.All)/span.Seconds())
			return got
		}
		t.Logf("%-6s %4d keys/s: %.4f %% of a core, %.2f switches a second, %d keys counted", kind, load, 100*float64(got.CPU)/float64(span),
			float64(got.Switches)/span.Seconds(), got.Keys)
		return got
	}
	asleep, poll, idle, open := of("sleep", 0, false), of("poll", 0, false), of("track", 0, false), of("open", 0, false)
	busy := of("track", 1000, false)
	t.Logf("nobody at the keys: %.2f × a sleeping process, %.2f × polling; under load %.2f × polling with nobody there", ratio(idle, asleep), ratio(idle, poll), ratio(busy, poll))
	t.Logf("of it the store that is only open: %.4f %%", 100*float64(open.CPU)/float64(span))
	quiet := of("track", 0, true)
	if quiet.All == 0 {
		t.Error("nothing woke at all: the trace is not understood")
	}
	if limit := 0.2 * span.Seconds(); float64(quiet.Wakes) > limit {
		t.Errorf("with nobody at the keys the tracker's goroutines woke %d times in %s, want at most %.0f", quiet.Wakes, span, limit)
	}
	const smallest = 2e6 // two milliseconds: below it the clock of the processor tells nothing
	if float64(idle.CPU) > 2*max(float64(asleep.CPU), smallest, 0.0002*float64(span)) {
		t.Errorf("with nobody at the keys it costs %s in %s, a sleeping process %s", time.Duration(idle.CPU), span, time.Duration(asleep.CPU))
	}
	if idle.CPU >= poll.CPU {
		t.Errorf("with nobody at the keys it costs %s, polling each second %s", time.Duration(idle.CPU), time.Duration(poll.CPU))
	}
	if busy.Keys == 0 {
		t.Error("no key was counted: this shows nothing of load")
	}
}

func ratio(a, b trackCost) float64 { return float64(a.CPU) / max(float64(b.CPU), 1) }
