package workroom

import (
	"slices"
	"strings"
)

// This file merges texts by whole lines. It is pure and bounded: whatever stands in the texts, the work grows with their length alone,
// because a rule runs it while the service holds a lock.

// Hunk says that the Del lines of a text from line At on (0 is the first) are Ins in another text.
type Hunk struct {
	At  int      `json:"at"`
	Del int      `json:"del,omitempty"`
	Ins []string `json:"ins,omitempty"`
}

// linesOf are the lines of a text without their ends; there is always one.
func linesOf(text string) []string { return strings.Split(text, "\n") }

// diffCells bounds the work of one comparison, counted in pairs of lines looked at. Beyond it a stretch counts as rewritten, which is true of
// any two texts and only coarser.
const diffCells = 1 << 21

// diffLines lists what to do to the lines of a to have those of b, in order, each hunk apart from the next by at least one line of both.
func diffLines(a, b []string) []Hunk {
	d := differ{cells: diffCells}
	d.walk(a, b, 0, 0)
	return d.hunks(a, b)
}

type differ struct {
	cells int
	same  [][2]int // pairs of lines that stand in both, rising in both
}

// walk finds the lines of two stretches that stay: those at their ends, then around lines that stand once in each (patience), and in what is
// left the longest common run of all, as far as the bound allows.
func (d *differ) walk(a, b []string, i, j int) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		d.same = append(d.same, [2]int{i + n, j + n})
		n++
	}
	a, b, i, j = a[n:], b[n:], i+n, j+n
	m := 0
	for m < len(a) && m < len(b) && a[len(a)-1-m] == b[len(b)-1-m] {
		m++
	}
	tail := func() {
		for k := range m {
			d.same = append(d.same, [2]int{i + len(a) + k, j + len(b) + k})
		}
	}
	a, b = a[:len(a)-m], b[:len(b)-m]
	defer tail()
	if len(a) == 0 || len(b) == 0 {
		return
	}
	if d.cells -= 4 * (len(a) + len(b)); d.cells < 0 {
		return
	}
	pairs := unique(a, b)
	if len(pairs) == 0 {
		d.common(a, b, i, j)
		return
	}
	x, y := 0, 0
	for _, p := range append(pairs, [2]int{len(a), len(b)}) {
		if x < p[0] && y < p[1] {
			d.walk(a[x:p[0]], b[y:p[1]], i+x, j+y)
		}
		if p[0] < len(a) {
			d.same = append(d.same, [2]int{i + p[0], j + p[1]})
		}
		x, y = p[0]+1, p[1]+1
	}
}

// unique are the longest rising pairs of the lines that stand exactly once in each of the two.
func unique(a, b []string) [][2]int {
	type seen struct{ na, nb, ia, ib int }
	lines := make(map[string]*seen, len(a))
	for i, s := range a {
		x := lines[s]
		if x == nil {
			x = &seen{}
			lines[s] = x
		}
		x.na, x.ia = x.na+1, i
	}
	for i, s := range b {
		if x := lines[s]; x != nil {
			x.nb, x.ib = x.nb+1, i
		}
	}
	var list [][2]int
	for i, s := range a {
		if x := lines[s]; x.na == 1 && x.nb == 1 {
			list = append(list, [2]int{i, x.ib})
		}
	}
	var ends []int // index into list of the pair that ends the best run of each length
	before := make([]int, len(list))
	for k, p := range list {
		at, _ := slices.BinarySearchFunc(ends, p[1], func(e, y int) int { return list[e][1] - y })
		before[k] = -1
		if at > 0 {
			before[k] = ends[at-1]
		}
		ends = append(ends[:at:at], append([]int{k}, ends[min(at+1, len(ends)):]...)...)
	}
	var out [][2]int
	if len(ends) > 0 {
		for k := ends[len(ends)-1]; k >= 0; k = before[k] {
			out = append(out, list[k])
		}
	}
	slices.Reverse(out)
	return out
}

// common is the longest common run of lines by the table of all pairs.
func (d *differ) common(a, b []string, i, j int) {
	if len(a)*len(b) > d.cells {
		return
	}
	d.cells -= len(a) * len(b)
	w := len(b) + 1
	best := make([]int32, (len(a)+1)*w)
	for x := len(a) - 1; x >= 0; x-- {
		for y := len(b) - 1; y >= 0; y-- {
			if a[x] == b[y] {
				best[x*w+y] = best[(x+1)*w+y+1] + 1
			} else {
				best[x*w+y] = max(best[(x+1)*w+y], best[x*w+y+1])
			}
		}
	}
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x] == b[y]:
			d.same = append(d.same, [2]int{i + x, j + y})
			x, y = x+1, y+1
		case best[(x+1)*w+y] >= best[x*w+y+1]:
			x++
		default:
			y++
		}
	}
}

