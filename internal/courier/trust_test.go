package courier

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I22: under another account's token nothing of this account's copy is sent, shown as gone or lost; with the right one it goes on.
func TestI22_AnotherAccountsToken(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("Alice"), w.join("Bob")
	_, room, _ := a.contract(true)
	a.say(room, "before")
	a.sync()
	var sent atomic.Int64
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path == wire.OpCommands.Path && r.Header.Get("Authorization") != "Bearer "+a.signed.Token {
			sent.Add(int64(len(batchOf(r).Cmds)))
		}
		return do(r)
	})
	own := a.signed
	a.signed.Token = b.signed.Token
	must(t, a.c.Resume(bg, a.client()))
	a.say(room, "mine")
	eventually(t, "it is noticed", func() bool { return a.c.Status().Phase == Paused })
	st := a.c.Status()
	if st.Code != workroom.SignedOut || st.Waiting != 1 || st.Refused != 0 || !strings.Contains(st.Text, "Somebody else") {
		t.Errorf("status %+v", st)
	}
	a.c.Kick()
	a.c.post(bg, evSync{})
	a.shows(room, "before", "mine")
	a.restart() // a program that starts with the wrong token does no better
	eventually(t, "it is noticed", func() bool { return a.c.Status().Phase == Paused })
	a.shows(room, "before", "mine")
	a.signed = own
	must(t, a.c.Resume(bg, a.client()))
	a.sync()
	if n := sent.Load(); n != 0 {
		t.Errorf("I22: %d commands went out under another account's token", n)
	}
	a.shows(room, "before", "mine")
	a.checkI3()
}

// Clocks that are a day off, on either side, change no order, lose nothing and put nothing off; the offset tells how far.
func TestClocks_ADayOff(t *testing.T) {
	day := 24 * time.Hour
	for _, x := range []struct{ device, service time.Duration }{{day, 0}, {-day, 0}, {0, day}, {0, -day}, {day, -day}} {
		w := newWorld(t)
		w.skew = x.service
		a := w.join("Alice")
		_, room, _ := a.contract(true)
		a.stop()
		a.skew = x.device
		a.start()
		for i := range 3 {
			a.say(room, fmt.Sprint("m", i))
		}
		a.sync()
		b := a.second()
		b.sync()
		b.say(room, "from b")
		b.sync()
		a.sync()
		a.shows(room, "m0", "m1", "m2", "from b")
		b.shows(room, "m0", "m1", "m2", "from b")
		off, at, ok := a.c.Offset()
		if want := x.service - x.device; !ok || (off-want).Abs() > time.Minute {
			t.Errorf("device %v, service %v: offset %v, want %v", x.device, x.service, off, want)
		}
		if d := at.Sub(a.now()); d.Abs() > time.Minute {
			t.Errorf("measured %v away from now", d)
		}
		// The clock is set back while something waits.
		a.way.down.Store(true)
		a.do(workroom.SetMarker{Room: room, N: 4, Head: 4, Who: a.signed.Account}, replica.EnqueueOpts{})
		a.stop()
		a.skew -= day
		a.start()
		a.way.down.Store(false)
		a.sync()
		a.checkI3()
	}
}

// The best of the last five round trips counts.
func TestOffset_BestOfFive(t *testing.T) {
	var k clock
	if _, ok := k.best(); ok {
		t.Error("an offset before any answer")
	}
	ask := func(at time.Duration, way, offset time.Duration) {
		asked := t0.Add(at)
		k.learn(asked, asked.Add(way), asked.Add(way/2).Add(offset))
	}
	ask(0, 10*time.Millisecond, time.Hour)
	for i, way := range []time.Duration{80, 40, 90, 70} {
		ask(time.Duration(i+1)*time.Second, way*time.Millisecond, time.Duration(i)*time.Second)
	}
	if s, _ := k.best(); s.offset != time.Hour || s.way != 10*time.Millisecond {
		t.Errorf("best %+v", s)
	}
	ask(9*time.Second, 75*time.Millisecond, 9*time.Second) // the first falls out
	if s, _ := k.best(); s.offset != time.Second || !s.at.Equal(t0.Add(2*time.Second+20*time.Millisecond)) {
		t.Errorf("best %+v", s)
	}
	k.learn(t0, t0.Add(-time.Second), t0) // the clock was set back between the two
	if s, _ := k.best(); s.offset != time.Second {
		t.Errorf("best %+v", s)
	}
}

