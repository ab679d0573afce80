package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Batch is what the commands of one transaction see and write: the database, and over it what the earlier ones wrote. Nothing reaches the
// tables before Flush.
type Batch struct {
	ctx     context.Context
	tx      Tx
	heads   map[workroom.Scope]*head // nil = no such scope
	rows    map[workroom.Ref]*thing  // nil = no such thing
	lists   map[list][]string        // ids of living things, sorted
	access  map[right]*Access
	records map[key]*Record
	named   map[workroom.FileID]int64

	dirtyHeads   map[workroom.Scope]bool
	dirtyRows    map[workroom.Ref]bool
	dirtyAccess  map[right]bool
	invitations  []*invitation
	freshRecords []*Record
}

type (
	list struct {
		scope workroom.Scope
		kind  workroom.Kind
	}
	right struct {
		who  workroom.AccountID
		root workroom.Scope
	}
	key struct {
		who workroom.AccountID
		id  string
	}
)

// NewBatch begins a batch in a write transaction.
func NewBatch(ctx context.Context, tx Tx) *Batch {
	return &Batch{
		ctx: ctx, tx: tx,
		heads: map[workroom.Scope]*head{}, rows: map[workroom.Ref]*thing{}, lists: map[list][]string{}, access: map[right]*Access{},
		records: map[key]*Record{}, named: map[workroom.FileID]int64{},
		dirtyHeads: map[workroom.Scope]bool{}, dirtyRows: map[workroom.Ref]bool{}, dirtyAccess: map[right]bool{},
	}
}

func (b *Batch) head(s workroom.Scope) (*head, error) {
	if h, ok := b.heads[s]; ok {
		return h, nil
	}
	h, err := b.tx.head(b.ctx, s)
	if err != nil {
		return nil, err
	}
	b.heads[s] = h
	return h, nil
}

// Exists reports whether anything was ever written into a scope.
func (b *Batch) Exists(s workroom.Scope) (bool, error) {
	h, err := b.head(s)
	return h != nil, err
}

// Access reads an account's right as the batch has it by now.
func (b *Batch) Access(who workroom.AccountID, root workroom.Scope) (Access, bool, error) {
	if a, ok := b.access[right{who, root}]; ok {
		return *a, !a.Gone && a.Gen > 0, nil
	}
	a, ok, err := b.tx.Access(b.ctx, who, root)
	if err != nil {
		return a, false, err
	}
	b.access[right{who, root}] = &a
	return a, ok, nil
}

func (b *Batch) row(ref workroom.Ref) (*thing, error) {
	if t, ok := b.rows[ref]; ok {
		return t, nil
	}
	t := &thing{}
	err := b.tx.QueryRowContext(b.ctx, "SELECT "+thingColumns+" FROM thing WHERE scope = ? AND kind = ? AND id = ?", ref.Scope, ref.Kind, ref.ID).
		Scan(t.fields()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		t = nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", ref.Kind, err)
	}
	b.rows[ref] = t
	return t, nil
}

// Had reports whether there is or ever was a thing with this ref, tombstones included.
func (b *Batch) Had(ref workroom.Ref) (bool, error) {
	t, err := b.row(ref)
	return t != nil, err
}

