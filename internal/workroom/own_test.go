package workroom

import (
	"fmt"
	"testing"
)

// P-25: what an account keeps of rooms for itself has an end: one more notepad, marker or preference is refused in words, the ones that are
// there go on, and nobody else's count.
func TestP25_WhatAnAccountKeepsHasAnEnd(t *testing.T) {
	for what, x := range map[string]struct {
		most  int
		thing Thing
		set   func(RoomID) Command
	}{
		"notepads": {MaxNotes, &Note{Text: "x"}, func(r RoomID) Command { return NewNote(r, "me", "", "mine of "+string(r)) }},
		"markers":  {maxOwn, &Marker{N: 1}, func(r RoomID) Command { return SetMarker{Room: r, Who: "me", N: 5} }},
		"prefs":    {maxOwn, &Pref{}, func(r RoomID) Command { return SetPref{Room: r, Who: "me", Favourite: new(true)} }},
	} {
		in := newTable()
		for i := range x.most - 1 {
			in.rows[Ref{AccountScope("me"), x.thing.ThingKind(), fmt.Sprint("r", i)}] = x.thing
			in.rows[Ref{AccountScope("you"), x.thing.ThingKind(), fmt.Sprint("r", i)}] = x.thing
		}
		wantCode(t, what+": the last", in.do(t, "me", "c", noon, x.set("last")), "")
		wantCode(t, what+": one more", in.do(t, "me", "c", noon, x.set("more")), BadInput)
		wantCode(t, what+": one that is there", in.do(t, "me", "c", noon, x.set("r1")), "")
		in.unheld[AccountScope("me")] = true
		wantCode(t, what+": where the copy cannot tell", in.do(t, "me", "c", noon, x.set("more")), "")
	}
}
