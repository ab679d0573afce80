package replica

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"trestle/internal/search"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// foundBy lists the ids of all that is found, of all pages.
func foundBy(t *testing.T, r *Replica, typed string, in workroom.RoomID) []string {
	t.Helper()
	var out []string
	for from := int64(0); ; {
		f, err := r.Find(ctx, search.Parse(typed, time.UTC), in, from)
		must(t, err)
		for _, x := range f.Rows {
			out = append(out, x.ID)
		}
		if from = f.Next; from == 0 {
			slices.Sort(out)
			return out
		}
	}
}

// S-01, S-08, S-10: the last word that is typed without quotes is found by its beginning, in what is indexed as in what waits; quotes ask for
// the whole word, and characters of a script without spaces for each other side by side.
func TestS01_WordsThatAreBegun(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	texts := []string{"Café au lait", "the cafeteria closes", "a scaffold", "resend the e-mails", "日本語の本", "日本x本語", "日 本 語", "한국어를 배워요", "message for you"}
	var things []wire.Thing
	for i, text := range texts {
		things = append(things, message(t, fmt.Sprint("m", i), int64(i+3), "you", text))
	}
	page(t, r, roomScope, things...)
	settled(t, r)
	waits := say(t, r, "cafes everywhere")
	for typed, want := range map[string][]string{
		"caf":           {"m0", "m1", waits},
		`"caf"`:         nil,
		"CAFE":          {"m0", "m1", waits},
		`"café"`:        {"m0"},
		"ca":            nil,
		"caf au":        nil,
		"au caf":        {"m0"},
		`caf "au lait"`: {"m0"},
		"caf from:me":   {waits},
		"the e-mai":     {"m3"},
		"the e-mailx":   nil,
		"日本":            {"m4", "m5", "m6"},
		"日本語":           {"m4", "m6"},
		"本語":            {"m4", "m5", "m6"},
		"語本":            nil,
		"語":             {"m4", "m5", "m6"},
		"한국":            {"m7"},
		"mess":          {"m8"}, // and not by what the index says of kinds
	} {
		slices.Sort(want)
		for _, in := range []workroom.RoomID{"", room} {
			if got := foundBy(t, r, typed, in); !slices.Equal(got, want) {
				t.Errorf("%s in %q: %v, not %v", typed, in, got, want)
			}
		}
		rooms, _, err := r.FindRooms(ctx, search.Parse(typed, time.UTC))
		must(t, err)
		if n := len(want); n > 0 && (len(rooms) != 1 || rooms[0].Hits != n) || n == 0 && len(rooms) > 0 {
			t.Errorf("%s: counted %v, not %d", typed, rooms, n)
		}
	}
}

// S-01: also where more words begin so than are looked up one by one.
func TestS01_ManyWordsThatAreBegun(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	var things []wire.Thing
	for i := range mostBegun + 5 {
		things = append(things, message(t, fmt.Sprintf("m%03d", i), int64(i+3), "you", fmt.Sprintf("the item%03d", i)))
	}
	page(t, r, roomScope, things...)
	settled(t, r)
	for typed, want := range map[string]int{"item": mostBegun + 5, "item1": 100, "item01": 10, `"item"`: 0, "the-item1": 100} {
		if got := foundBy(t, r, typed, ""); len(got) != want {
			t.Errorf("%s: %d found, not %d", typed, len(got), want)
		}
	}
}

// S-01: such words are looked for among the newest rows first; those of long ago, on either side of where that ends, are found behind them,
// in pages without a gap or a double, whatever else is asked for.
func TestS01_ManyWordsThatWereBegunLongAgo(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	var things []wire.Thing
	var want, with []string
	for i := range mostBegun + walkedBegun {
		text := "something else"
		if i < mostBegun+40 || i%500 == 0 { // 40 of the old ones are walked, too
			text = fmt.Sprintf("the item%04d", i)
		}
		id := fmt.Sprintf("m%04d", i)
		if text != "something else" {
			if want = append(want, id); i%3 == 0 {
				text, with = text+" third", append(with, id)
			}
		}
		things = append(things, message(t, id, int64(i+3), "you", text))
	}
	page(t, r, roomScope, things...)
	settled(t, r)
	for _, in := range []workroom.RoomID{"", room} {
		if got := foundBy(t, r, "item", in); !slices.Equal(got, want) {
			t.Errorf("in %q: %d found, not %d", in, len(got), len(want))
		}
		if got := foundBy(t, r, "third item", in); !slices.Equal(got, with) {
			t.Errorf("third in %q: %d found, not %d", in, len(got), len(with))
		}
	}
}

// S-01: the words of the index that begin with one are each listed once, however often they stand there, and no others.
func TestS01_WordsOfTheIndexThatBegin(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	places := int64(0)
	must(t, r.write(ctx, true, func(x *tx) error {
		for word, times := range map[string]int{"the": 3 * firstLook, "pl": 1, "plan": 2*firstLook + 1, "plane": firstLook - 1, "planet": 1, "plaster": firstLook, "plan日": 1, "plb": 2} {
			for range times {
				places++
				if _, err := x.Exec(`INSERT INTO find(rowid,text,tok,sc,kind,id) VALUES(?,?,'message',1,'message','m')`, places, word); err != nil {
					return err
				}
			}
		}
		for i := range mostBegun + 40 {
			places++
			if _, err := x.Exec(`INSERT INTO find(rowid,text,tok,sc,kind,id) VALUES(?,?,'message',1,'message','m')`, places, fmt.Sprintf("item%04d item%04d", i, i)); err != nil {
				return err
			}
		}
		return nil
	}))
	for with, want := range map[string]string{
		"plan": "[plan plane planet plan日]", "pla": "[plan plane planet plan日 plaster]", "plane": "[plane planet]", "plan日": "[plan日]", "thea": "[]", "zz": "[]", "mess": "[message]",
	} {
		must(t, r.read(ctx, func(l *link) error {
			got, err := beginning(l, with)
			if fmt.Sprint(got) != want {
				t.Errorf("%s: %v, not %s", with, got, want)
			}
			return err
		}))
	}
	must(t, r.read(ctx, func(l *link) error {
		got, err := beginning(l, "item")
		if len(got) != mostBegun+1 || got[0] != "item0000" || got[mostBegun] != fmt.Sprintf("item%04d", mostBegun) {
			t.Errorf("%d words, from %s to %s", len(got), got[0], got[len(got)-1])
		}
		return err
	}))
}
