package service

import (
	"bytes"
	"encoding/json"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// M-35: a notepad reaches its account's own devices as it is written, and no byte of it anybody else: not by heads, pulls, opened scopes, single
// things, frames or what is known of people.
func TestM35_NotesAreNobodyElses(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	own := workroom.AccountScope(anna.id)
	mine, _ := anna.listen(t.Context())
	anna.looks(own)
	theirs, _ := ben.listen(t.Context())
	ben.looks("r:r1", "rc:r1", "k:k1", own, workroom.AccountScope(ben.id))

	const secret = "not under 140 a cover"
	anna.does("n1", workroom.NewNote("r1", anna.id, "", secret))
	for e := range mine { // another device of hers
		if e.Rows != nil && e.Rows.Scope == own && bytes.Contains(e.Rows.Things[0].Body, []byte(secret)) {
			break
		}
	}
	anna.does("m1", say(w.r, "the end"))
	var seen bytes.Buffer
	note := func(x any, err error) {
		if err != nil && code(err) != workroom.NoAccess {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&seen).Encode(x); err != nil {
			t.Fatal(err)
		}
	}
	for e := range theirs {
		note(e, nil)
		if e.Rows != nil && e.Rows.Scope == "r:r1" || e.Hint != nil && e.Hint.Heads[0].Scope == "r:r1" {
			break
		}
	}
	ctx := t.Context()
	for _, s := range []workroom.Scope{"r:r1", "rc:r1", "k:k1", own, workroom.AccountScope(ben.id)} {
		p, err := ben.Pull(ctx, wire.Pull{Scope: s, Gen: 1})
		note(p, err)
		o, err := ben.Open(ctx, wire.Open{Scopes: []workroom.Scope{s}, Tail: 50})
		note(o, err)
		x, err := ben.Things(ctx, wire.ThingsOf{Scope: s, Kind: workroom.KindNote, IDs: []string{"r1"}})
		note(x, err)
	}
	heads, err := ben.Heads(ctx, "")
	note(heads, err)
	people, err := ben.People(ctx, []string{string(anna.id)})
	note(people, err)
	if !bytes.Contains(seen.Bytes(), []byte("the end")) {
		t.Fatal("the test saw nothing at all")
	}
	for _, part := range []string{secret, "under 140", workroom.NoteMark(secret), `"note"`} {
		if bytes.Contains(seen.Bytes(), []byte(part)) {
			t.Errorf("%q reached another member", part)
		}
	}
}
