package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trestle/internal/service/auth"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const signUpWindow = time.Hour

// signUp makes an account, its own scope with the account thing and the grant to read it, and signs the device in.
func (s *Service) signUp(ctx context.Context, in *wire.SignUp) (*wire.Signed, error) {
	name := workroom.SafeLabel(in.Name, workroom.MaxName)
	switch {
	case workroom.Blank(name) || name != in.Name:
		return nil, workroom.Bad("name", "The name has 1 to %d characters, without line breaks.", workroom.MaxName)
	case !workroom.PlausibleEmail(in.Email):
		return nil, workroom.Bad("email", "This is not an e-mail address.")
	case !workroom.ValidID(in.Device):
		return nil, workroom.Bad("device", "The device has no proper id.")
	}
	if r := auth.CheckPassword(in.Password, in.Name, in.Email); r != nil {
		return nil, r
	}
	now := s.now()
	pace := "up:" + addressOf(ctx)
	err := s.store.Write(ctx, func(tx store.Tx) error {
		if limit := s.paces.signUps; limit > 0 && addressOf(ctx) != "" {
			a, err := tx.Attempts(ctx, pace, now, signUpWindow)
			if err != nil {
				return err
			}
			if a.N >= int64(limit) {
				return tooFast("Too many accounts were made from here within an hour. Please try later.", signUpWindow)
			}
			if err := tx.AddAttempt(ctx, pace, now, signUpWindow); err != nil {
				return err
			}
		}
		if err := s.mayJoin(ctx, tx, in, now); err != nil {
			return err
		}
		if err := mayBeCalled(ctx, tx, in.Name); err != nil {
			return err
		}
		if _, taken, err := tx.AccountByEmail(ctx, in.Email); err != nil {
			return err
		} else if taken {
			return errTaken
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(ctx, "sign up", err)
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return nil, s.fail(ctx, "sign up", err)
	}
	acc := &store.Account{ID: workroom.AccountID(s.newID()), Email: in.Email, Name: name, Password: hash, Joined: now.UnixMicro()}
	var out *wire.Signed
	err = s.store.Write(ctx, func(tx store.Tx) error {
		if err := s.mayJoin(ctx, tx, in, now); err != nil {
			return err
		}
		if err := tx.AddAccount(ctx, acc); errors.Is(err, store.ErrTaken) {
			return errTaken
		} else if err != nil {
			return err
		}
		own := workroom.AccountScope(acc.ID)
		var c workroom.Changes
		c.Put(own, string(acc.ID), &workroom.Account{Name: acc.Name, Email: acc.Email, Joined: acc.Joined})
		c.Put(own, string(own), &workroom.Grant{Gen: 1, Role: workroom.Owner})
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(own); err != nil {
			return err
		}
		if _, _, err := b.Write(acc.ID, now, "", c.List()); err != nil {
			return err
		}
		if _, err := b.Flush(); err != nil {
			return err
		}
		out, _, err = s.sign(ctx, tx, acc, in.Device, in.DeviceName, now)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "sign up", err)
	}
	s.log.InfoContext(ctx, "signed up", "account", acc.ID, "device", in.Device)
	return out, nil
}

var errTaken = &workroom.Refusal{Code: workroom.BadInput, Field: "email", Text: "There is already an account with this e-mail address. Sign in instead."}

// mayJoin lets in everybody where joining is open, the very first account, and who holds an invitation that can still be answered.
func (s *Service) mayJoin(ctx context.Context, tx store.Tx, in *wire.SignUp, now time.Time) error {
	if s.cfg.OpenJoin {
		return nil
	}
	if err := tx.Alone(ctx); err != nil { // two who come first at once are not both the first
		return err
	}
	if any, err := tx.AnyAccount(ctx); err != nil || !any {
		return err
	}
	if in.Invitation != "" {
		id, inv, ok, err := tx.FindInvitation(ctx, workroom.InvitationID(in.Invitation))
		if err != nil {
			return err
		}
		open := false
		if ok {
			t, _, _, err := tx.Living(ctx, workroom.Ref{Scope: workroom.ContractScope(id), Kind: workroom.KindContract, ID: string(id)})
			if err != nil {
				return err
			}
			n, is := t.(*workroom.Contract)
			open = is && n.Status == workroom.Offered // not withdrawn meanwhile
		}
		if open && inv.Used == "" && now.UnixMicro() <= inv.Expires && (inv.Email == "" || inv.Email == store.FoldEmail(in.Email)) {
			return nil
		}
	}
	return &workroom.Refusal{Code: workroom.BadInput, Field: "invitation", Text: "New people need an invitation here. Ask for a link that still works and is meant for your address."}
}

// sign gives a device its token.
func (s *Service) sign(ctx context.Context, tx store.Tx, a *store.Account, device, deviceName string, now time.Time) (*wire.Signed, string, error) {
	token, hash := auth.NewToken()
	old, err := tx.PutToken(ctx, store.Token{Hash: hash, Account: a.ID, Device: device, Made: now.UnixMicro(), Used: now.UnixMicro()},
		workroom.SafeLabel(deviceName, workroom.MaxName))
	if errors.Is(err, store.ErrDevices) {
		err = &workroom.Refusal{Code: workroom.Quota, Field: "device", Text: fmt.Sprintf("This account was signed in on %d devices, which is the most. Sign in on one of them.", store.MaxDevices)}
	}
	return &wire.Signed{Token: token, Account: a.ID, Name: a.Name, Email: a.Email, Service: s.store.Service, Epoch: s.store.Epoch}, old, err
}

// signIn answers a wrong name and a wrong password alike, after the same work. Failures are counted before the password is looked at, so
// that many guesses at once gain nothing.
func (s *Service) signIn(ctx context.Context, in *wire.SignIn) (*wire.Signed, error) {
	if !workroom.ValidID(in.Device) {
		return nil, workroom.Bad("device", "The device has no proper id.")
	}
	if len(in.Password) > 4*auth.MaxPassword || !workroom.PlausibleEmail(in.Email) {
		return nil, wrong
	}
	now := s.now()
	var acc *store.Account
	var byAccount, byAddress string
	err := s.store.Write(ctx, func(tx store.Tx) (err error) {
		if acc, _, err = tx.AccountByEmail(ctx, in.Email); err != nil {
			return err
		}
		byAccount = s.attemptKey(ctx, tx, acc, in)
		if a := addressOf(ctx); a != "" {
			byAddress = "ip:" + a
		}
		return s.count(ctx, tx, now, byAccount, byAddress)
	})
	if err != nil {
		return nil, s.fail(ctx, "sign in", err)
	}
	hash := ""
	if acc != nil {
		hash = acc.Password
	}
	ok, err := s.hasher.Matches(ctx, in.Password, hash)
	if errors.Is(err, auth.ErrBusy) { // nobody looked at the password: it was no guess
		undo := s.store.Write(ctx, func(tx store.Tx) error {
			return errors.Join(tx.UndoAttempt(ctx, byAccount), tx.UndoAttempt(ctx, byAddress))
		})
		return nil, s.fail(ctx, "sign in", errors.Join(err, undo))
	}
	if err != nil {
		return nil, s.fail(ctx, "sign in", err)
	}
	if !ok {
		s.log.InfoContext(ctx, "sign-in refused", "known", acc != nil)
		return nil, wrong
	}
	var out *wire.Signed
	var old string
	err = s.store.Write(ctx, func(tx store.Tx) error {
		if err := tx.ForgetAttempts(ctx, byAccount); err != nil {
			return err
		}
		if err := tx.UndoAttempt(ctx, byAddress); err != nil {
			return err
		}
		out, old, err = s.sign(ctx, tx, acc, in.Device, in.DeviceName, now)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "sign in", err)
	}
	if old != "" {
		s.endToken(acc.ID, old)
	}
	s.log.InfoContext(ctx, "signed in", "account", acc.ID, "device", in.Device)
	return out, nil
}

var wrong = &workroom.Refusal{Code: workroom.BadInput, Field: "password", Text: "The e-mail address or the password is not right."}

// attemptKey counts a device that the account knows apart, so that a stranger's guesses do not slow its owner down.
func (s *Service) attemptKey(ctx context.Context, tx store.Tx, acc *store.Account, in *wire.SignIn) string {
	h := sha256.Sum256([]byte(store.FoldEmail(in.Email)))
	k := "in:" + hex.EncodeToString(h[:12])
	if acc != nil {
		if known, err := tx.KnowsDevice(ctx, acc.ID, in.Device); err == nil && known {
			k += ":" + in.Device
		}
	}
	return k
}

// count lets one more attempt through, or says how long to wait.
func (s *Service) count(ctx context.Context, tx store.Tx, now time.Time, byAccount, byAddress string) error {
	for _, x := range []struct {
		k     string
		limit int64
	}{{byAccount, auth.PerAccount}, {byAddress, auth.PerAddress}} {
		if x.k == "" {
			continue
		}
		a, err := tx.Attempts(ctx, x.k, now, auth.Window)
		if err != nil {
			return err
		}
		if left := time.UnixMicro(a.Last).Add(auth.Wait(a.N, x.limit)).Sub(now); a.N > 0 && left > 0 {
			return tooFast(fmt.Sprintf("Too many wrong attempts. Try again in %d minutes.", int(left/time.Minute)+1), left)
		}
		if err := tx.AddAttempt(ctx, x.k, now, auth.Window); err != nil {
			return err
		}
	}
	return nil
}

func tooFast(text string, after time.Duration) *wire.Problem {
	p := wire.ProblemOf(&workroom.Refusal{Code: workroom.Rate, Text: text})
	p.After = after
	return p
}

// signOut ends the caller's token and the streams that it opened.
func (s *Service) signOut(ctx context.Context, _ *wire.None) (*wire.None, error) {
	c := callerOf(ctx)
	if err := s.store.Write(ctx, func(tx store.Tx) error { return tx.EndToken(ctx, c.token.Hash) }); err != nil {
		return nil, s.fail(ctx, "sign out", err)
	}
	s.endToken(c.Account, c.token.Hash)
	s.log.InfoContext(ctx, "signed out", "account", c.Account, "device", c.Device)
	return &wire.None{}, nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
