package workroom

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func noteOf(x *table, who AccountID) Note {
	n, _ := x.rows[Ref{AccountScope(who), KindNote, string(raum)}].(*Note)
	if n == nil {
		return Note{}
	}
	return *n
}

// M-35: a notepad is its account's own; the newest text stands, a merged one where another device wrote meanwhile, both where that cannot be.
func TestM35_SetNote(t *testing.T) {
	x := active(t)
	set := func(base, text string) SetNote { return NewNote(raum, free, base, text) }
	do := func(what string, c SetNote, text, other string) {
		t.Helper()
		wantCode(t, what, x.do(t, free, "n", noon, c), "")
		if n := noteOf(x, free); n.Text != text || n.Other != other {
			t.Errorf("%s: %q and %q, want %q and %q", what, n.Text, n.Other, text, other)
		}
	}
	do("first words", set("", "plan\n- map"), "plan\n- map", "")
	do("going on", set("plan\n- map", "plan\n- map\n- keys"), "plan\n- map\n- keys", "")
	do("again", set("plan\n- map", "plan\n- map\n- keys"), "plan\n- map\n- keys", "")
	do("another device, elsewhere", set("plan\n- map", "The plan\n- map"), "The plan\n- map\n- keys", "")
	do("another device, the same line", set("plan\n- map", "My plan\n- map"), "The plan\n- map\n- keys", "My plan\n- map")
	do("that one goes on", set("My plan\n- map", "My plan!\n- map"), "The plan\n- map\n- keys", "My plan!\n- map")
	do("a third", set("plan\n- map", "No plan\n- map"), "The plan\n- map\n- keys", "My plan!\nNo plan\n- map")
	choose := set("The plan\n- map\n- keys", "The plan\n- map\n- keys")
	choose.Chosen = NoteMark("My plan!\n- map")
	do("chosen, but the other changed", choose, "The plan\n- map\n- keys", "My plan!\nNo plan\n- map")
	choose.Chosen = NoteMark("My plan!\nNo plan\n- map")
	do("chosen", choose, "The plan\n- map\n- keys", "")
	do("emptied", set("The plan\n- map\n- keys", ""), "", "")
	do("written where another device emptied", set("The plan\n- map\n- keys", "The plan\n- map!\n- keys"), "The plan\n- map!\n- keys", "")

	wantCode(t, "for another", x.do(t, cli, "n", noon, set("", "x")), NoAccess)
	wantCode(t, "too long", x.do(t, free, "n", noon, set("", strings.Repeat("ä", MaxNote+1))), BadInput)
	wantCode(t, "as long as can be", x.do(t, free, "n", noon, set(noteOf(x, free).Text, strings.Repeat("ä", MaxNote))), "")
	wantCode(t, "not UTF-8", SetNote{Room: raum, Who: free, Text: "\xff"}.Check(), BadInput)
	wantCode(t, "no room", SetNote{Who: free, Text: "x"}.Check(), NoAccess)
	wantCode(t, "both too long together", x.do(t, free, "n", noon, set("x\ny", "z\n"+strings.Repeat("b", MaxNote-2))), "")
	wantCode(t, "and a third", x.do(t, free, "n", noon, set("x\ny", "q\n"+strings.Repeat("c", MaxNote-2))), TooLarge)
}

// M-35, law: whatever two devices type and in whatever order it reaches the service, each line one of them put in stands in the notepad or
// beside it, unless a device that had seen it took it away.
func TestM35_NothingTypedIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := newTable()
		seen := []Note{{}, {}} // what each device last saw
		typed := map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			d := rapid.IntRange(0, 1).Draw(rt, "device")
			name := rapid.StringMatching(`[a-z]{6}`).Draw(rt, "word")
			before := seen[d].Text
			lines := linesOf(before)
			at := rapid.IntRange(0, len(lines)).Draw(rt, "at")
			text := strings.Join(append(append(append([]string{}, lines[:at]...), name), lines[at:]...), "\n")
			if at < len(lines) && rapid.Bool().Draw(rt, "rewrites") {
				text = strings.Join(append(append(append([]string{}, lines[:at]...), lines[at]+name), lines[at+1:]...), "\n")
			}
			typed[name] = true
			if r := x.do(t, free, "n", noon, NewNote(raum, free, before, text)); r != nil {
				rt.Fatalf("refused: %v", r)
			}
			seen[d].Text = text // what it typed stands before it
			if rapid.Bool().Draw(rt, "syncs") {
				seen[d] = noteOf(x, free)
			}
		}
		n := noteOf(x, free)
		for name := range typed {
			if !strings.Contains(n.Text+"\n"+n.Other, name) {
				rt.Fatalf("%q is lost: %q and %q", name, n.Text, n.Other)
			}
		}
	})
}

// M-35: a newer text folds into a waiting one only where it goes on from it; what it began from stays what the service may know.
func TestM35_FoldingGoesOnOrFollows(t *testing.T) {
	first := NewNote(raum, free, "a", "a\nb")
	got := NewNote(raum, free, "a\nb", "a\nb\nc").Joined(first).(SetNote)
	if base, ok := got.base(); !ok || base != "a" || got.Text != "a\nb\nc" || got.Check() != nil {
		t.Errorf("%+v", got)
	}
	if bad := NewNote(raum, free, "x", "y").Joined(first); bad.Check() == nil {
		t.Error("a text that began elsewhere took the place of one that waits")
	}
	if bad := NewNote(raum, cli, "a\nb", "y").Joined(first); bad.Check() == nil {
		t.Error("another's text took its place")
	}
	long := SetNote{Room: raum, Who: free, Text: "z", Base: NoteMark("something long")}
	if got := NewNote(raum, free, "z", "zz").Joined(long).(SetNote); got.Base != long.Base || got.Back != nil {
		t.Errorf("a base that is not told became another: %+v", got)
	}
	chosen := first
	chosen.Chosen = "mark"
	if got := NewNote(raum, free, "a\nb", "c").Joined(chosen).(SetNote); got.Chosen != "mark" {
		t.Error("what was chosen is forgotten")
	}
}

// M-35: the longest notepad fits into a batch in every alphabet, and a packed text that unpacks to too much is refused.
func TestM35_LongNotesArePacked(t *testing.T) {
	for name, letters := range map[string]string{"latin": "abcdefgh <&>\"\\", "cyrillic": "абвгдежзик ", "han": "春眠不覺曉處處聞啼鳥夜來風雨聲花落知多少", "emoji": "🦦🐟🌊🏞️🪵"} {
		var b strings.Builder
		for i := 0; i < MaxNote; i++ {
			r := []rune(letters)
			b.WriteRune(r[(i*i+i/7)%len(r)])
			if i%60 == 59 {
				b.WriteRune('\n')
				i++
			}
		}
		c := NewNote(raum, free, "", string([]rune(b.String())[:MaxNote]))
		args, err := EncodeCommand(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(args) > 240<<10 {
			t.Errorf("%s: %d bytes", name, len(args))
		}
		back, err := DecodeCommand(OpSetNote, 1, args)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := back.(SetNote); !ok || n.Text != c.Text || n.Check() != nil {
			t.Errorf("%s comes back as another", name)
		}
	}
	bomb, err := SetNote{Room: raum, Who: free, Text: strings.Repeat("x", maxNoteB+1)}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var c SetNote
	if json.Unmarshal(bomb, &c) == nil {
		t.Error("a text that unpacks to too much is taken")
	}
	for _, bad := range []string{`{"packed":"AAAA"}`, `{"packed":1}`, `[]`} {
		if json.Unmarshal([]byte(bad), &c) == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
