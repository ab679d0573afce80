package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// tokenFile is what a token's file holds.
type tokenFile struct {
	Account string `json:"account"`
	Token   string `json:"token"`
}

// file is where the token of an account lies when the keyring does not take it: one file an account, named without saying whose.
func (s *TokenStore) file(account string) string {
	sum := sha256.Sum256([]byte(account))
	return filepath.Join(s.dir, "token-"+hex.EncodeToString(sum[:8]))
}

// write puts the token file in place at once, readable by this account alone.
func (s *TokenStore) write(account, token string) error {
	body, err := json.Marshal(tokenFile{account, token})
	if err != nil {
		return err
	}
	return writeWhole(s.file(account), body, 0o600)
}

// read answers the token of an account; nothing if there is none or the file is not one of ours.
func (s *TokenStore) read(account string) (token string, err error) {
	body, err := os.ReadFile(s.file(account))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var t tokenFile
	if json.Unmarshal(body, &t) != nil || t.Account != account {
		return "", nil
	}
	return t.Token, nil
}
