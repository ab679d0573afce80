package service

import (
	"context"
	"fmt"
	"testing"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func execute(t testing.TB, s *Service, q string, args ...any) {
	t.Helper()
	err := s.store.Write(context.Background(), func(tx store.Tx) error {
		_, err := tx.ExecContext(context.Background(), q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// I15: a cursor that this history never gave is answered with a reset and not with rows: one ahead of the head, one with another tag at the
// head or below it, one without a tag. A cursor from before tags were kept is believed, one whose tag was pruned is not.
func TestI15_ForkIsFound(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	for i := range 10 {
		anna.does(fmt.Sprintf("m%d", i), say("r1", "hello"))
	}
	pull := func(after int64, tag string, limit int) *wire.Page {
		t.Helper()
		p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: after, Tag: tag, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if p.Reset != "" && (len(p.Things) > 0 || p.Seq != 0 || p.Tag != "" || p.Digest != "") {
			t.Errorf("a reset with something in it: %+v", p)
		}
		return p
	}
	all := pull(0, "", 0)
	mid := pull(0, "", 4)
	if all.More || !mid.More || mid.Tag == "" || mid.Digest != "" || all.Digest == "" {
		t.Fatalf("%+v, then %+v", all, mid)
	}
	for _, x := range []struct {
		name  string
		after int64
		tag   string
		want  wire.Reset
	}{
		{"the head with its tag", all.Seq, all.Tag, ""},
		{"the head with another tag", all.Seq, "ffffffffffff", wire.ResetFork},
		{"the head with no tag", all.Seq, "", wire.ResetFork},
		{"ahead of the head", all.Seq + 1, all.Tag, wire.ResetFork},
		{"far ahead", 1 << 62, all.Tag, wire.ResetFork},
		{"below nothing", -1, "", wire.ResetFork},
		{"a page before with its tag", mid.Seq, mid.Tag, ""},
		{"a page before with another tag", mid.Seq, all.Tag, wire.ResetFork},
		{"a page before with no tag", mid.Seq, "", wire.ResetFork},
		{"the beginning", 0, "", ""},
	} {
		if p := pull(x.after, x.tag, 0); p.Reset != x.want {
			t.Errorf("%s: reset %q, want %q", x.name, p.Reset, x.want)
		}
	}
	execute(t, s, "DELETE FROM tagged WHERE scope = 'r:r1' AND seq <= ?", mid.Seq)
	if p := pull(mid.Seq, mid.Tag, 0); p.Reset != wire.ResetTooLong {
		t.Errorf("a pruned tag: %+v", p.Reset)
	}
	execute(t, s, "UPDATE head SET untagged = ? WHERE scope = 'r:r1'", mid.Seq)
	if p := pull(mid.Seq, "", 0); p.Reset != "" || len(p.Things) == 0 {
		t.Errorf("a number older than the table: %+v", p.Reset)
	}
	if p := pull(mid.Seq+1, "", 0); p.Reset != wire.ResetFork {
		t.Errorf("a number after it, without its tag: %+v", p.Reset)
	}
}

// A device that missed more than 5,000 changes opens anew; with exactly as many it pulls them all.
func TestTooLong(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	first, err := ben.Pull(t.Context(), wire.Pull{Scope: "k:k1", Epoch: s.store.Epoch, Gen: 1})
	if err != nil {
		t.Fatal(err)
	}
	add := func(from, n int) {
		var list []workroom.Change
		for i := range n {
			id := fmt.Sprintf("act%d", from+i)
			list = append(list, workroom.Change{Ref: workroom.Ref{Scope: "k:k1", Kind: workroom.KindActivity, ID: id}, Thing: &workroom.Activity{Code: id}})
			if len(list) == 500 || i == n-1 {
				act(t, s, anna.id, list...)
				list = nil
			}
		}
	}
	add(0, store.MaxChanges)
	read := 0
	for in := (wire.Pull{Scope: "k:k1", Epoch: s.store.Epoch, Gen: 1, After: first.Seq, Tag: first.Tag}); ; {
		p, err := ben.Pull(t.Context(), in)
		if err != nil || p.Reset != "" {
			t.Fatalf("%+v, %v", p, err)
		}
		read += len(p.Things)
		if in.After, in.Tag = p.Seq, p.Tag; !p.More {
			break
		}
	}
	if read != store.MaxChanges {
		t.Fatalf("%d changes pulled", read)
	}
	add(store.MaxChanges, 1)
	p, err := ben.Pull(t.Context(), wire.Pull{Scope: "k:k1", Epoch: s.store.Epoch, Gen: 1, After: first.Seq, Tag: first.Tag})
	if err != nil || p.Reset != wire.ResetTooLong {
		t.Fatalf("%+v, %v", p.Reset, err)
	}
}
