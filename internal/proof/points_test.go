package proof

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

var modes = []string{"error", "crash", "hang"}

// struck is what walking the failpoints found, by point and mode: how often it was hit.
type struck struct {
	mu   sync.Mutex
	hits map[string]map[string]int
}

func (s *struck) add(point, mode string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hits[point] == nil {
		s.hits[point] = map[string]int{}
	}
	s.hits[point][mode] += n
}

// tell prints the table and fails for each point that was not hit in some mode.
func (s *struck) tell(t *testing.T, side string) {
	t.Helper()
	points := make([]string, 0, len(s.hits))
	for p := range s.hits {
		points = append(points, p)
	}
	sort.Strings(points)
	runs, strikes := 0, 0
	for _, p := range points {
		var line strings.Builder
		fmt.Fprintf(&line, "%-24s", p)
		for _, m := range modes {
			n, ok := s.hits[p][m]
			if !ok {
				continue
			}
			runs++
			strikes += n
			fmt.Fprintf(&line, "  %s %d", m, n)
			if n == 0 {
				t.Errorf("%s was never reached for %s", p, m)
			}
		}
		Report(t, "T7", "%s", line.String())
	}
	Report(t, "T7", "%s: %d points, %d runs, %d strikes, all invariants hold after each", side, len(points), runs, strikes)
}

// walk runs one story for each point and mode, some side by side.
func walk(t *testing.T, side string, points []string, story func(t *testing.T, point, mode string) int) {
	every := Size(10, 4, 1, 1) // smaller sizes take each n-th pair of point and mode, another share of them each time
	offset := int(time.Now().UnixNano()/1000) % every
	s := &struck{hits: map[string]map[string]int{}}
	t.Run(side, func(t *testing.T) {
		n := offset
		for _, p := range points {
			for _, m := range modes {
				if n++; n%every != 0 {
					continue
				}
				t.Run(p+" "+m, func(t *testing.T) {
					t.Parallel()
					s.add(p, m, story(t, p, m))
				})
			}
		}
	})
	s.tell(t, side)
}

// start is a world that every story begins with: a service, and three devices of one account with two rooms, of which one has a past that
// is longer than a first look.
type start struct {
	dir         string
	a, b        *desk
	k2          workroom.ContractID
	room, other workroom.RoomID
	before      []string // what was said in the room
}

func begin(t *testing.T) *start {
	t.Helper()
	s := &start{dir: t.TempDir()}
	h := openHouse(t, service.Config{Data: filepath.Join(s.dir, "service")})
	direct := "http://" + h.addr
	s.b = signUp(t, direct, "Anna")
	s.b.dir = filepath.Join(s.dir, "b")
	s.b.start()
	_, s.room = s.b.contract()
	s.k2, s.other = s.b.contract()
	for _, x := range fill("old", 120) {
		s.b.say(s.room, x)
		s.before = append(s.before, x)
	}
	s.b.sync()
	s.a = s.b.second(direct)
	s.a.dir = filepath.Join(s.dir, "a")
	s.a.start()
	s.a.sync()
	s.a.stop()
	s.b.stop()
	scope := workroom.RoomScope(s.room)
	db := look(t, filepath.Join(h.data, "service.db"))
	var gone []workroom.Change // tombstones, for what compacts
	for _, id := range column(t, db, "SELECT id FROM thing WHERE scope=? AND kind='message' ORDER BY born LIMIT 10", string(scope)) {
		gone = append(gone, workroom.Change{Ref: workroom.Ref{Scope: scope, Kind: workroom.KindMessage, ID: id}})
	}
	must(t, h.svc.Act(bg, s.b.signed.Account, gone))
	s.before = s.before[len(gone):]
	h.stop()
	return s
}

// at is the beginning in a folder of its own.
func (s *start) at(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(s.dir)))
	return dir
}

func (s *start) device(t *testing.T, of *desk, dir, base string) *desk {
	return &desk{t: t, dir: dir, id: of.id, signed: of.signed, base: base}
}

// hands is a desktop in a process of its own that does what it is told, and is started again when it dies.
type hands struct {
	t      *testing.T
	orders handOrders
	c      *child
	in     io.WriteCloser
	out    *bufio.Reader
	died   int
}

func (h *hands) start() {
	h.t.Helper()
	for range 4 { // an error may be met while it opens its file; a person starts it again
		exe, err := os.Executable()
		must(h.t, err)
		raw, err := json.Marshal(h.orders)
		must(h.t, err)
		all, err := json.Marshal(childOrders{"hand", raw})
		must(h.t, err)
		h.c, h.in, h.out = talkTo(h.t, exe, childEnv+"="+string(all))
		if _, ok := h.answer(); ok {
			return
		}
		h.died++
	}
	h.t.Fatalf("the desktop does not start: %s", h.c.said)
}

