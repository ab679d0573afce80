//go:build unix

package app

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// filesWith lists the files of a folder in which a word stands.
func filesWith(t *testing.T, dir, word string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // gone meanwhile
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(bytes.ToLower(b), []byte(word)) {
			name, _ := filepath.Rel(dir, path)
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestM27_KilledDuringTheUndo: what somebody saw deleted is deleted, though the program was killed while it could still be taken back, and what
// was taken back stays. Soon after the service has the deletion the words stand in no file of either side's folder, while both programs run.
func TestM27_KilledDuringTheUndo(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	o := onDisk(t)
	c := o.openIn(h, "Esme")
	other := h.desk("Mara")
	meet(t, other, c, "Otter Trails")
	arrived(t, c)
	list, err := (&Rooms{c}).List()
	if err != nil || len(list.Rooms) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	room := list.Rooms[0].ID
	const word, stays = "xylofonwalnut", "birchbarkstays"
	gone, kept := write(t, c, room, "the "+word+" plan"), write(t, c, room, "the "+stays+" plan")
	if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: gone, Text: "the other " + word + " plan"}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	arrived(t, other)
	finds(t, other, FindIn{Text: word}, 1)
	c.Close()
	o.begin()
	o.acts = 2 // the next act is answered, and the program killed
	o.act("Rooms.DeleteSoon", MessageIn{room, gone})
	o.act("Rooms.DeleteSoon", MessageIn{room, kept})
	o.act("Rooms.Undelete", MessageIn{room, kept})
	o.settles()
	eventually(t, "the other side sees it deleted", func() bool { return messageOf(t, other, room, gone).Deleted != 0 })
	if m := messageOf(t, other, room, kept); m.Deleted != 0 || !strings.Contains(m.Text, stays) {
		t.Errorf("what was taken back: %+v", m)
	}
	for who, dir := range map[string]string{"Esme": o.data, "Mara": other.session.dir} {
		eventually(t, who+"'s words are off the disk", func() bool { return len(filesWith(t, dir, word)) == 0 })
		if len(filesWith(t, dir, stays)) == 0 {
			t.Errorf("%s: what was not deleted is nowhere: this shows nothing", who)
		}
	}
}

// TestM27_ADeletionKeepsItsTime: carried out by the next program, it is asked for as of when the person did it; where the service says that it
// is too late, the message is there again and says so.
func TestM27_ADeletionKeepsItsTime(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	id := write(t, c, room, "goes")
	if _, err := c.session.replica.Attempt(t.Context(), id); err != nil { // it may be at the service
		t.Fatal(err)
	}
	const at = 1_770_000_000_000_000
	err := c.session.delete(replica.Deletion{Room: workroom.RoomID(room), Message: id, At: at})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := c.session.replica.Outbox(t.Context()); err != nil || len(list) != 2 || list[1].Op != workroom.OpDeleteMessage || list[1].At != at {
		t.Errorf("%+v %v", list, err)
	}
}
