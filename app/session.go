package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Session is one account at one service on this computer: its copy, its bytes, the courier that carries both ways, and the tracker.
type Session struct {
	core       *Core
	st         state
	dir        string
	replica    *replica.Replica
	blobs      *blob.Store
	courier    *courier.Courier
	client     *wire.Client
	track      *tracking // nil for a single verb of the command line
	captures   *captures
	notices    *noticeBoard
	using      using
	writing    writing
	memo       stageMemo
	watching   *watching
	fileLimits *fileLimits
	answerMu   sync.Mutex // held from looking for an answer to an offer that waits to giving one
	draftMu    sync.Mutex // held from reading a draft to writing it, by what adds files to one
	transfers  takings
	policy     *policies
	hints      hintMemo
	exports    roomExports
	pinned     *pinned
	wayMoved   chan struct{} // holds one word that the way to the service is another now
	looks      lookouts

	ctx     context.Context // ends with the session
	stop    context.CancelFunc
	making  atomic.Bool // a backup is being made
	settled atomic.Bool // everything was sent and fetched since SyncNow
	ended   chan struct{}
	wait    sync.WaitGroup
}

type enqueueOpts = replica.EnqueueOpts

// openSession opens the account's folder. Nothing here waits for the network.
func openSession(c *Core, st state, token string) (*Session, error) {
	s := &Session{core: c, st: st, dir: c.dirOf(st), ended: make(chan struct{}), memo: stageMemo{list: map[string]stagedFile{}},
		wayMoved: make(chan struct{}, 1)}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, Fail(CodeNoFolder, "The folder of this account cannot be made: "+reason(err).Error()+".")
	}
	s.policy, s.pinned = openPolicies(s.dir), openPinned(s.dir)
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.transfers = takings{s: s, list: map[string]context.CancelCauseFunc{}}
	var err error
	if s.blobs, err = blob.Open(filepath.Join(s.dir, "blobs")); err != nil {
		return nil, err
	}
	o := c.storeOptions(st)
	o.Changed, o.Drop = s.changed, s.blobs.Remove
	s.replica, err = replica.Open(s.storePath(), o)
	if err != nil {
		return nil, err
	}
	if token != "" { // else the place where tokens are kept may not answer either
		s.settleHome(s.ctx)
	}
	s.watching, s.fileLimits = openWatching(s), openLimits(s.dir)
	s.captures = openCaptures(filepath.Join(s.dir, "captures"))
	s.client = c.client(st.Address, token, st.Service)
	s.courier = courier.New(courier.Options{
		Replica: s.replica, Blobs: s.blobs, Client: s.client,
		Status:  s.wayChanged,
		Clocked: s.clocked, Renewed: s.renewed, Typing: s.heardTyping, Presence: s.heardPresence,
		Logf: func(format string, args ...any) { slog.Info(scrub(fmt.Sprintf(format, args...))) },
	})
	s.courier.OnTransfer(s.moved)
	if c.kind == "desktop" {
		s.track = openTracking(s)
		s.notices = openNotices(s)
	} else {
		s.recoverTime()
	}
	return s, nil
}

// wayChanged is told by the courier when the service can be reached, or not any more.
func (s *Session) wayChanged(courier.Status) {
	s.core.changed("sync")
	select {
	case s.wayMoved <- struct{}{}:
	default:
	}
}

// run starts the goroutines; Close ends them.
func (s *Session) run() {
	ctx := s.ctx
	s.goes(func() {
		if err := s.courier.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			slog.Error("courier ended", "error", traceOf(err))
		}
	})
	s.goes(func() { s.deleteNoted(func(replica.Deletion) bool { return true }) })
	s.goes(func() { s.partNoted(func(replica.Parting) bool { return true }) })
	s.goes(func() { s.followPolicies(ctx) })
	s.followWriting(workroom.AccountScope(s.me()))
	if s.track != nil {
		s.goes(func() { s.track.run(ctx) })
		s.goes(func() { s.followClock(ctx) })
		s.goes(func() { s.followSeals(ctx) })
		s.goes(func() { s.followExpiry(ctx, time.After) })
		s.goes(func() { s.notices.run(ctx) })
		s.goes(func() { s.watching.run(ctx) })
		s.goes(func() { s.learnLimits(ctx) })
	}
}

func (s *Session) goes(fn func()) {
	s.wait.Go(func() {
		fn()
	})
}

// Close stops the tracker, waits for what is being written, and closes the store.
func (s *Session) Close() {
	s.stop()
	s.wait.Wait()
	close(s.ended)
	if err := s.replica.Close(); err != nil {
		slog.Error("close the store", "error", traceOf(err))
	}
}

