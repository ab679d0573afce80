package store

import (
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Holds reports whether a thing is at the rev that an account saw; 0 is that there is none. A tombstone passes for none, and so does what is
// older than what the account may see.
func (b *Batch) Holds(who workroom.AccountID, ref workroom.Ref, rev int64) (bool, error) {
	t, err := b.row(ref)
	if err != nil {
		return false, err
	}
	if t != nil && t.Kind.Dated() {
		hidden, err := b.hidden(who, t)
		if err != nil {
			return false, err
		}
		if hidden {
			t = nil
		}
	}
	if t == nil {
		return rev == 0, nil
	}
	return t.Rev == rev || t.Gone && rev == 0, nil
}

// Present is a thing as it stands, a tombstone too; false if there never was one, or if it is older than what the account may see.
func (b *Batch) Present(who workroom.AccountID, ref workroom.Ref) (wire.Thing, bool, error) {
	a, ok, err := b.Access(who, ref.Scope.Root())
	if err != nil || !ok {
		return wire.Thing{}, false, err
	}
	t, err := b.row(ref)
	if err != nil || t == nil || t.Kind.Dated() && t.Born < a.FromBorn {
		return wire.Thing{}, false, err
	}
	return t.wire(), true, nil
}
