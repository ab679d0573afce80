package input

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// While somebody tracks and does nothing, nothing ticks: neither this package nor what steps the tracker has a ticker at all. macOS alone
// is asked once a second, because it tells nobody by itself (tracker.md §13).
func TestT06_NothingTicks(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "../tracker/*.go", "../../app/tracking*.go", "../../app/clock.go", "../../app/shots*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_darwin.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && (s.Sel.Name == "NewTicker" || s.Sel.Name == "Tick") {
					t.Errorf("%s: time.%s", set.Position(n.Pos()), s.Sel.Name)
				}
			}
			return true
		})
	}
	if seen < 15 {
		t.Errorf("only %d files were looked at", seen)
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
