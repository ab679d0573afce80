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

// Uploaded says that the service has a file whole.
func (r *Replica) Uploaded(ctx context.Context, id string) error {
	return r.Apply(ctx, Results{Epoch: "", Results: []wire.Result{{ID: id, Status: wire.OK}}})
}