func (h *hands) answer() (said, bool) {
	h.t.Helper()
	line, err := h.out.ReadBytes('\n')
	if err != nil {
		h.c.gone() // it died
		return said{}, false
	}
	var s said
	must(h.t, json.Unmarshal(line, &s))
	return s, true
}

// do gives one order. It answers false if the desktop died of it; then it runs again.
func (h *hands) do(what, text string, room workroom.RoomID) (said, bool) {
	h.t.Helper()
	raw, err := json.Marshal(handOrder{Do: what, Text: text, Room: room})
	must(h.t, err)
	_, err = h.in.Write(append(raw, '\n'))
	if err == nil {
		if s, ok := h.answer(); ok {
			return s, true
		}
	} else {
		h.c.gone()
	}
	h.died++
	h.start()
	return said{}, false
}

// insist gives an order until it succeeds, as a person would.
func (h *hands) insist(what string, room workroom.RoomID) {
	h.t.Helper()
	last := ""
	for range 6 {
		s, ok := h.do(what, "", room)
		if ok && s.Err == "" {
			return
		}
		last = s.Err
	}
	h.t.Errorf("%s never succeeded: %s", what, last)
}

// TestT7_Desktop strikes at every failpoint of the replica and the courier with an error, a crash and a hang, in a story that leads past all
// of them: messages and files, live rows, history, a backup, a fork, a new epoch, another id for the device, a room that is taken away.
// Afterwards the copy is sound and in step, and everything that was confirmed is there once.
func TestT7_Desktop(t *testing.T) {
	t.Parallel()
	s := begin(t)
	var points []string
	for _, p := range replica.Points() {
		switch p {
		case replica.PointMigrate, replica.PointRescue: // before a story can begin: TestT7_Opening
		default:
			points = append(points, "replica."+p)
		}
	}
	for _, p := range courier.Points() {
		points = append(points, "courier."+p)
	}
	walk(t, "desktop", points, s.desktop)
}

