package proof

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/mattn/go-sqlite3" // to look into the files from outside

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var bg = context.Background()

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unlimited lets tests ask as fast as they can.
var unlimited = service.Limits{Commands: -1, Burst: 1 << 20, SignUps: -1, Rooms: -1}

// house is the real service behind a real listener of this process.
type house struct {
	t    testing.TB
	data string
	cfg  service.Config
	svc  *service.Service
	srv  *http.Server
	addr string
}

func openHouse(t testing.TB, cfg service.Config) *house {
	t.Helper()
	if cfg.Data == "" {
		cfg.Data = t.TempDir()
	}
	cfg.OpenJoin, cfg.Limits = true, unlimited
	h := &house{t: t, data: cfg.Data, cfg: cfg, addr: "127.0.0.1:0"}
	h.start()
	t.Cleanup(h.stop)
	return h
}

func (h *house) start() {
	h.t.Helper()
	svc, err := service.New(h.cfg)
	must(h.t, err)
	l, err := net.Listen("tcp", h.addr)
	must(h.t, err)
	h.svc, h.addr = svc, l.Addr().String()
	h.srv = &http.Server{Handler: svc}
	srv := h.srv
	go srv.Serve(l)
}

func (h *house) stop() {
	if h.svc == nil {
		return
	}
	h.srv.Close()
	if err := h.svc.Close(); err != nil {
		h.t.Errorf("close the service: %v", err)
	}
	h.svc = nil
}

// desk is a real desktop engine: its file, its bytes, its courier, and a way to the service of its own.
type desk struct {
	t      testing.TB
	dir    string
	id     string
	base   string // where it reaches the service
	signed wire.Signed
	now    func() time.Time
	pass   http.RoundTripper
	rep    *replica.Replica
	blobs  *blob.Store
	c      *courier.Courier
	stop   func()
}

const password = "correct horse battery staple"

// signUp makes an account at the address, directly, and a desk of it that is not started yet.
func signUp(t testing.TB, direct, name string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), id: newID(), base: direct}
	s, err := (&wire.Client{Base: direct}).SignUp(bg, wire.SignUp{Name: name, Email: strings.ToLower(name) + "@example.com", Password: password, Device: d.id})
	must(t, err)
	d.signed = *s
	return d
}

// second is another device of the same account.
func (d *desk) second(direct string) *desk {
	d.t.Helper()
	n := &desk{t: d.t, dir: d.t.TempDir(), id: newID(), base: direct}
	s, err := (&wire.Client{Base: direct}).SignIn(bg, wire.SignIn{Email: d.signed.Email, Password: password, Device: n.id})
	must(d.t, err)
	n.signed = *s
	return n
}

func (d *desk) client(base string) *wire.Client {
	c := &wire.Client{Base: base, Token: d.signed.Token, Service: d.signed.Service, Version: "0.1.0"}
	if d.pass != nil {
		c.HTTP = &http.Client{Transport: d.pass}
	}
	return c
}

// start opens the desk's file and lets its courier run; d.stop ends both, as quitting the program does.
func (d *desk) start() *desk {
	d.t.Helper()
	var err error
	d.blobs, err = blob.Open(filepath.Join(d.dir, "blobs"))
	must(d.t, err)
	d.rep, err = replica.Open(d.copy(), replica.Options{Service: d.signed.Service, Account: d.signed.Account, Device: d.id, Drop: d.blobs.Remove, Now: d.now})
	must(d.t, err)
	way := &http.Transport{MaxIdleConnsPerHost: 8}
	d.pass = way
	d.c = courier.New(courier.Options{Replica: d.rep, Blobs: d.blobs, Client: d.client(d.base), Now: d.now,
		Unlike: func(scope workroom.Scope) { d.t.Errorf("I18: the copy of %s was not the service's", scope) }})
	ctx, cancel := context.WithCancel(bg)
	done := make(chan struct{})
	go func() { defer close(done); d.c.Run(ctx) }()
	var once sync.Once
	d.stop = func() {
		once.Do(func() {
			cancel()
			<-done
			d.rep.Close()
			way.CloseIdleConnections()
		})
	}
	d.t.Cleanup(d.stop)
	return d
}

// copy is the desk's SQLite file.
func (d *desk) copy() string { return filepath.Join(d.dir, "copy.db") }

// contract makes a contract of one's own with its room.
func (d *desk) contract() (workroom.ContractID, workroom.RoomID) {
	d.t.Helper()
	k, room := workroom.ContractID(newID()), workroom.RoomID(newID())
	_, err := d.rep.Enqueue(bg, ownContract(k, room, d.signed), replica.EnqueueOpts{ID: string(k)})
	must(d.t, err)
	return k, room
}

