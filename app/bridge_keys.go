package app

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"sync"
	"time"
)

const (
	inviteLife = time.Minute // how long a one-time token may be used
	wrongTries = 5           // after so many wrong tokens nobody is let in
	maxTabs    = 32          // bearers kept; the oldest makes room
)

// passes keep, as hashes, what lets a browser page in: one-time tokens, and
// for each opened page a bearer for calls and a key for files.
type passes struct {
	mu      sync.Mutex
	invites map[[32]byte]*invite
	tabs    []tab
	wrong   int
}

type invite struct {
	until time.Time
	used  bool
}

type tab struct{ bearer, file [32]byte }

func newPasses() *passes { return &passes{invites: map[[32]byte]*invite{}} }

// invite makes a one-time token of 256 bit.
func (k *passes) invite(now time.Time) string {
	token := newKey()
	k.mu.Lock()
	defer k.mu.Unlock()
	for h, i := range k.invites { // what is long past is forgotten
		if now.Sub(i.until) > time.Hour {
			delete(k.invites, h)
		}
	}
	k.invites[sha256.Sum256([]byte(token))] = &invite{until: now.Add(inviteLife)}
	return token
}

// open uses a token up and answers the keys of a new page. A token that was used
// before is told apart loudly: somebody else on this computer may have read it
// from the list of processes.
func (k *passes) open(token string, now time.Time) (bearer, fileKey string, refused *Failure) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := k.invites[sha256.Sum256([]byte(token))]
	switch {
	case k.wrong >= wrongTries:
		return "", "", Fail("wrong_tokens", "The browser's way in is closed: too many wrong tokens were tried.")
	case i == nil:
		k.wrong++
		return "", "", Fail("wrong_token", "This address does not open Trestle.")
	case i.used:
		return "", "", Fail("token_used", "This address was used already. If that was not you, somebody else on this "+
			"computer opened Trestle with it: quit Trestle and start it again.")
	case now.After(i.until):
		return "", "", Fail("token_expired", "This address is too old. Open Trestle again for a new one.")
	}
	i.used = true
	bearer, fileKey = newKey(), newKey()
	if len(k.tabs) == maxTabs {
		k.tabs = k.tabs[1:]
	}
	k.tabs = append(k.tabs, tab{sha256.Sum256([]byte(bearer)), sha256.Sum256([]byte(fileKey))})
	return bearer, fileKey, nil
}

// mayCall reports whether bearer belongs to an opened page.
func (k *passes) mayCall(bearer string) bool {
	return k.known(bearer, func(t *tab) []byte { return t.bearer[:] })
}

// mayRead reports whether key is the file key of an opened page.
func (k *passes) mayRead(key string) bool {
	return k.known(key, func(t *tab) []byte { return t.file[:] })
}

func (k *passes) known(key string, of func(*tab) []byte) bool {
	h := sha256.Sum256([]byte(key))
	k.mu.Lock()
	defer k.mu.Unlock()
	found := 0
	for i := range k.tabs {
		found |= subtle.ConstantTimeCompare(h[:], of(&k.tabs[i]))
	}
	return found == 1
}

// shut reports whether too many wrong tokens were tried.
func (k *passes) shut() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.wrong >= wrongTries
}

// newKey answers 256 random bits as 43 characters that need no escaping in an
// address.
func newKey() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}
