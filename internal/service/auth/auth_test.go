package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// U-02: passwords that guessers try first are refused, sentences of one's own are not.
func TestU02_PasswordRules(t *testing.T) {
	for p, ok := range map[string]bool{
		"correct horse battery staple": true, "Kaffee um halb vier": true, "gT7#pw-9xQ2z": true, "zwölf Möwen am Hafen": true,
		"纸飞机越过山丘和河流又回来了": true, "mothballs and marzipan": true,
		"short": false, "elevenchars": false, "password1234": false, "Password123!": false, "P@ssw0rd2024": false, "passwordpassword": false,
		"qwertyuiop12": false, "123456789012": false, "aaaaaaaaaaaa": false, "abcabcabcabc": false, "iloveyou2023": false, "letmein123456": false,
		"admin1234567": false, "1qaz2wsx3edc": false, "welcome-2026!": false, "abcdefghijkl": false, "!!!!2024!!!!": false,
		"Martina Weber 1": false, "weber.martina99": false, strings.Repeat("xy7 ", 65): false,
	} {
		if r := CheckPassword(p, "Martina Weber", "m.weber@example.com"); (r == nil) != ok {
			t.Errorf("%q: %v", p, r)
		} else if r != nil && (r.Field != "password" || strings.Contains(r.Text, p)) {
			t.Errorf("%q: %+v", p, r)
		}
	}
}

func TestHash(t *testing.T) {
	h, err := NewHasher()
	if err != nil {
		t.Fatal(err)
	}
	s, err := h.Hash(t.Context(), "a fine password")
	if err != nil || !strings.HasPrefix(s, "$argon2id$v=19$m=65536,t=1,p=2$") {
		t.Fatalf("%q, %v", s, err)
	}
	for _, x := range []struct {
		p, hash string
		ok      bool
	}{{"a fine password", s, true}, {"a fine passworD", s, false}, {"a password that nobody has", "", false}} {
		if ok, err := h.Matches(t.Context(), x.p, x.hash); ok != x.ok || err != nil {
			t.Errorf("%q: %v, %v", x.p, ok, err)
		}
	}
}

// A crowd that signs in or changes its passwords at once takes the memory of two of them, as a hash takes 64 MiB (see TestHash); it waits in a
// queue of fixed length, and beyond it is told at once to come again.
func TestU02_ACrowdTakesNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := NewHasher()
		if err != nil {
			t.Fatal(err)
		}
		inside, most, made := 0, 0, 0
		var mu sync.Mutex
		goOn := make(chan bool)
		work := func() {
			mu.Lock()
			inside++
			most = max(most, inside)
			mu.Unlock()
			<-goOn
			mu.Lock()
			inside--
			made++
			mu.Unlock()
		}
		h.create = func(string) (string, error) { work(); return "hash", nil }
		h.compare = func(string, string) (bool, error) { work(); return true, nil }

		const crowd = 8
		var all sync.WaitGroup
		for i := range crowd {
			all.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = h.Hash(t.Context(), "a fine password")
				} else {
					_, err = h.Matches(t.Context(), "a fine password", "hash")
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		for i := range crowd { // each time all that can go on has
			synctest.Wait()
			if want := min(2, crowd-i); inside != want || h.Waiting() != crowd-i {
				t.Errorf("after %d hashes %d are made at once and %d count, want %d and %d", i, inside, h.Waiting(), want, crowd-i)
			}
			goOn <- true
		}
		all.Wait()
		if most != 2 || made != crowd || h.Waiting() != 0 {
			t.Errorf("%d hashes, %d at once, %d still counted", made, most, h.Waiting())
		}

		for range atOnce { // nobody leaves: all places are taken
			all.Go(func() { _, _ = h.Hash(t.Context(), "a fine password") })
		}
		synctest.Wait()
		ctx, end := context.WithCancel(t.Context())
		for range inQueue {
			all.Go(func() {
				if _, err := h.Matches(ctx, "a fine password", ""); !errors.Is(err, context.Canceled) {
					t.Error("in the queue:", err)
				}
			})
		}
		synctest.Wait()
		if _, err := h.Matches(t.Context(), "a fine password", ""); !errors.Is(err, ErrBusy) {
			t.Error("beyond the queue:", err)
		}
		if _, err := h.Hash(t.Context(), "a fine password"); !errors.Is(err, ErrBusy) {
			t.Error("beyond the queue:", err)
		}
		end()
		synctest.Wait()
		if n := h.Waiting(); n != atOnce {
			t.Errorf("%d still counted after those in the queue left", n)
		}
		close(goOn)
		all.Wait()
	})
}

func TestTokens(t *testing.T) {
	a, ha := NewToken()
	b, _ := NewToken()
	if a == b || HashToken(a) != ha || len(a) < 40 || strings.Contains(ha, a) {
		t.Fatal("tokens repeat or show")
	}
	if TokenOf("Bearer "+a) != a || TokenOf("bearer "+a) != a || TokenOf("Basic "+a) != "" || TokenOf("Bearer x") != "" || TokenOf("") != "" {
		t.Fatal("header")
	}
	now := time.Unix(1e9, 0)
	for _, x := range []struct {
		made, used time.Duration
		good       bool
	}{{0, 0, true}, {179 * 24, 1, true}, {180 * 24, 1, false}, {40 * 24, 30 * 24, false}} {
		if TokenGood(now.Add(-x.made*time.Hour), now.Add(-x.used*time.Hour), now) != x.good {
			t.Errorf("%+v", x)
		}
	}
}

func TestWait(t *testing.T) {
	for n, want := range map[int64]time.Duration{0: 0, 4: 0, 5: time.Minute, 6: 2 * time.Minute, 7: 4 * time.Minute, 8: 8 * time.Minute, 9: Window, 1000: Window} {
		if got := Wait(n, PerAccount); got != want {
			t.Errorf("after %d: %s", n, got)
		}
	}
}
