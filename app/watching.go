package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trestle/internal/watch"
	"trestle/internal/workroom"
)

// watching is what this computer's folders are watched for: copies of files that were opened or saved from a room and may be edited (D-07),
// and folders whose new files become attachments (D-08). What is watched is kept in a file of the account's folder, not in its store: it is
// this computer's alone.
type watching struct {
	s    *Session
	path string
	mu   sync.Mutex
	list watchList
	mode map[string]watch.State // by key
	w    *watch.Watcher         // nil before run and after it
}

type watchList struct {
	Copies []*fileCopy   `json:"copies"`
	Drops  []*dropFolder `json:"drops"`
}

// fileCopy is a file of a room that lies on this computer's disk.
type fileCopy struct {
	ID      string      `json:"id"`
	File    string      `json:"file"` // the file of the room it was, at first
	Room    string      `json:"room"`
	Message string      `json:"message"` // what a new version answers: the message of the newest one
	Name    string      `json:"name"`    // in the room
	Path    string      `json:"path"`
	SHA     string      `json:"sha"`     // of what was last sent, or said no to
	Known   watch.Stamp `json:"known"`   // when it was last looked at
	Changed string      `json:"changed"` // its hash now, if the person is to be asked; "" = nothing to ask
	At      int64       `json:"at"`      // when that was noticed, Unix ms
	Ours    bool        `json:"ours"`    // it lies in the program's own folder, and goes when the file is deleted
}

// mostCopies is how many copies are watched, the newest; a person who saves more will hardly wait to be asked about the oldest.
const mostCopies = 200

// scopeWatch is the name under which pages hear that what they show of this is to be read again.
const scopeWatch = "watch"

func openWatching(s *Session) *watching {
	w := &watching{s: s, path: filepath.Join(s.dir, "watching.json"), mode: map[string]watch.State{}}
	b, err := os.ReadFile(w.path)
	if err == nil {
		err = json.Unmarshal(b, &w.list)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Warn("read what is watched", "error", traceOf(err))
		w.list = watchList{}
	}
	w.list.Copies = slices.DeleteFunc(w.list.Copies, func(c *fileCopy) bool { return c == nil })
	w.list.Drops = slices.DeleteFunc(w.list.Drops, func(d *dropFolder) bool { return d == nil })
	return w
}

// run watches until the session ends.
func (w *watching) run(ctx context.Context) {
	x := watch.Open(watch.Options{
		Settled: func(key, name string, stamp watch.Stamp) { w.s.goes(func() { w.settled(key, name, stamp) }) },
		State:   w.said,
	})
	w.mu.Lock()
	w.w = x
	var list []watch.Folder
	for _, dir := range w.dirs() {
		list = append(list, w.copiesIn(dir))
	}
	for _, d := range w.list.Drops {
		list = append(list, d.folder(false))
	}
	w.mu.Unlock()
	for _, f := range list {
		x.Add(f)
	}
	<-ctx.Done()
	w.mu.Lock()
	w.w = nil
	w.mu.Unlock()
	x.Close()
}

// watcher is the running watcher; nil where there is none.
func (w *watching) watcher() *watch.Watcher {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w
}

// said keeps how a folder is watched, for the page that tells it.
func (w *watching) said(key string, state watch.State, why error) {
	if why != nil {
		slog.Info("a folder is not watched by the system", "state", state, "error", traceOf(why))
	}
	w.mu.Lock()
	w.mode[key] = state
	w.mu.Unlock()
	w.s.core.changed(scopeWatch)
}

