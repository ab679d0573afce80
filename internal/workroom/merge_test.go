package workroom

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// M-35: what two devices made of one text, as a person would merge it.
func TestM35_MergeByLines(t *testing.T) {
	for _, c := range []struct{ name, base, x, y, want string }{
		{"one side only", "a\nb\nc", "a\nb\nc", "a\nB\nc", "a\nB\nc"},
		{"the other side only", "a\nb\nc", "a\nB\nc", "a\nb\nc", "a\nB\nc"},
		{"both the same", "a", "b", "b", "b"},
		{"different lines", "a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD", "A\nb\nc\nD"},
		{"neighbouring lines", "a\nb", "A\nb", "a\nB", "A\nB"},
		{"both append", "a", "a\nx", "a\ny", "a\nx\ny"},
		{"both append after a line end", "a\n", "a\nx\n", "a\ny\n", "a\nx\ny\n"},
		{"both begin", "", "x", "y", "x\ny"},
		{"both append, one thing alike", "- milk", "- milk\n- bread\n- tea", "- milk\n- bread\n- salt", "- milk\n- bread\n- tea\n- salt"},
		{"a line goes, another comes", "a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"},
		{"both take the same away", "a\nb\nc", "a\nc", "a\nc\nd", "a\nc\nd"},
		{"put in before what the other changes", "a\nb", "a\nB", "a\nnew\nb", "a\nnew\nB"},
		{"moved block and a change elsewhere", "a\nb\nc\nd\ne", "b\nc\na\nd\ne", "a\nb\nc\nd\nE", "b\nc\na\nd\nE"},
	} {
		got, clean := mergeTexts(c.base, c.x, c.y)
		if got != c.want || !clean {
			t.Errorf("%s: %q, clean %v; want %q", c.name, got, clean, c.want)
		}
	}
	for _, c := range []struct{ name, base, x, y, want string }{
		{"the same line in two ways", "a\nb\nc", "a\nx\nc", "a\ny\nc", "a\nx\ny\nc"},
		{"changed here, gone there", "a\nb\nc", "a\nx\nc", "a\nc", "a\nx\nc"},
		{"put in where the other rewrote", "a\nb\nc\nd", "a\nX\nY\nd", "a\nb\nnew\nc\nd", "a\nX\nY\nb\nnew\nc\nd"},
	} {
		got, clean := mergeTexts(c.base, c.x, c.y)
		if got != c.want || clean {
			t.Errorf("%s: %q, clean %v; want %q and not clean", c.name, got, clean, c.want)
		}
	}
}

// drawText draws a text of few different lines, so that they meet often.
func drawText(t *rapid.T, name string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f"}), 0, 12).Draw(t, name), "\n")
}

// drawEdit changes a text as somebody would: lines go, lines come.
func drawEdit(t *rapid.T, name, text string) string {
	lines := linesOf(text)
	for i := range rapid.IntRange(0, 4).Draw(t, name+" edits") {
		at := rapid.IntRange(0, len(lines)).Draw(t, name+" at")
		switch {
		case rapid.Bool().Draw(t, name+" takes away") && at < len(lines):
			lines = slices.Delete(slices.Clone(lines), at, at+1)
		default:
			lines = slices.Insert(slices.Clone(lines), at, fmt.Sprint(name, i))
		}
	}
	return strings.Join(lines, "\n")
}

// M-35, law: no line that either side wrote is lost, clean or not; a line that neither touched stays; the order of the sides decides nothing
// about what is there.
func TestM35_MergeLosesNoLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := drawText(t, "base")
		x, y := drawEdit(t, "x", base), drawEdit(t, "y", base)
		got, clean := mergeTexts(base, x, y)
		there, was := lineSet(got), lineSet(base)
		for _, side := range []string{x, y} {
			for line := range lineSet(side) {
				if line != "" && !was[line] && !there[line] { // an empty line says nothing
					t.Fatalf("line %q is lost: base %q, x %q, y %q gave %q", line, base, x, y, got)
				}
			}
		}
		for line := range was {
			if lineSet(x)[line] && lineSet(y)[line] && once(base, line) && line != "" && !there[line] {
				t.Fatalf("line %q, which both have, is lost: base %q, x %q, y %q gave %q", line, base, x, y, got)
			}
		}
		back, cleanBack := mergeTexts(base, y, x)
		if clean != cleanBack {
			t.Fatalf("clean %v one way, %v the other: base %q, x %q, y %q", clean, cleanBack, base, x, y)
		}
		if a, b := slices.Sorted(slices.Values(linesOf(got))), slices.Sorted(slices.Values(linesOf(back))); clean && !slices.Equal(a, b) {
			t.Fatalf("%q one way, %q the other: base %q, x %q, y %q", got, back, base, x, y)
		}
		if again, _ := mergeTexts(base, got, got); again != got {
			t.Fatalf("merging what is merged gives %q", again)
		}
		if one, ok := mergeTexts(base, x, base); one != x || !ok {
			t.Fatalf("a side that did nothing changed %q to %q", x, one)
		}
	})
}

// once reports whether a line stands in a text exactly once.
func once(text, line string) bool {
	lines := linesOf(text)
	first := slices.Index(lines, line)
	return first >= 0 && !slices.Contains(lines[first+1:], line)
}

func lineSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, line := range linesOf(text) {
		out[line] = true
	}
	return out
}

// The hunks of any two texts lead from one to the other, and hunks that fit no text are refused.
func TestHunksLeadFromOneTextToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawText(t, "a"), drawText(t, "b")
		hunks := diffLines(linesOf(a), linesOf(b))
		if got, ok := applyHunks(a, hunks); !ok || got != b {
			t.Fatalf("%q by %v gave %q, want %q", a, hunks, got, b)
		}
	})
	for _, bad := range [][]Hunk{{{At: -1}}, {{At: 3}}, {{At: 0, Del: 5}}, {{At: 0, Del: -1}}, {{At: 1}, {At: 0}}, {{At: 0, Del: 2}}, {{At: 1, Del: int(^uint(0) >> 1)}}} {
		if got, ok := applyHunks("a\nb", bad); ok {
			t.Errorf("%v fits: %q", bad, got)
		}
	}
}

// The work of a comparison is bounded whatever is compared: the longest notepads a person could make for it end with an answer.
func TestMergeIsBounded(t *testing.T) {
	same := strings.Repeat("\n", MaxNote-1)
	var nest strings.Builder // each line that stands out makes the next one stand out
	for i := 0; nest.Len() < MaxNote-20; i++ {
		fmt.Fprintf(&nest, "%x\n%x\n", i, i+1)
	}
	rows := strings.Repeat("a\nb\n", MaxNote/4)
	for _, c := range [][3]string{
		{same, same + "x", "x" + same}, {rows, "x" + rows, rows[2:] + "y\n"}, {nest.String(), nest.String()[9:], "x\n" + nest.String()},
		{"", nest.String(), rows}, {rows, nest.String(), same},
	} {
		d := differ{cells: diffCells}
		d.walk(linesOf(c[0]), linesOf(c[1]), 0, 0)
		if d.cells < -4*2*MaxNote {
			t.Errorf("%d over the bound", -d.cells)
		}
		if got, _ := mergeTexts(c[0], c[1], c[2]); got == "" {
			t.Error("nothing is left")
		}
	}
}
