package service

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"trestle/internal/service/auth"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func TestMain(m *testing.M) {
	// Hashes cheap enough for tests; TestU02 checks the real ones.
	auth.Params.Memory = 1 << 10
	if os.Getenv("TRESTLE_TEST_SERVE") != "" {
		os.Exit(serveChild())
	}
	os.Exit(m.Run())
}

// start opens a real service over a folder, behind a real listener.
func start(t testing.TB, cfg Config) (*Service, *wire.Client) {
	t.Helper()
	if cfg.Data == "" {
		cfg.Data = t.TempDir()
	}
	if cfg.DB == "" {
		cfg.DB = database(t)
	}
	cfg.OpenJoin = true
	cfg.Limits = Limits{Commands: -1, Burst: 1 << 20, SignUps: -1, Rooms: cmp.Or(cfg.Limits.Rooms, -1)}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		s.hub.Close()
		srv.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, &wire.Client{Base: srv.URL, HTTP: srv.Client(), Version: "1.0.0"}
}

// person is somebody signed in on a device.
type person struct {
	*wire.Client
	t  testing.TB
	id workroom.AccountID
	n  int64

	conn string // of the newest live channel
}

const goodPassword = "mothballs and marzipan"

func join(t testing.TB, c *wire.Client, name string) *person {
	t.Helper()
	in, err := c.SignUp(t.Context(), wire.SignUp{Name: name, Email: name + "@example.com", Password: goodPassword, Device: "d-" + name})
	if err != nil {
		t.Fatal(err)
	}
	own := *c
	own.Token, own.Service = in.Token, in.Service
	return &person{Client: &own, t: t, id: in.Account}
}

// command makes a command with the next number.
func (p *person) command(id string, c workroom.Command) wire.Command {
	p.t.Helper()
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		p.t.Fatal(err)
	}
	p.n++
	return wire.Command{ID: id, N: p.n, Lane: c.Lane(), Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args}
}

func (p *person) send(cmds ...wire.Command) []wire.Result {
	p.t.Helper()
	out, err := p.Commands(context.Background(), wire.Commands{Device: "d", Cmds: cmds})
	if err != nil {
		p.t.Fatal(err)
	}
	return out.Results
}

// does sends one command and fails the test unless it is accepted.
func (p *person) does(id string, c workroom.Command) wire.Result {
	p.t.Helper()
	r := p.send(p.command(id, c))[0]
	if r.Status != wire.OK {
		p.t.Fatalf("%s %s: %+v", c.Op(), id, r)
	}
	return r
}

// work is a contract with a client and a freelancer.
type work struct {
	k workroom.ContractID
	r workroom.RoomID
}

const secret = "s3cret-of-the-link"

func offer(p *person, k, r, secret string) workroom.CreateContract {
	return workroom.CreateContract{
		Contract: workroom.ContractID(k), Who: p.id, Name: "Client", Room: workroom.RoomID(r), Title: "Website",
		Terms:      workroom.Terms{Rate: 5000, Currency: "EUR", Limit: 40 * 3600, Shots: workroom.ShotsFull, IdleMinutes: 10},
		Activities: []workroom.NewActivity{{ID: workroom.ActivityID(k + "-dev"), Code: "DEV"}},
		Invitation: workroom.InvitationID(secret),
	}
}

// hire makes an active contract between two people.
func hire(client, freelancer *person, k, r string) work {
	client.t.Helper()
	w := work{workroom.ContractID(k), workroom.RoomID(r)}
	client.does(k, offer(client, k, r, "secret "+k))
	freelancer.does("accept-"+k, workroom.AcceptContract{Contract: w.k, Room: w.r, Who: freelancer.id, Name: "Freelancer", Secret: "secret " + k})
	return w
}

func say(r workroom.RoomID, text string) workroom.SendMessage {
	return workroom.SendMessage{Room: r, Text: text}
}

func code(err error) workroom.Code {
	var e *wire.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func sha(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func bodyOf[T any](t testing.TB, x wire.Thing) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(x.Body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

var _ http.Handler = (*Service)(nil)

func asError(err error, to **wire.Error) bool { return errors.As(err, to) }

func localClient(s *Service) *http.Client { return &http.Client{Transport: Local(s)} }
