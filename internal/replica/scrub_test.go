package replica

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const scrubWord = "xylofonwalnut"

// M-27, T-08, W-27: what is deleted leaves every file that the program itself keeps of a copy, wherever it stood in it when that was made: as a
// draft, waiting, acked, refused, under an id of before. What else waited or was drafted stays in them.
func TestM27_DeletedWordsLeaveWhatWasKeptOfTheCopy(t *testing.T) {
	gone := func(t *testing.T, x wire.Thing, seq int64) wire.Thing {
		return edited(t, x, seq, &workroom.Message{Author: me, At: x.At, Deleted: 9})
	}
	ack := func(t *testing.T, r *Replica, id, text string, seq int64) wire.Thing {
		x := message(t, id, seq, me, text)
		answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{x}})
		page(t, r, roomScope, x)
		return x
	}
	for name, act := range map[string]func(t *testing.T, r *Replica, keep func()){
		"it was a draft, then sent, then deleted": func(t *testing.T, r *Replica, keep func()) {
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "my " + scrubWord}))
			keep()
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "something else"}))
			x := ack(t, r, say(t, r, "my "+scrubWord), "my "+scrubWord, 4)
			page(t, r, roomScope, gone(t, x, 7))
		},
		"a draft that was cleared": func(t *testing.T, r *Replica, keep func()) {
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "my " + scrubWord}))
			keep()
			must(t, r.SaveDraft(ctx, Draft{Room: room, Text: ""}))
		},
		"it waited and was discarded": func(t *testing.T, r *Replica, keep func()) {
			id := say(t, r, "my "+scrubWord)
			keep()
			must(t, r.Discard(ctx, id))
		},
		"it was refused, sent again under another id, and deleted": func(t *testing.T, r *Replica, keep func()) {
			id := say(t, r, "my "+scrubWord)
			answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Internal})
			keep()
			id, err := r.Retry(ctx, id)
			must(t, err)
			page(t, r, roomScope, gone(t, ack(t, r, id, "my "+scrubWord, 4), 7))
		},
		"under an id that no program of ours gives": func(t *testing.T, r *Replica, keep func()) {
			x := message(t, "a * b", 4, "you", "the "+scrubWord+" plan")
			page(t, r, roomScope, x)
			keep()
			page(t, r, roomScope, gone(t, x, 7))
		},
		"its end was never told": func(t *testing.T, r *Replica, keep func()) {
			page(t, r, roomScope, message(t, "a", 4, "you", "the "+scrubWord+" plan"))
			keep()
			hot := []wire.Thing{thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}), thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"})}
			must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: roomScope, Gen: 1, Seq: 9, Hot: hot}}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, dir, later := wiped(t)
			must(t, r.SaveDraft(ctx, Draft{Room: "r2", Text: "otherdraftstays"}))
			say(t, r, "otherwalnutstays")
			keep := func() {
				for _, reason := range []string{BackupDaily, BackupByHand} {
					_, err := r.BackUp(ctx, reason)
					must(t, err)
				}
				later()
				if len(onDisk(t, filepath.Join(dir, "backups"), scrubWord)) != 2 {
					t.Fatal("it is in no backup: this shows nothing")
				}
			}
			act(t, r, keep)
			later()
			if left := onDisk(t, dir, scrubWord); len(left) > 0 {
				t.Errorf("the words are still in %q", left)
			}
			for _, word := range []string{"otherdraftstays", "otherwalnutstays"} {
				if left := onDisk(t, filepath.Join(dir, "backups"), word); len(left) != 2 {
					t.Errorf("%s is in %q", word, left)
				}
			}
		})
	}
}

