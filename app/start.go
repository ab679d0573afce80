package app

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Start is the first start and the three ways in: a service, this computer only, and the example.
type Start struct{ c *Core }

// serviceBase makes the base address of a service out of what a person typed.
func serviceBase(typed string) (string, error) {
	a := strings.TrimSpace(typed)
	if i := strings.Index(a, "/invite#"); i > 0 {
		a = a[:i]
	}
	if a != "" && !strings.Contains(a, "://") {
		host, _, _ := strings.Cut(a, ":")
		if host == "localhost" || strings.HasPrefix(host, "127.") {
			a = "http://" + a
		} else {
			a = "https://" + a
		}
	}
	u, err := url.Parse(a)
	if err != nil || u.Host == "" {
		return "", &workroom.Refusal{Code: workroom.BadInput, Field: "address", Text: "This is not the address of a service. It looks like https://work.example.com."}
	}
	base := u.Scheme + "://" + u.Host
	return base, wire.CheckBase(base)
}

// meta asks an address what it is.
func (s *Start) meta(ctx context.Context, address string) (string, *wire.Meta, error) {
	base, err := serviceBase(address)
	if err != nil {
		return "", nil, err
	}
	m, err := (&wire.Client{Base: base, Version: Version}).Meta(ctx)
	return base, m, err
}

// Look finds out what answers at an address.
func (s *Start) Look(in AddressIn) (out ServiceView, err error) {
	defer guard(&err)
	ctx, cancel := context.WithTimeout(context.Background(), 7*time.Second)
	defer cancel()
	base, m, err := s.meta(ctx, in.Address)
	if err != nil {
		return out, err
	}
	return ServiceView{URL: base, Name: m.Name, Version: m.Version, Open: m.OpenJoin, Encrypted: strings.HasPrefix(base, "https://")}, nil
}

// SignUp makes an account and signs in.
func (s *Start) SignUp(in SignUpIn) (out Boot, err error) {
	defer guard(&err)
	secret := ""
	if _, after, ok := strings.Cut(in.Link, "/invite#"); ok {
		secret = after
	}
	return s.sign(in.Address, func(ctx context.Context, c *wire.Client, device string) (*wire.Signed, error) {
		return c.SignUp(ctx, wire.SignUp{Name: workroom.SafeLabel(in.Name, workroom.MaxName), Email: strings.TrimSpace(in.Email), Password: in.Password,
			Device: device, DeviceName: deviceName(), Invitation: secret})
	})
}

// SignIn signs in with an account that exists.
func (s *Start) SignIn(in SignInIn) (out Boot, err error) {
	defer guard(&err)
	return s.sign(in.Address, func(ctx context.Context, c *wire.Client, device string) (*wire.Signed, error) {
		email := strings.TrimSpace(in.Email)
		got, err := c.SignIn(ctx, wire.SignIn{Email: email, Password: in.Password, Device: device, DeviceName: deviceName()})
		if st := s.c.state.get(); err != nil && st.holds(c.Service, email) {
			err = setBack(err)
		}
		return got, err
	})
}

// setBack says of a sign-in refused to somebody whose work this computer keeps that the service itself may have lost the account, and what
// became of the work. The service does not tell an unknown address from a wrong password.
func setBack(err error) error {
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != workroom.BadInput || e.Field != "password" {
		return err
	}
	return &Failure{Code: string(e.Code), Field: e.Field, Message: e.Text + " If both are, the service may have been set back to an earlier state and " +
		"not know this account any more. What you wrote is kept on this computer: save it with Export under Not sent, or with trestle outbox export FILE."}
}

// sign asks a service for a token and opens the session.
func (s *Start) sign(address string, ask func(context.Context, *wire.Client, string) (*wire.Signed, error)) (Boot, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 7500*time.Millisecond)
	defer cancel()
	base, m, err := s.meta(ctx, address)
	if err != nil {
		return Boot{}, err
	}
	st := s.c.state.get()
	got, err := ask(ctx, &wire.Client{Base: base, Service: m.ID, Version: Version}, st.Device)
	if err != nil {
		return Boot{}, err
	}
	s.c.leave()
	s.c.endLocal()
	st.Way, st.Address, st.Public, st.Name = wayService, base, m.URL, m.Name
	return s.entered(st, got)
}

// entered keeps who is here and opens their session.
func (s *Start) entered(st state, got *wire.Signed) (Boot, error) {
	st.Service, st.Epoch, st.Account, st.Person, st.Email = got.Service, got.Epoch, string(got.Account), got.Name, got.Email
	place, err := s.c.tokens.Save(context.Background(), tokenKey(st), got.Token)
	switch {
	case err != nil:
		slog.Warn("token not kept", "error", traceOf(err))
		s.c.notice("The sign-in could not be kept on this computer, so it holds for this run only.")
	case place == InFile && st.Way == wayService:
		s.c.notice("No keyring answered, so the sign-in is kept in a file that only your account can read.")
	}
	if err := s.c.begin(st, got.Token); err != nil {
		return Boot{}, err
	}
	if err := s.c.state.change(func(now *state) {
		if now.Way == wayService && (now.Service != st.Service || now.Account != st.Account) { // another account, without signing out first
			now.leaves()
		}
		settings, window, locals, left := now.Settings, now.Window, now.Locals, now.Left
		*now = st
		now.Settings, now.Window, now.Locals, now.Left = settings, window, locals, left
		now.stays()
		who := localWho{st.Service, st.Epoch, st.Account, st.Person, st.Email}
		if st.Way == wayLocal && !slices.Contains(locals, who) {
			now.Locals = append(slices.Clone(locals), who)
		}
	}); err != nil {
		return Boot{}, err
	}
	return s.c.boot(), nil
}

