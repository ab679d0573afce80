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

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-05: a service that cannot start says why in words, and changes nothing.
func TestF05_StartErrors(t *testing.T) {
	inAFile(t)
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
	t.Run("damaged", func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "service.db")
		if err := os.WriteFile(file, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Data: dir}); refusal(err) != BadDatabase || !strings.Contains(err.Error(), "damaged") {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(file); len(b) != 12000 {
			t.Errorf("%d bytes are left of it", len(b))
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if _, err := New(Config{Data: t.TempDir(), DB: "sqlite:/proc/none/service.db"}); refusal(err) != DataUnwritable {
			t.Fatal(err)
		}
	})
	for name, x := range map[string]struct {
		cfg  Config
		code workroom.Code
		word string
	}{
		"an address of no database": {Config{DB: "mysql://me:hidden@db/work"}, BadDatabase, "It is sqlite:PATH or postgres://"},
		"an address of no bus":      {Config{Bus: "kafka://me:hidden@bus"}, BadBus, "It is mem: or nats://"},
		"files nowhere we know":     {Config{Blobs: "gs://parts"}, NoDriver, "no gs driver"},
		"files at no place":         {Config{Blobs: "file://elsewhere/x"}, BlobsUnusable, "store of files cannot be opened"},
	} {
		t.Run(name, func(t *testing.T) {
			x.cfg.Data = t.TempDir()
			_, err := New(x.cfg)
			if refusal(err) != x.code || !strings.Contains(err.Error(), x.word) || strings.Contains(err.Error(), "hidden") {
				t.Fatal(err)
			}
		})
	}
	t.Run("a build without PostgreSQL", func(t *testing.T) { // this one has it, so the answer alone is looked at
		if err := databaseTrouble(fmt.Errorf("postgres: %w", store.ErrNoDriver), ""); refusal(err) != NoDriver || !strings.Contains(err.Error(), "trestle without a window") {
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
	t.Run("no certificate", func(t *testing.T) {
		dir := t.TempDir()
		for _, x := range []struct{ cert, key string }{{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}, {"", filepath.Join(dir, "key.pem")}} {
			err := Serve(t.Context(), ServeConfig{Config: Config{Data: dir}, TLSCert: x.cert, TLSKey: x.key}, nil)
			if refusal(err) != TLSUnreadable || !strings.Contains(err.Error(), "key.pem") {
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
	inAFile(t)
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

// refusal is the code of an error that a person can act on.
func refusal(err error) workroom.Code {
	var r *workroom.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return workroom.Code(fmt.Sprint(err))
}
