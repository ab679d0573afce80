package service

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"trestle/internal/service/bus"
	"trestle/internal/wire"
)

// The operator's listener tells whether the service has what it needs, and counts without naming anybody; the service's own address has none
// of it.
func TestAdmin(t *testing.T) {
	m := bus.NewMem()
	s, c := start(t, Config{Link: m})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	anna.does("m1", say(w.r, "ZANZIBAR"))
	anna.send(anna.command("m2", say("nowhere", "x")))
	frames, _ := ben.listen(t.Context())
	_ = frames
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		rec := &recorded{head: http.Header{}}
		s.Admin().ServeHTTP(rec, r)
		return max(rec.status, 200), rec.text.String()
	}
	if code, text := get("/healthz"); code != 200 || text != "ok\n" {
		t.Error(code, text)
	}
	if code, text := get("/readyz"); code != 200 || strings.Count(text, `"ok"`) != 3 {
		t.Error(code, text)
	}
	m.Cut(true)
	if code, text := get("/readyz"); code != 200 || !strings.Contains(text, `"bus":"away"`) {
		t.Error("a node without its bus still serves:", code, text)
	}
	_, text := get("/metrics")
	for _, want := range []string{`trestle_commands_total{op="SendMessage",verdict="ok"} 1`, `trestle_commands_total{op="SendMessage",verdict="rejected"} 1`, "trestle_streams 1", "trestle_faults_total 0", "trestle_jobs_waiting 0"} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
	for _, word := range []string{"ZANZIBAR", "anna", string(anna.id), "r1"} {
		if strings.Contains(text, word) {
			t.Errorf("the numbers name %s", word)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/debug/pprof/"} {
		res := anna.raw("GET", path, nil)
		_ = res.Body.Close()
		if res.StatusCode != 404 {
			t.Errorf("%s is served to everybody: %d", path, res.StatusCode)
		}
	}
}

type recorded struct {
	head   http.Header
	status int
	text   strings.Builder
}

func (r *recorded) Header() http.Header         { return r.head }
func (r *recorded) WriteHeader(status int)      { r.status = status }
func (r *recorded) Write(b []byte) (int, error) { return r.text.Write(b) }

// The second listener is there before the first is ready, and ends with the service.
func TestAdminListens(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var admin string
	url, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- Serve(ctx, ServeConfig{Config: Config{Data: t.TempDir()}, Admin: "127.0.0.1:0", OnAdmin: func(u string) { admin = u }}, func(u string) { url <- u })
	}()
	at := <-url
	res, err := http.Get(admin + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != 200 || admin == at {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	if _, err := (&wire.Client{Base: at}).Meta(t.Context()); err != nil {
		t.Fatal(err)
	}
	end()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if res, err := http.Get(admin + "/healthz"); err == nil {
		_ = res.Body.Close()
		t.Fatal("it still answers")
	}
}
