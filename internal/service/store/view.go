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
	who     workroom.AccountID // whose eyes it has; "" for the service's own
	Err     error
}

// View opens the batch to the service itself, which sees all of these scopes.
func (b *Batch) View(allowed []workroom.Scope) *View { return &View{b: b, allowed: allowed} }

// ViewOf opens the batch to the rule of somebody's command, which declared these scopes. What is older than that account's right to read is not
// there for it, as it is in no answer: who knows the id of such a message can do nothing with it (I10).
func (b *Batch) ViewOf(who workroom.AccountID, allowed []workroom.Scope) *View {
	return &View{b: b, allowed: allowed, who: who}
}

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
	if t == nil || t.Gone || v.older(t) {
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

// older reports whether a thing was born before the account whose eyes these are may see.
func (v *View) older(t *thing) bool {
	if v.who == "" || !t.Kind.Dated() {
		return false
	}
	hidden, err := v.b.hidden(v.who, t)
	if err != nil {
		v.Err = errors.Join(v.Err, err)
	}
	return hidden
}

// hidden reports whether an account may not see a thing: not at all, or not so far back.
func (b *Batch) hidden(who workroom.AccountID, t *thing) (bool, error) {
	a, ok, err := b.Access(who, t.Scope.Root())
	return err != nil || !ok || t.Kind.Dated() && t.Born < a.FromBorn, err
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
	switch k {
	case workroom.KindSlice, workroom.KindMark, workroom.KindClaim, workroom.KindShot, workroom.KindInput, workroom.KindAdjustment, workroom.KindDispute,
		workroom.KindTurn, workroom.KindActivity, workroom.KindCode: // whoever lists a diary, what became of a contract, or codes reads all of it
		if err := v.b.Prefetch(out); err != nil {
			v.Err = errors.Join(v.Err, err)
		}
	}
	return out, workroom.Held
}
