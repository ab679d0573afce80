package markup

import (
	"strings"
	"testing"
	"time"
)

// pattern is a text that makes careless parsers slow: its parts, over and over.
type pattern struct {
	name  string
	parts []string
	// whole makes the text instead of parts.
	whole func(n int) string
}

// of is the pattern at about n bytes.
func (p pattern) of(n int) string {
	if p.whole != nil {
		return p.whole(n)
	}
	s := strings.Join(p.parts, "")
	return strings.Repeat(s, n/len(s)+1)[:n]
}

func repeated(parts ...string) pattern {
	return pattern{name: strings.Join(parts, "…"), parts: parts}
}

// half is n/2 bytes of one, then as many of the other.
func half(one, other string) pattern {
	return pattern{name: one + " then " + other, whole: func(n int) string {
		return strings.Repeat(one, n/2/len(one)) + strings.Repeat(other, n/2/len(other))
	}}
}

var pathological = []pattern{
	repeated("*a "), repeated("a* "), repeated("*a **b "), repeated("a**b *c "), repeated("**a *a "), repeated("*a_ "), repeated("a**a*"), repeated("*_"), repeated("**x* "),
	repeated("_a "), repeated("a_ "), repeated("__a_b"), repeated("~~a "), repeated("a~~ "), repeated("*~~_ "), repeated("***a"), repeated("*"), repeated("_"), repeated("~"), repeated("~~"),
	half("*a ", "a* "), half("**a ", "a* "), half("_a ", "b_ "), half("*", "a*"), half("**a", "**"), half("*a **a ~~a _a ", "a_ a~~ a** a* "),
	repeated("`"), repeated("`a"), repeated("``a`"), repeated("` `` "), half("`", "a"), half("`a``b```c", "d"), {name: "ticks of every length", whole: func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString(strings.Repeat("`", i) + " ")
		}
		return b.String()
	}},
	repeated("```\n"), repeated("````\n```\n"), repeated("``` a b\n"),
	repeated(">"), repeated("> "), repeated(">\n"), repeated("> a\n\n"), repeated("> > > > > > > > > a\n"), repeated("a\n> b\n"),
	repeated("\\"), repeated("\\*"), repeated("\\\\*"), repeated("\\>"), repeated(" \\> "), half("\\", "*"), half(" ", "\\>"), repeated("1\\."), half("1", "\\."),
	repeated("http://"), repeated("http://a"), repeated("http://a/"), repeated("http://@"), repeated("http://a@b "), repeated("http://-/"), repeated("http://a:x/"), repeated("https://x.org"), repeated("https://x.org)"),
	half("http://x.org/", "("), half("http://x.org/", ")"), half("http://x.org/(((", ")."), repeated("http://["), repeated("http://xn--a."), repeated("http://ж"), repeated("http://ж.ж.ж "), repeated("http"), repeated(":"),
	repeated("mailto:"), repeated("mailto:a@"), repeated("mailto:a@b?"), repeated("mailto:a@x.org?x=y&"), repeated("mailto:a"), repeated("https://x.org…"), repeated("https://x.org/?%"),
	repeated("<@a1>"), repeated("<@"), repeated("<@a"), repeated("<"), repeated("<@" + strings.Repeat("a", 64)),
	repeated(":smile:"), repeated(":smile"), repeated(":a"), repeated(":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), repeated("👍"), repeated("👩‍"), repeated("🇳"), repeated("1️⃣"), repeated("\ufe0f"), repeated("🏽"),
	repeated("["), repeated("]"), repeated("[a]("), repeated("[a](http://x"), repeated("[a](http://x("), repeated("[a](https://x.org)"), repeated("[\\]"), half("[", "]"), {name: "a host of letters no two alike", whole: func(n int) string {
		var b strings.Builder
		for r := '一'; b.Len() < n; r++ {
			if b.WriteRune(r); r > '龠' {
				r = '一'
			}
		}
		return "https://" + b.String()
	}}, {name: "one item of many lines", whole: func(n int) string { return "- a\n" + strings.Repeat("  b\n", n/4) }}, half("[a](https://x.org/", "("), half("[a](https://x.org/(", ")"), repeated("[*a](https://x.org)*"),
	repeated("- a\n"), repeated("- a\n  - b\n"), repeated("- a\n  b\n"), repeated("  - a\n"), repeated("1. a\n- b\n"), repeated("- "), repeated("-\n"), repeated("# a\n"), repeated("#"), {name: "each item deeper", whole: func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat(" ", i*2) + "- a\n")
		}
		return b.String()
	}}, {name: "each item less deep", whole: func(n int) string {
		var b strings.Builder
		for i := n; b.Len() < n; i-- {
			b.WriteString(strings.Repeat(" ", i%200*2) + "- a\n")
		}
		return b.String()
	}},
	repeated("\n"), repeated(" \n"), repeated(" "), repeated("a \n"), repeated("\r\n"), repeated("\x00"), repeated("\u202e"), repeated("\u200b"), repeated("a\u0301"), repeated("\xff"), repeated("a"), repeated("ж"), repeated("中"),
}

