package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
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
	rows, err := b.tx.ask(b.ctx, "SELECT "+headColumns+" FROM head WHERE scope IN (?) ORDER BY scope"+hold, scopes)
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
	Devices []Asking         // whose numbers they have: up to which of them records were pruned
	Roots   []workroom.Scope // whoever may read them
	Things  []workroom.Ref
}

const mostAhead = 300 // rows asked for in one statement, three values each

// Ahead reads in one query what is about to be asked for. It is a help and not a limit: what was not named is read when asked for.
func (b *Batch) Ahead(a Ahead) error {
	a = Ahead{Records: fresh(a.Records, b.records), Devices: fresh(a.Devices, b.pruned), Roots: fresh(a.Roots, b.rights), Things: fresh(a.Things, b.rows)}
	if len(a.Records)+len(a.Devices)+len(a.Roots)+len(a.Things) <= mostAhead {
		return b.together(a)
	}
	for part := range slices.Chunk(a.Records, mostAhead) {
		if err := b.readRecords(part); err != nil {
			return err
		}
	}
	if err := b.allRights(a.Roots...); err != nil {
		return err
	}
	return b.Prefetch(a.Things)
}

// The tables that together reads, as they number themselves in its rows.
const (
	aThing = iota
	aRight
	aRecord
	aDevice
)

// statement reads rows of several tables at once. Every row has the same ten texts, five numbers and a flag.
func (a Ahead) statement() (text string, args []any) {
	var parts []string
	add := func(what int, columns, from, where string, values ...any) {
		parts = append(parts, fmt.Sprintf("SELECT %d, %s FROM %s WHERE %s", what, columns, from, where))
		args = append(args, values...)
	}
	if len(a.Things) > 0 {
		where, values := thingsWhere(a.Things)
		add(aThing, "scope, kind, id, actor, body, '', '', '', '', '', seq, born, rev, mn, at, gone", "thing", where, values...)
	}
	if len(a.Roots) > 0 {
		add(aRight, "account, root, role, '', '', '', '', '', '', '', gen, from_born, 0, 0, 0, gone", "access", "root IN (?)", a.Roots)
	}
	if len(a.Records) > 0 {
		where, values := recordsWhere(a.Records)
		add(aRecord, "account, id, device, op, hash, status, code, detail, field, seqs, n, at, 0, 0, 0, FALSE", "command", where, values...)
	}
	if len(a.Devices) > 0 {
		where, values := recordsWhere(a.Devices)
		add(aDevice, "account, id, '', '', '', '', '', '', '', '', pruned_n, 0, 0, 0, 0, FALSE", "device", where, values...)
	}
	return strings.Join(parts, " UNION ALL "), args
}

// together reads rows of several tables in one statement, because on a shared database each statement waits for an answer of its own.
func (b *Batch) together(a Ahead) error {
	text, args := a.statement()
	if text == "" {
		return nil
	}
	rows, err := b.tx.ask(b.ctx, text, args...)
	if err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for _, r := range a.Things {
		b.rows[r] = nil
	}
	for _, k := range a.Records {
		b.records[k] = nil
	}
	for _, k := range a.Devices {
		b.pruned[k] = 0
	}
	for rows.Next() {
		var what int
		var t [10]string
		var n [5]int64
		var gone bool
		if err := rows.Scan(&what, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7], &t[8], &t[9], &n[0], &n[1], &n[2], &n[3], &n[4], &gone); err != nil {
			return fmt.Errorf("read ahead: %w", err)
		}
		switch what {
		case aThing:
			x := &thing{Scope: workroom.Scope(t[0]), Kind: workroom.Kind(t[1]), ID: t[2], Actor: workroom.AccountID(t[3]), Body: t[4],
				Seq: n[0], Born: n[1], Rev: n[2], Num: n[3], At: n[4], Gone: gone}
			b.rows[x.ref()], b.stored[x.ref()] = x, true
		case aRight:
			x := &Access{Account: workroom.AccountID(t[0]), Root: workroom.Scope(t[1]), Role: workroom.Role(t[2]), Gen: n[0], FromBorn: n[1], Gone: gone}
			if _, known := b.access[Right{x.Account, x.Root}]; !known { // what this batch changed stands
				b.access[Right{x.Account, x.Root}] = x
			}
		case aRecord:
			x := &Record{Account: workroom.AccountID(t[0]), ID: t[1], Device: t[2], Op: workroom.Op(t[3]), Hash: t[4], Status: wire.Verdict(t[5]),
				Code: workroom.Code(t[6]), Detail: t[7], Field: t[8], Seqs: t[9], N: n[0], At: n[1]}
			b.records[Asking{x.Account, x.ID}] = x
		case aDevice:
			b.pruned[Asking{workroom.AccountID(t[0]), t[1]}] = n[0]
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	for _, r := range a.Roots {
		b.rights[r] = true
	}
	return nil
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

// recordsWhere finds rows by account and id: of commands, and of devices.
func recordsWhere(keys []Asking) (where string, args []any) {
	var list []condition
	for who, of := range grouped(keys, func(k Asking) workroom.AccountID { return k.Account }) {
		list = append(list, condition{"account = ? AND id IN (?)", []any{who, mapped(of, func(k Asking) string { return k.ID })}})
	}
	return either(list)
}

func (b *Batch) readRecords(keys []Asking) error {
	where, args := recordsWhere(keys)
	rows, err := b.tx.ask(b.ctx, "SELECT "+recordColumns+" FROM command WHERE "+where, args...)
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

func thingsWhere(refs []workroom.Ref) (where string, args []any) {
	var list []condition
	for of, refs := range grouped(refs, func(r workroom.Ref) workroom.Ref { return workroom.Ref{Scope: r.Scope, Kind: r.Kind} }) {
		ids := mapped(refs, func(r workroom.Ref) string { return r.ID })
		list = append(list, condition{"scope = ? AND kind = ? AND id IN (?)", []any{of.Scope, of.Kind, ids}})
	}
	return either(list)
}

func (b *Batch) readThings(refs []workroom.Ref) error {
	where, args := thingsWhere(refs)
	rows, err := b.tx.ask(b.ctx, "SELECT "+thingColumns+" FROM thing WHERE "+where, args...)
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
		b.rows[t.ref()], b.stored[t.ref()] = t, true
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read ahead: %w", err)
	}
	return nil
}
