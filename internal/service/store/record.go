package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Record is what became of a command, kept for good: asked again, the same command gets the same answer.
type Record struct {
	bun.BaseModel `bun:"table:command"`

	Account workroom.AccountID `bun:"account,pk"`
	ID      string             `bun:"id,pk"`
	Device  string             `bun:"device"`
	N       int64              `bun:"n"`
	Op      workroom.Op        `bun:"op"`
	Hash    string             `bun:"hash"` // of op, version and arguments
	Status  wire.Verdict       `bun:"status"`
	Code    workroom.Code      `bun:"code"`
	Detail  string             `bun:"detail"`
	Field   string             `bun:"field"`
	Seqs    string             `bun:"seqs"` // JSON, scope to seq
	At      int64              `bun:"at"`
}

const recordColumns = "account, id, device, n, op, hash, status, code, detail, field, seqs, at"

func (r *Record) fields() []any {
	return []any{&r.Account, &r.ID, &r.Device, &r.N, &r.Op, &r.Hash, &r.Status, &r.Code, &r.Detail, &r.Field, &r.Seqs, &r.At}
}

// Record looks up a command; nil if it was never answered for good.
func (b *Batch) Record(who workroom.AccountID, id string) (*Record, error) {
	if r, ok := b.records[Asking{who, id}]; ok {
		return r, nil
	}
	err := b.readRecords([]Asking{{who, id}})
	return b.records[Asking{who, id}], err
}

// recorded reports whether there are records of all these commands of an account, as accepted. What was accepted and has none was accepted in
// another history: an older database stands in the place of the one that had it.
func (tx Tx) recorded(ctx context.Context, who workroom.AccountID, ids []string) (bool, error) {
	if len(ids) == 0 {
		return true, nil
	}
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM command WHERE account = ? AND id IN (?) AND status = ?", who, bun.List(ids), wire.OK).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for records: %w", err)
	}
	return n == len(ids), nil
}

// Keep adds a record, in the transaction of its effect.
func (b *Batch) Keep(r *Record, seqs map[workroom.Scope]int64) {
	if seqs == nil {
		seqs = map[workroom.Scope]int64{}
	}
	j, _ := json.Marshal(seqs) // strings and numbers always marshal
	r.Seqs = string(j)
	b.records[Asking{r.Account, r.ID}] = r
	b.freshRecords = append(b.freshRecords, r)
}

// Claim stores a record at once and answers whether there was none of its name: what two transactions would do, one of them does. The
// other waits for the first one's end. Place says what came of it.
func (b *Batch) Claim(r *Record) (bool, error) {
	if known, err := b.Record(r.Account, r.ID); known != nil || err != nil {
		return false, err
	}
	r.Seqs = "{}"
	res, err := b.tx.NewInsert().Model(r).On("CONFLICT (account, id) DO NOTHING").Exec(b.ctx)
	if err != nil {
		return false, fmt.Errorf("claim a record: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("claim a record: %w", err)
	}
	b.records[Asking{r.Account, r.ID}] = r
	return n == 1, nil
}

// Place notes the numbers that the effect of a claimed record got: each number of a scope is some record's (I2).
func (b *Batch) Place(r *Record, seqs map[workroom.Scope]int64) error {
	j, _ := json.Marshal(seqs) // strings and numbers always marshal
	r.Seqs = string(j)
	if _, err := b.tx.ExecContext(b.ctx, "UPDATE command SET seqs = ? WHERE account = ? AND id = ?", r.Seqs, r.Account, r.ID); err != nil {
		return fmt.Errorf("place a record: %w", err)
	}
	return nil
}

// Written reads the rows that a recorded command wrote and that nothing has changed since.
func (b *Batch) Written(r *Record) ([]wire.Thing, error) {
	var seqs map[workroom.Scope]int64
	if err := json.Unmarshal([]byte(r.Seqs), &seqs); err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	var out []wire.Thing
	for s, n := range seqs {
		for ref, t := range b.rows {
			if t != nil && ref.Scope == s && t.Seq == n && b.dirtyRows[ref] {
				out = append(out, t.wire())
			}
		}
		stored, err := b.tx.things(b.ctx, "scope = ? AND seq = ?", s, n)
		if err != nil {
			return nil, err
		}
		for _, t := range stored {
			if !b.dirtyRows[workroom.Ref{Scope: t.Scope, Kind: t.Kind, ID: t.ID}] {
				out = append(out, t)
			}
		}
	}
	return out, nil
}
