package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestU17_ServeSaysWhatIsWrong: each address that cannot be used is refused in one line, before anything is served.
func TestU17_ServeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		says string
	}{
		{"--db mongo:x", "address of the database"},
		{"--blobs nothing://x", "no nothing driver"},
		{"--url nonsense", "--url is an address"},
		{"--tls one", "--tls takes two files"},
		{"--trusted-proxy x", "--trusted-proxy"},
	} {
		t.Run(c.args, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			var out, errs bytes.Buffer
			code := Run(ctx, append([]string{"--data", t.TempDir(), "serve"}, strings.Fields(c.args)...), nil, &out, &errs)
			lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
			if said := lines[len(lines)-1]; code == 0 || out.Len() > 0 || !strings.Contains(said, c.says) {
				t.Errorf("%d %q %q", code, out.String(), said)
			}
		})
	}
}

// TestU18_ServeByEnvironment: flags come by TRESTLE_… too, and the one line says where the admin listener is, which knows that it is ready.
func TestU18_ServeByEnvironment(t *testing.T) {
	dir := t.TempDir()
	for k, v := range map[string]string{
		"TRESTLE_NAME": "By name", "TRESTLE_ADMIN": "127.0.0.1:0", "TRESTLE_BUS": "mem:",
		"TRESTLE_DB": "sqlite:" + dir + "/else.db", "TRESTLE_BLOBS": "file://" + dir + "/blobs-else",
	} {
		t.Setenv(k, v)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, []string{"--data", dir, "serve"}, nil, w, io.Discard)
		w.Close()
	}()
	var ready struct{ URL, Admin string }
	if err := json.NewDecoder(r).Decode(&ready); err != nil || ready.URL == "" || ready.Admin == "" {
		t.Fatalf("%+v %v", ready, err)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		res, err := http.Get(ready.Admin + path)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("%s: %v %v", path, res, err)
		}
		if err == nil {
			res.Body.Close()
		}
	}
	res, err := http.Get(ready.URL + "/healthz")
	if err != nil || res.StatusCode == http.StatusOK {
		t.Errorf("people reach the admin's pages: %v %v", res, err)
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("ended with %d", code)
	}
}
