package replica

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

// What is done beside the work, by Tend: unsent.json soon after a change, words into the index while there are new ones, what was
// deleted off the disk, once a day a backup and the trimming of long rooms, once a month a look through the whole file.
const (
	tendEvery  = time.Minute
	backEvery  = 24 * time.Hour
	checkEvery = 30 * 24 * time.Hour
)

// chores is what Tend remembers.
type chores struct {
	unsentAt   time.Time     // last written
	unsentTook time.Duration // it is written no oftener than every twentieth of the time
	dayAt      time.Time     // the daily ones were looked at
}

// Tend does what is due and answers when to come again at the latest. Unless Options.Manual is set the replica calls it by itself. It is
// not to be called by two at a time.
func (r *Replica) Tend(ctx context.Context) time.Duration {
	r.tending.Lock()
	defer r.tending.Unlock()
	next := tendEvery
	if r.unsentDirty.Load() && !r.Low() {
		now := r.o.Now()
		wait := max(unsentEvery, 20*r.chores.unsentTook) - now.Sub(r.chores.unsentAt)
		if r.chores.unsentAt.IsZero() || wait <= 0 || now.Before(r.chores.unsentAt) {
			r.unsentDirty.Store(false)
			if err := r.writeUnsent(ctx); err != nil && !errors.Is(err, errClosed) {
				r.unsentDirty.Store(true)
				r.o.Logf("write unsent.json: %v", err)
			}
			r.chores.unsentAt, r.chores.unsentTook = now, r.o.Now().Sub(now)
			wait = unsentEvery
		}
		next = min(next, wait)
	}
	if more, err := r.index(ctx, indexBatch); err != nil && !errors.Is(err, errClosed) {
		r.o.Logf("fill the index: %v", err)
	} else if more {
		next = 0
	} else if again := r.wipe(ctx); again > 0 {
		next = min(next, again)
	}
	if now := r.o.Now(); now.Sub(r.chores.dayAt) >= time.Hour {
		r.chores.dayAt = now
		r.daily(ctx, now)
	}
	return max(next, 0)
}

// daily does what is due by the day or the month; it is looked at each hour.
func (r *Replica) daily(ctx context.Context, now time.Time) {
	due := func(key string, every time.Duration) bool {
		ok, err := r.due(ctx, key, now, every)
		if err != nil && !errors.Is(err, errClosed) {
			r.o.Logf("look at what is due: %v", err)
		}
		return ok
	}
	if r.checkSoon || due("checked", checkEvery) {
		r.checkSoon = false
		if err := checkFile(ctx, r.path); errors.Is(err, ErrDamaged) {
			r.suspect(err)
			r.o.Logf("the copy is damaged; the next start sets it aside: %v", err)
			return // such a copy is no backup
		} else if err != nil && ctx.Err() == nil {
			r.o.Logf("look the copy through: %v", err)
		}
	}
	if err := dropSpoilt(r.path, now); err != nil {
		r.o.Logf("remove what was damaged long ago: %v", err)
	}
	if due("trimmed", backEvery) {
		if err := r.trimAll(ctx); err != nil && !errors.Is(err, errClosed) {
			r.o.Logf("trim: %v", err)
		}
	}
	if !r.Low() && due("backed_up", backEvery) {
		if _, err := r.BackUp(ctx, BackupDaily); err != nil {
			r.o.Logf("back up: %v", err)
		}
	}
}

// due says whether the time for something has come, and notes that it was done now. The first time of a new file is one interval after
// its making.
func (r *Replica) due(ctx context.Context, key string, now time.Time, every time.Duration) (bool, error) {
	var at int64
	if err := r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT CAST(v AS INTEGER) FROM meta WHERE k=?`, []any{key}, &at)
		return err
	}); err != nil {
		return false, err
	}
	if at != 0 && now.Sub(time.UnixMicro(at)) < every && !now.Before(time.UnixMicro(at)) {
		return false, nil
	}
	err := r.write(ctx, false, func(t *tx) error { return t.setMeta(key, itoa64(now.UnixMicro())) })
	return at != 0 && err == nil, err
}

// tend runs Tend until the copy is closed: soon after something changed, else each minute.
func (r *Replica) tend() {
	defer close(r.tended)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-r.closing
		cancel()
	}()
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	for {
		select {
		case <-r.closing:
			return
		case <-r.nudge:
		case <-timer.C:
		}
		timer.Reset(max(10*time.Millisecond, r.Tend(ctx)))
	}
}

// stir says that there may be something to do.
func (r *Replica) stir() {
	select {
	case r.nudge <- struct{}{}:
	default:
	}
}

// unsentPath is where unsent.json lies.
func (r *Replica) unsentPath() string { return filepath.Join(filepath.Dir(r.path), unsentName) }
