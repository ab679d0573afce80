package service

import (
	"encoding/json"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// M-26, M-28: whoever edits or reacts has not written the message, nor then: the row keeps its author, its moment and its number, and only
// its content and seq are new. What was deleted keeps no word at the service.
func TestM26_AChangedMessageKeepsItsMaking(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.does("m1", say("r1", "walnut"))
	read := func() wire.Thing {
		t.Helper()
		out, err := ben.Things(t.Context(), wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1"}})
		if err != nil || len(out.Things) != 1 {
			t.Fatalf("%+v %v", out, err)
		}
		return out.Things[0]
	}
	first := read()
	now = now.Add(time.Minute)
	for i, do := range []func(){
		func() { ben.does("r", workroom.React{Room: "r1", Message: "m1", Emoji: "👍", On: true}) },
		func() { anna.does("e", workroom.EditMessage{Room: "r1", Message: "m1", Text: "maple"}) },
		func() { anna.does("d", workroom.DeleteMessage{Room: "r1", Message: "m1"}) },
	} {
		do()
		x := read()
		if x.By != anna.id || x.At != first.At || x.Born != first.Born || x.Num != first.Num || x.Gone || x.Seq <= first.Seq || x.Rev != first.Rev+int64(i)+1 {
			t.Errorf("change %d made\n%+v of\n%+v", i, x, first)
		}
	}
	var left map[string]any
	if err := json.Unmarshal(read().Body, &left); err != nil || len(left) != 4 || left["text"] != "" || left["deleted"] == nil {
		t.Errorf("left is %v (%v)", left, err)
	}
	checkScope(t, s, "r:r1")
	for _, x := range []struct {
		who *person
		cmd workroom.Command
	}{{anna, workroom.EditMessage{Room: "r1", Message: "m1", Text: "back"}}, {ben, workroom.React{Room: "r1", Message: "m1", Emoji: "👍", On: true}}} {
		if r := x.who.send(x.who.command("late-"+string(x.cmd.Op()), x.cmd))[0]; r.Code != workroom.Gone {
			t.Errorf("%s over a deleted message is answered %+v", x.cmd.Op(), r)
		}
	}
}

// M-27: a deletion that waited too long is refused by the service's clock, with a sentence, and holds up nothing behind it.
func TestM27_ALateDeletionIsRefused(t *testing.T) {
	now := inSlice()
	_, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.does("m1", say("r1", "walnut"))
	now = now.Add(workroom.DeleteWithin + time.Second)
	r := anna.send(anna.command("d", workroom.DeleteMessage{Room: "r1", Message: "m1"}), anna.command("m2", say("r1", "behind it")))
	if r[0].Status != wire.Rejected || r[0].Code != workroom.TooLate || r[0].Text == "" || r[1].Status != wire.OK {
		t.Errorf("%+v", r)
	}
}

// F-11, M-27: with its message a file goes: nobody gets its bytes any more.
func TestM27_TheFilesGoToo(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	data := noise(100, 1)
	anna.upload("f1", "r:r1", "a.png", data)
	if err := anna.Complete(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	anna.does("m1", workroom.SendMessage{Room: "r1", Text: "see", Files: []workroom.FileRef{{ID: "f1", Name: "a.png", Size: 100}}})
	if _, err := ben.Parts(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	anna.does("d", workroom.DeleteMessage{Room: "r1", Message: "m1"})
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*person{anna, ben} {
		if _, err := who.Parts(t.Context(), "f1"); code(err) != workroom.NoAccess {
			t.Errorf("%s still gets the file: %v", who.id, err)
		}
	}
}
