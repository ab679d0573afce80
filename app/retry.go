package app

import (
	"cmp"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// settled are the refusals that the same words meet again, whenever they are sent.
var settled = map[workroom.Code]bool{
	workroom.BadInput:       true,
	workroom.TooLarge:       true,
	workroom.Gone:           true, // what it is about was taken away for good
	workroom.TooLate:        true,
	workroom.MemoEmpty:      true,
	workroom.AuthorOnly:     true,
	workroom.ClientOnly:     true,
	workroom.FreelancerOnly: true,
	workroom.WrongAddress:   true,
	workroom.UploaderOnly:   true,
	workroom.ContactDetails: true, // before a contract; Edit takes them out
	workroom.TypeRefused:    true,
	workroom.NotArchivable:  true,
	workroom.RoomKindNot:    true,
	workroom.PartyStays:     true,
	workroom.WeekFrozen:     true,
	workroom.WeekOver:       true,
	workroom.Overlap:        true,
	workroom.RateCut:        true,
	workroom.OtherSide:      true,
	workroom.TooMany:        true,
}

// helps reports whether sending something again can end otherwise than it did. What a closed place took along goes again once the place is
// open here; what hangs on a file goes with that file or not at all.
func (s *Session) helps(i replica.Item, uploads map[string]replica.Item) bool {
	answers := i.Op == workroom.OpAskOffer || i.Op == workroom.OpAcceptContract || i.Op == workroom.OpDeclineContract
	switch {
	case i.Verdict != outbox.Rejected: // lost by the service, or set aside for a while
		return i.Verdict != outbox.None
	case settled[i.Code]:
		return false
	case i.Code == workroom.DepFailed:
		for _, id := range i.After {
			if u, ok := uploads[id]; ok && u.Verdict != outbox.None && !s.helps(u, uploads) {
				return false
			}
		}
		return len(i.After) > 0 // with nothing left to wait for, a file is lost
	case answers: // the answer was to those terms, within that time
		return i.Code != workroom.Moved && i.Code != workroom.Expired && !i.Code.LaneFatal()
	case i.Code.LaneFatal():
		return s.open(placeOf(i))
	}
	return true
}

// reasonOf is why something was not sent, in words for a person. What a closed place took along says so of that time, once it is open again.
func (s *Session) reasonOf(i replica.Item) string {
	if i.Code.LaneFatal() && s.open(placeOf(i)) {
		return openAgain[i.Code]
	}
	return cmp.Or(i.Text, workroom.Refuse(i.Code).Text)
}

// openAgain are the refusals of a closed place once it is open.
var openAgain = map[workroom.Code]string{
	workroom.RoomArchived:  "This room was archived when this was to be sent. It is open again.",
	workroom.NoAccess:      "This was not open to you when it was to be sent. It is now.",
	workroom.ContractEnded: "This contract was not active when this was to be sent. It is now.",
}

// placeOf is the room or contract that something is done in.
func placeOf(i replica.Item) workroom.Scope {
	switch c := i.Command.(type) {
	case workroom.SetBookmark:
		return workroom.RoomScope(c.Room)
	case workroom.SetPref:
		return workroom.RoomScope(c.Room)
	case workroom.SetNote:
		return workroom.RoomScope(c.Room)
	case workroom.ReportSlice:
		return workroom.ContractScope(c.Slice.Contract)
	case workroom.AddShot:
		return workroom.ContractScope(c.Shot.Contract)
	case workroom.MarkTime:
		return workroom.ContractScope(c.Contract)
	case workroom.CutTime:
		return workroom.ContractScope(c.Contract)
	case workroom.AddTime:
		return workroom.ContractScope(c.Contract)
	case workroom.ApproveTime:
		return workroom.ContractScope(c.Contract)
	case workroom.DisputeWeek:
		return workroom.ContractScope(c.Contract)
	case nil:
		if i.Upload != nil {
			return i.Upload.Scope.Root()
		}
	}
	return workroom.Scope(i.Lane)
}

// open reports whether a room or contract is here and can be written in.
func (s *Session) open(place workroom.Scope) bool {
	switch place.Kind() {
	case "r":
		_, r, err := s.room(place.Owner())
		return err == nil && !r.Archived
	case "k":
		c, row, err := s.contract(place.Owner())
		return err == nil && !row.Archive && c.Status == workroom.Active
	}
	return false
}
