package app

import "testing"

// listedAs is a room as the list of rooms has it.
func listedAs(t *testing.T, c *Core, room string) (RoomRow, bool) {
	t.Helper()
	list, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Rooms {
		if r.ID == room {
			return r, true
		}
	}
	return RoomRow{}, false
}

// TestM09_WhoWritesInAHiddenRoomSeesIt: a room that was hidden and is written in by oneself is in the lists again, also offline.
func TestM09_WhoWritesInAHiddenRoomSeesIt(t *testing.T) {
	t.Parallel()
	_, c, f, _ := twoInRoom(t)
	room := sharedRoom(t, c, f)
	write(t, c, room, "the last of it")
	if err := (&Rooms{c}).Set(PrefIn{Room: room, Hidden: new(true)}); err != nil {
		t.Fatal(err)
	}
	if r, _ := listedAs(t, c, room); !r.Hidden {
		t.Fatalf("it is not hidden: %+v", r)
	}
	arrived(t, c)
	if r, _ := listedAs(t, c, room); !r.Hidden {
		t.Fatal("what was on its way brought it back")
	}
	write(t, c, room, "one thing more")
	if r, _ := listedAs(t, c, room); r.Hidden {
		t.Error("it is still hidden")
	}
	arrived(t, c)
	if r, _ := listedAs(t, c, room); r.Hidden {
		t.Error("it is hidden again")
	}
}

// TestM19_TheContractIsForItsSides: who was let into a contract's room is offered no contract that is not open to them.
func TestM19_TheContractIsForItsSides(t *testing.T) {
	t.Parallel()
	h, c, f, room := twoInRoom(t)
	other := h.desk("Noor")
	meet(t, c, other, "Kelp survey")
	if _, err := (&Rooms{c}).Add(AddIn{Room: room, People: []string{string(other.session.me())}}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	eventually(t, "she is let in", func() bool { _, _, err := other.session.room(room); return err == nil })
	for desk, want := range map[*Core]bool{c: true, f: true, other: false} {
		row, _ := listedAs(t, desk, room)
		v, err := (&Rooms{desk}).Open(OpenIn{Room: room})
		if err != nil || (row.Contract != "") != want || (v.Contract != "") != want {
			t.Errorf("in the list %q, in the room %q, %v", row.Contract, v.Contract, err)
		}
	}
}

// TestM30_TheListSaysThatOneIsNamed: the count of a room says that somebody is named in what they have not read, until they have.
func TestM30_TheListSaysThatOneIsNamed(t *testing.T) {
	t.Parallel()
	_, c, f, room := twoInRoom(t)
	write(t, c, room, "to nobody by name, `<@"+string(f.session.me())+">`")
	arrived(t, c)
	eventually(t, "it is here", func() bool { r, _ := listedAs(t, f, room); return r.Unread == 1 })
	if r, _ := listedAs(t, f, room); r.Named {
		t.Error("named in a line of code")
	}
	write(t, c, room, "a look, <@"+string(f.session.me())+">?")
	write(t, c, room, "no hurry")
	arrived(t, c)
	eventually(t, "both are here", func() bool { r, _ := listedAs(t, f, room); return r.Unread == 3 })
	if r, _ := listedAs(t, f, room); !r.Named {
		t.Error("not named")
	}
	if r, _ := listedAs(t, c, room); r.Named || r.Unread != 0 {
		t.Errorf("who wrote it: %+v", r)
	}
	write(t, f, room, "Yes")
	eventually(t, "it is read, once the answer went out", func() bool { r, _ := listedAs(t, f, room); return !r.Named && r.Unread == 0 })
}
