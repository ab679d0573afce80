package timesheet

import (
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/goregular"

	"trestle/internal/workroom"
)

// T-14, T-15: on paper a long memo is cut before what is special about the time, never over it; time that was entered by hand and lies over the
// limit says both.
func TestA15_PaperMarksLongMemos(t *testing.T) {
	d := fpdf.New("L", "mm", "A4", "")
	d.AddUTF8FontFromBytes("go", "", goregular.TTF)
	d.AddPage()
	d.SetFont("go", "", 8)
	p := paperTable{d: d, widths: paperRecords}
	for _, c := range []struct {
		name, memo string
		piece      workroom.Piece
		want       string
	}{
		{"tracked", "tiles", workroom.Piece{How: workroom.Tracked}, "tiles"},
		{"by hand", "tiles", workroom.Piece{How: workroom.Manual}, "tiles (manual)"},
		{"by hand, long", strings.Repeat("long ", 50), workroom.Piece{How: workroom.Manual}, "… (manual)"},
		{"over, by hand, long", strings.Repeat("long ", 50), workroom.Piece{How: workroom.Manual, Over: true}, "… (manual, over the limit)"},
		{"kept, late", "call", workroom.Piece{How: workroom.KeptIdle, Late: true}, "call (kept idle, late)"},
		{"after the end", "call", workroom.Piece{How: workroom.Tracked, AfterEnd: true}, "call (after the end)"},
		{"turned around", "\u202ecall", workroom.Piece{How: workroom.Manual}, "call (manual)"},
	} {
		c.piece.Memo = c.memo
		got := p.fit(p.marked(Record{Entry: Entry{Piece: c.piece}}), paperRecords[memoColumn])
		if !strings.HasSuffix(got, c.want) || !strings.HasPrefix(c.want, "…") && got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
