package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// With TRESTLE_DEV_SHOT=4 a test's binary takes a screenshot within four seconds, and with TRESTLE_DEV_IDLE=600 a minute of idle time lasts 600
// milliseconds in it; with TRESTLE_DEV_BEHIND=600 the clock of the service it runs is 600 seconds behind. As "trestle" that binary is the whole program (TestMain), so that a journey can run it too; no program that is built looks
// at the variables, because this file is not in it.
func init() {
	if v, err := strconv.ParseInt(os.Getenv("TRESTLE_DEV_IDLE"), 10, 64); err == nil && v > 0 {
		idleWithin = func(d time.Duration) time.Duration { return d / time.Minute * time.Duration(v) * time.Millisecond }
	}
	if v, err := strconv.ParseInt(os.Getenv("TRESTLE_DEV_BEHIND"), 10, 64); err == nil && v > 0 {
		serviceClock = func() time.Time { return time.Now().Add(-time.Duration(v) * time.Second) }
	}
	drawWithin = func(n int64) int64 {
		if v, err := strconv.ParseInt(os.Getenv("TRESTLE_DEV_SHOT"), 10, 64); err == nil && v > 0 {
			return v
		}
		return n
	}
}

// TestT07_NoProgramHurriesScreenshots: neither the moment of a screenshot nor the idle time is one computer's to choose, so nothing that goes
// into a program reads the variables.
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
		if bytes.Contains(body, []byte("TRESTLE_DEV_")) {
			t.Errorf("%s reads a variable of the tests", name)
		}
	}
}
