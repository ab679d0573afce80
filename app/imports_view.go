package app

import (
	"cmp"
	"slices"
	"strings"

	"trestle/internal/timesheet"
)

// view is a plan as a screen shows it.
func (p *plan) view(f *importFile) ImportView {
	out := ImportView{ID: f.id, Name: f.name, Layout: p.sheet.Layout, Letters: p.sheet.Letters, Left: append([]string{}, p.sheet.Left...), Zone: p.in.Zone,
		ZoneName: zoneName(p.zone, p.now), Order: string(p.order), Orders: []string{},
		Contracts: []ImportContract{}, Rows: []ImportRow{}, All: int64(len(p.rows)), Reasons: []ImportReason{}}
	for _, o := range p.sheet.Orders {
		out.Orders = append(out.Orders, string(o))
	}
	if len(out.Orders) > 1 {
		out.Sample = p.sheet.Sample()
	}
	for _, k := range p.contracts {
		c := ImportContract{ID: string(k.id), Title: k.c.Title, Client: k.c.ClientName, Codes: []string{}, Why: why(k.c)}
		for _, a := range k.codes {
			c.Codes = append(c.Codes, a.Code)
		}
		slices.Sort(c.Codes)
		out.Contracts = append(out.Contracts, c)
	}
	skip, found := p.in.Skip, [3]names{{at: map[string]int{}}, {at: map[string]int{}}, {at: map[string]int{}}}
	for i, r := range p.rows {
		p.name(&found, p.sheet.Rows[i], r)
		switch r.State {
		case "add":
			out.Add++
			out.Seconds += r.Seconds
		case "there":
			out.There++
		default:
			out.Refused++
			out.reason(r.ImportRow)
		}
		switch {
		case p.in.Show != "" && p.in.Show != r.State:
		case skip > 0:
			skip--
		case len(out.Rows) == maxImportRows:
			out.More++
		default:
			out.Rows = append(out.Rows, r.ImportRow)
		}
	}
	out.People, out.Projects, out.Tasks = found[0].most(), found[1].most(), found[2].most()
	slices.SortStableFunc(out.Reasons, func(a, b ImportReason) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}

func (v *ImportView) reason(r ImportRow) {
	for i := range v.Reasons {
		if v.Reasons[i].Reason == r.Reason {
			v.Reasons[i].Rows++
			return
		}
	}
	v.Reasons = append(v.Reasons, ImportReason{r.Reason, 1, r.Why})
}

// names are names of a file, whatever the case, with how many rows have each.
type names struct {
	list []ImportName
	at   map[string]int
}

func (n *names) count(name, to string) {
	key := named(name)
	i, ok := n.at[key]
	if !ok {
		i = len(n.list)
		n.at[key] = i
		n.list = append(n.list, ImportName{Name: name, To: to})
	}
	n.list[i].Rows++
}

// maxImportNames is how many names of a kind a screen is given; more cannot be matched by hand.
const maxImportNames = 200

// most are the names with most rows.
func (n *names) most() []ImportName {
	slices.SortStableFunc(n.list, func(a, b ImportName) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), strings.Compare(a.Name, b.Name)) })
	return append([]ImportName{}, n.list[:min(len(n.list), maxImportNames)]...)
}

// name counts the names of a row: whose it is, its project, and its task where that is no activity here.
func (p *plan) name(found *[3]names, from timesheet.SheetRow, r planned) {
	if from.Bad != "" {
		return
	}
	own := ""
	if named(personOf(from)) == p.person {
		own = "me"
	}
	found[0].count(personOf(from), own)
	if own == "" {
		return
	}
	found[1].count(from.Project, p.projects[named(from.Project)])
	if k := p.find(string(r.contract)); k != nil && len(k.codes) > 0 && r.State != "there" {
		known := slices.ContainsFunc(p.in.Tasks, func(m ImportMatch) bool { return named(m.Name) == named(from.Task) })
		if to := p.code(from.Task); known || r.Code == "" && (from.Task != "" || k.c.Terms.RequireActivity) {
			if !known {
				to = ""
			}
			found[2].count(from.Task, to)
		}
	}
}
