//go:build unix

package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is this test's binary under the name by which it is the real program, and the environment it runs in.
type program struct {
	t    *testing.T
	path string
	data string
	env  []string
}

// realProgram makes the program for a data folder of its own.
func realProgram(t *testing.T) *program {
	t.Helper()
	root, err := os.MkdirTemp("", "trestle-test-") // short: a socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(root, 0o755); err != nil { // another account may be asked to run it
		t.Fatal(err)
	}
	p := &program{t: t, path: filepath.Join(root, "trestle"), data: filepath.Join(root, "data"), env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + root, "XDG_RUNTIME_DIR=" + filepath.Join(root, "run"), "TMPDIR=" + os.TempDir(), "TZ=UTC",
		"TRESTLE_KEYRING=off", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
	}}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link(exe, p.path); err != nil {
		if err := copyFile(exe, p.path); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		p.killHolder()
		for range 1500 { // whoever was killed a moment ago may still be writing
			if os.RemoveAll(root) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("%s cannot be removed", root)
	})
	return p
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (p *program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.path, append([]string{"--data", p.data}, args...)...)
	cmd.Env = p.env
	return cmd
}

// run runs a verb to its end.
func (p *program) run(in string, args ...string) (out, said string, err error) {
	cmd := p.command(args...)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &o, &e
	err = cmd.Run()
	return o.String(), e.String(), err
}

// must runs a verb that has to succeed and answers what it prints.
func (p *program) must(in string, args ...string) string {
	p.t.Helper()
	out, said, err := p.run(in, args...)
	if err != nil {
		p.t.Fatalf("trestle %s: %v: %s", strings.Join(args, " "), err, said)
	}
	return out
}

// holder is the process that holds the data folder, or nil.
func (p *program) holder() *os.Process {
	note, err := readNote(Dirs{Data: p.data})
	if err != nil {
		return nil
	}
	// A note of a killed holder may name a process of somebody else by now.
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", note.PID))
	if err != nil || !bytes.Contains(line, []byte(p.path)) {
		return nil
	}
	proc, err := os.FindProcess(note.PID)
	if err != nil {
		return nil
	}
	return proc
}

// killHolder kills the process that holds the data folder, if there is one, and waits for its end.
func (p *program) killHolder() {
	h := p.holder()
	if h == nil || h.Kill() != nil {
		return
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && h.Signal(syscall.Signal(0)) == nil; {
		if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", h.Pid)); err != nil || len(line) == 0 {
			return // gone, or only waited for by whoever started it
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestD05_M22_KilledProgramLosesNothing kills the program at random moments, again and again, while verbs send messages to two rooms and
// another process of it holds the data folder in the background. In the end every message whose verb said "sent" or "written down" is at the
// service, once, in the order of saying; a message of a verb that was killed may be there, but no more than once.
func TestD05_M22_KilledProgramLosesNothing(t *testing.T) {
	t.Parallel()
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	h := openHouse(t)
	p := realProgram(t)
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	rooms := []string{"Otter Trails", "Glass Boats"}
	for _, title := range rooms {
		p.must("", "contract", "create", "--title", title, "--rate", "10", "--shots", "none", "--self")
	}
	begun := time.Now()
	p.must("", "sync")
	lives := max(500*time.Millisecond, 6*time.Since(begun)) // on a busy machine a verb takes longer, and some are to come to their end

	said := map[string][]string{} // by room, the texts a verb confirmed, in order
	all := map[string][]string{}  // by room, every text that was tried
	kills, verbs := 0, 0
	for round := range rounds {
		if round == rounds/2 {
			h.stop() // from here on the service is away now and then: messages wait and are still safe
		}
		if round == rounds*3/4 {
			h.again()
		}
		background := p.command("open", "--background")
		if err := background.Start(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond+rand.N(lives))
		var running sync.WaitGroup
		for n, room := range rooms {
			running.Go(func() { // one writer a room: what one person writes in a room has an order
				for i := 0; ctx.Err() == nil; i++ {
					text := fmt.Sprintf("r%02d-%d-%03d", round, n, i)
					cmd := exec.CommandContext(ctx, p.path, "--data", p.data, "send", "--room", room, text) // killed with SIGKILL when ctx ends
					cmd.Env = p.env
					out, err := cmd.Output()
					lock.Lock()
					verbs++
					all[room] = append(all[room], text)
					if err == nil && (bytes.HasPrefix(out, []byte("Sent.")) || bytes.HasPrefix(out, []byte("Written down."))) {
						said[room] = append(said[room], text)
					}
					lock.Unlock()
				}
			})
		}
		<-ctx.Done()
		if background.Process.Kill() == nil {
			kills++
		}
		_ = background.Wait() // killed, as intended
		running.Wait()
		cancel()
		if len(said[rooms[0]])+len(said[rooms[1]]) <= round && lives < 10*time.Second {
			lives += lives / 2
		}
	}

	p.must("", "sync", "--timeout", "60s")
	w := h.witness("Esme")
	confirmed := 0
	for _, room := range rooms {
		there := textsOf(t, w, room)
		seen := map[string]int{}
		for at, text := range there {
			if was, twice := seen[text]; twice {
				t.Errorf("%s: %s stands twice, at %d and %d", room, text, was, at)
			}
			seen[text] = at
		}
		last := -1
		for _, text := range said[room] {
			at, ok := seen[text]
			if !ok {
				t.Errorf("%s: %s was confirmed and is lost", room, text)
				continue
			}
			if at < last {
				t.Errorf("%s: %s stands before what was written earlier", room, text)
			}
			last = at
		}
		known := map[string]bool{}
		for _, text := range all[room] {
			known[text] = true
		}
		for _, text := range there {
			if !known[text] {
				t.Errorf("%s: nobody wrote %s", room, text)
			}
		}
		confirmed += len(said[room])
	}
	t.Logf("%d rounds, %d kills, %d verbs, %d confirmed", rounds, kills, verbs, confirmed)
	if confirmed < rounds/2 {
		t.Errorf("only %d messages were confirmed; the test shows little", confirmed)
	}
}

// lock guards what the writers of TestD05_M22 count.
var lock sync.Mutex

// TestD04_SecondStartOfTheProgram: the second start of the real program is handed to the first and ends at once with an address of it.
func TestD04_SecondStartOfTheProgram(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := realProgram(t)
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	first := p.command("open", "--browser", "--print-url")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = first.Process.Kill()
		_ = first.Wait()
	})
	line := make([]byte, 256)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	place := func(s string) string { before, _, _ := strings.Cut(strings.TrimSpace(s), "#"); return before }
	second := p.must("", "open", "--browser", "--print-url")
	if place(second) != place(string(line[:n])) || second == string(line[:n]) {
		t.Errorf("the second start says %q, the first %q", second, line[:n])
	}
	if h := p.holder(); h == nil || h.Pid != first.Process.Pid {
		t.Errorf("the holder is %v, not %d", h, first.Process.Pid)
	}
	if err := first.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}
