package app

import (
	"context"

	"trestle/internal/workroom"
)

// unsentOfTime says what recorded time, or a change of it, is. It reports whether the command is one.
func (s *Session) unsentOfTime(row *UnsentRow, command workroom.Command) bool {
	switch c := command.(type) {
	case workroom.ReportSlice:
		row.says("time", c.Slice.Memo)
		row.Where, row.From, row.Until = s.titled(c.Slice.Contract), c.Slice.Start*1000, c.Slice.End*1000
		row.Activity = s.codeOf(c.Slice.Contract, c.Slice.Activity)
	case workroom.AddShot:
		row.What, row.Where, row.From = "screenshot", s.titled(c.Shot.Contract), c.Shot.At*1000
	case workroom.MarkTime:
		s.aboutTime(row, c)
	case workroom.CutTime:
		row.What, row.Where, row.From, row.Until = "cut", s.titled(c.Contract), c.From*1000, c.To*1000
	case workroom.AddTime:
		row.What, row.Where = "manual", s.titled(c.Contract)
		for _, e := range c.Entries[:min(1, len(c.Entries))] {
			row.says("manual", e.Memo)
			row.From, row.Until = e.From*1000, c.Entries[len(c.Entries)-1].To*1000
			row.Activity = s.codeOf(c.Contract, e.Activity)
		}
	default:
		return false
	}
	return true
}

// aboutTime names a change of time that was recorded.
func (s *Session) aboutTime(row *UnsentRow, c workroom.MarkTime) {
	switch c.What {
	case workroom.MarkMemo:
		row.says("rememo", c.Value)
	case workroom.MarkCode:
		row.What, row.Activity = "recode", s.codeOf(c.Contract, workroom.ActivityID(c.Value))
	default:
		row.What = "swap"
	}
	row.Where = s.titled(c.Contract)
	if n := len(c.Spans); n > 0 {
		row.From, row.Until = c.Spans[0].From*1000, c.Spans[n-1].To*1000
	}
}

// codeOf names an activity of a contract, "" for none.
func (s *Session) codeOf(id workroom.ContractID, activity workroom.ActivityID) string {
	if activity == "" {
		return ""
	}
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.ContractScope(id), Kind: workroom.KindActivity, ID: string(activity)})
	if a, ok := r.Thing.(*workroom.Activity); ok && err == nil && known == workroom.Held {
		return a.Code
	}
	return ""
}
