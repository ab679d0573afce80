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

// EnqueueOpts goes with a command.
type EnqueueOpts struct {
	ID         string        // the command's id, a UUIDv7; empty = a new one
	After      []string      // commands of this device that must be accepted first; uploads, and what creates the room or contract, are added by themselves
	About      string        // what a waiting command is about, for the screen that shows it
	At         time.Time     // the moment of the act; zero = now
	Hold       time.Duration // how long it waits at least before it goes out, so that it can be taken back whole; at most outbox.MaxWait
	ClearDraft workroom.RoomID
	Uploads    []Upload // files that go first, stored in the same transaction
	// Seen are the revs a screen showed of things this copy does not hold, such as an offer looked at by its link; they stand in for the
	// copy's own where a command expects such a thing.
	Seen []wire.Expect
	// Tracked goes with the report of a slice that is still open: the heartbeat of the same moment, in the same transaction. A report that
	// closes the slice ends what is being recorded.
	Tracked *Tracked
}

// settle is how long commands wait for a newer one of their kind before they go out: a read marker until reading rests,
// a notepad until typing rests, and how far others are told one has read.
var settle = map[workroom.Op]time.Duration{
	workroom.OpSetMarker: 1500 * time.Millisecond, workroom.OpSetNote: 2 * time.Second, workroom.OpSetReceipt: 2 * time.Second,
}

// maxAfter is how many parents a command may name beside its uploads.
const maxAfter = 8

// Enqueue runs a command's rule over base ⊕ effects and stores it with what it changes. When it returns, the act is on the disk and on
// screen. A *workroom.Refusal is for the person, at once, and nothing was stored. The id answered is that of the row the command went
// into: where a newer act replaces a waiting one in place, the older one's.
func (r *Replica) Enqueue(ctx context.Context, c workroom.Command, o EnqueueOpts) (string, error) {
	if ref := c.Check(); ref != nil {
		return "", ref
	}
	if o.ID == "" {
		o.ID = r.o.NewID()
	}
	if !workroom.ValidID(o.ID) || len(o.After) > maxAfter {
		return "", workroom.Refuse(workroom.BadInput)
	}
	if o.At.IsZero() {
		o.At = r.o.Now()
	}
	if x, ok := c.(workroom.Composer); ok {
		c = x.ComposedAt(o.At.UnixMicro())
	}
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		return "", err
	}
	if len(args) > outbox.MaxBytes {
		return "", workroom.Refuse(workroom.TooLarge)
	}
	id := o.ID
	err = r.write(ctx, true, func(t *tx) error {
		var err error
		if id, err = t.enqueue(c, args, o); err != nil {
			return err
		}
		t.tell(OutboxScope)
		if err := t.track(c, o.Tracked); err != nil {
			return err
		}
		if o.ClearDraft == "" {
			return nil
		}
		return t.clearDraft(o.ClearDraft)
	})
	var ref *workroom.Refusal
	if errors.As(err, &ref) {
		return "", ref
	}
	if err == nil {
		r.acted()
	}
	return id, err
}

func (t *tx) enqueue(c workroom.Command, args []byte, o EnqueueOpts) (string, error) {
	for _, u := range o.Uploads {
		if err := t.enqueueUpload(u, o.At); err != nil {
			return "", err
		}
		o.After = append(o.After, string(u.ID))
	}
	if err := t.mayWrite(c); err != nil {
		return "", err
	}
	parents, err := t.parents(o.After)
	if err != nil {
		return "", err
	}
	if parents, err = t.creators(parents, c.Scopes()); err != nil {
		return "", err
	}
	if !opensScopes(c) {
		if parents, err = t.questions(parents, c.Scopes()); err != nil {
			return "", err
		}
	}
	row := &outbox.Row{
		ID: o.ID, Account: t.r.o.Account, Device: t.r.Device(), Lane: c.Lane(), Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args,
		After: parents, About: o.About, At: o.At.UnixMicro(),
	}
	if x, ok := c.(workroom.Expecter); ok {
		if row.Expect, err = t.expects(x.Expects(), o.Seen); err != nil {
			return "", err
		}
	}
	if d := max(settle[row.Op], min(o.Hold, outbox.MaxWait)); d > 0 {
		row.NotBefore = o.At.Add(d).UnixMicro()
	}
	if f, ok := c.(workroom.Folder); ok {
		row.Fold = f.FoldKey()
		if id, done, err := t.fold(c, row); done || err != nil {
			return id, err
		}
	}
	v := t.view(all)
	changes, refusal := workroom.Run(c, asked(row), v)
	if v.err != nil {
		return "", v.err
	}
	if refusal != nil {
		return "", refusal
	}
	if err := outbox.Insert(t, row); err != nil {
		return "", err
	}
	if workroom.Ops[row.Op].Class != workroom.AtOnce {
		return row.ID, nil
	}
	effects, err := t.plan(changes, v, row.Pos)
	if err != nil {
		return "", err
	}
	if err := t.store(row.N, row.Account, row.At, effects, v.reads); err != nil {
		return "", err
	}
	for _, ch := range changes {
		t.tell(ch.Ref.Scope)
	}
	return row.ID, nil
}

