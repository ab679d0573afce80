package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// addedPart is what an import wrote: the command and the stretch.
type addedPart struct {
	command  string
	contract workroom.ContractID
	part
}

// importHold is how long imported time waits before it goes out, so that Undo leaves nothing behind, and importRow what is added for each row.
const (
	importHold = 15 * time.Second
	importRow  = 10 * time.Millisecond
)

// Start begins to write in what Look says would be added, row by row; how far it is comes by event "import". It works offline as any act does.
func (x *Imports) Start(in ImportIn) (out ImportState, err error) {
	defer guard(&err)
	s, f, p, err := x.planned(in)
	if err != nil {
		return out, err
	}
	rows := slices.DeleteFunc(slices.Clone(p.rows), func(r planned) bool { return r.State != "add" })
	if len(rows) == 0 {
		return out, Fail(CodeBadInput, "Nothing of this file would be added.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != nil && f.state.State == "going" {
		return *f.state, nil
	}
	hold := min(importHold+time.Duration(len(rows))*importRow, outbox.MaxWait)
	if x.c.kind != "desktop" {
		hold = 0 // nobody sees an Undo; trestle import --undo stays
	}
	ctx, stop := context.WithCancel(s.ctx)
	ended := make(chan struct{})
	f.stop, f.ended, f.added = stop, ended, nil
	f.state = &ImportState{ID: f.id, State: "going", Total: int64(len(rows)), Refused: []ImportRow{}, Until: time.Now().Add(hold).UnixMilli()}
	out = *f.state
	s.goes(func() {
		defer close(ended)
		defer stop()
		x.write(ctx, s, f, rows, hold)
	})
	return out, nil
}

func (x *Imports) write(ctx context.Context, s *Session, f *importFile, rows []planned, hold time.Duration) {
	until := time.Now().Add(hold)
	told := time.Time{}
	contracts := map[workroom.ContractID]bool{}
	for _, r := range rows {
		if ctx.Err() != nil {
			break
		}
		added, err := s.importRow(r, time.Until(until))
		f.mu.Lock()
		f.added = append(f.added, added...)
		f.state.Done++
		if err == nil {
			f.state.Added++
			f.state.Seconds += r.Seconds
			contracts[r.contract] = true
		} else {
			f.state.Failed++
			if row := r.ImportRow; len(f.state.Refused) < 100 {
				row.State, row.Why = "refused", AsFailure(err).Message
				f.state.Refused = append(f.state.Refused, row)
			}
		}
		now := *f.state
		f.mu.Unlock()
		if time.Since(told) > 100*time.Millisecond {
			told = time.Now()
			x.c.Events.Publish(EventImport, now)
		}
	}
	for k := range contracts {
		s.timeChanged(string(k))
	}
	f.mu.Lock()
	f.state.State = "done"
	if f.state.Done < f.state.Total {
		f.state.State = "cancelled"
	}
	now := *f.state
	f.mu.Unlock()
	x.c.Events.Publish(EventImport, now)
}

// importRow writes one row in, a command for each week it lies in.
func (s *Session) importRow(r planned, hold time.Duration) ([]addedPart, error) {
	var out []addedPart
	for _, x := range r.parts {
		if x.there {
			continue
		}
		w := workroom.WeekOf(time.Unix(x.From, 0))
		cmd := workroom.AddTime{Contract: r.contract, Week: w.String(), Who: s.me(), Imported: true, Entries: []workroom.ManualEntry{{
			ID: x.id, From: x.From, To: x.To, Activity: r.activity, Memo: r.Memo}}}
		id, err := s.enqueue(cmd, enqueueOpts{At: s.clockNow(), Hold: max(hold, 0)})
		if err != nil {
			return out, err
		}
		out = append(out, addedPart{id, r.contract, x})
	}
	return out, nil
}

// State is how far an import is.
func (x *Imports) State(in IDIn) (out ImportState, err error) {
	defer guard(&err)
	f, err := x.find(in.ID)
	if err != nil {
		return out, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == nil {
		return out, workroom.Refuse(workroom.Gone)
	}
	return *f.state, nil
}

// Stop ends an import after the row it is at. What is in stays, and Undo takes it back.
func (x *Imports) Stop(in IDIn) (err error) {
	defer guard(&err)
	f, err := x.find(in.ID)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop != nil {
		f.stop()
	}
	return nil
}

// Undo takes an import back as one: what has not gone out vanishes without a trace, the rest is deleted. Of a file that was not imported since
// the program was started, it takes back every row that is there; of one that was, what this import added and nothing else.
func (x *Imports) Undo(in ImportIn) (out ImportUndone, err error) {
	defer guard(&err)
	s, f, p, err := x.planned(in)
	if err != nil {
		return out, err
	}
	f.mu.Lock()
	stop, ended := f.stop, f.ended
	f.mu.Unlock()
	if stop != nil { // the row it is at is among what is taken back
		stop()
		<-ended
	}
	f.mu.Lock()
	added := slices.Clone(f.added)
	f.mu.Unlock()
	if ended == nil {
		for _, r := range p.rows {
			for _, part := range r.parts {
				if part.there && (r.State == "there" || r.State == "add") {
					added = append(added, addedPart{contract: r.contract, part: part})
				}
			}
		}
	}
	if out, err = s.takeBackTime(p, added); err != nil {
		return out, err
	}
	f.mu.Lock()
	f.added, f.state = nil, nil
	f.mu.Unlock()
	return out, nil
}

func (s *Session) takeBackTime(p *plan, added []addedPart) (out ImportUndone, err error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return out, err
	}
	waits := map[string]string{}
	for _, i := range list {
		if c, ok := i.Command.(workroom.AddTime); ok && len(c.Entries) == 1 {
			waits[c.Entries[0].ID] = i.ID
		}
	}
	contracts := map[workroom.ContractID]bool{}
	for _, a := range added {
		contracts[a.contract] = true
		if id := waits[a.id]; id != "" {
			err := s.replica.Discard(context.Background(), id)
			if err == nil {
				out.Rows, out.Seconds = out.Rows+1, out.Seconds+a.Seconds()
				continue
			}
			if ref := (*workroom.Refusal)(nil); !errors.As(err, &ref) {
				return out, err
			} // it is on its way: what arrives is deleted
		}
		k := p.find(string(a.contract))
		if k == nil {
			continue
		}
		if workroom.MayMark(k.terms, s.me(), workroom.MarkCut, a.From, p.now) != nil {
			out.Standing += a.Seconds()
			continue
		}
		b, err := s.bookAround(a.contract, k.c, a.From, a.To)
		if err != nil {
			return out, err
		}
		for _, x := range b.pieces() { // what it owns, and nothing that was tracked there
			if x.Slice != a.id {
				continue
			}
			w := workroom.WeekOf(time.Unix(x.From, 0))
			if _, err := s.enqueue(workroom.CutTime{Contract: a.contract, Week: w.String(), From: x.From, To: x.To}, enqueueOpts{At: p.now}); err != nil {
				return out, err
			}
			out.Deleted += x.Seconds()
		}
		out.Rows, out.Seconds = out.Rows+1, out.Seconds+a.Seconds()
	}
	for k := range contracts {
		s.timeChanged(string(k))
	}
	return out, nil
}
