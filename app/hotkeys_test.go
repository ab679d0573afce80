//go:build linux

package app

import (
	"encoding/json"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"trestle/internal/hotkey"
)

// hotFace is a face that may be told from any goroutine where to show itself.
type hotFace struct {
	shownFace
	mu sync.Mutex
}

func (f *hotFace) Show(where string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shownFace.Show(where)
}

func (f *hotFace) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.shown) == 0 {
		return "nowhere"
	}
	return f.shown[len(f.shown)-1]
}

// K-13: on a real display the combinations start and stop tracking and capture the screen, from the moment they are switched on until they are
// switched off; a forbidden one and two that are the same are said, and the others work.
func TestK13_TheyActAnywhere(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	t.Setenv("XDG_SESSION_TYPE", "x11")
	c := h.desk("Esme")
	contract := own(t, c, "none")
	arrived(t, c)
	face := &hotFace{}
	c.mu.Lock()
	c.face = face
	c.mu.Unlock()
	press := func(keys string) {
		t.Helper()
		if out, err := exec.Command("xdotool", "key", "--delay", "20", keys).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
	}
	set := func(hot HotkeySettings) HotkeysView {
		t.Helper()
		in := c.state.get().Settings
		in.Hotkeys = hot
		if _, err := (&Shell{c}).Set(in); err != nil {
			t.Fatal(err)
		}
		v, err := (&Hotkeys{c}).State()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}

	activity := firstActivity(t, c, contract)
	started(t, c, contract, activity, "Markers")
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}

	if v := (&Shell{c}).c.boot().Settings.Hotkeys; v.On || v != firstHotkeys {
		t.Fatalf("they begin as %+v", v)
	}
	press("ctrl+alt+t")
	on := firstHotkeys
	on.On = true
	if v := set(on); v.Why != "" || len(v.Problems) > 0 {
		t.Fatalf("%+v", v)
	}
	if status(t, c).State == "tracking" {
		t.Fatal("it listened while it was off")
	}
	press("ctrl+alt+t")
	eventually(t, "the combination starts tracking", func() bool { return status(t, c).State == "tracking" })
	if v := status(t, c); v.Contract != contract || v.Memo != "Markers" || v.Activity != activity {
		t.Errorf("it tracks %+v", v)
	}
	press("ctrl+alt+t")
	eventually(t, "the combination stops tracking", func() bool { return status(t, c).State != "tracking" })
	press("ctrl+alt+s")
	eventually(t, "the combination captures the screen", func() bool { return strings.HasPrefix(face.last(), "capture/") })

	if v := set(HotkeySettings{On: true, Track: "ctrl+shift+7", Capture: "Ctrl+C"}); len(v.Problems) != 1 || v.Problems[0].Action != "capture" || v.Problems[0].Code != "forbidden" {
		t.Errorf("%+v", v)
	}
	press("ctrl+shift+7")
	eventually(t, "the other combination works", func() bool { return status(t, c).State == "tracking" })
	if v := set(HotkeySettings{On: true, Track: "Ctrl+Alt+T", Capture: "Alt+Ctrl+T"}); len(v.Problems) != 2 || v.Problems[1].Code != "double" {
		t.Errorf("%+v", v)
	}
	if v := set(HotkeySettings{On: false, Track: "Ctrl+Alt+T", Capture: ""}); len(v.Problems) > 0 || c.hotkeys.keys != nil {
		t.Errorf("switched off: %+v", v)
	}
}

// K-13: where the system lets no program listen, that is said and nothing else changes.
func TestK13_WhereItIsNotPossible(t *testing.T) {
	t.Parallel()
	_, c, _ := deskInRoom(t)
	in := c.state.get().Settings
	in.Hotkeys = firstHotkeys
	in.Hotkeys.On = true
	if _, err := (&Shell{c}).Set(in); err != nil {
		t.Fatal(err)
	}
	v, err := (&Hotkeys{c}).State()
	if err != nil || !strings.Contains(v.Why, "no display") || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// K-13: what may never be a combination is said before they are switched on, too.
func TestK13_ForbiddenIsSaidWhileOff(t *testing.T) {
	t.Parallel()
	_, c, _ := deskInRoom(t)
	for _, x := range []struct {
		hot  HotkeySettings
		want string
	}{
		{firstHotkeys, ""},
		{HotkeySettings{Track: "T"}, "track forbidden"},
		{HotkeySettings{Track: "Ctrl+C", Capture: "Shift+7"}, "capture forbidden, track forbidden"},
		{HotkeySettings{Track: "Ctrl+Alt+S", Capture: "Ctrl+Alt+S"}, "capture double, track double"},
	} {
		in := c.state.get().Settings
		in.Hotkeys = x.hot
		if _, err := (&Shell{c}).Set(in); err != nil {
			t.Fatal(err)
		}
		v, err := (&Hotkeys{c}).State()
		var got []string
		for _, p := range v.Problems {
			got = append(got, p.Action+" "+p.Code)
		}
		if err != nil || v.Why != "" || strings.Join(got, ", ") != x.want {
			t.Errorf("%+v: %+v, %v", x.hot, v, err)
		}
	}
}

// K-13: settings of an earlier Trestle have the first combinations, switched off; what is written by hand is put right.
func TestK13_SoundSettings(t *testing.T) {
	t.Parallel()
	s := state{Settings: firstSettings()}
	if err := json.Unmarshal([]byte(`{"settings":{"theme":"dark"}}`), &s); err != nil {
		t.Fatal(err)
	}
	if s.Settings.sound().Hotkeys != firstHotkeys {
		t.Errorf("%+v", s.Settings.Hotkeys)
	}
	for _, x := range []struct{ is, want HotkeySettings }{
		{HotkeySettings{}, firstHotkeys},
		{HotkeySettings{On: true}, HotkeySettings{On: true}},
		{HotkeySettings{true, "alt+ctrl+x", "nonsense"}, HotkeySettings{true, "Ctrl+Alt+X", "Ctrl+Alt+S"}},
		{HotkeySettings{false, "", "Ctrl+C"}, HotkeySettings{false, "", "Ctrl+C"}},
	} {
		if got := x.is.sound(); got != x.want {
			t.Errorf("%+v became %+v", x.is, got)
		}
	}
	if want := (HotkeySettings{On: true, Capture: "Ctrl+Alt+S"}).wanted(); len(want) != 1 || want[hotCapture].Key != "S" {
		t.Errorf("%v", map[hotkey.Action]hotkey.Combination(want))
	}
}
