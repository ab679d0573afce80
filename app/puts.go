package app

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"trestle/internal/workroom"
)

// puts collects the pieces of files that a page sends, each in a file of its own until it is staged.
type puts struct {
	dir string
	mu  sync.Mutex
}

func newPuts(dir string) *puts {
	_ = os.RemoveAll(dir) // what was left half sent
	return &puts{dir: dir}
}

// put writes a piece where it belongs. A piece may come twice; a gap is refused.
func (p *puts) put(_ context.Context, id string, at int64, piece []byte) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(filepath.Join(p.dir, id), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	next := at + int64(len(piece))
	if at > info.Size() || next > workroom.MaxFileSize {
		return info.Size(), Fail(CodeBadInput, "The piece does not follow the one before, or the file is too large.")
	}
	if _, err := f.WriteAt(piece, at); err != nil {
		return 0, Fail("disk", "The file could not be kept: "+reason(err).Error()+".")
	}
	return next, nil
}

// path is where the pieces of an id lie.
func (p *puts) path(id string) (string, error) {
	if !fileID.MatchString(id) {
		return "", Fail(CodeBadInput, "There is no such file.")
	}
	path := filepath.Join(p.dir, id)
	if _, err := os.Stat(path); err != nil {
		return "", Fail("gone", "The file did not arrive whole. Attach it again.")
	}
	return path, nil
}
