package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"trestle/internal/workroom"
)

// lookouts remembers which diary pictures somebody looked at here of late, and where each file stands. The service writes down whatever it
// hands out (T-09); this is for pictures that are on this computer already, which it hears of only from here: the look is in the outbox
// before the picture is shown, online or not.
type lookouts struct {
	mu   sync.Mutex
	at   map[workroom.FileID]shotPlace
	seen map[string]workroom.Seen // by scope and shot
}

// shotPlace is where a picture of the diary stands.
type shotPlace struct {
	scope workroom.Scope
	id    string // of the shot
}

func (p shotPlace) key() string { return string(p.scope) + " " + p.id }

// shotOf finds the shot that a file is a picture of; false for a file that is none.
func (s *Session) shotOf(ctx context.Context, id string) (shotPlace, bool, error) {
	l := &s.looks
	l.mu.Lock()
	p, known := l.at[workroom.FileID(id)]
	l.mu.Unlock()
	if known {
		r, _, err := s.replica.Thing(ctx, workroom.Ref{Scope: p.scope, Kind: workroom.KindShot, ID: p.id})
		if x, ok := r.Thing.(*workroom.Shot); err != nil || ok && slices.Contains(x.Files(), workroom.FileID(id)) {
			return p, true, err
		}
	}
	if _, _, err := s.findFile(id); err == nil {
		return shotPlace{}, false, nil // of a room
	}
	rows, err := s.replica.Everywhere(ctx, "d:", workroom.KindShot)
	if err != nil {
		return shotPlace{}, false, err
	}
	at := map[workroom.FileID]shotPlace{}
	for _, r := range rows {
		if x, ok := r.Thing.(*workroom.Shot); ok {
			for _, f := range x.Files() {
				at[f] = shotPlace{r.Scope, r.ID}
			}
		}
	}
	l.mu.Lock()
	l.at = at
	l.mu.Unlock()
	p, known = at[workroom.FileID(id)]
	return p, known, nil
}

// looking is called with every picture that is shown: told says that the service handed it out just now and wrote that down itself. A
// picture of which it cannot be written down that somebody looked is not shown.
func (s *Session) looking(ctx context.Context, id string, large, told bool) error {
	p, ok, err := s.shotOf(ctx, id)
	if err != nil || !ok {
		return err
	}
	return s.lookAt(ctx, p.scope, []string{p.id}, workroom.Seen{At: s.clockNow().Unix(), Large: large}, told)
}

// lookAt writes down that shots of one diary week were looked at here, but for those of which that is known. One's own are nobody's business.
func (s *Session) lookAt(ctx context.Context, scope workroom.Scope, shots []string, seen workroom.Seen, told bool) error {
	contract := workroom.ContractID(scope.Owner())
	c, _, err := s.contract(string(contract))
	var gone *workroom.Refusal
	if errors.As(err, &gone) || err == nil && c.Freelancer == s.me() {
		return nil
	}
	if err != nil {
		return err
	}
	l := &s.looks
	l.mu.Lock() // until it is written: of two that show the same at once one writes
	defer l.mu.Unlock()
	var fresh []string // of which these minutes saw nothing yet
	cmd := workroom.NoteLooks{Contract: contract, Week: scope.Part(), Who: s.me()}
	for _, id := range shots {
		was, ok := l.seen[shotPlace{scope, id}.key()]
		if ok && seen.At-was.At < workroom.CellSeconds && (was.Large || !seen.Large) {
			continue
		}
		fresh = append(fresh, id)
		if told {
			continue
		}
		known, err := s.knownLook(ctx, scope, id, seen)
		if err != nil {
			return err
		}
		if !known {
			cmd.Looks = append(cmd.Looks, workroom.LookAt{Shot: id, Seen: seen})
		}
	}
	for list := range slices.Chunk(cmd.Looks, workroom.MaxLooks) {
		one := cmd
		one.Looks = list
		if _, err := s.enqueue(one, enqueueOpts{}); err != nil && !errors.As(err, &gone) { // kept to read only: there is nobody to tell
			return fmt.Errorf("write down a look: %w", err)
		}
	}
	if l.seen == nil {
		l.seen = map[string]workroom.Seen{}
	}
	for _, id := range fresh {
		l.seen[shotPlace{scope, id}.key()] = seen
	}
	return nil
}

