package workroom

import (
	"bytes"
	"slices"
	"time"
)

func (*Shot) ThingKind() Kind { return KindShot }

// AddShot puts a screenshot, or the reason why there is none, into the diary. Its file is uploaded first.
type AddShot struct {
	Week string    `json:"week"`
	Shot Shot      `json:"shot"`
	Who  AccountID `json:"who"`
}

func (c AddShot) scope() Scope { return DiaryScope(c.Shot.Contract, c.Week) }
func (c AddShot) Op() Op       { return OpAddShot }
func (c AddShot) Scopes() []Scope {
	out := []Scope{ContractScope(c.Shot.Contract), c.scope()}
	if s := c.marks(); s != c.scope() {
		out = append(out, s)
	}
	return out
}

// marks is where a deletion of the picture's segment would stand: the diary of the week of its moment.
func (c AddShot) marks() Scope {
	return DiaryScope(c.Shot.Contract, weekAt(max(c.Shot.At, 0)).String())
}
func (c AddShot) Lane() string { return "diary:" + string(c.Shot.Contract) }
func (c AddShot) Wants() []Ref {
	k := ContractScope(c.Shot.Contract)
	return []Ref{{k, KindContract, string(c.Shot.Contract)}, {c.scope(), KindSlice, c.Shot.Slice}, {c.scope(), KindSlice, LateID(c.Shot.Slice)},
		{c.scope(), KindSlice, LateID(LateID(c.Shot.Slice))}, c.Ref()}
}

// FileIDs are the files of its pictures, if there are any.
func (c AddShot) FileIDs() []FileID {
	return c.Shot.Files()
}

func (c AddShot) Check() *Refusal {
	s := c.Shot
	switch {
	case !ValidID(string(s.Contract)) || !ValidID(s.Slice) || !ValidID(s.Device) || !ValidID(string(c.Who)):
		return Refuse(BadInput)
	case !validWeek(c.Week) || s.At < 0 || s.At/600 != s.Cell:
		return Bad("at", "The screenshot does not lie in its segment.")
	case !inReach(c.Week, s.At):
		return Bad("week", "The screenshot does not lie in this week.")
	case s.W < 0 || s.H < 0 || s.W > 20_000 || s.H > 20_000 || s.Displays < 0 || s.Displays > 64:
		return Bad("w", "The screenshot has a size that no screen has.")
	case len(s.Seed) > 8<<10:
		return Bad("seed", "The blurred picture is too large.")
	case len(s.Seed) > 0 && !bytes.HasPrefix(s.Seed, []byte{0xff, 0xd8, 0xff}):
		return Bad("seed", "The blurred picture is no JPEG.")
	case s.Reason == ShotDeleted || s.Reason != "" && !slices.Contains(shotReasons, s.Reason): // a deletion is a CutTime, which takes the time, too
		return Bad("reason", "Unknown reason for a missing picture.")
	}
	if r := s.checkPictures(); r != nil {
		return r
	}
	switch told := truth(s.File != "") + truth(len(s.Seed) > 0) + truth(s.Reason != ""); {
	case told == 0:
		return Bad("reason", "A segment without a picture needs the reason.")
	case told > 1:
		return Bad("reason", "A segment has a picture, a blurred one, or the reason for none: one of the three.")
	}
	return nil
}

// Do puts the picture beside the slice it belongs to, under the contract's own policy: a blurred contract never takes a full picture. The
// first picture of a device and cell stays; a reason for none makes way for a picture. After the freeze nothing that stands is changed.
func (c AddShot) Do(a Asked, in Rows, out *Changes) *Refusal {
	k := ContractScope(c.Shot.Contract)
	n, known := Get[*Contract](in, Ref{k, KindContract, string(c.Shot.Contract)})
	if known == Absent {
		return Refuse(NoAccess)
	}
	if known == Held {
		switch {
		case n.Freelancer != a.By && n.Client != a.By:
			return Refuse(NoAccess)
		case n.Freelancer != a.By || c.Who != a.By:
			return Refuse(FreelancerOnly)
		}
	}
	s, had := Get[*Slice](in, Ref{c.scope(), KindSlice, c.Shot.Slice})
	if had == Absent {
		return Refuse(Gone)
	}
	if had == Held {
		if s.Freelancer != a.By || s.Device != c.Shot.Device {
			return Refuse(NoAccess)
		}
		if h := ReadHistory(in, c.Shot.Contract); h != nil && c.Shot.Reason == "" && !h.mayShow(c.Shot.File != "", s.Start, c.Shot.At) {
			return Refuse(Moved).on("shots")
		}
		if !c.covered(a, in, s) {
			return Bad("at", "The screenshot does not lie in its stretch of time.")
		}
	}
	if cutAt(in, c.marks(), c.Shot.At) {
		return nil // its segment was deleted meanwhile
	}
	shot := c.expired(ReadHistory(in, c.Shot.Contract), a.At)
	if old, k := Get[*Shot](in, c.Ref()); k == Held {
		frozen := Frozen(time.Unix(shot.At, 0), a.At)
		switch same := old.Slice == shot.Slice; {
		case old.shows(&shot):
			return nil
		case frozen && same:
			return Refuse(WeekFrozen)
		case !shot.Pictured() || old.Pictured() || old.Reason == ShotExpired:
			return nil // one picture a device and cell; the first stays
		}
	}
	out.Put(c.scope(), c.Ref().ID, &shot)
	out.Put(k, c.Week, &WeekMark{})
	return nil
}

// Ref is where the screenshot stands.
func (c AddShot) Ref() Ref { return Ref{c.scope(), KindShot, CellID(c.Shot.Device, c.Shot.Cell)} }

// shows reports whether two screenshots of a cell are one: of the same slice and moment, with the same pictures or none for the same reason.
func (s *Shot) shows(o *Shot) bool {
	return s.Slice == o.Slice && s.At == o.At && s.Reason == o.Reason && bytes.Equal(s.Seed, o.Seed) && slices.Equal(s.Files(), o.Files())
}

// covered reports whether the picture's moment lies in its slice, a minute more or less. One that is still open reaches further than what
// was last reported of it, at most to now; one with a late rest reaches to the rest's end.
func (c AddShot) covered(a Asked, in Rows, s *Slice) bool {
	end := s.End
	for _, id := range []string{LateID(s.ID), LateID(LateID(s.ID))} {
		if rest, k := Get[*Slice](in, Ref{c.scope(), KindSlice, id}); k == Held {
			end = max(end, rest.End)
		}
	}
	if s.Close == "" {
		end = min(a.At.Unix()+clockSlack, s.Start+MaxSlice)
	}
	return s.Start-shotSlack <= c.Shot.At && c.Shot.At <= end+shotSlack
}

// shotSlack is how many seconds a picture may lie outside its slice.
const shotSlack = 60

// inReach reports whether an instant can belong to a slice that began in the week: in it, or after it by no more than a slice's length.
func inReach(week string, at int64) bool {
	w, err := ParseWeek(week)
	return err == nil && at >= w.Start().Unix()-shotSlack && at <= w.End().Unix()+MaxSlice+shotSlack
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
