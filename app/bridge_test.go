package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const someID = "0198c0de-0000-7000-8000-0123456789ab"

// bridged is a bridge with a page let in.
type bridged struct {
	*Bridge
	t               *testing.T
	bearer, fileKey string
	stored          map[string][]byte
	ended           chan error
}

func openTestBridge(t *testing.T) *bridged {
	t.Helper()
	heard(t)
	b := &bridged{t: t, stored: map[string][]byte{}, ended: make(chan error, 1)}
	opt := BridgeOptions{
		Calls: newTestDispatcher(t), Events: NewEvents(),
		Pages: fstest.MapFS{
			"index.html":     {Data: []byte("<!doctype html><title>x</title>")},
			"assets/a1b2.js": {Data: []byte("export {}")},
			"logo.svg":       {Data: []byte("<svg/>")},
		},
		Files: Files{Put: b.put, Open: b.file},
	}
	bridge, err := OpenBridge(opt)
	if err != nil {
		t.Fatal(err)
	}
	b.Bridge = bridge
	go func() { b.ended <- b.Serve() }()
	t.Cleanup(b.Close)
	return b
}

// letIn opens a page with a fresh token.
func (b *bridged) letIn() *bridged {
	b.t.Helper()
	_, token, _ := strings.Cut(b.Invite(""), "#t=")
	status, body := b.send("POST", "/bridge/open", `{"token":"`+token+`"}`, "")
	var out struct {
		Value struct{ Bearer, FileKey string }
	}
	if err := json.Unmarshal([]byte(body), &out); status != 200 || err != nil || len(out.Value.Bearer) != 43 || len(out.Value.FileKey) != 43 {
		b.t.Fatalf("open: %d %s", status, body)
	}
	b.bearer, b.fileKey = out.Value.Bearer, out.Value.FileKey
	return b
}

func (b *bridged) put(_ context.Context, id string, at int64, piece []byte) (int64, error) {
	if int64(len(b.stored[id])) < at {
		return 0, Fail("gap", "Not in order.")
	}
	b.stored[id] = append(b.stored[id][:at], piece...)
	return int64(len(b.stored[id])), nil
}

