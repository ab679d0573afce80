package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// plan is what an import would do to each row of a file, at one moment. It writes nothing.
type plan struct {
	s         *Session
	sheet     *timesheet.Sheet
	in        ImportIn
	zone      *time.Location
	order     timesheet.Order
	now       time.Time
	person    string
	contracts []importable
	projects  map[string]string // a project's name, folded, to a contract's id or "-"
	rows      []planned
	taken     []takenBy // by rows of the file, in order of time
	held      map[workroom.ContractID]map[workroom.Week]*week
	stored    map[workroom.Scope]bool
}

// importable is a contract whose time one writes.
type importable struct {
	id    workroom.ContractID
	c     *workroom.Contract
	terms *workroom.History
	codes map[workroom.ActivityID]*workroom.Activity
}

// planned is a row with what becomes of it: the parts it is written in as, one a week.
type planned struct {
	ImportRow
	contract workroom.ContractID
	activity workroom.ActivityID
	parts    []part
}

type part struct {
	id string
	workroom.Interval
	there bool
}

type takenBy struct {
	workroom.Interval
	line int
}

// week is what stands in one week of a contract's diary, for its freelancer.
type week struct {
	clashes []workroom.Clash
	slices  map[string]bool
	titles  map[workroom.ContractID]string
}

// deletedTime is what is in the way where time was deleted.
const deletedTime = "Deleted"

// leftOut is where nothing of a name goes.
const leftOut = "-"

// plan reads what a file would do.
func (s *Session) plan(sheet *timesheet.Sheet, in ImportIn) (*plan, error) {
	p := &plan{s: s, sheet: sheet, in: in, zone: time.Local, now: s.clockNow(), projects: map[string]string{}, held: map[workroom.ContractID]map[workroom.Week]*week{},
		stored: map[workroom.Scope]bool{}}
	if in.Zone != "" {
		zone, err := time.LoadLocation(in.Zone)
		if err != nil || in.Zone == "Local" {
			return nil, Fail(CodeBadInput, "This computer knows no time zone of that name.")
		}
		p.zone = zone
	}
	switch {
	case in.Order == "" && len(sheet.Orders) == 1:
		p.order = sheet.Orders[0]
	case in.Order != "" && slices.Contains([]timesheet.Order{timesheet.YearFirst, timesheet.DayFirst, timesheet.MonthFirst}, timesheet.Order(in.Order)):
		p.order = timesheet.Order(in.Order)
	case in.Order != "":
		return nil, Fail(CodeBadInput, "The order of a date is ymd, dmy or mdy.")
	}
	if err := p.open(); err != nil {
		return nil, err
	}
	p.person = p.whose()
	p.match()
	for _, r := range sheet.Rows {
		row, err := p.row(r)
		if err != nil {
			return nil, err
		}
		p.rows = append(p.rows, row)
	}
	return p, nil
}

// open reads the contracts of which one is the freelancer, and which weeks of diaries are here.
func (p *plan) open() error {
	ctx := context.Background()
	rows, err := p.s.replica.Contracts(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		c, ok := r.Thing.(*workroom.Contract)
		if !ok || c.Freelancer != p.s.me() || c.Started == 0 {
			continue
		}
		k := importable{id: workroom.ContractID(r.ID), c: c, codes: map[workroom.ActivityID]*workroom.Activity{}}
		if k.terms, err = p.s.history(ctx, k.id, c); err != nil {
			return err
		}
		acts, err := p.s.replica.All(ctx, workroom.ContractScope(k.id), workroom.KindActivity)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if act, ok := a.Thing.(*workroom.Activity); ok && act.Archived == 0 {
				k.codes[workroom.ActivityID(a.ID)] = act
			}
		}
		p.contracts = append(p.contracts, k)
	}
	slices.SortFunc(p.contracts, func(a, b importable) int {
		return cmp.Or(cmp.Compare(bit(why(a.c) != ""), bit(why(b.c) != "")), strings.Compare(strings.ToLower(a.c.Title), strings.ToLower(b.c.Title)), cmp.Compare(a.id, b.id))
	})
	names, err := p.s.replica.Diaries(ctx)
	for _, n := range names {
		p.stored[n] = true
	}
	return err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// why says why no time can be written in on a contract.
func why(c *workroom.Contract) string {
	switch {
	case c.Started == 0: // what ended or is paused takes the time before that
		return workroom.Refuse(workroom.ContractEnded).Text
	case !c.Terms.Manual:
		return workroom.Refuse(workroom.ManualOff).Text
	}
	return ""
}

func named(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// personOf is how a row names whose time it is.
func personOf(r timesheet.SheetRow) string { return cmp.Or(r.Email, r.Who) }

// whose is the person whose rows are taken: the one asked for, oneself, or the only one.
func (p *plan) whose() string {
	if p.in.Person != "" {
		return named(p.in.Person)
	}
	all := map[string]bool{}
	for _, r := range p.sheet.Rows {
		if r.Bad == "" {
			all[named(personOf(r))] = true
		}
	}
	for _, own := range []string{p.s.st.Email, p.s.st.Person} {
		if own != "" && all[named(own)] {
			return named(own)
		}
	}
	if len(all) == 1 {
		for one := range all {
			return one
		}
	}
	return leftOut
}

// match finds the contract of each project: as was said, else the one of that title, else, where the file has one project, the one asked for.
func (p *plan) match() {
	names := map[string]bool{}
	for _, r := range p.sheet.Rows {
		if r.Bad == "" && named(personOf(r)) == p.person {
			names[named(r.Project)] = true
		}
	}
	for name := range names {
		for _, k := range p.contracts {
			if named(k.c.Title) == name && p.projects[name] == "" {
				p.projects[name] = string(k.id)
			}
		}
		if p.projects[name] == "" && len(names) == 1 {
			p.projects[name] = p.in.Contract
		}
	}
	for _, m := range p.in.Projects {
		if m.To != "" {
			p.projects[named(m.Name)] = m.To
		}
	}
}

func (p *plan) find(id string) *importable {
	i := slices.IndexFunc(p.contracts, func(k importable) bool { return string(k.id) == id })
	if i < 0 {
		return nil
	}
	return &p.contracts[i]
}
