package replica

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// T7: at every failpoint an error and a crash (the files as they lie at that moment, opened by another process) lose nothing that was
// confirmed and leave no half transaction; every point is met.
func TestT7_EveryFailpoint(t *testing.T) {
	met := map[string]int{}
	for _, point := range Points() {
		for _, crash := range []bool{false, true} {
			dir := filepath.Join(quickDir(t), "live")
			after := filepath.Join(filepath.Dir(dir), "after")
			path := filepath.Join(dir, "c.db")
			struck := errors.New("struck")
			armed, crashed, left := false, false, 1
			now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
			o := manual()
			o.Now = func() time.Time { now = now.Add(7 * time.Second); return now }
			o.Fail = func(p string) error {
				if !armed || p != point || left == 0 {
					return nil
				}
				left--
				met[p]++
				if crash {
					copyTree(t, dir, after)
					crashed = true
					return nil // the process that goes on is not looked at
				}
				return struck
			}
			r := open(t, path, o)
			openRoom(t, r)
			page(t, r, roomScope, message(t, "a", 3, "you", "a"))
			first := say(t, r, "confirmed")
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "draft"}))
			armed = true
			// Each act is confirmed only if it answers without an error; what it was doing when struck is asked again.
			try := func(name string, act func() error) {
				if err := act(); err != nil && !errors.Is(err, struck) {
					t.Fatalf("%s at %s: %v", name, point, err)
				} else if err != nil {
					checkI8(t, r)
					if err := act(); err != nil {
						t.Errorf("%s again after %s: %v", name, point, err)
					}
				}
			}
			try("page", func() error {
				c, _ := r.Cursor(ctx, roomScope)
				return r.Apply(ctx, Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: c.Seq, Page: wire.Page{Seq: 4, Things: []wire.Thing{message(t, "b", 4, "you", "b")}}})
			})
			try("ack", func() error {
				return r.Apply(ctx, Results{Epoch: "e1", Results: []wire.Result{{ID: first, Status: wire.OK, Things: []wire.Thing{message(t, first, 5, me, "confirmed")}}}})
			})
			try("index", func() error { _, err := r.index(ctx, 10); return err })
			try("epoch", func() error { return r.Apply(ctx, Epoch{"e2"}) })
			try("reopen", func() error {
				return r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 9, 5, message(t, "z", 9, "you", "z"))}})
			})
			try("history", func() error {
				w, _, err := r.BeginHistory(ctx, roomScope)
				if err != nil {
					return err
				}
				return r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "a", 3, "you", "a")}, Lo: 3, Hi: 4, AsOf: 9}})
			})
			try("backup", func() error { _, err := r.BackUp(ctx, BackupByHand); return err })
			try("unsent", func() error { return r.writeUnsent(ctx) })
			try("gone", func() error { return r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}) })
			checkI8(t, r)
			must(t, r.Close())
			if point == PointRescue {
				overwrite(t, path, 0, make([]byte, 4096))
			} else if point == PointMigrate {
				loadOld(t, path)
			}
			if point == PointRescue || point == PointMigrate {
				if point == PointMigrate {
					o.Service, o.Account, o.Device = "", "", ""
				}
				r, err := Open(path, o)
				if errors.Is(err, struck) {
					r, err = Open(path, o)
				}
				must(t, err)
				must(t, r.Close())
			}
			if !crash {
				continue
			}
			if !crashed {
				t.Errorf("%s was not met", point)
				continue
			}
			o.Fail = nil
			r, err := Open(filepath.Join(after, "c.db"), o)
			must(t, err)
			checkI8(t, r)
			if point != PointMigrate { // what was confirmed is at rest, acked, or in Not sent with its text
				there := false
				list, err := r.Outbox(ctx)
				must(t, err)
				for _, x := range list {
					if c, ok := x.Command.(workroom.SendMessage); ok && c.Text == "confirmed" {
						there = true
					}
				}
				var one int
				must(t, r.read(ctx, func(l *link) error {
					sent, err := l.scan(`SELECT 1 FROM sent WHERE id=?`, []any{first}, &one)
					there = there || sent
					return err
				}))
				if !there {
					t.Errorf("I5: after a crash at %s the message is nowhere", point)
				}
			}
			must(t, r.Close())
		}
	}
	for _, p := range Points() {
		if met[p] < 2 {
			t.Errorf("%s was met %d times", p, met[p])
		}
	}
}
