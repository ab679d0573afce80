package proof

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// deskOrders tell a child to be a desktop whose person writes until it is killed.
type deskOrders struct {
	Dir, URL, Device string
	Signed           wire.Signed
	Contract         workroom.ContractID
	Room             workroom.RoomID
	Prefix           string        // of the texts
	From             int           // the first text's number
	Pause            time.Duration // between acts
	Files            bool          // every seventh message carries a file
	Offline          bool          // without a courier
}

// deskChild writes messages, marks them read and sets an activity, and tells each message once it is confirmed.
func deskChild(raw json.RawMessage) error {
	var o deskOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	blobs, err := blob.Open(filepath.Join(o.Dir, "blobs"))
	if err != nil {
		return err
	}
	rep, err := replica.Open(filepath.Join(o.Dir, "copy.db"), replica.Options{Service: o.Signed.Service, Account: o.Signed.Account, Device: o.Device, Drop: blobs.Remove})
	if err != nil {
		return err
	}
	if !o.Offline {
		c := courier.New(courier.Options{Replica: rep, Blobs: blobs, Client: &wire.Client{Base: o.URL, Token: o.Signed.Token, Service: o.Signed.Service}})
		go c.Run(bg)
	}
	fmt.Println("ready")
	for i := o.From; ; i++ {
		cmd := workroom.SendMessage{Room: o.Room, Text: fmt.Sprintf("%s-%05d", o.Prefix, i)}
		var opts replica.EnqueueOpts
		if o.Files && i%7 == 0 {
			content := []byte(strings.Repeat(cmd.Text, 50))
			sha, size, err := blobs.Put(bytes.NewReader(content))
			if err != nil {
				return err
			}
			f := workroom.FileRef{ID: workroom.FileID(newID()), Name: cmd.Text + ".txt", Size: size, Type: "text/plain"}
			cmd.Files = []workroom.FileRef{f}
			opts.Uploads = []replica.Upload{{ID: f.ID, Scope: workroom.RoomScope(o.Room), Name: f.Name, Size: size, Type: f.Type, SHA: sha, Parts: []string{sha}}}
		}
		if _, err := rep.Enqueue(bg, cmd, opts); err != nil {
			return err
		}
		fmt.Println(cmd.Text)
		if i%5 == 0 {
			if _, err := rep.Enqueue(bg, workroom.SetPref{Room: o.Room, Who: o.Signed.Account, Favourite: new(i%2 == 0)}, replica.EnqueueOpts{}); err != nil {
				return err
			}
		}
		time.Sleep(o.Pause)
	}
}

// serveOrders tell a child to be a service.
type serveOrders struct{ Data, Listen string }

func serveChild(raw json.RawMessage) error {
	var o serveOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	cfg := service.ServeConfig{Config: service.Config{Data: o.Data, OpenJoin: true, Limits: unlimited}, Listen: o.Listen}
	return service.Serve(bg, cfg, func(url string) { fmt.Println(url) })
}

// child is a process of this test program in a role.
type child struct {
	t    testing.TB
	cmd  *exec.Cmd
	out  *bufio.Scanner
	said *bytes.Buffer
	gone func() // waits for its end, by any number of callers
}

func newChild(t testing.TB, cmd *exec.Cmd) *child {
	c := &child{t: t, cmd: cmd, said: &bytes.Buffer{}}
	c.gone = sync.OnceFunc(func() { cmd.Wait() }) // killed, as intended
	return c
}

func spawn(t testing.TB, role string, orders any, env ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	return spawnAs(t, exe, role, orders, env...)
}

// spawnAs is spawn with another build of this test program.
func spawnAs(t testing.TB, exe, role string, orders any, env ...string) *child {
	t.Helper()
	raw, err := json.Marshal(orders)
	must(t, err)
	all, err := json.Marshal(childOrders{role, raw})
	must(t, err)
	return spawnProgram(t, exec.Command(exe), append(env, childEnv+"="+string(all))...)
}