func deviceName() string {
	if h, err := os.Hostname(); err == nil {
		return workroom.SafeLabel(h, 40)
	}
	return "computer"
}

// Local begins to work on this computer only: the service runs inside the program.
func (s *Start) Local(in LocalIn) (out Boot, err error) {
	defer guard(&err)
	name := workroom.SafeLabel(in.Name, workroom.MaxName)
	if name == "" {
		return out, &workroom.Refusal{Code: workroom.BadInput, Field: "name", Text: "Write your name, as it should stand beside your work."}
	}
	return s.inside(wayLocal, "This computer", func(ctx context.Context, c *wire.Client, device string) (*wire.Signed, error) {
		if who := s.known(ctx, name); who != nil {
			return who, nil
		}
		return insideAccount(ctx, c, device, name)
	})
}

// known finds who worked on this computer under that name before, with the sign-in that was kept.
func (s *Start) known(ctx context.Context, name string) *wire.Signed {
	for _, who := range s.c.state.get().Locals {
		if !strings.EqualFold(who.Person, name) {
			continue
		}
		token, _, err := s.c.tokens.Load(ctx, tokenKey(state{Service: who.Service, Account: who.Account}))
		if err == nil && token != "" {
			return &wire.Signed{Token: token, Account: workroom.AccountID(who.Account), Name: who.Person, Email: who.Email, Service: who.Service, Epoch: who.Epoch}
		}
	}
	return nil
}

// insideAccount makes the one account of a service that only this program can reach. Nobody types its password: the token is kept.
func insideAccount(ctx context.Context, c *wire.Client, device, name string) (*wire.Signed, error) {
	secret, err := newSecret()
	if err != nil {
		return nil, err
	}
	return c.SignUp(ctx, wire.SignUp{Name: name, Email: "me-" + strings.ToLower(newID()) + "@this-computer.invalid", Password: secret, Device: device, DeviceName: deviceName()})
}

// Example opens a workspace with invented people and work to look around in; nothing of it leaves this computer.
func (s *Start) Example() (out Boot, err error) {
	defer guard(&err)
	return s.inside(wayExample, "Example workspace", nil)
}

// inside starts the service inside the program and signs in there.
func (s *Start) inside(way, name string, ask func(context.Context, *wire.Client, string) (*wire.Signed, error)) (Boot, error) {
	st := s.c.state.get()
	s.c.leave()
	s.c.endLocal()
	dir := s.c.localDir(way)
	var got *wire.Signed
	if way == wayExample {
		if err := os.RemoveAll(s.c.exampleDir()); err != nil { // a fresh one each time it is chosen
			return Boot{}, Fail(CodeNoFolder, "The old example cannot be removed: "+reason(err).Error()+".")
		}
		var err error
		if got, err = seedExample(dir, st.Device); err != nil {
			return Boot{}, err
		}
	}
	_, err := s.c.openLocal(dir, name, nil)
	if err != nil {
		return Boot{}, err
	}
	if got == nil {
		c := s.c.client(wire.LocalBase, "", "")
		m, err := c.Meta(context.Background())
		if err != nil {
			return Boot{}, err
		}
		c.Service = m.ID
		if got, err = ask(context.Background(), c, st.Device); err != nil {
			return Boot{}, err
		}
	}
	st.Way, st.Address, st.Public, st.Name = way, wire.LocalBase, "", name
	return s.entered(st, got)
}

// SignOut ends the session here. The copy and everything that waits stay in the data folder and are there after the next sign-in.
func (s *Start) SignOut() (out Boot, err error) {
	defer guard(&err)
	st := s.c.state.get()
	if sess, err := s.c.here(); err == nil && st.Way == wayService {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		_ = sess.client.SignOut(ctx) // offline the token stays valid until it lapses; here it is forgotten all the same
		cancel()
	}
	s.c.leave()
	s.c.endLocal()
	if st.Way != wayLocal { // nobody knows the password of an account that only this computer has
		if err := s.c.tokens.Delete(context.Background(), tokenKey(st)); err != nil {
			slog.Warn("forget the token", "error", traceOf(err))
		}
	}
	err = s.c.state.change(func(now *state) {
		if now.Way == wayService {
			now.leaves()
		}
		now.Way, now.Address, now.Service, now.Name, now.Epoch, now.Account, now.Person, now.Email = "", "", "", "", "", "", "", ""
	})
	s.c.Events.Publish(EventChanged, map[string]bool{"all": true})
	return s.c.boot(), err
}

// leave closes the present session.
func (c *Core) leave() {
	c.mu.Lock()
	s := c.session
	c.session = nil
	c.mu.Unlock()
	if s != nil {
		s.Close()
	}
}
