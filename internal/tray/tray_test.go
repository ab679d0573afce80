package tray

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var otter = Contract{ID: "c1", Title: "Otter Trails app", Activities: []Activity{{"a1", "Design"}, {"a2", "Code_review"}}}
var plainContract = Contract{ID: "c2", Title: strings.Repeat("very long ", 9)}

// D-03: the icon for each state, and which wins.
func TestD03_Face(t *testing.T) {
	for _, tc := range []struct {
		name string
		s    State
		want Face
	}{
		{"nothing", State{}, Stopped},
		{"waiting a moment", State{Waiting: 2}, Stopped},
		{"waiting long", State{Waiting: 2, Behind: true}, Unsynced},
		{"behind but nothing waits", State{Behind: true}, Stopped},
		{"stopped a while ago", State{Resume: true}, Paused},
		{"paused and waiting", State{Resume: true, Waiting: 1, Behind: true}, Unsynced},
		{"running", State{Running: true}, Tracking},
		{"running and waiting", State{Running: true, Waiting: 1, Behind: true}, Tracking},
		{"idle question", State{Running: true, Asking: true, Waiting: 1, Behind: true}, Question},
		{"question after the slice ended", State{Asking: true, Resume: true}, Question},
	} {
		if got := tc.s.View().Icon.Face; got != tc.want {
			t.Errorf("%s: face %d, want %d", tc.name, got, tc.want)
		}
	}
}

// text writes a menu one item a line: * checked, - disabled, > submenu.
func text(items []Item, indent string) string {
	var b strings.Builder
	for _, it := range items {
		mark := ""
		if it.Checked {
			mark = "* "
		}
		if it.Disabled {
			mark = "- "
		}
		label := it.Label
		if it.Separator {
			label = "—"
		}
		fmt.Fprintf(&b, "%s%s%s\n%s", indent, mark, label, text(it.Items, indent+"  "))
	}
	return b.String()
}

func TestD03_Menu(t *testing.T) {
	running := State{Running: true, Elapsed: 42*time.Minute + 59*time.Second, Today: 125 * time.Minute, Week: 14*time.Hour + 20*time.Minute,
		Limit: 40 * time.Hour, Contract: "c1", Activity: "a2", HasMemo: true, Contracts: []Contract{otter, plainContract}, Waiting: 1, Behind: true, Unread: 3, Capture: true}
	for _, tc := range []struct {
		name string
		s    State
		want string
	}{
		{"T-01 no contract says so", State{}, "- No contract to track on\n—\nShow Trestle\n—\nQuit\n"},
		{"tracking", running, `- Tracking 0:42 on Otter Trails app, Code_review
Stop tracking
Contract and activity
  * Otter Trails app
    No activity
    Design
    * Code_review
  very long very long very long very long…
Memo…
- Today 2:05
- This week 14:20 of 40:00
—
Capture to a room…
- 1 change waits for the service
Show Trestle (3 unread)
—
Quit
`},
		{"T-02 no memo: the panel asks", State{Contracts: []Contract{plainContract}, Contract: "c2"}, `- Not tracking
Start tracking…
Contract and activity
  * very long very long very long very long…
Memo…
- Today 0:00
- This week 0:00
—
Show Trestle
—
Quit
`},
	} {
		if got := text(tc.s.View().Items, ""); got != tc.want {
			t.Errorf("%s:\n%s\nwant:\n%s", tc.name, got, tc.want)
		}
	}
	if got, want := running.View().Tooltip, "Trestle · tracking 0:42 on Otter Trails app, Code_review · 1 change waits for the service · 3 unread messages"; got != want {
		t.Errorf("tooltip %q, want %q", got, want)
	}
	first := func(s State, label string) Action {
		for _, it := range s.View().Items {
			if it.Label == label {
				return it.Action
			}
		}
		t.Errorf("no item %q", label)
		return Action{}
	}
	ready := running
	ready.Running = false
	if got := first(ready, "Start tracking"); got.Kind != Start {
		t.Errorf("Start tracking does %v", got)
	}
	ready.Resume = true
	if got := first(ready, "Resume tracking"); got.Kind != Start {
		t.Errorf("Resume tracking does %v", got)
	}
	ready.HasMemo = false
	if got := first(ready, "Start tracking…"); got.Kind != OpenTracker {
		t.Errorf("Start tracking… does %v", got)
	}
	sub := running.View().Items[2].Items[0].Items
	if got := []Action{sub[0].Action, sub[2].Action}; !reflect.DeepEqual(got, []Action{{Kind: Pick, Contract: "c1"}, {Kind: Pick, Contract: "c1", Activity: "a2"}}) {
		t.Errorf("picks %v", got)
	}
	gone := running // a contract that ended while it was chosen
	gone.Running, gone.Contract = false, "c9"
	if got := first(gone, "Start tracking…"); got.Kind != OpenTracker {
		t.Errorf("with a contract that is gone, start does %v", got)
	}
}