func spawnProgram(t testing.TB, cmd *exec.Cmd, env ...string) *child {
	t.Helper()
	c := newChild(t, cmd)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = c.said
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	c.out = bufio.NewScanner(out)
	t.Cleanup(func() { c.kill() })
	return c
}

// talkTo starts a build of this test program that is talked to, line by line.
func talkTo(t testing.TB, exe string, env ...string) (*child, io.WriteCloser, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(exe)
	c := newChild(t, cmd)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = c.said
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { c.kill() })
	return c, in, bufio.NewReader(out)
}

// line is the next line the child prints; false at its end.
func (c *child) line() (string, bool) {
	if !c.out.Scan() {
		return "", false
	}
	return c.out.Text(), true
}

// first is the line by which the child says that it runs.
func (c *child) first() string {
	c.t.Helper()
	l, ok := c.line()
	if !ok {
		c.gone()
		c.t.Fatalf("the child did not begin: %s", c.said)
	}
	return l
}

// kill is kill -9; it waits for the end.
func (c *child) kill() {
	c.cmd.Process.Kill()
	c.gone()
}

// killSoon kills at a random moment of the next 5 to 500 ms, and answers what the child told until then.
func (c *child) killSoon() (told []string) {
	time.AfterFunc(moment(), func() { c.cmd.Process.Kill() })
	return c.rest()
}

// rest is what the child tells until its end.
func (c *child) rest() (told []string) {
	for {
		l, ok := c.line()
		if !ok {
			c.gone()
			return told
		}
		told = append(told, l)
	}
}

func moment() time.Duration { return time.Duration(5+rand.IntN(496)) * time.Millisecond }

// TestT5_KilledDesktop kills a desktop at random moments while its person writes. Everything that was confirmed arrives once and in order,
// its file is sound, and what it holds as accepted is so (I4-I7).
func TestT5_KilledDesktop(t *testing.T) {
	t.Parallel()
	rounds := Size(6, 25, 100, 5000)
	h := openHouse(t, service.Config{})
	direct := "http://" + h.addr
	a := signUp(t, direct, "Anna").start()
	k, room := a.contract()
	a.sync()
	a.stop()
	var confirmed []string
	next := 0
	for range rounds {
		c := spawn(t, "desk", deskOrders{Dir: a.dir, URL: direct, Device: a.id, Signed: a.signed, Contract: k, Room: room, Prefix: "a", From: next,
			Pause: time.Duration(rand.IntN(8)) * time.Millisecond, Files: true})
		c.first()
		told := c.killSoon()
		confirmed = append(confirmed, told...)
		next += len(told) + 1 // one that was under way may be stored although it was never confirmed
		checkFile(t, a.copy())
	}
	a.start()
	a.sync()
	b := a.second(direct).start()
	b.sync()
	b.older(room)
	there := b.texts(room)
	checkRoom(t, there, confirmed)
	a.checkNotSent()
	compared := a.checkI3(direct)
	a.stop()
	b.stop()
	h.stop()
	acked := checkI6(t, a.copy(), filepath.Join(h.data, "service.db"), a.signed.Account)
	checkFile(t, a.copy())
	if len(confirmed) < rounds {
		t.Errorf("only %d acts in %d rounds: the test is too weak", len(confirmed), rounds)
	}
	Report(t, "T5", "desktop: %d kills, %d messages confirmed, %d there, %d acked, %d things compared, integrity ok, 0 lost, 0 double", rounds, len(confirmed), len(there), acked, compared)
}

// program is the built program `make prove` gives, or "" for a child of this test in its place.
func program() string { return os.Getenv("TRESTLE_PROOF_PROGRAM") }

// startService starts a service to be killed: the real program if there is one.
func startService(t testing.TB, data string) (c *child, addr string) {
	t.Helper()
	if exe := program(); exe != "" {
		c = spawnProgram(t, exec.Command(exe, "--data", data, "serve"))
		return started(c)
	}
	return startOwn(t, data)
}

// startOwn starts a service as a child of this test, without limits of use.
func startOwn(t testing.TB, data string, env ...string) (c *child, addr string) {
	t.Helper()
	return started(spawn(t, "serve", serveOrders{Data: data}, env...))
}

