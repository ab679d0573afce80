package app

import (
	"context"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// member is a person of a room as the rules see them.
func (p Person) member() *workroom.Member {
	return &workroom.Member{Name: p.Name, Role: workroom.Role(p.Role)}
}

// party reports whether I am a side of the room's contract: to others it let in the contract is not open.
func party(people []Person) bool {
	return slices.ContainsFunc(people, func(p Person) bool { return p.Me && p.member().Party() })
}

// may is what I may do in a room: what the rules would allow, said beforehand so that a page shows no entry that leads nowhere.
func (s *Session) may(room *workroom.Room, people []Person) MayView {
	at := slices.IndexFunc(people, func(p Person) bool { return p.Me && !p.Left })
	if at < 0 {
		return MayView{}
	}
	me := people[at].member()
	leads, owns, group := me.Leads(room.Kind), me.Owns(room.Kind), room.Kind == workroom.GroupRoom
	out := MayView{
		Write:  !room.Archived,
		Rename: leads && !room.Archived && room.Kind != workroom.DirectRoom, Archive: group && leads && !room.Archived, Unarchive: group && leads && room.Archived,
		Add: !room.Archived && (leads || room.Kind == workroom.DirectRoom), Roles: owns && room.Kind != workroom.DirectRoom, HandOver: owns && group,
	}
	switch {
	case room.Kind == workroom.DirectRoom:
		out.LeaveWhy = "direct"
	case me.Party():
		out.LeaveWhy = "contract"
	case owns:
		out.LeaveWhy = "owner"
	}
	out.Leave = out.LeaveWhy == ""
	return out
}

// Members is a room's People with what I may do about each (M-21).
func (r *Rooms) Members(in RoomIn) (out MembersView, err error) {
	defer guard(&err)
	out.Members = []MemberRow{}
	s, id, room, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	people, err := s.people(id)
	if err != nil {
		return out, err
	}
	out.May = s.may(room, people)
	rows, err := s.replica.All(context.Background(), workroom.RoomScope(id), workroom.KindMember)
	if err != nil {
		return out, err
	}
	between, err := s.between()
	if err != nil {
		return out, err
	}
	for _, p := range present(people) {
		m := p.member()
		row := MemberRow{ID: p.ID, Name: p.Name, Role: p.Role, Me: p.Me, Owner: m.Owns(room.Kind)}
		for _, x := range rows {
			if t, ok := x.Thing.(*workroom.Member); ok && x.ID == p.ID {
				row.Since, row.Waiting = t.Since/1000, x.Waits()
			}
		}
		if !p.Me {
			plain := m.Role == workroom.Writer
			other := !m.Party() && !row.Owner && room.Kind != workroom.DirectRoom
			row.CanRemove = other && (out.May.Roles || out.May.Add && plain)
			row.CanAdmin, row.CanMember = out.May.Roles && other && plain, out.May.Roles && other && m.Role == workroom.Admin
			row.CanHandOver = out.May.HandOver
			row.BlockWhy = between.why(workroom.AccountID(p.ID))
			row.CanBlock = row.BlockWhy == ""
			row.CanMessage = row.BlockWhy != "blocked"
		}
		out.Members = append(out.Members, row)
	}
	slices.SortStableFunc(out.Members, func(a, b MemberRow) int {
		if d := memberRank(a) - memberRank(b); d != 0 {
			return d
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// memberRank orders the people of a room: its owner, its admins, the sides of a contract, everybody else.
func memberRank(m MemberRow) int {
	switch {
	case m.Owner:
		return 0
	case m.Role == string(workroom.Admin):
		return 1
	case m.Role == string(workroom.Freelancer):
		return 2
	}
	return 3
}
