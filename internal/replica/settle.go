package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Rows lists all waiting commands without arguments, in order of pos, for choosing what to send.
func (r *Replica) Rows(ctx context.Context) ([]outbox.Row, error) {
	var out []outbox.Row
	err := r.read(ctx, func(l *link) (err error) {
		out, err = outbox.List(l)
		return err
	})
	r.markFlying(out)
	return out, err
}

// Attempt counts an attempt of each row, on the disk, and hands the rows back whole. From here on they are never folded or changed, and
// count as under way until Landed, Apply(Results) or the end of the process. Commands are of one lane, and those left out that may not go
// any more: the person, a refusal or a loss of the service was faster than the look they were chosen from (I7).
func (r *Replica) Attempt(ctx context.Context, ids ...string) ([]outbox.Row, error) {
	var out []outbox.Row
	err := r.write(ctx, true, func(t *tx) error {
		out = out[:0]
		still, err := t.still(ids)
		if err != nil {
			return err
		}
		for _, id := range still {
			row, err := outbox.ByID(t, id)
			if err != nil {
				return err
			}
			if err := outbox.Attempt(t, row.N); err != nil {
				return err
			}
			row.Attempts++
			out = append(out, *row)
		}
		t.tell(OutboxScope)
		r.flyMu.Lock()
		defer r.flyMu.Unlock()
		for i := range out {
			r.flying[out[i].ID] = true
		}
		return nil
	})
	if err != nil {
		r.land(ids)
		return nil, err
	}
	return out, nil
}

// still answers which of the rows chosen to be sent may go now.
func (t *tx) still(ids []string) ([]string, error) {
	lane := ""
	for _, id := range ids {
		row, err := outbox.ByID(t, id)
		switch {
		case err != nil:
			return nil, err
		case row == nil || row.Verdict != outbox.None:
			continue
		case row.Op == workroom.OpUpload: // uploads pass each other
			if len(row.After) > 0 {
				return nil, nil
			}
			return []string{id}, nil
		}
		lane = row.Lane
		break
	}
	if lane == "" {
		return nil, nil
	}
	rows, err := outbox.Lane(t, lane)
	if err != nil {
		return nil, err
	}
	return outbox.Still(rows, ids), nil
}

// Landed says that rows are not under way any more, whatever became of them.
func (r *Replica) Landed(ids ...string) {
	r.land(ids)
	r.o.Changed([]workroom.Scope{OutboxScope})
}

func (r *Replica) land(ids []string) {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for _, id := range ids {
		delete(r.flying, id)
		delete(r.doubted, id)
		delete(r.carried, id)
	}
}

// doubt says that whatever is under way was asked of a history that may be lost: its answers count for nothing, and it is asked again. What
// comes of it in the new history is the answer.
func (r *Replica) doubt() {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for id := range r.flying {
		r.doubted[id] = true
	}
}

func (r *Replica) doubts(id string) bool {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	return r.doubted[id]
}

func (r *Replica) markFlying(rows []outbox.Row) {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for i := range rows {
		rows[i].Flying = r.flying[rows[i].ID]
	}
}

// Carried tells how far an upload is; it is kept in memory only, because the service knows which parts it has.
func (r *Replica) Carried(id string, p Progress) {
	r.flyMu.Lock()
	r.carried[id] = p
	r.flyMu.Unlock()
	r.o.Changed([]workroom.Scope{OutboxScope})
}

// Results are the service's answers to commands. At is when they came; rows answered with later wait until Until.
type Results struct {
	Epoch   string
	Results []wire.Result
	Until   time.Time
}

func (c Results) durable() bool { return true }

func (c Results) apply(t *tx) error {
	m := touched{}
	past, err := t.pastEpochs()
	if err != nil {
		return err
	}
	var landed []string
	for _, res := range c.Results {
		landed = append(landed, res.ID)
		if c.Epoch != "" && slices.Contains(past, c.Epoch) || t.r.doubts(res.ID) {
			continue // said in a history the service has lost since: it is asked again (I6)
		}
		row, err := outbox.ByID(t, res.ID)
		if err != nil {
			return err
		}
		if row == nil {
			continue // answered twice
		}
		switch res.Status {
		case wire.OK:
			err = t.acked(row, c.Epoch, res.Things, m)
		case wire.Rejected:
			err = t.reject(row, res, m)
		case wire.DepWait:
			var lost bool
			if lost, err = t.bringFiles(row, m); err == nil && !lost {
				lost, err = t.needFile(row)
			}
			if err == nil && lost {
				dep := workroom.Refuse(workroom.DepFailed)
				err = t.refuse(row, outbox.Rejected, dep.Code, "A file of this is neither at the service nor on this computer any more.", "", m)
			} else if err == nil {
				err = t.later(row, c.Until, res)
			}
		case wire.Later:
			err = t.later(row, c.Until, res)
		}
		if err != nil {
			return err
		}
	}
	t.tell(OutboxScope)
	t.after = append(t.after, func() { t.r.land(landed) })
	return t.rebase(m)
}