func started(c *child) (*child, string) {
	c.t.Helper()
	addr, ok := c.address()
	if !ok {
		c.kill()
		c.t.Fatalf("the service did not start: %s", c.said)
	}
	return c, addr
}

// address waits until a service says where it listens; false if it died before.
func (c *child) address() (string, bool) {
	c.t.Helper()
	first, ok := c.line()
	if !ok {
		return "", false
	}
	var ready struct{ URL string }
	if json.Unmarshal([]byte(first), &ready) == nil {
		first = ready.URL
	}
	u, err := url.Parse(first)
	if err != nil || u.Host == "" {
		c.t.Fatalf("the service said %q", first)
	}
	go func() { // it may say more; nobody waits for that
		for c.out.Scan() {
		}
	}()
	return u.Host, true
}

// writer is a device that sends commands by hand and knows what became of each.
type writer struct {
	t       testing.TB
	dev     string
	client  *wire.Client
	room    workroom.RoomID
	n       int64
	pending []wire.Command   // sent, without an answer
	acked   map[string]int64 // born by id
	again   int
	pace    time.Duration // between commands
}

// send sends one command. It answers false if no answer came.
func (w *writer) send(c wire.Command) bool {
	ctx, cancel := context.WithTimeout(bg, 10*time.Second)
	defer cancel()
	out, err := w.client.Commands(ctx, wire.Commands{Device: w.dev, Cmds: []wire.Command{c}})
	if err != nil {
		return false
	}
	switch r := out.Results[0]; r.Status {
	case wire.OK:
		for _, x := range r.Things {
			if x.ID == c.ID && x.Kind == workroom.KindMessage {
				if was, ok := w.acked[c.ID]; ok && was != x.Born {
					w.t.Errorf("I4: %s was accepted at %d and at %d", c.ID, was, x.Born)
				}
				w.acked[c.ID] = x.Born
			}
		}
		return true
	case wire.Later:
		return false
	default:
		w.t.Errorf("I5: %s: %+v", c.ID, r)
		return true
	}
}

func (w *writer) say(text string) wire.Command {
	w.n++
	args, err := workroom.EncodeCommand(workroom.SendMessage{Room: w.room, Text: text})
	must(w.t, err)
	return wire.Command{ID: newID(), N: w.n, Lane: string(workroom.RoomScope(w.room)), Op: workroom.OpSendMessage, V: workroom.Ops[workroom.OpSendMessage].V, Args: args}
}

// retry sends again what has no answer yet, byte for byte, and expects one, unless stop comes first: the service may be killed before it
// has answered.
func (w *writer) retry(stop <-chan struct{}) {
	for len(w.pending) > 0 {
		c := w.pending[0]
		stopped := false
		eventually(w.t, "an answer to a command sent again", func() bool {
			if w.send(c) {
				return true
			}
			select {
			case <-stop:
				stopped = true
			default:
			}
			return stopped
		})
		if stopped {
			return
		}
		if _, ok := w.acked[c.ID]; !ok {
			w.t.Errorf("I4: %s: no row in the answer", c.ID)
		}
		w.pending = w.pending[1:]
		w.again++
	}
}

// run sends until stop, and then at most until the service stops answering.
func (w *writer) run(stop <-chan struct{}, prefix string) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-time.After(w.pace):
		}
		c := w.say(fmt.Sprintf("%s-%05d", prefix, i))
		if !w.send(c) {
			w.pending = append(w.pending, c)
			return
		}
	}
}

// crew is some writers of one account in one room.
func crew(t testing.TB, direct string, n int) (a *desk, room workroom.RoomID, k workroom.ContractID, list []*writer) {
	t.Helper()
	a = signUp(t, direct, "Anna").start()
	k, room = a.contract()
	a.sync()
	for range n {
		b := a.second(direct)
		list = append(list, &writer{t: t, dev: b.id, client: b.client(direct), room: room, acked: map[string]int64{}, pace: 10 * time.Millisecond})
	}
	return a, room, k, list
}

