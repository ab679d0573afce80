package blob

import (
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"trestle/internal/wire"
)

// ErrDamaged says that a part came with other bytes than its hash promised. The part was thrown away; Have says where to go on.
var ErrDamaged = errors.New("a part of the file arrived damaged")

// Partial is a file that is on its way into the store. What came is on the disk and is gone on from, also by another run of the program;
// each part is verified as soon as its last byte is there.
type Partial struct {
	s     *Store
	f     *os.File
	size  int64
	parts []string
	have  int64 // bytes in the file
	whole hash.Hash
	part  hash.Hash
	saved []byte // the state of whole where the part began
}

// Partial begins or goes on with a file of that size in those parts. id names it among others; a file that changed under its id begins anew.
// Only one program may have it open at a time.
func (s *Store) Partial(id string, size int64, parts []string) (*Partial, error) {
	if size < 1 || int64(len(parts)) != (size+wire.PartSize-1)/wire.PartSize {
		return nil, fmt.Errorf("receive a file: its parts do not fit its size")
	}
	name := sha256.Sum256([]byte(id + "\n" + strings.Join(parts, "\n")))
	f, err := os.OpenFile(filepath.Join(s.tmp(), "get-"+hex.EncodeToString(name[:16])), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("receive a file: %w", err)
	}
	p := &Partial{s: s, f: f, size: size, parts: parts, whole: sha256.New(), part: sha256.New()}
	p.mark()
	if err := p.resume(); err != nil {
		return nil, errors.Join(fmt.Errorf("receive a file: %w", err), f.Close())
	}
	return p, nil
}

// resume reads what an earlier run left, and keeps what is good of it.
func (p *Partial) resume() error {
	info, err := p.f.Stat()
	if err != nil {
		return err
	}
	left := min(info.Size(), p.size)
	b := make([]byte, 256<<10)
	for left > 0 {
		n, err := p.f.ReadAt(b[:min(int64(len(b)), left)], p.have)
		if n == 0 && err != nil {
			return err
		}
		left -= int64(n)
		if !p.hash(b[:n]) {
			break
		}
	}
	if err := p.f.Truncate(p.have); err != nil {
		return err
	}
	_, err = p.f.Seek(p.have, io.SeekStart)
	return err
}

// hash takes in bytes that are in the file, and answers false where a part turned out to be another: have is then where it began.
func (p *Partial) hash(b []byte) bool {
	for len(b) > 0 {
		end := min((p.have/wire.PartSize+1)*wire.PartSize, p.size)
		n := min(int64(len(b)), end-p.have)
		p.whole.Write(b[:n])
		p.part.Write(b[:n])
		at := p.have / wire.PartSize
		if p.have += n; p.have == end {
			if hexSum(p.part) != p.parts[at] {
				p.have = at * wire.PartSize
				p.rewind()
				return false
			}
			p.part.Reset()
			p.mark()
		}
		b = b[n:]
	}
	return true
}

// mark remembers the state of the whole's hash; rewind goes back to it.
func (p *Partial) mark() {
	p.saved, _ = p.whole.(encoding.BinaryMarshaler).MarshalBinary() // SHA-256 always can
}

func (p *Partial) rewind() {
	_ = p.whole.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.saved) // what it wrote itself
	p.part.Reset()
}

// Have is how many bytes are here, from the beginning on.
func (p *Partial) Have() int64 { return p.have }

// Write appends the next bytes. ErrDamaged says that they completed a part that is not what it should be.
func (p *Partial) Write(b []byte) (int, error) {
	if int64(len(b)) > p.size-p.have {
		return 0, fmt.Errorf("receive a file: more bytes came than it has")
	}
	if n, err := p.f.Write(b); err != nil {
		_, _ = p.f.Seek(p.have, io.SeekStart) // what was half written is written over
		return 0, fmt.Errorf("receive a file (%d of %d bytes): %w", n, len(b), err)
	}
	if !p.hash(b) {
		if err := p.f.Truncate(p.have); err != nil {
			return 0, fmt.Errorf("receive a file: %w", err)
		}
		if _, err := p.f.Seek(p.have, io.SeekStart); err != nil {
			return 0, fmt.Errorf("receive a file: %w", err)
		}
		return 0, ErrDamaged
	}
	return len(b), nil
}

// Keep gives a whole file its place in the store and answers its hash.
func (p *Partial) Keep() (sha string, err error) {
	if p.have != p.size {
		return "", fmt.Errorf("receive a file: %d of %d bytes are here", p.have, p.size)
	}
	sha = hexSum(p.whole)
	if err := p.s.keep(p.f, sha); err != nil {
		return "", fmt.Errorf("receive a file: %w", err)
	}
	return sha, nil
}

// Drop lets go of the file and removes what came.
func (p *Partial) Drop() error {
	if err := errors.Join(p.Close(), os.Remove(p.f.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("drop a file half received: %w", err)
	}
	return nil
}

// Close lets go of the file; what came stays for another time. After Keep it does nothing.
func (p *Partial) Close() error {
	if err := p.f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("receive a file: %w", err)
	}
	return nil
}
