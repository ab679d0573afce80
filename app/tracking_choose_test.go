package app

import (
	"testing"

	"trestle/internal/tray"
)

// TestT01_WhatWasWrittenForOneClientStaysThere: where the contract tracked last is paused, another is chosen, with nothing of what was done on
// the first one, and so when another is looked at in the panel; choosing another contract in the tray takes that contract's own last memo, or
// asks for one there.
func TestT01_WhatWasWrittenForOneClientStaysThere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	one, two := own(t, c, "none"), own(t, c, "none")
	k := &Tracker{c}
	is := func(when, state, contract, memo string) {
		t.Helper()
		v, err := k.State(TrackerIn{})
		if err != nil || v.State != state || v.Contract != contract || v.Memo != memo {
			t.Fatalf("%s: %s on %s with %q (%v), want %s on %s with %q", when, v.State, v.Contract, v.Memo, err, state, contract, memo)
		}
	}
	started(t, c, one, "", "for the first")
	tracked(t, c, 1)
	face := &shownFace{}
	c.mu.Lock()
	c.face = face
	c.mu.Unlock()
	c.trayChosen(tray.Action{Kind: tray.Pick, Contract: two, Activity: "an-activity"})
	is("nothing was ever written for the second", "tracking", one, "for the first")
	if want := "tracker/" + two + "/an-activity"; len(face.shown) != 1 || face.shown[0] != want {
		t.Errorf("it asks at %q, want %q", face.shown, want)
	}
	if v, err := k.State(TrackerIn{Contract: two}); err != nil || v.Contract != one || v.Next == nil || v.Next.Contract != two || v.Next.Memo != "" || v.Next.State != "stopped" {
		t.Errorf("asked for the second while the first runs: %+v, %v", v, err)
	}
	if v, err := k.State(TrackerIn{Contract: one}); err != nil || v.Next != nil {
		t.Errorf("asked for what runs: %+v, %v", v.Next, err)
	}
	started(t, c, two, "", "for the second")
	tracked(t, c, 1)
	c.trayChosen(tray.Action{Kind: tray.Pick, Contract: one})
	is("the first again", "tracking", one, "for the first")
	if _, err := k.Stop(); err != nil {
		t.Fatal(err)
	}
	if v, err := k.State(TrackerIn{Contract: two}); err != nil || v.Contract != two || v.Memo != "" || v.Activity != "" {
		t.Errorf("looking at the second: %s with %q, %v", v.Contract, v.Memo, err)
	}
	c.trayChosen(tray.Action{Kind: tray.Pick, Contract: two})
	is("the second from the tray", "tracking", two, "for the second")
	tracked(t, c, 1)
	if _, err := (&Contracts{c}).Pause(IDIn{two}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the pause stops it", func() bool {
		v, err := k.State(TrackerIn{})
		return err == nil && v.State == "stopped" && v.Contract == one
	})
	is("another contract, with nothing of the paused one", "stopped", one, "")
}