func (d *differ) hunks(a, b []string) []Hunk {
	var out []Hunk
	x, y := 0, 0
	for _, p := range append(d.same, [2]int{len(a), len(b)}) {
		if p[0] > x || p[1] > y {
			out = append(out, Hunk{At: x, Del: p[0] - x, Ins: slices.Clone(b[y:p[1]])})
		}
		x, y = p[0]+1, p[1]+1
	}
	return out
}

// applyHunks is the text with the hunks done to it; false if they do not fit it.
func applyHunks(text string, hunks []Hunk) (string, bool) {
	a := linesOf(text)
	var out []string
	at := 0
	for _, h := range hunks {
		if h.At < at || h.Del < 0 || h.Del > len(a) || h.At > len(a)-h.Del {
			return "", false
		}
		out = append(append(out, a[at:h.At]...), h.Ins...)
		at = h.At + h.Del
	}
	out = append(out, a[at:]...)
	if len(out) == 0 {
		return "", false // a text has a line
	}
	return strings.Join(out, "\n"), true
}

// mergeTexts is what two texts say that both began as base. Where only one of them changed a line its change stands; what both put in at the
// same place stands one after the other, x before y. It is clean unless both changed the same lines in different ways; then all of what both
// say of them stands, x before y, so that no line of either is lost.
func mergeTexts(base, x, y string) (merged string, clean bool) {
	if x == y || y == base {
		return x, true
	}
	if x == base {
		return y, true
	}
	// How a text ends is no line of it: a list both have added to ends where either ends.
	end := max(ending(x), ending(y))
	o := bodyOf(base)
	dx, dy := diffLines(o, bodyOf(x)), diffLines(o, bodyOf(y))
	clean = true
	var out []string
	at := 0
	for len(dx) > 0 || len(dy) > 0 {
		group := meet(&dx, &dy)
		out = append(out, o[at:group.from]...)
		at = group.to
		gx, gy := group.side(o, group.x), group.side(o, group.y)
		switch {
		case slices.Equal(gx, gy), len(group.y) == 0:
			out = append(out, gx...)
		case len(group.x) == 0:
			out = append(out, gy...)
		case group.from == group.to: // both put something in; what both put in stands once
			n, m := alike(gx, gy)
			out = append(append(out, gx[:len(gx)-m]...), gy[n:]...)
		default:
			clean = false
			out = append(out, gx...)
			for _, line := range gy {
				if !slices.Contains(gx, line) {
					out = append(out, line)
				}
			}
		}
	}
	out = append(out, o[at:]...)
	return strings.Join(out, "\n") + strings.Repeat("\n", end), clean
}

// bodyOf are the lines of a text without its end; a text of nothing has none.
func bodyOf(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return linesOf(text)
}

// alike is how many lines two runs begin with in common, and of the rest how many they end with.
func alike(a, b []string) (begin, end int) {
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		begin++
	}
	for begin+end < len(a) && begin+end < len(b) && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return begin, end
}

func ending(s string) int { return len(s) - len(strings.TrimRight(s, "\n")) }

// meeting are hunks of both sides that touch the same lines of the base, and all these lines.
type meeting struct {
	from, to int
	x, y     []Hunk
}

// meet takes the next hunk of either side and all that overlap it. Two that only touch are apart: a line put in before or after a changed
// one is no change of that line.
func meet(dx, dy *[]Hunk) meeting {
	g := meeting{from: -1}
	take := func(d *[]Hunk, into *[]Hunk) {
		h := (*d)[0]
		*d = (*d)[1:]
		*into = append(*into, h)
		if g.from < 0 {
			g.from, g.to = h.At, h.At+h.Del
		}
		g.from, g.to = min(g.from, h.At), max(g.to, h.At+h.Del)
	}
	first := func(d []Hunk) (at, put int) {
		if len(d) == 0 {
			return int(^uint(0) >> 1), 1
		}
		if d[0].Del == 0 {
			return d[0].At, 0
		}
		return d[0].At, 1
	}
	ax, px := first(*dx)
	ay, py := first(*dy)
	if ax < ay || ax == ay && px <= py {
		take(dx, &g.x)
	} else {
		take(dy, &g.y)
	}
	in := func(d []Hunk) bool {
		if len(d) == 0 {
			return false
		}
		h := d[0]
		if h.Del == 0 || g.from == g.to { // something put in
			return h.At > g.from && h.At < g.to || h.At == g.from && h.Del == 0 && g.from == g.to
		}
		return h.At < g.to
	}
	for {
		switch {
		case in(*dx):
			take(dx, &g.x)
		case in(*dy):
			take(dy, &g.y)
		default:
			return g
		}
	}
}

// side is what one side says of the lines of a meeting.
func (g meeting) side(o []string, hunks []Hunk) []string {
	var out []string
	at := g.from
	for _, h := range hunks {
		out = append(append(out, o[at:h.At]...), h.Ins...)
		at = h.At + h.Del
	}
	return append(out, o[at:g.to]...)
}
