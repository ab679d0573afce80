package replica

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// D-05: a full disk is told in words, nothing that was saved is lost, reading goes on, and with space again so does writing.
func TestD05_DiskFull(t *testing.T) {
	r := joined(t)
	say(t, r, "saved")
	var pages, was int
	_, err := r.full.scan(`PRAGMA page_count`, nil, &pages)
	must(t, err)
	_, err = r.full.scan(`PRAGMA max_page_count`, nil, &was)
	must(t, err)
	limit := func(n int) {
		for _, l := range []*link{r.full, r.pull} {
			var now int
			_, err := l.conn.ExecContext(ctx, `SELECT 1`)
			must(t, err)
			must(t, l.conn.QueryRowContext(ctx, `PRAGMA max_page_count=`+itoa(n)).Scan(&now))
		}
	}
	limit(pages)
	long := string(make([]byte, 0))
	for len(long) < 9000 {
		long += "a long message that needs new pages "
	}
	var full *Fault
	saved := 0
	for range 50 {
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: long}, EnqueueOpts{})
		if err != nil {
			if !errors.Is(err, ErrDiskFull) || !errors.As(err, &full) || full.Text == "" {
				t.Fatalf("not typed: %v", err)
			}
			break
		}
		saved++
	}
	if full == nil {
		t.Fatal("the disk never became full")
	}
	if list, err := r.Waiting(ctx); err != nil || len(list) != saved+1 {
		t.Errorf("%d rows readable, want %d: %v", len(list), saved+1, err)
	}
	if !r.Low() {
		t.Error("the full disk is not remembered")
	}
	if err := r.Apply(ctx, Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2, Page: wire.Page{Seq: 2}}); !errors.Is(err, ErrDiskFull) {
		t.Errorf("a page took the space: %v", err)
	}
	limit(was)
	say(t, r, "again")
	if !r.MakeRoom() {
		t.Error("no room made")
	}
	page(t, r, roomScope, message(t, "x", 3, "you", "pulled"))
	checkI8(t, r)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// The ballast goes when the disk is full, and what the person did is saved at once in its place.
func TestD05_BallastGivesRoom(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	left := 1
	o := options()
	armed := false
	o.Fail = func(point string) error {
		if armed && point == "commit" && left > 0 {
			left--
			return syscall.ENOSPC
		}
		return nil
	}
	r := open(t, path, o)
	openRoom(t, r)
	if !r.MakeRoom() {
		t.Skip("this machine's disk is nearly full")
	}
	if info, err := os.Stat(path + ".ballast"); err != nil || info.Size() != ballastSize || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Fatalf("ballast: %v %v", info, err)
	}
	armed = true
	say(t, r, "kept")
	expect := texts(t, r)
	if expect != "kept:queued" {
		t.Errorf("room shows %q", expect)
	}
	if _, err := os.Stat(path + ".ballast"); !os.IsNotExist(err) {
		t.Errorf("the ballast is still there")
	}
	if !r.MakeRoom() || r.Low() {
		t.Error("no room made")
	}
}

// A transaction that fails half way never was.
func TestI3_FailedPageNeverWas(t *testing.T) {
	o := options()
	var fail error
	o.Fail = func(point string) error {
		if point == "page" {
			return fail
		}
		return nil
	}
	r := open(t, filepath.Join(folder(t), "c.db"), o)
	openRoom(t, r)
	say(t, r, "mine")
	fail = errors.New("struck")
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2, Page: wire.Page{Seq: 3, Things: []wire.Thing{message(t, "a", 3, "you", "a")}}}
	if err := r.Apply(ctx, p); err == nil {
		t.Fatal("no error")
	}
	expect(t, r, "mine:queued")
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 2 {
		t.Errorf("cursor %d", c.Seq)
	}
	fail = nil
	must(t, r.Apply(ctx, p))
	expect(t, r, "a mine:queued")
}
