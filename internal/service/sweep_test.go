package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// sweptTwice runs both passes, an hour apart.
func sweptTwice(t *testing.T, s *Service, now *time.Time) {
	t.Helper()
	for range 2 {
		if err := s.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Hour)
	}
}

func (p *person) renew(c *wire.Client, name string) {
	p.t.Helper()
	in, err := c.SignIn(p.t.Context(), wire.SignIn{Email: name + "@example.com", Password: goodPassword, Device: "d-" + name})
	if err != nil {
		p.t.Fatal(err)
	}
	p.Token = in.Token
}

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
		sweptTwice(t, s, &now)
		for _, x := range []struct {
			text string
			here bool
		}{{"kept", true}, {"given up", days == 0}} {
			if ok, err := s.files.Has(t.Context(), "k-k1", sha([]byte(x.text))); err != nil || ok != x.here {
				t.Errorf("after %d days more: %q is here: %v, %v", days, x.text, ok, err)
			}
		}
	}
	anna.renew(c, "anna")
	if o := anna.upload("given-up", "r:r1", "b", []byte("given up")); len(o.Missing) != 1 {
		t.Fatalf("announced again: %+v", o)
	}
	if err := anna.Complete(t.Context(), "given-up"); err != nil {
		t.Fatal(err)
	}
	anna.does("m1", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "given-up", Name: "b", Size: 8}}})
}

// M-40: a complete upload that no command ever names goes a week later, once every device that may hold the command has been back since;
// while one stays away it is kept for half a year. A command that comes later all the same is refused in words, and the file can be sent
// anew. What a command named stays, however old.
func TestM40_SweepUnnamed(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	put := func(p *person, id workroom.FileID, text string) {
		t.Helper()
		p.upload(id, "r:r1", "a.txt", []byte(text))
		must(t, p.Complete(t.Context(), id))
	}
	message := func(id workroom.FileID, text string) workroom.SendMessage {
		return workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: id, Name: "a.txt", Size: int64(len(text))}}}
	}
	here := func(text string, want bool) {
		t.Helper()
		if ok, err := s.files.Has(t.Context(), "k-k1", sha([]byte(text))); err != nil || ok != want {
			t.Errorf("%q is here: %v, %v", text, ok, err)
		}
	}
	swept := func() {
		t.Helper()
		for range 3 { // given up, doomed, taken
			must(t, s.sweep(t.Context()))
			now = now.Add(time.Hour)
		}
	}
	put(anna, "named", "named")
	anna.does("m1", message("named", "named"))
	put(anna, "unnamed", "unnamed")
	put(anna, "late", "late")
	put(ben, "away", "away") // ben's only device does not come back
	now = now.Add(6 * day)
	swept()
	here("unnamed", true)
	now = now.Add(2 * day)
	swept()
	here("unnamed", true) // no device of hers was here after the week
	if r := anna.send(anna.command("m2", message("late", "late")))[0]; r.Status != wire.OK {
		t.Fatalf("named in time: %+v", r)
	}
	swept()
	swept() // idempotent, and nothing is left to do for another node
	here("named", true)
	here("late", true)
	here("unnamed", false)
	here("away", true)

	if r := anna.send(anna.command("m3", message("unnamed", "unnamed")))[0]; r.Status != wire.Rejected || r.Code != workroom.Gone || !strings.Contains(r.Text, "Attach") {
		t.Errorf("too late: %+v", r)
	}
	if err := anna.Complete(t.Context(), "unnamed"); code(err) != workroom.NoAccess {
		t.Errorf("completed without a part: %v", err)
	}
	if _, _, err := anna.Download(t.Context(), "unnamed", 0); code(err) != workroom.NoAccess {
		t.Errorf("read: %v", err)
	}
	put(anna, "unnamed", "unnamed")
	anna.does("m4", message("unnamed", "unnamed"))

	now = now.Add(20 * day)
	swept()
	here("away", true)
	now = now.Add(160 * day)
	swept()
	here("away", false)
	anna.renew(c, "anna")
	for _, text := range []string{"named", "late", "unnamed"} {
		here(text, true)
		in, _, err := anna.Download(t.Context(), workroom.FileID(text), 0)
		must(t, err)
		b, err := io.ReadAll(in)
		must(t, errors.Join(err, in.Close()))
		if string(b) != text {
			t.Errorf("%q", b)
		}
	}
}