// Prefetch reads in one query what a command will surely want.
func (b *Batch) Prefetch(refs []workroom.Ref) error {
	var missing []any
	var marks []string
	for _, r := range refs {
		if _, ok := b.rows[r]; !ok {
			missing = append(missing, r.Scope, r.Kind, r.ID)
			marks = append(marks, "(?, ?, ?)")
		}
	}
	if len(marks) < 2 || len(marks) > 100 {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT "+thingColumns+" FROM thing WHERE (scope, kind, id) IN (VALUES "+strings.Join(marks, ", ")+")", missing...)
	if err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := map[workroom.Ref]*thing{}
	for rows.Next() {
		t := &thing{}
		if err := rows.Scan(t.fields()...); err != nil {
			return fmt.Errorf("read ahead: %w", err)
		}
		found[t.ref()] = t
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	for _, r := range refs {
		if _, ok := b.rows[r]; !ok {
			b.rows[r] = found[r]
		}
	}
	return nil
}

func (b *Batch) list(s workroom.Scope, k workroom.Kind) ([]string, error) {
	if ids, ok := b.lists[list{s, k}]; ok {
		return ids, nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT id FROM thing WHERE scope = ? AND kind = ? AND NOT gone", s, k)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", k, err)
	}
	defer func() { _ = rows.Close() }()
	ids := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list %s: %w", k, err)
		}
		if _, changed := b.rows[workroom.Ref{Scope: s, Kind: k, ID: id}]; !changed {
			ids = append(ids, id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list %s: %w", k, err)
	}
	for ref, t := range b.rows {
		if ref.Scope == s && ref.Kind == k && t != nil && !t.Gone {
			ids = append(ids, ref.ID)
		}
	}
	sort.Strings(ids)
	b.lists[list{s, k}] = ids
	return ids, nil
}

// View is what one rule may look at. After the rule ran, Err says whether a read failed or left the scopes it declared.
type View struct {
	b       *Batch
	allowed []workroom.Scope
	Err     error
}

// View opens the batch to a rule that declared these scopes.
func (b *Batch) View(allowed []workroom.Scope) *View { return &View{b: b, allowed: allowed} }

// ErrUndeclared says that a rule touched a scope it had not declared.
var ErrUndeclared = errors.New("a rule touched a scope that it did not declare")

func (v *View) may(s workroom.Scope) bool {
	if slices.Contains(v.allowed, s) {
		return true
	}
	v.Err = errors.Join(v.Err, ErrUndeclared)
	return false
}

// Row is workroom.Rows; the service never answers Unheld.
func (v *View) Row(ref workroom.Ref) (workroom.Thing, workroom.Known) {
	if !v.may(ref.Scope) {
		return nil, workroom.Absent
	}
	t, err := v.b.row(ref)
	if err != nil {
		v.Err = errors.Join(v.Err, err)
	}
	if t == nil || t.Gone {
		return nil, workroom.Absent
	}
	n, err := workroom.Decode(t.Kind, []byte(t.Body))
	if err != nil {
		v.Err = errors.Join(v.Err, err)
		return nil, workroom.Absent
	}
	return n, workroom.Held
}

// All is workroom.Rows.
func (v *View) All(s workroom.Scope, k workroom.Kind) ([]workroom.Ref, workroom.Known) {
	if !v.may(s) {
		return nil, workroom.Absent
	}
	ids, err := v.b.list(s, k)
	if err != nil {
		v.Err = errors.Join(v.Err, err)
	}
	out := make([]workroom.Ref, len(ids))
	for i, id := range ids {
		out[i] = workroom.Ref{Scope: s, Kind: k, ID: id}
	}
	return out, workroom.Held
}

// Write numbers what one command changed: one seq more in each scope written, a fresh tag, rev + 1 for each thing and, for a new message,
// the next message number. newSpace names the space of scopes that begin with this command; empty = that of the root. It answers the rows
// and each scope's seq.
func (b *Batch) Write(by workroom.AccountID, at time.Time, newSpace string, changes []workroom.Change) ([]wire.Thing, map[workroom.Scope]int64, error) {
	bodies := make([]string, len(changes))
	scopes := map[workroom.Scope]*head{}
	for _, c := range changes {
		if _, ok := scopes[c.Ref.Scope]; !ok {
			h, err := b.next(c.Ref.Scope, newSpace)
			if err != nil {
				return nil, nil, err
			}
			scopes[c.Ref.Scope] = h
		}
		if _, err := b.row(c.Ref); err != nil {
			return nil, nil, err
		}
		if c.Ref.Kind == workroom.KindGrant { // read what project changes
			if _, _, err := b.Access(workroom.AccountID(c.Ref.Scope.Owner()), workroom.Scope(c.Ref.ID)); err != nil {
				return nil, nil, err
			}
		}
	}
	for i, c := range changes {
		if c.Thing == nil {
			continue
		}
		if _, ok := c.Thing.(*workroom.WeekMark); ok {
			n, err := b.weekSeq(c.Ref, scopes)
			if err != nil {
				return nil, nil, err
			}
			c.Thing = &workroom.WeekMark{Seq: n}
		}
		body, err := workroom.Encode(c.Thing)
		if err != nil {
			return nil, nil, err
		}
		bodies[i] = string(body)
	}
	// From here on nothing can fail, so a command is written whole or not at all.
	seqs := map[workroom.Scope]int64{}
	for s, h := range scopes {
		b.heads[s], b.dirtyHeads[s], seqs[s] = h, true, h.Seq
	}
	out := make([]wire.Thing, len(changes))
	for i, c := range changes {
		t := b.put(scopes[c.Ref.Scope], by, at, c, bodies[i])
		out[i] = t.wire()
	}
	return out, seqs, nil
}

// next is a copy of a scope's head with the number and tag of the command that is being written.
func (b *Batch) next(s workroom.Scope, newSpace string) (*head, error) {
	old, err := b.head(s)
	if err != nil {
		return nil, err
	}
	var h head
	if old != nil {
		h = *old
	} else {
		h = head{Scope: s, Root: s.Root(), Space: flat(s)}
		switch {
		case s.Kind() == "a":
		case newSpace != "":
			h.Space = "k-" + newSpace
		case s.Root() != s:
			root, err := b.head(s.Root())
			if err != nil {
				return nil, err
			}
			if root != nil {
				h.Space = root.Space
			}
		}
	}
	h.Seq++
	h.Tag = Random(6)
	return &h, nil
}

// weekSeq is the number the diary scope of a week has with this command.
func (b *Batch) weekSeq(ref workroom.Ref, scopes map[workroom.Scope]*head) (int64, error) {
	d := workroom.DiaryScope(workroom.ContractID(ref.Scope.Owner()), ref.ID)
	if h, ok := scopes[d]; ok {
		return h.Seq, nil
	}
	h, err := b.head(d)
	if h == nil || err != nil {
		return 0, err
	}
	return h.Seq, nil
}

func (b *Batch) put(h *head, by workroom.AccountID, at time.Time, c workroom.Change, body string) *thing {
	t := &thing{Scope: c.Ref.Scope, Kind: c.Ref.Kind, ID: c.Ref.ID, Seq: h.Seq, Born: h.Seq, Gone: c.Thing == nil, Actor: by, At: at.UnixMicro(), Body: body}
	if old := b.rows[c.Ref]; old != nil {
		t.Born, t.Rev, t.Num = old.Born, old.Rev, old.Num
		h.Digest -= old.digest()
	} else if c.Ref.Kind == workroom.KindMessage {
		h.Msgs++
		t.Num = h.Msgs
	}
	t.Rev++
	h.Digest += t.digest()
	b.rows[c.Ref], b.dirtyRows[c.Ref] = t, true
	if ids, ok := b.lists[list{c.Ref.Scope, c.Ref.Kind}]; ok {
		i, found := slices.BinarySearch(ids, c.Ref.ID)
		switch {
		case found && t.Gone:
			b.lists[list{c.Ref.Scope, c.Ref.Kind}] = slices.Delete(slices.Clone(ids), i, i+1)
		case !found && !t.Gone:
			b.lists[list{c.Ref.Scope, c.Ref.Kind}] = slices.Insert(slices.Clone(ids), i, c.Ref.ID)
		}
	}
	switch {
	case c.Ref.Kind == workroom.KindGrant:
		b.project(c)
	case c.Ref.Kind == workroom.KindInvitation && t.Rev == 1:
		b.invitations = append(b.invitations, &invitation{ID: c.Ref.ID, Scope: c.Ref.Scope})
	}
	return t
}

// project keeps the access table equal to the grant things; it is a pure function of them.
func (b *Batch) project(c workroom.Change) {
	r := right{workroom.AccountID(c.Ref.Scope.Owner()), workroom.Scope(c.Ref.ID)}
	a := *b.access[r]
	if g, ok := c.Thing.(*workroom.Grant); ok {
		a.Gen, a.Role, a.FromBorn, a.Gone = g.Gen, g.Role, g.FromBorn, false
	} else {
		a.Gone = true
	}
	b.access[r], b.dirtyAccess[r] = &a, true
}

// Hint is a root scope's new number and the accounts that may know of it.
type Hint struct {
	Head wire.HintHead
	To   []workroom.AccountID
}

// Flush writes everything, a statement a table, and answers whom to tell once the transaction has been committed.
func (b *Batch) Flush() ([]Hint, error) {
	var heads []*head
	for s := range b.dirtyHeads {
		heads = append(heads, b.heads[s])
	}
	slices.SortFunc(heads, func(x, y *head) int { return strings.Compare(string(x.Scope), string(y.Scope)) })
	var rows []*thing
	for r := range b.dirtyRows {
		rows = append(rows, b.rows[r])
	}
	slices.SortFunc(rows, func(x, y *thing) int { return strings.Compare(x.ref().String(), y.ref().String()) })
	var rights []*Access
	for r := range b.dirtyAccess {
		rights = append(rights, b.access[r])
	}
	slices.SortFunc(rights, func(x, y *Access) int {
		return strings.Compare(string(x.Account)+" "+string(x.Root), string(y.Account)+" "+string(y.Root))
	})
	if err := upsert(b.ctx, b.tx, heads, "scope", "seq", "tag", "msgs", "digest"); err != nil {
		return nil, err
	}
	if err := upsert(b.ctx, b.tx, rows, "scope, kind, id", "seq", "rev", "gone", "actor", "at", "body"); err != nil {
		return nil, err
	}
	if err := upsert(b.ctx, b.tx, rights, "account, root", "gen", "role", "from_born", "gone"); err != nil {
		return nil, err
	}
	if len(b.freshRecords) > 0 {
		if _, err := b.tx.NewInsert().Model(&b.freshRecords).Exec(b.ctx); err != nil {
			return nil, fmt.Errorf("write records: %w", err)
		}
	}
	if len(b.invitations) > 0 {
		// The first contract with a secret keeps it.
		if _, err := b.tx.NewInsert().Model(&b.invitations).On("CONFLICT (id) DO NOTHING").Exec(b.ctx); err != nil {
			return nil, fmt.Errorf("write invitations: %w", err)
		}
	}
	for id, born := range b.named {
		if _, err := b.tx.ExecContext(b.ctx, "UPDATE file SET named = ? WHERE id = ? AND named = 0", born, id); err != nil {
			return nil, fmt.Errorf("write file: %w", err)
		}
	}
	return b.hints(heads)
}

func upsert[T any](ctx context.Context, tx Tx, rows []*T, pk string, columns ...string) error {
	for part := range slices.Chunk(rows, 200) {
		q := tx.NewInsert().Model(&part).On("CONFLICT (" + pk + ") DO UPDATE")
		for _, c := range columns {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("write %T: %w", part, err)
		}
	}
	return nil
}

func (b *Batch) hints(heads []*head) ([]Hint, error) {
	var out []Hint
	for _, h := range heads {
		if h.Scope != h.Root {
			continue
		}
		x := Hint{Head: wire.HintHead{Scope: h.Scope, Seq: h.Seq, Msgs: h.Msgs}}
		rows, err := b.tx.QueryContext(b.ctx, "SELECT account FROM access WHERE root = ? AND NOT gone", h.Scope)
		if err != nil {
			return nil, fmt.Errorf("read whom to tell: %w", err)
		}
		for rows.Next() {
			var a workroom.AccountID
			if err := rows.Scan(&a); err != nil {
				return nil, errors.Join(fmt.Errorf("read whom to tell: %w", err), rows.Close())
			}
			x.To = append(x.To, a)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("read whom to tell: %w", err)
		}
		out = append(out, x)
	}
	return out, nil
}
