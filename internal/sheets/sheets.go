// Package sheets holds what people need on paper before time is tracked: a template of a data protection impact assessment, and a sheet for a
// works council (tracker.md §14.7). Their sentences about the program are held against its tests by this package's own test, so that none says
// what nothing shows. It is text and knows nothing of the rest.
package sheets

import (
	_ "embed"
	"slices"
)

// Sheet is one of them: its id on the command line, its title, and its text as Markdown.
type Sheet struct {
	ID    string
	Title string
	Text  string
}

var (
	//go:embed assessment.md
	assessment string
	//go:embed workscouncil.md
	worksCouncil string
)

// All are the sheets, in the order they are offered.
var All = []Sheet{
	{"assessment", "Impact assessment", assessment},
	{"works-council", "Works council sheet", worksCouncil},
}

// Find is a sheet by its id.
func Find(id string) (Sheet, bool) {
	i := slices.IndexFunc(All, func(s Sheet) bool { return s.ID == id })
	if i < 0 {
		return Sheet{}, false
	}
	return All[i], true
}
