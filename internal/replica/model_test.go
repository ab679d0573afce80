package replica

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// authority is a service of one room in memory, simple enough to be believed: every accepted command is one seq.
type authority struct {
	t       testing.TB
	seq     int64
	things  map[string]wire.Thing // latest state of messages
	order   []string              // by born
	records map[string]wire.Result
}

// copied is the service's database as a backup holds it.
func (s *authority) copied() *authority {
	return &authority{t: s.t, seq: s.seq, things: maps.Clone(s.things), order: slices.Clone(s.order), records: maps.Clone(s.records)}
}

func (s *authority) put(id string, by workroom.AccountID, text string) wire.Thing {
	s.seq++
	x := message(s.t, id, s.seq, by, text)
	s.things[id] = x
	s.order = append(s.order, id)
	return x
}

func (s *authority) remove(id string) {
	s.seq++
	x := s.things[id]
	x.Seq, x.Gone, x.Body = s.seq, true, nil
	s.things[id] = x
}

// run answers a command once for good.
func (s *authority) run(row outbox.Row, refuse bool) wire.Result {
	if r, ok := s.records[row.ID]; ok {
		return r
	}
	r := wire.Result{ID: row.ID, Status: wire.Rejected, Code: workroom.Internal}
	if !refuse {
		c, err := workroom.DecodeCommand(row.Op, row.V, row.Args)
		must(s.t, err)
		r = wire.Result{ID: row.ID, Status: wire.OK, Things: []wire.Thing{s.put(row.ID, me, c.(workroom.SendMessage).Text)}}
	}
	s.records[row.ID] = r
	return r
}

func (s *authority) page(after int64, limit int) wire.Page {
	var p wire.Page
	for _, x := range s.things {
		if x.Seq > after {
			p.Things = append(p.Things, x)
		}
	}
	slices.SortFunc(p.Things, func(a, b wire.Thing) int { return int(a.Seq - b.Seq) })
	p.Seq = s.seq
	if len(p.Things) > limit {
		p.Things, p.More = p.Things[:limit], true
		p.Seq = p.Things[limit-1].Seq
	}
	return p
}

func (s *authority) opened(tail int) wire.Opened {
	o := wire.Opened{Scope: roomScope, Gen: 1, Seq: s.seq, Hot: []wire.Thing{
		thing(s.t, roomScope, "room", 1, &workroom.Room{Name: "Room"}), thing(s.t, roomScope, "me", 1, &workroom.Member{Name: "Me"})}}
	o.Tail, o.More = s.before(s.seq+1, tail)
	if len(o.Tail) > 0 {
		o.Floor = o.Tail[0].Born
	} else if o.More {
		o.Floor = s.seq + 1
	}
	return o
}

// before is the newest n live messages born before a number, oldest first, and whether there are older ones.
func (s *authority) before(born int64, n int) (out []wire.Thing, more bool) {
	for i := len(s.order) - 1; i >= 0; i-- {
		x := s.things[s.order[i]]
		if x.Gone || x.Born >= born {
			continue
		}
		if len(out) == n {
			return out, true
		}
		out = slices.Insert(out, 0, x)
	}
	return out, false
}

// said is an answer on its way, and the epoch it was given in.
type said struct {
	wire.Result
	epoch string
}

