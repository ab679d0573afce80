package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// ownCode is a code of which one is the client: its line, and on each contract the id it has there.
type ownCode struct {
	row CodeRow
	on  map[workroom.ContractID]workroom.ActivityID
	was map[workroom.ContractID]*workroom.Activity
}

// own are the codes of the contracts of which one is the client, with those of one's list that stand on no contract, by name.
func (x *timeSource) own() ([]*ownCode, error) {
	me, colours := x.s.me(), x.colours()
	by := map[workroom.ActivityID]*ownCode{}
	names := map[string]*ownCode{}
	for _, k := range x.contracts {
		if k.Client != me {
			continue
		}
		for id, a := range k.Activities {
			one := x.codes.One(id)
			c := by[one]
			if c == nil {
				as := x.codes.Activity(one)
				c = &ownCode{CodeRow{ID: string(one), Code: as.Code, About: as.About, Archived: true, Colour: colours[one], Contracts: []string{}},
					map[workroom.ContractID]workroom.ActivityID{}, map[workroom.ContractID]*workroom.Activity{}}
				by[one], names[workroom.FoldCode(as.Code)] = c, c
			}
			c.on[k.ID], c.was[k.ID] = id, a
			if a.Archived == 0 {
				c.row.Contracts = append(c.row.Contracts, string(k.ID))
				c.row.Archived = false
			}
		}
	}
	list, err := x.s.replica.All(context.Background(), workroom.AccountScope(me), workroom.KindCode)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		a, ok := r.Thing.(*workroom.ActivityCode)
		if !ok {
			continue
		}
		c := names[workroom.FoldCode(a.Code)]
		if c == nil {
			c = &ownCode{row: CodeRow{ID: r.ID, Colour: int64(len(by)%7) + 1, Contracts: []string{}}, on: map[workroom.ContractID]workroom.ActivityID{}, was: map[workroom.ContractID]*workroom.Activity{}}
			by[workroom.ActivityID(r.ID)] = c
		}
		c.row.Code, c.row.About, c.row.Archived = a.Code, a.About, a.Archived != 0
		if len(c.on) == 0 {
			c.row.ID = r.ID
		}
	}
	var out []*ownCode
	for _, c := range by {
		slices.Sort(c.row.Contracts)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *ownCode) int {
		return strings.Compare(workroom.FoldCode(a.row.Code), workroom.FoldCode(b.row.Code))
	})
	return out, nil
}

// findCode finds a code by its id, or by that it has on some contract.
func findCode(list []*ownCode, id string) *ownCode {
	for _, c := range list {
		if c.row.ID == id {
			return c
		}
		for _, a := range c.on {
			if string(a) == id {
				return c
			}
		}
	}
	return nil
}

// SetCode adds, renames, archives or restores a code, on every contract that has it.
func (x *Reports) SetCode(in CodeIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	in.Code, in.About = workroom.OneLine(in.Code), strings.TrimSpace(in.About)
	src, err := s.timeSource("")
	if err != nil {
		return err
	}
	list, err := src.own()
	if err != nil {
		return err
	}
	if findCode(list, in.ID) == nil {
		return s.newCode(src, list, in)
	}
	return s.setCode(list, in)
}

// writeCode writes a change of a code down, behind the last one of the same code that waits in another lane: each of them keeps the one row of
// the list, and lanes go out beside one another.
func (s *Session) writeCode(c workroom.SetActivity) error {
	list, err := s.replica.Waiting(context.Background())
	if err != nil {
		return err
	}
	var o enqueueOpts
	for _, i := range list {
		if w, ok := i.Command.(workroom.SetActivity); ok && w.ID == c.ID && i.Lane != c.Lane() && i.Verdict == outbox.None {
			o.After = []string{i.ID}
		}
	}
	_, err = s.enqueue(c, o)
	return err
}

// free refuses a code that another one has already: the service sees one contract at a time, this computer all of them.
func free(list []*ownCode, in CodeIn) error {
	c := findCode(list, in.ID)
	same := workroom.SameCode(in.Code, c == nil || c.row.Code != in.Code)
	for _, o := range list {
		if o != c && same(o.row.Code) {
			return codeTaken(o.row)
		}
	}
	return nil
}

func (s *Session) newCode(src *timeSource, list []*ownCode, in CodeIn) error {
	if err := free(list, in); err != nil {
		return err
	}
	in.ID = cmp.Or(in.ID, newID())
	if err := s.writeCode(workroom.SetActivity{ID: workroom.ActivityID(in.ID), Code: in.Code, About: in.About, Who: s.me()}); err != nil {
		return err
	}
	return s.assign(src, []*ownCode{{row: CodeRow{ID: in.ID, Code: in.Code, About: in.About}}}, in.Contracts, true)
}

