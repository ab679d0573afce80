// Package auth holds how a service knows people: password rules and hashes, tokens, and how long a guesser waits. It stores nothing; what
// it says is kept by store.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
)

// Lifetimes of a token.
const (
	TokenIdle = 30 * 24 * time.Hour  // without use
	TokenMax  = 180 * 24 * time.Hour // at all
)

// NewToken makes an opaque token of 256 bits and the hash under which it is stored.
func NewToken() (token, hash string) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	token = "trs_" + base64.RawURLEncoding.EncodeToString(b)
	return token, HashToken(token)
}

// HashToken is what stands for a token in the database.
func HashToken(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// TokenOf reads the token of an Authorization header; empty if there is none.
func TokenOf(header string) string {
	kind, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "Bearer") || !strings.HasPrefix(token, "trs_") || len(token) > 100 {
		return ""
	}
	return token
}

// TokenGood reports whether a token made and last used at these times still counts.
func TokenGood(made, used, now time.Time) bool {
	return now.Sub(made) < TokenMax && now.Sub(used) < TokenIdle
}

// Limits of failed sign-ins within Window.
const (
	Window     = 15 * time.Minute
	PerAccount = 5
	PerAddress = 30
)

// Wait is how long after the last of n failures the next attempt is let through: at once up to the limit, then 1, 2, 4 … 15 minutes.
func Wait(n, limit int64) time.Duration {
	if n < limit {
		return 0
	}
	if n-limit >= 4 {
		return Window
	}
	return time.Minute << (n - limit)
}
