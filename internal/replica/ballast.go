package replica

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
)

// The ballast is a file of random bytes that only takes space. When the disk is full it is dropped, so that what a person does can still
// be saved; pages of the service's rows, which can be pulled again, wait until there is space (safety.md §2: without free space SQLite
// cannot even delete).
const (
	ballastSize = 16 << 20  // bytes
	ballastBack = 256 << 20 // free bytes above which it is laid again
)

const ballastName = ".ballast" // after the name of the copy

func (r *Replica) ballast() string { return r.path + ballastName }

// layBallast makes the ballast if there is plenty of space, and says whether it is there.
func (r *Replica) layBallast() bool {
	if info, err := os.Stat(r.ballast()); err == nil && info.Size() == ballastSize {
		return true
	}
	free, err := freeSpace(r.path)
	if err != nil || free < ballastBack {
		return false
	}
	if err := fill(r.ballast()); err != nil {
		r.o.Logf("lay ballast: %v", err)
		os.Remove(r.ballast())
		return false
	}
	return true
}

func fill(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("make ballast: %w", err)
	}
	if _, err = io.CopyN(f, rand.Reader, ballastSize); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// dropBallast frees the space once and says whether it did.
func (r *Replica) dropBallast() bool {
	err := os.Remove(r.ballast())
	r.low = true
	return err == nil
}

// Low reports whether the disk was full and there is not enough space again: only what people do is stored.
func (r *Replica) Low() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.low
}

// MakeRoom lays the ballast if it is not there and there is space again; courier calls it each minute, others after something large was
// deleted. It says whether all is well.
func (r *Replica) MakeRoom() bool {
	r.laying.Lock()
	defer r.laying.Unlock()
	select {
	case <-r.closed:
		return false
	default:
	}
	well := r.layBallast() // without the writers' lock: it takes a moment
	r.mu.Lock()
	defer r.mu.Unlock()
	if well {
		r.low = false
	}
	return !r.low
}