// A copy that is not the service's, however that came about, is found by its digest and read anew: after a pull where the scope moved, and
// part by part while nothing moves.
func TestDigest_FindsAndHeals(t *testing.T) {
	for name, damage := range map[string]string{
		"a row is lost":  `DELETE FROM base WHERE rowid=(SELECT MAX(rowid) FROM base WHERE kind='message' AND seq=(SELECT MIN(seq) FROM base WHERE kind='message'))`,
		"a row is old":   `UPDATE base SET seq=seq-1 WHERE kind='room'`,
		"a row lives on": `INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) SELECT sc,kind,'ghost',seq,born,rev,mn,0,actor,at,body FROM base WHERE kind='room'`,
	} {
		for _, way := range []string{"pull", "idle"} {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			a.say(room, "one")
			a.say(room, "two")
			a.sync()
			b := a.second()
			var found atomic.Int64
			b.unlike = func(workroom.Scope) { found.Add(1) }
			b.sync()
			b.stop()
			db, err := sql.Open("sqlite3", filepath.Join(b.dir, "copy.db"))
			must(t, err)
			res, err := db.Exec(damage)
			must(t, err)
			if n, _ := res.RowsAffected(); n == 0 {
				t.Fatalf("%s: no damage done", name)
			}
			must(t, db.Close())
			b.start()
			if way == "pull" {
				a.say(room, "three")
				a.sync()
			} else {
				b.sync()
				for range 20 {
					if ev, ok := b.c.compareNext(bg)(bg).(evCompared); ok && ev.differs {
						b.c.post(bg, ev)
						break
					}
				}
			}
			eventually(t, name+", "+way+": it is found", func() bool { b.c.post(bg, evSync{}); return found.Load() > 0 })
			b.sync()
			b.shows(room, a.texts(room)...)
			b.checkI3()
			if checked, unlike := b.c.Compared(); unlike == 0 || checked < unlike {
				t.Errorf("%s, %s: counted %d of %d", name, way, unlike, checked)
			}
		}
	}
}

// The folder of the service is put back to an earlier day. With or without a new epoch the devices find out, and what they had acked comes
// back from them: every message once, in order (I6, I15, I16).
func TestI16_LostByTheBackupComesBack(t *testing.T) {
	for _, epoch := range []bool{true, false} {
		w := newWorld(t)
		a := w.join("Alice")
		_, room, _ := a.contract(true)
		a.say(room, "kept")
		a.sync()
		b := a.second()
		b.sync()
		w.down()
		saved := t.TempDir()
		must(t, os.CopyFS(filepath.Join(saved, "data"), os.DirFS(w.data)))
		w.up()
		for i := range 3 {
			a.say(room, fmt.Sprint("a", i))
			a.sync()
		}
		b.sync()
		b.say(room, "b0")
		b.sync()
		a.sync()
		_, since, _ := a.contract(true) // a room the backup knows nothing of
		a.say(since, "in a new room")
		a.sync()
		w.down()
		w.data = filepath.Join(saved, "data")
		if epoch {
			db, err := sql.Open("sqlite3", filepath.Join(w.data, "service.db"))
			must(t, err)
			_, err = db.Exec(`UPDATE meta SET v='restored' WHERE k='epoch'`)
			must(t, err)
			must(t, db.Close())
		}
		var asked atomic.Int64
		for _, d := range []*device{a, b} {
			d.way.answer(func(r *http.Request, do next) (*http.Response, error) { // what is lost is seen well before it comes back
				if r.URL.Path == wire.OpHeads.Path {
					asked.Add(1)
				}
				if r.URL.Path == wire.OpCommands.Path {
					return nil, fmt.Errorf("not yet")
				}
				return do(r)
			})
		}
		w.up()
		eventually(t, "the heads are seen", func() bool {
			a.sync0()
			b.sync0()
			return asked.Load() > 20
		})
		a.way.answer(nil)
		b.way.answer(nil)
		a.sync()
		b.sync()
		a.sync()
		b.sync()
		for _, d := range []*device{a, b} {
			got := d.texts(room)
			count := map[string]int{}
			for _, s := range got {
				count[s]++
			}
			for _, s := range []string{"kept", "a0", "a1", "a2", "b0"} {
				if count[s] != 1 {
					t.Errorf("I16: new epoch %v: %q is there %d times: %q", epoch, s, count[s], got)
				}
			}
			if n, refused, _ := d.rep.Count(bg); n+refused != 0 {
				t.Errorf("new epoch %v: %d waiting, %d refused", epoch, n, refused)
			}
			d.shows(since, "in a new room")
			d.checkI3()
		}
	}
}

