package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// pinned are the seals that this computer has seen, by contract and week. A service that wrote a sealed week anew would have to give it
// another sum than this: so what was seen first is kept beside the store, where nothing that is pulled can change it.
type pinned struct {
	mu   sync.Mutex
	path string
	sums map[workroom.ContractID]map[string]string
}

func openPinned(dir string) *pinned {
	p := &pinned{path: filepath.Join(dir, "seals.json"), sums: map[workroom.ContractID]map[string]string{}}
	body, err := os.ReadFile(p.path)
	if err == nil {
		err = json.Unmarshal(body, &p.sums)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Error("read the seals that were seen", "error", traceOf(err))
	}
	return p
}

// pin keeps a seal that was not seen before, and answers the one that was seen first.
func (p *pinned) pin(k workroom.ContractID, s *workroom.Seal) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sums[k] == nil {
		p.sums[k] = map[string]string{}
	}
	if had := p.sums[k][s.Week]; had != "" {
		return had
	}
	p.sums[k][s.Week] = s.Sum
	body, err := json.Marshal(p.sums)
	if err == nil {
		err = writeWhole(p.path, body, 0o600)
	}
	if err != nil {
		slog.Error("keep a seal", "error", traceOf(err))
	}
	return s.Sum
}

// has reports whether a week's seal was seen.
func (p *pinned) has(k workroom.ContractID, week string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sums[k][week] != ""
}

// sealEvery is how often a desktop looks for weeks that are over.
const sealEvery = time.Hour

// followSeals asks the service to seal what is closed, and keeps the seals that come.
func (s *Session) followSeals(ctx context.Context) {
	for wait := time.Minute; ; wait = sealEvery {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if err := s.sealWeeks(ctx, s.clockNow()); err != nil && ctx.Err() == nil {
			slog.Warn("seal closed weeks", "error", traceOf(err))
		}
	}
}

// sealWeeks asks for the seals of the weeks that are over at now.
func (s *Session) sealWeeks(ctx context.Context, now time.Time) error {
	rows, err := s.replica.Contracts(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		id := workroom.ContractID(r.ID)
		c, ok := r.Thing.(*workroom.Contract)
		if !ok || r.Archive || c.Started == 0 {
			continue
		}
		h, err := s.history(ctx, id, c)
		if err != nil {
			return err
		}
		weeks, err := s.weeksOf(ctx, id)
		if err != nil {
			return err
		}
		for _, name := range weeks {
			w, err := workroom.ParseWeek(name)
			if err != nil || !workroom.SealDue(h, w, now) || s.pinned.has(id, name) {
				continue
			}
			seal, err := s.seal(ctx, id, name)
			if err != nil {
				return err
			}
			if seal != nil {
				s.pinned.pin(id, seal)
				continue
			}
			if _, err := s.enqueue(workroom.CloseWeek{Contract: id, Week: name}, enqueueOpts{At: now}); err != nil {
				return err
			}
		}
	}
	return nil
}

// weeksOf are the weeks of a contract in which there is anything, oldest first: those with a diary, and those into which only the last slices
// of the week before reach.
func (s *Session) weeksOf(ctx context.Context, id workroom.ContractID) ([]string, error) {
	rows, err := s.replica.Weeks(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	slices.Sort(out)
	for _, name := range slices.Clone(out) {
		w, err := workroom.ParseWeek(name)
		if err != nil {
			continue
		}
		if at, known := slices.BinarySearch(out, w.Next().String()); !known {
			over, err := s.reaches(ctx, id, w)
			if err != nil {
				return nil, err
			}
			if over {
				out = slices.Insert(out, at, w.Next().String())
			}
		}
	}
	return out, nil
}

// reaches reports whether a slice of a week goes on in the next.
func (s *Session) reaches(ctx context.Context, id workroom.ContractID, w workroom.Week) (bool, error) {
	rows, err := s.replica.All(ctx, workroom.DiaryScope(id, w.String()), workroom.KindSlice)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(rows, func(r replica.Row) bool {
		x, ok := r.Thing.(*workroom.Slice)
		return ok && x.ReachesInto(w.Next())
	}), nil
}

// seal is the seal of a week, nil if there is none here.
func (s *Session) seal(ctx context.Context, k workroom.ContractID, week string) (*workroom.Seal, error) {
	r, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.DiaryScope(k, week), Kind: workroom.KindSeal, ID: week})
	if err != nil || known != workroom.Held {
		return nil, err
	}
	seal, _ := r.Thing.(*workroom.Seal)
	return seal, nil
}

