package service

import (
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// M-40: the sweep takes the parts of uploads that were given up, and none that a file lists, even one that is not complete.
func TestM40_Sweep(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.upload("kept", "r:r1", "a", []byte("kept"))
	if err := anna.Complete(t.Context(), "kept"); err != nil {
		t.Fatal(err)
	}
	anna.upload("given-up", "r:r1", "b", []byte("given up"))
	now = now.Add(20 * 24 * time.Hour)
	ben.upload("in-work", "r:r1", "c", []byte("kept")) // lists the same bytes
	for _, days := range []int{0, 20} {
		now = now.Add(time.Duration(days) * 24 * time.Hour)
		if err := s.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			text string
			here bool
		}{{"kept", true}, {"given up", days == 0}} {
			if ok, err := s.files.Has(t.Context(), "k-k1", sha([]byte(x.text))); err != nil || ok != x.here {
				t.Errorf("after %d days more: %q is here: %v, %v", days, x.text, ok, err)
			}
		}
	}
	in, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: "d-anna"})
	if err != nil {
		t.Fatal(err)
	}
	anna.Token = in.Token
	if o := anna.upload("given-up", "r:r1", "b", []byte("given up")); len(o.Missing) != 1 {
		t.Fatalf("announced again: %+v", o)
	}
	if err := anna.Complete(t.Context(), "given-up"); err != nil {
		t.Fatal(err)
	}
	anna.does("m1", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "given-up", Name: "b", Size: 8}}})
}
