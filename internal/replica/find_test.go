package replica

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/search"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// hits checks the ids a search finds, newest first.
func hits(t testing.TB, r *Replica, typed, want string) Found {
	t.Helper()
	f, err := r.Find(ctx, search.Parse(typed, time.UTC), "", 0)
	must(t, err)
	var ids []string
	for _, x := range f.Rows {
		ids = append(ids, x.ID)
	}
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("%s finds %q, want %q", typed, got, want)
	}
	return f
}

func settled(t testing.TB, r *Replica) {
	t.Helper()
	for {
		more, err := r.index(ctx, 50)
		must(t, err)
		if !more {
			return
		}
	}
}

func at(x wire.Thing, day string) wire.Thing {
	d, err := time.Parse("2006-01-02 15:04", day)
	if err != nil {
		panic(err)
	}
	x.At = d.UnixMicro()
	return x
}

// S-01, S-04 to S-10: what is typed finds what is here, newest first by time and not by when it came.
func TestFind_OperatorsAndOrder(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	other := workroom.RoomScope("other")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: other, Gen: 1, Seq: 3, Hot: []wire.Thing{
		thing(t, other, "other", 1, &workroom.Room{Name: "Room for Project A"}), thing(t, other, "bob", 1, &workroom.Member{Name: "Bob Jones"})},
		Tail: []wire.Thing{at(thing(t, other, "b1", 3, &workroom.Message{Author: "bob", Text: "the plan, from Bob"}), "2015-05-01 23:59")}}}}))
	page(t, r, roomScope,
		at(message(t, "a1", 3, "you", "An invoice for the café"), "2015-06-01 00:00"),
		at(message(t, "a2", 4, me, "INVOICE sent; plan follows"), "2015-04-30 10:00"),
		at(message(t, "a3", 5, "you", "invoice invoice"), "2015-05-20 10:00"))
	settled(t, r)
	hits(t, r, "invoice", "a1 a3 a2")
	hits(t, r, "Cafe", "a1")
	hits(t, r, `plan`, "b1 a2")
	hits(t, r, `"the plan"`, "b1")
	hits(t, r, `"plan the"`, "")
	hits(t, r, `from:bob`, "b1")
	hits(t, r, `from:"Bob Jones" plan`, "b1")
	hits(t, r, `from:me invoice`, "a2")
	hits(t, r, `in:"project a"`, "b1")
	hits(t, r, `in:room plan`, "b1 a2") // both begin with it
	hits(t, r, `before:20150501`, "b1 a2")
	hits(t, r, `after:20150501 before:20150531`, "a3 b1")
	hits(t, r, `after:2015-06-01 invoice`, "a1")
	hits(t, r, `r1`, "") // a word of the index is no word of a message
	hits(t, r, `message`, "")
	hits(t, r, `inv* OR "`, "")
	if f := hits(t, r, `from:nobody invoice before:20159999`, "a1 a3 a2"); f.Tokens[0].Bad == "" || f.Tokens[1].Bad != "" || f.Tokens[2].Bad == "" {
		t.Errorf("S-09: bad tokens are not marked: %+v", f.Tokens)
	}
	if f, err := r.Find(ctx, search.Parse("plan", time.UTC), "other", 0); err != nil || len(f.Rows) != 1 || f.Rows[0].ID != "b1" {
		t.Errorf("S-10: %+v %v", f, err)
	}
	say(t, r, "a waiting Invoice")
	f := hits(t, r, "waiting", f1(t, r))
	if !f.Rows[0].Waits() {
		t.Error("what waits is not marked as waiting")
	}
	edited := at(message(t, "a3", 9, "you", "bill"), "2015-05-20 10:00")
	edited.Born = 5
	page(t, r, roomScope, edited)
	settled(t, r)
	hits(t, r, "from:You invoice", "a1")
	hits(t, r, "bill", "a3")
}

func f1(t testing.TB, r *Replica) string {
	list, err := r.Waiting(ctx)
	must(t, err)
	return list[0].ID
}

