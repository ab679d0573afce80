package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"trestle/internal/workroom"
)

var (
	// errMissing makes a transaction begin again, this time making the heads that are not there before it locks any.
	errMissing = errors.New("a head to be locked does not exist")
	// ErrUnlocked says that something was to be numbered in a scope whose head is not held.
	ErrUnlocked = errors.New("a scope was written without the lock of its head")
	// errTwice says that Lock was called a second time; heads taken one after the other can end in a deadlock.
	errTwice = errors.New("the heads of a batch are locked all at once")
)

// Lock takes the heads of all scopes that the batch may read or write, once and before anything is read: whoever else wants one of them waits
// until this transaction has ended. The heads are taken in the order of their names, so that two batches never wait for each other. Scopes
// that do not exist have no row to lock: on PostgreSQL the transaction then begins again and makes those rows first, and Flush takes back
// what nothing was written into. SQLite holds its one lock already.
func (b *Batch) Lock(scopes ...workroom.Scope) error {
	if b.locked != nil {
		return errTwice
	}
	b.locked = map[workroom.Scope]bool{}
	if len(scopes) == 0 {
		return b.tx.s.fail(PointLocked)
	}
	scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	hold := ""
	if b.tx.s.Shared() {
		hold = forUpdate
		if b.tx.make {
			if err := b.makeHeads(scopes); err != nil {
				return err
			}
		}
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT "+headColumns+" FROM head WHERE scope IN (?) ORDER BY scope"+hold, bun.List(scopes))
	if err != nil {
		return fmt.Errorf("lock heads: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := 0
	for rows.Next() {
		h := &head{}
		if err := rows.Scan(h.fields()...); err != nil {
			return fmt.Errorf("lock heads: %w", err)
		}
		found++
		if h.Seq > 0 {
			b.heads[h.Scope] = h
		} else {
			b.empty = append(b.empty, h.Scope)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("lock heads: %w", err)
	}
	if b.tx.s.Shared() && found < len(scopes) {
		return errMissing
	}
	for _, s := range scopes {
		b.locked[s] = true
		if b.heads[s] == nil {
			b.heads[s] = nil // known not to exist
		}
	}
	return b.tx.s.fail(PointLocked)
}

// makeHeads writes the heads that are not there, at seq 0, which nobody else ever sees.
func (b *Batch) makeHeads(scopes []workroom.Scope) error {
	heads := make([]*head, len(scopes))
	for i, s := range scopes {
		heads[i] = &head{Scope: s, Root: s.Root()}
	}
	if _, err := b.tx.NewInsert().Model(&heads).On("CONFLICT (scope) DO NOTHING").Exec(b.ctx); err != nil {
		return fmt.Errorf("make heads: %w", err)
	}
	return nil
}

// dropEmpty takes back the heads that were made to be locked and then not written.
func (b *Batch) dropEmpty() error {
	gone := slices.DeleteFunc(b.empty, func(s workroom.Scope) bool { return b.dirtyHeads[s] })
	if len(gone) == 0 {
		return nil
	}
	if _, err := b.tx.ExecContext(b.ctx, "DELETE FROM head WHERE scope IN (?) AND seq = 0", bun.List(gone)); err != nil {
		return fmt.Errorf("drop heads: %w", err)
	}
	return nil
}

// Right names an account's access to a root scope.
type Right struct {
	Account workroom.AccountID
	Root    workroom.Scope
}

// Asking names a command by its sender and its id.
type Asking struct {
	Account workroom.AccountID
	ID      string
}

// Ahead is what the commands of a batch will surely ask for.
type Ahead struct {
	Records []Asking
	Roots   []workroom.Scope // whoever may read them
	Things  []workroom.Ref
}

const mostAhead = 300 // rows asked for in one statement, three values each

// Ahead reads in one query a table what is about to be asked for. It is a help and not a limit: what was not named is read when asked for.
func (b *Batch) Ahead(a Ahead) error {
	for part := range slices.Chunk(fresh(a.Records, b.records), mostAhead) {
		if err := b.readRecords(part); err != nil {
			return err
		}
	}
	if err := b.allRights(a.Roots...); err != nil {
		return err
	}
	return b.Prefetch(a.Things)
}

// fresh are the keys that are not known yet, each once.
func fresh[K comparable, V any](keys []K, known map[K]V) []K {
	seen := map[K]bool{}
	var out []K
	for _, k := range keys {
		if _, ok := known[k]; !ok && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// condition is a part of a WHERE clause with its values.
type condition struct {
	text string
	args []any
}

// either joins conditions so that each of them is looked up in the index on its own. One list of whole keys would be as short, but PostgreSQL
// reads the whole table for it while it knows little of the table.
func either(list []condition) (where string, args []any) {
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = "(" + c.text + ")"
		args = append(args, c.args...)
	}
	return strings.Join(texts, " OR "), args
}

// grouped sorts keys by what they have in common.
func grouped[K any, G comparable](keys []K, by func(K) G) map[G][]K {
	out := map[G][]K{}
	for _, k := range keys {
		out[by(k)] = append(out[by(k)], k)
	}
	return out
}

func mapped[K, V any](keys []K, f func(K) V) []V {
	out := make([]V, len(keys))
	for i, k := range keys {
		out[i] = f(k)
	}
	return out
}

func (b *Batch) readRecords(keys []Asking) error {
	var list []condition
	for who, of := range grouped(keys, func(k Asking) workroom.AccountID { return k.Account }) {
		list = append(list, condition{"account = ? AND id IN (?)", []any{who, bun.List(mapped(of, func(k Asking) string { return k.ID }))}})
	}
	where, args := either(list)
	rows, err := b.tx.QueryContext(b.ctx, "SELECT "+recordColumns+" FROM command WHERE "+where, args...)
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for _, k := range keys {
		b.records[k] = nil
	}
	for rows.Next() {
		r := &Record{}
		if err := rows.Scan(r.fields()...); err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		b.records[Asking{r.Account, r.ID}] = r
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	return nil
}

// allRights reads everybody's right to some roots: to decide about who asks, and to tell who may know.
func (b *Batch) allRights(roots ...workroom.Scope) error {
	roots = fresh(roots, b.rights)
	if len(roots) == 0 {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT account, root, gen, role, from_born, gone FROM access WHERE root IN (?)", bun.List(roots))
	if err != nil {
		return fmt.Errorf("read access: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		a := &Access{}
		if err := rows.Scan(&a.Account, &a.Root, &a.Gen, &a.Role, &a.FromBorn, &a.Gone); err != nil {
			return fmt.Errorf("read access: %w", err)
		}
		if _, known := b.access[Right{a.Account, a.Root}]; !known { // what this batch changed stands
			b.access[Right{a.Account, a.Root}] = a
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read access: %w", err)
	}
	for _, r := range roots {
		b.rights[r] = true
	}
	return nil
}

// Prefetch reads things that are about to be asked for.
func (b *Batch) Prefetch(refs []workroom.Ref) error {
	for part := range slices.Chunk(fresh(refs, b.rows), mostAhead) {
		if err := b.readThings(part); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) readThings(refs []workroom.Ref) error {
	var list []condition
	for of, refs := range grouped(refs, func(r workroom.Ref) workroom.Ref { return workroom.Ref{Scope: r.Scope, Kind: r.Kind} }) {
		ids := bun.List(mapped(refs, func(r workroom.Ref) string { return r.ID }))
		list = append(list, condition{"scope = ? AND kind = ? AND id IN (?)", []any{of.Scope, of.Kind, ids}})
	}
	where, args := either(list)
	rows, err := b.tx.QueryContext(b.ctx, "SELECT "+thingColumns+" FROM thing WHERE "+where, args...)
	if err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for _, r := range refs {
		b.rows[r] = nil
	}
	for rows.Next() {
		t := &thing{}
		if err := rows.Scan(t.fields()...); err != nil {
			return fmt.Errorf("read ahead: %w", err)
		}
		b.rows[t.ref()] = t
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	return nil
}
