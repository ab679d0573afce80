package replica

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// full is a draft with everything in it that can be begun.
var full = Draft{Room: room, Text: "half <@you> a thought", Cursor: 4, Beside: Beside{Reply: "m1", Edit: "m2", Words: "other words", Cursor: 5}}

// M-25: all that stands in a composer survives a restart: text, cursor, the message answered, and the edit beside it.
func TestM25_DraftSurvivesRestart(t *testing.T) {
	path := filepath.Join(folder(t), "copy.db")
	r := open(t, path, options())
	openRoom(t, r)
	must(t, r.SaveDraft(ctx, full))
	must(t, r.Close())
	r = open(t, path, Options{})
	d, err := r.Draft(ctx, room)
	must(t, err)
	if d.At == 0 {
		t.Error("it does not know when it was written")
	}
	d.At = 0
	if !reflect.DeepEqual(d, full) {
		t.Errorf("it was %+v\nand is %+v", full, d)
	}
}

// M-25: which drafts are kept: whatever was begun, and nothing where nothing was.
func TestM25_WhatIsADraft(t *testing.T) {
	for name, tc := range map[string]struct {
		d    Draft
		kept bool
	}{
		"nothing":            {Draft{}, false},
		"a cursor alone":     {Draft{Cursor: 3}, false},
		"words":              {Draft{Text: "a"}, true},
		"a file":             {Draft{Files: []workroom.FileRef{{ID: "f", Name: "a.txt"}}}, true},
		"an answer begun":    {Draft{Beside: Beside{Reply: "m1"}}, true},
		"an edit begun":      {Draft{Beside: Beside{Edit: "m1", Words: ""}}, true},
		"whom it is for":     {Draft{Beside: Beside{To: "you"}}, false},
		"words for somebody": {Draft{Text: "a", Beside: Beside{To: "you"}}, true},
	} {
		r := joined(t)
		tc.d.Room = room
		must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "before"}))
		must(t, r.SaveDraft(ctx, tc.d))
		list, err := r.Drafts(ctx)
		must(t, err)
		if len(list) == 1 != tc.kept {
			t.Errorf("%s: %d drafts", name, len(list))
		}
	}
	r := joined(t)
	for _, d := range []Draft{{Room: "no id!", Text: "x"}, {Room: room, Text: "\xff"}, {Room: room, Text: "x", Beside: Beside{Words: "\xff"}},
		{Room: room, Text: "x", Beside: Beside{Reply: "no id!"}}, {Room: room, Text: "x", Beside: Beside{To: "no id!"}}} {
		if r.SaveDraft(ctx, d) == nil {
			t.Errorf("%+v was kept", d)
		}
	}
}

// M-25: sending takes the words and the answer out of the draft, and not the edit of another message that was begun.
func TestM25_SendingLeavesTheEditBegun(t *testing.T) {
	r := joined(t)
	must(t, r.SaveDraft(ctx, full))
	_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "a thought"}, EnqueueOpts{ClearDraft: room})
	must(t, err)
	d, err := r.Draft(ctx, room)
	must(t, err)
	if want := (Beside{Edit: "m2", Words: "other words", Cursor: 5}); d.Text != "" || d.Cursor != 0 || d.Beside != want {
		t.Errorf("%+v", d)
	}
}

// M-07, M-23: whoever is removed from a room finds in Not sent what stood in its box, the words of an edit too.
func TestM07_TheBoxOfALostRoomIsKept(t *testing.T) {
	r := joined(t)
	must(t, r.SaveDraft(ctx, full))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	list, err := r.NotSent(ctx)
	must(t, err)
	var got []string
	for _, x := range list {
		switch c := x.Command.(type) {
		case workroom.SendMessage:
			got = append(got, "said "+c.Text+" to "+c.Reply)
		case workroom.EditMessage:
			got = append(got, "made "+c.Message+" "+c.Text)
		}
	}
	if s := strings.Join(got, ", "); s != "said half <@you> a thought to m1, made m2 other words" {
		t.Error(s)
	}
}

// D-16: a damaged copy gives its drafts back, also one of a schema before they had anything beside them.
func TestD16_DraftsAreSalvaged(t *testing.T) {
	for name, before := range map[string]bool{"today's": false, "an earlier one": true} {
		path := filepath.Join(folder(t), "copy.db")
		r := open(t, path, options())
		openRoom(t, r)
		must(t, r.SaveDraft(ctx, full))
		want := full
		if before {
			must(t, r.write(ctx, true, func(t *tx) error {
				_, err := t.Exec(`ALTER TABLE draft DROP COLUMN beside`)
				return err
			}))
			want.Beside = Beside{}
		}
		must(t, r.Close())
		s, err := salvageFile(path)
		must(t, err)
		if len(s.Drafts) != 1 {
			t.Fatalf("%s: %d drafts", name, len(s.Drafts))
		}
		got := s.Drafts[0]
		got.At = 0
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