// changed is told by the store after each transaction; it must not block.
func (s *Session) changed(scopes []workroom.Scope) {
	names := make([]string, len(scopes))
	contracts := false
	for i, x := range scopes {
		names[i] = string(x)
		contracts = contracts || x.Kind() == "k"
	}
	s.core.changed(names...)
	s.followWriting(scopes...)
	s.heardLease(scopes)
	if s.notices != nil {
		s.notices.wake(scopes...)
	}
	if s.watching != nil && s.watching.concerned(scopes) {
		s.goes(func() { s.watching.told(scopes) })
	}
	if contracts && s.track != nil {
		s.track.relearn()
	}
}

// enqueue writes an act down. From its return on it is safe; the courier is woken. Words that the service would not take before a contract
// are refused here already, and nothing is written.
func (s *Session) enqueue(c workroom.Command, o enqueueOpts) (string, error) {
	if err := s.held(c); err != nil {
		return "", err
	}
	id, err := s.replica.Enqueue(context.Background(), c, o)
	if err == nil {
		s.courier.Kick()
	}
	return id, err
}

func (s *Session) me() workroom.AccountID { return workroom.AccountID(s.st.Account) }

// tracking reports whether time is running or asked about.
func (s *Session) tracking() bool {
	if s.track == nil {
		return false
	}
	snap, _, _ := s.track.snapshot()
	return snap.Listening || len(snap.Questions) > 0
}

// busy reports whether a program without a window still has something to do: time runs, a picture is held, or something can be sent.
func (s *Session) busy() bool {
	if s.tracking() || s.track != nil && len(s.track.shots.waiting()) > 0 {
		return true
	}
	waiting, _, err := s.replica.Count(context.Background())
	return err == nil && waiting > 0 && s.courier.Status().Phase == courier.Online
}

// drain begins to send and fetch everything at once; settled says when it is done.
func (s *Session) drain() {
	s.settled.Store(false)
	s.courier.Kick()
	s.goes(func() {
		if err := s.courier.Drain(s.ctx); err == nil {
			s.settled.Store(true)
			s.core.changed("sync")
		}
	})
}

// slice finds a slice by id wherever it stands.
func (s *Session) slice(x workroom.Slice) (*workroom.Slice, bool) {
	ref := workroom.Ref{Scope: workroom.DiaryScope(x.Contract, workroom.WeekOf(time.Unix(x.Start, 0)).String()), Kind: workroom.KindSlice, ID: x.ID}
	r, known, err := s.replica.Thing(context.Background(), ref)
	if err != nil || known != workroom.Held {
		return nil, false
	}
	t, ok := r.Thing.(*workroom.Slice)
	return t, ok
}

// contract reads one contract.
func (s *Session) contract(id string) (*workroom.Contract, replica.Row, error) {
	if !workroom.ValidID(id) {
		return nil, replica.Row{}, workroom.Refuse(workroom.NoAccess)
	}
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.ContractScope(workroom.ContractID(id)), Kind: workroom.KindContract, ID: id})
	if err != nil {
		return nil, r, err
	}
	c, ok := r.Thing.(*workroom.Contract)
	if known != workroom.Held || !ok {
		return nil, r, workroom.Refuse(workroom.NoAccess)
	}
	return c, r, nil
}

// title names a contract for a sentence.
func (s *Session) title(id workroom.ContractID) string {
	if c, _, err := s.contract(string(id)); err == nil {
		return c.Title
	}
	return "the contract"
}

// sync says how far this computer and the service agree.
func (s *Session) sync() Sync {
	st := s.courier.Status()
	out := Sync{State: string(st.Phase), Why: st.Text, Since: st.Since.UnixMilli(), Settled: s.settled.Load()}
	switch {
	case st.Phase == courier.Paused:
		out.State = "signedOut"
	case st.Phase == courier.Offline && st.Code == "" && st.Text == "":
		out.State = "connecting"
	}
	out.TooOld = out.State == "online" && st.Code == workroom.ClientTooOld
	if ahead, _, ok := s.courier.Offset(); ok {
		out.Clock = int64(-ahead.Round(time.Minute) / time.Minute)
	}
	if s.replica.Low() {
		out.Disk = "The disk is nearly full. What you write is kept; pictures and files wait until there is room."
	}
	items, err := s.replica.Outbox(context.Background())
	if err != nil {
		out.Disk = AsFailure(err).Message
		return out
	}
	_, carried := carriedFiles(items)
	behind := behindAnswers(items)
	for _, i := range items {
		switch {
		case carried[i.ID] || silent(i.Op): // its message is counted; a read marker is nothing a person needs to hear of
		case i.Verdict != "":
			out.NotSent++
		case i.State == outbox.Held || behind[i.ID] != "": // it goes when what stands before it is decided
			out.Held++
		default:
			out.Waiting++
			if i.Op == workroom.OpSendMessage {
				out.Message++
			}
		}
	}
	return out
}