// T-08, W-27: pictures and counts leave the backups also where they stand among commands: acked, waiting, refused, and in what was being recorded
// when the backup was made. The time itself stays where it waits.
func TestW27_CommandsInBackupsLosePicturesAndCounts(t *testing.T) {
	for name, c := range map[string]struct {
		acked bool
		act   func(t *testing.T, r *Replica)
		words []string
		time  int // backups that hold the time afterwards
	}{
		"acked, deleted": {true, func(t *testing.T, r *Replica) {
			x := thing(t, pastDiary, workroom.CellID("b", pastAt.Unix()/600), 6, pastShot("b", "", pastSeed))
			page(t, r, pastDiary, x)
			x.Seq, x.Rev, x.Gone, x.Body = 7, 2, true, nil
			page(t, r, pastDiary, x)
		}, []string{seedWord}, 2},
		"acked, over": {true, func(t *testing.T, r *Replica) {
			page(t, r, pastDiary, thing(t, pastDiary, workroom.CellID("b", pastAt.Unix()/600), 6, pastShot("b", "", pastSeed)),
				thing(t, pastDiary, workroom.CellID("b", pastAt.Unix()/600), 6, pastInput("b")))
			_, err := r.Expire(ctx, pastDue, true)
			must(t, err)
		}, []string{seedWord, countWord}, 0},
		"waiting, over": {false, func(t *testing.T, r *Replica) {
			_, err := r.Expire(ctx, pastDue.AddDate(0, 1, 0), true)
			must(t, err)
		}, []string{seedWord, countWord}, 2},
		"refused, discarded": {false, func(t *testing.T, r *Replica) {
			answer(t, r, wire.Result{ID: "time", Status: wire.Rejected, Code: workroom.Internal}, wire.Result{ID: "blurred", Status: wire.Rejected, Code: workroom.Internal})
			must(t, r.Discard(ctx, "time"))
			must(t, r.Discard(ctx, "blurred"))
		}, []string{seedWord, countWord}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, dir, later := wiped(t)
			o := pastWeekOpen(t)
			o.Scopes[1].Seq, o.Scopes[1].Hot, o.Scopes[0].Hot = 0, nil, o.Scopes[0].Hot[:1]
			must(t, r.Apply(ctx, o))
			for i, give := range []workroom.Command{
				workroom.ReportSlice{Week: pastWeek, Slice: *pastSlice("b"), Input: []workroom.CellInput{*pastInput("b")}},
				workroom.AddShot{Week: pastWeek, Who: me, Shot: *pastShot("b", "", pastSeed)},
			} {
				_, err := r.Enqueue(ctx, give, EnqueueOpts{ID: []string{"time", "blurred"}[i], At: pastAt.Add(10 * time.Minute)})
				must(t, err)
			}
			if c.acked {
				answer(t, r, wire.Result{ID: "time", Status: wire.OK}, wire.Result{ID: "blurred", Status: wire.OK})
			}
			must(t, r.KeepTracked(ctx, Tracked{Slice: *pastSlice("c"), Inputs: []workroom.CellInput{*pastInput("c")}}))
			for _, reason := range []string{BackupDaily, BackupByHand} {
				_, err := r.BackUp(ctx, reason)
				must(t, err)
			}
			must(t, r.ForgetTracked(ctx))
			c.act(t, r)
			later()
			for _, word := range c.words {
				if left := onDisk(t, filepath.Join(dir, "backups"), word); len(left) > 0 {
					t.Errorf("%s is still in %q", word, left)
				}
			}
			if left := onDisk(t, filepath.Join(dir, "backups"), `"id":"s-b"`); len(left) != c.time {
				t.Errorf("the time is in %q", left)
			}
		})
	}
}

// M-27: a copy that was set aside because the person chose a backup is one of those, and one of a program of long ago is, too.
func TestM27_DeletedWordsLeaveACopySetAside(t *testing.T) {
	r, dir, later := wiped(t)
	x := message(t, "a", 3, "you", "the "+scrubWord+" plan")
	page(t, r, roomScope, x, message(t, "b", 4, "you", "otherwalnutstays"))
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "about " + scrubWord}))
	later()
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "still about " + scrubWord}))
	later()
	backup, err := r.BackUp(ctx, BackupDaily)
	must(t, err)
	loadOld(t, filepath.Join(dir, "backups", "pre-2.db"))
	page(t, r, roomScope, message(t, "c", 5, "you", "later"))
	o := r.o
	must(t, r.Close())
	r, err = Restore(filepath.Join(dir, "replica.db"), backup, o)
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	aside := filepath.Join(dir, "damaged")
	if len(onDisk(t, aside, scrubWord)) == 0 {
		t.Fatal("it is not in the copy set aside: this shows nothing")
	}
	must(t, r.SaveDraft(ctx, Draft{Room: room}))
	page(t, r, roomScope, edited(t, x, 7, &workroom.Message{Author: "you", At: 3, Deleted: 9}))
	for range 50 {
		if r.Tend(ctx) > 0 {
			break
		}
	}
	must(t, r.Close()) // unsent.json is written anew
	if left := onDisk(t, dir, scrubWord); len(left) > 0 {
		t.Errorf("the words are still in %q", left)
	}
	if len(onDisk(t, aside, "otherwalnutstays")) == 0 {
		t.Error("what was not deleted is gone")
	}
}

