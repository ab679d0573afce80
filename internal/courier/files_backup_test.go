package courier

import (
	"bytes"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I16, D-16: the service is lost and comes back from last night's backup: what its desktops sent since then, messages and the files they
// name, comes back from them, once, in order, and what the backup had stays.
func TestI16_BackupLosesNothing(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	before := make([]byte, wire.PartSize+100)
	rand.New(rand.NewSource(4)).Read(before)
	_, old := a.attach(room, "before.bin", before)
	a.say(room, "one")
	a.sync()
	b := a.second()
	b.sync()
	dir := filepath.Join(t.TempDir(), "backup")
	_, err := service.Backup(bg, service.Place{Data: w.data}, "0.1.0", dir, "", nil)
	must(t, err)

	after := make([]byte, wire.PartSize+200)
	rand.New(rand.NewSource(5)).Read(after)
	_, fresh := a.attach(room, "after.bin", after)
	a.say(room, "two")
	a.sync()
	b.sync()
	b.say(room, "three")
	b.sync()
	a.sync()
	a.shows(room, "before.bin", "one", "after.bin", "two", "three")

	w.down()
	must(t, os.Rename(w.data, w.data+".lost"))
	got, err := service.Restore(bg, dir, service.Place{Data: w.data}, nil)
	must(t, err)
	if got.Parts != 2 {
		t.Errorf("%+v", got)
	}
	w.up()
	for range 3 {
		a.sync()
		b.sync()
	}
	c := a.second() // somebody new sees what the service has
	c.sync()
	for _, d := range []*device{a, b, c} {
		// Each device's own come back in their order; whose come first is decided by who is there first.
		got := slices.DeleteFunc(d.texts(room), func(s string) bool { return s == "three" })
		if all := d.texts(room); len(all) != 5 || !slices.Equal(got, []string{"before.bin", "one", "after.bin", "two"}) {
			t.Errorf("room shows %q", all)
		}
		if list, err := d.rep.NotSent(bg); err != nil || len(list) != 0 {
			t.Errorf("Not sent: %+v %v", list, err)
		}
	}
	for _, x := range []struct {
		id   workroom.FileID
		want []byte
	}{{old.ID, before}, {fresh.ID, after}} {
		sha, err := c.c.Fetch(bg, workroom.RoomScope(room), x.id, 0)
		if err != nil {
			t.Errorf("a file did not come back: %v", err)
			continue
		}
		f, err := c.blobs.Open(sha)
		must(t, err)
		if all, _ := io.ReadAll(f); !bytes.Equal(all, x.want) {
			t.Error("other bytes")
		}
		_ = f.Close()
	}
}

// I7, I16: a desktop that runs all along writes on while the service is away, and a restored one comes back in its place: what was lost
// goes before what was written since, although the way is open before the desktop has heard of the loss.
func TestI7_LostComeBeforeNew(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "one")
	a.sync()
	dir := filepath.Join(t.TempDir(), "backup")
	_, err := service.Backup(bg, service.Place{Data: w.data}, "0.1.0", dir, "", nil)
	must(t, err)
	a.say(room, "two")
	a.say(room, "three")
	a.sync()

	w.down()
	a.say(room, "four")
	must(t, os.Rename(w.data, w.data+".lost"))
	_, err = service.Restore(bg, dir, service.Place{Data: w.data}, nil)
	must(t, err)
	w.up()
	a.say(room, "five") // a person's act is worth one try at once
	for range 3 {
		a.sync()
	}
	a.shows(room, "one", "two", "three", "four", "five")
	b := a.second()
	b.sync()
	b.shows(room, "one", "two", "three", "four", "five")
}
