package service

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I4 I5: a fault at any point costs time only: asked again, each command has one effect and one answer, numbers stay without gaps, and every
// point is really met.
func TestFailpoints(t *testing.T) {
	var mu sync.Mutex
	met, broken := map[string]int{}, ""
	fail := func(point string) error {
		mu.Lock()
		defer mu.Unlock()
		met[point]++
		if point == broken {
			broken = ""
			return errors.New("broken here")
		}
		return nil
	}
	s, c := start(t, Config{Fail: fail})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	act(t, s, anna.id, workroom.Change{Ref: message("r1", "deleted"), Thing: &workroom.Message{Author: anna.id}})
	act(t, s, anna.id, workroom.Change{Ref: message("r1", "deleted")})
	n := int64(1) // message numbers; the deleted one has one
	for _, point := range Points() {
		cmd := anna.command("at-"+newID(), say(w.r, point))
		mu.Lock()
		broken = point
		mu.Unlock()
		for tries := 0; ; tries++ {
			if tries > 10 {
				t.Fatalf("%s: never answered", point)
			}
			_ = s.work(t.Context()) // fails at the points of periodic work
			_ = s.Compact(t.Context(), s.now().Add(91*24*time.Hour))
			_, _ = ben.Heads(t.Context(), "")
			out, err := anna.Commands(t.Context(), wire.Commands{Device: "d", Cmds: []wire.Command{cmd}})
			if err == nil && out.Results[0].Status == wire.OK {
				n++
				if got := out.Results[0].Things; len(got) != 1 || got[0].Num != n || got[0].Rev != 1 {
					t.Errorf("%s: %+v", point, got)
				}
				break
			}
			if err == nil && out.Results[0].Status == wire.Rejected {
				t.Fatalf("%s: %+v", point, out.Results[0])
			}
			var e *wire.Error
			if err != nil && (!asError(err, &e) || e.Final) {
				t.Fatalf("%s: %v", point, err)
			}
		}
		checkScope(t, s, "r:r1")
	}
	for _, point := range Points() {
		if met[point] == 0 {
			t.Errorf("%s is never met", point)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if broken != "" {
		t.Errorf("%s was not broken", broken)
	}
}

// The same source of chance gives the same tags and ids.
func TestSeededChance(t *testing.T) {
	history := func() (out []string) {
		s, c := start(t, Config{DB: "sqlite:" + t.TempDir() + "/service.db", Now: inSlice, Random: rand.NewChaCha8([32]byte{7})})
		anna := join(t, c, "anna")
		o := offer(anna, "k1", "r1", secret)
		o.Self, o.Invitation = true, ""
		anna.does("k1", o)
		out = append(out, s.store.Epoch, s.ID(), string(anna.id))
		for i := range 5 {
			anna.does(fmt.Sprint("m", i), say("r1", "text"))
			p, err := anna.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, p.Tag)
		}
		return out
	}
	if a, b := history(), history(); !reflect.DeepEqual(a, b) {
		t.Errorf("%v, then %v", a, b)
	}
}

// A program older than the least the service takes may read and not write; it is told to update, and nothing is lost.
func TestOldProgramGoesOnReading(t *testing.T) {
	s, c := start(t, Config{MinClient: "2.0.0"})
	c.Version = "2.0.0"
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	ben.Version = "1.9.9"
	if m, err := ben.Meta(t.Context()); err != nil || m.MinClient != "2.0.0" {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := ben.Heads(t.Context(), ""); err != nil {
		t.Error("heads:", err)
	}
	if p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1}); err != nil || len(p.Things) == 0 {
		t.Error("pull:", err)
	}
	frames, _ := ben.listen(t.Context())
	ben.looks("r:r1")
	anna.does("m1", say(w.r, "hello"))
	if e := <-frames; e.Rows == nil {
		t.Errorf("%+v", e)
	}
	cmd := ben.command("b1", say(w.r, "from an old one"))
	for name, err := range map[string]error{
		"commands": second(ben.Commands(t.Context(), wire.Commands{Cmds: []wire.Command{cmd}})),
		"new file": second(ben.NewFile(t.Context(), wire.NewFile{ID: "f1", Scope: "r:r1", Name: "a", Size: 1, Parts: []string{sha([]byte("x"))}})),
		"complete": ben.Complete(t.Context(), "f1"),
	} {
		var e *wire.Error
		if !asError(err, &e) || e.Code != workroom.ClientTooOld || e.Retry != workroom.RetryUpgrade || e.Final || e.Status != 426 {
			t.Errorf("%s: %v", name, err)
		}
	}
	ben.Version = "2.0.1"
	if r := ben.send(cmd)[0]; r.Status != wire.OK {
		t.Errorf("%+v", r)
	}
}

func second[T any](_ T, err error) error { return err }