func (b *bridged) file(_ context.Context, id string, _ int) (StoredFile, error) {
	if id != someID {
		return StoredFile{}, Fail("gone", "Gone.")
	}
	return StoredFile{Content: readCloser{bytes.NewReader([]byte("<script>alert(1)</script>"))}, Name: "ä b\".html", Type: "text/html"}, nil
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// request makes a request as our own page would.
func (b *bridged) request(method, path, body, bearer string) *http.Request {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.Origin()+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method != "GET" {
		req.Header.Set("Origin", b.Origin())
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	return req
}

func (b *bridged) do(req *http.Request) (int, string, http.Header) {
	b.t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), resp.Header
}

func (b *bridged) send(method, path, body, bearer string) (int, string) {
	b.t.Helper()
	status, text, _ := b.do(b.request(method, path, body, bearer))
	return status, text
}

func TestBridgeCalls(t *testing.T) {
	b := openTestBridge(t).letIn()
	big := `{"text":"` + strings.Repeat("a", CallBody) + `"}`
	for _, tt := range []struct {
		name, path, body, bearer string
		status                   int
		want                     string
	}{
		{"value", "/bridge/call/Probe.Echo", `{"text":"hi"}`, b.bearer, 200, `{"value":{"text":"hi","list":[]}}`},
		{"empty", "/bridge/call/Probe.Echo", ``, b.bearer, 200, `{"value":{"text":"","list":[]}}`},
		{"null value", "/bridge/call/Probe.Nothing", `{}`, b.bearer, 200, `{"value":null}`},
		{"refusal", "/bridge/call/Probe.Refuse", `{}`, b.bearer, 200, `{"error":{"code":"bad_input","message":"Too long.","field":"text"}}`},
		{"no method", "/bridge/call/Probe.Absent", `{}`, b.bearer, 404, `no_method`},
		{"no bearer", "/bridge/call/Probe.Echo", `{}`, "", 401, `signed_out`},
		{"wrong bearer", "/bridge/call/Probe.Echo", `{}`, "x" + b.bearer[1:], 401, `signed_out`},
		{"file key is no bearer", "/bridge/call/Probe.Echo", `{}`, b.fileKey, 401, `signed_out`},
		{"too large", "/bridge/call/Probe.Echo", big, b.bearer, 413, `bad_input`},
		{"elsewhere", "/bridge/nothing", `{}`, b.bearer, 404, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := b.send("POST", tt.path, tt.body, tt.bearer)
			if status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("%d %.200s, want %d %s", status, body, tt.status, tt.want)
			}
		})
	}
	t.Run("another content type", func(t *testing.T) {
		req := b.request("POST", "/bridge/call/Probe.Echo", `{}`, b.bearer)
		req.Header.Set("Content-Type", "text/plain")
		if status, body, _ := b.do(req); status != 415 {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("GET is no call", func(t *testing.T) {
		if status, body := b.send("GET", "/bridge/call/Probe.Echo", "", b.bearer); status != 404 && status != 405 {
			t.Errorf("%d %s", status, body)
		}
	})
}

func TestBridgeRefusesRequestsFromElsewhere(t *testing.T) {
	b := openTestBridge(t).letIn()
	port := b.host[strings.IndexByte(b.host, ':'):]
	ours := b.Origin()
	for _, tt := range []struct {
		name, host, origin, site string
		method                   string
		status                   int
	}{
		{"our page", "", ours, "same-origin", "POST", 200},
		{"our page, browser without fetch headers", "", ours, "", "POST", 200},
		{"typed address", "", "", "none", "GET", 200},
		{"rebound name", "evil.example" + port, ours, "", "POST", 403},
		{"localhost by name", "localhost" + port, ours, "", "POST", 403},
		{"no port", "127.0.0.1", ours, "", "POST", 403},
		{"another port's page", "", "http://127.0.0.1:1", "same-site", "POST", 403},
		{"another site's page", "", "https://evil.example", "cross-site", "POST", 403},
		{"opaque origin", "", "null", "", "POST", 403},
		{"no origin", "", "", "", "POST", 403},
		{"https of ours", "", "https" + ours[4:], "", "POST", 403},
		{"cross-site link to a page", "", "", "cross-site", "GET", 403},
		{"same-site image", "", "", "same-site", "GET", 403},
		{"foreign origin reading", "", "https://evil.example", "", "GET", 403},
		{"preflight", "", "https://evil.example", "cross-site", "OPTIONS", 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := "/bridge/call/Probe.Nothing"
			if tt.method == "GET" {
				path = "/"
			}
			req := b.request(tt.method, path, "", b.bearer)
			req.Header.Del("Origin")
			if tt.host != "" {
				req.Host = tt.host
			}
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			if tt.site != "" {
				req.Header.Set("Sec-Fetch-Site", tt.site)
			}
			status, body, h := b.do(req)
			if status != tt.status {
				t.Errorf("%d %s, want %d", status, body, tt.status)
			}
			for name := range h {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("a CORS header: %s", name)
				}
			}
		})
	}
	t.Run("foreign peer", func(t *testing.T) {
		req := b.request("POST", "/bridge/call/Probe.Nothing", "", b.bearer)
		req.RemoteAddr, req.RequestURI = "10.1.2.3:4", ""
		w := httptest.NewRecorder()
		b.server.Handler.ServeHTTP(w, req)
		if w.Code != 403 {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestBridgeListensOnLoopbackOnly(t *testing.T) {
	b := openTestBridge(t)
	if host, port, _ := net.SplitHostPort(b.listener.Addr().String()); host != "127.0.0.1" || port == "0" {
		t.Errorf("listens on %s", b.listener.Addr())
	}
}

func TestDevOriginIsAnAddressOfThisComputer(t *testing.T) {
	t.Parallel()
	for origin, ok := range map[string]bool{
		"http://127.0.0.1:5173": true, "http://localhost:5173": true,
		"http://evil.example": false, "https://127.0.0.1:5173": false, "*": false,
	} {
		b, err := OpenBridge(BridgeOptions{Calls: newTestDispatcher(t), Events: NewEvents(), DevOrigin: origin})
		if (err == nil) != ok {
			t.Errorf("%s: %v", origin, err)
		}
		if b != nil {
			b.listener.Close()
		}
	}
}

func TestBridgeServesPagesUnderThePolicy(t *testing.T) {
	b := openTestBridge(t)
	for path, want := range map[string]struct {
		status      int
		kind, cache string
	}{
		"/":                       {200, "text/html; charset=utf-8", "no-cache"},
		"/index.html":             {200, "text/html; charset=utf-8", "no-cache"},
		"/assets/a1b2.js":         {200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/logo.svg":               {200, "image/svg+xml", "no-cache"},
		"/nothing":                {404, "", ""},
		"/assets/":                {404, "", ""},
		"/assets":                 {404, "", ""},
		"/..%2f..%2fetc%2fpasswd": {404, "", ""},
		"/a%5cb":                  {404, "", ""},
		"/a%00b":                  {404, "", ""},
		"/file/../index.html":     {404, "", ""},
	} {
		status, _, h := b.do(b.request("GET", path, "", ""))
		if status != want.status && !(want.status == 404 && status/100 == 3) {
			t.Errorf("%s: %d", path, status)
			continue
		}
		if h.Get("Content-Security-Policy") != ContentSecurity || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, h)
		}
		if status == 200 && (h.Get("Content-Type") != want.kind || h.Get("Cache-Control") != want.cache) {
			t.Errorf("%s: %q %q", path, h.Get("Content-Type"), h.Get("Cache-Control"))
		}
	}
}

func TestUnbuiltPagesSaySo(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	pages(fstest.MapFS{".gitkeep": {}}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 404 || !strings.Contains(w.Body.String(), "npm run build") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestSocketAndBridgeReachTheSameMethods(t *testing.T) {
	t.Parallel()
	d := newTestDispatcher(t)
	for _, name := range d.Names() {
		if !strings.HasPrefix(name, "Probe.") {
			t.Errorf("%s", name)
		}
	}
	if n := len(d.Names()); n != 9 {
		t.Errorf("%s methods", strconv.Itoa(n))
	}
}

// The same call directly, over the browser's bridge and over the socket: the
// ratios say what a face costs.
func BenchmarkCall(b *testing.B) {
	d, err := NewDispatcher([]any{&Probe{}})
	if err != nil {
		b.Fatal(err)
	}
	in := json.RawMessage(`{"text":"hallo"}`)
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.Call(b.Context(), "Probe.Echo", in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bridge", func(b *testing.B) {
		bridge, err := OpenBridge(BridgeOptions{Calls: d, Events: NewEvents()})
		if err != nil {
			b.Fatal(err)
		}
		go func() { _ = bridge.Serve() }()
		defer bridge.Close()
		bearer, _, _ := bridge.keys.open(bridge.keys.invite(time.Now()), time.Now())
		for b.Loop() {
			req, _ := http.NewRequestWithContext(b.Context(), "POST", bridge.Origin()+"/bridge/call/Probe.Echo", bytes.NewReader(in))
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Origin", bridge.Origin())
			req.Header.Set("Authorization", "Bearer "+bearer)
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil || resp.StatusCode != 200 {
				b.Fatal(resp, err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	b.Run("socket", func(b *testing.B) {
		root := b.TempDir()
		dirs := Dirs{Data: root, Runtime: root + "/r"}
		inst, _, err := Join(b.Context(), dirs)
		if err != nil {
			b.Fatal(err)
		}
		defer inst.Close()
		inst.Serve(d)
		remote, err := Dial(dirs)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := remote.Call(b.Context(), "Probe.Echo", in); err != nil {
				b.Fatal(err)
			}
		}
	})
}
