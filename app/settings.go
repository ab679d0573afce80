package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// state is what this computer remembers beside the store: who is here, the settings, and where the window stood. It lies in one small file
// that is replaced whole.
type state struct {
	Device   string     `json:"device"`
	Way      string     `json:"way"`     // service, local or example; "" before the first start is done
	Address  string     `json:"address"` // of the service
	Public   string     `json:"public"`  // the address it names to others, if another
	Service  string     `json:"service"` // its id
	Name     string     `json:"name"`    // its name
	Epoch    string     `json:"epoch"`
	Account  string     `json:"account"`
	Person   string     `json:"person"` // the account's name
	Email    string     `json:"email"`
	Locals   []localWho `json:"locals"` // who worked on this computer only, to come back to
	Left     []leftWho  `json:"left"`   // who signed out here, the last one last
	Settings Settings   `json:"settings"`
	// Tracker is what was chosen for the tracker; nil before anything was.
	Tracker  *TrackerPrefs `json:"tracker,omitempty"`
	Window   WindowPlace   `json:"window"`
	SaidTray bool          `json:"saidTray"` // that closing hides the window was said once
	// SaidNoTray is set once it was said that no tray is here.
	SaidNoTray bool `json:"saidNoTray"`
	// SaidNoNotifier is set once it was said that this desktop shows no notices.
	SaidNoNotifier bool `json:"saidNoNotifier"`
}

// public is the address others reach the service at.
func (s state) public() string {
	if s.Public != "" {
		return s.Public
	}
	return s.Address
}

// localWho is somebody's account at the service inside this program. Its sign-in is kept, because nobody knows its password.
type localWho struct {
	Service string `json:"service"`
	Epoch   string `json:"epoch"`
	Account string `json:"account"`
	Person  string `json:"person"`
	Email   string `json:"email"`
}

// leftWho is somebody who signed out here and whose store stayed.
type leftWho struct {
	Service string `json:"service"`
	Account string `json:"account"`
	Email   string `json:"email"`
}

// maxLeft is how many of those are remembered.
const maxLeft = 20

// leaves remembers who signs out, as the last one.
func (s *state) leaves() {
	s.stays()
	s.Left = append(s.Left, leftWho{s.Service, s.Account, s.Email})
	s.Left = s.Left[max(0, len(s.Left)-maxLeft):]
}

// stays forgets that whoever is here signed out once.
func (s *state) stays() {
	s.Left = slices.DeleteFunc(slices.Clone(s.Left), func(w leftWho) bool { return w.Service == s.Service && w.Account == s.Account })
}

// holds reports whether this computer has the store of an account under that address at that service.
func (s *state) holds(service, email string) bool {
	if s.Way == wayService && s.Service == service && strings.EqualFold(s.Email, email) {
		return true
	}
	return slices.ContainsFunc(s.Left, func(w leftWho) bool { return w.Service == service && strings.EqualFold(w.Email, email) })
}

func firstSettings() Settings {
	return Settings{Theme: "system", EnterSend: true, RoomList: "recent", Zoom: 100, Notices: true, Badge: true, Folded: []string{"hidden"}, Hotkeys: firstHotkeys}
}

// maxFolded bounds the headings that are remembered as folded; there are six.
const maxFolded = 20

// stateFile guards the file. Changes are kept in memory even if the disk refuses them.
type stateFile struct {
	path string
	mu   sync.Mutex
	s    state
}

// openState reads the file; a missing one is a first start, a damaged one is set aside and said in the log.
func openState(dir string) (*stateFile, error) {
	f := &stateFile{path: filepath.Join(dir, "desktop.json"), s: state{Settings: firstSettings()}}
	body, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, Fail(CodeNoFolder, "The file desktop.json in the data folder cannot be read: "+reason(err).Error()+". Nothing was changed.")
	default:
		if err := json.Unmarshal(body, &f.s); err != nil {
			slog.Warn("desktop.json is damaged and was set aside")
			_ = os.Rename(f.path, f.path+".damaged")
			f.s = state{Settings: firstSettings()}
		}
	}
	if f.s.Device == "" {
		return f, f.change(func(s *state) { s.Device = newID() })
	}
	return f, nil
}

func (f *stateFile) get() state {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.s
}

func (f *stateFile) change(fn func(*state)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn(&f.s)
	body, err := json.MarshalIndent(f.s, "", "  ")
	if err != nil {
		return err
	}
	if err := writeWhole(f.path, append(body, '\n'), 0o600); err != nil {
		return Fail("disk", "This could not be written to the data folder: "+reason(err).Error()+". It holds until Trestle ends.")
	}
	return nil
}

// sound makes settings that somebody edited by hand usable: what is out of range becomes the default.
func (s Settings) sound() Settings {
	d := firstSettings()
	if s.Theme != "light" && s.Theme != "dark" {
		s.Theme = d.Theme
	}
	if s.RoomList != "categories" {
		s.RoomList = d.RoomList
	}
	if s.Zoom < 80 || s.Zoom > 200 {
		s.Zoom = d.Zoom
	}
	if s.Folded == nil || len(s.Folded) > maxFolded {
		s.Folded = d.Folded
	}
	s.Hotkeys = s.Hotkeys.sound()
	return s
}
