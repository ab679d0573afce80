package input

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// The reader runs in a process of its own, so that what it costs can be told from what making the events costs.
func TestMain(m *testing.M) {
	if pause, err := time.ParseDuration(os.Getenv("TRESTLE_READER_PAUSE")); err == nil {
		readerProcess(pause)
		return
	}
	os.Exit(m.Run())
}

// readerProcess counts until its standard input ends, then prints the events counted, its processor time in nanoseconds and its context
// switches. A negative pause means: do not count, only sleep.
func readerProcess(pause time.Duration) {
	c := &Counter{src: &x11{display: os.Getenv("DISPLAY"), pause: pause, redial: time.Hour}}
	if pause >= 0 {
		if err := c.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		c.Take()
	}
	runtime.GC()
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	fmt.Println(c.Take().Keys, cpu, after.Nvcsw+after.Nivcsw-before.Nvcsw-before.Nivcsw)
}

// BenchmarkReader compares readers under 1000 keys a second and under none: the drained one as shipped, one that reads every event at
// once, and a Go process that only sleeps. Shares are of one core.
func BenchmarkReader(b *testing.B) {
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		b.Skip("no Xvfb here")
	}
	display, stop := runServer(b, bin)
	defer stop()
	h := newHands(b, display)
	for _, load := range []int{1000, 0} {
		for _, c := range []struct {
			name  string
			pause time.Duration
		}{{"drained", drainPause}, {"at once", 0}, {"asleep", -1}} {
			b.Run(fmt.Sprintf("%s/%d", c.name, load), func(b *testing.B) {
				for b.Loop() {
					measure(b, h, c.pause, load)
				}
			})
		}
	}
}

func measure(b *testing.B, h *hands, pause time.Duration, load int) {
	const span = 5 * time.Second
	keys, cpu, switches := cost(b, h, pause, load, span)
	b.ReportMetric(100*float64(cpu)/float64(span), "%core")
	b.ReportMetric(float64(switches), "switches")
	b.ReportMetric(float64(keys), "keys")
	b.ReportMetric(0, "ns/op")
}

// cost runs a reader of its own under so many keys a second, and answers how many it counted, its processor time in nanoseconds and its
// context switches.
func cost(t testing.TB, h *hands, pause time.Duration, load int, span time.Duration) (keys, cpu, switches int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TRESTLE_READER_PAUSE="+pause.String())
	cmd.Stderr = os.Stderr
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan() // ready
	for began := time.Now(); time.Since(began) < span; time.Sleep(10 * time.Millisecond) {
		for range load / 100 {
			h.key(38)
		}
	}
	h.sync()
	time.Sleep(2 * drainPause)
	in.Close()
	lines.Scan()
	_, _ = fmt.Sscan(lines.Text(), &keys, &cpu, &switches)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return keys, cpu, switches
}
