package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// With TRESTLE_DEV_SHOT=4 a test's binary takes a screenshot within four seconds. As "trestle" that binary is the whole program
// (TestMain), so that a journey can run it too; no program that is built looks at the variable, because this file is not in it.
func init() {
	drawWithin = func(n int64) int64 {
		if v, err := strconv.ParseInt(os.Getenv("TRESTLE_DEV_SHOT"), 10, 64); err == nil && v > 0 {
			return v
		}
		return n
	}
}

// TestT07_NoProgramHurriesScreenshots: the moment of a screenshot is nobody's to choose, so nothing that goes into a program reads it.
func TestT07_NoProgramHurriesScreenshots(t *testing.T) {
	t.Parallel()
	list, err := filepath.Glob("*.go")
	if err != nil || len(list) < 50 {
		t.Fatalf("%d files: %v", len(list), err)
	}
	for _, name := range list {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte("TRESTLE_DEV_SHOT")) {
			t.Errorf("%s reads the variable of the tests", name)
		}
	}
}
