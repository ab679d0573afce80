package replica

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// onDisk lists the files of a folder, and of those in it, in which some bytes stand.
func onDisk(t testing.TB, dir, word string) (out []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(b), []byte(word)) {
			name, _ := filepath.Rel(dir, path)
			out = append(out, name)
		}
		return err
	}))
	return out
}

// wiped is a copy in a folder of its own with a clock, and what lets the chores pass that are due in eight seconds.
func wiped(t testing.TB) (r *Replica, dir string, later func()) {
	t.Helper()
	dir = folder(t)
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	o := manual()
	o.Now = func() time.Time { return now }
	r = open(t, filepath.Join(dir, "replica.db"), o)
	openRoom(t, r)
	return r, dir, func() {
		t.Helper()
		for range 8 {
			now = now.Add(time.Second)
			for range 20 {
				if r.Tend(ctx) > 0 {
					break
				}
			}
		}
	}
}

// TestM27_DeletedWordsLeaveTheDisk: once a deletion is acknowledged, whoever made it, the words stand in no file of the folder while the program
// runs on: not in the copy, its log, the index, the commands kept for a restore, unsent.json or a backup. What others said stays.
func TestM27_DeletedWordsLeaveTheDisk(t *testing.T) {
	const word = "xylofonwalnut"
	deleted := func(t *testing.T, was wire.Thing, seq int64) wire.Thing {
		m, err := workroom.Decode(was.Kind, was.Body)
		must(t, err)
		return edited(t, was, seq, &workroom.Message{Author: m.(*workroom.Message).Author, At: was.At, Deleted: 9})
	}
	sent := func(t *testing.T, r *Replica, text string, seq int64) wire.Thing {
		id := say(t, r, text)
		x := message(t, id, seq, me, text)
		answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{x}})
		page(t, r, roomScope, x)
		return x
	}
	for name, act := range map[string]func(t *testing.T, r *Replica, later func()){
		"somebody else's, by them": func(t *testing.T, r *Replica, later func()) {
			x := message(t, "a", 4, "you", "the "+word+" plan")
			page(t, r, roomScope, x)
			later()
			page(t, r, roomScope, deleted(t, x, 7))
		},
		"my own, here": func(t *testing.T, r *Replica, later func()) {
			x := sent(t, r, "my "+word, 4)
			later()
			id := enqueue(t, r, workroom.DeleteMessage{Room: room, Message: x.ID})
			answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{deleted(t, x, 7)}})
		},
		"my own, on another device, after it was edited here": func(t *testing.T, r *Replica, later func()) {
			x := sent(t, r, "first "+word, 4)
			id := enqueue(t, r, workroom.EditMessage{Room: room, Message: x.ID, Text: "then " + word})
			y := edited(t, x, 5, &workroom.Message{Author: me, Text: "then " + word, At: 4, Edited: 5, Wordings: []workroom.Wording{{Text: "first " + word, At: 4}}})
			answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{y}})
			page(t, r, roomScope, y)
			later()
			page(t, r, roomScope, deleted(t, x, 7))
		},
		"what was never sent": func(t *testing.T, r *Replica, later func()) {
			id := say(t, r, "nobody saw "+word)
			later()
			must(t, r.Discard(ctx, id))
		},
		"a draft": func(t *testing.T, r *Replica, later func()) {
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "I thought of " + word}))
			later()
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: ""}))
		},
		"a room that was taken away": func(t *testing.T, r *Replica, later func()) {
			page(t, r, roomScope, message(t, "a", 4, "you", "the "+word+" plan"))
			later()
			must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
		},
		"a room that was taken away, after a backup": func(t *testing.T, r *Replica, later func()) {
			page(t, r, roomScope, message(t, "a", 4, "you", "the "+word+" plan"))
			sent(t, r, "kept "+word, 5)
			_, err := r.BackUp(ctx, BackupDaily)
			must(t, err)
			must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
		},
		"after a backup": func(t *testing.T, r *Replica, later func()) {
			x := sent(t, r, "kept "+word, 4)
			y := message(t, "a", 5, "you", "the "+word+" plan")
			page(t, r, roomScope, y)
			later()
			for _, reason := range []string{BackupDaily, BackupByHand} {
				_, err := r.BackUp(ctx, reason)
				must(t, err)
			}
			page(t, r, roomScope, deleted(t, x, 7), deleted(t, y, 8))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, dir, later := wiped(t)
			page(t, r, roomScope, message(t, "other", 3, "you", "otherwalnutstays"))
			act(t, r, later)
			if name != "what was never sent" && len(onDisk(t, dir, word)) == 0 {
				t.Fatal("it was never on the disk: this shows nothing")
			}
			later()
			if left := onDisk(t, dir, word); len(left) > 0 {
				t.Errorf("the words are still in %q", left)
			}
			if !strings.HasPrefix(name, "a room") && len(onDisk(t, dir, "otherwalnutstays")) == 0 {
				t.Error("what was not deleted is gone")
			}
		})
	}
}

// TestM27_ABackupWithoutDeletedWordsIsABackup: what was taken out of it does not keep it from being restored; the message stands there as deleted,
// the rest as it was, and what is written then goes out.
func TestM27_ABackupWithoutDeletedWordsIsABackup(t *testing.T) {
	r, dir, later := wiped(t)
	x := message(t, "a", 3, "you", "the xylofonwalnut plan")
	page(t, r, roomScope, x, message(t, "b", 4, "you", "stays"))
	later()
	backup, err := r.BackUp(ctx, BackupDaily)
	must(t, err)
	page(t, r, roomScope, edited(t, x, 7, &workroom.Message{Author: "you", At: 3, Deleted: 9}))
	later()
	o := r.o
	must(t, r.Close())
	r, err = Restore(filepath.Join(dir, "replica.db"), backup, o)
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	if left := onDisk(t, filepath.Join(dir, "backups"), "xylofonwalnut"); len(left) > 0 {
		t.Errorf("the words are in %q", left)
	}
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if len(w.Rows) != 2 || w.Rows[0].Thing.(*workroom.Message).Deleted == 0 || w.Rows[1].Thing.(*workroom.Message).Text != "stays" {
		t.Fatalf("%+v", w.Rows)
	}
	settled(t, r)
	hits(t, r, "stays", "b")
	hits(t, r, "plan", "")
	say(t, r, "and more")
}
