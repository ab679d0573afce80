package app

import (
	"os"
	"testing"
)

// verbCore opens the program on a folder of its own, as one verb of the command line does.
func verbCore(t *testing.T, dir string) *Core {
	t.Helper()
	dirs, err := FindDirs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := dirs.Make(); err != nil {
		t.Fatal(err)
	}
	c, err := OpenCore(CoreOptions{Dirs: dirs, Face: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestU17_ThisComputerIsComeBackTo(t *testing.T) {
	t.Parallel()
	c := verbCore(t, t.TempDir())
	start := &Start{c}
	if _, err := start.Local(LocalIn{Name: " \n "}); AsFailure(err) == nil || AsFailure(err).Field != "name" {
		t.Fatalf("an empty name: %v", err)
	}
	first, err := start.Local(LocalIn{Name: "Esme"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&Contracts{c}).Create(NewContractIn{ID: newID(), Title: "Own work", Self: true,
		Terms: TermsView{Rate: 100, Currency: "EUR", Shots: "none", IdleMinutes: 10}}); err != nil {
		t.Fatal(err)
	}
	if out, err := start.SignOut(); err != nil || out.Account != nil {
		t.Fatalf("signing out: %+v %v", out.Account, err)
	}
	if _, err := (&Rooms{c}).List(); AsFailure(err).Code != "signed_out" {
		t.Errorf("after signing out the rooms are still told: %v", err)
	}
	other, err := start.Local(LocalIn{Name: "Bob"})
	if err != nil || other.Account.ID == first.Account.ID {
		t.Fatalf("another name got %+v %v", other.Account, err)
	}
	if l, err := (&Contracts{c}).List(); err != nil || len(l.Contracts) != 0 {
		t.Errorf("another person sees %d contracts, %v", len(l.Contracts), err)
	}
	if _, err := start.SignOut(); err != nil {
		t.Fatal(err)
	}
	again, err := start.Local(LocalIn{Name: "esme"})
	if err != nil || again.Account.ID != first.Account.ID {
		t.Fatalf("coming back got %+v %v, want %s", again.Account, err, first.Account.ID)
	}
	if l, err := (&Contracts{c}).List(); err != nil || len(l.Contracts) != 1 {
		t.Errorf("the own contract is not there: %+v %v", l, err)
	}
}

func TestD12_ExampleIsFreshAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := verbCore(t, dir)
	start := &Start{c}
	one, err := start.Example()
	if err != nil {
		t.Fatal(err)
	}
	if one.Caps.Invite {
		t.Error("the example offers to invite people nobody can reach")
	}
	two, err := start.Example()
	if err != nil || two.Account.ID == one.Account.ID {
		t.Fatalf("a second example is the first: %v", err)
	}
	if _, err := start.SignOut(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "accounts" {
			t.Error("the example left an account behind")
		}
	}
}