// A command that names a file while it is being given up wins, or is told: never is a message without its file's bytes accepted.
func TestM40_NamedWhileGivenUp(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	var once sync.Once
	var armed atomic.Bool
	swept := make(chan error, 1)
	var s *Service
	var c *wire.Client
	s, c = start(t, Config{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}, Fail: func(point string) error {
		if point == store.PointDecided && armed.Load() { // the first command knows that its file is there, and has written nothing yet
			once.Do(func() {
				go func() { swept <- s.sweep(context.Background()) }()
				select {
				case err := <-swept: // it did not wait for the command
					swept <- err
				case <-time.After(300 * time.Millisecond):
				}
			})
		}
		return nil
	}})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	const files = 24
	for i := range files {
		id := workroom.FileID(fmt.Sprint("f", i))
		anna.upload(id, "r:r1", "a.txt", []byte(id))
		must(t, anna.Complete(t.Context(), id))
	}
	mu.Lock()
	now = now.Add(8 * 24 * time.Hour)
	mu.Unlock()
	_, err := anna.Heads(t.Context(), "") // she is back
	must(t, err)
	var cmds []wire.Command
	for i := range files {
		id := workroom.FileID(fmt.Sprint("f", files-1-i))
		cmds = append(cmds, anna.command(fmt.Sprint("m", i), workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: id, Name: "a.txt", Size: int64(len(id))}}}))
	}
	armed.Store(true)
	taken, told := 0, 0
	for _, x := range cmds {
		x.Lane = x.ID // none waits for a refused one
		switch r := anna.send(x)[0]; {
		case r.Status == wire.OK:
			taken++
		case r.Code == workroom.Gone:
			told++
		default:
			t.Errorf("%+v", r)
		}
	}
	must(t, <-swept)
	t.Logf("%d named in time, %d too late", taken, told)
	for range 3 {
		mu.Lock()
		now = now.Add(25 * time.Hour)
		mu.Unlock()
		must(t, s.sweep(t.Context()))
	}
	readable := 0
	for i := range files {
		in, _, err := ben.Download(t.Context(), workroom.FileID(fmt.Sprint("f", i)), 0)
		if err == nil {
			readable++
			must(t, in.Close())
		} else if code(err) != workroom.NoAccess {
			t.Error(err)
		}
	}
	if readable != taken || taken+told != files {
		t.Errorf("%d accepted, %d of them can be read, %d refused", taken, readable, told)
	}
}

// A part that no file lists goes in two passes; whoever was told in between that it need not be sent finds it there, for a day at least,
// whichever node said so.
func TestM40_SweepKeepsWhatIsPinned(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	data := []byte("bytes that two files share")
	has := func(want bool) {
		t.Helper()
		if ok, err := s.files.Has(t.Context(), "k-k1", sha(data)); err != nil || ok != want {
			t.Fatalf("here: %v, %v", ok, err)
		}
	}
	forget := func(id workroom.FileID) {
		t.Helper()
		err := s.store.Write(t.Context(), func(tx store.Tx) error {
			f, _, err := tx.File(t.Context(), anna.id, id)
			if err != nil {
				return err
			}
			return tx.DropFile(t.Context(), f)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	anna.upload("f1", "r:r1", "a", data)
	forget("f1")
	now = now.Add(30 * time.Hour)
	must(t, s.sweep(t.Context())) // the first pass
	has(true)
	now = now.Add(time.Hour)
	if o := anna.upload("f2", "r:r1", "b", data, 0); len(o.Missing) != 0 {
		t.Fatal("doomed parts can still be used", o)
	}
	must(t, s.sweep(t.Context())) // would have been the second
	has(true)
	forget("f2")
	must(t, s.sweep(t.Context())) // pinned, though nothing lists it any more
	now = now.Add(time.Hour)
	must(t, s.sweep(t.Context()))
	has(true)
	now = now.Add(24 * time.Hour)
	sweptTwice(t, s, &now)
	has(false)
	if o := anna.upload("f3", "r:r1", "c", data); len(o.Missing) != 1 {
		t.Fatal(o)
	}
	has(true)
}

// F-11: the bytes of a file go when its thing is a tombstone, and nobody reads them from that moment on; what another file shares stays.
func TestF11_SweepErases(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	put := func(id workroom.FileID, text string) {
		t.Helper()
		anna.upload(id, "r:r1", "a.txt", []byte(text))
		must(t, anna.Complete(t.Context(), id))
		anna.does("m-"+string(id), workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: id, Name: "a.txt", Size: int64(len(text))}}})
	}
	put("f1", "only here")
	put("f2", "shared")
	put("f3", "shared")
	for _, id := range []string{"f1", "f2"} {
		must(t, s.Act(t.Context(), anna.id, []workroom.Change{{Ref: workroom.Ref{Scope: "r:r1", Kind: workroom.KindFile, ID: id}}}))
	}
	read := func(p *person, id workroom.FileID) string {
		t.Helper()
		in, _, err := p.Download(t.Context(), id, 0)
		if err != nil {
			return string(code(err))
		}
		defer in.Close()
		b, err := io.ReadAll(in)
		must(t, err)
		return string(b)
	}
	for _, p := range []*person{anna, ben} {
		if got := read(p, "f1") + " " + read(p, "f2") + " " + read(p, "f3"); got != "no_access no_access shared" {
			t.Errorf("read at once: %s", got)
		}
	}
	now = now.Add(30 * time.Hour)
	sweptTwice(t, s, &now)
	sweptTwice(t, s, &now)
	for text, want := range map[string]bool{"only here": false, "shared": true} {
		if ok, err := s.files.Has(t.Context(), "k-k1", sha([]byte(text))); err != nil || ok != want {
			t.Errorf("%q is here: %v, %v", text, ok, err)
		}
	}
	anna.renew(c, "anna")
	if got := read(anna, "f3"); got != "shared" {
		t.Error(got)
	}
}

