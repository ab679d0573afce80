package app

import (
	"cmp"
	"slices"
	"time"

	"trestle/internal/tray"
	"trestle/internal/workroom"
)

// maxRecent is how many combinations are offered to go on with.
const maxRecent = 8

// RecentView is a contract, an activity and a memo that were tracked together on this account, and when they were last.
type RecentView struct {
	Contract string `json:"contract"`
	Title    string `json:"title"`
	Activity string `json:"activity"` // "" = none
	Code     string `json:"code"`
	Colour   int64  `json:"colour"`
	Memo     string `json:"memo"`
	At       int64  `json:"at"` // when it was tracked last
}

// RecentOut is what was tracked lately, the newest first.
type RecentOut struct {
	Recent []RecentView `json:"recent"`
}

// Recent is what was tracked lately and can be tracked again: one click goes on with it (T-01).
func (t *Tracker) Recent() (out RecentOut, err error) {
	defer guard(&err)
	s, err := t.c.here()
	if err != nil {
		return out, err
	}
	return RecentOut{s.recent(s.books(time.Now()))}, nil
}

// recent gathers the newest combinations of the weeks that the books hold. One whose contract ended or whose code was archived is left out:
// it could not be started.
func (s *Session) recent(books []*book) []RecentView {
	type work struct {
		contract workroom.ContractID
		activity workroom.ActivityID
		memo     string
	}
	seen := map[work]int{}
	out := []RecentView{}
	for _, b := range books {
		if b.contract.Freelancer != s.me() || b.contract.Status != workroom.Active {
			continue
		}
		codes := map[string]ActivityRow{}
		for _, a := range s.activityRows(b) {
			if !a.Archived {
				codes[a.ID] = a
			}
		}
		for _, x := range b.slices {
			code, known := codes[string(x.Activity)]
			if x.Kind == workroom.Manual || x.Memo == "" || x.Activity != "" && !known || x.Activity == "" && b.contract.Terms.RequireActivity && len(codes) > 0 {
				continue
			}
			w := work{b.id, x.Activity, x.Memo}
			if i, twice := seen[w]; twice {
				out[i].At = max(out[i].At, x.Start*1000)
				continue
			}
			seen[w] = len(out)
			out = append(out, RecentView{Contract: string(b.id), Title: b.contract.Title, Activity: string(x.Activity), Code: code.Code,
				Colour: code.Colour, Memo: x.Memo, At: x.Start * 1000})
		}
	}
	slices.SortStableFunc(out, func(x, y RecentView) int { return cmp.Compare(y.At, x.At) })
	return out[:min(len(out), maxRecent)]
}

// combos are the same for the tray.
func (s *Session) combos(books []*book) []tray.Combo {
	var out []tray.Combo
	for _, r := range s.recent(books) {
		label := r.Title
		if r.Code != "" {
			label += ", " + r.Code
		}
		out = append(out, tray.Combo{Contract: r.Contract, Activity: r.Activity, Memo: r.Memo, Label: label})
	}
	return out
}
