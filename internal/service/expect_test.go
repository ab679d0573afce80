package service

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Class W "moved": a command that names the rev a person looked at is refused once the thing has another one, with the present row, the same
// way each time it is asked; a thing it may not look at is neither told nor written.
func TestExpect(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	hire(anna, ben, "k2", "r2")
	row := anna.does("a1", workroom.SetActivity{Contract: "k1", ID: "act1", Code: "ONE"}).Things[0]
	set := func(id, code string, expect ...wire.Expect) wire.Command {
		cmd := anna.command(id, workroom.SetActivity{Contract: "k1", ID: "act1", Code: code})
		cmd.Expect = expect
		return cmd
	}
	seen := func(rev int64) wire.Expect {
		return wire.Expect{Scope: "k:k1", Kind: workroom.KindActivity, ID: "act1", Rev: rev}
	}
	other := func(scope workroom.Scope, kind workroom.Kind, id string, rev int64) wire.Expect {
		return wire.Expect{Scope: scope, Kind: kind, ID: id, Rev: rev}
	}
	if row.Rev != 1 {
		t.Fatalf("%+v", row)
	}
	for _, x := range []struct {
		name  string
		cmd   wire.Command
		want  workroom.Code
		shows int
	}{
		{"as seen", set("e1", "TWO", seen(1)), "", 1},
		{"asked again, long after", set("e1", "TWO", seen(1)), "", 1},
		{"changed since", set("e2", "THREE", seen(1)), workroom.Moved, 1},
		{"changed since, asked again", set("e2", "THREE", seen(1)), workroom.Moved, 1},
		{"thought to be new", set("e3", "THREE", seen(0)), workroom.Moved, 1},
		{"there was never one", set("e4", "THREE", other("k:k1", workroom.KindActivity, "never", 3)), workroom.Moved, 0},
		{"none, as seen", set("e5", "THREE", other("k:k1", workroom.KindActivity, "never", 0)), "", 1},
		{"one of two changed", set("e6", "FOUR", seen(3), other("k:k1", workroom.KindContract, "k1", 1)), workroom.Moved, 2},
		{"a scope the command does not touch", set("e7", "FOUR", other("k:k2", workroom.KindContract, "k2", 1)), workroom.BadInput, 0},
		{"too many", set("e8", "FOUR", seen(3), seen(3), seen(3), seen(3), seen(3)), workroom.BadInput, 0},
		{"a rev that cannot be", set("e9", "FOUR", seen(-1)), workroom.BadInput, 0},
	} {
		r := anna.send(x.cmd)[0]
		if r.Code != x.want || len(r.Things) != x.shows || (r.Status == wire.OK) != (x.want == "") {
			t.Errorf("%s: %+v", x.name, r)
		}
		if x.want == workroom.Moved && x.shows > 0 && (r.Things[0].ID != "act1" || r.Things[0].Rev < 2) {
			t.Errorf("%s: not the present row: %+v", x.name, r.Things)
		}
	}
	// A tombstone is what is present then, and passes for "none".
	act(t, s, anna.id, workroom.Change{Ref: refOf(seen(0))})
	if r := anna.send(set("g1", "FIVE", seen(3)))[0]; r.Code != workroom.Moved || len(r.Things) != 1 || !r.Things[0].Gone {
		t.Errorf("%+v", r)
	}
	if r := anna.send(set("g2", "FIVE", seen(0)))[0]; r.Code == workroom.Moved {
		t.Errorf("%+v", r)
	}
	// Who may not read the scope learns nothing.
	eve := join(t, c, "eve")
	cmd := eve.command("x", workroom.SetActivity{Contract: "k1", ID: "act1", Code: "X"})
	cmd.Expect = []wire.Expect{seen(9)}
	if r := eve.send(cmd)[0]; r.Code != workroom.NoAccess || len(r.Things) != 0 {
		t.Errorf("%+v", r)
	}
	// The rev of an offer is told with it, so that what a freelancer accepts is what they saw.
	offered := anna.does("k3", offer(anna, "k3", "r3", secret))
	o, err := eve.Look(t.Context(), secret)
	if err != nil || o.Rev != 1 || len(offered.Things) == 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	accept := eve.command("accept", workroom.AcceptContract{Contract: "k3", Room: "r3", Who: eve.id, Name: "E", Secret: secret})
	accept.Expect = []wire.Expect{other("k:k3", workroom.KindContract, "k3", o.Rev+1)}
	if r := eve.send(accept)[0]; r.Code != workroom.Moved || len(r.Things) != 0 {
		t.Errorf("%+v", r)
	}
	accept.ID, accept.Expect[0].Rev = "accept2", o.Rev
	if r := eve.send(accept)[0]; r.Status != wire.OK {
		t.Errorf("%+v", r)
	}
}

// Clones: the first copy of a profile that sends under a device's id keeps it; another one is told to take an id of its own, nothing of its
// batch runs, and the same commands then pass under the new id with the same token.
func TestClonedDevice(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	ask := func(device, inc string, cmds ...wire.Command) ([]wire.Result, error) {
		out, err := anna.Commands(t.Context(), wire.Commands{Device: device, Inc: inc, Cmds: cmds})
		if err != nil {
			return nil, err
		}
		return out.Results, nil
	}
	first, second := anna.command("m1", say(w.r, "one")), anna.command("m2", say(w.r, "two"))
	if r, err := ask("laptop", "one", first); err != nil || r[0].Status != wire.OK {
		t.Fatalf("%+v, %v", r, err)
	}
	for range 2 {
		_, err := ask("laptop", "two", first, second)
		var e *wire.Error
		if !asError(err, &e) || e.Code != workroom.DeviceCloned || e.Retry != workroom.RetryDevice || e.Final || e.Status != 409 {
			t.Fatalf("%+v", err)
		}
	}
	if o, err := ben.Things(t.Context(), wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1", "m2"}}); err != nil || len(o.Things) != 1 {
		t.Fatalf("something of the copy's batch ran: %+v, %v", o, err)
	}
	if r, err := ask("laptop-2", "two", first, second); err != nil || r[0].Status != wire.OK || r[1].Status != wire.OK {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, device := range []string{"laptop", "laptop-2"} { // a program that tells no incarnation is served as before
		if r, err := ask(device, "", first); err != nil || r[0].Status != wire.OK {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	s.copies.of = nil // as after a restart
	if _, err := ask("laptop", "two"); code(err) != workroom.DeviceCloned {
		t.Fatal(err)
	}
	if _, err := ask("laptop", "one"); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][2]string{{"a b", "x"}, {"laptop", "\x00"}} {
		if _, err := ask(bad[0], bad[1]); code(err) != workroom.BadInput {
			t.Errorf("%q: %v", bad, err)
		}
	}
	checkScope(t, s, "r:r1")
}
