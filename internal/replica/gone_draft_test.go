package replica

import (
	"slices"
	"testing"

	"trestle/internal/workroom"
)

// M-07: what is still being written when a room is taken away is in Not sent with its last word, once; what waited there before it is
// another text, however it begins. In a room that is open, or was never here, nothing happens.
func TestM07_TheLastWordsOfADraftAreKept(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, me, "mine"))
	draft := func(text string) Draft { return Draft{Room: room, Text: text} }
	keeps := func(d Draft, want bool) {
		t.Helper()
		if kept, err := r.KeepDraft(ctx, d, true); err != nil || kept != want {
			t.Errorf("%q: %v %v", d.Text, kept, err)
		}
	}
	words := func(want ...string) {
		t.Helper()
		list, err := r.NotSent(ctx)
		must(t, err)
		var got []string
		for _, x := range list {
			switch c := x.Command.(type) {
			case workroom.SendMessage:
				got = append(got, c.Text)
			case workroom.EditMessage:
				got = append(got, "edit: "+c.Text)
			}
			if x.Code != workroom.NoAccess {
				t.Errorf("%+v", x)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("kept %q, want %q", got, want)
		}
	}
	keeps(draft("open"), false)
	keeps(Draft{Room: "elsewhere", Text: "never here"}, false)
	say(t, r, "a tid")
	must(t, r.SaveDraft(ctx, draft("a tide t")))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	words("a tid", "a tide t")
	keeps(draft("a tide table"), true)
	keeps(draft("a tide table for Monday"), true)
	words("a tid", "a tide table for Monday")
	keeps(draft(" "), true)
	keeps(Draft{Room: room, Beside: Beside{Edit: "a", Words: "mine, n"}}, true)
	keeps(Draft{Room: room, Text: "another", Beside: Beside{Edit: "a", Words: "mine, newer"}}, true)
	words("a tid", "a tide table for Monday", "another", "edit: mine, newer")
	if list, err := r.Drafts(ctx); err != nil || len(list) != 0 {
		t.Errorf("left as drafts: %+v %v", list, err)
	}
}

// M-07: what is written between the end of one's right and the moment the room goes is a draft until then.
func TestM07_WordsOfARoomThatIsGoing(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, me, "mine"))
	if kept, err := r.KeepDraft(ctx, Draft{Room: room, Text: "last words"}, false); err != nil || !kept {
		t.Fatal(kept, err)
	}
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	list, err := r.NotSent(ctx)
	must(t, err)
	if len(list) != 1 || list[0].Command.(workroom.SendMessage).Text != "last words" {
		t.Errorf("kept as %+v", list)
	}
}

// M-07: where nothing waited in the room, what is written while it goes names it all the same.
func TestM07_LateWordsNameTheRoom(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, me, "mine"))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	if kept, err := r.KeepDraft(ctx, Draft{Room: room, Text: "late"}, false); err != nil || !kept {
		t.Fatal(kept, err)
	}
	list, err := r.NotSent(ctx)
	must(t, err)
	if len(list) != 1 || list[0].Text == workroom.Refuse(workroom.NoAccess).Text || list[0].Text == "" {
		t.Errorf("kept as %+v", list)
	}
}
