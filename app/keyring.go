package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringName is the service name our token has in the system's keyring.
const keyringName = AppID

// keyringLimit is how long the system's keyring may take. A daemon that was never
// unlocked may not answer at all.
const keyringLimit = 3 * time.Second

// TokenPlace says where a token is kept.
type TokenPlace string

// Where a token can be.
const (
	InKeyring TokenPlace = "keyring"
	InFile    TokenPlace = "file"    // 0600 in the data folder, because the keyring did not answer
	InMemory  TokenPlace = "session" // nowhere: neither could be written
)

// TokenStore keeps the one token of each account of a data folder: in the
// system's keyring if that answers within three seconds, else in a file that
// only this account can read. The account's name is the caller's; the token is
// never logged.
type TokenStore struct {
	dir  string
	ring ring
}

// ring is the system's keyring, as much of it as is used.
type ring struct {
	set    func(account, token string) error
	get    func(account string) (string, error)
	remove func(account string) error
}

// NewTokenStore keeps tokens for the data folder dir. With fileOnly the keyring
// is not asked: several data folders on one computer, and tests, would share it.
func NewTokenStore(dir string, fileOnly bool) *TokenStore {
	s := &TokenStore{dir: dir}
	if !fileOnly && hasSessionBus() {
		s.ring = ring{
			set:    func(a, t string) error { return keyring.Set(keyringName, a, t) },
			get:    func(a string) (string, error) { return keyring.Get(keyringName, a) },
			remove: func(a string) error { return keyring.Delete(keyringName, a) },
		}
	}
	return s
}

// Save keeps a token and answers where. An error means it is nowhere but in
// memory: the person signs in again next time.
func (s *TokenStore) Save(ctx context.Context, account, token string) (TokenPlace, error) {
	if s.ring.set != nil {
		_, err := ringAnswer(ctx, func() (string, error) { return "", s.ring.set(account, token) })
		if err == nil {
			_ = os.Remove(s.file(account)) // an older one would be read instead one day
			return InKeyring, nil
		}
		slog.Warn("keyring did not take the token; it goes to a file", "error", traceOf(err))
	}
	if err := s.write(account, token); err != nil {
		return InMemory, fmt.Errorf("keep the token: %w", err)
	}
	return InFile, nil
}

// Load answers the token of an account and where it was; an empty token if there
// is none. The file comes first: it is there only because the keyring was not.
func (s *TokenStore) Load(ctx context.Context, account string) (string, TokenPlace, error) {
	token, err := s.read(account)
	if err != nil {
		return "", "", fmt.Errorf("read the token: %w", err)
	}
	if token != "" {
		return token, InFile, nil
	}
	if s.ring.get == nil {
		return "", "", nil
	}
	token, err = ringAnswer(ctx, func() (string, error) { return s.ring.get(account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("ask the keyring: %w", err)
	}
	return token, InKeyring, nil
}

// Delete forgets an account's token wherever it is.
func (s *TokenStore) Delete(ctx context.Context, account string) error {
	if err := os.Remove(s.file(account)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget the token: %w", err)
	}
	if s.ring.remove == nil {
		return nil
	}
	_, err := ringAnswer(ctx, func() (string, error) { return "", s.ring.remove(account) })
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("forget the token in the keyring: %w", err)
	}
	return nil
}

// ringAnswer gives fn three seconds. A keyring that answers later is not heard.
func ringAnswer(ctx context.Context, fn func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, keyringLimit)
	defer cancel()
	type result struct {
		s   string
		err error
	}
	done := make(chan result, 1)
	go func() {
		s, err := fn()
		done <- result{s, err}
	}()
	select {
	case r := <-done:
		return r.s, r.err
	case <-ctx.Done():
		return "", fmt.Errorf("the keyring does not answer: %w", ctx.Err())
	}
}
