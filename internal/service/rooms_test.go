package service

import (
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// gather makes a group room g1 of anna, to which ben and cleo of her contracts may be added.
func gather(t *testing.T, c *wire.Client) (anna, ben, cleo *person) {
	t.Helper()
	anna, ben, cleo = join(t, c, "anna"), join(t, c, "ben"), join(t, c, "cleo")
	hire(anna, ben, "k1", "r1")
	hire(anna, cleo, "k2", "r2")
	anna.does("g1", workroom.CreateRoom{Room: "g1", Who: anna.id, Name: "Group", As: "Anna"})
	return anna, ben, cleo
}

func add(room workroom.RoomID, who *person, via workroom.RoomID, whole bool) workroom.AddMember {
	return workroom.AddMember{Room: room, Who: who.id, Name: "N", Via: via, Whole: whole}
}

// saw are the texts of a room that a person gets by opening it, by asking for its history and by asking for the messages by name: all three
// must say the same.
func (p *person) saw(room workroom.RoomID, ids ...string) []string {
	p.t.Helper()
	s := workroom.RoomScope(room)
	texts := func(list []wire.Thing) (out []string) {
		for _, x := range list {
			if x.Kind == workroom.KindMessage {
				out = append(out, bodyOf[workroom.Message](p.t, x).Text)
			}
		}
		return out
	}
	o, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{s}, Tail: 50})
	if err != nil {
		p.t.Fatal(err)
	}
	if o.Scopes[0].Gone {
		return nil
	}
	out := texts(o.Scopes[0].Tail)
	g, err := p.Range(p.t.Context(), wire.Range{Scope: s})
	if err != nil {
		p.t.Fatal(err)
	}
	n, err := p.Things(p.t.Context(), wire.ThingsOf{Scope: s, Kind: workroom.KindMessage, IDs: ids})
	if err != nil {
		p.t.Fatal(err)
	}
	if more := texts(g.Things); len(more) != len(out) || len(texts(n.Things)) != len(out) {
		p.t.Errorf("opened %v, by range %v, by name %v", out, more, texts(n.Things))
	}
	return out
}