// I11: nothing of what was deleted, or taken away, is left in the index, not even in its pages.
func TestI11_IndexForgets(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, manual())
	openRoom(t, r)
	page(t, r, roomScope, message(t, "a", 3, "you", "needleone in hay"), message(t, "b", 4, "you", "needletwo in hay"), message(t, "c", 5, "you", "needlethree"))
	settled(t, r)
	gone := message(t, "a", 6, "you", "")
	gone.Born, gone.Gone, gone.Body = 3, true, nil
	page(t, r, roomScope, gone)
	var left int
	if _, err := r.full.scan(`SELECT count(*) FROM find WHERE find MATCH '{text}:needleone'`, nil, &left); err != nil || left != 0 {
		t.Errorf("I11: a deleted message stands in the index until it is next filled: %d %v", left, err)
	}
	hits(t, r, "needleone", "")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 9, 0, message(t, "c", 5, "you", "needlethree"))}}))
	hits(t, r, "needletwo", "") // swept by a re-open
	hits(t, r, "needlethree", "c")
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	hits(t, r, "needlethree", "")
	var n int
	must(t, r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT (SELECT count(*) FROM find)+(SELECT count(*) FROM base WHERE found<>0)`, nil, &n)
		return err
	}))
	must(t, r.Close())
	if found := grep(t, path, "needleone", "needletwo", "needlethree"); n != 0 || found != "" {
		t.Errorf("I11: %d entries left; in the file: %s", n, found)
	}
}

// More rows of one moment than have a place there go to the next, pages follow each other without a gap or a double, and the newest stand
// first although the history came later.
func TestFind_SlotsAndPages(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	var list []wire.Thing
	for i := range int64(200) {
		x := message(t, fmt.Sprintf("m%03d", i), 3+i, "you", "same")
		x.At = 5_000_000
		list = append(list, x)
	}
	page(t, r, roomScope, list...)
	settled(t, r)
	old := message(t, "old", 300, "you", "same")
	old.At = 4_000_000
	page(t, r, roomScope, old)
	settled(t, r)
	seen := map[string]bool{}
	from, pages := int64(0), 0
	last := ""
	for {
		f, err := r.Find(ctx, search.Parse("same", time.UTC), "", from)
		must(t, err)
		for _, x := range f.Rows {
			if seen[x.ID] {
				t.Errorf("%s twice", x.ID)
			}
			seen[x.ID], last = true, x.ID
		}
		pages++
		if from = f.Next; from == 0 {
			break
		}
	}
	if len(seen) != 201 || pages != 5 || last != "old" {
		t.Errorf("%d hits on %d pages, the last %s", len(seen), pages, last)
	}
	if gone, err := r.Trim(ctx, roomScope, 10); err != nil || gone != 191 {
		t.Errorf("trimmed %d: %v", gone, err)
	}
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if len(w.Rows) != 10 || !w.Older {
		t.Errorf("after trimming: %d, older %v", len(w.Rows), w.Older)
	}
	hits(t, r, "in:nowhere from:nobody", "")
}

// M-28: is:bookmarked lists what is among the bookmarks, with every other operator; what was deleted is no more among them, what waits is.
func TestM28_BookmarksAreFound(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	page(t, r, roomScope,
		at(message(t, "a1", 3, "you", "the first plan"), "2015-05-01 10:00"), at(message(t, "a2", 4, me, "the second plan"), "2015-05-02 10:00"),
		at(message(t, "a3", 5, "you", "no mark"), "2015-05-03 10:00"))
	settled(t, r)
	mark := func(id string, on bool) {
		t.Helper()
		enqueue(t, r, workroom.SetBookmark{Room: room, Message: id, Who: me, On: on})
	}
	hits(t, r, "is:bookmarked", "")
	for _, id := range []string{"a1", "a2", "far"} { // the last one is not here
		mark(id, true)
	}
	hits(t, r, "is:bookmarked", "a2 a1")
	hits(t, r, "IS:Bookmarked plan from:you", "a1")
	hits(t, r, "is:bookmarked second", "a2")
	hits(t, r, "is:bookmarked in:nowhere", "a2 a1") // what nobody has is left out
	if f := hits(t, r, "is:unread plan", "a2 a1"); f.Tokens[0].Bad == "" {
		t.Error("is:unread is not marked")
	}
	if f, err := r.Find(ctx, search.Parse("is:bookmarked", time.UTC), "other", 0); err != nil || len(f.Rows) != 0 {
		t.Errorf("in another room: %+v %v", f.Rows, err)
	}
	mark("a1", false)
	hits(t, r, "is:bookmarked", "a2")
	enqueue(t, r, workroom.DeleteMessage{Room: room, Message: "a2"})
	hits(t, r, "is:bookmarked", "")
	for i := range 120 {
		id := fmt.Sprintf("n%03d", i)
		page(t, r, roomScope, message(t, id, int64(10+i), "you", "one of many"))
		mark(id, true)
	}
	seen := map[string]bool{}
	for from, pages := int64(0), 0; ; pages++ {
		f, err := r.Find(ctx, search.Parse("is:bookmarked many", time.UTC), room, from)
		must(t, err)
		for _, x := range f.Rows {
			seen[x.ID] = true
		}
		if from = f.Next; from == 0 {
			if pages != 2 || len(seen) != 120 {
				t.Errorf("%d on %d pages", len(seen), pages+1)
			}
			break
		}
	}
}

// A first fill, and an index made anew because it was damaged, find the same.
func TestFind_FirstFillAndRebuild(t *testing.T) {
	r := open(t, filepath.Join(quickDirT(t), "c.db"), manual())
	openRoom(t, r)
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2}
	for seq := int64(3); seq < 6003; seq++ {
		p.Things = append(p.Things, message(t, fmt.Sprint("m", seq), seq, "you", "word"+fmt.Sprint(seq%7)))
	}
	p.Page = wire.Page{Things: p.Things, Seq: 6002}
	must(t, r.Apply(ctx, p))
	settled(t, r)
	if r.filling {
		t.Error("still filling")
	}
	count := func() (n int) {
		_, err := r.full.scan(`SELECT count(*) FROM find WHERE find MATCH '{text}:word3'`, nil, &n)
		must(t, err)
		return n
	}
	was := count()
	must(t, r.reindex())
	if count() != 0 {
		t.Error("not empty")
	}
	settled(t, r)
	if count() != was || was < 800 {
		t.Errorf("%d before, %d after", was, count())
	}
}