// M-27: a copy that was set aside damaged cannot be wiped for sure. It stays as long as commands are kept to heal a restore, and for ever if nothing
// was deleted; then it goes as a whole.
func TestM27_ADamagedCopyGoesInTheEnd(t *testing.T) {
	for name, deleted := range map[string]bool{"something was deleted": true, "nothing was": false} {
		t.Run(name, func(t *testing.T) {
			was, _ := lived(t)
			dir := quickDirT(t)
			copyTree(t, was, dir)
			path := filepath.Join(dir, "replica.db")
			must(t, os.Remove(path+"-wal"))
			overwrite(t, path, 0, bytes.Repeat([]byte{7}, 4096))
			now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
			o := manual()
			o.Now = func() time.Time { return now }
			r := open(t, path, o)
			report, err := r.Report(ctx)
			must(t, err)
			if report == nil {
				t.Fatal("it was not found damaged: this shows nothing")
			}
			if deleted {
				must(t, r.SaveDraft(ctx, Draft{Room: room}))
			}
			pass := func(d time.Duration) {
				for _, step := range []time.Duration{d - 2*time.Minute, time.Minute, time.Minute} {
					now = now.Add(step)
					for range 50 {
						if r.Tend(ctx) > 0 {
							break
						}
					}
				}
			}
			here := func() bool { _, err := os.Stat(filepath.Join(report.Where, "replica.db")); return err == nil }
			pass(13 * 24 * time.Hour)
			if !here() {
				t.Fatal("it went before its time")
			}
			pass(2 * 24 * time.Hour)
			if here() == deleted {
				t.Errorf("deleted %v, and it is here: %v", deleted, here())
			}
		})
	}
}

// M-27: a backup that cannot be read any more keeps nothing in the others, and goes, being of use to nobody.
func TestM27_ADamagedBackupHoldsNothingUp(t *testing.T) {
	r, dir, later := wiped(t)
	x := message(t, "a", 3, "you", "the "+scrubWord+" plan")
	page(t, r, roomScope, x)
	first, err := r.BackUp(ctx, BackupByHand)
	must(t, err)
	later()
	_, err = r.BackUp(ctx, BackupDaily)
	must(t, err)
	b, err := os.ReadFile(first)
	must(t, err)
	for at := 100; at < len(b); at++ {
		if at > 4<<10 || at < 2<<10 {
			b[at] ^= 0x5a
		}
	}
	must(t, os.WriteFile(first, b, 0o600))
	page(t, r, roomScope, edited(t, x, 7, &workroom.Message{Author: "you", At: 3, Deleted: 9}))
	later()
	if left := onDisk(t, dir, scrubWord); len(left) > 0 {
		t.Errorf("the words are still in %q", left)
	}
	if list := r.Backups(); len(list) != 1 || list[0].Reason != BackupDaily {
		t.Errorf("%+v", list)
	}
}

// M-27: a program that ended in the middle of a backup, of unsent.json or of a rescue leaves no copy behind that nobody knows of.
func TestM27_HalfMadeCopiesAreSwept(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "replica.db")
	must(t, open(t, path, manual()).Close())
	long := time.Now().Add(-2 * time.Hour)
	for _, name := range []string{"backups/daily~20261101T000000.000000Z.db.tmp", "backups/daily~20261101T000000.000000Z.db.tmp-journal", "unsent.json.tmp", "replica.db.tmp",
		"salvage-12/copy.db", "damaged/20261101T000000Z/salvage-34/copy.db"} {
		p := filepath.Join(dir, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(p), 0o700))
		must(t, os.WriteFile(p, []byte(scrubWord), 0o600))
		must(t, os.Chtimes(filepath.Dir(p), long, long))
	}
	open(t, path, manual())
	if left := onDisk(t, dir, scrubWord); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}
