//go:build unix

package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// TestM35_TwoDesktopsOfflineWithKills: a notepad is written on two desktops of one person while the service is away, one of them killed again and
// again the moment it has said yes. Different lines are merged; of the same line both texts stay until the person chooses, on either; the
// other side of the room gets nothing of it, not a byte.
func TestM35_TwoDesktopsOfflineWithKills(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	o := onDisk(t)
	mara, c := h.desk("Mara"), o.openIn(h, "Esme")
	meet(t, mara, c, "Harbour Map")
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	room := l.Rooms[0].ID
	const base = "- walnutnote\n- bring keys\n"
	if _, err := (&Notepad{c}).Save(NoteIn{Room: room, Text: base}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	second := h.witness("Esme")
	here := func(c *Core) NoteView {
		t.Helper()
		n, err := (&Notepad{c}).Open(RoomIn{room})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	eventually(t, "it is on the other desktop", func() bool { return here(second).Text == base })
	c.Close()
	h.stop()
	o.begin()
	t.Cleanup(func() { o.kill() })
	there := func() NoteView {
		t.Helper()
		return readAs[NoteView](t, o.ask("Notepad.Open", RoomIn{room}))
	}
	save := func(base, text string) {
		t.Helper()
		o.ask("Notepad.Save", NoteIn{Room: room, Base: base, Text: text})
		o.kill()
		o.begin()
		if got := there().Text; got != text {
			t.Errorf("after a kill it says %q, not %q", got, text)
		}
	}
	own := func(base, text string) {
		t.Helper()
		if _, err := (&Notepad{second}).Save(NoteIn{Room: room, Base: base, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	save(base, "- first of all\n"+base)
	save("- first of all\n"+base, "- first of all, twice\n"+base)
	own(base, base+"- and last\n")
	meetAgain := func(ok func(a, b NoteView) bool, what string) {
		t.Helper()
		h.again()
		o.settles()
		arrived(t, second)
		eventually(t, what, func() bool { return ok(there(), here(second)) })
	}
	const merged = "- first of all, twice\n" + base + "- and last\n"
	meetAgain(func(a, b NoteView) bool {
		return a.Text == merged && b.Text == merged && a.Other == nil && b.Other == nil
	}, "both lines are on both")

	h.stop()
	eventually(t, "the other desktop is offline", func() bool { s, err := (&Shell{second}).Status(); return err == nil && s.State == "offline" })
	save(merged, strings.Replace(merged, "keys", "gloves", 1))
	own(merged, strings.Replace(merged, "keys", "boots", 1))
	meetAgain(func(a, b NoteView) bool {
		both := func(n NoteView) bool {
			return n.Other != nil && strings.Contains(n.Text+n.Other.Text, "gloves") && strings.Contains(n.Text+n.Other.Text, "boots")
		}
		return both(a) && both(b)
	}, "both texts stand on both")
	n := there()
	o.act("Notepad.Save", NoteIn{Room: room, Base: n.Text, Text: n.Other.Text, Chosen: n.Other.Mark})
	o.settles()
	arrived(t, second)
	eventually(t, "the choice stands on both", func() bool {
		a, b := there(), here(second)
		return a.Other == nil && b.Other == nil && a.Text == n.Other.Text && b.Text == a.Text
	})
	arrived(t, mara)
	if got := here(mara).Text; got != "" || len(filesWith(t, mara.session.dir, "walnutnote")) != 0 {
		t.Errorf("the other side: %q, in %q", got, filesWith(t, mara.session.dir, "walnutnote"))
	}
	if len(filesWith(t, o.data, "walnutnote")) == 0 {
		t.Error("it is nowhere: this shows nothing")
	}
	out := o.must("", "notes", "Harbour Map")
	if strings.TrimSpace(out) != strings.TrimSpace(n.Other.Text) {
		t.Errorf("on the command line: %q", out)
	}
}

// TestD07_D08_OfflineWithKills: a copy that was changed, and files put into a contract's folder, while the service is away and the program is
// killed in between: each is offered once, goes out once when the service is back, and is found by its name on both sides (M-24, S-02).
func TestD07_D08_OfflineWithKills(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	o := onDisk(t)
	mara, c := h.desk("Mara"), o.openIn(h, "Esme")
	meet(t, mara, c, "Harbour Map")
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	room := l.Rooms[0].ID
	file := attached(t, mara, room, "walnutplan.txt", "first")
	asked := write(t, mara, room, "please change it", file)
	arrived(t, mara)
	eventually(t, "it came", func() bool { return strings.Contains(told(t, c, room), "please change it") })
	copied := filepath.Join(t.TempDir(), "walnutplan.txt")
	rewrite(t, copied, "first")
	c.session.watching.follow(file, workroom.RoomID(room), workroom.FileRef{Name: "walnutplan.txt"}, copied, false)
	contract := l.Rooms[0].Contract
	drop := t.TempDir()
	if err := c.session.watching.begin(contract, drop); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	c.Close()
	h.stop()

	rewrite(t, copied, "second") // while it is closed
	put := func(name string) {
		t.Helper()
		rewrite(t, filepath.Join(drop, name), "of "+name)
	}
	put("walnutone.txt")
	o.begin()
	t.Cleanup(func() { o.kill() })
	changed := func() []ChangedFile {
		t.Helper()
		return readAs[ChangedFiles](t, o.ask("Watching.Changed", struct{}{})).Files
	}
	eventually(t, "the change is offered", func() bool { return len(changed()) == 1 })
	drafted := func() []string {
		t.Helper()
		return strings.Fields(namesOf(readAs[RoomView](t, o.ask("Rooms.Open", OpenIn{Room: room})).Draft.Files))
	}
	eventually(t, "the first file is in the draft", func() bool { return slices.Equal(drafted(), []string{"walnutone.txt"}) })
	o.kill()
	put("walnuttwo.txt")
	o.begin()
	eventually(t, "and the one of between", func() bool { return slices.Equal(drafted(), []string{"walnutone.txt", "walnuttwo.txt"}) })
	version := newID()
	for range 3 { // asked again because the answer was lost with the program
		id := "gone"
		if list := changed(); len(list) > 0 {
			id = list[0].ID
		}
		if id != "gone" {
			o.act("Watching.SendVersion", SendVersionIn{ID: id, Message: version})
		}
		o.kill()
		o.begin()
	}
	if list := changed(); len(list) != 0 {
		t.Errorf("still offered: %+v", list)
	}
	open := readAs[RoomView](t, o.ask("Rooms.Open", OpenIn{Room: room}))
	send := SendIn{ID: newID(), Room: room, Text: "both of them", Files: []string{}}
	for _, f := range open.Draft.Files {
		send.Files = append(send.Files, f.ID)
	}
	o.act("Rooms.Send", send)
	o.act("Rooms.Send", send)
	if left := drafted(); len(left) != 0 {
		t.Errorf("still in the draft: %q", left)
	}
	h.again()
	o.settles()
	arrived(t, mara)
	eventually(t, "the other side has all of it", func() bool { return strings.Contains(told(t, mara, room), "both of them") })
	w, err := (&Rooms{mara}).Newest(RoomIn{room})
	if err != nil || len(w.Messages) != 3 {
		t.Fatalf("%+v %v", w.Messages, err)
	}
	if m := w.Messages[1]; m.ID != version || m.Reply == nil || m.Reply.ID != asked || namesOf(m.Files) != "walnutplan.txt" {
		t.Errorf("the new version: %+v", m)
	}
	if m := w.Messages[2]; strings.Join(strings.Fields(namesOf(m.Files)), " ") != "walnutone.txt walnuttwo.txt" {
		t.Errorf("what was put into the folder: %+v", m)
	}
	v, err := (&Attachments{mara}).Text(IDIn{w.Messages[1].Files[0].ID})
	if err != nil || v.Text != "second" {
		t.Errorf("%+v %v", v, err)
	}
	for name, n := range map[string]int64{"walnutplan": 2, "walnutone": 1, "walnuttwo": 1} { // also as the program that was killed has it
		typed := FindIn{Text: name}
		finds(t, mara, typed, int(n))
		eventually(t, name+" is found by room", func() bool {
			f := readAs[FindView](t, o.ask("Search.Find", typed))
			return len(f.Rooms) == 1 && f.Rooms[0].Room == room && f.Rooms[0].Hits == n
		})
	}
	if _, err := os.Stat(filepath.Join(drop, "walnutone.txt")); err != nil {
		t.Errorf("the person's own file: %v", err)
	}
}
