package timesheet

import (
	"cmp"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// Codes says which activities are one: the same code of the same client, whatever the case and whichever contract. What it answers for an id
// is the id of the first of them made.
type Codes struct {
	one map[workroom.ActivityID]workroom.ActivityID
	as  map[workroom.ActivityID]*workroom.Activity
}

// CodesOf reads the codes of contracts.
func CodesOf(list []*Contract) *Codes {
	type name struct {
		client workroom.AccountID
		code   string
	}
	type found struct {
		id workroom.ActivityID
		a  *workroom.Activity
	}
	c := &Codes{map[workroom.ActivityID]workroom.ActivityID{}, map[workroom.ActivityID]*workroom.Activity{}}
	all := map[name][]found{}
	for _, k := range list {
		for id, a := range k.Activities {
			n := name{k.Client, workroom.FoldCode(a.Code)}
			all[n] = append(all[n], found{id, a})
		}
	}
	for _, group := range all {
		slices.SortFunc(group, func(a, b found) int {
			return cmp.Or(cmp.Compare(a.a.Made, b.a.Made), strings.Compare(string(a.id), string(b.id)), cmp.Compare(a.a.Archived, b.a.Archived))
		})
		first, as := group[0].id, *group[0].a
		for _, f := range group {
			c.one[f.id] = first
			if f.a.Archived == 0 {
				as.Archived = 0 // in use somewhere
			}
		}
		c.as[first] = &as
	}
	return c
}

// One is the id under which an activity is reported.
func (c *Codes) One(id workroom.ActivityID) workroom.ActivityID {
	if one, ok := c.one[id]; ok {
		return one
	}
	return id
}

// Activity is what an activity is called, nil for time without one.
func (c *Codes) Activity(id workroom.ActivityID) *workroom.Activity { return c.as[c.One(id)] }

// All are the ids under which activities are reported.
func (c *Codes) All() []workroom.ActivityID {
	out := make([]workroom.ActivityID, 0, len(c.as))
	for id := range c.as {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