// mayWrite refuses at once what goes into an archive, unless it is what lets the account in again.
func (t *tx) mayWrite(c workroom.Command) error {
	if j, ok := c.(workroom.Joiner); ok && j.Joins() {
		return nil
	}
	for _, name := range c.Scopes() {
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		if s.state == Archived {
			return &workroom.Refusal{Code: workroom.NoAccess, Text: "This is kept as an archive, to read only: it is not open to you any more."}
		}
	}
	return nil
}

// fold puts a newer command into the place of a waiting one of the same op, lane and fold key that was never attempted: the row keeps
// its id, n and pos. It declines where the newer one names a parent written after that row.
func (t *tx) fold(c workroom.Command, newer *outbox.Row) (string, bool, error) {
	old, err := outbox.Foldable(t, newer.Op, newer.Lane, newer.Fold)
	if err != nil || old == nil {
		return "", false, err
	}
	for _, id := range newer.After {
		if p, err := outbox.ByID(t, id); err != nil {
			return "", false, err
		} else if p == nil || p.Pos >= old.Pos {
			return "", false, nil
		}
		if !slices.Contains(old.After, id) {
			old.After = append(old.After, id)
		}
	}
	if m, ok := c.(workroom.Merger); ok {
		was, err := outbox.Decode(*old)
		if err != nil {
			return "", false, nil
		}
		c = m.Joined(was)
		if c.Check() != nil || c.Lane() != old.Lane {
			return "", false, nil
		}
		if newer.Args, err = workroom.EncodeCommand(c); err != nil {
			return "", false, err
		}
		if len(newer.Args) > outbox.MaxBytes {
			return "", false, nil
		}
	}
	old.V, old.Args, old.At, old.NotBefore, old.Expect = newer.V, newer.Args, newer.At, newer.NotBefore, newer.Expect
	v := t.view(old.N)
	if _, refusal := workroom.Run(c, asked(old), v); refusal != nil {
		return "", true, refusal
	} else if v.err != nil {
		return "", true, v.err
	}
	if err := outbox.Replace(t, old); err != nil {
		return "", true, err
	}
	differs, err := t.rerun(old.N)
	if err != nil {
		return "", true, err
	}
	return old.ID, true, t.rebase(differs)
}

// maxExpect is how many things a command may expect.
const maxExpect = 4

// expects notes the rev of each thing a person decides about, as it stood before them: the service refuses the command as "moved" if the
// thing is another by then. Nothing is noted of a thing this copy cannot tell about, nor of one an earlier act that still waits will change.
func (t *tx) expects(refs []workroom.Ref, seen []wire.Expect) ([]wire.Expect, error) {
	var out []wire.Expect
	for _, ref := range refs[:min(len(refs), maxExpect)] {
		s, err := t.scope(ref.Scope)
		if err != nil {
			return nil, err
		}
		if s.state != Whole {
			for _, x := range seen {
				if x.Scope == ref.Scope && x.Kind == ref.Kind && x.ID == ref.ID {
					out = append(out, x)
				}
			}
			continue
		}
		var one int
		if waits, err := t.scan(`SELECT 1 FROM effect WHERE sc=? AND kind=? AND id=?`, []any{s.sc, string(ref.Kind), ref.ID}, &one); err != nil {
			return nil, fmt.Errorf("look at %s: %w", ref.Kind, err)
		} else if waits {
			continue
		}
		x := wire.Expect{Scope: ref.Scope, Kind: ref.Kind, ID: ref.ID}
		if _, err := t.scan(`SELECT rev FROM base WHERE sc=? AND kind=? AND id=? AND gone=0`, []any{s.sc, string(ref.Kind), ref.ID}, &x.Rev); err != nil {
			return nil, fmt.Errorf("look at %s: %w", ref.Kind, err)
		}
		out = append(out, x)
	}
	return out, nil
}

// parents keeps the parents that are still waiting; one that was accepted already is no edge any more.
func (t *tx) parents(after []string) ([]string, error) {
	var out []string
	for _, id := range after {
		p, err := outbox.ByID(t, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			if p.Verdict != outbox.None {
				return nil, workroom.Refuse(workroom.DepFailed)
			}
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
			continue
		}
		var x int
		if ok, err := t.scan(`SELECT 1 FROM sent WHERE id=?`, []any{id}, &x); err != nil {
			return nil, err
		} else if !ok {
			return nil, workroom.Refuse(workroom.DepFailed)
		}
	}
	return out, nil
}