// later puts a row off; one the person decided about meanwhile stays as it is.
func (t *tx) later(row *outbox.Row, until time.Time, res wire.Result) error {
	err := outbox.Defer(t, row.N, until.UnixMicro(), res.Code, res.Text)
	if errors.Is(err, outbox.ErrMissing) {
		return nil
	}
	return err
}

// acked is ack, said by the service: it is to prove that it has the command.
func (t *tx) acked(row *outbox.Row, epoch string, things []wire.Thing, m touched) error {
	known, err := t.meta("epoch")
	if err != nil {
		return err
	}
	if row.Op == workroom.OpUpload || epoch != known {
		return t.ack(row, epoch, things, m)
	}
	proven, err := t.pulledBefore(things)
	if err != nil {
		return err
	}
	if err := t.ack(row, epoch, things, m); err != nil {
		return err
	}
	return t.doubtful(row, things, proven)
}

// ack moves a row to sent and takes in what it wrote: greater seq wins, the cursor stays.
func (t *tx) ack(row *outbox.Row, epoch string, things []wire.Thing, m touched) error {
	old, err := t.clear(row.N)
	if err != nil {
		return err
	}
	m.add(old)
	known, err := t.meta("epoch")
	if err != nil {
		return err
	}
	seqs := map[workroom.Scope]int64{}
	for i := range things {
		seqs[things[i].Scope] = max(seqs[things[i].Scope], things[i].Seq)
		if known != "" && epoch != known {
			continue // numbers of another history; the opened scope will bring the rows
		}
		if err := t.merge(&things[i], own, m); err != nil {
			return err
		}
	}
	ranAgain := 0
	if row.Recovered {
		if _, err := t.scan(`SELECT recovered FROM outbox WHERE n=?`, []any{row.N}, &ranAgain); err != nil {
			return err
		}
	}
	if err := outbox.Delete(t, row.N); err != nil {
		return err
	}
	s, err := json.Marshal(seqs)
	if err != nil {
		return fmt.Errorf("encode seqs: %w", err)
	}
	if err := t.r.o.Fail(PointAck); err != nil {
		return err
	}
	if gone, err := t.intoGone(row); err != nil {
		return err
	} else if gone { // accepted before the right was taken away, heard of after it: nothing of it stays (I11)
		return t.forgetParent(row.ID)
	}
	if row.Recovered {
		if err := t.overlooked(row); err != nil {
			return err
		}
	}
	again := row.Recovered && (len(old) > 0 || ranAgain == 2) // what it made was not among the service's rows
	if _, err := t.Exec(`INSERT INTO sent(id,n,pos,lane,op,v,args,at,epoch,seqs,acked,device,about,recovered) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT(id) DO NOTHING`, row.ID, row.N, row.Pos, row.Lane, string(row.Op), row.V, row.Args, row.At, epoch, string(s),
		t.r.o.Now().UnixMicro(), row.Device, row.About, again); err != nil {
		return fmt.Errorf("remember sent command: %w", err)
	}
	if t.r.acks++; t.r.acks%pruneEvery == 0 {
		if err := t.pruneSent(); err != nil {
			return err
		}
	}
	return t.forgetParent(row.ID)
}