// Bytes whose node died before it could note them go after two days, and those a file needs are noted again.
func TestM40_SweepStrays(t *testing.T) {
	now := time.Now()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	stray, needed := []byte("nobody noted these"), []byte("a file lists these")
	must(t, s.files.Put(t.Context(), "k-k1", sha(stray), int64(len(stray)), bytes.NewReader(stray)))
	anna.upload("f1", "r:r1", "a", needed)
	must(t, anna.Complete(t.Context(), "f1"))
	must(t, s.store.Write(t.Context(), func(tx store.Tx) error { return tx.LosePart(t.Context(), "k-k1", sha(needed)) }))
	for i, want := range []bool{true, false} {
		must(t, s.sweep(t.Context()))
		if ok, err := s.files.Has(t.Context(), "k-k1", sha(stray)); err != nil || ok != want {
			t.Errorf("%d: here %v, %v", i, ok, err)
		}
		now = now.Add(72 * time.Hour)
	}
	if ok, err := s.files.Has(t.Context(), "k-k1", sha(needed)); err != nil || !ok {
		t.Error("what a file lists", ok, err)
	}
	if o := ben.upload("f2", "r:r1", "b", needed, 0); len(o.Missing) != 0 {
		t.Error("its row did not come back", o)
	}
}

// A node that dies between two steps of keeping or sweeping a part leaves nothing that is not made good: the same bytes can be sent at once
// or as soon as the dead node's time is over, and what was to go goes.
func TestM40_FilesAtEachFailpoint(t *testing.T) {
	for _, point := range FilePoints() {
		t.Run(point, func(t *testing.T) {
			now := time.Now()
			broken, hits := "", 0
			dead := errors.New("the node is dead")
			s, c := start(t, Config{Now: func() time.Time { return now }, Fail: func(p string) error {
				if p == broken {
					hits++
					return dead
				}
				return nil
			}})
			anna, ben := join(t, c, "anna"), join(t, c, "ben")
			hire(anna, ben, "k1", "r1")
			ctx := t.Context()
			data := []byte("the bytes")
			in := wire.NewFile{ID: "f1", Scope: "r:r1", Name: "a", Size: int64(len(data)), Parts: []string{sha(data)}}
			send := func() error {
				out, err := anna.NewFile(ctx, in)
				if err == nil && len(out.Missing) > 0 {
					err = anna.PutPart(ctx, out.Space, sha(data), data)
				}
				if err == nil {
					err = anna.Complete(ctx, in.ID)
				}
				return err
			}
			if broken = point; point == PointKept {
				if err := send(); err == nil {
					t.Fatal("did not fail")
				}
				broken = ""
				must(t, send())
			} else {
				broken = ""
				must(t, send())
				must(t, s.store.Write(ctx, func(tx store.Tx) error { return tx.DropFile(ctx, &store.File{ID: "f1", Owner: anna.id}) }))
				now = now.Add(30 * time.Hour)
				must(t, s.sweep(ctx))
				now = now.Add(time.Hour)
				broken = point
				if err := s.sweep(ctx); !errors.Is(err, dead) {
					t.Fatal(err)
				}
				broken = ""
				if err := send(); code(err) != workroom.Busy { // nobody knows whether the dead node still removes
					t.Fatalf("sent while it is being removed: %v", err)
				}
				now = now.Add(takenFor + time.Minute)
				must(t, s.sweep(ctx))
				must(t, send())
			}
			if ok, err := s.files.Has(ctx, "k-k1", sha(data)); !ok || err != nil || hits == 0 {
				t.Errorf("here %v, %v, hit %d times", ok, err, hits)
			}
		})
	}
}

