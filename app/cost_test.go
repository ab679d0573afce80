//go:build linux

package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// spent is what a process has used so far.
type spent struct {
	slices time.Duration // the scheduler's own account, to the nanosecond
	wakes  int64         // how often one of its threads gave the processor up of its own will, to wait
}

func spentBy(t *testing.T, pid int) (out spent) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) == 0 {
		t.Fatal("no such process", err)
	}
	for _, task := range tasks {
		if body, err := os.ReadFile(filepath.Join(task, "schedstat")); err == nil {
			var ran int64
			_, _ = fmt.Sscan(string(body), &ran)
			out.slices += time.Duration(ran)
		}
		body, err := os.ReadFile(filepath.Join(task, "status"))
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(body)) {
			if v, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
				n, _ := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
				out.wakes += n
			}
		}
	}
	return out
}

// TestT06_CostOfTracking measures the whole program, without a window, while time is tracked and nobody touches anything: what it uses of a
// core, and how often it wakes, beside the same program that tracks nothing (tracker.md §13). A minute each, so it runs where TRESTLE_COSTS
// is set.
func TestT06_CostOfTracking(t *testing.T) {
	if os.Getenv("TRESTLE_COSTS") == "" {
		t.Skip("TRESTLE_COSTS=1 measures for some minutes")
	}
	h := openHouse(t)
	realScreen(t)
	p := realProgram(t)
	p.env = append(p.env, "DISPLAY="+os.Getenv("DISPLAY"))
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	p.must("", "contract", "create", "--title", "Otter Trails", "--rate", "10", "--shots", "none", "--self")
	p.must("", "sync")
	page := p.command("open", "--browser", "--print-url") // stays without a page, tracking or not
	out, err := page.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = page.Process.Kill()
		_ = page.Wait()
	})
	if _, err := out.Read(make([]byte, 256)); err != nil {
		t.Fatal(err)
	}
	const span = time.Minute
	of := func(what string) (cpu, wakes float64) {
		time.Sleep(20 * time.Second) // what a start brings with it is over
		before := spentBy(t, page.Process.Pid)
		time.Sleep(span)
		after := spentBy(t, page.Process.Pid)
		cpu = 100 * float64(after.slices-before.slices) / float64(span)
		wakes = float64(after.wakes-before.wakes) / span.Seconds()
		t.Logf("%s: %.4f %% of a core, %.2f wake-ups a second of all its threads", what, cpu, wakes)
		return cpu, wakes
	}
	restCPU, restWakes := of("not tracking")
	p.must("", "track", "start", "--contract", "Otter Trails", "--memo", "Nobody there")
	cpu, wakes := of("tracking, nobody there")
	t.Logf("tracking costs %.4f %% of a core and %.2f wake-ups a second more", cpu-restCPU, wakes-restWakes)
	if cpu-restCPU > 0.05 { // ours is 0.02; a busy machine counts what it does to others, too
		t.Errorf("tracking costs %.4f %% of a core", cpu-restCPU)
	}
}
