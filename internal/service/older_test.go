package service

import (
	"fmt"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// older are all commands and expectations that can name a message or a file, each about a message m and a file f of a room.
var older = []struct {
	name string
	does func(p, other *person, m string, f workroom.FileID) workroom.Command
}{
	{"React", func(_, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.React{Room: "g1", Message: m, Emoji: "👍", On: true}
	}},
	{"React off", func(_, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.React{Room: "g1", Message: m, Emoji: "👍"}
	}},
	{"EditMessage", func(_, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.EditMessage{Room: "g1", Message: m, Text: "other words"}
	}},
	{"DeleteMessage", func(_, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.DeleteMessage{Room: "g1", Message: m}
	}},
	{"DeleteFile", func(_, _ *person, _ string, f workroom.FileID) workroom.Command {
		return workroom.DeleteFile{Room: "g1", File: f}
	}},
	{"MakeReport", func(p, other *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.MakeReport{Who: p.id, Person: other.id, Name: "N", Room: "g1", Message: m, Reason: workroom.Scam}
	}},
	{"SetBookmark", func(p, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.SetBookmark{Who: p.id, Room: "g1", Message: m, On: true}
	}},
	{"SendMessage that answers it", func(_, _ *person, m string, _ workroom.FileID) workroom.Command {
		return workroom.SendMessage{Room: "g1", Text: "so it is", Reply: m}
	}},
	{"SendMessage with its file", func(_, _ *person, _ string, f workroom.FileID) workroom.Command {
		return workroom.SendMessage{Room: "g1", Text: "see", Files: []workroom.FileRef{{ID: f, Name: "a.bin", Size: 100}}}
	}},
}

// M-06 I10: whoever may read a room from a moment on and learnt the id of what came before gets the answer of one that never was, whatever they
// do with it: a new member, and one who was there before, left and came back, for what they wrote themselves. Nothing of it changes.
func TestM06_WhatCameBeforeIsNotThere(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	anna.does("add-cleo", add("g1", cleo, "r2", true))
	data := noise(100, 1)
	for who, m := range map[*person]string{anna: "old-anna", cleo: "old-cleo"} {
		f := workroom.FileID("f-" + m)
		who.upload(f, "r:g1", "a.bin", data)
		must(t, who.Complete(t.Context(), f))
		who.does(m, workroom.SendMessage{Room: "g1", Text: "before", Files: []workroom.FileRef{{ID: f, Name: "a.bin", Size: 100}}})
		who.does("r-"+m, workroom.React{Room: "g1", Message: m, Emoji: "👍", On: true})
	}
	cleo.does("leave", workroom.LeaveRoom{Room: "g1", Who: cleo.id})
	anna.does("add-ben", add("g1", ben, "r1", false))
	anna.does("back", add("g1", cleo, "r2", false))
	before := len(anna.saw("g1", "old-anna", "old-cleo"))
	as := func(r wire.Result) string { return fmt.Sprintf("%s %s %s %q", r.Status, r.Code, r.Field, r.Text) }
	for who, about := range map[*person]string{ben: "old-anna", cleo: "old-cleo"} {
		for i, x := range older {
			id := fmt.Sprintf("x-%s-%d", about, i)
			got := who.send(who.command(id, x.does(who, anna, about, workroom.FileID("f-"+about))))[0]
			want := who.send(who.command(id+"-no", x.does(who, anna, "never-was", "f-never-was")))[0]
			if x.name == "SendMessage with its file" && who == cleo { // the file is their own and was uploaded: the message alone is not there
				if got.Status != wire.Rejected || got.Code != workroom.Gone {
					t.Errorf("%s of %s: %s", x.name, about, as(got))
				}
				continue
			}
			if as(got) != as(want) {
				t.Errorf("%s of %s: %s, of none: %s", x.name, about, as(got), as(want))
			}
		}
		for rev := range int64(4) {
			cmd := who.command(fmt.Sprint("expect-", about, rev), say("g1", "x"))
			cmd.Expect = []wire.Expect{{Scope: "r:g1", Kind: workroom.KindMessage, ID: about, Rev: rev}}
			r := who.send(cmd)[0]
			if (r.Status == wire.OK) != (rev == 0) || len(r.Things) > 0 && rev != 0 {
				t.Errorf("expected at rev %d: %s %+v", rev, as(r), r.Things)
			}
		}
		if _, err := who.Range(t.Context(), wire.Range{Scope: "r:g1", Around: about}); code(err) != workroom.NoAccess {
			t.Errorf("around it: %v", err)
		}
	}
	for who, f := range map[*person]workroom.FileID{ben: "f-old-anna", cleo: "f-old-cleo"} {
		_, _, down := who.Download(t.Context(), f, 0)
		_, parts := who.Parts(t.Context(), f)
		_, thumb := who.Thumb(t.Context(), f, 320)
		if code(down) != workroom.NoAccess || code(parts) != workroom.NoAccess || code(thumb) != workroom.NoAccess {
			t.Errorf("its file %s: %v, %v, %v", f, down, parts, thumb)
		}
	}
	list, err := anna.Things(t.Context(), wire.ThingsOf{Scope: "r:g1", Kind: workroom.KindMessage, IDs: []string{"old-anna", "old-cleo"}})
	must(t, err)
	for _, x := range list.Things {
		m := bodyOf[workroom.Message](t, x)
		if x.Rev != 2 || m.Text != "before" || len(m.Reactions) != 1 || len(m.Reactions[0].By) != 1 || m.Files[0].Deleted != 0 {
			t.Errorf("%s became %s at rev %d", x.ID, x.Body, x.Rev)
		}
	}
	if len(list.Things) != 2 || before < 2 {
		t.Errorf("there are %d of %d", len(list.Things), before)
	}
	checkScope(t, s, "r:g1")
}