// An upload that races the sweep loses nothing: several people send, give up and send the same few parts again while sweeps run without a
// pause and the clock jumps. Whatever was completed is there to the last byte. On one node, and on two that share database and bucket.
func TestM40_UploadRacesSweep(t *testing.T) {
	t.Run("one node", func(t *testing.T) {
		r := &race{now: time.Now()}
		s, c := start(t, Config{Now: r.clock})
		r.run(t, []*Service{s, s}, []*wire.Client{c, c}, 25)
	})
	t.Run("two nodes", func(t *testing.T) {
		r := &race{now: time.Now()}
		cfg := Config{DB: pgtest.New(t), Now: r.clock}
		cfg.Blobs, _ = bucket(t)
		a, ca := start(t, cfg)
		b, cb := start(t, cfg)
		r.run(t, []*Service{a, b}, []*wire.Client{ca, cb}, 15)
	})
}

type race struct {
	mu           sync.Mutex
	now          time.Time
	kept, busied int
}

func (r *race) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *race) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func (r *race) run(t *testing.T, nodes []*Service, clients []*wire.Client, files int) {
	anna, ben := join(t, clients[0], "anna"), join(t, clients[0], "ben")
	hire(anna, ben, "k1", "r1")
	texts := [][]byte{noise(3000, 1), noise(3000, 2), noise(3000, 3)}
	ctx := t.Context()
	done := make(chan struct{})
	var swept, all sync.WaitGroup
	for _, s := range nodes {
		swept.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := s.sweep(ctx); err != nil {
					t.Error(err)
					return
				}
				r.pass(20 * time.Minute) // an upload takes less than the day a part is pinned
			}
		})
	}
	for w, c := range clients {
		p := anna.at(c)
		all.Go(func() {
			for i := range files {
				id := workroom.FileID(fmt.Sprintf("f%d-%d", w, i))
				data := texts[(i+w)%len(texts)]
				if err := r.upload(ctx, p, id, data); err != nil {
					t.Error("a part vanished between the announcement and the end:", err)
					return
				}
				if ok, err := nodes[w].files.Has(ctx, "k-k1", sha(data)); err != nil || !ok {
					t.Error("a completed file lost its part", err)
				}
				f := &store.File{ID: id, Owner: anna.id}
				if err := nodes[w].store.Write(ctx, func(tx store.Tx) error { return tx.DropFile(ctx, f) }); err != nil {
					t.Error(err)
				}
				r.pass(13 * time.Hour)
			}
		})
	}
	all.Wait()
	close(done)
	swept.Wait()
	t.Logf("%d files completed and kept while two sweeps ran, %d times a part was just being removed", r.kept, r.busied)
}

// upload sends a file as a desktop does: "later" is tried again.
func (r *race) upload(ctx context.Context, p *person, id workroom.FileID, data []byte) error {
	in := wire.NewFile{ID: id, Scope: "r:r1", Name: "a", Size: int64(len(data)), Parts: []string{sha(data)}}
	for {
		out, err := p.NewFile(ctx, in)
		if err == nil && len(out.Missing) > 0 {
			err = p.PutPart(ctx, out.Space, sha(data), data)
		}
		if err == nil {
			if err = p.Complete(ctx, id); err == nil {
				r.mu.Lock()
				r.kept++
				r.mu.Unlock()
				return nil
			}
		}
		if code(err) != workroom.Busy {
			return err
		}
		r.mu.Lock()
		r.busied++
		r.mu.Unlock()
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
