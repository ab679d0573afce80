package service

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// A freelancer's time on several contracts is one timeline, but a client sees one contract's part of it. So whoever sees all of it, here,
// tells each diary what the others leave of its slices (tracker.md §3): in the transaction of the command that changed something, under the
// lock of every diary it can meet.

// reach is how far around a change the timeline is computed, in seconds: the slices that can meet what changed, each at most a day long, and
// all that can meet those in turn. Segments reach over the edges.
const reach = 2*workroom.MaxSlice + 2*workroom.CellSeconds

// around is the time of its author that a command can change.
func around(c workroom.Command) (workroom.Interval, bool) {
	switch c := c.(type) {
	case workroom.ReportSlice:
		return workroom.Interval{From: c.Slice.Start, To: max(c.Slice.End, c.Slice.Start+1)}, true
	case workroom.AddTime:
		in := workroom.Interval{From: c.Entries[0].From, To: c.Entries[0].To}
		for _, e := range c.Entries {
			in.From, in.To = min(in.From, e.From), max(in.To, e.To)
		}
		return in, true
	case workroom.MarkTime:
		in := workroom.Interval{From: c.Spans[0].From, To: c.Spans[0].To}
		for _, s := range c.Spans {
			in.From, in.To = min(in.From, s.From), max(in.To, s.To)
		}
		return in, c.What == workroom.MarkOwner
	}
	return workroom.Interval{}, false
}

// neighbours notes which diaries the author's other contracts have around what the commands change, so that all are locked at once. Who works
// on one contract only shares it with nobody: there every reader sees the whole timeline.
func neighbours(b *store.Batch, items []*item) ([]workroom.Scope, error) {
	contracts := map[workroom.AccountID][]workroom.ContractID{}
	var out []workroom.Scope
	for _, x := range items {
		if x.scopes == nil {
			continue
		}
		in, ok := around(x.does)
		if !ok {
			continue
		}
		who := x.caller.Account
		if _, known := contracts[who]; !known {
			list, err := b.Freelances(who)
			if err != nil {
				return nil, err
			}
			contracts[who] = withBegun(list, items, who)
		}
		x.others, x.works = nil, len(contracts[who])
		if len(contracts[who]) < 2 {
			continue
		}
		for _, k := range contracts[who] {
			x.others = append(x.others, workroom.ContractScope(k))
			for w := workroom.WeekOf(time.Unix(in.From-reach, 0)); w.Start().Unix() < in.To+reach; w = w.Next() {
				x.others = append(x.others, workroom.DiaryScope(k, w.String()))
			}
		}
		out = append(out, x.others...)
	}
	return out, nil
}

// unmoved looks, when all is locked, whether neighbours saw every contract. Where several transactions run at once, one may have been accepted
// and worked on while this one waited for its locks: then it begins anew (store.ErrAgain). From here on nobody reports time that meets this
// batch's before it ends, since that takes the lock of every contract its author has.
func unmoved(b *store.Batch, items []*item) error {
	seen := map[workroom.AccountID]bool{}
	for _, x := range items {
		if x.scopes == nil { // refused for its shape: it may hold no time at all
			continue
		}
		if _, ok := around(x.does); !ok {
			continue
		}
		who := x.caller.Account
		if seen[who] {
			continue
		}
		seen[who] = true
		list, err := b.Freelances(who)
		if err != nil {
			return err
		}
		if len(withBegun(list, items, who)) != x.works {
			return store.ErrAgain
		}
	}
	return nil
}

// withBegun adds to the contracts on which an account works those that begin in the same batch.
func withBegun(list []workroom.ContractID, items []*item, who workroom.AccountID) []workroom.ContractID {
	for _, x := range items {
		if x.scopes == nil || x.caller.Account != who {
			continue
		}
		switch c := x.does.(type) {
		case workroom.AcceptContract:
			list = append(list, c.Contract)
		case workroom.CreateContract:
			if c.Self {
				list = append(list, c.Contract)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// arbitrate brings what the diaries around a command's change are told of each other up to date.
func (w *writer) arbitrate(b *store.Batch, x *item) error {
	if len(x.others) == 0 {
		return nil
	}
	view := b.View(x.others)
	all := workroom.NewDiary()
	var from, to int64 // what is read
	for _, s := range x.others {
		if s.Kind() != "d" || !worksOn(view, x.caller.Account, workroom.ContractID(s.Owner())) {
			continue
		}
		w, err := workroom.ParseWeek(s.Part())
		if err != nil {
			return err
		}
		if from == 0 {
			from = w.Start().Unix()
		}
		from, to = min(from, w.Start().Unix()), max(to, w.End().Unix())
		part := workroom.ReadDiary(view, s)
		all.Slices, all.Marks, all.Approved = append(all.Slices, part.Slices...), append(all.Marks, part.Marks...), append(all.Approved, part.Approved...)
		maps.Copy(all.Claims, part.Claims)
	}
	if view.Err != nil {
		return view.Err
	}
	claims := workroom.Arbitrate(all.Slices, all.Edits())
	var changes workroom.Changes
	for _, s := range all.Slices {
		if s.Start < from+workroom.MaxSlice+workroom.CellSeconds || s.End > to-workroom.CellSeconds {
			continue // something that is not read may meet it; nothing of this command does
		}
		k := s.Key()
		was, now := all.Claims[k], claims[k]
		if same(was, now) {
			continue
		}
		d := workroom.DiaryScope(k.Contract, k.Week.String())
		if now == nil { // what is removed never lives again (I12), and this may be taken from once more
			now = &workroom.Claimed{}
		}
		changes.Put(d, workroom.ClaimID(s.ID), now)
		changes.Put(workroom.ContractScope(workroom.ContractID(d.Owner())), d.Part(), &workroom.WeekMark{})
	}
	for chunk := range slices.Chunk(changes.List(), maxRows) {
		if _, _, err := b.Write(x.caller.Account, w.s.now(), "", chunk); err != nil {
			return err
		}
	}
	return nil
}

// worksOn reports whether an account is the freelancer of a contract: one that was to begin in the same batch may not have.
func worksOn(view *store.View, who workroom.AccountID, id workroom.ContractID) bool {
	n, k := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: workroom.ContractScope(id), Kind: workroom.KindContract, ID: string(id)})
	return k == workroom.Held && n.Freelancer == who
}

// same reports whether two claims say the same; one that takes nothing is none.
func same(a, b *workroom.Claimed) bool {
	if a == nil {
		a = &workroom.Claimed{}
	}
	if b == nil {
		b = &workroom.Claimed{}
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
