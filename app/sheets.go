package app

import (
	"strings"

	"trestle/internal/markup"
	"trestle/internal/sheets"
)

// Sheets are what people need on paper before time is tracked: the impact assessment and the works council's sheet.
type Sheets struct{ c *Core }

// SheetView is one of them.
type SheetView struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	HTML  string `json:"html"` // safe to insert
}

// SheetsView are all of them.
type SheetsView struct {
	Sheets []SheetView `json:"sheets"`
}

// All are the sheets, to read.
func (x *Sheets) All() (out SheetsView, err error) {
	defer guard(&err)
	out.Sheets = []SheetView{}
	for _, s := range sheets.All {
		_, body, _ := strings.Cut(s.Text, "\n") // without its heading: the page has one
		out.Sheets = append(out.Sheets, SheetView{ID: s.ID, Title: s.Title, HTML: markup.HTML(body, markup.Options{Notes: true})})
	}
	return out, nil
}

// Save keeps a sheet as Markdown, to be filled in.
func (x *Sheets) Save(in IDIn) (out Document, err error) {
	defer guard(&err)
	s, ok := sheets.Find(in.ID)
	if !ok {
		return out, Fail(CodeBadInput, "There is no such sheet.")
	}
	return x.c.keep(Document{Name: "trestle-" + s.ID + ".md", Text: s.Text}, "Save the sheet"), nil
}
