package service

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// P-25: an account's devices together send no faster than a limit, and change what is its own no faster than another; both go on by
// themselves, another account is not slowed down, and messages are not by changes of one's own.
func TestP25_AnAccountHasItsPace(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	in, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: "d-second"})
	must(t, err)
	other := *anna.Client
	other.Token = in.Token
	second := &person{Client: &other, t: t, id: anna.id}

	s.own.set(Limits{Commands: 1, Burst: 3})
	mark := func(p *person, id string, n int64) wire.Result {
		return p.send(p.command(id, workroom.SetMarker{Room: "r1", N: n, Who: p.id}))[0]
	}
	for i := range int64(3) {
		if r := mark(anna, fmt.Sprint("own", i), i+1); r.Status != wire.OK {
			t.Fatalf("%+v", r)
		}
	}
	for what, p := range map[string]*person{"own-more": anna, "own-second": second} {
		if r := mark(p, what, 9); r.Status != wire.Later || r.Code != workroom.Rate || r.Retry != workroom.RetryLater || !strings.Contains(r.Text, "1 seconds") {
			t.Errorf("one more of one's own: %+v", r)
		}
	}
	if r := anna.send(anna.command("b", block(anna, ben, true)))[0]; r.Code == "" {
		t.Errorf("a block: %+v", r)
	}
	anna.does("m1", say("r1", "a message goes"))
	mark(ben, "bens", 1)
	now = now.Add(2 * time.Second)
	if r := mark(anna, "own-more", 9); r.Status != wire.OK {
		t.Errorf("a moment later: %+v", r)
	}

	s.accounts.set(Limits{Commands: 1, Burst: 3})
	var cmds []wire.Command
	for i := range 3 {
		cmds = append(cmds, anna.command(fmt.Sprint("all", i), say("r1", "x")))
	}
	anna.send(cmds...)
	_, err = second.Commands(t.Context(), wire.Commands{Cmds: []wire.Command{second.command("all-more", say("r1", "x"))}})
	var e *wire.Error
	if !asError(err, &e) || e.Code != workroom.Rate || e.Final || e.After <= 0 {
		t.Errorf("on the other device: %v", err)
	}
	ben.does("not-slowed", say("r1", "x"))
	now = now.Add(2 * time.Second)
	second.does("all-more", say("r1", "x"))
}

// P-25 M-35: the notepads of an account hold so much together; the text that is one too many is refused in words, for its sender to keep, and
// those that are there can be shortened and go on.
func TestP25_NotepadsHaveAWeight(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	long := strings.Repeat("🧾 two hundred\n", workroom.MaxNote/14)
	n := 0
	for ; n < 200; n++ {
		r := anna.send(anna.command(fmt.Sprint("n", n), workroom.NewNote(workroom.RoomID(fmt.Sprint("r", n)), anna.id, "", long)))[0]
		if r.Status == wire.OK {
			continue
		}
		if r.Code != workroom.TooLarge || r.Field != "text" || r.Retry != workroom.RetryNever || !strings.Contains(r.Text, "20 MB") {
			t.Fatalf("note %d: %+v", n, r)
		}
		break
	}
	if all := n * len(long); all > maxNotes || all < maxNotes*8/10 {
		t.Errorf("%d notepads of %d bytes were taken", n, len(long))
	}
	ben.does("bens", workroom.NewNote("r0", ben.id, "", long))
	anna.does("shorter", workroom.NewNote("r0", anna.id, long, "short"))
	anna.does("again", workroom.NewNote("more", anna.id, "", long))
	checkScope(t, s, workroom.AccountScope(anna.id))
}

