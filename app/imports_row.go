package app

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// row decides about one line of the file.
func (p *plan) row(r timesheet.SheetRow) (planned, error) {
	out := planned{ImportRow: ImportRow{Line: int64(r.Line), Project: r.Project, Task: r.Task, Memo: r.Memo, State: "refused", Notes: slices.Clone(r.Notes), Clashes: []SpanView{}}}
	if out.Notes == nil {
		out.Notes = []string{}
	}
	no := func(reason, why string) (planned, error) {
		out.Reason, out.Why = reason, why
		return out, nil
	}
	if r.Bad != "" {
		return no("unreadable", r.Bad)
	}
	if p.order == "" {
		return no("order", "Say first whether the day or the month stands first in the dates of this file.")
	}
	in, note, bad := p.sheet.Span(r, p.order, p.zone)
	if bad != "" {
		return no("unreadable", bad)
	}
	out.From, out.To, out.Seconds = in.From*1000, in.To*1000, in.Seconds()
	if note != "" {
		out.Notes = append(out.Notes, note)
	}
	if named(personOf(r)) != p.person {
		if p.person == leftOut {
			return no("person", "Say first whose time this is.")
		}
		return no("person", "This is the time of "+cmp.Or(r.Who, r.Email, "somebody who is not named")+".")
	}
	to := p.projects[named(r.Project)]
	k := p.find(to)
	switch {
	case to == leftOut:
		return no("left_out", "This project is left out.")
	case k == nil && r.Project == "":
		return no("project", "No project is named. Choose a contract for such rows.")
	case k == nil:
		return no("project", "No contract of yours is called "+r.Project+". Choose one for this project.")
	}
	out.contract, out.Contract = k.id, k.c.Title
	code := p.code(r.Task)
	for id, a := range k.codes {
		if workroom.FoldCode(a.Code) == workroom.FoldCode(code) {
			out.activity, out.Code = id, a.Code
		}
	}
	if out.Memo == "" {
		out.Memo = trimMemo(p.in.Memo)
	}
	if ref := workroom.CheckMemo(out.Memo); ref != nil {
		return no("memo", ref.Text)
	}
	if in.Seconds() > workroom.MaxSlice {
		return no("long", "One stretch of time has at most 24 hours.")
	}
	all, err := p.cut(k, in, &out)
	if err != nil {
		return out, err
	}
	if all {
		if line := p.inFile(in); line > 0 {
			return no("overlap", fmt.Sprintf("This overlaps line %d of the file.", line))
		}
		p.take(in, r.Line)
		out.State = "there"
		return out, nil
	}
	if reason, why := p.mayNot(k, r, in, &out); reason != "" {
		return no(reason, why)
	}
	if reason, why, err := p.overlaps(k, &out); reason != "" || err != nil {
		out.Reason, out.Why = reason, why
		return out, err
	}
	for _, x := range out.parts {
		if !x.there {
			p.take(x.Interval, r.Line)
		}
	}
	out.State = "add"
	return out, nil
}

// importID is the id of a stretch of imported time: the same for the same stretch on the same contract, so that a file imported twice adds
// nothing, on whichever computer.
func importID(who workroom.AccountID, k workroom.ContractID, in workroom.Interval) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "trestle import\n%s\n%s\n%d\n%d", who, k, in.From, in.To))
	return "import-" + hex.EncodeToString(sum[:16])
}

// cut divides a row at the edges of weeks, and answers whether all of it is there already.
func (p *plan) cut(k *importable, in workroom.Interval, out *planned) (bool, error) {
	all := true
	for at := in.From; at < in.To; {
		w := workroom.WeekOf(time.Unix(at, 0))
		x := part{Interval: workroom.Interval{From: at, To: min(in.To, w.End().Unix())}}
		x.id = importID(p.s.me(), k.id, x.Interval)
		h, err := p.week(k, w)
		if err != nil {
			return false, err
		}
		x.there = h.slices[x.id] && !slices.ContainsFunc(h.clashes, func(c workroom.Clash) bool { return c.Deleted && c.From < x.To && x.From < c.To })
		all = all && x.there
		out.parts = append(out.parts, x)
		at = x.To
	}
	return all, nil
}