// stepsOf is how many bytes and openers are looked at to read a text.
func stepsOf(text string, o Options) int {
	p := newParser(o)
	defer p.free()
	p.parse(text)
	return p.steps
}

// maxSteps is how many steps a byte may cost. Most of it is a closing mark that looks through maxOpen openers, or an address in
// brackets that is read to maxLink again and again.
const maxSteps = 400

// Twice the text is at most twice the work, whatever the text: counted in steps, so that no clock is asked.
func TestLinearSteps(t *testing.T) {
	worst := 0.0
	for _, p := range pathological {
		for _, notes := range []bool{false, true} {
			o := people
			o.Notes = notes
			const n = 10_000
			once, twice := stepsOf(p.of(n), o), stepsOf(p.of(2*n), o)
			if float64(twice) > 2.2*float64(once) {
				t.Errorf("%q notes=%v: %d steps for %d bytes, %d for twice as many", p.name, notes, once, n, twice)
			}
			if once > maxSteps*n {
				t.Errorf("%q notes=%v: %d steps a byte", p.name, notes, once/n)
			}
			if each := float64(once) / n; each > worst {
				worst = each
				t.Logf("%.1f steps a byte: %q notes=%v", each, p.name, notes)
			}
		}
	}
}

// BenchmarkPathological tells, in one run, how much longer each text takes at twice the length (2 is right), and how long a byte takes
// compared with a byte of ordinary talk. It covers what steps do not count: the writing, and what the library does.
func BenchmarkPathological(b *testing.B) {
	took := func(text string, o Options) time.Duration {
		best := time.Hour
		for i, begun := 0, time.Now(); i < 25 || time.Since(begun) < 3*time.Millisecond; i++ {
			start := time.Now()
			HTML(text, o)
			best = min(best, time.Since(start))
		}
		return best
	}
	o := people
	o.Notes = true
	const n = 5000 // twice that is the longest message, and the arrays of the parser are kept for it
	talk := strings.Repeat(prose, n/len(prose))
	for b.Loop() {
		usual := float64(took(talk, o)) / float64(len(talk))
		worst, dearest := 0.0, 0.0
		worstName, dearestName := "", ""
		for _, p := range pathological {
			grown, twice := 99.0, time.Duration(0)
			for try := 0; try < 5 && grown > 2.3; try++ { // another program on the same core is not our growth
				twice = took(p.of(2*n), o)
				grown = min(grown, float64(twice)/float64(took(p.of(n), o)))
			}
			if grown > worst {
				worst, worstName = grown, p.name
			}
			if c := float64(twice) / (2 * n) / usual; c > dearest {
				dearest, dearestName = c, p.name
			}
		}
		b.ReportMetric(worst, "2n/n")
		b.ReportMetric(dearest, "×talk")
		b.Logf("slowest growth %q, dearest byte %q", worstName, dearestName)
	}
}