func (s *start) desktop(t *testing.T, point, mode string) int {
	dir := s.at(t)
	h := openHouse(t, service.Config{Data: filepath.Join(dir, "service")})
	direct := "http://" + h.addr
	b := s.device(t, s.b, filepath.Join(dir, "b"), direct).start()
	set, hits := filepath.Join(dir, "set"), filepath.Join(dir, "hits")
	must(t, os.WriteFile(set, nil, 0o600))
	a := &hands{t: t, orders: handOrders{Dir: filepath.Join(dir, "a"), URL: direct, Device: s.a.id, Signed: s.a.signed,
		Trap: trap{Point: point, Mode: mode, Set: set, Hits: hits}}}
	if point == "replica."+replica.PointCommit { // every transaction comes by
		a.orders.Trap.Skip = rand.IntN(40)
	}
	a.start()
	confirmed := slices.Clone(s.before)
	n := 0
	say := func(what string) {
		n++
		text := fmt.Sprintf("a-%03d", n)
		if r, ok := a.do(what, text, s.room); ok && r.Err == "" {
			confirmed = append(confirmed, text)
		}
	}
	other := func() {
		n++
		text := fmt.Sprintf("b-%03d", n)
		b.say(s.room, text)
		confirmed = append(confirmed, text)
	}
	again := func(harm func()) {
		h.stop()
		harm()
		h.start()
	}
	path := filepath.Join(dir, "service", "service.db")
	exec := func(q string, args ...any) {
		db, err := sql.Open("sqlite3", "file:"+path)
		must(t, err)
		_, err = db.Exec(q, args...)
		must(t, err)
		must(t, db.Close())
	}

	a.insist("watch", s.room)
	for range 3 {
		other()
		say("say")
		say("say")
		time.Sleep(30 * time.Millisecond)
	}
	say("file")
	a.insist("sync", "")
	other()
	b.sync()
	a.insist("older", s.room)
	a.insist("older", s.room)
	a.insist("sync", "")
	a.insist("backup", "")

	again(func() { // an older database under the same epoch: a fork
		for _, x := range []string{"", "-wal", "-shm"} {
			os.Remove(path + x)
		}
		must(t, copyFile(filepath.Join(s.dir, "service", "service.db"), path))
	})
	other()
	say("say")
	a.insist("sync", "")
	b.sync()
	a.insist("sync", "")

	again(func() { exec("UPDATE meta SET v=? WHERE k='epoch'", newID()[:16]) })
	say("say")
	a.insist("sync", "")
	b.sync()

	again(func() { exec("UPDATE device SET incarnation='another-copy' WHERE id=?", s.a.id) })
	say("say")
	a.insist("sync", "")

	scope := workroom.RoomScope(s.other)
	must(t, h.svc.Act(bg, s.b.signed.Account, []workroom.Change{
		{Ref: workroom.Ref{Scope: workroom.AccountScope(s.b.signed.Account), Kind: workroom.KindGrant, ID: string(scope)}},
		{Ref: workroom.Ref{Scope: scope, Kind: workroom.KindMember, ID: string(s.b.signed.Account)}},
	}))
	a.insist("sync", "")
	say("say")
	other()
	a.insist("sync", "")
	b.sync()
	a.insist("sync", "")
	time.Sleep(300 * time.Millisecond) // what the copy does beside: words into the index, unsent.json
	for range 20 {
		if _, err := os.Stat(hits); err == nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	if r, ok := a.do("stop", "", ""); ok && r.Err != "" {
		t.Errorf("close: %s", r.Err)
	} else if !ok {
		a.do("stop", "", "")
	}
	os.Remove(set)

	d := s.device(t, s.a, filepath.Join(dir, "a"), direct).start()
	d.sync()
	d.checkNotSent()
	d.older(s.room)
	b.older(s.room)
	b.checkNotSent()
	for _, x := range []*desk{d, b} {
		there := x.texts(s.room)
		checkTexts(t, there, confirmed)
		for i, text := range there {
			if slices.Contains(there[:i], text) {
				t.Errorf("I4: %s is there twice", text)
			}
		}
		x.checkI3(direct)
	}
	d.stop()
	b.stop()
	h.stop()
	checkI6(t, d.copy(), path, s.b.signed.Account)
	checkFile(t, d.copy())
	checkFile(t, path)
	checkHeads(t, path)
	struckHere, _ := os.ReadFile(hits)
	return len(struckHere)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// TestT7_Service strikes at every failpoint of the service and its store while two desktops write, attach and read. Afterwards each acknowledged
// command stands once, heads and digests are what the rows say, and both desktops are in step.
func TestT7_Service(t *testing.T) {
	t.Parallel()
	s := begin(t)
	walk(t, "service", service.Points(), s.serving)
}

func (s *start) serving(t *testing.T, point, mode string) int {
	dir := s.at(t)
	set, hits := filepath.Join(dir, "set"), filepath.Join(dir, "hits")
	data := filepath.Join(dir, "service")
	orders := faultyOrders{Data: data, Trap: trap{Point: point, Mode: mode, Set: set, Hits: hits, Skip: rand.IntN(4)}}
	if point == store.PointJobs || point == store.PointCompact {
		orders.Chores, orders.Trap.Skip = true, 0
	}
	c, addr := started(spawn(t, "fault", orders))
	way, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(way.Close)
	watch := func(c *child) chan struct{} {
		ch := make(chan struct{})
		go func() { c.gone(); close(ch) }()
		return ch
	}
	alive := watch(c)
	a := s.device(t, s.a, filepath.Join(dir, "a"), way.URL()).start()
	b := s.device(t, s.b, filepath.Join(dir, "b"), way.URL()).start()
	a.c.Watch(workroom.RoomScope(s.room))
	a.sync()
	confirmed := slices.Clone(s.before)
	for round := range 3 {
		if round == 1 {
			must(t, os.WriteFile(set, nil, 0o600))
		}
		for i := range 6 {
			for _, d := range []*desk{a, b} {
				text := fmt.Sprintf("%s-%d-%d", filepath.Base(d.dir), round, i)
				d.say(s.room, text)
				confirmed = append(confirmed, text)
			}
		}
		text := fmt.Sprintf("file-%d", round)
		must(t, a.sayWithFile(s.room, text, []byte(strings.Repeat(text, 100))))
		confirmed = append(confirmed, text)
		if round == 1 && mode == "crash" {
			select {
			case <-alive:
				c, addr = started(spawn(t, "fault", orders))
				way.Target(addr)
				alive = watch(c)
			case <-time.After(20 * time.Second):
			}
		}
		a.sync()
		b.sync()
	}
	a.sync()
	a.older(s.room)
	b.older(s.room)
	a.checkNotSent()
	b.checkNotSent()
	checkTexts(t, a.texts(s.room), confirmed)
	checkTexts(t, b.texts(s.room), confirmed)
	a.checkI3(way.URL())
	b.checkI3(way.URL())
	a.stop()
	b.stop()
	c.cmd.Process.Kill()
	<-alive
	path := filepath.Join(data, "service.db")
	checkI6(t, a.copy(), path, s.b.signed.Account)
	checkFile(t, path)
	checkHeads(t, path)
	struckHere, _ := os.ReadFile(hits)
	return len(struckHere)
}
