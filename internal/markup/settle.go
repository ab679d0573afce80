package markup

import (
	"slices"
	"strings"
)

// Settle returns a text as it is to be sent: what looks like the mention of somebody Options.Name knows and is none, because it stands in code
// or behind a backslash, becomes "@Name". Who wrote it saw the name and not the id, and so do its readers.
func Settle(text string, o Options) string {
	if !strings.Contains(text, "<@") {
		return text
	}
	p := newParser(o)
	defer p.free()
	p.places = true
	whole, origin := cleanAt(text)
	w := spanWriter{p: p, text: whole}
	w.blocks(p.parse(whole))
	var real []int // where mentions begin
	for _, s := range w.out {
		if s.Kind == SpanMention {
			real = append(real, origin.at(s.From))
		}
	}
	var b strings.Builder
	done := 0
	for i := 0; ; {
		n := strings.Index(text[i:], "<@")
		if n < 0 {
			break
		}
		i += n
		id, size, ok := p.mentionAt(text[i:])
		if !ok {
			i++
			continue
		}
		if name, known := o.Name(id); known && !slices.Contains(real, i) {
			b.WriteString(text[done:i])
			b.WriteString("@" + nameOf(name))
			done = i + size
		}
		i += size
	}
	b.WriteString(text[done:])
	return b.String()
}
