package courier

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// without takes scopes out of the heads as they pass, as if the account had lost them.
func without(lost func(workroom.Scope) bool) func(*http.Request, next) (*http.Response, error) {
	return func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path != wire.OpHeads.Path {
			return do(r)
		}
		r = r.Clone(r.Context())
		r.Header.Del("If-None-Match")
		res, err := do(r)
		if err != nil || res.StatusCode != 200 {
			return res, err
		}
		var h wire.Heads
		err = json.NewDecoder(res.Body).Decode(&h)
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		var left []wire.Head
		for _, x := range h.Scopes {
			if !lost(x.Scope) {
				left = append(left, x)
			}
		}
		h.Scopes = left
		b, _ := json.Marshal(h)
		res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
		return res, nil
	}
}

// I11, M-07: what is gone from the heads is closed here: the record of a contract stays to be read until the person erases it, then nothing
// is left, bytes neither. Unsent text is kept in Not sent; let in again, all is back.
func TestI11_GoneAndBack(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	k, room, _ := a.contract(true)
	a.say(room, "one")
	_, up := a.attach(room, "a.txt", []byte("bytes"))
	now := time.Now().Unix()
	week := workroom.WeekOf(unix(now)).String()
	a.do(workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: "s1", Rev: 1, Freelancer: a.signed.Account, Contract: k, Device: a.id, Boot: "b",
		Start: now, End: now + 60, Memo: "work", Kind: workroom.Tracked}}, replica.EnqueueOpts{})
	a.sync()
	a.way.down.Store(true)
	a.say(room, "never sent")
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) { // heads come before the message can go
		if r.URL.Path == wire.OpCommands.Path {
			return nil, fmt.Errorf("not yet")
		}
		return without(func(s workroom.Scope) bool { return s.Kind() != "a" })(r, do)
	})
	a.way.down.Store(false)
	eventually(t, "the room is gone", func() bool {
		a.c.post(bg, evSync{})
		c, err := a.rep.Cursor(bg, workroom.RoomScope(room))
		return err == nil && c.Hold == replica.Archived
	})
	eventually(t, "the diary is gone", func() bool {
		c, err := a.rep.Cursor(bg, workroom.DiaryScope(k, week))
		return err == nil && c.Hold == replica.Archived
	})
	a.shows(room, "one", "a.txt")
	must(t, a.rep.EraseArchive(bg, workroom.RoomScope(room)))
	must(t, a.rep.EraseArchive(bg, workroom.ContractScope(k)))
	a.shows(room)
	for _, s := range []workroom.Scope{workroom.RoomScope(room), workroom.ContractScope(k), workroom.DiaryScope(k, week)} {
		if rows, err := a.rep.Dump(bg, s); err != nil || len(rows) != 0 {
			t.Errorf("I11: %d rows of %s are left: %v", len(rows), s, err)
		}
	}
	eventually(t, "the bytes are gone", func() bool { return !a.blobs.Has(up.SHA) })
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].Code != workroom.NoAccess || list[0].Command.(workroom.SendMessage).Text != "never sent" {
		t.Errorf("Not sent: %+v", list)
	}
	a.way.answer(nil)
	a.sync()
	a.shows(room, "one", "a.txt")
	eventually(t, "the diary is back", func() bool {
		_, known, _ := a.rep.Thing(bg, workroom.Ref{Scope: workroom.DiaryScope(k, week), Kind: workroom.KindSlice, ID: "s1"})
		return known == workroom.Held
	})
	id, err := a.rep.Retry(bg, list[0].ID)
	must(t, err)
	a.sync()
	a.shows(room, "one", "a.txt", "never sent")
	if id == list[0].ID {
		t.Error("a retry kept the id")
	}
	a.checkI3()
}

// The live channel breaks and comes back by itself; what was said meanwhile is found by the heads (I19).
func TestI19_StreamBreaks(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	b := a.second()
	b.sync()
	for i := range 4 {
		w.srv.CloseClientConnections()
		a.say(room, fmt.Sprint("m", i))
		eventually(t, "the message at the other device", func() bool { return len(b.texts(room)) == i+1 })
	}
	b.sync()
	b.checkI3()
}

// Signing in with many rooms brings the newest message of each; the rest comes when a room is opened.
func TestSignIn_ManyRooms(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	var rooms []workroom.RoomID
	for range 25 {
		_, room, _ := a.contract(true)
		rooms = append(rooms, room)
		for _, s := range []string{"one", "two", "three"} {
			a.say(room, s)
		}
	}
	a.sync()
	b := a.second()
	b.sync()
	for _, room := range rooms {
		b.shows(room, "three")
	}
	if more, err := b.c.Older(bg, workroom.RoomScope(rooms[3])); err != nil || more {
		t.Errorf("older: %v %v", more, err)
	}
	b.shows(rooms[3], "one", "two", "three")
	if n, err := b.rep.UnreadAll(bg); err != nil || len(n) != 0 {
		t.Errorf("own messages unread: %v %v", n, err)
	}
	b.checkI3()
}

// A refused message holds its lane; discarding it lets the rest go without another word.
func TestD06_DiscardLetsTheLaneGo(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path != wire.OpCommands.Path {
			return do(r)
		}
		b, _ := io.ReadAll(r.Body)
		var in wire.Commands
		json.Unmarshal(b, &in)
		if strings.Contains(string(in.Cmds[0].Args), "refuse me") { // the service's own no, as it would say it
			out := wire.CommandsOut{Epoch: "x"}
			for i, c := range in.Cmds {
				res := wire.Result{ID: c.ID, Status: wire.NotRun}
				if i == 0 {
					res = wire.Result{ID: c.ID, Status: wire.Rejected, Code: workroom.BadInput, Text: "No."}
				}
				out.Results = append(out.Results, res)
			}
			o, _ := json.Marshal(out)
			return reply(200, "application/json", string(o), wire.HeaderService, a.signed.Service), nil
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
		return do(r)
	})
	id := a.say(room, "refuse me")
	a.say(room, "good")
	a.sync() // what stands behind a refused one does not hold up the verb
	list, err := a.rep.Outbox(bg)
	must(t, err)
	if len(list) != 2 || list[0].State != outbox.Refused || list[1].State != outbox.Held {
		t.Fatalf("outbox: %+v", list)
	}
	must(t, a.rep.Discard(bg, id))
	eventually(t, "the rest has gone", func() bool { n, _, _ := a.rep.Count(bg); return n == 0 })
	a.shows(room, "good")
}

// The service was restored: its numbers belong to another history. Everything is opened anew, nothing that waits is lost, and the screen is
// never blank meanwhile.
func TestEpoch_RestoredService(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "one")
	a.sync()
	w.down()
	db, err := sql.Open("sqlite3", filepath.Join(w.data, "service.db"))
	must(t, err)
	res, err := db.Exec(`UPDATE meta SET v='restored' WHERE k='epoch'`)
	must(t, err)
	if n, _ := res.RowsAffected(); n != 1 {
		t.Fatal("no epoch to change")
	}
	must(t, db.Close())
	a.say(room, "two")
	a.shows(room, "one", "two")
	w.up()
	a.sync()
	a.shows(room, "one", "two")
	if e, err := a.rep.Epoch(bg); err != nil || e != "restored" {
		t.Errorf("epoch %q %v", e, err)
	}
	a.checkI3()
}