// knownLook reports whether the diary says already that these minutes saw such a look.
func (s *Session) knownLook(ctx context.Context, scope workroom.Scope, shot string, seen workroom.Seen) (bool, error) {
	r, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: scope, Kind: workroom.KindLook, ID: workroom.LookID(shot, s.me(), seen.At)})
	if err != nil || known != workroom.Held {
		return false, err
	}
	x, ok := r.Thing.(*workroom.Look)
	return ok && slices.ContainsFunc(x.Seen, func(y workroom.Seen) bool {
		return y.At/workroom.CellSeconds == seen.At/workroom.CellSeconds && (y.Large || !seen.Large)
	}), nil
}

// lookAtBlurred writes down, for whoever is not the freelancer, that a day's blurred pictures were shown: they are in the diary itself, so
// no file is asked for. Once a day is enough, because a page that stays open reads its day again and again.
func (s *Session) lookAtBlurred(ctx context.Context, b *book, day DayView) error {
	if b.contract.Freelancer == b.me {
		return nil
	}
	shown := map[int64]bool{}
	for _, h := range day.Hours {
		for _, c := range h.Cells {
			shown[c.Cell] = len(c.Shots) > 0
		}
	}
	now := s.clockNow()
	today := lookedAt(b.looks, b.me, now)
	weeks := map[workroom.Scope][]string{}
	for _, x := range b.shots {
		id := workroom.CellID(x.Device, x.Cell)
		if scope, ok := b.shotIn[id]; ok && len(x.Seed) > 0 && shown[x.Cell] && !today[id] {
			weeks[scope] = append(weeks[scope], id)
		}
	}
	for scope, ids := range weeks {
		if err := s.lookAt(ctx, scope, ids, workroom.Seen{At: now.Unix()}, false); err != nil {
			return err
		}
	}
	return nil
}

// looksAt counts how often a segment's pictures were looked at: for the freelancer by others, for anybody else by themselves.
func (b *book) looksAt(c workroom.Cell) (n int64) {
	for _, l := range b.looks {
		if workroom.Cell(l.Cell) == c && (b.contract.Freelancer == b.me || l.Who == b.me) {
			n += int64(len(l.Seen))
		}
	}
	return n
}

// Looks is the log of who looked at the screenshots of a contract, newest first (T-09). The freelancer reads all of it, anybody else their
// own looks.
func (d *Diary) Looks(in LooksIn) (out LooksView, err error) {
	defer guard(&err)
	out.Rows = []LookRow{}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	zone := time.Local
	if in.Zone != "" {
		if zone, err = time.LoadLocation(in.Zone); err != nil {
			return out, Fail(CodeBadInput, "This computer knows no time zone of that name.")
		}
	}
	me := s.me()
	out.Shown = c.Freelancer == me
	rows, err := s.replica.Everywhere(s.ctx, "d:"+in.Contract+":", workroom.KindLook)
	if err != nil {
		return out, err
	}
	names := map[workroom.AccountID]string{c.Client: c.ClientName, c.Freelancer: c.FreelancerName}
	for _, r := range rows {
		x, ok := r.Thing.(*workroom.Look)
		if !ok || in.Cell != 0 && x.Cell != in.Cell || !out.Shown && x.Who != me {
			continue
		}
		start := workroom.Cell(x.Cell).Start()
		for _, seen := range x.Seen {
			out.Rows = append(out.Rows, LookRow{Who: cmp.Or(names[x.Who], "Somebody else"), Me: x.Who == me, At: seen.At * 1000, Cell: x.Cell,
				Label: workroom.ClockLabel(start, zone), Day: start.In(zone).Format(time.DateOnly), Large: seen.Large, Waiting: r.Waits()})
		}
	}
	slices.SortFunc(out.Rows, func(a, b LookRow) int {
		return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.Cell, a.Cell), strings.Compare(a.Who, b.Who))
	})
	return out, nil
}

// lookedAt are the shots that somebody looked at on the day of a moment, by the rows there are of it.
func lookedAt(rows []*workroom.Look, who workroom.AccountID, now time.Time) map[string]bool {
	out := map[string]bool{}
	for _, l := range rows {
		if n := len(l.Seen); n > 0 && l.Who == who && l.Seen[n-1].At/86400 == now.Unix()/86400 {
			out[l.Shot] = true
		}
	}
	return out
}