func ownContract(k workroom.ContractID, room workroom.RoomID, s wire.Signed) workroom.CreateContract {
	return workroom.CreateContract{Contract: k, Who: s.Account, Name: s.Name, Room: room, Title: "Work", Self: true,
		Terms: workroom.Terms{Rate: 1000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsFull, IdleMinutes: 10}}
}

func (d *desk) say(room workroom.RoomID, text string) {
	d.t.Helper()
	_, err := d.rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: text}, replica.EnqueueOpts{})
	must(d.t, err)
}

// sayWithFile says a message with a file of one part.
func (d *desk) sayWithFile(room workroom.RoomID, text string, content []byte) error {
	sha, size, err := d.blobs.Put(bytes.NewReader(content))
	if err != nil {
		return err
	}
	f := workroom.FileRef{ID: workroom.FileID(newID()), Name: text + ".bin", Size: size, Type: "application/octet-stream"}
	u := replica.Upload{ID: f.ID, Scope: workroom.RoomScope(room), Name: f.Name, Size: size, Type: f.Type, SHA: sha, Parts: []string{sha}}
	_, err = d.rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: text, Files: []workroom.FileRef{f}}, replica.EnqueueOpts{Uploads: []replica.Upload{u}})
	return err
}

// sync waits until the desk is in step with the service, however long a fault's traces take to go.
func (d *desk) sync() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(bg, 150*time.Second)
	defer cancel()
	if err := d.c.Drain(ctx); err != nil {
		items, _ := d.rep.Outbox(bg)
		for _, i := range items {
			d.t.Logf("waiting: %d %s %s %s %s", i.N, i.Op, i.State, i.Code, i.Text)
		}
		d.t.Fatalf("L1: not in step: %v", err)
	}
}

// older brings the whole history of a room.
func (d *desk) older(room workroom.RoomID) {
	d.t.Helper()
	for more := true; more; {
		var err error
		more, err = d.c.Older(bg, workroom.RoomScope(room))
		must(d.t, err)
	}
}

// texts is the room as the desk shows it.
func (d *desk) texts(room workroom.RoomID) []string {
	d.t.Helper()
	var out []string
	for before := int64(0); ; {
		w, err := d.rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, before, 0)
		must(d.t, err)
		var page []string
		for _, r := range w.Rows {
			page = append(page, r.Thing.(*workroom.Message).Text)
		}
		out = append(page, out...)
		if !w.More {
			return out
		}
		before = w.Rows[0].Born
	}
}

// eventually waits for what other goroutines bring about. The limit only ends a run that hangs.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

// checkNotSent is "no untyped rejection": nothing the person did stands refused because a stranger answered or the way broke.
func (d *desk) checkNotSent() {
	d.t.Helper()
	items, err := d.rep.NotSent(bg)
	must(d.t, err)
	for _, i := range items {
		d.t.Errorf("I5: %s %d was refused: %s %s", i.Op, i.N, i.Code, i.Text)
	}
}

// checkI3 compares what the desk holds with what the service says up to the same cursor; the desk must be in step and its service quiet.
func (d *desk) checkI3(direct string) (compared int) {
	d.t.Helper()
	epoch, err := d.rep.Epoch(bg)
	must(d.t, err)
	cursors, err := d.rep.Cursors(bg)
	must(d.t, err)
	ask := &wire.Client{Base: direct, Token: d.signed.Token, Service: d.signed.Service}
	for _, c := range cursors {
		if c.Hold != replica.Whole {
			continue
		}
		truth, at, whole := theirs(d.t, ask, epoch, c)
		if at != c.Seq {
			d.t.Errorf("I3: %s is held up to %d, the service is at %d", c.Scope, c.Seq, at)
			continue
		}
		held, err := d.rep.Dump(bg, c.Scope)
		must(d.t, err)
		for _, x := range held {
			key := string(x.Kind) + " " + x.ID
			want, ok := truth[key]
			compared++
			if x.Gone && (ok && want.Gone || !ok && !whole) {
				delete(truth, key) // deleted on both sides, at whatever number; a compacted scope has no trace of it
				continue
			}
			if !ok || want.Seq != x.Seq || want.Gone != x.Gone || !sameJSON(want.Body, x.Body) {
				d.t.Errorf("I3: %s %s differs: held seq %d gone %v, the service's %d gone %v", c.Scope, key, x.Seq, x.Gone, want.Seq, want.Gone)
			}
			delete(truth, key)
		}
		for key, x := range truth {
			if !x.Gone && !x.Kind.Dated() {
				d.t.Errorf("I3: %s lacks %s", c.Scope, key)
			}
		}
	}
	if compared == 0 {
		d.t.Error("I3: nothing was compared")
	}
	return compared
}

