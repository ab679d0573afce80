package app

import (
	"fmt"
	"io"

	"trestle/internal/sheets"
)

// sheetCmd prints what people need on paper before time is tracked.
type sheetCmd struct {
	Sheet string `arg:"" optional:"" enum:"assessment,works-council," default:"" help:"assessment or works-council; without it they are listed."`
}

// Run prints one, or lists them.
func (c sheetCmd) Run(r *run) error {
	if s, ok := sheets.Find(c.Sheet); ok {
		return r.print(s, func(w io.Writer) { fmt.Fprint(w, s.Text) })
	}
	return r.print(sheets.All, func(w io.Writer) {
		for _, s := range sheets.All {
			fmt.Fprintf(w, "%s  %s\n", s.ID, s.Title)
		}
	})
}