// Verify computes the seals of a contract's closed weeks anew from the rows on this computer, and compares.
func (d *Diary) Verify(in IDIn) (out VerifyView, err error) {
	defer guard(&err)
	out.Weeks = []SealView{}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(in.ID)
	if err != nil {
		return out, err
	}
	h, err := s.history(context.Background(), workroom.ContractID(in.ID), c)
	if err != nil {
		return out, err
	}
	return s.verify(context.Background(), workroom.ContractID(in.ID), h, s.clockNow())
}

func (s *Session) verify(ctx context.Context, id workroom.ContractID, h *workroom.History, now time.Time) (VerifyView, error) {
	out := VerifyView{Contract: string(id), Good: true, Weeks: []SealView{}}
	names, err := s.weeksOf(ctx, id)
	if err != nil {
		return out, err
	}
	var seals []*workroom.Seal
	for _, name := range names {
		w, err := workroom.ParseWeek(name)
		if err != nil {
			continue
		}
		v := SealView{Week: name, State: "open", Why: []string{}}
		seal, err := s.seal(ctx, id, name)
		switch {
		case err != nil:
			return out, err
		case seal != nil:
			seals = append(seals, seal)
			continue
		case s.pinned.has(id, name):
			v.State, v.Why = "rewritten", append(v.Why, "This computer has seen a seal of this week, and it is gone.")
			out.Good = false
		case workroom.SealDue(h, w, now):
			v.State = "waiting"
		}
		out.Weeks = append(out.Weeks, v)
	}
	slices.SortFunc(seals, func(a, b *workroom.Seal) int { return cmp.Compare(a.N, b.N) })
	prev := ""
	for i, seal := range seals {
		v := SealView{Week: seal.Week, State: "good", N: seal.N, Sum: seal.Sum, Seconds: seal.Seconds, Amount: seal.Amount, Rows: int64(len(seal.Rows)), Why: []string{}}
		if seal.N != int64(i)+1 {
			v.Why = append(v.Why, fmt.Sprintf("It is number %d; number %d is missing.", seal.N, i+1))
		}
		diary, err := s.sealed(ctx, id, seal.Week)
		if err != nil {
			return out, err
		}
		v.Why = append(v.Why, seal.Faults(diary, prev)...)
		if len(v.Why) > 0 {
			v.State, out.Good = "changed", false
		}
		if had := s.pinned.pin(id, seal); had != seal.Sum {
			v.State, out.Good = "rewritten", false
			v.Why = append(v.Why, "This computer has seen another seal of this week: "+had+".")
		}
		prev, out.Head = seal.Sum, seal.Sum
		out.Weeks = append(out.Weeks, v)
	}
	slices.SortFunc(out.Weeks, func(a, b SealView) int { return cmp.Compare(a.Week, b.Week) })
	return out, nil
}

// sealed are the rows that a week's seal is over, as this copy has them.
func (s *Session) sealed(ctx context.Context, id workroom.ContractID, week string) (*workroom.Diary, error) {
	w, err := workroom.ParseWeek(week)
	if err != nil {
		return nil, err
	}
	out := workroom.NewDiary()
	for _, at := range []workroom.Week{w.Previous(), w} {
		for _, kind := range []workroom.Kind{workroom.KindSlice, workroom.KindMark, workroom.KindClaim} {
			rows, err := s.replica.All(ctx, workroom.DiaryScope(id, at.String()), kind)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				out.Add(r.Ref, r.Thing)
			}
		}
	}
	return out, nil
}
