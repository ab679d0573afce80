package workroom

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var file = FileRef{ID: "f1", Name: "plan.txt", Size: 12, Type: "text/plain"}

// written is a contract room with a message of the client's that carries a file.
func written(t *testing.T) *table {
	x := active(t)
	wantCode(t, "send", x.do(t, cli, "m1", work, SendMessage{Room: raum, Text: "first", Files: []FileRef{file}}), "")
	return x
}

func (t *table) message(id string) *Message {
	m, _ := t.rows[Ref{RoomScope(raum), KindMessage, id}].(*Message)
	return m
}

// M-26: the author edits, whenever they like; what it said before is kept, oldest first, each with the moment it began to say so.
func TestM26_EditKeepsWhatItSaid(t *testing.T) {
	x := written(t)
	edit := func(i int, text string) *Refusal {
		return x.do(t, cli, fmt.Sprint("e", i), work.Add(time.Duration(i)*time.Hour), EditMessage{Room: raum, Message: "m1", Text: text})
	}
	wantCode(t, "edit", edit(1, "second"), "")
	wantCode(t, "again", edit(2, "third"), "")
	wantCode(t, "the same once more", edit(3, "third"), "")
	m := x.message("m1")
	want := []Wording{{"first", work.UnixMicro()}, {"second", work.Add(time.Hour).UnixMicro()}}
	if m.Text != "third" || m.Edited != work.Add(2*time.Hour).UnixMicro() || m.At != work.UnixMicro() || !slices.Equal(m.Wordings, want) || len(m.Files) != 1 {
		t.Errorf("%+v", m)
	}
	for i := range 30 {
		wantCode(t, "many", edit(10+i, fmt.Sprint("wording ", i)), "")
	}
	if m = x.message("m1"); len(m.Wordings) != MaxWordings || m.Wordings[MaxWordings-1].Text != "wording 28" {
		t.Errorf("%d wordings are kept: %+v", len(m.Wordings), m.Wordings)
	}
	for i := range 9 {
		wantCode(t, "long", edit(50+i, strings.Repeat(fmt.Sprint(i), MaxMessage)), "")
	}
	if m = x.message("m1"); len(m.Wordings) != MaxWordingsText/MaxMessage {
		t.Errorf("%d long wordings are kept", len(m.Wordings))
	}
	wantCode(t, "its words away, its file stays", edit(90, ""), "")
}

// M-26, M-27: each step that is not allowed, and why.
func TestM26_WhoMayNotEditOrDelete(t *testing.T) {
	for what, c := range map[string]struct {
		who  AccountID
		at   time.Duration
		cmd  Command
		want Code
	}{
		"edit of another's":       {free, 0, EditMessage{Room: raum, Message: "m1", Text: "mine now"}, AuthorOnly},
		"delete of another's":     {free, 0, DeleteMessage{raum, "m1"}, AuthorOnly},
		"edit by nobody":          {odd, 0, EditMessage{Room: raum, Message: "m1", Text: "x"}, NoAccess},
		"delete by nobody":        {odd, 0, DeleteMessage{raum, "m1"}, NoAccess},
		"edit of nothing":         {cli, 0, EditMessage{Room: raum, Message: "m9", Text: "x"}, Gone},
		"delete of nothing":       {cli, 0, DeleteMessage{raum, "m9"}, Gone},
		"edit to nothing":         {cli, 0, EditMessage{Room: raum, Message: "m2", Text: " \n"}, BadInput},
		"edit to too much":        {cli, 0, EditMessage{Room: raum, Message: "m1", Text: strings.Repeat("x", MaxMessage+1)}, BadInput},
		"edit to broken text":     {cli, 0, EditMessage{Room: raum, Message: "m1", Text: "\xff"}, BadInput},
		"edit without an id":      {cli, 0, EditMessage{Room: raum, Message: "a b", Text: "x"}, NoAccess},
		"delete at the 15 min":    {cli, DeleteWithin, DeleteMessage{raum, "m1"}, ""},
		"delete a second later":   {cli, DeleteWithin + time.Second, DeleteMessage{raum, "m1"}, TooLate},
		"edit a year later":       {cli, 8760 * time.Hour, EditMessage{Room: raum, Message: "m1", Text: "x"}, ""},
		"edit what was deleted":   {cli, 0, EditMessage{Room: raum, Message: "m3", Text: "x"}, Gone},
		"delete what was deleted": {cli, time.Hour, DeleteMessage{raum, "m3"}, ""},
	} {
		x := written(t)
		wantCode(t, "send", x.do(t, cli, "m2", work, SendMessage{Room: raum, Text: "no file"}), "")
		wantCode(t, "send", x.do(t, cli, "m3", work, SendMessage{Room: raum, Text: "taken back"}), "")
		wantCode(t, "delete", x.do(t, cli, "d3", work, DeleteMessage{raum, "m3"}), "")
		wantCode(t, what, x.do(t, c.who, "c", work.Add(c.at), c.cmd), c.want)
	}
}

