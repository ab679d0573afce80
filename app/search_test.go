package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/search"
)

// marked is a hit's text with what was found in brackets.
func marked(h HitRow) string {
	var b strings.Builder
	for _, p := range h.Parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func finds(t *testing.T, c *Core, in FindIn, want int) (v FindView) {
	t.Helper()
	eventually(t, fmt.Sprintf("%q finds %d", in.Text, want), func() bool {
		var err error
		if v, err = (&Search{c}).Find(in); err != nil {
			t.Fatal(err)
		}
		return len(v.Hits) == want
	})
	return v
}

// TestS01_HitsAreShown is S-01, S-08 and S-09 as the page is told: newest first, the words marked in the text as it reads, who and where and when, files
// by name, also what waits; and all of it after the service is gone.
func TestS01_HitsAreShown(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	write(t, c, room, "Could you check the **kerning** of the café sign?")
	write(t, c, room, "the plan", attached(t, c, room, "Kerning table.txt", "60"))
	arrived(t, c)
	h.stop()
	write(t, c, room, strings.Repeat("word ", 60)+"and CAFÉ kerning last")
	v := finds(t, c, FindIn{Text: "KERNING"}, 3)
	for i, want := range []string{"[kerning] last", "[Kerning] table.txt", "Could you check the [kerning] of the café sign?"} {
		if got := marked(v.Hits[i]); !strings.Contains(got, want) {
			t.Errorf("hit %d: %q, not %q", i, got, want)
		}
		if x := v.Hits[i]; x.Name != "Esme" || x.Room != room || x.RoomName == "" || x.At == 0 || x.Message == "" {
			t.Errorf("hit %d: %+v", i, x)
		}
	}
	if first := marked(v.Hits[0]); !v.Hits[0].Waiting || v.Hits[1].Waiting || !strings.HasPrefix(first, "… ") || len([]rune(first)) > hitLength+10 {
		t.Errorf("what waits: %+v", v.Hits[0])
	}
	if v.Hits[1].Kind != "file" || v.Hits[1].Files[0].Name != "Kerning table.txt" || v.Hits[1].Message == v.Hits[1].ID {
		t.Errorf("the file: %+v", v.Hits[1])
	}
	if !v.Asked || v.Next != 0 || len(v.Behind) != 0 {
		t.Errorf("%+v", v)
	}
	finds(t, c, FindIn{Text: `cafe "cafe kerning"`}, 1)
	if v := finds(t, c, FindIn{Text: "  "}, 0); v.Asked || len(v.Chips) != 0 {
		t.Errorf("nothing typed: %+v", v)
	}
}

// TestS04_Chips is S-04 to S-07 and S-09: each operator is a chip that says what it means or what is wrong with it, and can be closed; a bad one
// is left out and the rest searched.
func TestS04_Chips(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	write(t, c, room, "the walrus is first")
	arrived(t, c)
	today := time.Now().Format("20060102")
	for _, x := range []struct {
		typed string
		hits  int
		chips []ChipRow
	}{
		{"walrus from:esme", 1, []ChipRow{{Op: "from", Value: "esme", Without: "walrus"}}},
		{"from:me after:" + today + " before:" + today, 1, []ChipRow{
			{Op: "from", Value: "me", Without: "after:" + today + " before:" + today},
			{Op: "after", Value: today, Day: time.Now().Format("2006-01-02"), Without: "from:me before:" + today},
			{Op: "before", Value: today, Day: time.Now().Format("2006-01-02"), Without: "from:me after:" + today}}},
		{"before:20261131 walrus", 1, []ChipRow{{Op: "before", Value: "20261131", Bad: "November has 30 days. Try 20261130.", Without: "walrus"}}},
		{"walrus from:zebedee", 1, []ChipRow{{Op: "from", Value: "zebedee", Bad: "Nobody of this name writes in your rooms.", Without: "walrus"}}},
		{"walrus in:nowhere !!", 1, []ChipRow{{Op: "in", Value: "nowhere", Bad: "You have no room of this name.", Without: "walrus !!"},
			{Value: "!!", Bad: "Nothing in this can be searched for.", Without: "walrus in:nowhere"}}},
		{"walrus after:20990101", 0, []ChipRow{{Op: "after", Value: "20990101", Day: "2099-01-01", Without: "walrus"}}},
		{"in:nowhere", 0, []ChipRow{{Op: "in", Value: "nowhere", Bad: "You have no room of this name."}}},
	} {
		v := finds(t, c, FindIn{Text: x.typed}, x.hits)
		if fmt.Sprint(v.Chips) != fmt.Sprint(x.chips) {
			t.Errorf("%q: %+v, not %+v", x.typed, v.Chips, x.chips)
		}
	}
	if v := finds(t, c, FindIn{Text: "in:nowhere"}, 0); v.Asked {
		t.Error("only a bad token, and something is asked for")
	}
}

// TestS10_InThisRoomPagedAndFetched is S-01 and S-10 on a new device: a room's hits come in pages without a gap; what is at the service only is said to
// be there, and comes when it is asked for; without the service that is said.
func TestS10_InThisRoomPagedAndFetched(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	for i := range 130 {
		write(t, c, room, fmt.Sprintf("walrus %03d", i))
	}
	arrived(t, c)
	w := h.witness("Esme")
	var first FindView
	eventually(t, "the newest are here and found", func() bool {
		var err error
		if first, err = (&Search{w}).Find(FindIn{Text: "walrus", Room: room}); err != nil {
			t.Fatal(err)
		}
		return len(first.Hits) > 0 && !first.Indexing
	})
	if len(first.Behind) != 1 || len(first.Hits) >= 130 {
		t.Fatalf("%d hits, behind %v", len(first.Hits), first.Behind)
	}
	h.stop()
	out, err := (&Search{w}).Fetch(FindIn{Text: "walrus", Room: room})
	if err != nil || !out.More || out.Reason == "" {
		t.Fatalf("without the service: %+v %v", out, err)
	}
	h.again()
	eventually(t, "older messages come", func() bool {
		out, err := (&Search{w}).Fetch(FindIn{Text: "walrus", Room: room})
		return err == nil && !out.More
	})
	eventually(t, "all are found, each once, newest first", func() bool {
		in, seen, last := FindIn{Text: "walrus", Room: room}, map[string]bool{}, int64(1<<62)
		for {
			v, err := (&Search{w}).Find(in)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range v.Hits {
				if x.At > last || i > 0 && x.At == last && marked(x) > marked(v.Hits[i-1]) {
					t.Fatalf("%s at %d stands behind %d", marked(x), x.At, last)
				}
				seen[marked(x)], last = true, x.At
			}
			if in.From = v.Next; in.From == 0 {
				return len(seen) == 130 && len(v.Behind) == 0
			}
		}
	})
	if _, err := (&Search{w}).Find(FindIn{Text: "walrus", Room: newID()}); err == nil {
		t.Error("found in a room that is not here")
	}
}

// S-01: a long text is cut around its first hit, at a word, and never inside a character.
func TestS01_PartsOfALongText(t *testing.T) {
	t.Parallel()
	q := search.Parse("x", time.UTC)
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"no hit", "no hit"},
		{"a x b", "a [x] b"},
		{strings.Repeat("é", 100) + " x", "… [x]"},
		{strings.Repeat("é ", 100) + "x", "… " + strings.Repeat("é ", 39) + "[x]"},
		{strings.Repeat("日", 300), strings.Repeat("日", hitLength) + "…"},
	} {
		if got := marked(HitRow{Parts: parts(c.text, q)}); got != c.want {
			t.Errorf("%.40q: %q, not %q", c.text, got, c.want)
		}
	}
}