// TestI8I12I13I16_AgainstModel drives a copy through random enqueues, answers that come late, twice or not at all, pages cut anywhere,
// re-opens, history, refusals, retries, restarts, and a service set back to an older backup. After each step effects are what the rules say, the timeline is a gapless end of the
// service's at the cursor, and nothing is shown twice; at the end all is equal.
func TestI8I12I13I16_AgainstModel(t *testing.T) {
	dir := quickDir(t)
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		path := filepath.Join(dir, fmt.Sprint(runs), "c.db")
		defer os.RemoveAll(filepath.Dir(path))
		s := &authority{t: t, seq: 2, things: map[string]wire.Thing{}, records: map[string]wire.Result{}}
		r := open(t, path, options())
		defer func() { r.Close() }()
		must(t, r.Apply(ctx, Epoch{"e1"}))
		must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{s.opened(5)}}))
		written := 0
		removed := map[string]bool{} // own messages that somebody took away: lost with that, they need not come back (M-27)
		var late []said
		epoch, backup := 1, s.copied()
		name := func() string { return fmt.Sprint("e", epoch) }
		tell := func(list ...said) {
			for _, x := range list {
				must(t, r.Apply(ctx, Results{Epoch: x.epoch, Results: []wire.Result{x.Result}, Until: time.Now().Add(time.Hour)}))
			}
		}
		var want *Want
		number := func(what string, n int) int { return rapid.IntRange(0, n-1).Draw(rt, what) }
		send := func(refuse bool, answered int) {
			rows, err := r.Rows(ctx)
			must(t, err)
			for _, b := range outbox.Next(rows, 1<<62, nil) {
				ids := []string{}
				for _, x := range b {
					ids = append(ids, x.ID)
				}
				full, err := r.Attempt(ctx, ids...)
				must(t, err)
				var out []said
				held := false
				for _, row := range full {
					if held {
						out = append(out, said{wire.Result{ID: row.ID, Status: wire.NotRun}, name()})
						continue
					}
					res := s.run(row, refuse)
					held = res.Status == wire.Rejected
					out = append(out, said{res, name()})
				}
				r.Landed(ids...)
				late = append(late, out...)
				if answered > 0 {
					tell(out...)
				}
			}
		}
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			switch number("act", 14) {
			case 0, 1, 2:
				written++
				say(t, r, fmt.Sprintf("w%d", written))
			case 3, 4:
				send(number("refuse", 4) == 0, number("answered", 2))
			case 5: // an answer comes late, perhaps again
				if len(late) > 0 {
					tell(late[number("which", len(late))])
				}
			case 6:
				s.put(fmt.Sprint("other", s.seq), "you", fmt.Sprintf("o%d", s.seq))
			case 7:
				if len(s.order) > 0 {
					if id := s.order[number("gone", len(s.order))]; !s.things[id].Gone {
						removed[id] = s.things[id].By == me
						s.remove(id)
					}
				}
			case 8:
				c, err := r.Cursor(ctx, roomScope)
				must(t, err)
				if c.Hold == Whole {
					must(t, r.Apply(ctx, Page{Scope: roomScope, Epoch: name(), Gen: 1, After: c.Seq, Page: s.page(c.Seq, 1+number("limit", 5))}))
				}
			case 9:
				must(t, r.Apply(ctx, Opened{name(), []wire.Opened{s.opened(number("tail", 6))}}))
			case 12:
				if number("backs up", 3) == 0 {
					backup = s.copied()
				}
			case 13: // the backup is put in place, as a new epoch
				if number("restores", 3) == 0 {
					*s = *backup.copied()
					epoch++
					must(t, r.Apply(ctx, Epoch{name()}))
					if number("opens", 2) == 0 {
						must(t, r.Apply(ctx, Opened{name(), []wire.Opened{s.opened(number("tail", 6))}}))
					}
				}
			case 10: // history in two steps, with anything between
				if want == nil {
					if w, more, err := r.BeginHistory(ctx, roomScope); err != nil {
						t.Fatal(err)
					} else if more {
						want = &w
					}
					break
				}
				h := History{Want: *want, Failed: number("fails", 4) == 0}
				h.Things, h.More = s.before(want.Before, 1+number("size", 4))
				h.AsOf, h.Hi = s.seq, want.Before-1
				h.Lo = want.Before
				if len(h.Things) > 0 {
					h.Lo = h.Things[0].Born
				}
				must(t, r.Apply(ctx, h))
				want = nil
			case 11:
				if list, _ := r.NotSent(ctx); len(list) > 0 {
					if number("decide", 2) == 0 {
						_, err := r.Retry(ctx, list[0].ID)
						must(t, err)
					} else {
						must(t, r.Discard(ctx, list[0].ID))
						written-- // the person took it back
					}
					break
				}
				must(t, r.Close())
				r = open(t, path, options())
				want = nil
			}
			checkI8(t, r)
			checkTimeline(t, r, s)
			if t.Failed() {
				rt.Fatal("stop")
			}
		}
		if c, _ := r.Cursor(ctx, roomScope); c.Hold != Whole {
			must(t, r.Apply(ctx, Opened{name(), []wire.Opened{s.opened(3)}}))
		}
		for range 50 { // without faults everything agrees
			for list, _ := r.NotSent(ctx); len(list) > 0; list, _ = r.NotSent(ctx) {
				_, err := r.Retry(ctx, list[0].ID)
				must(t, err)
			}
			send(false, 1)
			c, _ := r.Cursor(ctx, roomScope)
			must(t, r.Apply(ctx, Page{Scope: roomScope, Epoch: name(), Gen: 1, After: c.Seq, Page: s.page(c.Seq, 500)}))
			if n, refused, _ := r.Count(ctx); n+refused == 0 {
				break
			}
		}
		for {
			w, more, err := r.BeginHistory(ctx, roomScope)
			must(t, err)
			if !more {
				break
			}
			h := History{Want: w}
			h.Things, h.More = s.before(w.Before, 3)
			h.AsOf, h.Lo = s.seq, w.Before
			if len(h.Things) > 0 {
				h.Lo = h.Things[0].Born
			}
			must(t, r.Apply(ctx, h))
		}
		live, _ := s.before(1<<60, 1<<30)
		var all []string
		for _, x := range live {
			m, _ := workroom.Decode(x.Kind, x.Body)
			all = append(all, m.(*workroom.Message).Text)
		}
		if got := texts(t, r); got != strings.Join(all, " ") {
			rt.Fatalf("at the end the copy shows %q, the service %q", got, all)
		}
		mine := 0
		for id, x := range s.things {
			if x.By == me && s.records[id].Status == wire.OK {
				mine++
			}
		}
		for id, own := range removed {
			if _, there := s.things[id]; own && !there {
				mine++
			}
		}
		if mine < written {
			rt.Fatalf("I5: %d written and kept, %d at the service", written, mine)
		}
	})
}

