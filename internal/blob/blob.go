// Package blob keeps bytes by their SHA-256 in a folder: attachments waiting to be sent, files that were fetched, screenshots.
//
// What lies under a hash never changes, so the same bytes are stored once and a file is either there whole or not at all. Names, owners
// and which hash belongs to which file are replica's knowledge; who may see what is not decided here.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"trestle/internal/wire"
)

// Store is a folder of blobs. Its methods may be called from any goroutine, and by several programs at once.
type Store struct{ dir string }

// Open uses a folder, made if missing, readable by its owner alone. What a process left half written a day ago or earlier is removed.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir}
	if err := os.MkdirAll(s.tmp(), 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	left, err := os.ReadDir(s.tmp())
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	for _, e := range left {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			os.Remove(filepath.Join(s.tmp(), e.Name()))
		}
	}
	return s, nil
}

func (s *Store) tmp() string { return filepath.Join(s.dir, "tmp") }

// Path is where the bytes of a hash lie. The file must not be changed.
func (s *Store) Path(sha string) string {
	if !valid(sha) {
		return filepath.Join(s.dir, "none")
	}
	return filepath.Join(s.dir, sha[:2], sha)
}

func valid(sha string) bool {
	if len(sha) != 2*sha256.Size {
		return false
	}
	for _, r := range sha {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}

// Put stores all of r and answers the hex SHA-256 and the length in bytes. When it returns, the bytes are on the disk.
func (s *Store) Put(r io.Reader) (sha string, size int64, err error) {
	var out Staged
	return s.take(r, &out, nil)
}

// PutFile stores a copy of a file as it is now, so that moving or changing the original later does no harm.
func (s *Store) PutFile(path string) (sha string, size int64, err error) {
	out, err := s.Stage(context.Background(), path, nil)
	return out.SHA, out.Size, err
}

// Open reads the bytes of a hash. Missing ones give an error that is fs.ErrNotExist.
func (s *Store) Open(sha string) (*os.File, error) {
	f, err := os.Open(s.Path(sha))
	if err != nil {
		return nil, fmt.Errorf("open bytes: %w", err)
	}
	return f, nil
}

// Has reports whether the bytes of a hash are here.
func (s *Store) Has(sha string) bool {
	info, err := os.Stat(s.Path(sha))
	return err == nil && info.Mode().IsRegular()
}

// Remove deletes the bytes of a hash; missing ones are no error.
func (s *Store) Remove(sha string) error {
	if err := os.Remove(s.Path(sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove bytes: %w", err)
	}
	return nil
}

// Parts are the hex SHA-256 of each part of wire.PartSize bytes; the last may be shorter. Empty bytes have no parts.
func (s *Store) Parts(sha string) ([]string, error) {
	f, err := s.Open(sha)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	for {
		h := sha256.New()
		n, err := io.CopyN(h, f, wire.PartSize)
		if n > 0 {
			out = append(out, hexSum(h))
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("hash parts: %w", err)
		}
	}
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// toDisk brings a file, or the names in a folder, to the disk; tests look at what would be there after a power cut.
var toDisk = (*os.File).Sync

// syncDir makes a rename last; systems that cannot sync a folder need not.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = toDisk(d)
		d.Close()
	}
}