// theirs is what the service has of a scope, and up to which number: all that was ever written, or where it is compacted, what is there.
func theirs(t testing.TB, ask *wire.Client, epoch string, c replica.Cursor) (truth map[string]wire.Thing, at int64, whole bool) {
	t.Helper()
	truth = map[string]wire.Thing{}
	take := func(list []wire.Thing) {
		for _, x := range list {
			truth[string(x.Kind)+" "+x.ID] = x
		}
	}
	p := wire.Pull{Scope: c.Scope, Epoch: epoch, Gen: c.Gen}
	for more := true; more; {
		page, err := ask.Pull(bg, p)
		must(t, err)
		if page.Reset == wire.ResetPurged {
			out, err := ask.Open(bg, wire.Open{Scopes: []workroom.Scope{c.Scope}, Tail: 50})
			must(t, err)
			o := out.Scopes[0]
			take(o.Hot)
			take(o.Tail)
			for before, more := o.Floor, o.More; more; {
				r, err := ask.Range(bg, wire.Range{Scope: c.Scope, Before: before, Limit: 50, Min: o.Seq})
				must(t, err)
				take(r.Things)
				before, more = r.Lo, r.More
			}
			return truth, o.Seq, false
		}
		if page.Reset != "" {
			t.Errorf("I3: %s from the beginning: reset %s", c.Scope, page.Reset)
			return truth, 0, false
		}
		take(page.Things)
		p.After, p.Tag, more = page.Seq, page.Tag, page.More
	}
	return truth, p.After, true
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// checkRoom is exactly once, no loss and lane order in one room: every confirmed text is there, none twice, and those of one writer (the
// texts with one prefix before the last dash) in the order of writing.
func checkRoom(t testing.TB, there, confirmed []string) {
	t.Helper()
	at := map[string]int{}
	for i, s := range there {
		if _, twice := at[s]; twice {
			t.Errorf("I4: %s is there twice", s)
		}
		at[s] = i
	}
	last, lost := map[string]int{}, 0
	for _, s := range confirmed {
		i, ok := at[s]
		if !ok {
			lost++
			if lost <= 5 {
				t.Errorf("I5: %s was confirmed and is lost", s)
			}
			continue
		}
		writer := s[:strings.LastIndexByte(s, '-')+1]
		if was, ok := last[writer]; ok && i < was {
			t.Errorf("I7: %s stands before what was written earlier", s)
		}
		last[writer] = i
	}
	if lost > 0 {
		t.Errorf("I5: %d of %d confirmed are lost", lost, len(confirmed))
	}
}

// checkTexts is checkRoom without the order of writers.
func checkTexts(t testing.TB, there, confirmed []string) {
	t.Helper()
	seen := map[string]int{}
	for _, s := range there {
		seen[s]++
	}
	for _, s := range confirmed {
		if seen[s] != 1 {
			t.Errorf("I4 I5: %.10s… was confirmed and is there %d times", s, seen[s])
		}
	}
}

// look opens a SQLite file from outside, to read.
func look(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000&_query_only=on")
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// checkFile is SQLite's own check of a whole file.
func checkFile(t testing.TB, path string) {
	t.Helper()
	db := look(t, path)
	defer db.Close()
	var said string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
		t.Errorf("%s: integrity_check: %s %v", filepath.Base(path), said, err)
	}
}

// checkI6 is ack truth: what the desk holds as sent has an accepted record at the service. Both files are looked at from outside.
func checkI6(t testing.TB, copy, service string, account workroom.AccountID) int {
	t.Helper()
	accepted := map[string]bool{}
	s := look(t, service)
	defer s.Close()
	for _, id := range column(t, s, "SELECT id FROM command WHERE account=? AND status='ok'", string(account)) {
		accepted[id] = true
	}
	c := look(t, copy)
	defer c.Close()
	sent := column(t, c, "SELECT id FROM sent WHERE op<>'Upload'")
	for _, id := range sent {
		if !accepted[id] {
			t.Errorf("I6: %s is held as accepted and has no record at the service", id)
		}
	}
	return len(sent)
}

func column(t testing.TB, db *sql.DB, q string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(q, args...)
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		must(t, rows.Scan(&v))
		out = append(out, v)
	}
	must(t, rows.Err())
	return out
}

func fill(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s-%05d", prefix, i)
	}
	return out
}
