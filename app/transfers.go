package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"trestle/internal/courier"
	"trestle/internal/workroom"
)

// TransferView is how far a file is on its way: being taken into the program, to the service, or from it. It comes by event "transfer".
type TransferView struct {
	ID    string `json:"id"` // of the file; while it is being taken, of the put or a name of its own
	Room  string `json:"room"`
	Name  string `json:"name"` // while it is being taken
	Way   string `json:"way"`  // stage, upload or download
	Done  int64  `json:"done"` // bytes
	Total int64  `json:"total"`
	State string `json:"state"`  // going, done, failed or cancelled
	Why   string `json:"reason"` // a sentence when failed
}

// StagedPut is what became of bytes that the page put. It comes by event "staged".
type StagedPut struct {
	Put     string    `json:"put"`
	Files   []FileRow `json:"files"`
	Refused []Refused `json:"refused"`
}

// Events about files, and what they carry.
const (
	EventTransfer = "transfer" // TransferView: how far a file is
	EventStaged   = "staged"   // StagedPut
)

// errStopped ends what a person called off.
var errStopped = errors.New("called off")

// stopped reports whether somebody called it off, here or in the courier.
func stopped(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, context.Canceled)
}

// takings are the files being taken into the program at this moment; the courier knows the others.
type takings struct {
	s    *Session
	mu   sync.Mutex
	list map[string]context.CancelCauseFunc
}

// tellEvery is how often a page hears of a file that is being taken.
const tellEvery = 250 * time.Millisecond

// begin notes a file that is being taken. What told is told goes to the pages; end takes the outcome and hands it back, as errStopped if
// somebody called it off.
func (t *takings) begin(id, name string, scope workroom.Scope) (ctx context.Context, told func(done, total int64), end func(error) error) {
	ctx, cancel := context.WithCancelCause(t.s.ctx)
	t.mu.Lock()
	t.list[id] = cancel
	t.mu.Unlock()
	publish := func(v TransferView) {
		if scope.Kind() == "r" { // a diary's pictures are taken in silence
			t.s.core.Events.Publish(EventTransfer, v)
		}
	}
	view := TransferView{ID: id, Room: scope.Owner(), Name: name, Way: "stage", State: string(courier.Going)}
	last := time.Now()
	told = func(done, total int64) {
		view.Done, view.Total = done, total
		if now := time.Now(); now.Sub(last) >= tellEvery {
			last = now
			publish(view)
		}
	}
	end = func(err error) error {
		t.mu.Lock()
		delete(t.list, id)
		t.mu.Unlock()
		switch {
		case err == nil:
			view.State, view.Done = string(courier.Done), view.Total
		case errors.Is(context.Cause(ctx), errStopped):
			view.State, err = string(courier.Cancelled), errStopped
		default:
			view.State, view.Why = string(courier.Failed), AsFailure(err).Message
		}
		cancel(nil)
		publish(view)
		return err
	}
	return ctx, told, end
}

// stop calls the taking of a file off and reports whether there was one.
func (t *takings) stop(id string) bool {
	t.mu.Lock()
	cancel := t.list[id]
	t.mu.Unlock()
	if cancel != nil {
		cancel(errStopped)
	}
	return cancel != nil
}

// moved tells the pages of a file between here and the service.
func (s *Session) moved(x courier.Transfer) {
	v := TransferView{ID: string(x.ID), Way: string(x.Way), Done: x.Done, Total: x.Total, State: string(x.State)}
	if x.Scope.Kind() == "r" {
		v.Room = x.Scope.Owner()
	}
	if x.Err != nil {
		v.Why = AsFailure(x.Err).Message
		if x.Way == courier.Down {
			v.Why = AsFailure(atService(x.Err)).Message
		}
	}
	s.core.Events.Publish(EventTransfer, v)
	if x.State != courier.Going && x.Way == courier.Down {
		s.core.changed(string(x.Scope)) // the file is here now, or may be asked for again
	}
}

// isHere reports whether the bytes of a file are on this computer.
func (s *Session) isHere(id string) bool {
	sha, _, ok, err := s.replica.LocalFile(s.ctx, id)
	return err == nil && ok && s.blobs.Has(sha)
}

// stopTransfer calls off whatever moves under an id. An upload's message goes back into the box of its room: nothing that a person wrote is
// thrown away by a cross beside a file.
func (s *Session) stopTransfer(id string) (EditedOut, error) {
	out := EditedOut{Draft: Draft{Files: []FileRow{}}}
	if s.transfers.stop(id) {
		return out, nil
	}
	list, err := s.replica.Outbox(s.ctx)
	if err != nil {
		return out, err
	}
	for _, i := range list {
		if _, ok := i.Command.(workroom.SendMessage); ok && slices.Contains(i.After, id) {
			return s.edit(i.ID)
		}
	}
	for _, i := range list {
		if i.ID == id && i.Upload != nil {
			return out, s.courier.StopUpload(s.ctx, id)
		}
	}
	s.courier.StopFetch(workroom.FileID(id))
	return out, nil
}