// save keeps what is watched; the caller holds mu.
func (w *watching) save() error {
	b, err := json.Marshal(w.list)
	if err == nil {
		err = writeWhole(w.path, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep what is watched: %w", err)
	}
	return nil
}

const copyKey = "copies "

// dirs are the folders that copies lie in; the caller holds mu.
func (w *watching) dirs() []string {
	var out []string
	for _, c := range w.list.Copies {
		if dir := filepath.Dir(c.Path); !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	return out
}

// copiesIn is the folder of some copies, as it is watched; the caller holds mu.
func (w *watching) copiesIn(dir string) watch.Folder {
	f := watch.Folder{Key: copyKey + dir, Path: dir, Known: map[string]watch.Stamp{}}
	names := map[string]bool{}
	for _, c := range w.list.Copies {
		if filepath.Dir(c.Path) == dir {
			names[filepath.Base(c.Path)] = true
			f.Known[filepath.Base(c.Path)] = c.Known
		}
	}
	f.Want = func(name string) bool { return names[name] }
	return f
}

// rewatch tells the watcher of the copies of a folder as they are now.
func (w *watching) rewatch(dir string) {
	w.mu.Lock()
	x := w.w
	f := w.copiesIn(dir)
	none := !slices.Contains(w.dirs(), dir)
	w.mu.Unlock()
	switch {
	case x == nil:
	case none:
		x.Remove(f.Key)
	default:
		x.Add(f)
	}
}

// follow begins to watch a copy that was just written, or opened again.
func (w *watching) follow(id string, room workroom.RoomID, ref workroom.FileRef, path string, ours bool) {
	if w.s.core.kind != "desktop" {
		return // nobody is there who could be asked
	}
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	sha, err := hashOf(path)
	if err != nil {
		slog.Warn("watch a copy", "error", traceOf(err))
		return
	}
	message := ""
	if x, err := w.s.fileThing(id, room); err == nil {
		message = x.Message
	}
	w.mu.Lock()
	if i := slices.IndexFunc(w.list.Copies, func(c *fileCopy) bool { return c.Path == path }); i >= 0 {
		if w.list.Copies[i].File == id && ours { // opened once more: what it was sent as stays
			w.mu.Unlock()
			return
		}
		w.list.Copies = slices.Delete(w.list.Copies, i, i+1)
	}
	w.list.Copies = append(w.list.Copies, &fileCopy{ID: newID(), File: id, Room: string(room), Message: message, Name: ref.Name, Path: path, SHA: sha,
		Known: watch.Stamp{Size: info.Size(), Time: info.ModTime().UnixNano()}, Ours: ours})
	if n := len(w.list.Copies); n > mostCopies {
		w.list.Copies = slices.Clone(w.list.Copies[n-mostCopies:])
	}
	err = w.save()
	w.mu.Unlock()
	if err != nil {
		slog.Warn("watch a copy", "error", traceOf(err))
	}
	w.rewatch(filepath.Dir(path))
}

// settled takes in a file that is new or another than it was.
func (w *watching) settled(key, name string, stamp watch.Stamp) {
	if contract, ok := dropOf(key); ok {
		w.dropped(contract, name)
		return
	}
	path := filepath.Join(key[len(copyKey):], name)
	sha, err := hashOf(path)
	if err != nil {
		return // it is gone again, or open to nobody; the next look will tell
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := false
	for _, c := range w.list.Copies {
		if c.Path != path {
			continue
		}
		c.Known = stamp
		switch {
		case sha == c.SHA: // as it was: written without a change, or changed back
			asked = asked || c.Changed != ""
			c.Changed = ""
		case sha != c.Changed:
			c.Changed, c.At, asked = sha, time.Now().UnixMilli(), true
		}
	}
	if err := w.save(); err != nil {
		slog.Warn("keep a change", "error", traceOf(err))
	}
	if asked {
		w.s.core.changed(scopeWatch)
	}
}

// concerned reports whether a copy is of a room that changed. It is asked after each transaction.
func (w *watching) concerned(scopes []workroom.Scope) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.list.Copies, func(c *fileCopy) bool {
		return slices.Contains(scopes, workroom.RoomScope(workroom.RoomID(c.Room)))
	})
}

// told forgets the copies of files that were deleted, and of rooms that are not open any more. Copies in the program's own folder go; what a
// person saved is theirs.
func (w *watching) told(scopes []workroom.Scope) {
	w.mu.Lock()
	var list []*fileCopy
	for _, c := range w.list.Copies {
		if slices.Contains(scopes, workroom.RoomScope(workroom.RoomID(c.Room))) {
			list = append(list, c)
		}
	}
	w.mu.Unlock()
	for _, c := range list {
		_, _, err := w.s.fileOf(c.File)
		if refused := (*workroom.Refusal)(nil); errors.As(err, &refused) {
			if err := w.forget(c.ID); err != nil {
				slog.Warn("forget a copy", "error", traceOf(err))
			}
		}
	}
}

// forget watches a copy no more.
func (w *watching) forget(id string) error {
	w.mu.Lock()
	i := slices.IndexFunc(w.list.Copies, func(c *fileCopy) bool { return c.ID == id })
	if i < 0 {
		w.mu.Unlock()
		return nil
	}
	c := w.list.Copies[i]
	w.list.Copies = slices.Delete(w.list.Copies, i, i+1)
	err := w.save()
	w.mu.Unlock()
	w.rewatch(filepath.Dir(c.Path))
	w.s.core.changed(scopeWatch)
	if _, _, e := w.s.fileOf(c.File); c.Ours && e != nil {
		err = errors.Join(err, w.s.dropOpened(c.File))
	}
	return err
}

// copyOf finds a copy that a person is asked about.
func (w *watching) copyOf(id string) (fileCopy, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.list.Copies {
		if c.ID == id {
			return *c, nil
		}
	}
	return fileCopy{}, &workroom.Refusal{Code: workroom.Gone, Text: "This file is not watched any more."}
}

// answered notes that what a copy is now was sent, in a message, or said no to ("").
func (w *watching) answered(id, sha, message string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.list.Copies {
		if c.ID == id {
			c.SHA, c.Changed = sha, ""
			if message != "" {
				c.Message = message
			}
		}
	}
	w.s.core.changed(scopeWatch)
	return w.save()
}

// fileThing is a file of a room as Files & links knows it.
func (s *Session) fileThing(id string, room workroom.RoomID) (*workroom.File, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindFile, ID: id})
	if err != nil {
		return nil, err
	}
	f, ok := x.Thing.(*workroom.File)
	if known != workroom.Held || !ok {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	return f, nil
}

// hashOf is the hex SHA-256 of a file.
func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("hash a file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("hash a file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
