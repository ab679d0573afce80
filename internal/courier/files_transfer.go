package courier

import (
	"context"
	"maps"
	"sync"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Way is the direction of a transfer.
type Way string

// Directions.
const (
	Up   Way = "upload"
	Down Way = "download"
)

// TransferState is how a transfer stands.
type TransferState string

// States of a transfer. An upload that fails goes on by itself, so it is only ever going or done.
const (
	Going     TransferState = "going"
	Done      TransferState = "done"
	Failed    TransferState = "failed"
	Cancelled TransferState = "cancelled"
)

// Transfer is a file that is on its way, in bytes.
type Transfer struct {
	ID          workroom.FileID
	Scope       workroom.Scope
	Way         Way
	Done, Total int64
	State       TransferState
	Err         error // of Failed
}

// transfers knows the files that are on their way; its zero value is ready.
type transfers struct {
	mu    sync.Mutex
	ways  map[string]*road // of uploads, by row; kept from one try to the next
	stops map[string]context.CancelCauseFunc
	downs map[string]*fetching
	now   map[workroom.FileID]Transfer
	told  func(Transfer)
}

// OnTransfer sets who hears of transfers: at most four times a second for each, and at its end. It must not block.
func (c *Courier) OnTransfer(told func(Transfer)) {
	c.files.mu.Lock()
	defer c.files.mu.Unlock()
	c.files.told = told
}

// Transfers are the files on their way at this moment.
func (c *Courier) Transfers() map[workroom.FileID]Transfer {
	c.files.mu.Lock()
	defer c.files.mu.Unlock()
	return maps.Clone(c.files.now)
}

func (t *transfers) tell(x Transfer) {
	t.mu.Lock()
	if t.now == nil {
		t.now = map[workroom.FileID]Transfer{}
	}
	if t.now[x.ID] = x; x.State != Going {
		delete(t.now, x.ID)
	}
	told := t.told
	t.mu.Unlock()
	if told != nil {
		told(x)
	}
}

// begin notes an upload that is under way. stop ends it.
func (t *transfers) begin(id string, rough bool, stop context.CancelCauseFunc) *road {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ways == nil {
		t.ways, t.stops = map[string]*road{}, map[string]context.CancelCauseFunc{}
	}
	if t.ways[id] == nil {
		t.ways[id] = &road{bad: rough}
	}
	t.stops[id] = stop
	return t.ways[id]
}

func (t *transfers) end(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.stops, id)
}

// settle forgets an upload that is done.
func (t *transfers) settle(id string) {
	t.mu.Lock()
	x, ok := t.now[workroom.FileID(id)]
	delete(t.ways, id)
	t.mu.Unlock()
	if ok {
		x.Done, x.State = x.Total, Done
		t.tell(x)
	}
}

// stop ends an upload that is under way, and forgets it.
func (t *transfers) stop(id string) {
	t.mu.Lock()
	stop := t.stops[id]
	x, ok := t.now[workroom.FileID(id)]
	delete(t.ways, id)
	t.mu.Unlock()
	if stop != nil {
		stop(errStopped)
	}
	if ok && x.Way == Up {
		x.State = Cancelled
		t.tell(x)
	}
}

// close ends the downloads and waits for them.
func (t *transfers) close() {
	for {
		t.mu.Lock()
		var f *fetching
		for _, f = range t.downs {
			break
		}
		t.mu.Unlock()
		if f == nil {
			return
		}
		f.cancel(errStopped)
		<-f.done
	}
}

// road is what is known of the way that a file takes.
type road struct {
	mu    sync.Mutex
	bad   bool
	quick bool  // the last thing that went took little time for its size
	well  int64 // bytes that went well since it broke
}

// rough reports whether the way broke not long ago.
func (w *road) rough() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bad
}

// swift reports whether a whole part takes so little time that a cut of it costs nobody anything: the way held, and was quick of late.
func (w *road) swift() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.quick && !w.bad
}

// piece is how long a piece is to be, in bytes: short where the way breaks, else long enough that its answer is not waited for too often.
func (w *road) piece() int64 {
	if w.rough() {
		return pieceSize
	}
	return wire.PieceSize
}

func (w *road) broke() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad, w.quick, w.well = true, false, 0
}

// good notes that n bytes went well, in so much time.
func (w *road) good(n int64, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.well += n; w.well >= trusted {
		w.bad = false
	}
	w.quick = float64(n)*quickPart.Seconds() >= wire.PartSize*took.Seconds()
}
