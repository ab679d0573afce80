package service

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// answers are the automatic messages of a room, by author and text, oldest first.
func (p *person) answers(room string) []string {
	p.t.Helper()
	out, err := p.Range(p.t.Context(), wire.Range{Scope: workroom.Scope("r:" + room), Limit: 50})
	if err != nil {
		p.t.Fatal(err)
	}
	var list []string
	for _, x := range out.Things {
		m, err := workroom.Decode(x.Kind, x.Body)
		if err != nil {
			p.t.Fatal(err)
		}
		if m, ok := m.(*workroom.Message); ok && m.Auto {
			if x.By != "" || x.Num == 0 {
				p.t.Errorf("an automatic answer counts as %q's act, number %d", x.By, x.Num)
			}
			list = append(list, fmt.Sprint(m.Author, ": ", m.Text))
		}
	}
	slices.Sort(list)
	return list
}

// leaves switches a responder on for a day from a moment on.
func leaves(who workroom.AccountID, text string, from time.Time) workroom.SetAway {
	return workroom.SetAway{Who: who, On: new(true), Text: &text, When: &workroom.Dates{
		First: "2026-11-25", Last: "2026-11-25", Zone: "UTC", From: from.UnixMicro(), To: from.Add(24 * time.Hour).UnixMicro()}}
}

// M-34: whoever writes to somebody who is away gets one automatic answer in that absence, in whichever room, whatever is sent again or
// restarted between; nobody else gets one, and nobody before it begins or after it ends.
func TestM34_OneAnswerAPersonAnAbsence(t *testing.T) {
	now := inSlice()
	cfg := Config{Data: t.TempDir(), DB: database(t), Now: func() time.Time { return now }}
	s, c := start(t, cfg)
	anna, ben, carl := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "carl")
	hire(anna, ben, "k1", "r1")
	hire(anna, ben, "k2", "r2")
	hire(carl, ben, "k3", "r3")
	want := func(room string, list ...string) {
		t.Helper()
		if got := ben.answers(room); !slices.Equal(got, list) {
			t.Errorf("%s: answers %q, want %q", room, got, list)
		}
		checkScope(t, s, workroom.Scope("r:"+room))
	}
	ben.does("away", leaves(ben.id, "In Lapland.", now.Add(time.Minute)))
	anna.does("m1", say("r1", "early"))
	want("r1")

	now = now.Add(2 * time.Minute)
	m2 := anna.command("m2", say("r1", "hello"))
	anna.send(m2)
	want("r1", string(ben.id)+": In Lapland.")
	anna.send(m2) // once more, byte for byte
	anna.does("m3", say("r1", "anybody there?"))
	anna.does("m4", say("r2", "or here?"))
	ben.does("m5", say("r1", "I look in sometimes"))
	want("r1", string(ben.id)+": In Lapland.")
	want("r2")
	carl.does("m6", say("r3", "hello"))
	want("r3", string(ben.id)+": In Lapland.")

	ben.does("words", workroom.SetAway{Who: ben.id, Text: new("Still in Lapland.")})
	anna.does("m7", say("r1", "the same absence"))
	want("r1", string(ben.id)+": In Lapland.")

	now = now.Add(25 * time.Hour)
	anna.does("m8", say("r1", "back?"))
	want("r1", string(ben.id)+": In Lapland.")
	ben.does("again", leaves(ben.id, "Gone again.", now))
	anna.does("m9", say("r2", "another absence"))
	want("r2", string(ben.id)+": Gone again.")
	ben.does("off", workroom.SetAway{Who: ben.id, On: new(false)})
	carl.does("m10", say("r3", "you are back"))
	want("r3", string(ben.id)+": In Lapland.")
}

// M-34: two who are away answer each other's words once and never each other's answers; one who is away and writes is answered too.
func TestM34_NoAnswerToAnAnswer(t *testing.T) {
	now := inSlice()
	_, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.does("a", leaves(anna.id, "Anna is away.", now))
	ben.does("b", leaves(ben.id, "Ben is away.", now))
	now = now.Add(time.Minute)
	anna.does("m1", say("r1", "hello"))
	if got := ben.answers("r1"); !slices.Equal(got, []string{string(ben.id) + ": Ben is away."}) {
		t.Errorf("answers: %q", got)
	}
	ben.does("m2", say("r1", "hello"))
	if got := ben.answers("r1"); len(got) != 2 {
		t.Errorf("answers: %q", got)
	}
}

