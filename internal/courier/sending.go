package courier

import (
	"errors"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// choose looks at the outbox anew. While a look is under way another is noted, and the outdated one is thrown away: what is sent next is
// always chosen from rows read after the last answer was stored.
func (m *machine) choose(out []act) []act {
	m.gen++
	if m.choosing {
		m.chooseAgain = true
		return out
	}
	m.choosing = true
	return append(out, actChoose{m.gen})
}

func (m *machine) rows(now time.Time, e evRows, out []act) []act {
	m.choosing = false
	if e.err != nil {
		m.wakeAt(now.Add(m.backoff("file")))
		return out
	}
	if m.chooseAgain || e.gen != m.gen {
		m.chooseAgain = false
		return m.choose(out)
	}
	if m.phase == Paused || !m.sure {
		return out
	}
	if now.Before(m.netAt) {
		m.wakeAt(m.netAt)
		return out
	}
	us := now.UnixMicro()
	rows := e.rows
	for i := range rows {
		lane := rows[i].Lane
		if rows[i].Op == workroom.OpUpload {
			lane = laneOf(rows[i].ID)
		}
		rows[i].Flying = m.busy[lane]
	}
	batches, uploads := m.probe(now, outbox.Next(rows, us, m.served), outbox.NextUploads(rows, us))
	for _, b := range batches {
		lane := b[0].Lane
		if m.solo[lane] {
			b = b[:1]
		}
		m.turn++
		m.served[lane], m.busy[lane] = m.turn, true
		ids := make([]string, len(b))
		for i := range b {
			ids[i] = b[i].ID
		}
		out = append(out, actSend{lane, ids})
	}
	for _, u := range uploads {
		m.busy[laneOf(u.ID)] = true
		out = append(out, actUpload{u.ID})
	}
	if at := outbox.Wake(rows, us); at > 0 {
		m.wakeAt(time.UnixMicro(at))
	}
	return out
}

// sent takes in the answer to a batch. Only the service's own last word is final; everything else leaves the rows as they are.
func (m *machine) sent(now time.Time, e evSent, out []act) []act {
	m.upgrade.over()
	if e.err == nil && e.out == nil { // nothing was left to send
		delete(m.busy, e.lane)
		return m.choose(out)
	}
	if e.err != nil {
		err := asError(e.err)
		switch {
		case m.failed(now, err):
			return append(out, actLand{e.lane, e.ids})
		case err.Code != localTrouble:
			m.taken()
		}
		switch {
		case err.Final && len(e.ids) == 1:
			return append(out, actApply{e.lane, replica.Results{Until: now, Results: []wire.Result{refusal(e.ids[0], err)}}})
		case err.Final:
			m.solo[e.lane] = true // one of them is not to the service's liking: find out which
			return append(out, actLand{e.lane, e.ids})
		case err.Retry == workroom.RetryDevice:
			return append(out, actRenew{e.lane, e.ids, now.Add(m.backoff("device"))})
		}
		until := now.Add(min(max(m.backoff(e.lane), err.After), outbox.MaxWait))
		m.wakeAt(until)
		off := actPutOff{e.lane, until, err.Code, err.Text, e.ids}
		if !poison(err) {
			return append(out, off)
		}
		m.solo[e.lane] = true
		if len(e.ids) == 1 {
			return append(out, actStrike{off})
		}
		return append(out, off)
	}
	m.reached(now)
	m.taken()
	delete(m.solo, e.lane)
	delete(m.fails, "device")
	if e.lost { // the heads tell the new epoch, and what was lost goes first
		m.sure, m.headsAgain = false, true
		return append(out, actLand{e.lane, e.ids})
	}
	until := now
	for _, r := range e.out.Results {
		m.dirty = m.dirty || r.Status == wire.OK
		for _, x := range r.Things {
			m.headsAgain = m.headsAgain || x.Kind == workroom.KindGrant
		}
	}
	for _, r := range e.out.Results {
		if r.Status == wire.Later || r.Status == wire.DepWait {
			until = now.Add(m.backoff(e.lane))
			m.wakeAt(until)
			break
		}
		delete(m.fails, e.lane)
	}
	return append(out, actApply{e.lane, replica.Results{Epoch: e.out.Epoch, Results: e.out.Results, Until: until}})
}

func (m *machine) uploaded(now time.Time, e evUploaded, out []act) []act {
	lane := laneOf(e.id)
	m.upgrade.over()
	done := func(r wire.Result) []act {
		delete(m.fails, lane)
		return append(out, actApply{lane, replica.Results{Until: now, Results: []wire.Result{r}}})
	}
	if e.vanished {
		return done(wire.Result{ID: e.id, Status: wire.Rejected, Code: workroom.Gone,
			Text: "The file's copy on this computer is gone or was changed, so it cannot be sent. Attach it again."})
	}
	if e.err == nil {
		m.reached(now)
		m.taken()
		return done(wire.Result{ID: e.id, Status: wire.OK})
	}
	err := asError(e.err)
	switch {
	case m.failed(now, err):
		return append(out, actLand{lane, []string{e.id}})
	case err.Code != localTrouble:
		m.taken()
	}
	switch {
	case err.Final:
		return done(refusal(e.id, err))
	}
	until := now.Add(min(max(m.backoff(lane), err.After), outbox.MaxWait))
	m.wakeAt(until)
	off := actPutOff{lane, until, err.Code, err.Text, []string{e.id}}
	if poison(err) {
		return append(out, actStrike{off})
	}
	return append(out, off)
}

// poison reports whether the service itself failed over what it was sent; that it is busy, or that a proxy failed, says nothing about it.
func poison(e *wire.Error) bool {
	switch e.Code {
	case wire.Unexpected, wire.Unreachable, workroom.Busy, workroom.Rate, workroom.Quota, localTrouble:
		return false
	}
	return e.Status >= 500
}

// laneOf names what an upload keeps busy: itself, because a retried one has another id than its file.
func laneOf(id string) string { return "upload " + id }

func refusal(id string, e *wire.Error) wire.Result {
	return wire.Result{ID: id, Status: wire.Rejected, Code: e.Code, Text: e.Text, Field: e.Field, Retry: workroom.RetryNever}
}

// asError makes any error one of the wire. One of this machine's own (its disk, its file) is no fault of the way or the service, and is
// tried again like a busy service.
func asError(err error) *wire.Error {
	var e *wire.Error
	if errors.As(err, &e) {
		return e
	}
	var r *workroom.Refusal
	if errors.As(err, &r) { // the service's address cannot be used
		return &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater, Text: r.Text}
	}
	return &wire.Error{Code: localTrouble, Retry: workroom.RetryLater, Text: "Something went wrong on this computer. It is tried again."}
}

// errCut says that the live channel was ended here, to begin anew with another token.
var errCut = errors.New("cut")

const localTrouble workroom.Code = "local"