// M-08, M-26, M-27: nothing changes in a room that is closed.
func TestM08_NothingChangesInAnArchivedRoom(t *testing.T) {
	for _, c := range []Command{EditMessage{Room: raum, Message: "m1", Text: "x"}, DeleteMessage{raum, "m1"}, React{raum, "m1", "👍", true}} {
		x := written(t)
		x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room).Archived = true
		wantCode(t, string(c.Op()), x.do(t, cli, "c", work, c), RoomArchived)
	}
}

// M-27: what stays is that there was something, whose, and when it was deleted; a room of another kind knows no limit.
func TestM27_DeleteLeavesNothingOfTheWords(t *testing.T) {
	x := written(t)
	wantCode(t, "edit", x.do(t, cli, "e", work, EditMessage{Room: raum, Message: "m1", Text: "second"}), "")
	wantCode(t, "react", x.do(t, free, "r", work, React{raum, "m1", "👍", true}), "")
	x.message("m1").Unknown = Unknown{"newer": []byte(`"what a newer program wrote"`)}
	gone := work.Add(time.Minute)
	wantCode(t, "delete", x.do(t, cli, "d", gone, DeleteMessage{raum, "m1"}), "")
	body, err := Encode(x.message("m1"))
	if want := fmt.Sprintf(`{"author":"client","text":"","at":%d,"deleted":%d}`, work.UnixMicro(), gone.UnixMicro()); err != nil || string(body) != want {
		t.Errorf("left is %s (%v), want %s", body, err, want)
	}
	if _, there := x.rows[Ref{RoomScope(raum), KindFile, "f1"}]; there {
		t.Error("its file is still listed")
	}
	wantCode(t, "react", x.do(t, free, "r2", gone, React{raum, "m1", "👍", true}), Gone)

	x = written(t)
	x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room).Kind = "group"
	wantCode(t, "a year later in a group", x.do(t, cli, "d", work.AddDate(1, 0, 0), DeleteMessage{raum, "m1"}), "")
}

// A copy that does not hold the message cannot tell: the command goes out and shows nothing.
func TestM26_UnheldRefusesNothing(t *testing.T) {
	for _, c := range []Command{EditMessage{Room: raum, Message: "m1", Text: "x"}, DeleteMessage{raum, "m1"}, React{raum, "m1", "👍", true}} {
		x := newTable()
		x.unheld[RoomScope(raum)] = true
		wantCode(t, string(c.Op()), x.do(t, cli, "c", work, c), "")
		if len(x.rows) != 0 {
			t.Errorf("%s writes over what it cannot see: %v", c.Op(), x.rows)
		}
	}
}

