//go:build unix

package app

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// offline is a desktop whose program is killed after every few acts, while the service is away.
type offline struct {
	*program
	dirs    Dirs
	running *exec.Cmd
	acts    int
}

// begin starts the program and waits until it answers.
func (o *offline) begin() {
	o.t.Helper()
	o.running = o.command("open", "--background")
	if err := o.running.Start(); err != nil {
		o.t.Fatal(err)
	}
	eventually(o.t, "the program answers", func() bool {
		far, err := Dial(o.dirs)
		if err != nil {
			return false
		}
		ready, err := far.Ready(context.Background())
		return err == nil && ready && far.PID == o.running.Process.Pid
	})
}

func (o *offline) kill() {
	_ = o.running.Process.Kill()
	_ = o.running.Wait()
}

// openIn opens the data folder in this process, with a new account.
func (o *offline) openIn(h *house, name string) *Core {
	o.t.Helper()
	if err := o.dirs.Make(); err != nil {
		o.t.Fatal(err)
	}
	c, err := OpenCore(CoreOptions{Dirs: o.dirs, Face: "desktop"})
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := (&Start{c}).SignUp(SignUpIn{Address: h.url, Name: name, Email: strings.ToLower(name) + "@x.example", Password: secretOfTests}); err != nil {
		o.t.Fatal(err)
	}
	return c
}

// settles asks once for everything to be sent and fetched, and waits until it is; nothing may be refused.
func (o *offline) settles() {
	o.t.Helper()
	far, err := Dial(o.dirs)
	if err != nil {
		o.t.Fatal(err)
	}
	ask := func(name string) json.RawMessage {
		out, err := far.Call(context.Background(), name, struct{}{})
		if err != nil {
			o.t.Fatalf("%s: %v", name, err)
		}
		return out
	}
	ask("Shell.SyncNow") // once: each begins to fetch anew, and it is settled when that has ended
	eventually(o.t, "everything is sent and fetched", func() bool {
		s := readAs[Sync](o.t, ask("Shell.Status"))
		if s.NotSent != 0 {
			o.t.Fatalf("refused: %s", ask("Outbox.NotSent"))
		}
		return s.State == "online" && s.Settled && s.Waiting == 0
	})
}

// onDisk is a desktop of a program of its own.
func onDisk(t *testing.T) *offline {
	t.Helper()
	o := &offline{program: realProgram(t)}
	dirs, err := FindDirs(o.data)
	if err != nil {
		t.Fatal(err)
	}
	o.dirs = dirs
	return o
}

// ask calls a bound method of the running program, as its page does.
func (o *offline) ask(name string, in any) json.RawMessage {
	o.t.Helper()
	far, err := Dial(o.dirs)
	if err != nil {
		o.t.Fatal(err)
	}
	out, err := far.Call(context.Background(), name, in)
	if err != nil {
		o.t.Fatalf("%s: %v", name, err)
	}
	return out
}

// act is ask; every third time the program is killed the moment it has answered.
func (o *offline) act(name string, in any) json.RawMessage {
	o.t.Helper()
	out := o.ask(name, in)
	if o.acts++; o.acts%3 == 0 {
		o.kill()
		o.begin()
	}
	return out
}

