package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trestle/internal/workroom"
)

// Living reads a thing's body and rev; false if there is none or it is a tombstone.
func (tx Tx) Living(ctx context.Context, ref workroom.Ref) (workroom.Thing, int64, bool, error) {
	var body string
	var rev int64
	err := tx.QueryRowContext(ctx, "SELECT body, rev FROM thing WHERE scope = ? AND kind = ? AND id = ? AND NOT gone", ref.Scope, ref.Kind, ref.ID).Scan(&body, &rev)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, false, nil
	}
	if err != nil {
		return nil, 0, false, fmt.Errorf("read %s: %w", ref.Kind, err)
	}
	t, err := workroom.Decode(ref.Kind, []byte(body))
	return t, rev, err == nil, err
}

// Activities reads the codes of a contract in use, in order of making.
func (tx Tx) Activities(ctx context.Context, s workroom.Scope) ([]*workroom.Activity, error) {
	list, err := tx.things(ctx, "scope = ? AND kind = ? AND NOT gone ORDER BY born, id", s, workroom.KindActivity)
	if err != nil {
		return nil, err
	}
	var out []*workroom.Activity
	for _, x := range list {
		t, err := workroom.Decode(x.Kind, x.Body)
		if err != nil {
			return nil, err
		}
		if a, ok := t.(*workroom.Activity); ok && a.Archived == 0 {
			out = append(out, a)
		}
	}
	return out, nil
}

// FindInvitation finds the contract that an invitation belongs to, by the invitation's id.
func (tx Tx) FindInvitation(ctx context.Context, id string) (workroom.ContractID, *workroom.Invitation, bool, error) {
	var s workroom.Scope
	err := tx.QueryRowContext(ctx, "SELECT scope FROM invitation WHERE id = ?", id).Scan(&s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, false, nil
	}
	if err != nil {
		return "", nil, false, fmt.Errorf("find invitation: %w", err)
	}
	t, _, ok, err := tx.Living(ctx, workroom.Ref{Scope: s, Kind: workroom.KindInvitation, ID: id})
	inv, is := t.(*workroom.Invitation)
	return workroom.ContractID(s.Owner()), inv, ok && is, err
}
