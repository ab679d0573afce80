package courier

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"trestle/internal/workroom"
)

// sieve counts the questions of a device by operation and the frames of its live channel by name, and keeps back the frames it is told to.
type sieve struct {
	mu     sync.Mutex
	asked  map[string]int
	frames map[string]int
	keep   func(name string, nth int) bool // nil: all pass
}

func (s *sieve) count(m map[string]int, name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	m[name]++
	return m[name]
}

func (s *sieve) of(m map[string]int, name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return m[name]
}

func (d *device) sift(keep func(name string, nth int) bool) *sieve {
	s := &sieve{asked: map[string]int{}, frames: map[string]int{}, keep: keep}
	d.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		s.count(s.asked, name)
		res, err := do(r)
		if err != nil || name != "events" || res.StatusCode != 200 {
			return res, err
		}
		body := res.Body
		pr, pw := io.Pipe()
		res.Body = struct {
			io.Reader
			io.Closer
		}{pr, body}
		go func() {
			lines := bufio.NewScanner(body)
			lines.Buffer(nil, 1<<20)
			var frame []string
			for lines.Scan() {
				frame = append(frame, lines.Text())
				if lines.Text() != "" {
					continue
				}
				name, _ := strings.CutPrefix(frame[0], "event: ")
				if s.keep == nil || s.keep(name, s.count(s.frames, name)) {
					fmt.Fprint(pw, strings.Join(frame, "\n")+"\n")
				}
				frame = nil
			}
			pw.CloseWithError(io.ErrUnexpectedEOF)
		}()
		return res, nil
	})
	d.c.cutStream()
	return s
}

// What is written into a watched room comes with the live channel: nothing is pulled for it (② of sync.md §5).
func TestRows_ComeWithoutAPull(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "zero")
	a.sync()
	b := a.second()
	b.sync()
	s := b.sift(func(name string, _ int) bool { return name != "heads" }) // hints would do as well
	b.c.Watch(workroom.RoomScope(room))
	eventually(t, "the service knows what is watched", func() bool { return s.of(s.asked, "watch") > 0 && b.told() })
	pulls := s.of(s.asked, "pull")
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprintf("m%02d", i))
		a.say(room, want[i])
	}
	eventually(t, "the messages at the other device", func() bool { return len(b.texts(room)) == 31 })
	b.shows(room, append([]string{"zero"}, want...)...)
	if n := s.of(s.asked, "pull") - pulls; n != 0 {
		t.Errorf("%d pulls for rows that came by themselves", n)
	}
	if s.of(s.frames, "rows") == 0 {
		t.Error("no frame with rows came")
	}
	a.sync()
	b.sync()
	b.checkI3()
}

// told reports whether the service knows what this device watches.
func (d *device) told() bool {
	d.c.mu.Lock()
	defer d.c.mu.Unlock()
	return d.c.m.live.conn != "" && !d.c.m.live.untold() && !d.c.m.live.busy
}

// I19: dropping every frame, or any half of them, only costs time. The final state is the same, byte for byte, as that of a device that
// missed none.
func TestI19_DroppedFramesChangeNothing(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	k, room, _ := a.contract(true)
	a.say(room, "zero")
	a.sync()
	ways := map[string]func(string, int) bool{
		"none dropped":       nil,
		"all but hello":      func(name string, _ int) bool { return name == "hello" },
		"all":                func(string, int) bool { return false },
		"every second":       func(name string, n int) bool { return name == "hello" || n%2 == 0 },
		"rows: every third":  func(name string, n int) bool { return name != "rows" || n%3 == 0 },
		"rows alone, no one": func(name string, _ int) bool { return name != "rows" },
	}
	devices := map[string]*device{}
	for name, keep := range ways {
		d := a.second()
		d.sync()
		d.sift(keep)
		d.c.Watch(workroom.RoomScope(room), workroom.ContractScope(k))
		devices[name] = d
	}
	for i := range 40 {
		a.say(room, fmt.Sprint("m", i))
		if i == 20 {
			a.sync()
		}
	}
	a.sync()
	truth := a.state(room, k)
	for name, d := range devices {
		d.sync() // what the 60 s poll does by itself
		if got := d.state(room, k); got != truth {
			t.Errorf("I19: %s: differs:\n%s\n%s", name, got, truth)
		}
		d.checkI3()
		if checked, unlike := d.c.Compared(); unlike != 0 {
			t.Errorf("%s: %d of %d digests differ", name, unlike, checked)
		}
	}
}

// state is what a device holds of a contract and its room, in words.
func (d *device) state(room workroom.RoomID, k workroom.ContractID) string {
	d.t.Helper()
	var out strings.Builder
	for _, s := range []workroom.Scope{workroom.RoomScope(room), workroom.ContractScope(k)} {
		rows, err := d.rep.Dump(bg, s)
		must(d.t, err)
		for _, r := range rows {
			fmt.Fprintln(&out, s.Kind(), r.Kind, r.ID, r.Seq, r.Rev, r.Num, string(r.Body))
		}
	}
	return out.String()
}