// questions adds the commands that opened what a command goes into, that the service acked and lost, and that the person is asked about: what
// goes in there waits for the answer (I6). Where the present history holds it all the same, there is nothing to wait for.
func (t *tx) questions(after []string, scopes []workroom.Scope) ([]string, error) {
	asked, err := outbox.Asked(t)
	if err != nil {
		return nil, err
	}
	for _, row := range asked {
		c, err := outbox.Decode(row)
		if err != nil || !opensScopes(c) || slices.Contains(after, row.ID) {
			continue
		}
		for _, name := range scopes {
			root := name.Root()
			if root.Kind() == "a" || !slices.Contains(c.Scopes(), root) {
				continue
			}
			s, err := t.scope(root)
			if err != nil {
				return nil, err
			}
			if s.state != Whole {
				after = append(after, row.ID)
				break
			}
		}
	}
	return after, nil
}

// creators adds the waiting commands that create the rooms and contracts a command goes into: it must not arrive before them.
func (t *tx) creators(after []string, scopes []workroom.Scope) ([]string, error) {
	for _, name := range scopes {
		root := name.Root()
		kind := workroom.KindRoom
		switch root.Kind() {
		case "r":
		case "k":
			kind = workroom.KindContract
			root = workroom.ContractScope(workroom.ContractID(root.Owner()))
		default:
			continue
		}
		s, err := t.scope(root)
		if err != nil {
			return nil, err
		}
		if s.state == Whole {
			continue
		}
		var id string
		ok, err := t.scan(`SELECT o.id FROM effect e JOIN outbox o ON o.n=e.n WHERE e.sc=? AND e.kind=? AND e.id=? AND o.verdict='' ORDER BY e.n LIMIT 1`,
			[]any{s.sc, string(kind), root.Owner()}, &id)
		if err != nil {
			return nil, fmt.Errorf("find what creates %s: %w", root, err)
		}
		if ok && !slices.Contains(after, id) {
			after = append(after, id)
		}
	}
	return after, nil
}

// Upload is a file that goes to the service: its bytes are in the local blobs under SHA, its parts hashed already.
type Upload struct {
	ID    workroom.FileID `json:"id"`
	Scope workroom.Scope  `json:"scope"` // whose readers may read it
	Name  string          `json:"name"`
	Size  int64           `json:"size"` // bytes
	Type  string          `json:"type"`
	SHA   string          `json:"sha"`
	Parts []string        `json:"parts"` // hex SHA-256 each
}

// Progress of an upload in bytes.
type Progress struct{ Done, Total int64 }

const uploadVersion = 1

// EnqueueUpload stores an upload by itself. A command that names the file gives the upload's id, which is the file's, in After.
func (r *Replica) EnqueueUpload(ctx context.Context, u Upload) (string, error) {
	err := r.write(ctx, true, func(t *tx) error {
		t.tell(OutboxScope)
		return t.enqueueUpload(u, r.o.Now())
	})
	if err == nil {
		r.acted()
	}
	return string(u.ID), err
}

func (t *tx) enqueueUpload(u Upload, at time.Time) error {
	if !workroom.ValidID(string(u.ID)) || !u.Scope.Valid() || u.Size < 1 || u.SHA == "" || len(u.Parts) == 0 {
		return workroom.Refuse(workroom.BadInput)
	}
	args, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("encode upload: %w", err)
	}
	parents, err := t.creators(nil, []workroom.Scope{u.Scope})
	if err == nil {
		parents, err = t.questions(parents, []workroom.Scope{u.Scope})
	}
	if err != nil {
		return err
	}
	row := &outbox.Row{ID: string(u.ID), After: parents, Account: t.r.o.Account, Device: t.r.Device(), Lane: "up:" + string(u.ID), Op: workroom.OpUpload,
		V: uploadVersion, Args: args, About: string(u.Scope), At: at.UnixMicro()}
	if err := outbox.Insert(t, row); err != nil {
		return err
	}
	return t.knowFile(string(u.ID), u.Scope, u.SHA, u.Size)
}

// DecodeUpload reads the arguments of an upload row.
func DecodeUpload(row *outbox.Row) (Upload, error) {
	var u Upload
	if row.Op != workroom.OpUpload || row.V != uploadVersion {
		return u, fmt.Errorf("row %s is no upload this program can read", row.ID)
	}
	if err := json.Unmarshal(row.Args, &u); err != nil {
		return u, fmt.Errorf("decode upload: %w", err)
	}
	return u, nil
}
