package store

import (
	"errors"
	"slices"

	"trestle/internal/workroom"
)

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
	if n, ok := v.b.decoded[ref]; ok { // rules never change a thing in place
		return n, workroom.Held
	}
	n, err := workroom.Decode(t.Kind, []byte(t.Body))
	if err != nil {
		v.Err = errors.Join(v.Err, err)
		return nil, workroom.Absent
	}
	v.b.decoded[ref] = n
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
