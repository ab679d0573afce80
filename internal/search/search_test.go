package search

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ row, in, want string }{
		{"S-01", `invoice March`, `[invoice] [March]`},
		{"S-04", `from:bob hello`, `from[bob] [hello]`},
		{"S-04", `FROM:"Bob Jones"`, `from"Bob Jones"`},
		{"S-05", `in:room A`, `in[room] [A]`},
		{"S-05", `in:"Room for Project A" x`, `in"Room for Project A" [x]`},
		{"S-06", `before:20150501`, `before[20150501]`},
		{"S-07", `after:2015-06-01`, `after[2015-06-01]`},
		{"S-06", `before:20150230`, `before[20150230]!`},
		{"S-07", `after:soon x`, `after[soon]! [x]`},
		{"S-08", `"two words" one`, `"two words" [one]`},
		{"S-08", `say "open to the end`, `[say] "open to the end"`},
		{"S-08", `from:"open`, `from"open"`},
		{"S-08", `“two words” one from:„Bob Jones“ x`, `"two words" [one] from"Bob Jones" [x]`},
		{"S-08", `„open to the end`, `"open to the end"`},
		{"S-08", `in:“Room for A" don’t`, `in"Room for A" [don’t]`},
		{"S-09", `from:bob in:a before:20150501 after:20150401 x`, `from[bob] in[a] before[20150501] after[20150401] [x]`},
		{"R14", `from: bob`, `from[]! [bob]`},
		{"", `word"phrase here"`, `[word] "phrase here"`},
		{"", `https://example.com/a`, `[https://example.com/a]`},
		{"", `:-) "" " "`, `[:-)]!`},
		{"", "  \t\n", ``},
		{"", `fromage: informal`, `[fromage:] [informal]`},
	} {
		var got strings.Builder
		for i, tok := range Parse(c.in, time.UTC).Tokens {
			if i > 0 {
				got.WriteString(" ")
			}
			v := "[" + tok.Value + "]"
			if tok.Quoted {
				v = `"` + tok.Value + `"`
			}
			got.WriteString(string(tok.Op) + v)
			if tok.Bad != "" {
				got.WriteString("!")
			}
			if piece := c.in[tok.Start:tok.End]; piece == "" {
				t.Errorf("%q: a token of nothing", c.in)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s %q: %s, want %s", c.row, c.in, got.String(), c.want)
		}
	}
}

func TestPeriod_DaysAreInclusiveInTheZone(t *testing.T) {
	zone := time.FixedZone("x", 3*3600)
	from, until := Parse("after:20150501 after:20150401 before:2015-06-01 before:20150701", zone).Period()
	if want := "2015-05-01 00:00 2015-06-02 00:00"; fmt.Sprint(from.Format("2006-01-02 15:04"), " ", until.Format("2006-01-02 15:04")) != want || from.Location() != zone {
		t.Errorf("%v %v", from, until)
	}
	if from, until := Parse("x after:nonsense", zone).Period(); !from.IsZero() || !until.IsZero() {
		t.Errorf("a bad day bounds: %v %v", from, until)
	}
}

func TestMatches_CaseAndAccentsIgnored(t *testing.T) {
	for _, c := range []struct {
		q, text string
		want    bool
	}{
		{"cafe", "Im Café.", true}, {"CAFÉ", "cafe", true}, {"caf", "Cafés", true}, {`"caf"`, "cafe", false}, {"caf lait", "cafe lait", false},
		{"lait caf", "cafe lait", true}, {"caf from:bob", "cafe", true}, {"caf ", "cafe", true}, {`caf "lait"`, "cafe lait", true}, {"ca", "cafe", false},
		{"fee", "coffee", false}, {"re-sen", "re-sending", true}, {"re-sen", "re sit sending", false}, {"한국", "한국어를", true}, {"한", "한국", false}, {`"the plan"`, "This is the plan, B", true},
		{`"plan the"`, "the plan", false}, {"plan the", "the plan", true}, {"", "x", true}, {"naïve", "NAI\u0308VE", true}, {"from:bob", "x", true},
	} {
		if got := Parse(c.q, time.UTC).Matches(c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.q, c.text, got)
		}
	}
	for _, c := range []struct {
		name, typed string
		want        bool
	}{
		{"Bob Jones", "bob", true}, {"Bob Jones", "jon", true}, {"Bob Jones", "Bob J", true}, {"Bob Jones", "b jones", false}, {"Bob Jones", "ones", false},
		{"Łódź Zażółć", "zazo", true}, {"Bob", "", false}, {"Room for Project A", "project a", true},
	} {
		if got := Named(c.name, c.typed); got != c.want {
			t.Errorf("%q by %q: %v", c.name, c.typed, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`from:bob "x y" in:"`, "before:99999999", "\xff\"from:\xfe", `in:"a" "b"c`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s, time.UTC)
		at := 0
		for _, tok := range q.Tokens {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(s) {
				t.Fatalf("%q: token %+v", s, tok)
			}
			at = tok.End
		}
		if len(q.Tokens) > MaxTokens {
			t.Fatalf("%d tokens", len(q.Tokens))
		}
		q.Matches(s)
		q.Period()
		for _, w := range Words(s) {
			if !utf8.ValidString(w) || w == "" {
				t.Fatalf("word %q", w)
			}
		}
	})
}