// M-28: a person has each emoji once; wanting it twice is wanting it once, in whatever order two people do.
func TestM28_ReactionsAreASet(t *testing.T) {
	x := written(t)
	for i, c := range []struct {
		who   AccountID
		emoji string
		on    bool
		want  string
	}{
		{free, "👍", true, "👍 freelancer"},
		{free, "👍", true, "👍 freelancer"},
		{cli, "👍", true, "👍 freelancer client"},
		{cli, "🎉", true, "👍 freelancer client, 🎉 client"},
		{free, "👍\ufe0f", false, "👍 client, 🎉 client"},
		{free, "👍", false, "👍 client, 🎉 client"},
		{cli, "👍", false, "🎉 client"},
		{cli, "🎉", false, ""},
	} {
		wantCode(t, "react", x.do(t, c.who, fmt.Sprint("r", i), work, React{raum, "m1", c.emoji, c.on}), "")
		var got []string
		for _, r := range x.message("m1").Reactions {
			var line strings.Builder
			line.WriteString(r.Emoji)
			for _, who := range r.By {
				line.WriteString(" " + string(who))
			}
			got = append(got, line.String())
		}
		if line := strings.Join(got, ", "); line != c.want {
			t.Errorf("step %d: %s, want %s", i, line, c.want)
		}
	}
	for i := range MaxReactions {
		wantCode(t, "many", x.do(t, cli, "c", work, React{raum, "m1", string(rune(0x1f600 + i)), true}), "")
	}
	wantCode(t, "one too many", x.do(t, free, "c", work, React{raum, "m1", "🧭", true}), BadInput)
	wantCode(t, "one that is there", x.do(t, free, "c", work, React{raum, "m1", "😀", true}), "")
	wantCode(t, "a stranger", x.do(t, odd, "c", work, React{raum, "m1", "👍", true}), NoAccess)
}

// M-28: a reaction is no place to write.
func TestM28_OnlyEmoji(t *testing.T) {
	for _, good := range []string{"👍", "👍🏽", "❤️", "❤", "🇫🇮", "👩‍💻", "1️⃣", "#️⃣", "©️", "‼️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👨‍👩‍👧‍👦", "⤴️", "〰️", "Ⓜ️", "🏳️‍🌈"} {
		if !IsEmoji(good) {
			t.Errorf("%s is none", good)
		}
	}
	for _, bad := range []string{"", "a", "ok", "1", "👍👍", "👍 ", " ", "hi 👍", "👍a", "\u202e", "\u200d", "👍\u200d", "\xff", "🇫🇮🇫", "12⃣", strings.Repeat("👩‍", 20), "<b>", "é", "漢"} {
		if IsEmoji(bad) {
			t.Errorf("%q is one", bad)
		}
	}
}

// M-28: an answer names what it answers, in the same room; it need not be here any more.
func TestM28_ReplyNamesAMessage(t *testing.T) {
	x := written(t)
	wantCode(t, "reply", x.do(t, free, "m2", work, SendMessage{Room: raum, Text: "yes", Reply: "m1"}), "")
	wantCode(t, "reply to what is gone", x.do(t, free, "m3", work, SendMessage{Room: raum, Text: "yes", Reply: "m9"}), "")
	wantCode(t, "no id", x.do(t, free, "m4", work, SendMessage{Room: raum, Text: "yes", Reply: "<script>"}), BadInput)
	if x.message("m2").Reply != "m1" {
		t.Errorf("%+v", x.message("m2"))
	}
	wantCode(t, "edit", x.do(t, free, "e", work, EditMessage{Room: raum, Message: "m2", Text: "no"}), "")
	if x.message("m2").Reply != "m1" {
		t.Error("an edit lost what the message answers")
	}
}

// M-27, P-24: that one of two blocked the other keeps neither from taking away what is their own; all else is not delivered.
func TestM27_OwnWordsPastABlock(t *testing.T) {
	x := written(t)
	at := Ref{RoomScope(raum), KindRoom, string(raum)}
	room := *x.rows[at].(*Room)
	room.Shut = true
	x.rows[at] = &room
	for what, c := range map[string]struct {
		who  AccountID
		cmd  Command
		want Code
	}{
		"a word":           {cli, SendMessage{Room: raum, Text: "x"}, Undeliverable},
		"an edit":          {cli, EditMessage{Room: raum, Message: "m1", Text: "x"}, Undeliverable},
		"a reaction":       {free, React{raum, "m1", "👍", true}, Undeliverable},
		"another's words":  {free, DeleteMessage{raum, "m1"}, AuthorOnly},
		"one's own words":  {cli, DeleteMessage{raum, "m1"}, ""},
		"by nobody":        {odd, DeleteMessage{raum, "m1"}, NoAccess},
		"one's own file":   {cli, DeleteFile{raum, "f1"}, ""},
		"a file of theirs": {free, DeleteFile{raum, "f1"}, UploaderOnly},
	} {
		y := &table{rows: maps.Clone(x.rows)}
		wantCode(t, what, y.do(t, c.who, "x", work, c.cmd), c.want)
	}
}
