package app

import (
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// sharedRoom makes a group room of two people who know each other, and waits until it is on both desktops.
func sharedRoom(t *testing.T, owner, other *Core) string {
	t.Helper()
	in, err := (&Rooms{owner}).New(NewRoomIn{Name: "Website launch", People: []string{string(other.session.me())}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, owner)
	eventually(t, "the other one has it", func() bool { _, _, err := other.session.room(in.Room); return err == nil })
	return in.Room
}

// membersOf are the names of those who are in a room, as its panel lists them.
func membersOf(t *testing.T, c *Core, room string) map[string]bool {
	t.Helper()
	v, err := (&Rooms{c}).Members(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, m := range v.Members {
		out[m.Name] = true
	}
	return out
}

// TestM07_PartingOutlivesTheProgram: leaving and removing that were said to be done and not taken back when the program ended are done when
// it begins again; what was taken back is not; and until then nothing of it is sent.
func TestM07_PartingOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	_, c, f, _ := twoInRoom(t)
	one, two := sharedRoom(t, c, f), sharedRoom(t, c, f)
	esme := string(f.session.me())
	remove := func(room string) PartIn { return PartIn{Room: room, What: "remove", Account: esme} }
	for _, in := range []PartIn{remove(one), remove(two)} {
		if err := (&Rooms{c}).PartSoon(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&Rooms{c}).Unpart(remove(two)); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{c}).Unpart(remove(two)); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("taken back twice: %v", err)
	}
	for _, in := range []PartIn{{Room: one, What: "dance", Account: esme}, {Room: one, What: "remove", Account: "no id"}, {Room: newID(), What: "leave"}} {
		if err := (&Rooms{c}).PartSoon(in); err == nil {
			t.Errorf("noted: %+v", in)
		}
	}
	if n, err := c.session.replica.Outbox(t.Context()); err != nil || len(n) != 0 || !membersOf(t, c, one)["Esme"] {
		t.Errorf("%d commands wait, %v", len(n), err)
	}
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	eventually(t, "it is done", func() bool { return !membersOf(t, c, one)["Esme"] })
	if !membersOf(t, c, two)["Esme"] {
		t.Error("what was taken back is done")
	}
	eventually(t, "she is out", func() bool { _, _, err := f.session.room(one); return err != nil })
	// The same for leaving, as she does it in the room that is left.
	if err := (&Rooms{f}).PartSoon(PartIn{Room: two, What: "leave"}); err != nil {
		t.Fatal(err)
	}
	f.session.partNoted(func(replica.Parting) bool { return true }) // what run does first in the next program
	arrived(t, f)
	if _, _, err := f.session.room(two); err == nil {
		t.Error("she is still in it")
	}
	for _, x := range []*Core{c, f} {
		eventually(t, "nothing is noted", func() bool { list, err := x.session.replica.Partings(t.Context()); return err == nil && len(list) == 0 })
	}
}

// TestM29_ARoomIsMarkedAsAWhole: unread is what somebody else wrote last, not one's own words behind it; a room in which nobody else wrote
// anything cannot be unread.
func TestM29_ARoomIsMarkedAsAWhole(t *testing.T) {
	t.Parallel()
	_, c, f, _ := twoInRoom(t)
	room := sharedRoom(t, c, f)
	unread := func() int64 {
		l, err := (&Rooms{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.Rooms {
			if r.ID == room {
				return r.Unread
			}
		}
		return -1
	}
	mark := func(read bool) error { return (&Rooms{c}).MarkRoom(MarkRoomIn{Room: room, Read: read}) }
	write(t, c, room, "anybody here?")
	arrived(t, c)
	if err := mark(false); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("nobody else wrote: %v", err)
	}
	arrived(t, f)
	write(t, f, room, "me")
	write(t, f, room, "and still")
	arrived(t, f)
	eventually(t, "they came", func() bool { return unread() == 2 })
	if err := mark(true); err != nil || unread() != 0 {
		t.Errorf("read: %d %v", unread(), err)
	}
	write(t, c, room, "good")
	arrived(t, c)
	if err := mark(false); err != nil || unread() == 0 {
		t.Errorf("unread: %d %v", unread(), err)
	}
	if err := mark(true); err != nil || unread() != 0 {
		t.Errorf("read again: %d %v", unread(), err)
	}
	if err := (&Rooms{c}).MarkRoom(MarkRoomIn{Room: newID(), Read: true}); err == nil {
		t.Error("a room that is not here was marked")
	}
}

// TestM01_ARoomToBe: the direct room with somebody I know is there to be written in before it is made, under the id both sides make; it
// names both by their own names, holds a draft and is in no list. With somebody I share nothing with there is none.
func TestM01_ARoomToBe(t *testing.T) {
	t.Parallel()
	h, c, f, _ := twoInRoom(t)
	esme := f.session.me()
	id := string(workroom.DirectID(c.session.me(), esme))
	v, err := (&Rooms{c}).Open(OpenIn{Room: id, To: string(esme)})
	if err != nil || v.Name != "Esme" || v.Kind != string(workroom.DirectRoom) || !v.May.Write || v.Made != 0 || !v.Window.AtEnd {
		t.Fatalf("%+v %v", v, err)
	}
	names := map[string]bool{}
	for _, p := range v.People {
		names[p.Name] = p.Me
	}
	if me, ok := names["Mara"]; !ok || !me || len(names) != 2 {
		t.Errorf("its people: %v", names) // not the service's name
	}
	if l, err := (&Rooms{c}).List(); err != nil || len(l.Rooms) != 1 {
		t.Errorf("it is in a list: %+v %v", l.Rooms, err)
	}
	stranger := h.desk("Noor").session.me()
	for what, in := range map[string]OpenIn{
		"a stranger":              {Room: string(workroom.DirectID(c.session.me(), stranger)), To: string(stranger)},
		"nobody":                  {Room: id},
		"an id of two others":     {Room: string(workroom.DirectID(esme, stranger)), To: string(esme)},
		"the id of a new room":    {Room: newID(), To: string(esme)},
		"something that is no id": {Room: id, To: "../x"},
	} {
		if v, err := (&Rooms{c}).Open(in); err == nil {
			t.Errorf("%s: %+v", what, v)
		}
	}
}

// TestM04_OthersSeeMyName: who makes a room and who begins a direct one stands in it under their own name, not the service's.
func TestM04_OthersSeeMyName(t *testing.T) {
	t.Parallel()
	_, c, f, _ := twoInRoom(t)
	room := sharedRoom(t, c, f)
	if got := membersOf(t, f, room); !got["Mara"] || !got["Esme"] || len(got) != 2 {
		t.Errorf("%v", got)
	}
	id := string(workroom.DirectID(c.session.me(), f.session.me()))
	if _, err := (&Rooms{c}).Send(SendIn{ID: newID(), Room: id, To: string(f.session.me()), Text: "hello", Files: []string{}}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	eventually(t, "it came", func() bool { _, _, err := f.session.room(id); return err == nil })
	if got := membersOf(t, f, id); !got["Mara"] || len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// TestM04_ANameTooLongIsRefused: what somebody wrote as the name of a room is never cut behind their back.
func TestM04_ANameTooLongIsRefused(t *testing.T) {
	t.Parallel()
	_, owner, other, _ := twoInRoom(t)
	rooms := &Rooms{owner}
	long := strings.Repeat("é", workroom.MaxName+1)
	in, err := rooms.New(NewRoomIn{Name: " " + long[len("é"):] + "  ", People: []string{string(other.session.me())}})
	if err != nil {
		t.Fatalf("a name of exactly %d: %v", workroom.MaxName, err)
	}
	for what, err := range map[string]error{
		"new":    func() error { _, err := rooms.New(NewRoomIn{Name: long, People: []string{}}); return err }(),
		"rename": rooms.Rename(RenameIn{Room: in.Room, Name: long}),
	} {
		if err == nil || !strings.Contains(err.Error(), "at most 80") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestM06_NothingOfBeforeIsUnread: who is let in with what is written from now on has no badge for what was written before, also while
// nothing was written since.
func TestM06_NothingOfBeforeIsUnread(t *testing.T) {
	t.Parallel()
	_, c, f, _ := twoInRoom(t)
	room, esme := sharedRoom(t, c, f), string(f.session.me())
	write(t, c, room, "before")
	write(t, c, room, "before, too")
	arrived(t, c)
	if err := (&Rooms{c}).Remove(MemberIn{Room: room, Account: esme}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "she is out", func() bool { _, _, err := f.session.room(room); return err != nil })
	if _, err := (&Rooms{f}).SaveDraft(DraftIn{Room: room, Text: "and one more", Files: []string{}}); err != nil { // M-07: typed until the end
		t.Error(err)
	}
	eventually(t, "her last words are in Not sent", func() bool { v := notSentOf(t, f); return len(v.Rows)+len(v.Groups) > 0 })
	if _, err := (&Rooms{c}).Add(AddIn{Room: room, People: []string{esme}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "she is in it", func() bool { _, _, err := f.session.room(room); return err == nil })
	arrived(t, f)
	unread := func() int64 {
		v, err := (&Rooms{f}).Open(OpenIn{Room: room})
		if err != nil {
			t.Fatal(err)
		}
		return v.Unread
	}
	if n := unread(); n != 0 {
		t.Errorf("%d unread in a room that shows nothing", n)
	}
	write(t, c, room, "welcome")
	arrived(t, c)
	eventually(t, "what came since is unread", func() bool { return unread() == 1 })
}
