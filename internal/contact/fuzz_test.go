package contact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// sound fails on a span that is no part of the text, lies over another, or cuts a character in two.
func sound(t *testing.T, text string) {
	t.Helper()
	last := 0
	for _, s := range Find(text) {
		if s.From < last || s.From >= s.To || s.To > len(text) || s.Kind == "" {
			t.Fatalf("span %+v after %d in %q", s, last, text)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[s.From:s.To]) {
			t.Fatalf("%+v cuts a character of %q", s, text)
		}
		last = s.To
	}
}

// P-02: whatever a text is, nothing panics and what is found lies in it.
func FuzzFind(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.text)
	}
	for _, s := range hard {
		f.Add(strings.Repeat(s, 5))
	}
	f.Fuzz(func(t *testing.T, text string) { sound(t, text) })
}

// hard are pieces that make a finder look around from each of them.
var hard = []string{
	"@", "a@", "a.", " at ", "at dot ", "1 ", "1-", "0151 23 ", "+49 ", "one ", "12 Main ", "12 rue de la ", "Calle A ", "skype: ", "my skype is ", "on telegram ", "your ", "your email ",
	"email me ", "password: ", "://", "http://a.b/", "a://b:c@", "<@", "<@a-", "a b c ", "outside of the ", "gift card ", "pay me paypal ", "-----begin ", "ghp_", "\u200b", "(", "\xff", "é", "１", "contact details ", "CA 94103 ", ", CA 94103",
}

// P-02: twice the text takes about twice the steps, whatever it is made of.
func TestP02_StepsGrowWithTheText(t *testing.T) {
	for _, piece := range append(hard, func() (all []string) {
		for _, v := range vectors(t) {
			all = append(all, v.text+"\n", v.text)
		}
		return
	}()...) {
		n := 3_000/len(piece) + 1
		sound(t, strings.Repeat(piece, 50))
		_, one := find(strings.Repeat(piece, n))
		_, two := find(strings.Repeat(piece, 2*n))
		if two > 2*one+one/5+1000 {
			t.Errorf("%q: %d steps for n, %d for 2n", piece, one, two)
		}
		if most := 400 * n * len(piece); one > most {
			t.Errorf("%q: %d steps for %d bytes", piece, one, n*len(piece))
		}
	}
	if got := Find(strings.Repeat("x", MaxText) + " john@gmail.com"); len(got) != 0 {
		t.Errorf("read past the end: %v", got)
	}
}

// P-01: what is found lies where it stands, also among characters that are read as others.
func TestP01_SpansLieInTheText(t *testing.T) {
	for text, want := range map[string]string{
		"Grüße, john@gmail.com!":         "john@gmail.com",
		"a\u200bb c\u200bd@gmail.com":    "c\u200bd@gmail.com",
		"Tel ＋４９ １５１ ２３４５６７８９ heute":     "＋４９ １５１ ２３４５６７８９",
		"see https://t.me/john, please":  "https://t.me/john",
		"Ü 😀 **call** **415** 555 2671!": "415** 555 2671",
		"> x\n> ma_ra_ *jo*hn@gmail.com": "hn@gmail.com",
	} {
		got := Find(text)
		if len(got) != 1 || text[got[0].From:got[0].To] != want {
			t.Errorf("%q: %v %q", text, got, cuts(text))
		}
	}
}

func BenchmarkFind(b *testing.B) {
	var all strings.Builder
	for _, v := range vectors(b) {
		all.WriteString(v.text + "\n")
	}
	text := all.String()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text)
	}
}
