package proof

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/synctest"

	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func (w *simWorld) data() string   { return filepath.Join(w.dir, "service") }
func (w *simWorld) dbPath() string { return filepath.Join(w.data(), "service.db") }

// up starts the service.
func (w *simWorld) up() {
	w.armed = ""
	svc, err := service.New(service.Config{Data: w.data(), OpenJoin: true, Limits: service.Limits{Commands: -1, Burst: -1, SignUps: -1, Rooms: -1},
		Random: w.names, Fail: w.failpoint})
	w.must("start the service", err)
	w.svc = svc
	w.truth, err = OpenTruth(w.dbPath())
	w.must("read the service's database", err)
	w.truth.Forked = w.forked
	w.alias(w.truth.Epoch)
	w.note(Event{Kind: "service", Op: "up"})
}

// failpoint lets the service's next transaction fail at the armed place, once.
func (w *simWorld) failpoint(point string) error {
	if w.armed != point {
		return nil
	}
	w.armed = ""
	w.count("service failed " + point)
	return errSimCrash
}

func (w *simWorld) alias(epoch string) {
	if w.epochs[epoch] == "" {
		w.epochs[epoch] = fmt.Sprint("epoch", len(w.epochs)+1)
		w.hist.Alias(epoch, w.epochs[epoch])
	}
}

func (w *simWorld) down() {
	if w.svc == nil {
		return
	}
	w.must("close what reads the service's database", w.truth.Close())
	w.must("close the service", w.svc.Close())
	w.svc = nil
	synctest.Wait()
	w.note(Event{Kind: "service", Op: "down"})
}

// answerOf is an HTTP answer.
func answerOf(r *http.Request, status int, kind, body string, head ...string) *http.Response {
	h := http.Header{"Content-Type": {kind}}
	for i := 0; i+1 < len(head); i += 2 {
		h.Set(head[i], head[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

var errNoNetwork = errors.New("no network")

// serve lets the service answer a request here and now, and looks at what it said and did.
func (w *simWorld) serve(d *simDevice, op string, r *http.Request, body []byte) (*http.Response, error) {
	if w.svc == nil {
		return nil, errNoNetwork
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.RequestURI = r.URL.RequestURI()
	var in wire.Commands
	if op == "commands" {
		if err := json.Unmarshal(body, &in); err != nil {
			w.fail(broken("wire", d.name, "a batch cannot be read: %v", err))
		}
		d.sends(&in, r)
	}
	rec := httptest.NewRecorder()
	w.svc.ServeHTTP(rec, r)
	synctest.Wait() // what it set off (a stream that ends with its token) is done before anything else
	res := rec.Result()
	res.Request = r
	said := rec.Body.Bytes()
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(said)), int64(len(said))
	if rec.Code >= 500 {
		w.count("answered 5xx")
	}
	if op == "sign-up" && rec.Code == http.StatusOK {
		var in wire.Signed
		if json.Unmarshal(said, &in) == nil {
			w.hist.Alias(string(in.Account), d.who.name)
		}
	}
	if r.Method == http.MethodPost && op != "open" && op != "watch" {
		before := maps.Clone(w.truth.Heads)
		w.observe()
		if op == "commands" {
			w.arbitrated(before, &in)
		}
	}
	w.note(Event{Kind: "served", Dev: d.name, Op: op, Status: fmt.Sprint(rec.Code), Text: pathOf(r)})
	if rec.Code == http.StatusOK {
		w.inspect(d, op, r, &in, said)
	}
	return res, nil
}

// arbitrated notes the numbers that the service took itself behind commands which change tracked time: it tells the diaries of one person what
// they leave to each other, and the contracts that there is news of it.
func (w *simWorld) arbitrated(before map[workroom.Scope]Head, in *wire.Commands) {
	if !slices.ContainsFunc(in.Cmds, func(c wire.Command) bool {
		return slices.Contains([]workroom.Op{workroom.OpReportSlice, workroom.OpCutTime, workroom.OpMarkTime, workroom.OpAddTime}, c.Op)
	}) {
		return
	}
	records, err := w.truth.Records()
	w.must("read records", err)
	given := map[workroom.Scope]map[int64]bool{}
	for _, r := range records {
		for s, q := range r.Seqs {
			if given[s] == nil {
				given[s] = map[int64]bool{}
			}
			given[s][q] = true
		}
	}
	for s, h := range w.truth.Heads {
		if s.Kind() != "d" && s.Kind() != "k" {
			continue
		}
		for q := before[s].Seq + 1; q <= h.Seq; q++ {
			if !given[s][q] {
				w.acts[s] = append(w.acts[s], q)
			}
		}
	}
}

// operate is an act of the service itself: what the commands of a later version will do by the same door.
func (w *simWorld) operate(what string, by workroom.AccountID, changes []workroom.Change) bool {
	svc, ok := any(w.svc).(interface {
		Act(context.Context, workroom.AccountID, []workroom.Change) error
	})
	if w.svc == nil || !ok {
		return false
	}
	w.armed = ""
	before := maps.Clone(w.truth.Heads)
	err := svc.Act(context.Background(), by, changes)
	w.must(what, err)
	w.observe()
	for s, h := range w.truth.Heads {
		for q := before[s].Seq + 1; q <= h.Seq; q++ {
			w.acts[s] = append(w.acts[s], q)
		}
	}
	w.note(Event{Kind: "act", Op: what})
	return true
}

// keepBackup copies the service's database as it is.
func (w *simWorld) keepBackup() {
	if w.svc == nil {
		return
	}
	w.backup = filepath.Join(w.dir, fmt.Sprintf("%s.db", w.newID("backup")))
	db, err := sql.Open("sqlite3", "file:"+w.dbPath()+"?_busy_timeout=5000")
	w.must("back the service up", err)
	_, err = db.Exec(`VACUUM INTO ?`, w.backup)
	w.must("back the service up", errors.Join(err, db.Close()))
	w.note(Event{Kind: "service", Op: "backup"})
}

// restore puts the older database in place; with a new epoch as a restore does, without one as somebody does who copies files.
func (w *simWorld) restore(epoch bool) {
	w.down()
	for _, end := range []string{"", "-wal", "-shm"} {
		os.Remove(w.dbPath() + end)
	}
	b, err := os.ReadFile(w.backup)
	w.must("read the backup", err)
	w.must("restore", os.WriteFile(w.dbPath(), b, 0o600))
	if epoch {
		db, err := sql.Open("sqlite3", "file:"+w.dbPath())
		w.must("restore", err)
		_, err = db.Exec(`UPDATE meta SET v=? WHERE k='epoch'`, w.newID("epoch"))
		w.must("restore", errors.Join(err, db.Close()))
	}
	w.forked = !epoch
	w.restores++
	w.up()
	for s, list := range w.acts {
		w.acts[s] = slices.DeleteFunc(list, func(q int64) bool { return q > w.truth.Heads[s].Seq })
	}
	records, err := w.truth.Records()
	w.must("read records", err)
	had := map[string]bool{}
	for _, r := range records {
		had[string(r.Account)+" "+r.ID] = true
	}
	for _, k := range slices.Sorted(maps.Keys(w.first)) {
		if !had[k] {
			delete(w.first, k)
			if _, id, ok := strings.Cut(k, " "); ok && w.ever[k] {
				w.note(Event{Kind: "undone", ID: id})
			}
		}
	}
	clear(w.marks)
	for _, d := range w.devs {
		d.lost = !epoch
	}
	w.note(Event{Kind: "service", Op: "restored", Text: fmt.Sprint("new epoch ", epoch)})
}
