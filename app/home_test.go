package app

import (
	"os"
	"path/filepath"
	"testing"

	"trestle/internal/workroom"
)

// TestS9_ACopiedFolderIsADeviceOfItsOwn: whoever copies the data folder gets a second device, and what waited in both goes in once.
func TestS9_ACopiedFolderIsADeviceOfItsOwn(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	h.stop()
	write(t, c, room, "written before the copy")
	first := c.session.replica.Device()
	dirs := c.dirs
	c.Close()
	copied := testDirs(t)
	if err := os.CopyFS(copied.Data, os.DirFS(dirs.Data)); err != nil {
		t.Fatal(err)
	}

	again := openDesk(t, dirs)
	if again.session.replica.Device() != first {
		t.Error("the original took another name")
	}
	clone := openDesk(t, copied)
	second := clone.session.replica.Device()
	if second == first || !workroom.ValidID(second) {
		t.Errorf("the copy is still %s", second)
	}
	write(t, again, room, "by the original")
	write(t, clone, room, "by the copy")
	h.again()
	arrived(t, again)
	arrived(t, clone)
	seen := map[string]int{}
	for _, text := range textsOf(t, h.witness("Esme"), "Otter Trails") {
		seen[text]++
	}
	for _, text := range []string{"written before the copy", "by the original", "by the copy"} {
		if seen[text] != 1 {
			t.Errorf("%q is there %d times: %v", text, seen[text], seen)
		}
	}
	clone.Close()
	if c := openDesk(t, copied); c.session.replica.Device() != second {
		t.Error("the copy takes a new name at each start")
	}
}

// TestS9_AnOlderVersionsFolderKeepsItsName: a folder without the mark was never copied, as far as anybody can tell.
func TestS9_AnOlderVersionsFolderKeepsItsName(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	device, dirs := c.session.replica.Device(), c.dirs
	flag := filepath.Join(c.session.dir, homeFlag)
	c.Close()
	if err := os.Remove(flag); err != nil {
		t.Fatal(err)
	}
	c = openDesk(t, dirs)
	if c.session.replica.Device() != device {
		t.Error("it took another name")
	}
	if _, err := os.Stat(flag); err != nil {
		t.Error("and has no mark now")
	}
}