// The same where the device's cursor never came to what it had acked: nothing but its own rows ahead of the cursor shows the fork.
func TestI16_OwnRowsAheadShowTheFork(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "kept")
	a.sync()
	w.down()
	saved := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(saved, os.DirFS(w.data)))
	w.up()
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) { // commands alone get through
		if r.URL.Path == wire.OpCommands.Path {
			return do(r)
		}
		return nil, fmt.Errorf("not now")
	})
	a.c.cutStream()
	a.say(room, "acked and lost")
	eventually(t, "it is acked", func() bool { a.c.Kick(); n, _, _ := a.rep.Count(bg); return n == 0 })
	w.down()
	w.data = saved
	w.up()
	a.way.answer(nil)
	a.sync()
	eventually(t, "it is there again", func() bool {
		a.c.post(bg, evSync{})
		b := a.texts(room)
		n, _, _ := a.rep.Count(bg)
		c, err := a.rep.Cursor(bg, workroom.RoomScope(room))
		return err == nil && n == 0 && c.Ahead == 0 && len(b) == 2
	})
	b := a.second()
	b.sync()
	b.shows(room, "kept", "acked and lost")
	a.sync()
	a.checkI3()
}

// I6: nothing but the missing record shows the fork: the device's cursor is from before it, and what it had acked was set anew by another one.
func TestI6_OverwrittenOwnRowIsProven(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "kept")
	a.sync()
	b := a.second()
	b.sync()
	a.sync()
	b.stop()
	w.down()
	saved := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(saved, os.DirFS(w.data)))
	w.up()
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) { // commands alone get through
		if r.URL.Path == wire.OpCommands.Path {
			return do(r)
		}
		return nil, fmt.Errorf("not now")
	})
	a.c.cutStream()
	pref := a.do(workroom.SetPref{Room: room, Who: a.signed.Account, Favourite: new(true)}, replica.EnqueueOpts{})
	eventually(t, "it is acked", func() bool { a.c.Kick(); n, _, _ := a.rep.Count(bg); return n == 0 })
	w.down()
	w.data = saved
	w.up()
	b.start()
	for _, yes := range []bool{true, false} { // twice, so that the number is a greater one
		b.do(workroom.SetPref{Room: room, Who: a.signed.Account, Favourite: new(yes)}, replica.EnqueueOpts{})
		b.sync()
	}
	a.way.answer(nil)
	epoch, err := a.rep.Epoch(bg)
	must(t, err)
	eventually(t, "the service has it again", func() bool {
		a.c.post(bg, evSync{})
		n, _, _ := a.rep.Count(bg)
		p, err := a.client().Pull(bg, wire.Pull{Scope: workroom.AccountScope(a.signed.Account), Epoch: epoch, Gen: 1, Acked: []string{pref}})
		return err == nil && p.Reset == "" && n == 0
	})
	a.sync()
	a.checkI3()
}

