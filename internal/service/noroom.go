package service

import (
	"sync/atomic"
	"time"
)

// noRoom remembers what found no room on its disk. A disk that is full is no reason to take a node away, which still lets everybody read: so
// the operator is told in words and numbers, and desktops ask again.
type noRoom struct {
	database, blobs atomic.Int64 // when it was met last, Unix µs
	times           atomic.Int64
}

// roomAgain is how long after that a disk counts as full. A desktop that has something to send asks again within a minute.
const roomAgain = 2 * time.Minute

// note keeps that the database, or else the store of files, found no room.
func (n *noRoom) note(database bool, now time.Time) {
	n.times.Add(1)
	if database {
		n.database.Store(now.UnixMicro())
		return
	}
	n.blobs.Store(now.UnixMicro())
}

// full are those that found none lately, by the names of readyz.
func (n *noRoom) full(now time.Time) (out []string) {
	since := now.Add(-roomAgain).UnixMicro()
	if n.database.Load() > since {
		out = append(out, "database")
	}
	if n.blobs.Load() > since {
		out = append(out, "blobs")
	}
	return out
}
