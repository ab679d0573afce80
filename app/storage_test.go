package app

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestD16_BackUpAndBringBack: a backup is made while work goes on; bringing it back sets the present store aside, keeps what was not sent,
// and the service's part comes again.
func TestD16_BackUpAndBringBack(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	write(t, c, room, "in the backup")
	arrived(t, c)
	v, err := (&Storage{c}).BackUp()
	if err != nil || len(v.List) != 1 || v.List[0].Reason != "by-hand" || !v.List[0].Whole || v.Size == 0 {
		t.Fatalf("%+v %v", v, err)
	}
	write(t, c, room, "after the backup")
	arrived(t, c)
	h.stop()
	write(t, c, room, "never sent")
	if _, err := (&Storage{c}).Restore(IDIn{"../" + v.List[0].ID}); AsFailure(err).Code != "gone" {
		t.Errorf("a path is no name: %v", err)
	}
	boot, err := (&Storage{c}).Restore(IDIn{v.List[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if boot.Rescue == nil || !boot.Rescue.Chosen || boot.Rescue.Unsent != 1 {
		t.Fatalf("%+v", boot.Rescue)
	}
	if list, err := os.ReadDir(boot.Rescue.Where); err != nil || len(list) == 0 {
		t.Errorf("the store that was there: %v %v", list, err)
	}
	if got := strings.Join(textsOf(t, c, "Otter Trails"), "; "); !strings.Contains(got, "in the backup") || !strings.HasSuffix(got, "never sent") {
		t.Errorf("%q", got)
	}
	if err := (&Storage{c}).Told(); err != nil {
		t.Fatal(err)
	}
	if b, err := (&Shell{c}).Boot(); err != nil || b.Rescue != nil {
		t.Errorf("said again: %+v %v", b.Rescue, err)
	}
	h.again()
	arrived(t, c)
	if got := strings.Join(textsOf(t, h.witness("Esme"), "Otter Trails"), "; "); got != "in the backup; after the backup; never sent" {
		t.Errorf("%q", got)
	}
}

// damage writes over the pages of a closed store.
func damage(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("otter", 20)), 0); err != nil {
		t.Fatal(err)
	}
}

// TestD16_ADamagedStoreIsSetAsideAndSaid: the program starts, what was not sent is there, and it is said until it was read.
func TestD16_ADamagedStoreIsSetAsideAndSaid(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	write(t, c, room, "written before the damage")
	path, dirs := c.session.storePath(), c.dirs
	c.Close()
	damage(t, path)
	c = openDesk(t, dirs)
	b, err := (&Shell{c}).Boot()
	if err != nil || b.Rescue == nil || b.Rescue.Chosen || b.Rescue.Unsent != 1 || b.Account == nil {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(b.Rescue.Where, storeName)); err != nil {
		t.Error(err)
	}
	items, err := c.session.replica.Outbox(context.Background())
	if err != nil || len(items) != 1 {
		t.Errorf("%+v %v", items, err)
	}
}

// TestD16_ANewerStoreIsReadAndNeverWritten: the pages say it, and what was not sent can be had.
func TestD16_ANewerStoreIsReadAndNeverWritten(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	write(t, c, room, "for a newer program")
	path, dirs := c.session.storePath(), c.dirs
	c.Close()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1); PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c = openDesk(t, dirs)
	b, err := (&Shell{c}).Boot()
	if err != nil || b.Account != nil || b.Stuck == nil || b.Stuck.Code != "newer" || !strings.Contains(b.Stuck.Text, "update") {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := (&Rooms{c}).List(); AsFailure(err).Code != "newer" {
		t.Errorf("%v", err)
	}
	doc, err := (&Outbox{c}).Export()
	if err != nil || !strings.Contains(doc.Text, "for a newer program") {
		t.Errorf("%+v %v", doc, err)
	}
	c.Close()
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error("the store was changed")
	}
}