func (s *Session) setCode(list []*ownCode, in CodeIn) error {
	if err := free(list, in); err != nil {
		return err
	}
	cmd := workroom.SetActivity{Code: in.Code, About: in.About, Archived: in.Archived, Who: s.me()}
	c, told := findCode(list, in.ID), false
	for k, id := range c.on {
		one := cmd
		one.Contract, one.ID = k, id
		if !in.Archived && c.was[k].Off { // it stays off this contract
			one.Here, one.Archived = true, true
		}
		if err := s.writeCode(one); err != nil {
			return err
		}
		told = told || !one.Here && string(id) == c.row.ID
	}
	if told {
		return nil
	}
	cmd.ID = workroom.ActivityID(c.row.ID)
	err := s.writeCode(cmd)
	return err
}

func codeTaken(c CodeRow) error {
	text := "There is already an activity called " + c.Code + "."
	if c.Archived {
		text = "There is already an archived activity called " + c.Code + ". Restore that one."
	}
	return &workroom.Refusal{Code: workroom.CodeTaken, Field: "code", Text: text}
}

// Assign lets many codes be picked on many contracts at once, or no longer.
func (x *Reports) Assign(in AssignIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	src, err := s.timeSource("")
	if err != nil {
		return err
	}
	list, err := src.own()
	if err != nil {
		return err
	}
	var chosen []*ownCode
	for _, id := range in.Codes {
		c := findCode(list, id)
		if c == nil {
			return workroom.Refuse(workroom.Gone)
		}
		chosen = append(chosen, c)
	}
	return s.assign(src, chosen, in.Contracts, in.On)
}

func (s *Session) assign(src *timeSource, codes []*ownCode, contracts []string, on bool) error {
	for _, id := range contracts {
		k := workroom.ContractID(id)
		if c := src.raw[k]; c == nil || c.Client != s.me() {
			return workroom.Refuse(workroom.ClientOnly)
		}
		for _, c := range codes {
			was := c.was[k]
			if (was != nil && was.Archived == 0) == on || was == nil && !on {
				continue
			}
			cmd := workroom.SetActivity{Contract: k, ID: workroom.ActivityID(c.row.ID), Code: c.row.Code, About: c.row.About, Who: s.me(), Here: true, Archived: !on}
			if own := c.on[k]; own != "" {
				cmd.ID = own
			}
			if err := s.writeCode(cmd); err != nil {
				return err
			}
		}
	}
	return nil
}

// setActivity changes a code where one contract shows it, and answers its id there. A name is the same on every contract; a new one that the
// list has already is assigned; archived here, a code that other contracts have too is taken off this one alone.
func (s *Session) setActivity(in ActivityIn) (string, error) {
	k := workroom.ContractID(in.Contract)
	cmd := workroom.SetActivity{Contract: k, ID: workroom.ActivityID(in.ID), Code: workroom.OneLine(in.Code), About: strings.TrimSpace(in.About), Archived: in.Archived, Who: s.me()}
	src, err := s.timeSource("")
	if err != nil {
		return "", err
	}
	list, err := src.own()
	if err != nil {
		return "", err
	}
	c := findCode(list, in.ID)
	same := workroom.SameCode(cmd.Code, c == nil || c.row.Code != cmd.Code)
	for _, o := range list {
		if o == c || !same(o.row.Code) {
			continue
		}
		if c != nil || o.row.Archived || o.on[k] != "" && o.was[k].Archived == 0 {
			return "", codeTaken(o.row)
		}
		return string(cmp.Or(o.on[k], workroom.ActivityID(o.row.ID))), s.assign(src, []*ownCode{o}, []string{in.Contract}, true)
	}
	if c == nil || c.was[k] == nil {
		err := s.writeCode(cmd)
		return in.ID, err
	}
	others := len(slices.DeleteFunc(slices.Clone(c.row.Contracts), func(id string) bool { return id == in.Contract }))
	switch was := c.was[k]; {
	case in.Archived && was.Archived == 0 && others > 0, !in.Archived && was.Off:
		return in.ID, s.assign(src, []*ownCode{c}, []string{in.Contract}, !in.Archived)
	}
	return in.ID, s.setCode(list, CodeIn{ID: in.ID, Code: cmd.Code, About: cmd.About, Archived: in.Archived})
}

// codesInUse are the codes in one's own list that are not archived, by name and by what they read like: a new contract takes them over as they
// are spelled.
func (s *Session) codesInUse() map[string]CodeRow {
	out := map[string]CodeRow{}
	src, err := s.timeSource("")
	if err != nil {
		return out
	}
	list, err := src.own()
	if err != nil {
		return out
	}
	for _, key := range []func(string) string{workroom.Skeleton, workroom.FoldCode} {
		for _, c := range list {
			if !c.row.Archived {
				out[key(c.row.Code)] = c.row
			}
		}
	}
	return out
}