// M-34: an absence and who was answered in it outlive the service.
func TestM34_AnswersOutliveARestart(t *testing.T) {
	now := inSlice()
	cfg := Config{Data: t.TempDir(), DB: database(t), Now: func() time.Time { return now }}
	var who []*person
	t.Run("before", func(t *testing.T) {
		_, c := start(t, cfg)
		who = []*person{join(t, c, "anna"), join(t, c, "ben"), join(t, c, "carl")}
		hire(who[0], who[1], "k1", "r1")
		hire(who[2], who[1], "k2", "r2")
		who[1].does("away", leaves(who[1].id, "In Lapland.", now))
		now = now.Add(time.Minute)
		who[0].does("m1", say("r1", "hello"))
	})
	t.Run("after", func(t *testing.T) {
		_, c := start(t, cfg)
		for _, p := range who {
			p.t = t
			p.Base, p.HTTP = c.Base, c.HTTP
		}
		who[0].does("m2", say("r1", "hello again"))
		who[2].does("m3", say("r2", "and from me"))
		for room, want := range map[string]int{"r1": 1, "r2": 1} {
			if got := who[1].answers(room); len(got) != want {
				t.Errorf("%s: %q", room, got)
			}
		}
	})
}

// M-34: one person writes in two rooms at the same moment, also to two nodes: the one who is away answers once, and both messages are taken
// at the first asking.
func TestPostgres_OneAnswerInTwoRooms(t *testing.T) {
	now := inSlice()
	cfg := Config{DB: pgtest.New(t), Now: func() time.Time { return now }}
	one, c1 := start(t, cfg)
	cfg.Data = ""
	_, c2 := start(t, cfg)
	anna, ben := join(t, c1, "anna"), join(t, c1, "ben")
	const rooms = 8
	for r := range rooms {
		hire(anna, ben, fmt.Sprint("k", r), fmt.Sprint("r", r))
	}
	for round := range 6 {
		ben.does(fmt.Sprint("away", round), leaves(ben.id, fmt.Sprint("Absence ", round), now))
		now = now.Add(time.Minute)
		var all sync.WaitGroup
		for r := range rooms {
			room, id := fmt.Sprint("r", r), fmt.Sprintf("m%d-%d", round, r)
			cmd, at := anna.command(id, say(workroom.RoomID(room), "hello")), []*wire.Client{c1, c2}[r%2]
			all.Go(func() {
				if res := anna.at(at).send(cmd)[0]; res.Status != wire.OK {
					t.Errorf("%s: %s %s %s", id, res.Status, res.Code, res.Text)
				}
			})
		}
		all.Wait()
		n := 0
		for r := range rooms {
			for _, a := range ben.answers(fmt.Sprint("r", r)) {
				if strings.HasSuffix(a, fmt.Sprint("Absence ", round)) {
					n++
				}
			}
		}
		if n != 1 {
			t.Errorf("round %d: %d answers", round, n)
		}
		now = now.Add(25 * time.Hour)
	}
	for r := range rooms {
		checkScope(t, one, workroom.Scope(fmt.Sprint("r:r", r)))
	}
}

// I4: an automatic answer's record is pruned when no absence can last any more, and leaves no device without a name among the person's.
func TestM34_PrunedAnswerIsNoDevice(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ben.does("away", leaves(ben.id, "In Lapland.", now))
	now = now.Add(time.Minute)
	anna.does("m1", say("r1", "hello"))
	must(t, s.Prune(t.Context(), now.Add(store.KeepAnswers+time.Hour)))
	must(t, s.store.Read(t.Context(), func(tx store.Tx) error {
		var records, nameless int
		if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM command WHERE account = ?", ben.id).Scan(&records); err != nil {
			return err
		}
		err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM device WHERE id = ''").Scan(&nameless)
		if records != 0 || nameless != 0 {
			t.Errorf("%d records, %d devices without a name", records, nameless)
		}
		return err
	}))
}
