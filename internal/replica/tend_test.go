package replica

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
)

// D-16: a day makes a backup, a month a look through the whole file; damage met there is left for the next start, which sets it aside.
func TestD16_TendBacksUpAndLooksThrough(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	o := manual()
	o.Now = func() time.Time { return now }
	r := open(t, path, o)
	openRoom(t, r)
	say(t, r, "mine")
	made := 0
	for range 5 * 24 { // five days, looked at each hour
		for r.Tend(ctx) == 0 {
		}
		if list := r.Backups(); len(list) > 0 && list[0].At.IsZero() {
			t.Error("a backup without a time")
		} else if len(list) > made {
			made = len(list)
		}
		now = now.Add(time.Hour)
	}
	if list := r.Backups(); len(list) != keepBackups || list[0].Reason != BackupDaily {
		t.Errorf("after five days: %+v", list)
	}
	var list []wire.Thing
	for i := range int64(2000) {
		list = append(list, message(t, fmt.Sprint("m", i), 3+i, "you", "what was said"))
	}
	page(t, r, roomScope, list...)
	_, err := r.full.Exec(`DELETE FROM meta WHERE k='running'`) // nothing but the suspicion leads to it
	must(t, err)
	if _, err := r.full.scan(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, new(int), new(int), new(int)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	must(t, err)
	overwrite(t, path, info.Size()/4096/2*4096, make([]byte, 4096))
	now = now.Add(checkEvery)
	r.Tend(ctx)
	if _, err := os.Stat(path + suspectName); err != nil {
		t.Fatalf("damage was not met: %v", err)
	}
	r.unclean = true // the process ends without a word
	must(t, r.Close())
	r = open(t, path, o)
	if rep, err := r.Report(ctx); err != nil || rep == nil || rep.Commands != 1 {
		t.Errorf("report %+v %v", rep, err)
	}
	expect(t, r, "mine:queued")
}

// What was acked is kept for 14 days or 10,000 commands, whichever is fewer (sync.md §6).
func TestSent_KeptFor14DaysOr10000(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	o := manual()
	o.Now = func() time.Time { return now }
	r := open(t, filepath.Join(folder(t), "c.db"), o)
	openRoom(t, r)
	acked(t, r, 3, "old")
	now = now.Add(15 * 24 * time.Hour)
	kept := acked(t, r, 4, "new")
	must(t, r.write(ctx, false, func(t *tx) error { return t.pruneSent() }))
	must(t, r.Apply(ctx, Epoch{"e2"}))
	if list, _ := r.Waiting(ctx); len(list) != 1 || list[0].ID != kept {
		t.Errorf("offered again: %+v", list)
	}
	must(t, r.write(ctx, false, func(t *tx) error {
		if _, err := t.Exec(`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<10050) INSERT INTO sent(id,n,lane,op,v,args,at,epoch,seqs,acked)
			SELECT 's'||i,i,'r:x','SendMessage',1,'{}',0,'e1','{}',?+i FROM c`, now.UnixMicro()); err != nil {
			return err
		}
		return t.pruneSent()
	}))
	var n int
	must(t, r.read(ctx, func(l *link) error { _, err := l.scan(`SELECT count(*) FROM sent`, nil, &n); return err }))
	if n != keepCount {
		t.Errorf("%d kept", n)
	}
}
