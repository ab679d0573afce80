package service

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/auth"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// U-02: wrong guesses are slowed down, for names that exist and names that do not alike; a device the account knows is let in.
func TestU02_GuessersWait(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	_, c := start(t, Config{Now: func() time.Time { return now }})
	join(t, c, "anna")
	try := func(email, password, device string) (workroom.Code, string) {
		_, err := c.SignIn(t.Context(), wire.SignIn{Email: email, Password: password, Device: device})
		var e *wire.Error
		if errors.As(err, &e) {
			return e.Code, e.Text
		}
		return "", ""
	}
	for _, email := range []string{"anna@example.com", "nobody@example.com"} {
		var text string
		for i := range 5 {
			got, said := try(email, "wrong wrong wrong", "stranger")
			if got != workroom.BadInput || text != "" && said != text {
				t.Fatalf("%s, guess %d: %s %q", email, i, got, said)
			}
			text = said
		}
		if got, _ := try(email, "wrong wrong wrong", "stranger"); got != workroom.Rate {
			t.Fatalf("%s, guess 6: %s", email, got)
		}
	}
	if got, _ := try("anna@example.com", goodPassword, "stranger"); got != workroom.Rate {
		t.Fatalf("the right password at once after guessing: %s", got)
	}
	if got, _ := try("anna@example.com", goodPassword, "d-anna"); got != "" {
		t.Fatalf("the account's own device: %s", got)
	}
	now = now.Add(2 * time.Minute)
	if got, _ := try("anna@example.com", goodPassword, "stranger"); got != "" {
		t.Fatalf("after waiting: %s", got)
	}
	_, err := c.SignUp(t.Context(), wire.SignUp{Name: "Anna", Email: "ANNA@Example.com", Password: goodPassword, Device: "x"})
	var r *workroom.Refusal
	if !errors.As(err, &r) || r.Field != "email" || r.Code != workroom.BadInput {
		t.Fatalf("signing up twice: %v", err)
	}
	_, err = c.SignUp(t.Context(), wire.SignUp{Name: "\u3164", Email: "nobody@example.com", Password: goodPassword, Device: "x"})
	if !errors.As(err, &r) || r.Field != "name" {
		t.Fatalf("a name that nobody sees: %v", err)
	}
}

// U-02: when more people sign in at once than the service has memory for, the last are told "busy, in a moment". It is no wrong guess of
// theirs: however often they come meanwhile, they get in as soon as there is room.
func TestU02_BusyIsNoGuess(t *testing.T) {
	s, c := start(t, Config{})
	join(t, c, "anna")
	in := wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: "stranger"}
	ctx, end := context.WithCancel(t.Context())
	var all sync.WaitGroup
	real := s.hasher
	s.hasher = &auth.Hasher{} // without a place: its queue stands still
	for range 34 {
		all.Go(func() { _, _ = s.hasher.Hash(ctx, goodPassword) })
	}
	for s.hasher.Waiting() < 34 {
		time.Sleep(time.Millisecond)
	}
	for range auth.PerAccount + 1 {
		_, err := c.SignIn(t.Context(), in)
		var e *wire.Error
		if !errors.As(err, &e) || e.Status != 503 || e.Code != workroom.Busy || e.Retry != workroom.RetryLater || e.After == 0 || e.Final {
			t.Errorf("beyond the queue: %+v", err)
		}
	}
	if _, err := c.SignUp(t.Context(), wire.SignUp{Name: "Ben", Email: "ben@example.com", Password: goodPassword, Device: "x"}); code(err) != workroom.Busy {
		t.Error("signing up beyond the queue:", err)
	}
	end()
	all.Wait()
	s.hasher = real
	if _, err := c.SignIn(t.Context(), in); err != nil {
		t.Error("as soon as there is room:", err)
	}
}

// U-02: where joining is not open, the first account and holders of an invitation get in, nobody else.
func TestU02_JoiningByInvitation(t *testing.T) {
	s, c := start(t, Config{})
	s.cfg.OpenJoin = false
	anna := join(t, c, "anna")
	anna.does("k1", offer(anna, "k1", "r1", secret))
	o := offer(anna, "k2", "r2", "only for ben")
	o.Email = "ben@example.com"
	anna.does("k2", o)
	for _, x := range []struct {
		email, secret string
		ok            bool
	}{{"eve@example.com", "", false}, {"eve@example.com", "guess", false}, {"eve@example.com", "only for ben", false}, {"Ben@example.com", "only for ben", true}, {"zoe@example.com", secret, true}} {
		in, err := c.SignUp(t.Context(), wire.SignUp{Name: "N", Email: x.email, Password: goodPassword, Device: "d", Invitation: x.secret})
		var r *workroom.Refusal
		if x.ok != (err == nil) || err != nil && (!errors.As(err, &r) || r.Field != "invitation") {
			t.Fatalf("%+v: %+v, %v", x, in, err)
		}
	}
}

// A token ends by itself when it was not used for a month.
func TestTokenEnds(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	_, c := start(t, Config{Now: func() time.Time { return now }})
	anna := join(t, c, "anna")
	for range 5 {
		now = now.Add(29 * 24 * time.Hour)
		if _, err := anna.Heads(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(31 * 24 * time.Hour)
	if _, err := anna.Heads(t.Context(), ""); code(err) != workroom.SignedOut {
		t.Fatal(err)
	}
}