func readAs[T any](t *testing.T, raw json.RawMessage) (out T) {
	t.Helper()
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestD05_EveryActOfRoomsOffline: every command of messages and rooms (M-04 to M-09, M-18, M-22, M-26 to M-29, M-35, F-05, F-11, P-19, P-22) is
// given while the service is away, to a program that is killed again and again the moment it has said yes. When the service is back, each was
// done once, in its order: at the other side, at another device of the same account, and in the service's own record.
func TestD05_EveryActOfRoomsOffline(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	o := onDisk(t)
	mara, kim, c := h.desk("Mara"), h.desk("Kim"), o.openIn(h, "Esme")
	me, her, him := string(c.session.me()), string(mara.session.me()), string(kim.session.me())
	meet(t, mara, c, "Harbour Map")
	meet(t, mara, kim, "Glass Boats")
	shared, err := (&Rooms{mara}).New(NewRoomIn{Name: "Everybody", People: []string{me, him}, Whole: true}) // Esme knows Kim by it
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, mara)
	eventually(t, "Esme knows Kim", func() bool {
		p, err := (&Rooms{c}).People(PeopleIn{Query: "Kim"})
		return err == nil && len(p.People) == 1
	})
	arrived(t, c)
	room := sharedRoom(t, c, mara)
	if _, err := (&Rooms{c}).Add(AddIn{Room: room, People: []string{him}, Whole: true}); err != nil {
		t.Fatal(err)
	}
	third := sharedRoom(t, c, mara)
	toEdit, toDelete := write(t, c, room, "to edit"), write(t, c, room, "to delete")
	old := attached(t, c, room, "old.txt", "old bytes")
	write(t, c, room, "with a file", old)
	arrived(t, c)
	theirs := write(t, mara, room, "from Mara")
	bad := write(t, kim, shared.Room, "buy a gift card")
	arrived(t, mara)
	arrived(t, kim)
	eventually(t, "Esme has all of it", func() bool {
		return strings.HasSuffix(told(t, c, room), "from Mara") && strings.HasSuffix(told(t, c, shared.Room), "gift card")
	})
	last, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	c.Close()
	h.stop()

	path := filepath.Join(t.TempDir(), "new.txt")
	if err := os.WriteFile(path, []byte("new bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.begin()
	t.Cleanup(o.kill)
	yes, none := true, "mentions"
	send := func(room, text string, files []string, reply, to string) string {
		id := newID()
		o.act("Rooms.Send", SendIn{ID: id, Room: room, Text: text, Files: append([]string{}, files...), Reply: reply, To: to})
		return id
	}
	send(room, "one", nil, "", "")
	o.act("Rooms.Reword", RewordIn{Room: room, Message: toEdit, Text: "edited once"})
	o.act("Rooms.Reword", RewordIn{Room: room, Message: toEdit, Text: "edited"})
	two := send(room, "two", nil, theirs, "")
	o.act("Rooms.Reword", RewordIn{Room: room, Message: two, Text: "two, reworded"})
	o.act("Rooms.React", ReactIn{Room: room, Message: theirs, Emoji: "👍", On: true})
	never := send(room, "never sent", nil, "", "")
	o.act("Rooms.Delete", MessageIn{room, never})
	o.act("Rooms.Delete", MessageIn{room, toDelete})
	o.act("Rooms.DeleteFile", FileIn{Room: room, File: old})
	taken := readAs[Staged](t, o.act("Verbs.Take", TakeIn{Room: room, Paths: []string{path}}))
	send(room, "three", []string{taken.Files[0].ID}, "", "")
	o.act("Rooms.Read", ReadIn{Room: room, Num: last.Last})
	o.act("Rooms.MarkUnread", MessageIn{room, theirs})
	o.act("Rooms.Set", PrefIn{Room: room, Favourite: &yes, Level: &none})
	o.act("Rooms.Set", PrefIn{Room: third, Hidden: &yes})
	o.act("Rooms.Bookmark", BookmarkIn{Room: room, Message: theirs, On: true})
	o.act("Notepad.Save", NoteIn{Room: room, Text: "- a list"})
	second := readAs[RoomIn](t, o.act("Rooms.New", NewRoomIn{Room: newID(), Name: "Second", People: []string{her}, Whole: true})).Room
	send(second, "first in second", nil, "", "")
	o.act("Rooms.Rename", RenameIn{Room: second, Name: "Second to none"})
	o.act("Rooms.SetRole", RoleIn{Room: second, Account: her, Role: "admin"})
	o.act("Rooms.Remove", MemberIn{Room: room, Account: him})
	o.act("Rooms.Add", AddIn{Room: second, People: []string{him}, Whole: true})
	send(second, "last in second", nil, "", "")
	o.act("Rooms.Archive", ArchiveIn{Room: second, Archived: true})
	direct := readAs[DirectView](t, o.act("Rooms.Direct", PersonIn{Account: her}))
	if direct.Here || direct.Why != "" {
		t.Fatalf("%+v", direct)
	}
	send(direct.Room, "hello", nil, "", her)
	send(direct.Room, "again", nil, "", "")
	o.act("Rooms.HandOver", MemberIn{Room: third, Account: her})
	o.act("Rooms.Leave", RoomIn{third})
	o.act("Safety.Report", ReportMessageIn{Room: shared.Room, Message: bad, Account: him, Reason: "contact"})
	o.act("Safety.Block", BlockIn{Account: him, Name: "Kim"})
	send(room, "four", nil, "", "")
	o.kill()
	h.again()
	o.begin()
	o.settles()
	o.kill()

	arrived(t, mara)
	other := h.witness("Esme")
	for name, core := range map[string]*Core{"Mara's": mara, "another device of Esme's": other} {
		eventually(t, "the room is here, "+name, func() bool { return strings.HasSuffix(told(t, core, room), "four") })
		same(t, name, told(t, core, room), "Esme: edited edited\nEsme: deleted\nEsme: with a file\nMara: from Mara 👍1 Esme\nEsme: one\n"+
			"Esme: two, reworded (here Mara from Mara)\nEsme: three\nEsme: four")
		same(t, name, told(t, core, second), "Esme: first in second\nEsme: last in second")
		same(t, name, told(t, core, direct.Room), "Esme: hello\nEsme: again")
		same(t, name+", who is in it", peopleOf(t, core, room), "Esme owner, Mara member")
		same(t, name+", who is in the second", peopleOf(t, core, second), "Esme owner, Kim member, Mara admin")
		files, err := (&Rooms{core}).Files(FilesIn{Room: room})
		if err != nil || len(files.Files) != 2 || files.Files[0].Name != "new.txt" || files.Files[1].Deleted == 0 {
			t.Errorf("%s: %+v %v", name, files, err)
		}
		l, err := (&Rooms{core}).List()
		if err != nil || rowOf(l, second).Name != "Second to none" || !rowOf(l, second).Archived || (rowOf(l, third).ID == "") != (core == other) {
			t.Errorf("%s: %+v %v", name, l, err)
		}
	}
	same(t, "who is in the third", peopleOf(t, mara, third), "Mara owner")
	l, err := (&Rooms{other}).List()
	if r := rowOf(l, room); err != nil || !r.Favourite || r.Level != none || r.Unread != 0 || r.Members != 2 {
		t.Errorf("%+v %v", r, err)
	}
	if n, err := (&Notepad{other}).Open(RoomIn{room}); err != nil || n.Text != "- a list" {
		t.Errorf("%+v %v", n, err)
	}
	if b, err := (&Safety{other}).Blocked(); err != nil || len(b.People) != 1 || b.People[0].ID != him {
		t.Errorf("%+v %v", b, err)
	}
	if r, err := (&Safety{other}).MyReports(); err != nil || len(r.Reports) != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if m, err := (&Rooms{other}).Newest(RoomIn{room}); err != nil || !m.Messages[3].Bookmarked {
		t.Errorf("%+v %v", m, err)
	}
	// The service was given each once: what was folded or called off while nothing was sent, not at all.
	for op, n := range map[workroom.Op]int{
		workroom.OpSendMessage: 3 + 8, workroom.OpEditMessage: 1, workroom.OpDeleteMessage: 1, workroom.OpDeleteFile: 1, workroom.OpReact: 1, workroom.OpSetMarker: 1,
		workroom.OpSetPref: 2, workroom.OpSetBookmark: 1, workroom.OpSetNote: 1, workroom.OpCreateRoom: 2 + 1, workroom.OpCreateDirect: 1, workroom.OpRenameRoom: 1,
		workroom.OpArchiveRoom: 1, workroom.OpAddMember: 3 + 2, workroom.OpRemoveMember: 1, workroom.OpSetRole: 1, workroom.OpHandOver: 1, workroom.OpLeaveRoom: 1,
		workroom.OpMakeReport: 1, workroom.OpSetBlock: 1,
	} {
		if got := h.recorded(me, op); got != n {
			t.Errorf("the service was given %s %d times, want %d", op, got, n)
		}
	}
}

// TestM01_BothSidesMakeTheDirectRoom: two people who are offline write to each other for the first time, their programs are killed, and go
// again at once when the service is back, killed once more in between: it is one room with every message once, each side's in its order.
func TestM01_BothSidesMakeTheDirectRoom(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	sides := map[string]*offline{"Esme": onDisk(t), "Mara": onDisk(t)}
	esme, mara := sides["Esme"].openIn(h, "Esme"), sides["Mara"].openIn(h, "Mara")
	ids := map[string]string{"Esme": string(esme.session.me()), "Mara": string(mara.session.me())}
	meet(t, mara, esme, "Harbour Map")
	esme.Close()
	mara.Close()
	h.stop()
	room := ""
	for name, o := range sides {
		to := ids["Mara"]
		if name == "Mara" {
			to = ids["Esme"]
		}
		o.begin()
		t.Cleanup(o.kill)
		direct := readAs[DirectView](t, o.act("Rooms.Direct", PersonIn{Account: to}))
		if direct.Here || room != "" && direct.Room != room {
			t.Fatalf("%+v, the other side has %s", direct, room)
		}
		room = direct.Room
		for _, text := range []string{"one", "two", "three"} {
			o.act("Rooms.Send", SendIn{ID: newID(), Room: room, Text: name + " " + text, Files: []string{}, To: to})
		}
		o.kill()
	}
	h.again()
	for range 2 { // killed on the way, wherever that is
		for _, o := range sides {
			o.begin()
		}
		for _, o := range sides {
			o.kill()
		}
	}
	for _, o := range sides {
		o.begin()
	}
	for _, o := range sides {
		o.settles()
	}
	for name, o := range sides {
		o.kill()
		c := h.witness(name)
		if l, err := (&Rooms{c}).List(); err != nil || len(l.Rooms) != 2 || rowOf(l, room).Kind != "direct" || rowOf(l, room).Members != 2 {
			t.Errorf("%s: %+v %v", name, l, err)
		}
		lines := strings.Split(told(t, c, room), "\n")
		for _, by := range []string{"Esme", "Mara"} {
			var said []string
			for _, x := range lines {
				if strings.HasPrefix(x, by+": ") {
					said = append(said, x)
				}
			}
			if w := by + ": " + by; strings.Join(said, "; ") != w+" one; "+w+" two; "+w+" three" {
				t.Errorf("%s sees %v", name, lines)
			}
		}
		if n := h.recorded(ids[name], workroom.OpSendMessage); n != 3 || len(lines) != 6 {
			t.Errorf("%s: %d messages recorded, %d shown", name, n, len(lines))
		}
	}
}

// rowOf is a room's line in the list; empty if it is not there.
func rowOf(l RoomList, room string) RoomRow {
	for _, r := range l.Rooms {
		if r.ID == room {
			return r
		}
	}
	return RoomRow{}
}

// peopleOf are those who are in a room with their roles, by name.
func peopleOf(t *testing.T, c *Core, room string) string {
	t.Helper()
	v, err := (&Rooms{c}).Members(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range v.Members {
		out = append(out, m.Name+" "+m.Role)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
