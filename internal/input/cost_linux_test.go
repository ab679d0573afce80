package input

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// waits are all the places that wait for the clock in what runs while time is tracked, by file and function, and why none of them wakes more
// often than every five seconds while nobody touches anything. A new one is added here with its reason. macOS alone is asked once a second,
// because it tells nobody by itself (tracker.md §13).
var waits = map[string]string{
	"app/clock.go followClock":               "compares clocks once a minute",
	"app/contact.go followPolicies":          "every ten minutes, else when the way to the service changes",
	"app/diary_seal.go followSeals":          "asks for the seals of closed weeks, hours apart",
	"app/session.go run":                     "asks what is kept no longer, hours apart",
	"app/shots_leave.go leaveLater":          "once, when a screenshot's time is up",
	"app/tracking.go run":                    "the one deadline of the machine: TestT10_IdleHourWakesSeldom counts them",
	"app/tray_linux.go trayHosted":           "while the bus is asked, when a window closes",
	"app/trayboard.go drawTray":              "the minute of the tooltip",
	"app/trayboard.go missTray":              "the first five seconds of the program",
	"internal/input/edges_windows.go edges":  "while the system falls asleep",
	"internal/input/filter_linux.go drained": "after events have come",
	"internal/input/presence_linux.go keep":  "between two attempts to find the desktop, 30 s",
	"internal/input/window_windows.go Fetch": "while its queue is emptied, when a stretch of time ends",
	"internal/input/window_windows.go serve": "after messages have come",
	"internal/input/x11_linux.go dial":       "while the server is greeted",
	"internal/input/x11_linux.go fetch":      "while the server is asked, when a stretch of time ends",
	"internal/input/x11_linux.go idle":       "while the server is asked",
	"internal/input/x11_linux.go keep":       "between two attempts to find the display, 30 s",
	"internal/input/x11_linux.go open":       "while the server is asked",
}

// T-06: while somebody tracks and does nothing, nothing ticks, and nothing waits for the clock but what is listed above.
func TestT06_NothingTicks(t *testing.T) {
	seen, found := 0, map[string]bool{}
	for _, pattern := range []string{"internal/input/*.go", "internal/tracker/*.go", "app/tracking*.go", "app/tracker*.go", "app/heartbeat.go", "app/clock.go", "app/session.go", "app/contact.go",
		"app/shots*.go", "app/tray*.go", "app/diary_seal.go"} {
		names, err := filepath.Glob("../../" + pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_darwin.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			for _, d := range file.Decls {
				in := "a variable"
				if f, ok := d.(*ast.FuncDecl); ok {
					in = f.Name.Name
				}
				ast.Inspect(d, func(n ast.Node) bool {
					s, ok := n.(*ast.SelectorExpr)
					if !ok {
						return true
					}
					if x, ok := s.X.(*ast.Ident); !ok || x.Name != "time" || !slices.Contains([]string{"NewTicker", "Tick", "After", "AfterFunc", "NewTimer", "Sleep"}, s.Sel.Name) {
						return true
					}
					place := strings.TrimPrefix(name, "../../") + " " + in
					found[place] = true
					if waits[place] == "" {
						t.Errorf("%s: time.%s in %s is not among the places that may wait", set.Position(n.Pos()), s.Sel.Name, in)
					}
					return true
				})
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d files were looked at", seen)
	}
	for place := range waits {
		if !found[place] {
			t.Errorf("%s waits no more; take it off the list", place)
		}
	}
}

// What counting costs, as ratios within one run (tracker.md §16): the drained reader against one that reads every event at once, under a
// thousand keys a second; and with nobody at the keys against a Go process that only sleeps. Long, so it runs where TRESTLE_COSTS is set.
func TestT06_CostOfCounting(t *testing.T) {
	if os.Getenv("TRESTLE_COSTS") == "" {
		t.Skip("TRESTLE_COSTS=1 measures for a minute")
	}
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb here")
	}
	display, stop := runServer(t, bin)
	defer stop()
	h := newHands(t, display)
	of := func(pause time.Duration, load int) (cpu float64) {
		keys, ns, switches := cost(t, h, pause, load, 15*time.Second)
		t.Logf("pause %s, %d keys a second: %d keys counted, %.3f %% of a core, %d switches", pause, load, keys, float64(ns)/15e7, switches)
		return float64(ns)
	}
	drained, direct := of(drainPause, 1000), of(0, 1000)
	if drained > direct/10 {
		t.Errorf("the drained reader costs 1/%.1f of the immediate one, want at most 1/10", direct/drained)
	}
	idle, asleep := of(drainPause, 0), of(-1, 0)
	const smallest = 1e6 // a millisecond in fifteen seconds: below it the clock of the processor tells nothing
	if idle > 2*max(asleep, smallest) {
		t.Errorf("with nobody at the keys it costs %s, a sleeping process %s", time.Duration(idle), time.Duration(asleep))
	}
}
