package service

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-05: a service that cannot start says why in words, and changes nothing.
func TestF05_StartErrors(t *testing.T) {
	refusal := func(err error) workroom.Code {
		var r *workroom.Refusal
		if errors.As(err, &r) {
			return r.Code
		}
		return workroom.Code(fmt.Sprint(err))
	}
	t.Run("no folder", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Data: file}); refusal(err) != DataUnwritable {
			t.Fatal(err)
		}
	})
	t.Run("read only", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root writes everywhere")
		}
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Data: dir}); refusal(err) != DataUnwritable {
			t.Fatal(err)
		}
	})
	t.Run("in use", func(t *testing.T) {
		dir := t.TempDir()
		start(t, Config{Data: dir})
		if _, err := New(Config{Data: dir}); refusal(err) != DataInUse {
			t.Fatal(err)
		}
	})
	t.Run("written by a newer version", func(t *testing.T) {
		dir := t.TempDir()
		s, err := New(Config{Data: dir})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite3", filepath.Join(dir, "service.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := New(Config{Data: dir}); refusal(err) != DataNewer {
				t.Fatal(err)
			}
		}
	})
	t.Run("address in use", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		dir := t.TempDir()
		err = Serve(t.Context(), ServeConfig{Config: Config{Data: dir}, Listen: l.Addr().String()}, nil)
		if refusal(err) != AddressInUse {
			t.Fatal(err)
		}
		s, err := New(Config{Data: dir}) // let go of
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	})
}

// A service that is told to end says bye and ends, though somebody listens; the id and the data are there at the next start.
func TestServeEnds(t *testing.T) {
	dir := t.TempDir()
	var id string
	for range 2 {
		ctx, end := context.WithCancel(t.Context())
		defer end()
		url, ended := make(chan string, 1), make(chan error, 1)
		go func() {
			ended <- Serve(ctx, ServeConfig{Config: Config{Data: dir, OpenJoin: true}}, func(u string) { url <- u })
		}()
		c := &wire.Client{Base: <-url}
		m, err := c.Meta(t.Context())
		if err != nil || id != "" && m.ID != id {
			t.Fatal(m, err)
		}
		var p *person
		if id == "" {
			p = join(t, c, "anna")
		} else {
			in, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: goodPassword, Device: "d"})
			if err != nil {
				t.Fatal(err)
			}
			p = &person{Client: &wire.Client{Base: c.Base, Token: in.Token, Service: in.Service}, t: t, id: in.Account}
		}
		id = m.ID
		frames, gone := p.listen(t.Context())
		end()
		bye := false
		<-gone
		for len(frames) > 0 {
			e := <-frames
			bye = bye || e.Bye != nil && e.Bye.RetryMS > 0
		}
		if err := <-ended; err != nil || !bye {
			t.Fatal("ended", err, "bye", bye)
		}
	}
}

// M-22: with no room on the disk commands are put off, never refused, reading goes on, and everything goes through once there is room.
func TestM22_DiskFull(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	pages := func(n string) {
		t.Helper()
		err := s.store.Write(t.Context(), func(tx store.Tx) error {
			var is int64
			return tx.QueryRowContext(t.Context(), "PRAGMA max_page_count = "+n).Scan(&is)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pages("1")
	var waiting []wire.Command
	text := strings.Repeat("long ", 1900)
	for i := range 20 {
		cmd := anna.command(fmt.Sprintf("m%d", i), say(w.r, text))
		r := anna.send(cmd)[0]
		switch {
		case r.Status == wire.OK:
		case r.Status == wire.Later && r.Code == workroom.Busy:
			waiting = append(waiting, cmd)
		default:
			t.Fatalf("%+v", r)
		}
	}
	if len(waiting) == 0 {
		t.Fatal("the disk was never full")
	}
	if _, err := ben.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"r:r1"}, Tail: 50}); err != nil {
		t.Fatal("reading stopped:", err)
	}
	pages("1000000")
	for _, cmd := range waiting {
		if r := anna.send(cmd)[0]; r.Status != wire.OK {
			t.Fatalf("%+v", r)
		}
	}
	checkScope(t, s, "r:r1")
}

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
	now = now.Add(31 * 24 * time.Hour)
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