// M-06 F-06 I10: who is added "from now" gets what is written after they came and nothing before, files too; who is given the whole history
// gets all of it. The number from which is the service's: the rule does not know it.
func TestM06_FromNowAndWholeHistory(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	data := noise(100, 1)
	anna.upload("f1", "r:g1", "a.png", data)
	if err := anna.Complete(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	anna.does("m1", workroom.SendMessage{Room: "g1", Text: "before", Files: []workroom.FileRef{{ID: "f1", Name: "a.png", Size: 100}}})
	r := anna.does("add-ben", add("g1", ben, "r1", false))
	for _, x := range r.Things {
		if x.Scope.Kind() == "a" {
			t.Errorf("the owner was shown %+v", x)
		}
	}
	anna.does("add-cleo", add("g1", cleo, "r2", true))
	anna.does("m2", say("g1", "after"))
	anna.upload("f2", "r:g1", "b.png", data)
	if err := anna.Complete(t.Context(), "f2"); err != nil {
		t.Fatal(err)
	}
	anna.does("m3", workroom.SendMessage{Room: "g1", Text: "with a file", Files: []workroom.FileRef{{ID: "f2", Name: "b.png", Size: 100}}})
	for who, want := range map[*person]int{anna: 3, ben: 2, cleo: 3} {
		if got := who.saw("g1", "m1", "m2", "m3"); len(got) != want {
			t.Errorf("%s saw %v, want %d", who.id, got, want)
		}
		for f, open := range map[workroom.FileID]bool{"f1": want == 3, "f2": true} {
			if _, err := who.Parts(t.Context(), f); (err == nil) != open || !open && code(err) != workroom.NoAccess {
				t.Errorf("%s, file %s: %v", who.id, f, err)
			}
		}
	}
	own, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.AccountScope(ben.id)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range own.Scopes[0].Hot {
		if x.Kind == workroom.KindGrant && x.ID == "r:g1" {
			if g := bodyOf[workroom.Grant](t, x); g.FromBorn < 2 || g.Gen != 1 || g.Role != workroom.Writer {
				t.Errorf("the right is %+v", g)
			}
		}
	}
	if r := ben.send(ben.command("react-before", workroom.React{Room: "g1", Message: "m1", Emoji: "👍", On: true}))[0]; len(r.Things) != 0 {
		t.Errorf("a reaction to what came before showed %+v", r.Things)
	}
	checkScope(t, s, "r:g1")
	checkScope(t, s, workroom.AccountScope(ben.id))
}

// M-07 I10: who is removed, and who leaves, reads and writes nothing from that very step on; let in again they have another generation, so
// that a device begins anew.
func TestM07_AccessGoesWithTheMember(t *testing.T) {
	for _, how := range []string{"removed", "left"} {
		s, c := start(t, Config{Now: inSlice})
		anna, ben, _ := gather(t, c)
		anna.does("add-ben", add("g1", ben, "r1", true))
		ben.does("m1", say("g1", "hello"))
		gen := func() int64 {
			h, err := ben.Heads(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range h.Scopes {
				if x.Scope == "r:g1" {
					return x.Gen
				}
			}
			return 0
		}
		if gen() != 1 {
			t.Fatalf("gen is %d", gen())
		}
		if how == "left" {
			ben.does("leave", workroom.LeaveRoom{Room: "g1", Who: ben.id})
		} else {
			anna.does("remove", workroom.RemoveMember{Room: "g1", Who: ben.id})
		}
		anna.does("m2", say("g1", "without him"))
		if gen() != 0 || ben.saw("g1", "m1", "m2") != nil {
			t.Errorf("%s: the room is still open", how)
		}
		if _, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:g1", Epoch: s.store.Epoch, Gen: 1}); code(err) != workroom.NoAccess {
			t.Errorf("%s: pull: %v", how, err)
		}
		for i, x := range []workroom.Command{say("g1", "still?"), workroom.EditMessage{Room: "g1", Message: "m1", Text: "x"}, workroom.LeaveRoom{Room: "g1", Who: ben.id}} {
			if r := ben.send(ben.command(string(rune('x'+i)), x))[0]; r.Code != workroom.NoAccess || len(r.Things) != 0 {
				t.Errorf("%s: %s is answered %+v", how, x.Op(), r)
			}
		}
		anna.does("again", add("g1", ben, "r1", false))
		if n := gen(); n != 2 {
			t.Errorf("%s: let in again with gen %d", how, n)
		}
		anna.does("m3", say("g1", "welcome back"))
		if got := ben.saw("g1", "m1", "m2", "m3"); len(got) != 1 || got[0] != "welcome back" {
			t.Errorf("%s: let in again they saw %v", how, got)
		}
		checkScope(t, s, "r:g1")
	}
}

// M-01: both make their direct room while neither knows of the other's: it is one room, both messages stand in it, and the second one's
// answer brings the room.
func TestM01_MadeByBothIsOneRoom(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	id := workroom.DirectID(anna.id, ben.id)
	make := func(by, other *person) workroom.CreateDirect {
		return workroom.CreateDirect{Room: id, Who: by.id, Name: "N", Other: other.id, OtherName: "O", Via: "r1"}
	}
	anna.does("d1", make(anna, ben))
	anna.does("m1", say(id, "hello"))
	r := ben.does("d2", make(ben, anna))
	ben.does("m2", say(id, "good morning"))
	rooms := 0
	for _, x := range r.Things {
		if x.Kind == workroom.KindRoom && x.ID == string(id) {
			rooms++
		}
		if x.Scope == workroom.AccountScope(anna.id) {
			t.Errorf("ben was shown %+v", x)
		}
	}
	if rooms != 1 {
		t.Errorf("the second answer: %+v", r.Things)
	}
	for _, who := range []*person{anna, ben} {
		if got := who.saw(id, "m1", "m2"); len(got) != 2 {
			t.Errorf("%s saw %v", who.id, got)
		}
	}
	if r := cleo.send(cleo.command("d3", workroom.CreateDirect{Room: workroom.DirectID(cleo.id, ben.id), Who: cleo.id, Name: "C", Other: ben.id, OtherName: "B", Via: "r1"}))[0]; r.Code != workroom.NotKnown {
		t.Errorf("somebody who is not in that room: %+v", r)
	}
	// people who met in a group only
	anna.does("add-ben", add("g1", ben, "r1", false))
	anna.does("add-cleo", add("g1", cleo, "r2", false))
	cleo.does("d4", workroom.CreateDirect{Room: workroom.DirectID(cleo.id, ben.id), Who: cleo.id, Name: "C", Other: ben.id, OtherName: "B", Via: "g1"})
	checkScope(t, s, workroom.RoomScope(id))
}

// A command that gives a right writes that right and nothing else into another account's own scope: a rule that tried would be broken, and is
// answered as such.
func TestI10_AGranterWritesOneGrant(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, _ := gather(t, c)
	other := workroom.AccountScope(ben.id)
	for what, change := range map[string]workroom.Change{
		"a marker":             {Ref: workroom.Ref{Scope: other, Kind: workroom.KindMarker, ID: "r1"}, Thing: &workroom.Marker{N: 5}},
		"another room's right": {Ref: workroom.Ref{Scope: other, Kind: workroom.KindGrant, ID: "r:r2"}, Thing: &workroom.Grant{Gen: 1}},
		"a contract's right":   {Ref: workroom.Ref{Scope: other, Kind: workroom.KindGrant, ID: "k:k2"}, Thing: &workroom.Grant{Gen: 1}},
	} {
		s.rule = func(workroom.Command, workroom.Asked, workroom.Rows) ([]workroom.Change, *workroom.Refusal) {
			return []workroom.Change{change}, nil
		}
		if r := anna.send(anna.command("x-"+string(change.Ref.Kind)+change.Ref.ID[2:], add("g1", ben, "r1", false)))[0]; r.Status == wire.OK {
			t.Errorf("%s was written: %+v", what, r)
		}
	}
}

// P-25: the twenty-first new room or invitation of a day waits and says how long; it is not refused. Others are not kept waiting by it, nor is
// what makes none.
func TestP25_NewRoomsADay(t *testing.T) {
	now := inSlice()
	_, c := start(t, Config{Now: func() time.Time { return now }, Limits: Limits{Rooms: 3}})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	room := func(by *person, id string) wire.Command {
		return by.command("c-"+id, workroom.CreateRoom{Room: workroom.RoomID(id), Who: by.id, Name: "N", As: "A"})
	}
	var res []wire.Result
	for _, id := range []string{"g1", "g2", "g3"} { // one after the other: rooms are lanes of their own
		res = append(res, anna.send(room(anna, id))...)
	}
	if res[0].Status != wire.OK || res[1].Status != wire.OK || res[2].Status != wire.Later || res[2].Code != workroom.Rate || res[2].Retry != workroom.RetryLater || res[2].Text == "" {
		t.Fatalf("%+v", res)
	}
	direct := anna.command("d", workroom.CreateDirect{Room: workroom.DirectID(anna.id, ben.id), Who: anna.id, Name: "A", Other: ben.id, OtherName: "B", Via: "r1"})
	for _, x := range []wire.Command{direct, anna.command("k3", offer(anna, "k3", "r3", "another"))} {
		if r := anna.send(x)[0]; r.Status != wire.Later {
			t.Errorf("%s: %+v", x.Op, r)
		}
	}
	anna.does("m", say("g1", "writing is no new room"))
	anna.does("add", add("g1", ben, "r1", false))
	if r := ben.send(room(ben, "b1"))[0]; r.Status != wire.OK {
		t.Errorf("somebody else: %+v", r)
	}
	now = now.Add(24*time.Hour + time.Second)
	if r := anna.send(direct)[0]; r.Status != wire.OK {
		t.Errorf("a day later: %+v", r)
	}
}
