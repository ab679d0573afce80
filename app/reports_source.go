package app

import (
	"context"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// timeSource is the time on this computer as reports read it, at one moment.
type timeSource struct {
	s         *Session
	now       time.Time
	zone      *time.Location
	rows      []replica.Row
	contracts []*timesheet.Contract
	raw       map[workroom.ContractID]*workroom.Contract
	history   map[workroom.ContractID]*workroom.History
	codes     *timesheet.Codes
	only      *workroom.Week         // the only week that is meant
	live      map[workroom.Week]bool // weeks in which the tracker is ahead of what is stored
}

func (s *Session) timeSource(zone string) (*timeSource, error) {
	if zone == "" {
		zone = "UTC"
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, Fail(CodeBadInput, "This computer knows no time zone of that name.")
	}
	ctx := context.Background()
	x := &timeSource{s: s, now: time.Now(), zone: loc, raw: map[workroom.ContractID]*workroom.Contract{},
		history: map[workroom.ContractID]*workroom.History{}, live: map[workroom.Week]bool{}}
	if x.rows, err = s.replica.Contracts(ctx); err != nil {
		return nil, err
	}
	acts, err := s.replica.Everywhere(ctx, "k:", workroom.KindActivity)
	if err != nil {
		return nil, err
	}
	of := map[workroom.ContractID]map[workroom.ActivityID]*workroom.Activity{}
	for _, r := range acts {
		if a, ok := r.Thing.(*workroom.Activity); ok {
			id := workroom.ContractID(r.Scope.Owner())
			if of[id] == nil {
				of[id] = map[workroom.ActivityID]*workroom.Activity{}
			}
			of[id][workroom.ActivityID(r.ID)] = a
		}
	}
	turned, err := s.replica.Everywhere(ctx, "k:", workroom.KindTurn)
	if err != nil {
		return nil, err
	}
	turns := map[workroom.ContractID][]*workroom.Turn{}
	for _, r := range turned {
		if t, ok := r.Thing.(*workroom.Turn); ok {
			id := workroom.ContractID(r.Scope.Owner())
			turns[id] = append(turns[id], t)
		}
	}
	for _, r := range x.rows {
		c, ok := r.Thing.(*workroom.Contract)
		if !ok {
			continue
		}
		id := workroom.ContractID(r.ID)
		x.raw[id], x.history[id] = c, workroom.HistoryOf(c, turns[id])
		k := &timesheet.Contract{ID: id, Title: c.Title, Client: c.Client, ClientName: c.ClientName, Freelancer: c.Freelancer, FreelancerName: c.FreelancerName,
			Terms: c.Terms, Activities: of[id]}
		if c.Freelancer == s.me() {
			k.Email = s.st.Email
		}
		x.contracts = append(x.contracts, k)
	}
	x.codes = timesheet.CodesOf(x.contracts)
	if s.track != nil {
		for _, k := range x.contracts {
			probe := &book{id: k.ID, contract: x.raw[k.ID], waiting: map[string]bool{}, now: x.now, zone: loc}
			s.track.addTo(probe)
			for _, p := range append(probe.slices, probe.others...) {
				for w := workroom.WeekOf(time.Unix(p.Start, 0)); w.Start().Unix() <= p.End; w = w.Next() {
					x.live[w] = true
				}
			}
		}
	}
	return x, nil
}

// weeks are those that days of the zone may reach into, oldest first, of those in which a diary holds anything.
func (x *timeSource) weeks(from, to timesheet.Day) (map[workroom.Week][]*timesheet.Contract, []workroom.Week, error) {
	names, err := x.s.replica.Diaries(context.Background())
	if err != nil {
		return nil, nil, err
	}
	first, last := workroom.WeekOf(time.Unix(from.Start(x.zone), 0)), workroom.WeekOf(time.Unix((to+1).Start(x.zone)-1, 0))
	held := map[workroom.ContractID]map[workroom.Week]bool{}
	add := func(id workroom.ContractID, w workroom.Week) {
		if held[id] == nil {
			held[id] = map[workroom.Week]bool{}
		}
		held[id][w] = true
	}
	for _, name := range names {
		w, err := workroom.ParseWeek(name.Part())
		if err != nil {
			continue
		}
		id := workroom.ContractID(name.Owner())
		add(id, w)
		add(id, w.Next()) // a slice may reach into it
	}
	out := map[workroom.Week][]*timesheet.Contract{}
	for _, k := range x.contracts {
		for w := range x.live {
			add(k.ID, w)
		}
		for w := range held[k.ID] {
			if !w.Start().Before(first.Start()) && !w.Start().After(last.Start()) {
				out[w] = append(out[w], k)
			}
		}
	}
	if x.only != nil {
		for w := range out {
			if w != *x.only {
				delete(out, w)
			}
		}
	}
	var order []workroom.Week
	for w := range out {
		order = append(order, w)
	}
	slices.SortFunc(order, func(a, b workroom.Week) int { return a.Start().Compare(b.Start()) })
	return out, order, nil
}
