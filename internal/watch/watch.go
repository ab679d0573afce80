// Package watch tells of files that settled in folders: new ones and changed ones, once nobody writes them any more. It watches folders and
// never single files, because a file's watch dies when an editor saves by renaming; an event is only a hint to look; and what the system
// does not tell, a look at the whole folder each minute finds. It reads names, sizes and times, never a byte of a file. app decides which
// folders, and what becomes of what is found.
package watch

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// How long a file must be left alone, and how often a folder is looked through whatever the system tells (desktop.md §12).
const (
	Quiet  = 1500 * time.Millisecond
	Rescan = time.Minute
)

// Stamp is what is compared of a file: its size in bytes and when it was last written, Unix ns.
type Stamp struct {
	Size int64 `json:"size"`
	Time int64 `json:"time"`
}

// State says how a folder is watched.
type State string

// States of a folder.
const (
	Watched State = "watched" // the system tells of changes
	Polled  State = "polled"  // it does not: the folder is looked through each minute
	Missing State = "missing" // there is no such folder now; it is looked for each minute
)

// Folder is a folder to be watched.
type Folder struct {
	Key  string // names the use; two uses may share a folder
	Path string
	// Want says which names matter; nil: all that Ignored does not pass over.
	Want func(name string) bool
	// Known are the files that were told already. A folder that was watched before is told what came or changed meanwhile.
	Known map[string]Stamp
	// Fresh says that the folder is watched for the first time: what lies in it now is not told.
	Fresh bool
	// Empty says that files of no bytes are told too.
	Empty bool
}

// Options of a watcher. The two functions are called one after the other from a goroutine of the watcher and must not call it.
type Options struct {
	// Settled hears of a file that is new or another than it was, and has been left alone for Quiet.
	Settled func(key, name string, s Stamp)
	// State hears how a folder is watched from now on, and why the system would not watch it.
	State func(key string, s State, why error)
	// Quiet and Rescan are for tests; zero means the constants above.
	Quiet, Rescan time.Duration
}

// Watcher watches any number of folders with one watch of the system. Its methods may be called from any goroutine.
type Watcher struct {
	o     Options
	fs    *fsnotify.Watcher // nil: the system has none to give
	fsErr error
	calls chan func()
	done  chan struct{}
	ended sync.WaitGroup
	once  sync.Once

	// Of the loop alone.
	folders map[string]*folder // by key
	next    time.Time          // the next look through all folders
}

// Open begins to watch. Where the system refuses, because it has no watches left, folders are looked through instead.
func Open(o Options) *Watcher {
	if o.Quiet == 0 {
		o.Quiet = Quiet
	}
	if o.Rescan == 0 {
		o.Rescan = Rescan
	}
	w := &Watcher{o: o, calls: make(chan func()), done: make(chan struct{}), folders: map[string]*folder{}}
	w.fs, w.fsErr = fsnotify.NewWatcher()
	w.ended.Go(w.loop)
	return w
}

// Close ends the watcher and waits for what it is telling.
func (w *Watcher) Close() {
	w.once.Do(func() {
		close(w.done)
		w.ended.Wait()
		if w.fs != nil {
			_ = w.fs.Close() // nothing is written by it
		}
	})
}

// do runs a function in the loop and waits for it; not at all once the watcher is closed.
func (w *Watcher) do(fn func()) {
	ran := make(chan struct{})
	select {
	case w.calls <- func() { fn(); close(ran) }:
		<-ran
	case <-w.done:
	}
}

// Add watches a folder from now on, in place of another of its key.
func (w *Watcher) Add(f Folder) {
	f.Path = filepath.Clean(f.Path)
	w.do(func() {
		w.drop(f.Key)
		x := newFolder(f)
		w.folders[f.Key] = x
		w.look(x, time.Now())
	})
}

// Remove watches the folder of a key no more.
func (w *Watcher) Remove(key string) { w.do(func() { w.drop(key) }) }

// Look looks through all folders at once: after the computer slept, events are lost.
func (w *Watcher) Look() { w.do(func() { w.lookAll(time.Now()) }) }

// Again forgets that a file was told, because it could not be read then: the next look through its folder, within Rescan, tells it anew.
func (w *Watcher) Again(key, name string) {
	w.do(func() {
		if f := w.folders[key]; f != nil {
			f.again(name)
		}
	})
}

// Known are the files of a folder that were told or lay there at the start, with their stamps, to be given to Add after a restart.
func (w *Watcher) Known(key string) map[string]Stamp {
	var out map[string]Stamp
	w.do(func() {
		if f := w.folders[key]; f != nil {
			out = f.known()
		}
	})
	return out
}

func (w *Watcher) drop(key string) {
	old := w.folders[key]
	if old == nil {
		return
	}
	delete(w.folders, key)
	w.unwatch(old)
}