// D-03, T-01: what was tracked last is one click away with its memo, and no more of it than a menu can hold.
func TestD03_Recent(t *testing.T) {
	s := State{Contracts: []Contract{otter}, Contract: "c1"}
	for i := range 9 {
		s.Recent = append(s.Recent, Combo{Contract: "c1", Activity: "a1", Memo: fmt.Sprint("memo ", i), Label: "Otter Trails app, Design"})
	}
	var recent []Item
	for _, it := range s.View().Items {
		if it.Label == "Recent" {
			recent = it.Items
		}
	}
	if len(recent) != 6 {
		t.Fatalf("%d combinations in the menu", len(recent))
	}
	if got, want := recent[0], (Item{Label: "Otter Trails app, Design: memo 0", Action: Action{Pick, "c1", "a1", "memo 0"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("first: %+v, want %+v", got, want)
	}
	s.Recent = nil
	if got := text(s.View().Items, ""); strings.Contains(got, "Recent") {
		t.Errorf("an empty list is offered:\n%s", got)
	}
}

func TestLabel(t *testing.T) {
	if Label("linux", "a_b&c") != "a__b&c" || Label("windows", "a_b&c") != "a_b&&c" || Label("darwin", "a_b&c") != "a_b&c" {
		t.Error("access keys are not escaped")
	}
}

// Each icon differs from every other in shape as well as colour, and each format reads back.
func TestD03_Icons(t *testing.T) {
	seen := map[string]Icon{}
	for face := Stopped; face <= Question; face++ {
		for _, unread := range []bool{false, true} {
			i := Icon{face, unread}
			for _, size := range []int{16, 22, 64} {
				img, err := png.Decode(bytes.NewReader(PNG(i.Picture(size))))
				if err != nil || img.Bounds().Dx() != size || img.Bounds().Dy() != size {
					t.Fatalf("%v at %d: %v", i, size, err)
				}
			}
			shape := string(PNG(i.Template(22)))
			if other, twice := seen[shape]; twice {
				t.Errorf("%v and %v have one shape", i, other)
			}
			seen[shape] = i
			if dir := os.Getenv("TRESTLE_PICTURES"); dir != "" {
				name := fmt.Sprintf("tray-%d-%v.png", face, unread)
				if err := os.WriteFile(filepath.Join(dir, name), PNG(i.Picture(64)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	ico := ICO(AppIcon(16), AppIcon(256))
	if n := binary.LittleEndian.Uint16(ico[4:]); n != 2 || ico[6] != 16 || ico[22] != 0 {
		t.Errorf("icon file begins % x", ico[:40])
	}
	at := binary.LittleEndian.Uint32(ico[22+12:])
	if img, err := png.Decode(bytes.NewReader(ico[at:])); err != nil || img.Bounds().Dx() != 256 {
		t.Errorf("the large picture: %v", err)
	}
	if c := AppIcon(40).NRGBAAt(20, 12); c != white {
		t.Errorf("the beam is %v", c)
	}
	if c := (Icon{Face: Tracking}).Picture(40).NRGBAAt(29, 30); c != white {
		t.Errorf("the sign for running is %v", c)
	}
	if c := AppIcon(40).NRGBAAt(0, 0); c.A != 0 {
		t.Errorf("the corner is %v", c)
	}
	if c := AppIcon(40).NRGBAAt(20, 36); c != cobalt {
		t.Errorf("the ground is %v", c)
	}
}

// D-03: where half see-through pixels are sent wrong, a picture has none, and every face is still another.
func TestD03_SharpPictures(t *testing.T) {
	seen := map[string]Face{}
	for _, f := range []Face{Stopped, Paused, Unsynced, Tracking, Question} {
		img := Sharp(Icon{Face: f}.Picture(96))
		for i := 3; i < len(img.Pix); i += 4 {
			if a := img.Pix[i]; a != 0 && a != 255 {
				t.Fatalf("face %d: a pixel has alpha %d", f, a)
			}
		}
		if other, twice := seen[string(img.Pix)]; twice {
			t.Errorf("faces %d and %d look the same", f, other)
		}
		seen[string(img.Pix)] = f
	}
}
