package workroom

import (
	"fmt"
	"slices"
)

// Look says when somebody who is not its freelancer looked at a picture of the work diary on one day (T-09, tracker.md §14.5). It stands in
// the diary itself, where the freelancer reads it and nobody can have it taken away.
type Look struct {
	Shot    string    `json:"shot"` // id of the shot
	Cell    int64     `json:"cell"` // of the shot: it stays when the picture is deleted
	Who     AccountID `json:"who"`
	Seen    []Seen    `json:"seen"` // in order of time, one a ten-minute cell at most
	Unknown `json:"-"`
}

// Seen is one look.
type Seen struct {
	At    int64 `json:"at"`              // Unix seconds
	Large bool  `json:"large,omitempty"` // more than the small picture of the day's grid
}

// ThingKind is KindLook.
func (*Look) ThingKind() Kind { return KindLook }

// LookID names the row of one person's looks at one shot on the day of an instant (Unix seconds, days in UTC).
func LookID(shot string, who AccountID, at int64) string {
	return fmt.Sprintf("%s.%s.%d", shot, who, at/86400)
}

// NoteLooks writes down that the caller looked at pictures of a diary week. The service runs it of itself with every picture it hands out,
// so that nobody gets one unseen; a desktop gives it for a picture that it had already, and it waits in the outbox like anything else. Two
// that tell of the same look write it once: of each ten minutes the earliest stays.
type NoteLooks struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
	Who      AccountID  `json:"who"`
	Looks    []LookAt   `json:"looks"`
}

// LookAt is one look at one shot.
type LookAt struct {
	Shot string `json:"shot"` // id of the shot
	Seen
}

// MaxLooks is how many looks one command tells of.
const MaxLooks = 200

func (c NoteLooks) scope() Scope { return DiaryScope(c.Contract, c.Week) }

// Op is OpNoteLooks.
func (c NoteLooks) Op() Op { return OpNoteLooks }

// Scopes are the contract and the diary week.
func (c NoteLooks) Scopes() []Scope { return []Scope{ContractScope(c.Contract), c.scope()} }

// Lane is its own: nothing waits for a look.
func (c NoteLooks) Lane() string { return "looks:" + string(c.Contract) }

// Wants are the contract, and each shot with the row of its looks.
func (c NoteLooks) Wants() []Ref {
	out := []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
	for _, x := range c.Looks {
		out = append(out, Ref{c.scope(), KindShot, x.Shot}, Ref{c.scope(), KindLook, LookID(x.Shot, c.Who, x.At)})
	}
	return out
}

// Check refuses what names no shot, or too many.
func (c NoteLooks) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !ValidID(string(c.Who)) || !validWeek(c.Week) || len(c.Looks) == 0 || len(c.Looks) > MaxLooks {
		return Refuse(BadInput)
	}
	for _, x := range c.Looks {
		if x.Shot == "" || len(x.Shot) > 100 || x.At < 0 {
			return Refuse(BadInput)
		}
	}
	return nil
}

// Do adds the looks to their rows. One's own pictures are not looked at in this sense, and a picture that is not there was not. A look lies
// between the taking of its picture and now, whatever clocks say.
func (c NoteLooks) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	n, known := Get[*Contract](in, Ref{ContractScope(c.Contract), KindContract, string(c.Contract)})
	switch {
	case known == Absent:
		return Refuse(NoAccess)
	case known == Held && n.Freelancer == a.By:
		return nil
	}
	rows := map[string]*Look{}
	for _, x := range c.Looks {
		shot, k := Get[*Shot](in, Ref{c.scope(), KindShot, x.Shot})
		if k != Held || !shot.Pictured() {
			continue
		}
		x.At = max(shot.At, min(x.At, a.At.Unix()))
		id := LookID(x.Shot, c.Who, x.At)
		row := rows[id]
		if row == nil {
			row = &Look{Shot: x.Shot, Cell: shot.Cell, Who: c.Who}
			if old, k := Get[*Look](in, Ref{c.scope(), KindLook, id}); k == Held {
				*row = *old
				row.Seen = slices.Clone(old.Seen)
			}
		}
		if row.add(x.Seen) {
			rows[id] = row
			out.Put(c.scope(), id, row)
		}
	}
	if len(rows) > 0 {
		out.Put(ContractScope(c.Contract), c.Week, &WeekMark{})
	}
	return nil
}

// add takes in a look and reports whether it says more than was known: of the same ten minutes the earliest moment and the largest picture
// stay, so that neither order nor repetition matters.
func (l *Look) add(s Seen) bool {
	i, _ := slices.BinarySearchFunc(l.Seen, s.At/CellSeconds, func(x Seen, cell int64) int { return int(x.At/CellSeconds - cell) })
	if i == len(l.Seen) || l.Seen[i].At/CellSeconds != s.At/CellSeconds {
		l.Seen = slices.Insert(l.Seen, i, s)
		return true
	}
	both := Seen{At: min(l.Seen[i].At, s.At), Large: l.Seen[i].Large || s.Large}
	changed := both != l.Seen[i]
	l.Seen[i] = both
	return changed
}

// Pictured reports whether there is a picture to look at, sharp or blurred.
func (s *Shot) Pictured() bool { return s.File != "" || len(s.Seed) > 0 }

// Files are the uploads of a shot's pictures.
func (s *Shot) Files() []FileID {
	var out []FileID
	for _, p := range s.Pictures() {
		out = append(out, p.File)
	}
	return out
}