// I15: the service is put back and comes to the same numbers by another history while a device is away. The random tags tell them apart: the
// first heads the device asks for are not "nothing changed".
func TestI15_SameNumbersOfAnotherHistory(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "kept")
	a.sync()
	b := a.second()
	b.sync()
	b.stop()
	a.sync()
	w.down()
	saved := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(saved, os.DirFS(w.data)))
	w.up()
	a.say(room, "lost")
	a.sync()
	was, err := a.rep.Cursors(bg)
	must(t, err)
	a.stop()
	w.down()
	w.data = saved
	w.up()
	b.start()
	b.say(room, "other")
	b.sync()
	now, err := b.client().Heads(bg, "")
	must(t, err)
	for _, c := range was {
		if c.Hold == replica.Whole && !slices.ContainsFunc(now.Scopes, func(h wire.Head) bool { return h.Scope == c.Scope && h.Gen == c.Gen && h.Seq == c.Seq }) {
			t.Fatalf("the numbers are not the same: %+v, were %+v", now.Scopes, was)
		}
	}
	a.start()
	a.sync()
	eventually(t, "it is there again", func() bool {
		n, _, _ := a.rep.Count(bg)
		return n == 0 && len(a.texts(room)) == 3
	})
	a.sync()
	a.shows(room, "kept", "other", "lost")
	a.checkI3()
}

// I21: the copy that the first slice left behind opens, and all that waited in it arrives: what was attempted byte for byte.
func TestI21_ReleasedOutboxArrives(t *testing.T) {
	w := newWorld(t)
	w.skew = time.Until(time.Date(2026, 11, 1, 11, 59, 0, 0, time.UTC)) // when the fixture was written
	a := w.join("Alice")
	a.sync()
	a.stop()
	text, err := os.ReadFile("../outbox/testdata/first-slice.sql")
	must(t, err)
	id := func(n int) string { return fmt.Sprintf("01934000-0000-7000-8000-%012d", n) }
	sqlText := strings.NewReplacer(id(1), string(a.signed.Account), id(2), a.id, id(3), a.signed.Service).Replace(string(text))
	must(t, os.RemoveAll(a.dir))
	must(t, os.MkdirAll(a.dir, 0o700))
	db, err := sql.Open("sqlite3", filepath.Join(a.dir, "copy.db"))
	must(t, err)
	_, err = db.Exec(sqlText)
	must(t, err)
	attempted := map[string]string{}
	rows, err := db.Query(`SELECT id,args FROM outbox WHERE attempts>0`)
	must(t, err)
	for rows.Next() {
		var id, args string
		must(t, rows.Scan(&id, &args))
		attempted[id] = args
	}
	must(t, rows.Close())
	must(t, db.Close())
	if len(attempted) != 3 {
		t.Fatalf("%d attempted", len(attempted))
	}
	var same atomic.Int64
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.URL.Path == wire.OpCommands.Path {
			for _, c := range batchOf(r).Cmds {
				if want, ok := attempted[c.ID]; ok {
					if string(c.Args) != want {
						t.Errorf("%s goes as %s, was %s", c.ID, c.Args, want)
					}
					same.Add(1)
				}
			}
		}
		return do(r)
	})
	a.start()
	_, _, err = a.blobs.Put(strings.NewReader("hello"))
	must(t, err)
	eventually(t, "what waited has gone", func() bool {
		list, _ := a.rep.Waiting(bg)
		for _, i := range list {
			if i.State != outbox.Held {
				return false
			}
		}
		return true
	})
	a.sync()
	if same.Load() < 3 {
		t.Errorf("%d attempted commands went again", same.Load())
	}
	room := workroom.RoomID(id(101))
	a.shows(room, "tried once, the answer was lost", "tried too", "never tried", "with “quotes”, ünïcode and 🙂", "see file")
	list, err := a.rep.NotSent(bg)
	must(t, err)
	kept := map[string]workroom.Code{}
	for _, i := range list {
		kept[string(i.Op)] = i.Code
	}
	if len(list) != 3 || kept["SendMessage"] != workroom.BadInput || kept["AcceptContract"] == "" || kept["DeclineContract"] == "" {
		t.Errorf("Not sent: %+v", list)
	}
	if d, err := a.rep.Draft(bg, room); err != nil || d.Text != "a draft" {
		t.Errorf("draft %+v %v", d, err)
	}
	a.checkI3()
}