// I10: after a right is taken away nothing is given any more, by any way of reading, and a new grant has a new gen and shows of dated
// things only what was born since.
func TestI10_NothingLeaksAfterTheEnd(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	before := anna.does("m1", say(w.r, "before")).Things[0]
	frames, _ := ben.listen(t.Context())
	grant := workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindGrant, ID: "r:r1"}
	change := func(x workroom.Change) {
		t.Helper()
		err := s.store.Write(t.Context(), func(tx store.Tx) error {
			b := store.NewBatch(t.Context(), tx)
			if _, _, err := b.Write(anna.id, s.now(), "", []workroom.Change{x}); err != nil {
				return err
			}
			_, err := b.Flush()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change(workroom.Change{Ref: grant})
	after := anna.does("m2", say(w.r, "after")).Things[0]
	ctx := t.Context()
	read := func() []error {
		_, e1 := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
		_, e2 := ben.Range(ctx, wire.Range{Scope: "r:r1"})
		_, e3 := ben.Things(ctx, wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1"}})
		return []error{e1, e2, e3}
	}
	for i, err := range read() {
		if code(err) != workroom.NoAccess {
			t.Errorf("way %d: %v", i, err)
		}
	}
	if r := ben.send(ben.command("b1", say(w.r, "still here?")))[0]; r.Code != workroom.NoAccess || len(r.Things) != 0 {
		t.Errorf("writing: %+v", r)
	}
	if r := ben.send(ben.command("accept-k1", workroom.AcceptContract{Contract: w.k, Room: w.r, Who: ben.id, Name: "Freelancer", Secret: "secret k1"}))[0]; r.Status != wire.OK {
		t.Errorf("a command known from before: %+v", r)
	} else {
		for _, x := range r.Things {
			if x.Scope == "r:r1" {
				t.Errorf("its answer shows a row of the room: %+v", x)
			}
		}
	}
	h, err := ben.Heads(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range h.Scopes {
		if x.Scope == "r:r1" {
			t.Error("the heads still name the room")
		}
	}
	change(workroom.Change{Ref: grant, Thing: &workroom.Grant{Gen: 2, Role: workroom.Freelancer, FromBorn: after.Born + 1}})
	if p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: before.Seq}); err != nil || p.Reset != wire.ResetGen {
		t.Fatalf("an old gen: %+v, %v", p, err)
	}
	last := anna.does("m3", say(w.r, "new")).Things[0]
	open, err := ben.Open(ctx, wire.Open{Scopes: []workroom.Scope{"r:r1"}, Tail: 50})
	if err != nil || len(open.Scopes[0].Tail) != 1 || open.Scopes[0].Tail[0].ID != "m3" || open.Scopes[0].More {
		t.Fatalf("open: %+v, %v", open, err)
	}
	p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Things {
		if x.Kind.Dated() && x.Born <= after.Born {
			t.Errorf("a pull shows %s", x.ID)
		}
	}
	if o, err := ben.Things(ctx, wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1", "m2", "m3"}}); err != nil || len(o.Things) != 1 {
		t.Errorf("by id: %+v, %v", o, err)
	}
	if g, err := ben.Range(ctx, wire.Range{Scope: "r:r1"}); err != nil || len(g.Things) != 1 {
		t.Errorf("range: %+v, %v", g, err)
	}
	if _, err := ben.Range(ctx, wire.Range{Scope: "r:r1", Around: "m1"}); code(err) != workroom.NoAccess {
		t.Errorf("around: %v", err)
	}
	awaitHint(t, frames, "r:r1", last.Seq)
	if p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: "another", Gen: 2}); err != nil || p.Reset != wire.ResetEpoch {
		t.Fatalf("another epoch: %+v, %v", p, err)
	}
	checkScope(t, s, grant.Scope)
}

// F-05: the log holds ids and codes, never a word of what people write.
func TestF05_LogSaysNothingPrivate(t *testing.T) {
	var log bytes.Buffer
	s, c := start(t, Config{Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	anna := join(t, c, "anna")
	o := offer(anna, "k1", "r1", secret)
	o.Title = "Zebra project"
	anna.does("k1", o)
	s.rule = func(c workroom.Command, _ workroom.Asked, _ workroom.Rows) ([]workroom.Change, *workroom.Refusal) {
		panic(c.(workroom.SendMessage).Text)
	}
	anna.send(anna.command("m1", say("r1", "Walrus words")))
	_, _ = c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: "Penguin guess 9", Device: "d"})
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, word := range []string{"Zebra", "Walrus", "Penguin", "anna@", secret, anna.Token, goodPassword} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
}
