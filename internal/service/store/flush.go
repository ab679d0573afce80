package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// Flush writes everything, a statement a table, and answers whom to tell once the transaction has been committed.
func (b *Batch) Flush() ([]Hint, error) {
	if err := b.tx.s.fail(PointDecided); err != nil {
		return nil, err
	}
	if err := b.dropEmpty(); err != nil {
		return nil, err
	}
	var heads []*head
	for s := range b.dirtyHeads {
		heads = append(heads, b.heads[s])
	}
	slices.SortFunc(heads, func(x, y *head) int { return strings.Compare(string(x.Scope), string(y.Scope)) })
	var rows, known []*thing // of which the table has none yet, and one; nobody else can have made one under the lock of the heads
	for r := range b.dirtyRows {
		if b.stored[r] {
			known = append(known, b.rows[r])
		} else {
			rows = append(rows, b.rows[r])
		}
	}
	for _, list := range [][]*thing{rows, known} {
		slices.SortFunc(list, func(x, y *thing) int { return strings.Compare(x.ref().String(), y.ref().String()) })
	}
	var rights []*Access
	for r := range b.dirtyAccess {
		rights = append(rights, b.access[r])
	}
	slices.SortFunc(rights, func(x, y *Access) int {
		return strings.Compare(string(x.Account)+" "+string(x.Root), string(y.Account)+" "+string(y.Root))
	})
	w := &sender{b: b}
	upsert(w, heads, "scope", "space", "seq", "tag", "msgs", "digest")
	w.point(PointHeads)
	insert(w, rows, "")
	upsert(w, known, "scope, kind, id", "seq", "rev", "gone", "actor", "at", "body")
	w.point(PointThings)
	insert(w, b.tags, "")
	upsert(w, rights, "account, root", "gen", "role", "from_born", "gone")
	w.point(PointRights)
	insert(w, b.freshRecords, "")
	insert(w, b.invitations, "CONFLICT (id) DO NOTHING") // the first contract with a secret keeps it
	for f, born := range b.named {
		w.write(b.tx.NewUpdate().Table("file").Set("named = ?", born).Where("owner = ? AND id = ? AND named = 0", f.owner, f.id))
	}
	b.flushErased(w)
	w.point(PointRecords)
	if err := w.done(); err != nil {
		return nil, err
	}
	without := maps.Clone(b.erased)
	maps.Copy(without, b.given)
	for f, at := range without {
		name := string(f.owner) + "." + string(f.id)
		if err := b.tx.AddJob(b.ctx, JobPreviews, JobPreviews+" "+name, name, at.Add(time.Minute)); err != nil {
			return nil, err
		}
	}
	return b.hints(heads)
}

// sender writes the statements of a batch: on SQLite one by one, on PostgreSQL all of them in one question, which saves waiting for an
// answer to each. After an error it writes nothing more and keeps it for done.
type sender struct {
	b    *Batch
	text []byte
	err  error
}

func (w *sender) write(q schema.QueryAppender) {
	if w.err != nil {
		return
	}
	if w.text, w.err = q.AppendQuery(w.b.tx.s.write.QueryGen(), w.text); w.err != nil {
		return
	}
	w.text = append(w.text, ";\n"...)
	if !w.b.tx.s.Shared() {
		w.send()
	}
}

func (w *sender) send() {
	if len(w.text) == 0 || w.err != nil {
		return
	}
	_, w.err = w.b.tx.Tx.Tx.ExecContext(w.b.ctx, string(w.text)) // not by bun, which would look for placeholders
	w.text = w.text[:0]
}

// point is a place to fail at.
func (w *sender) point(p string) { w.err = errors.Join(w.err, w.b.tx.s.fail(p)) }

func (w *sender) done() error {
	w.send()
	if w.err != nil {
		return fmt.Errorf("write a batch: %w", w.err)
	}
	return nil
}

const mostRows = 200 // of one statement

func insert[T any](w *sender, rows []*T, on string) {
	for part := range slices.Chunk(rows, mostRows) {
		q := w.b.tx.NewInsert().Model(&part)
		if on != "" {
			q = q.On(on)
		}
		w.write(q)
	}
}

func upsert[T any](w *sender, rows []*T, pk string, columns ...string) {
	for part := range slices.Chunk(rows, mostRows) {
		q := w.b.tx.NewInsert().Model(&part).On("CONFLICT (" + pk + ") DO UPDATE")
		for _, c := range columns {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		w.write(q)
	}
}