// mayNot says why the rules forbid a row, as workroom.AddTime would.
func (p *plan) mayNot(k *importable, r timesheet.SheetRow, in workroom.Interval, out *planned) (reason, text string) {
	if text := why(k.c); text != "" {
		return "not_allowed", text
	}
	if in.To > p.now.Unix() {
		return "future", "This lies in the future."
	}
	if workroom.Frozen(time.Unix(in.From, 0), p.now) {
		return "frozen", workroom.Refuse(workroom.WeekFrozen).Text
	}
	if ref := workroom.MayMark(k.terms, p.s.me(), workroom.MarkCut, in.From, p.now); ref != nil {
		return "not_allowed", ref.Text
	}
	if in.From < k.c.Started/1e6-300 {
		return "before", "This time lies before the contract started. It cannot be recorded on it."
	}
	if ref := k.terms.MayHold(in); ref != nil { // it was paused, or had ended
		return "not_allowed", ref.Text
	}
	switch {
	case out.activity != "":
	case k.c.Terms.RequireActivity && len(k.codes) > 0:
		return "activity", "The client asks for an activity. Choose one for these rows."
	case r.Task != "":
		out.Notes = append(out.Notes, "“"+r.Task+"” is no activity code of this contract: the time has none.")
	}
	return "", ""
}

// code is what a task of the file is called here.
func (p *plan) code(task string) string {
	for _, m := range p.in.Tasks {
		if named(m.Name) == named(task) && m.To != "" {
			if m.To == leftOut {
				return ""
			}
			return m.To
		}
	}
	return task
}

// overlaps says what is in a row's way: time that is there, on any contract, and time that was deleted, and earlier rows of the file.
func (p *plan) overlaps(k *importable, out *planned) (reason, text string, err error) {
	for _, x := range out.parts {
		if x.there {
			continue
		}
		h, err := p.week(k, workroom.WeekOf(time.Unix(x.From, 0)))
		if err != nil {
			return "", "", err
		}
		for _, c := range h.clashes {
			from, to := max(c.From, x.From), min(c.To, x.To)
			if from >= to {
				continue
			}
			v := SpanView{From: from * 1000, To: to * 1000, What: h.titles[c.Contract]}
			reason, text = "overlap", "This overlaps time that is there already."
			if c.Deleted {
				v.What = deletedTime
			}
			out.Clashes = append(out.Clashes, v)
		}
		if line := p.inFile(x.Interval); line > 0 && reason == "" {
			return "overlap", fmt.Sprintf("This overlaps line %d of the file.", line), nil
		}
	}
	if slices.ContainsFunc(out.Clashes, func(v SpanView) bool { return v.What == deletedTime }) {
		return "deleted", "Time was deleted here. Deleted time cannot be written in again.", nil
	}
	return reason, text, nil
}

// take notes that a row of the file takes a stretch, and inFile which row has taken some of one; 0 for none.
func (p *plan) take(in workroom.Interval, line int) {
	i, _ := slices.BinarySearchFunc(p.taken, in.From, func(t takenBy, at int64) int { return cmp.Compare(t.From, at) })
	p.taken = slices.Insert(p.taken, i, takenBy{in, line})
}

func (p *plan) inFile(in workroom.Interval) int {
	i, _ := slices.BinarySearchFunc(p.taken, in.To, func(t takenBy, at int64) int { return cmp.Compare(t.From, at) })
	if i > 0 && p.taken[i-1].To > in.From {
		return p.taken[i-1].line
	}
	return 0
}

// week reads what stands in a week of a contract's diary. Weeks of which nothing is here are not read.
func (p *plan) week(k *importable, w workroom.Week) (*week, error) {
	if h := p.held[k.id][w]; h != nil {
		return h, nil
	}
	h := &week{slices: map[string]bool{}, titles: map[workroom.ContractID]string{}}
	if p.held[k.id] == nil {
		p.held[k.id] = map[workroom.Week]*week{}
	}
	p.held[k.id][w] = h
	known := !workroom.Frozen(w.Start(), p.now)
	for _, x := range p.contracts {
		known = known || p.stored[workroom.DiaryScope(x.id, w.String())] || p.stored[workroom.DiaryScope(x.id, w.Previous().String())]
	}
	if !known {
		return h, nil
	}
	b, err := p.s.book(k.id, k.c, p.now, time.UTC, w.Previous(), w)
	if err != nil {
		return nil, err
	}
	h.clashes = b.diary().Clashes(w.Start().Unix(), w.End().Unix())
	for _, x := range b.slices {
		h.slices[x.ID] = true
	}
	for _, x := range p.contracts {
		h.titles[x.id] = x.c.Title
	}
	return h, nil
}
