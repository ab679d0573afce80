package courier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// How parts go out. On a way that holds and is quick, three whole parts at a time; on one that is slow or not known yet, three pieces, which
// the service keeps one by one; on one that broke, two shorter ones. A cut costs at most what those under way had sent. 20 cuts of a gigabyte
// cost at most 34 MiB so, 24 of them where the first comes in the midst of whole parts, and would cost 480 MiB of whole parts.
const (
	parallelParts  = 3
	parallelPieces = 2
	pieceSize      = wire.PieceSize / 4
	trusted        = 1 << 30         // bytes that must go well before whole parts are tried again
	lastWords      = 3 * time.Second // how long the other parts may stand still once one failed
	quickPart      = 3 * time.Second // a way is quick on which a whole part takes no longer
	tellEvery      = 250 * time.Millisecond
)

// errStopped says that a person called a transfer off.
var errStopped = errors.New("called off")

// upload brings a file to the service in parts. It may be cut off anywhere and begun again: the service says which parts are missing, and
// how much it has of those that broke off. vanished says that the local bytes are not there, or not what they were, which no retry can cure.
func (c *Courier) upload(ctx context.Context, id string) (vanished bool, err error) {
	rows, err := c.rep.Attempt(ctx, id)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	u, err := replica.DecodeUpload(&rows[0])
	if err != nil {
		return false, &wire.Error{Status: 400, Code: workroom.BadInput, Retry: workroom.RetryNever, Final: true, Text: "This upload cannot be read by this version of Trestle."}
	}
	f, err := c.blobs.Open(u.SHA)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != u.Size {
		return true, nil // not the bytes that were attached
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	way := c.files.begin(id, rows[0].Attempts > 1, stop)
	defer c.files.end(id)
	client := c.asker()
	err = c.bring(ctx, client, &u, f, way, id)
	if errors.Is(context.Cause(ctx), errStopped) {
		return false, errStopped // the row is gone; what becomes of this does not matter to anybody
	}
	if damaged(err) {
		if whole, e := sameParts(f, &u); e == nil && !whole {
			return true, nil
		}
		err = &wire.Error{Code: workroom.Busy, Retry: workroom.RetryLater, Text: "A part of the file arrived damaged. It is sent again."}
	}
	if err == nil {
		c.files.settle(id)
	}
	return false, c.fresh(client, err)
}

// bring does one try at a file.
func (c *Courier) bring(ctx context.Context, client *wire.Client, u *replica.Upload, f *os.File, way *road, id string) error {
	out, err := client.NewFile(ctx, wire.NewFile{ID: u.ID, Scope: u.Scope, Name: u.Name, Size: u.Size, Type: u.Type, Parts: u.Parts})
	if err != nil {
		way.broke()
		return err
	}
	if out.Complete {
		return nil
	}
	s := &sending{c: c, client: client, u: u, f: f, way: way, id: id, space: out.Space, done: u.Size}
	seen := map[string]bool{}
	for i, sha := range u.Parts {
		if !slices.Contains(out.Missing, sha) {
			continue
		}
		n := partLen(i, u.Size)
		s.done -= n
		if seen[sha] {
			continue // the same bytes as another part: they go once
		}
		seen[sha] = true
		p := outPart{i: i, sha: sha, size: n}
		if held := out.Held[sha]; held > 0 && held < n {
			p.held = held
			s.done += held
		}
		s.todo = append(s.todo, p)
	}
	slices.SortStableFunc(s.todo, func(a, b outPart) int { // what was begun first
		return int(min(b.held, 1) - min(a.held, 1))
	})
	s.tell(true)
	if err := s.run(ctx); err != nil {
		return err
	}
	if err := c.fail(PointComplete); err != nil {
		return err
	}
	return unsent(client.Complete(ctx, u.ID))
}

// unsent makes the service's word that parts are missing a reason to announce the file again, whatever was answered to each: something on
// the way took them in the service's name, or they were lost there. The service says it as if the sender had forgotten them.
func unsent(err error) error {
	var e *wire.Error
	if errors.As(err, &e) && e.Final && e.Code == workroom.BadInput && e.Field == "parts" {
		return &wire.Error{Status: e.Status, Code: workroom.Busy, Retry: workroom.RetryLater, Text: "Parts of the file are missing at the service. They are sent again."}
	}
	return err
}

// outPart is a part that is to go out; the service has its first held bytes.
type outPart struct {
	i          int
	sha        string
	size, held int64
}

// sending is one try at the missing parts of a file.
type sending struct {
	c      *Courier
	client *wire.Client
	u      *replica.Upload
	f      *os.File
	way    *road
	id     string
	space  string

	mu     sync.Mutex
	todo   []outPart
	done   int64 // bytes the service has or that are on their way to it
	sent   int64 // bytes that went out
	told   time.Time
	failed error
	cancel context.CancelFunc
}

// run sends all parts. When one fails no other is begun, but those under way may end as long as they move: a cut of one connection is no
// reason to send the others twice.
func (s *sending) run(ctx context.Context) error {
	ctx, s.cancel = context.WithCancel(ctx)
	defer s.cancel()
	var all sync.WaitGroup
	for w := range parallelParts {
		all.Go(func() {
			for {
				if w >= parallelPieces && s.way.rough() {
					return
				}
				p, ok := s.next()
				if !ok {
					return
				}
				if err := s.part(ctx, p); err != nil {
					s.fail(ctx, err)
					return
				}
			}
		})
	}
	all.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *sending) next() (outPart, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil || len(s.todo) == 0 {
		return outPart{}, false
	}
	p := s.todo[0]
	s.todo = s.todo[1:]
	return p, true
}

// fail keeps the first error and gives the other parts a moment.
func (s *sending) fail(ctx context.Context, err error) {
	s.way.broke()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return
	}
	s.failed = err
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != wire.Unreachable {
		return // the service answered, so the others will be answered too
	}
	go func() { // ends with the context, at the latest when run does
		last := int64(-1)
		for {
			s.mu.Lock()
			now := s.sent
			s.mu.Unlock()
			if now == last {
				s.cancel()
				return
			}
			last = now
			select {
			case <-ctx.Done():
				return
			case <-time.After(lastWords):
			}
		}
	}()
}

