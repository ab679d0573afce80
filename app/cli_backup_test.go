package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"trestle/internal/service"
)

// U-17, D-16: the service inside the window is saved by the desktop's own folder, and comes back into it.
func TestD16_BackupOfThisComputerOnly(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "desktop.json"), []byte(`{"way":"local"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := service.New(service.Config{Data: filepath.Join(data, "service-local")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	to := filepath.Join(t.TempDir(), "saved")
	run := func(args ...string) (int, map[string]any) {
		t.Helper()
		var out, errs bytes.Buffer
		code := Run(t.Context(), append([]string{"--data", data, "--json"}, args...), nil, &out, &errs)
		var answer map[string]any
		if code == 0 {
			if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
				t.Fatalf("%s %s", out.String(), errs.String())
			}
		} else {
			var e struct{ Error map[string]any }
			_ = json.Unmarshal(lastLine(errs.Bytes()), &e)
			answer = e.Error
		}
		return code, answer
	}
	if code, m := run("backup", to); code != 0 || m["service"] != s.ID() {
		t.Fatal(code, m)
	}
	if code, e := run("restore", to); code != exitFailed || e["code"] != string(service.DataInUse) {
		t.Error(code, e)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if code, e := run("restore", to); code != exitFailed || e["code"] != string(service.RestoreOver) {
		t.Error(code, e)
	}
	if err := os.RemoveAll(filepath.Join(data, "service-local")); err != nil {
		t.Fatal(err)
	}
	if code, m := run("restore", to); code != 0 || m["service"] != s.ID() {
		t.Error(code, m)
	}
	if _, err := os.Stat(filepath.Join(data, "service-local", "service.db")); err != nil {
		t.Error(err)
	}
}

func lastLine(b []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	return lines[len(lines)-1]
}
