package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf16"

	"trestle/internal/markup"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// Compose is the box in which messages and notes are written.
type Compose struct{ c *Core }

// Spans says what a text that is being written is made of.
func (x *Compose) Spans(in SpansIn) (out SpansView, err error) {
	defer guard(&err)
	out.Spans = []SpanRow{}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	o := markup.Options{}
	if in.Room != "" {
		people, err := s.people(workroom.RoomID(in.Room))
		if err != nil {
			return out, err
		}
		o = mentionsOf(people)
	}
	o.Notes = in.Notes
	for _, p := range markup.Spans(in.Text, o) {
		out.Spans = append(out.Spans, SpanRow{From: int64(p.From), To: int64(p.To), Kind: p.Kind})
	}
	return out, nil
}

// maxMentions is how many people the box offers at a time.
const maxMentions = 8

// Mentions ranks the people of a room for what was typed behind an @ (M-30): those whose name begins so, then those with a word in it that
// does, then those who have it anywhere; of equals, who wrote last.
func (x *Compose) Mentions(in MentionsIn) (out MentionsView, err error) {
	defer guard(&err)
	out.People = []Person{}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	id := workroom.RoomID(in.Room)
	people, err := s.people(id)
	if err != nil {
		return out, err
	}
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(id), workroom.KindMessage, 0, 100)
	if err != nil {
		return out, err
	}
	spoke := map[string]int64{}
	for _, r := range w.Rows {
		if m, ok := r.Thing.(*workroom.Message); ok {
			spoke[string(m.Author)] = max(spoke[string(m.Author)], m.At)
		}
	}
	out.People = rankPeople(people, in.Typed, spoke)
	return out, nil
}

// rankPeople orders people for a name that was begun; those it does not fit are left out, and so is oneself.
func rankPeople(people []Person, typed string, spoke map[string]int64) []Person {
	type fit struct {
		Person
		class int
	}
	typed = strings.TrimSpace(search.Fold(typed))
	var fits []fit
	for _, p := range people {
		name := search.Fold(p.Name)
		class := 3
		switch {
		case p.Me:
			continue
		case strings.HasPrefix(name, typed):
			class = 0
		case slices.ContainsFunc(strings.Fields(name), func(word string) bool { return strings.HasPrefix(word, typed) }):
			class = 1
		case strings.Contains(name, typed):
			class = 2
		default:
			continue
		}
		fits = append(fits, fit{p, class})
	}
	slices.SortStableFunc(fits, func(a, b fit) int {
		return cmp.Or(a.class-b.class, cmp.Compare(spoke[b.ID], spoke[a.ID]), cmp.Compare(search.Fold(a.Name), search.Fold(b.Name)))
	})
	out := []Person{}
	for _, f := range fits[:min(len(fits), maxMentions)] {
		out = append(out, f.Person)
	}
	return out
}

// readable is a text as it is sent to a room: where the name of a member was put into code, no reader is to see an id.
func (s *Session) readable(room workroom.RoomID, text string) (string, error) {
	if !strings.Contains(text, "<@") {
		return text, nil
	}
	people, err := s.people(room)
	return markup.Settle(text, mentionsOf(people)), err
}

// unitsOf is the length of a text as JavaScript counts.
func unitsOf(s string) int { return len(utf16.Encode([]rune(s))) }
