package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// tokenFile is what the file "token" holds.
type tokenFile struct {
	Account string `json:"account"`
	Token   string `json:"token"`
}

// write puts the token file in place at once, readable by this account alone.
func (s *TokenStore) write(account, token string) error {
	body, err := json.Marshal(tokenFile{account, token})
	if err != nil {
		return err
	}
	return writePrivate(s.file(), body)
}

// read answers what the token file holds; nothing if there is none or it is not
// one of ours.
func (s *TokenStore) read() (account, token string, err error) {
	body, err := os.ReadFile(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	var t tokenFile
	if json.Unmarshal(body, &t) != nil {
		return "", "", nil
	}
	return t.Account, t.Token, nil
}

// writePrivate replaces a file at once: a temporary one of mode 0600 beside it,
// synced, then renamed. A reader sees the old bytes or the new ones.
func writePrivate(path string, body []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = replaceFile(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// replaceFile renames a file over another. Windows refuses while somebody reads
// the old one, which is over in a moment.
func replaceFile(from, to string) error {
	err := os.Rename(from, to)
	for tries := 0; err != nil && runtime.GOOS == "windows" && tries < 20; tries++ {
		time.Sleep(10 * time.Millisecond)
		err = os.Rename(from, to)
	}
	return err
}
