package workroom

import (
	"strings"
	"testing"
)

// T-02, A-02, W-01: what people type into one line is taken as they meant it, and a refusal says what is wrong with it. Two spaces, or a tab that
// was pasted, were once called a hidden character, and a hidden character too long.
func TestT02_LabelsAsTheyAreTyped(t *testing.T) {
	for _, c := range []struct{ name, in, kept, says string }{
		{"plain", "tiles", "tiles", ""},
		{"two spaces", "two  spaces", "two spaces", ""},
		{"pasted", "\tone\r\ntwo\u00a0 three ", "one two three", ""},
		{"turned around", "a\u202eb", "a\u202eb", "The title has a line break or a hidden character."},
		{"mark of bytes", "\ufeffab", "\ufeffab", "The title has a line break or a hidden character."},
		{"too long", strings.Repeat("x", 121), strings.Repeat("x", 121), "The title has 121 characters; the limit is 120."},
		{"as long as it may be", strings.Repeat("é", 120), strings.Repeat("é", 120), ""},
	} {
		got := OneLine(c.in)
		if got != c.kept {
			t.Errorf("%s: %q is kept as %q", c.name, c.in, got)
		}
		said := ""
		if r := checkLabel("title", "title", got, MaxTitle); r != nil {
			said = r.Text
			if r.Field != "title" {
				t.Errorf("%s: the field is %q", c.name, r.Field)
			}
		}
		if said != c.says {
			t.Errorf("%s: %q, want %q", c.name, said, c.says)
		}
	}
}

// labels that read alike have one skeleton, others have their own.
func TestA02_WhatReadsAlikeHasOneSkeleton(t *testing.T) {
	for _, alike := range [][]string{
		{"QA", "qa", "Q\u200bA", "QA\u200d", "\u2060QA", "Q\u00adA", "QA\u034f", "QA\ufe0f", "ＱＡ", "QA\u3164", "QA \u2800", "\U0001d410A"},
		{"Straße", "STRASSE", "strasse", "Stra\u1e9ee", "Straſse"},
		{"Café", "Cafe\u0301", "CAFÉ"},
		{"final", "ﬁnal"},
		{"ΟΔΟΣ", "οδος", "οδοσ"},
		{"İ", "I", "i"},
		{"two words", "two\u00a0words", "two\u2003words", "two \u200b words"},
	} {
		for _, s := range alike {
			if Skeleton(s) != Skeleton(alike[0]) {
				t.Errorf("%+q is %+q, but %+q is %+q", s, Skeleton(s), alike[0], Skeleton(alike[0]))
			}
		}
	}
	seen := map[string]string{}
	for _, s := range []string{"QA", "QA 2", "Q A", "Cafe", "Café", "resume", "résumé", "日本", "日木", "سلام", "\u0601 1", "1", "tiles", "title"} {
		k := Skeleton(s)
		if o, ok := seen[k]; ok {
			t.Errorf("%q and %q have one skeleton, %+q", s, o, k)
		}
		seen[k] = s
	}
}

// What differs in case alone has one skeleton, whatever it holds, and a skeleton is its own.
func FuzzSkeleton(f *testing.F) {
	for _, s := range []string{"Straße", "İ", "ﬁ\u0345", "\u0345\u03b1", "ᾳ\u0301", "\xff", "q\u200b \u3164"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := Skeleton(s)
		if k != Skeleton(strings.ToLower(s)) || k != Skeleton(k) {
			t.Errorf("%+q: %+q, lower %+q, again %+q", s, k, Skeleton(strings.ToLower(s)), Skeleton(k))
		}
	})
}