// quickDir is a folder in memory where there is one: what survives a power cut is not asked here.
func quickDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "replica-*")
	if err != nil {
		return folder(t)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// checkTimeline is I13 and I12: what is shown, apart from what waits, is a gapless end of the service's messages as of the cursor; rows
// ahead of the cursor are the service's present ones; nothing stands twice.
func checkTimeline(t *testing.T, r *Replica, s *authority) {
	t.Helper()
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	c, err := r.Cursor(ctx, roomScope)
	must(t, err)
	shown := map[string]bool{}
	for _, x := range w.Rows {
		if shown[x.ID] {
			t.Errorf("%s stands twice", x.ID)
		}
		shown[x.ID] = true
		if x.N != 0 {
			continue
		}
		if x.Born < w.Stale {
			continue // as it was before a reset, and said to be so
		}
		if truth, ok := s.things[x.ID]; !ok || truth.Gone && truth.Seq <= c.Seq {
			t.Errorf("I12: %s is shown but not there", x.ID)
		}
	}
	var lo int64
	must(t, r.read(ctx, func(l *link) (err error) {
		sc, err := findScope(l, roomScope)
		if err == nil {
			lo, _, err = oldest(l, sc.sc)
		}
		return err
	}))
	for id, x := range s.things {
		if x.Born >= lo && x.Seq <= c.Seq && !x.Gone && !shown[id] {
			t.Errorf("I13: %s (born %d, seq %d) is missing between %d and the cursor %d", id, x.Born, x.Seq, lo, c.Seq)
		}
	}
}

// TestSettle_MarkersWait: a read marker waits until reading rests, and only the last one goes (M-31).
func TestSettle_MarkersWait(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	o := options()
	o.Now = func() time.Time { return now }
	r := open(t, filepath.Join(folder(t), "c.db"), o)
	openRoom(t, r)
	for n := range int64(3) {
		_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: n, E: 1}, EnqueueOpts{})
		must(t, err)
	}
	rows, _ := r.Rows(ctx)
	if len(rows) != 1 || len(outbox.Next(rows, now.UnixMicro(), nil)) != 0 {
		t.Errorf("%d markers queued; sent at once", len(rows))
	}
	if b := outbox.Next(rows, now.Add(2*time.Second).UnixMicro(), nil); len(b) != 1 {
		t.Errorf("the marker does not go")
	}
}