// unwatch ends the system's watch of a folder, unless another use has it too.
func (w *Watcher) unwatch(f *folder) {
	if !f.watched {
		return
	}
	f.watched = false
	for _, x := range w.folders {
		if x != f && x.watched && x.path == f.path {
			return
		}
	}
	_ = w.fs.Remove(f.path) // it may have ended by itself
}

func (w *Watcher) loop() {
	events, faults := (chan fsnotify.Event)(nil), (chan error)(nil)
	if w.fs != nil {
		events, faults = w.fs.Events, w.fs.Errors
	}
	now := time.Now()
	w.next = now.Add(w.o.Rescan)
	alarm := time.NewTimer(w.o.Rescan)
	defer alarm.Stop()
	for {
		alarm.Reset(time.Until(w.due()))
		select {
		case <-w.done:
			return
		case fn := <-w.calls:
			fn()
		case e, ok := <-events:
			if !ok { // the system's watch ended: from now on folders are looked through
				events, faults = nil, nil
				w.blind(time.Now())
				continue
			}
			w.hint(e, time.Now())
		case err, ok := <-faults:
			if !ok {
				faults = nil
			} else if errors.Is(err, fsnotify.ErrEventOverflow) { // what was lost lies in the folders all the same
				w.lookAll(time.Now())
			}
		case <-alarm.C:
			now := time.Now()
			if !now.Before(w.next) {
				w.lookAll(now)
			}
			w.check(now)
		}
	}
}

// blind goes on without the system's watch.
func (w *Watcher) blind(now time.Time) {
	w.fs = nil
	if w.fsErr == nil {
		w.fsErr = fsnotify.ErrClosed
	}
	for _, f := range w.folders {
		f.watched = false
	}
	w.lookAll(now)
}

// due is when something is to be looked at next.
func (w *Watcher) due() time.Time {
	at := w.next
	for _, f := range w.folders {
		if t, ok := f.due(); ok && t.Before(at) {
			at = t
		}
	}
	return at
}

// hint takes an event: the file is looked at once it has been quiet. That only its rights changed says nothing.
func (w *Watcher) hint(e fsnotify.Event, now time.Time) {
	if e.Op == fsnotify.Chmod {
		return
	}
	dir, name := filepath.Split(e.Name)
	dir = filepath.Clean(dir)
	for _, f := range w.folders {
		switch f.path {
		case dir:
			f.touched(name, now.Add(w.o.Quiet))
		case e.Name: // the folder itself
			w.next = now
		}
	}
}

// lookAll looks through all folders.
func (w *Watcher) lookAll(now time.Time) {
	w.next = now.Add(w.o.Rescan)
	for _, f := range w.folders {
		w.look(f, now)
	}
}

// look looks through a folder, after making sure that the system watches this very one: a folder that was removed ends its watch without a
// word, and another may stand in its place.
func (w *Watcher) look(f *folder, now time.Time) {
	info, err := os.Stat(f.path)
	if err == nil && !info.IsDir() {
		err = os.ErrNotExist
	}
	if err != nil {
		w.unwatch(f)
		f.lost()
		w.say(f, Missing, err)
		return
	}
	if f.watched && !os.SameFile(f.info, info) {
		w.unwatch(f)
	}
	if !f.watched {
		err := w.fsErr
		if w.fs != nil {
			err = w.fs.Add(f.path)
		}
		if f.watched = err == nil; f.watched {
			w.say(f, Watched, nil)
		} else {
			w.say(f, Polled, err)
		}
	}
	f.info = info
	list, err := os.ReadDir(f.path)
	if err != nil {
		return // the next look may see more
	}
	here := map[string]bool{}
	for _, e := range list {
		if !e.Type().IsRegular() || !f.wants(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil {
			here[e.Name()] = true
			f.seen(e.Name(), stampOf(info), now.Add(w.o.Quiet))
		}
	}
	f.swept(here)
}

// check looks at the files whose time has come and tells those that settled.
func (w *Watcher) check(now time.Time) {
	for _, f := range w.folders {
		for _, name := range f.ready(now) {
			info, err := os.Lstat(filepath.Join(f.path, name))
			if err != nil || !info.Mode().IsRegular() {
				f.gone(name)
				continue
			}
			if s := stampOf(info); f.settled(name, s, now.Add(w.o.Quiet)) && w.o.Settled != nil {
				w.o.Settled(f.key, name, s)
			}
		}
	}
}

func (w *Watcher) say(f *folder, s State, why error) {
	if f.state != s && w.o.State != nil {
		w.o.State(f.key, s, why)
	}
	f.state = s
}

func stampOf(i os.FileInfo) Stamp { return Stamp{i.Size(), i.ModTime().UnixNano()} }
