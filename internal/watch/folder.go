package watch

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folder is what is known of a watched folder. It holds no clock and asks nothing of the disk:
//
//	(unknown) ──touched, or seen with another stamp──► stirring ──looked at twice, a quiet time apart, and the same──► told
//	    ▲                                                │  ▲ touched again, or another stamp                            │
//	    └──────────────── gone ──────────────────────────┘  └────────────────────────────────────────────────────────────┘
type folder struct {
	key, path string
	want      func(string) bool
	empty     bool
	fresh     bool // not looked through yet, for the first time ever
	told      map[string]Stamp
	stirring  map[string]stir

	// Of the watcher.
	watched bool
	state   State
	info    os.FileInfo // of the folder that is watched
}

// stir is a file that may still be written.
type stir struct {
	at    time.Time // when it is looked at
	stamp Stamp     // as it was at the last look
	once  bool      // there was a look
}

func newFolder(f Folder) *folder {
	x := &folder{key: f.Key, path: f.Path, want: f.Want, empty: f.Empty, fresh: f.Fresh, told: maps.Clone(f.Known), stirring: map[string]stir{}}
	if x.told == nil {
		x.told = map[string]Stamp{}
	}
	return x
}

func (f *folder) known() map[string]Stamp { return maps.Clone(f.told) }

func (f *folder) wants(name string) bool {
	if f.want != nil {
		return f.want(name)
	}
	return !Ignored(name)
}

// touched notes that something happened to a file: it is looked at when it has been quiet until then.
func (f *folder) touched(name string, at time.Time) {
	if name != "" && f.wants(name) {
		f.stirring[name] = stir{at: at}
	}
}

// seen notes a file that a look through the folder found.
func (f *folder) seen(name string, s Stamp, at time.Time) {
	if f.fresh {
		f.told[name] = s
		return
	}
	if _, busy := f.stirring[name]; !busy && f.told[name] != s {
		f.stirring[name] = stir{at: at, stamp: s, once: true}
	}
}

// swept ends a look through the folder: what was told and is not there any more counts as new when it comes back.
func (f *folder) swept(here map[string]bool) {
	f.fresh = false
	maps.DeleteFunc(f.told, func(name string, _ Stamp) bool { return !here[name] })
}

// due is when the next file is to be looked at.
func (f *folder) due() (at time.Time, ok bool) {
	for _, s := range f.stirring {
		if !ok || s.at.Before(at) {
			at, ok = s.at, true
		}
	}
	return at, ok
}

// ready are the files whose time has come.
func (f *folder) ready(now time.Time) []string {
	var out []string
	for name, s := range f.stirring {
		if !s.at.After(now) {
			out = append(out, name)
		}
	}
	return out
}

// settled takes a look at a file and reports whether it is to be told now. One that is not the same as at the last look, or was not looked
// at before, is looked at again.
func (f *folder) settled(name string, s Stamp, again time.Time) bool {
	was := f.stirring[name]
	if !was.once || was.stamp != s {
		f.stirring[name] = stir{at: again, stamp: s, once: true}
		return false
	}
	delete(f.stirring, name)
	if f.told[name] == s || s.Size == 0 && !f.empty {
		return false
	}
	f.told[name] = s
	return true
}

// gone notes that a file is not there any more.
func (f *folder) gone(name string) {
	delete(f.stirring, name)
	delete(f.told, name)
}

// again lets a file that was told count as one that was not.
func (f *folder) again(name string) { delete(f.told, name) }

// lost notes that the folder is not there. What was told of it stays so: a drive that comes back brings nothing new.
func (f *folder) lost() { clear(f.stirring) }

// Ignored reports whether a name is of a file that programs make for themselves while they work: hidden ones, locks, and what is being
// written or downloaded (D-08).
func Ignored(name string) bool {
	switch {
	case name == "", strings.HasPrefix(name, "."), strings.HasPrefix(name, "~$"):
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".crdownload":
		return true
	}
	return false
}
