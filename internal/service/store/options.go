package store

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/google/uuid"
)

// Options are what tests and the simulator set: where chance comes from, and where the store shall fail. None is needed.
type Options struct {
	Random io.Reader                // of tags, ids and the epoch; nil is crypto/rand
	Fail   func(point string) error // asked at each of Points; an error is the database's at that place
}

// Points where a transaction can be made to fail.
const (
	PointBegin   = "store.begin"          // before a write transaction begins
	PointLocked  = "store.locked"         // the heads of a batch are locked, nothing is read
	PointDecided = "store.decided"        // all commands of a batch ran, nothing is written
	PointHeads   = "store.flush.heads"    // heads are written
	PointThings  = "store.flush.things"   // and things
	PointRights  = "store.flush.rights"   // and tags and rights
	PointRecords = "store.flush.records"  // and records: all of it, not committed
	PointCommit  = "store.before-commit"  // before a write transaction commits
	PointUntold  = "store.committed"      // after it committed, before anybody learns of it
	PointRead    = "store.read"           // before a read transaction begins
	PointJobs    = "store.jobs"           // before periodic work writes
	PointCompact = "store.compact.halved" // the floor is raised, the rows still stand
)

// Points lists the failpoints of this package.
func Points() []string {
	return []string{
		PointBegin, PointLocked, PointDecided, PointHeads, PointThings, PointRights, PointRecords, PointCommit, PointUntold, PointRead, PointJobs, PointCompact,
	}
}

// fail asks whether to fail at a point.
func (s *Store) fail(point string) error {
	if s.opts.Fail == nil {
		return nil
	}
	if err := s.opts.Fail(point); err != nil {
		return fmt.Errorf("at %s: %w", point, err)
	}
	return nil
}

// Chance is n bytes of the store's chance in hex.
func (s *Store) Chance(n int) string {
	if s.opts.Random == nil {
		return Random(n)
	}
	b := make([]byte, n)
	s.chance.Lock()
	defer s.chance.Unlock()
	if _, err := io.ReadFull(s.opts.Random, b); err != nil {
		return Random(n) // a source that ends is no reason to stop
	}
	return hex.EncodeToString(b)
}

// uuid is an id made of the store's chance.
func (s *Store) uuid() string {
	var b [16]byte
	if _, err := hex.Decode(b[:], []byte(s.Chance(len(b)))); err != nil {
		return uuid.NewString() // cannot be: Chance is hex
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return uuid.UUID(b).String()
}

// Random is n bytes of chance in hex.
func Random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
