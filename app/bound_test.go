package app

import (
	"testing"
)

// realScreens is the list that every face reaches, on a fresh data folder.
func realScreens(t *testing.T) []any {
	t.Helper()
	core, err := OpenCore(CoreOptions{Dirs: testDirs(t), Face: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(core.Close)
	return core.bound
}

func TestEveryBoundMethodBeginsWithItsGuard(t *testing.T) {
	t.Parallel()
	bound := screens(nil)
	faults, seen := unguarded(t, screensOf(bound))
	d := newTestDispatcher(t, bound...)
	if seen != len(d.Names()) {
		t.Errorf("read %d methods, %d are bound", seen, len(d.Names()))
	}
	for _, f := range faults {
		t.Errorf("%s does not begin with `defer guard(&err)`", f)
	}
}

func TestEveryBoundTypeCanBeReadByAPage(t *testing.T) {
	t.Parallel()
	for _, f := range dtoFaults(screens(nil)) {
		t.Error(f)
	}
}

func TestEveryBoundMethodAnswersNothingWithAValueOrATypedError(t *testing.T) {
	log := heard(t)
	for _, f := range callFaults(t, realScreens(t), nil) {
		t.Error(f)
	}
	if t.Failed() {
		t.Log(log)
	}
}
