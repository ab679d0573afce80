package app

import (
	"context"
	"slices"
	"strings"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Safety is what keeps people apart and tells the administrator: blocking and reporting.
type Safety struct{ c *Core }

// Block keeps everything from passing between somebody and me (P-22). With an active contract between us it is refused (P-23).
func (f *Safety) Block(in BlockIn) (err error) {
	defer guard(&err)
	return f.block(in, true)
}

// Unblock ends that.
func (f *Safety) Unblock(in BlockIn) (err error) {
	defer guard(&err)
	return f.block(in, false)
}

func (f *Safety) block(in BlockIn, on bool) error {
	s, err := f.c.here()
	if err != nil {
		return err
	}
	between, err := s.between()
	if err != nil {
		return err
	}
	who := workroom.AccountID(in.Account)
	if on && between.active[who] {
		return workroom.Refuse(workroom.ActiveContract)
	}
	name, err := s.nameOf(who, in.Name)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.SetBlock{Who: s.me(), Other: who, Name: name, On: on}, enqueueOpts{})
	return err
}

// nameOf is what somebody is called: as the address book or the list of the blocked has it, else as the page says.
func (s *Session) nameOf(who workroom.AccountID, said string) (string, error) {
	book, err := s.addressBook()
	if err != nil {
		return "", err
	}
	if k := book[who]; k != nil && k.Name != "" {
		return workroom.SafeLabel(k.Name, workroom.MaxName), nil
	}
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindBlock, ID: string(who)})
	if b, ok := x.Thing.(*workroom.Block); ok && known == workroom.Held && b.Name != "" {
		return b.Name, nil
	}
	if said = workroom.SafeLabel(said, workroom.MaxName); said == "" {
		said = "Somebody"
	}
	return said, err
}

// Blocked lists whom I blocked.
func (f *Safety) Blocked() (out BlockedView, err error) {
	defer guard(&err)
	out.People, out.Active = []BlockedRow{}, []string{}
	s, err := f.c.here()
	if err != nil {
		return out, err
	}
	rows, err := s.replica.All(context.Background(), workroom.AccountScope(s.me()), workroom.KindBlock)
	if err != nil {
		return out, err
	}
	for _, x := range rows {
		if b, ok := x.Thing.(*workroom.Block); ok && b.Mine != 0 {
			out.People = append(out.People, BlockedRow{ID: x.ID, Name: b.Name, At: b.Mine / 1000})
		}
	}
	between, err := s.between()
	if err != nil {
		return out, err
	}
	for id := range between.active {
		out.Active = append(out.Active, string(id))
	}
	slices.Sort(out.Active)
	slices.SortFunc(out.People, func(a, b BlockedRow) int {
		if d := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, nil
}

// Report tells the administrator of a message or a person (P-19).
func (f *Safety) Report(in ReportMessageIn) (err error) {
	defer guard(&err)
	s, err := f.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	who, seen := workroom.AccountID(in.Account), ""
	if in.Message != "" {
		m, err := s.message(room, in.Message)
		if err != nil {
			return err
		}
		who, seen = m.Author, m.Text
		switch open, err := s.reportIsOpen(room, in.Message); {
		case err != nil:
			return err
		case open:
			return Fail(CodeBadInput, "You have reported this message already. Settings, Safety says what comes of it.")
		}
	}
	if who == s.me() {
		return Fail(CodeBadInput, "You cannot report yourself.")
	}
	name, err := s.nameOf(who, s.memberName(room, who))
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.MakeReport{Who: s.me(), Person: who, Name: name, Room: room, Message: in.Message, Reason: workroom.Reason(in.Reason),
		Note: strings.TrimSpace(in.Note), Seen: seen}, enqueueOpts{})
	return err
}

// reportIsOpen reports whether I reported a message already and nobody has decided about it (P-21: two reports of one are one matter).
func (s *Session) reportIsOpen(room workroom.RoomID, message string) (bool, error) {
	rows, err := s.replica.All(context.Background(), workroom.AccountScope(s.me()), workroom.KindReport)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(rows, func(r replica.Row) bool {
		x, ok := r.Thing.(*workroom.Report)
		return ok && x.Room == room && x.Message == message && x.Outcome == workroom.ReportOpen
	}), nil
}

// MyReports lists what I reported and what came of it (P-21).
func (f *Safety) MyReports() (out ReportsView, err error) {
	defer guard(&err)
	out.Reports = []ReportRow{}
	s, err := f.c.here()
	if err != nil {
		return out, err
	}
	rows, err := s.replica.All(context.Background(), workroom.AccountScope(s.me()), workroom.KindReport)
	if err != nil {
		return out, err
	}
	for _, x := range rows {
		r, ok := x.Thing.(*workroom.Report)
		if !ok {
			continue
		}
		row := ReportRow{ID: x.ID, Person: r.Name, Reason: string(r.Reason), Note: r.Note, At: r.At / 1000, Waiting: x.Waits(), Outcome: string(r.Outcome),
			Decided: r.Decided / 1000}
		if _, room, err := s.room(string(r.Room)); err == nil {
			row.Room = room.Name
		}
		out.Reports = append(out.Reports, row)
	}
	slices.SortFunc(out.Reports, func(a, b ReportRow) int { return int(min(max(b.At-a.At, -1), 1)) })
	return out, nil
}

// Standing is what the administrator wrote to my account: why it is suspended (U-14), and their newest warning.
func (f *Safety) Standing() (out StandingView, err error) {
	defer guard(&err)
	s, err := f.c.here()
	if err != nil {
		return out, err
	}
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindAccount, ID: string(s.me())})
	a, ok := x.Thing.(*workroom.Account)
	if err != nil || !ok || known != workroom.Held {
		return out, err
	}
	if a.Suspended != nil {
		out.Suspended, out.SuspendedAt = a.Suspended.Text, a.Suspended.At/1000
	}
	if a.Warned != nil {
		out.Warned, out.WarnedAt = a.Warned.Text, a.Warned.At/1000
	}
	return out, nil
}