// checkAcked compares the room in the service's file with what the writers were told.
func checkAcked(t testing.TB, data string, room workroom.RoomID, list []*writer) (acked, again int) {
	t.Helper()
	path := filepath.Join(data, "service.db")
	checkFile(t, path)
	db := look(t, path)
	defer db.Close()
	rows, err := db.Query("SELECT id, born, body FROM thing WHERE scope=? AND kind='message'", string(workroom.RoomScope(room)))
	must(t, err)
	defer rows.Close()
	born, texts := map[string]int64{}, map[string]bool{}
	for rows.Next() {
		var id string
		var b int64
		var body []byte
		must(t, rows.Scan(&id, &b, &body))
		var m workroom.Message
		must(t, json.Unmarshal(body, &m))
		if texts[m.Text] {
			t.Errorf("I4: %s is there twice", m.Text)
		}
		texts[m.Text], born[id] = true, b
	}
	must(t, rows.Err())
	for _, w := range list {
		for id, b := range w.acked {
			if born[id] != b {
				t.Errorf("I5 I6: %s was acknowledged at %d and stands at %d", id, b, born[id])
			}
		}
		acked += len(w.acked)
		again += w.again
	}
	checkHeads(t, path)
	return acked, again
}

// TestT5_KilledService kills the service at random moments while four devices write and a desktop reads along. No acknowledged command is
// lost or doubled, each asked again gets the same answer, and the desktop is in step afterwards.
func TestT5_KilledService(t *testing.T) {
	t.Parallel()
	rounds := Size(6, 25, 100, 5000)
	data := t.TempDir()
	c, addr := startService(t, data)
	p, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(p.Close)
	a, room, _, list := crew(t, p.URL(), 4)
	if program() != "" {
		for _, w := range list {
			w.pace = 60 * time.Millisecond // it has limits of use
		}
	}
	var confirmed []string
	for round := range rounds {
		if round > 0 {
			c, addr = startService(t, data)
			p.Target(addr)
		}
		stop := make(chan struct{})
		var all sync.WaitGroup
		for i, w := range list {
			all.Go(func() {
				w.retry(stop)
				w.run(stop, fmt.Sprintf("w%d-%04d", i, round))
			})
		}
		text := fmt.Sprintf("a-%05d", round)
		a.say(room, text)
		confirmed = append(confirmed, text)
		time.Sleep(moment())
		c.kill()
		close(stop)
		all.Wait()
	}
	c, addr = startService(t, data)
	p.Target(addr)
	for _, w := range list {
		w.retry(nil)
	}
	a.sync()
	a.older(room)
	checkRoom(t, a.texts(room), confirmed)
	a.checkNotSent()
	compared := a.checkI3(p.URL())
	a.stop()
	c.kill()
	acked, again := checkAcked(t, data, room, list)
	checkI6(t, a.copy(), filepath.Join(data, "service.db"), a.signed.Account)
	if acked < rounds {
		t.Errorf("only %d commands were accepted in %d rounds: the test is too weak", acked, rounds)
	}
	who := "its own engine"
	if program() != "" {
		who = "the built program"
	}
	Report(t, "T5", "service (%s): %d kills, %d commands acknowledged, %d asked again, %d of a desktop beside, %d things compared, integrity ok, 0 lost, 0 double",
		who, rounds, acked, again, len(confirmed), compared)
}

// checkHeads is I2 and I18 in the service's file: of each scope, seqs, numbers and digest are what the rows say.
func checkHeads(t testing.TB, path string) {
	t.Helper()
	s, err := store.Open(bg, "sqlite:"+path, store.Options{})
	must(t, err)
	defer s.Close()
	db := look(t, path)
	defer db.Close()
	for _, scope := range column(t, db, "SELECT scope FROM head") {
		if said, err := s.Verify(bg, workroom.Scope(scope)); err != nil || said != "" {
			t.Errorf("I2 I18: %s: %s %v", scope, said, err)
		}
	}
}