// intoGone reports whether a command goes into a scope the account may not read any more. All that waited for it was refused when it went;
// one that was wished since, and accepted, tells that the right came back: the scope is asked for again.
func (t *tx) intoGone(row *outbox.Row) (bool, error) {
	c, err := outbox.Decode(*row)
	if err != nil {
		return false, nil
	}
	for _, name := range c.Scopes() {
		s, err := t.scope(name)
		if err != nil {
			return false, err
		}
		if s.state != Taken && s.state != Archived {
			continue
		}
		if row.Verdict != outbox.None {
			return true, nil
		}
		if s.state == Taken {
			s.state = Named
			if err := t.saveScope(s); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// forgetParent takes an accepted command out of the edges of those that followed it.
func (t *tx) forgetParent(id string) error {
	kids, err := outbox.Children(t, id)
	if err != nil {
		return err
	}
	for i := range kids {
		left := slices.DeleteFunc(kids[i].After, func(x string) bool { return x == id })
		if err := outbox.SetAfter(t, kids[i].N, left); err != nil {
			return err
		}
	}
	return nil
}

// reject stores the service's no by the policy of the op, and what follows from it: children cannot go, and a code that concerns the
// whole lane refuses the whole lane.
func (t *tx) reject(row *outbox.Row, res wire.Result, m touched) error {
	if row.Recovered && row.Op == workroom.OpUpload {
		return t.rejectLost(row, res)
	}
	if by, err := t.park(row, res, m); err != nil || by {
		return err
	}
	for i := range res.Things { // the present state of what was expected to be another
		s, err := t.scope(res.Things[i].Scope)
		if err != nil {
			return err
		}
		if s.state == Whole {
			if err := t.merge(&res.Things[i], own, m); err != nil {
				return err
			}
		}
	}
	if res.Text == "" {
		res.Text = workroom.Refuse(res.Code).Text
	}
	if row.Verdict == outbox.Rejected && row.Code == res.Code && row.Text != "" { // refused here while it was under way, with more words
		res.Text = row.Text
	}
	verdict := outbox.Rejected
	if res.Code == workroom.IDReuse {
		verdict = outbox.Quarantined
	}
	if err := t.refuse(row, verdict, res.Code, res.Text, res.Field, m); err != nil {
		return err
	}
	if row.Recovered {
		if err := t.forgetLost(row, m); err != nil {
			return err
		}
	}
	if !res.Code.LaneFatal() {
		return nil
	}
	lane, err := outbox.Lane(t, row.Lane)
	if err != nil {
		return err
	}
	for i := range lane {
		if lane[i].Verdict == outbox.None {
			if err := t.refuse(&lane[i], outbox.Rejected, res.Code, res.Text, "", m); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetLost removes the message that a command had made in a history the service lost, and its files, once the service has refused to make
// it again: it stood on screen as sent until then, with a number that counts for nothing. Its text waits in Not sent.
func (t *tx) forgetLost(row *outbox.Row, m touched) error {
	c, err := outbox.Decode(*row)
	if err != nil || row.Op != workroom.OpSendMessage {
		return nil
	}
	made := []workroom.Ref{{Kind: workroom.KindMessage, ID: row.ID}}
	if f, ok := c.(workroom.Filer); ok {
		for _, id := range f.FileIDs() {
			made = append(made, workroom.Ref{Kind: workroom.KindFile, ID: string(id)})
		}
	}
	for _, name := range c.Scopes() {
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		for _, ref := range made {
			if err := t.sweep(m, `sc=? AND kind=? AND id=? AND seq=0`, s.sc, string(ref.Kind), ref.ID); err != nil {
				return err
			}
		}
		t.tell(name)
	}
	return nil
}

// refuse puts a verdict on one row, undoes it on screen and refuses its children.
func (t *tx) refuse(row *outbox.Row, v outbox.Verdict, code workroom.Code, text, field string, m touched) error {
	old, err := t.clear(row.N)
	if err != nil {
		return err
	}
	m.add(old)
	if workroom.Ops[row.Op].Policy == workroom.Drop {
		t.r.o.Logf("dropped %s %s: %s", row.Op, row.ID, code)
		err = outbox.Delete(t, row.N)
	} else {
		err = outbox.Judge(t, row.N, v, code, text, field)
	}
	if err != nil {
		return err
	}
	return t.refuseChildren(row.ID, code, m)
}

// refuseChildren refuses what waits behind a refused command. A first message is not delivered because its room was not: it says so in the
// words of that (P-24); its code stays that of what depends on another.
func (t *tx) refuseChildren(id string, code workroom.Code, m touched) error {
	kids, err := outbox.Children(t, id)
	if err != nil {
		return err
	}
	for i := range kids {
		if kids[i].Verdict != outbox.None {
			continue
		}
		dep := workroom.Refuse(workroom.DepFailed)
		if code == workroom.Undeliverable {
			dep.Text = workroom.Refuse(code).Text
		}
		if err := t.refuse(&kids[i], outbox.Rejected, dep.Code, dep.Text, "", m); err != nil {
			return err
		}
	}
	return nil
}

// Uploaded says that the service has a file whole.
func (r *Replica) Uploaded(ctx context.Context, id string) error {
	return r.Apply(ctx, Results{Epoch: "", Results: []wire.Result{{ID: id, Status: wire.OK}}})
}

// Defer puts rows off after a failure that says nothing about them, and keeps why.
func (r *Replica) Defer(ctx context.Context, until time.Time, code workroom.Code, text string, ids ...string) error {
	defer r.land(ids)
	return r.write(ctx, false, func(t *tx) error {
		for _, id := range ids {
			row, err := outbox.ByID(t, id)
			if err != nil {
				return err
			}
			if row == nil || row.Verdict != outbox.None {
				continue
			}
			if err := outbox.Defer(t, row.N, until.UnixMicro(), code, text); err != nil {
				return err
			}
		}
		t.tell(OutboxScope)
		return nil
	})
}
