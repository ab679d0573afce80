package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Rescue tells what became of a damaged copy, until it was told to the person (safety.md §2).
type Rescue struct {
	At       int64  `json:"at"`               // Unix µs
	Cause    string `json:"cause"`            // what was wrong, for the log
	Where    string `json:"where"`            // folder the damaged files lie in; they stay until something was deleted that may stand in them, and 14 days (asideKept)
	Backup   int64  `json:"backup,omitempty"` // Unix µs of the backup that took their place; 0: an empty copy, everything is pulled again
	Commands int    `json:"commands"`         // unsent ones that are here
	Drafts   int    `json:"drafts"`
	Unread   int    `json:"unread"` // rows of the damaged outbox that could not be read; each is here if unsent.json knew it
	Chosen   bool   `json:"chosen"` // the person put a backup in place; nothing was damaged
}

// Report is what the last rescue did; nil if there was none or it was told.
func (r *Replica) Report(ctx context.Context) (*Rescue, error) {
	var v string
	err := r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT v FROM meta WHERE k='rescue'`, nil, &v)
		return err
	})
	if err != nil || v == "" {
		return nil, err
	}
	var out Rescue
	if err := json.Unmarshal([]byte(v), &out); err != nil {
		return nil, fmt.Errorf("read what was rescued: %w", err)
	}
	return &out, nil
}

// Told says that the person has read the report.
func (r *Replica) Told(ctx context.Context) error {
	return r.write(ctx, true, func(t *tx) error {
		_, err := t.Exec(`DELETE FROM meta WHERE k='rescue'`)
		return err
	})
}

// rescued opens a copy in the place of a damaged one. The damaged files are set aside, the newest backup that is whole is put in their
// place, else an empty file; everything unsent that can be found is taken in. A file that proves damaged again within the same start is
// set aside too, and the copy begins empty: there is no loop.
func rescued(path string, o Options, cause error) (*Replica, error) {
	return replaceCopy(path, o, Rescue{Cause: cause.Error()}, func() (string, error) {
		for _, b := range backups(path) {
			if b.Whole && checkFile(context.Background(), b.Path) == nil {
				return b.Path, nil
			}
		}
		return "", nil
	})
}

func replaceCopy(path string, o Options, report Rescue, choose func() (string, error)) (*Replica, error) {
	now := o.Now()
	report.At = now.UnixMicro()
	note, noteErr := readUnsent(filepath.Join(filepath.Dir(path), unsentName))
	aside, err := setAside(path, now)
	if err != nil {
		return nil, &Fault{Code: Damaged, Text: "This computer's copy is damaged and cannot be set aside. Nothing was changed.", Err: err}
	}
	report.Where = aside
	if o.Fail != nil {
		if err := o.Fail(PointRescue); err != nil {
			return nil, err
		}
	}
	found, err := salvageAside(filepath.Join(aside, filepath.Base(path)))
	if err != nil && o.Logf != nil {
		o.Logf("salvage: %v", err)
	}
	from, err := choose()
	if err != nil {
		return nil, err
	}
	if from != "" {
		if err := copyFile(from, path); err != nil {
			from = ""
		} else if info, err := os.Stat(from); err == nil {
			report.Backup = info.ModTime().UnixMicro()
		}
	}
	if noteErr != nil {
		_ = copyFile(filepath.Join(filepath.Dir(path), unsentName), filepath.Join(aside, unsentName))
	}
	// The device's name outlives its file: it is the service's key to the numbers of commands.
	for _, known := range []*Unsent{&found.Unsent, note} {
		if known != nil && known.Device != "" && from == "" && known.Service == o.Service && known.Account == o.Account {
			o.Device = known.Device
		}
	}
	r, err := openCopy(path, o)
	if errors.Is(err, ErrDamaged) {
		if _, err := setAside(path, now); err != nil {
			return nil, err
		}
		report.Backup, from = 0, ""
		r, err = openCopy(path, o)
	}
	if err != nil {
		return nil, err
	}
	if err := r.takeIn(found, note, &report); err != nil {
		r.unclean = true
		close(r.tended)
		r.Close()
		return nil, err
	}
	return r, nil
}

// takeIn stores what was found unsent. unsent.json was complete when it was written, so a backup's own outbox counts only where there is
// no such file and the salvage met bad rows; of one command, what unsent.json says is believed over a damaged page.
func (r *Replica) takeIn(found *salvage, note *Unsent, report *Rescue) error {
	ctx := context.Background()
	if note != nil && (note.Account != r.o.Account || note.Service != r.o.Service) {
		note = nil
	}
	if found.Account != "" && found.Account != r.o.Account {
		found = &salvage{}
	}
	return r.write(ctx, true, func(t *tx) error {
		byID := map[string]Kept{}
		drafts := map[workroom.RoomID]Draft{}
		if old, err := outbox.ListFull(t); err != nil {
			return err
		} else if note == nil && found.bad > 0 {
			for i := range old {
				byID[old[i].ID] = kept(&old[i])
			}
		}
		if list, err := readDrafts(t.link, draftsQuery); err != nil {
			return err
		} else if note == nil && found.bad > 0 {
			for _, d := range list {
				drafts[d.Room] = d
			}
		}
		next := found.Next
		for _, k := range found.Outbox {
			byID[k.ID] = k
		}
		for _, d := range found.Drafts {
			drafts[d.Room] = d
		}
		if note != nil {
			next = max(next, note.Next)
			for _, k := range note.Outbox {
				byID[k.ID] = k
			}
			for _, d := range note.Drafts {
				if d.At >= drafts[d.Room].At {
					drafts[d.Room] = d
				}
			}
		}
		for id := range found.sent {
			delete(byID, id)
		}
		for _, q := range []string{`DELETE FROM effect`, `DELETE FROM effect_read`, `DELETE FROM outbox`, `DELETE FROM draft`} {
			if _, err := t.Exec(q); err != nil {
				return fmt.Errorf("make room for what was rescued: %w", err)
			}
		}
		if err := t.putBack(byID, next); err != nil {
			return err
		}
		for _, d := range drafts {
			if err := t.putDraft(d, false); err != nil {
				return err
			}
		}
		if err := t.forgetTracked(); err != nil { // a backup's is older than what it was made from
			return err
		}
		if found.tracked != nil {
			if err := t.keepTracked(*found.tracked); err != nil {
				return err
			}
		}
		report.Commands, report.Drafts, report.Unread = len(byID), len(drafts), found.bad
		b, err := json.Marshal(report)
		if err != nil {
			return fmt.Errorf("encode the report: %w", err)
		}
		t.tell(OutboxScope)
		t.tell(DraftScope)
		return t.setMeta("rescue", string(b))
	})
}

// spare is how far numbers of commands jump after a rescue: those the damaged file may have given to what was acked are never given again.
const spare = 10_000

// putBack stores commands under their own numbers and runs their rules.
func (t *tx) putBack(byID map[string]Kept, next int64) error {
	list := make([]Kept, 0, len(byID))
	for _, k := range byID {
		list = append(list, k)
		next = max(next, k.N, k.Pos)
	}
	slices.SortFunc(list, func(a, b Kept) int {
		if a.N != b.N {
			return int(a.N - b.N)
		}
		return int(a.At - b.At)
	})
	next += spare
	last := int64(0)
	for i := range list {
		k := &list[i]
		if k.N == last { // two of one number: a damaged page gave one of them
			next++
			k.N = next
		} else {
			last = k.N
		}
		k.After = slices.DeleteFunc(k.After, func(id string) bool { _, here := byID[id]; return !here })
		row := k.row(t.r.o.Account)
		if row.Device == "" {
			row.Device = t.r.Device()
		}
		if err := outbox.Put(t, row); err != nil {
			return err
		}
		if u, err := DecodeUpload(row); err == nil {
			if err := t.knowFile(string(u.ID), u.Scope, u.SHA, u.Size); err != nil {
				return err
			}
		}
	}
	for _, q := range []string{
		`INSERT INTO sqlite_sequence(name,seq) SELECT 'outbox',0 WHERE ?>0 AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name='outbox')`,
		`UPDATE sqlite_sequence SET seq=MAX(seq,?) WHERE name='outbox'`,
	} {
		if _, err := t.Exec(q, next); err != nil {
			return fmt.Errorf("go on with the numbers: %w", err)
		}
	}
	slices.SortFunc(list, func(a, b Kept) int { return int(a.N - b.N) })
	for i := range list {
		row := list[i].row(t.r.o.Account)
		if row.Verdict != outbox.None || row.Op == workroom.OpUpload {
			continue
		}
		if _, err := t.run(row); err != nil {
			return err
		}
	}
	return nil
}

// setAside moves the files of a copy into damaged/TIME beside it.
func setAside(path string, now time.Time) (string, error) {
	base := filepath.Join(filepath.Dir(path), "damaged", now.UTC().Format("20060102T150405Z"))
	dir := base
	for i := 2; ; i++ {
		err := os.MkdirAll(filepath.Dir(dir), 0o700)
		if err == nil {
			err = os.Mkdir(dir, 0o700)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, os.ErrExist) || i > 1000 {
			return "", fmt.Errorf("set the damaged copy aside: %w", err)
		}
		dir = fmt.Sprintf("%s-%d", base, i)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+end, filepath.Join(dir, filepath.Base(path)+end)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("set the damaged copy aside: %w", err)
		}
	}
	os.Remove(path + suspectName)
	syncDir(dir)
	syncDir(filepath.Dir(path))
	return dir, nil
}

// salvageAside reads a set-aside file through a copy of it, so that it stays as it is; where there is no space for that, directly.
func salvageAside(path string) (*salvage, error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), "salvage-*")
	if err == nil {
		defer removeSalvage(dir)
		to := filepath.Join(dir, "copy.db")
		if err = copyFile(path, to); err == nil {
			if _, serr := os.Stat(path + "-wal"); serr == nil {
				err = copyFile(path+"-wal", to+"-wal")
			}
		}
		if err == nil {
			s, err := salvageFile(to)
			if s == nil {
				s = &salvage{bad: 1}
			}
			return s, err
		}
	}
	s, err := salvageFile(path)
	if s == nil {
		s = &salvage{bad: 1}
	}
	return s, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("copy %s: %w", filepath.Base(from), err)
	}
	defer in.Close()
	return replaceFile(to, func(f *os.File) error {
		_, err := io.Copy(f, in)
		return err
	})
}
