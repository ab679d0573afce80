package app

import (
	"strings"
	"testing"
)

// M-30: whom an @ can mean, and in which order.
func TestM30_RankPeople(t *testing.T) {
	t.Parallel()
	people := []Person{{ID: "1", Name: "Mara Quill"}, {ID: "2", Name: "Émile Marchand"}, {ID: "3", Name: "Tamara Ost"}, {ID: "4", Name: "Esme Winter"},
		{ID: "5", Name: "Mark Abe"}, {ID: "6", Name: "Me Marvin", Me: true}}
	spoke := map[string]int64{"4": 5, "5": 9}
	for typed, want := range map[string]string{
		"":         "5 4 2 1 3", // who wrote last, then by name
		"mar":      "5 1 2 3",
		"MARA":     "1 3",
		"emi":      "2", // accents do not matter
		"émile m":  "2",
		"mara q":   "1",
		"marvin":   "",
		"nobody":   "",
		"winter ":  "4",
		"\x00mara": "",
	} {
		var got []string
		for _, p := range rankPeople(people, typed, spoke) {
			got = append(got, p.ID)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("@%s offers %q, want %q", typed, s, want)
		}
	}
	many := make([]Person, 1000)
	for i := range many {
		many[i] = Person{ID: "x", Name: "Ann"}
	}
	if n := len(rankPeople(many, "a", nil)); n != maxMentions {
		t.Errorf("%d are offered", n)
	}
}

// M-25: what stands in a box comes back as it stood, with what is answered and what is edited as that says now; a message that is gone
// meanwhile leaves the words.
func TestM25_TheBoxComesBack(t *testing.T) {
	t.Parallel()
	_, client, freelancer, room := twoInRoom(t)
	rooms := &Rooms{freelancer}
	mine, err := rooms.Send(SendIn{ID: newID(), Room: room, Text: "my words", Files: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := (&Rooms{client}).Send(SendIn{ID: newID(), Room: room, Text: "**their** words", Files: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	arrived(t, freelancer)
	in := DraftIn{Room: room, Text: "half", Cursor: 2, Files: []string{}, Reply: theirs.ID, Edit: mine.ID, Words: "other words", Place: 5}
	if _, err := rooms.SaveDraft(in); err != nil {
		t.Fatal(err)
	}
	view, err := rooms.Open(OpenIn{Room: room})
	if err != nil {
		t.Fatal(err)
	}
	d := view.Draft
	if d.Text != "half" || d.Cursor != 2 || d.Reply == nil || d.Reply.Text != "their words" ||
		d.Edit == nil || *d.Edit != (DraftEdit{Message: mine.ID, Text: "my words", Words: "other words", Cursor: 5}) {
		t.Errorf("it came back as %+v, %+v, %+v", d, d.Reply, d.Edit)
	}
	if err := rooms.Delete(MessageIn{Room: room, Message: mine.ID}); err != nil {
		t.Fatal(err)
	}
	if view, err = rooms.Open(OpenIn{Room: room}); err != nil || view.Draft.Edit != nil || view.Draft.Text != "half\nother words" {
		t.Errorf("without its message: %+v %v", view.Draft, err)
	}
	list, err := rooms.List()
	if err != nil || list.Rooms[0].Draft != "half" {
		t.Errorf("the list says %+v %v", list.Rooms, err)
	}
}

// M-30: the list and the spans know the people of the room, and nobody reads an id.
func TestM30_NamesWhereTheyAreWritten(t *testing.T) {
	t.Parallel()
	_, client, freelancer, room := twoInRoom(t)
	list, err := (&Compose{freelancer}).Mentions(MentionsIn{Room: room, Typed: ""})
	if err != nil || len(list.People) != 1 || list.People[0].Me {
		t.Fatalf("%+v %v", list, err)
	}
	who := list.People[0]
	at := "<@" + who.ID + ">"
	v, err := (&Compose{freelancer}).Spans(SpansIn{Room: room, Text: "**hi** " + at})
	if err != nil || len(v.Spans) != 4 || v.Spans[3] != (SpanRow{From: 7, To: int64(7 + len(at)), Kind: "mention"}) {
		t.Errorf("%+v %v", v, err)
	}
	if v, err = (&Compose{freelancer}).Spans(SpansIn{Text: "# h " + at, Notes: true}); err != nil || len(v.Spans) != 2 {
		t.Errorf("a note: %+v %v", v, err)
	}
	if _, err := (&Rooms{freelancer}).SaveDraft(DraftIn{Room: room, Text: "to " + at + " soon", Files: []string{}}); err != nil {
		t.Fatal(err)
	}
	rooms, err := (&Rooms{freelancer}).List()
	if err != nil || rooms.Rooms[0].Draft != "to @"+who.Name+" soon" {
		t.Errorf("the list says %+v %v", rooms.Rooms, err)
	}
	sent, err := (&Rooms{freelancer}).Send(SendIn{ID: newID(), Room: room, Text: at + " see `" + at + "`", Files: []string{}})
	if err != nil || sent.Text != at+" see `@"+who.Name+"`" {
		t.Errorf("sent as %q %v", sent.Text, err)
	}
	if sent, err = (&Rooms{freelancer}).Reword(RewordIn{Room: room, Message: sent.ID, Text: "`" + at + "`"}); err != nil || sent.Text != "`@"+who.Name+"`" {
		t.Errorf("reworded as %q %v", sent.Text, err)
	}
	arrived(t, freelancer)
	arrived(t, client)
}