// P-25: uploads that nothing was sent with, and devices, are limited by number; a file that is known already goes on.
func TestP25_UploadsAndDevicesHaveAnEnd(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	announce := func(p *person, id workroom.FileID) error {
		_, err := p.NewFile(t.Context(), wire.NewFile{ID: id, Scope: "r:r1", Name: "a.txt", Size: 1, Parts: []string{sha([]byte("x"))}})
		return err
	}
	must(t, announce(anna, "first"))
	execute(t, s, `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO file (id, owner, scope, root, space, name, size, type, parts, complete, named, at)
		SELECT 'made-' || i, ?, 'r:r1', 'r:r1', 'k-k1', 'a.txt', 1, '', '[]', FALSE, 0, 0 FROM n`, maxUnnamed, anna.id)
	err := announce(anna, "more")
	var e *wire.Error
	if !asError(err, &e) || e.Code != workroom.Quota || e.Final {
		t.Errorf("one more: %v", err)
	}
	must(t, announce(anna, "first"))
	must(t, announce(ben, "bens"))

	execute(t, s, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO device (id, account, name, incarnation, pruned_n, seen) SELECT 'made-' || i, ?, '', '', 0, 0 FROM n`, store.MaxDevices-1, anna.id)
	sign := func(device string) error {
		_, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: device})
		return err
	}
	if err := sign("one-more"); code(err) != workroom.Quota {
		t.Errorf("one device more: %v", err)
	}
	must(t, sign("d-anna"))
	must(t, sign("made-7"))
}

// M-34: an absence may be longer than records are kept; nobody is answered twice in it all the same.
func TestM34_LongAbsenceAnswersOnce(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	hire(anna, ben, "k2", "r2")
	text := "With the child, for a year."
	ben.does("away", workroom.SetAway{Who: ben.id, On: new(true), Text: &text, When: &workroom.Dates{
		First: "2001-09-09", Last: "2002-09-09", Zone: "UTC", From: now.UnixMicro(), To: now.Add(365 * 24 * time.Hour).UnixMicro()}})
	anna.does("m1", say("r1", "hello"))
	now = now.Add(store.KeepRecords + 24*time.Hour)
	must(t, s.Prune(t.Context(), now))
	anna.renew(c, "anna")
	ben.renew(c, "ben")
	anna.does("m2", say("r2", "are you there?"))
	if one, two := ben.answers("r1"), ben.answers("r2"); len(one) != 1 || len(two) != 0 {
		t.Errorf("answers %q, %q", one, two)
	}
}

// T-22: one side cannot write so much into a week that the other is never sent it, nor take the room of the other.
func TestT22_AWeekHoldsSoMuchOfOneSide(t *testing.T) {
	now := time.Date(2026, 11, 17, 7, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	now = now.Add(time.Hour)
	free.does("s", workroom.ReportSlice{Week: "2026-11-16", Slice: workroom.Slice{ID: "s", Rev: 1, Freelancer: free.id, Device: "d", Boot: "b", Contract: "k1",
		Start: now.Unix() - 600, End: now.Unix(), Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}})
	d := workroom.DiaryScope("k1", "2026-11-16")
	must(t, s.store.Write(t.Context(), func(tx store.Tx) error {
		b := store.NewBatch(t.Context(), tx)
		if err := b.Lock(d); err != nil {
			return err
		}
		var out workroom.Changes
		out.Put(d, "much", &workroom.TimeMark{What: workroom.MarkMemo, Contract: "k1", Value: strings.Repeat("x", maxWeek)})
		if _, _, err := b.Write(free.id, now, "", out.List()); err != nil {
			return err
		}
		_, err := b.Flush()
		return err
	}))
	many := workroom.MarkTime{Contract: "k1", Week: "2026-11-16", What: workroom.MarkCode}
	for range 100 {
		many.Spans = append(many.Spans, workroom.MarkSpan{Slice: "s", From: now.Unix() - 600, To: now.Unix()})
	}
	if r := free.send(free.command("more", many))[0]; r.Code != workroom.TooMany || r.Text == "" {
		t.Errorf("%+v", r)
	}
	if r := client.send(client.command("other", many))[0]; r.Status != wire.OK {
		t.Errorf("the other side: %+v", r)
	}
	if _, err := client.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{d}}); err != nil {
		t.Errorf("the week cannot be read: %v", err)
	}
}

// P-25: who writes to somebody who never answers is slowed, and told for how long; an answer or a contract ends that, and others are not kept
// waiting by it.
func TestP25_MessagesWithoutAnAnswer(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	s.setStrangers()
	anna, ben, cleo := gather(t, c)
	anna.does("a1", add("g1", ben, "r1", true))
	anna.does("a2", add("g1", cleo, "r2", true))
	direct := func(by, other *person) workroom.RoomID {
		id := workroom.DirectID(by.id, other.id)
		by.does("d-"+string(id[7:19]), workroom.CreateDirect{Room: id, Who: by.id, Name: "N", Other: other.id, OtherName: "O", Via: "g1"})
		return id
	}
	strange, known := direct(ben, cleo), direct(anna, ben)
	many := func(by *person, room workroom.RoomID, from, n int) (last wire.Result) {
		for i := range n {
			last = by.send(by.command(fmt.Sprintf("%s-%d", room[7:19], from+i), say(room, "hello?")))[0]
			if last.Status != wire.OK {
				return last
			}
		}
		return last
	}
	if r := many(ben, strange, 0, unanswered); r.Status != wire.OK {
		t.Fatalf("%+v", r)
	}
	if r := many(ben, strange, unanswered, 1); r.Status != wire.Later || r.Code != workroom.Rate || !strings.Contains(r.Text, "without an answer") {
		t.Errorf("one more: %+v", r)
	}
	if r := many(anna, known, 0, unanswered+5); r.Status != wire.OK {
		t.Errorf("to somebody with a contract: %+v", r)
	}
	ben.does("elsewhere", say("g1", "to all"))
	now = now.Add(2 * time.Minute)
	if r := many(ben, strange, unanswered, 1); r.Status != wire.OK {
		t.Errorf("two minutes later: %+v", r)
	}
	cleo.does("answer", say(strange, "yes?"))
	if r := many(ben, strange, 100, 30); r.Status != wire.OK {
		t.Errorf("answered: %+v", r)
	}
}
