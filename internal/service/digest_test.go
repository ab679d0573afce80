package service

import (
	"context"
	"fmt"
	"testing"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// sum is the digest of what a device holds.
func sum(have map[workroom.Ref]wire.Thing) string {
	var d wire.Digest
	for _, x := range have {
		if !x.Gone {
			d += wire.ShareOf(x.Kind, x.ID, x.Seq)
		}
	}
	return d.String()
}

// act writes changes as the service's own act, for what no command does yet.
func act(t testing.TB, s *Service, by workroom.AccountID, changes ...workroom.Change) {
	t.Helper()
	if err := s.Act(t.Context(), by, changes); err != nil {
		t.Fatal(err)
	}
}

func message(r, id string) workroom.Ref {
	return workroom.Ref{Scope: workroom.Scope("r:" + r), Kind: workroom.KindMessage, ID: id}
}

// I18: the digest stored is the one recomputed, whatever was written and removed; deleting takes a share away, and the parts add up.
func TestI18_DigestOfLivingThings(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ask := func(in wire.DigestIn) *wire.DigestOut {
		t.Helper()
		in.Scope = "r:r1"
		out, err := ben.Digest(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	pulled := func() (map[workroom.Ref]wire.Thing, *wire.Page) {
		t.Helper()
		p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
		if err != nil {
			t.Fatal(err)
		}
		have := map[workroom.Ref]wire.Thing{}
		for _, x := range p.Things {
			have[workroom.Ref{Scope: x.Scope, Kind: x.Kind, ID: x.ID}] = x
		}
		return have, p
	}
	var before string
	for i := range 20 {
		anna.does(fmt.Sprintf("m%d", i), say("r1", "hello"))
		if i%3 == 2 {
			act(t, s, anna.id, workroom.Change{Ref: message("r1", fmt.Sprintf("m%d", i-1))})
		}
		have, p := pulled()
		if p.Digest == before || p.Digest != sum(have) {
			t.Fatalf("step %d: %s, of what was pulled %s, before %s", i, p.Digest, sum(have), before)
		}
		before = p.Digest
		checkScope(t, s, "r:r1")
	}
	have, p := pulled()
	hot, dated := map[workroom.Ref]wire.Thing{}, map[workroom.Ref]wire.Thing{}
	var half, rest map[workroom.Ref]wire.Thing = map[workroom.Ref]wire.Thing{}, map[workroom.Ref]wire.Thing{}
	for ref, x := range have {
		if !ref.Kind.Dated() {
			hot[ref] = x
			continue
		}
		dated[ref] = x
		if x.Born <= 12 {
			half[ref] = x
		} else {
			rest[ref] = x
		}
	}
	for name, q := range map[string]struct {
		in   wire.DigestIn
		want string
	}{
		"undated": {wire.DigestIn{Min: p.Seq}, sum(hot)}, "all dated": {wire.DigestIn{Lo: 1, Hi: p.Seq}, sum(dated)},
		"below": {wire.DigestIn{Hi: 12}, sum(half)}, "above": {wire.DigestIn{Lo: 13, Hi: 9000}, sum(rest)}, "nothing": {wire.DigestIn{Lo: 900, Hi: 1000}, sum(nil)},
	} {
		if out := ask(q.in); out.Digest != q.want || out.AsOf != p.Seq {
			t.Errorf("%s: %+v, want %s as of %d", name, out, q.want, p.Seq)
		}
	}
	if _, err := ben.Digest(t.Context(), wire.DigestIn{Scope: "r:r1", Min: p.Seq + 1}); code(err) != workroom.Busy {
		t.Errorf("as of a number that is not there yet: %v", err)
	}
	if _, err := ben.Digest(t.Context(), wire.DigestIn{Scope: "r:r1", Hi: wire.MaxDigest + 1}); code(err) != workroom.BadInput {
		t.Errorf("too much at once: %v", err)
	}
	// Who is not shown the beginning is not given the digest of all of it, and the parts only count what they see.
	grant := workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindGrant, ID: "r:r1"}
	act(t, s, anna.id, workroom.Change{Ref: grant, Thing: &workroom.Grant{Gen: 2, Role: workroom.Freelancer, FromBorn: 13}})
	p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 2})
	if err != nil || p.Digest != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if out := ask(wire.DigestIn{Lo: 1, Hi: p.Seq}); out.Digest != sum(rest) {
		t.Errorf("the part of the dated things shows what is hidden")
	}
}

// A database of the first slice, whose digests counted tombstones too, is recomputed once when it is opened.
func TestI18_OldDigestsAreRecomputed(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	s, err := New(Config{Data: dir, OpenJoin: true, Limits: Limits{SignUps: -1, Rooms: -1}})
	if err != nil {
		t.Fatal(err)
	}
	anna := join(t, &wire.Client{Base: wire.LocalBase, HTTP: localClient(s)}, "anna")
	o := offer(anna, "k1", "r1", secret)
	o.Self, o.Invitation = true, ""
	anna.does("k1", o)
	anna.does("m1", say("r1", "one"))
	err = s.store.Write(ctx, func(tx store.Tx) error {
		for _, q := range []string{"UPDATE head SET digest = 77", "DELETE FROM meta WHERE k = 'digest'", "DELETE FROM tagged", "UPDATE head SET untagged = seq"} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if said, err := s.store.Verify(ctx, "r:r1"); err != nil || said == "" {
		t.Fatal("the test does not break anything:", said, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = New(Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	checkScope(t, s, "r:r1")
	checkScope(t, s, "k:k1")
	checkScope(t, s, workroom.AccountScope(anna.id))
}
