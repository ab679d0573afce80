package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// an address that nothing here opens is said; an opener that goes on running, as some do until the browser is closed, is not waited for.
func TestX08_AnOpenerThatFails(t *testing.T) {
	link, err := ParseLink("https://host.example/", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, script string
		limit        time.Duration
		code         string
	}{
		{"opens", "exit 0", time.Minute, ""},
		{"knows no program", "exit 3", time.Minute, CodeNotHere},
		{"its program fails", "exit 4", time.Minute, CodeNotHere},
		{"stays", "exec sleep 5 >/dev/null 2>&1", time.Millisecond, ""},
		{"is absent", "", time.Minute, CodeNotHere},
	} {
		dir := t.TempDir()
		if x.script != "" {
			if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\nPATH=/usr/bin:/bin\n"+x.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		code := ""
		err := link.open(x.limit)
		if f, ok := errors.AsType[*Failure](err); ok {
			code = f.Code
		}
		if code != x.code || (err != nil) != (x.code != "") {
			t.Errorf("an opener that %s: %v", x.name, err)
		}
	}
}