// part sends a part whole, or what is left of it in pieces.
func (s *sending) part(ctx context.Context, p outPart) error {
	if err := s.c.fail(PointPart); err != nil {
		return err
	}
	at := int64(p.i) * wire.PartSize
	if p.held == 0 && (s.way.swift() || p.size <= pieceSize) {
		n, began := int64(0), time.Now()
		err := s.client.SendPart(ctx, s.space, p.sha, io.NewSectionReader(s.f, at, p.size), p.size, func(k int) { n += int64(k); s.moved(k) })
		if err != nil {
			s.back(n)
			return fmt.Errorf("send part %d: %w", p.i, err)
		}
		s.way.good(p.size, time.Since(began))
		return nil
	}
	for from := p.held; from < p.size; {
		size := min(s.way.piece(), p.size-from)
		n, began := int64(0), time.Now()
		err := s.client.SendPiece(ctx, s.space, p.sha, from, size, p.size, io.NewSectionReader(s.f, at+from, size), func(k int) { n += int64(k); s.moved(k) })
		if err != nil {
			s.back(n)
			return fmt.Errorf("send a piece of part %d: %w", p.i, err)
		}
		s.way.good(size, time.Since(began))
		if from += size; from < p.size && s.over() {
			return nil // kept; the next try goes on here
		}
	}
	return nil
}

// over reports whether another part failed.
func (s *sending) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed != nil
}

func (s *sending) moved(n int) {
	s.mu.Lock()
	s.done += int64(n)
	s.sent += int64(n)
	s.mu.Unlock()
	s.tell(false)
}

// back takes bytes off that went out and did not arrive.
func (s *sending) back(n int64) {
	s.mu.Lock()
	s.done -= n
	s.mu.Unlock()
	s.tell(true)
}

func (s *sending) tell(now bool) {
	s.mu.Lock()
	p := replica.Progress{Done: max(0, min(s.done, s.u.Size)), Total: s.u.Size}
	now = now || time.Since(s.told) >= tellEvery || p.Done == p.Total
	if now {
		s.told = time.Now()
	}
	s.mu.Unlock()
	if now {
		s.c.rep.Carried(s.id, p)
		s.c.files.tell(Transfer{ID: s.u.ID, Scope: s.u.Scope, Way: Up, Done: p.Done, Total: p.Total, State: Going})
	}
}

func partLen(i int, size int64) int64 { return min(wire.PartSize, size-int64(i)*wire.PartSize) }

// damaged reports whether the service found other bytes in a part than its hash says.
func damaged(err error) bool {
	var e *wire.Error
	return errors.As(err, &e) && e.Final && e.Code == workroom.BadInput && e.Field == "body"
}

// sameParts reports whether the local bytes are still those that were attached.
func sameParts(f *os.File, u *replica.Upload) (bool, error) {
	for i, sha := range u.Parts {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, int64(i)*wire.PartSize, partLen(i, u.Size))); err != nil {
			return false, fmt.Errorf("read the file again: %w", err)
		}
		if hex.EncodeToString(h.Sum(nil)) != sha {
			return false, nil
		}
	}
	return true, nil
}

// StopUpload calls an upload off: its row leaves the outbox, what follows it is refused, and bytes under way end at once. A row that is not
// there is no error.
func (c *Courier) StopUpload(ctx context.Context, id string) error {
	if err := c.rep.Discard(ctx, id); err != nil { // first: an upload that ends meanwhile must find no row to accept
		return err
	}
	c.files.stop(id)
	return nil
}
