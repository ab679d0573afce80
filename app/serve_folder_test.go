package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestU17_AFolderThatCannotBeWritten: the service on one machine is refused in one line that names the folder, before anything is served or
// written; so is "this computer only", which keeps its service in the desktop's folder.
func TestU17_AFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{file, filepath.Join(file, "below")} {
		for _, verb := range []string{"serve", "rooms"} {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			var out, errs bytes.Buffer
			code := Run(ctx, []string{"--data", data, verb}, nil, &out, &errs)
			cancel()
			lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
			if said := lines[len(lines)-1]; code == 0 || out.Len() > 0 || !strings.Contains(said, data) {
				t.Errorf("%s in %s: %d %q %q", verb, data, code, out.String(), said)
			}
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Errorf("what stood there was changed: %q %v", b, err)
	}
}
