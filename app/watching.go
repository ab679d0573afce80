package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trestle/internal/watch"
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
	// found are the files that settled and were not taken in yet, by key and name. They are taken in one after the other, however many
	// come at once; busy says that somebody does.
	found map[string]map[string]watch.Stamp
	busy  bool
	tries map[string]int // of files that could not be read, by key and name
	hash  func(context.Context, string) (string, error)
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
	w := &watching{s: s, path: filepath.Join(s.dir, "watching.json"), mode: map[string]watch.State{}, found: map[string]map[string]watch.Stamp{}, tries: map[string]int{}, hash: hashOf}
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
		Settled: w.heard,
		State:   w.said,
		Quiet:   w.s.core.watch.Quiet,
		Rescan:  w.s.core.watch.Rescan,
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
	w.told(w.rooms()) // one may have been left, or a file deleted, while nobody watched
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

// heard notes a file that is new or another than it was.
func (w *watching) heard(key, name string, stamp watch.Stamp) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.found[key] == nil {
		w.found[key] = map[string]watch.Stamp{}
	}
	w.found[key][name] = stamp
	if !w.busy {
		w.busy = true
		w.s.goes(w.takeIn)
	}
}

// takeIn takes in what was found until nothing is left, or the session ends: what is left then is found again by the next one.
func (w *watching) takeIn() {
	for {
		w.mu.Lock()
		found := w.found
		if w.busy = w.w != nil && len(found) > 0; !w.busy {
			w.mu.Unlock()
			return
		}
		w.found = map[string]map[string]watch.Stamp{}
		w.mu.Unlock()
		for key, files := range found {
			names := slices.Sorted(maps.Keys(files))
			if contract, ok := dropOf(key); ok {
				w.dropped(contract, names, files)
				continue
			}
			for _, name := range names {
				w.settled(key, name, files[name])
			}
		}
	}
}

// settled takes in a copy that changed. One that cannot be read now, because an editor has it for itself or a drive does not answer, is looked
// at again until it can.
func (w *watching) settled(key, name string, stamp watch.Stamp) {
	path := filepath.Join(key[len(copyKey):], name)
	sha, err := w.markOf(path, stamp)
	switch {
	case errors.Is(err, os.ErrNotExist), w.s.ctx.Err() != nil:
		return // the next look will tell
	case err != nil:
		slog.Info("a changed file cannot be read yet", "error", traceOf(err))
		w.again(key, name)
		return
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

// again asks for another look at a file that could not be read. It answers how often it was asked for.
func (w *watching) again(key, name string) int {
	w.mu.Lock()
	w.tries[key+"\n"+name]++
	n, x := w.tries[key+"\n"+name], w.w
	w.mu.Unlock()
	if x != nil {
		x.Again(key, name)
	}
	return n
}

// markOf tells a file's contents from others: by its hash, or, where it is larger than anything that can be sent, by its size and time alone.
func (w *watching) markOf(path string, stamp watch.Stamp) (string, error) {
	if limit, _ := w.s.limits(); stamp.Size > limit {
		return fmt.Sprintf("%d bytes at %d", stamp.Size, stamp.Time), nil
	}
	return w.hash(w.s.ctx, path)
}
