package markup

import (
	"strings"
	"testing"
)

// prose is a message as people write them, dense is one of nothing but marks.
const (
	prose = "Hello Ada, I've put the second draft into the folder. The colours are **lighter** now, and the spacing is what we agreed on; " +
		"please have a look at https://example.org/drafts/2 before Friday.\nOne question is open — should the icons stay as they are? " +
		"I think so, but it's your call :smile:\n\n> can you change the header too?\nYes, that's done.\n"
	dense = "Hello **there** <@a1>, see https://x.org/a_b and `code` :smile: ~~no~~\n"
)

func throughput(b *testing.B, text string, read func(string)) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		read(text)
	}
}

func toHTML(text string) { HTML(text, people) }

// The bar is 20 MB/s for each of them on a quiet machine.
func BenchmarkHTML_Prose(b *testing.B) { throughput(b, prose, toHTML) }
func BenchmarkHTML_Dense(b *testing.B) { throughput(b, strings.Repeat(dense, 3), toHTML) }
func BenchmarkHTML_Short(b *testing.B) { throughput(b, "ok, thanks! talk to you on Monday", toHTML) }
func BenchmarkHTML_Longest(b *testing.B) {
	throughput(b, strings.Repeat(prose, 10_000/len(prose)), toHTML)
}
func BenchmarkHTML_Cyrillic(b *testing.B) {
	throughput(b, strings.Repeat("Привет, **Ада**! Второй вариант лежит в папке, цвета теперь светлее. ", 4), toHTML)
}

func BenchmarkHTML_Code(b *testing.B) {
	throughput(b, "```go\n"+strings.Repeat("\tfor i := range lines { fmt.Println(\"a < b && c\", i) }\n", 12)+"```", toHTML)
}

func BenchmarkHTML_Notes(b *testing.B) {
	o := people
	o.Notes = true
	text := strings.Repeat("# Plan\n- call **Ada** at 10\n  - ask about [the draft](https://example.org/drafts/2)\n- write the summary\n1. first\n2. second\n\n", 8)
	throughput(b, text, func(s string) { HTML(s, o) })
}

func BenchmarkPlain(b *testing.B)   { throughput(b, prose, func(s string) { Plain(s, people) }) }
func BenchmarkPreview(b *testing.B) { throughput(b, prose, func(s string) { Preview(s, 160, people) }) }
func BenchmarkWords(b *testing.B)   { throughput(b, prose, func(s string) { Words(s) }) }

// The vectors are every construct there is, one after the other.
func BenchmarkHTML_Vectors(b *testing.B) {
	all, size := readVectors(b), 0
	for _, v := range all {
		size += len(v.in)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, v := range all {
			HTML(v.in, v.options())
		}
	}
}
