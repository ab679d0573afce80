package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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

func TestD02_TokenWorksOnce(t *testing.T) {
	b := openTestBridge(t)
	_, token, _ := strings.Cut(b.Invite("room/1"), "#t=")
	token, where, _ := strings.Cut(token, "&go=")
	if where != "room/1" {
		t.Errorf("place %q", where)
	}
	in := `{"token":"` + token + `"}`
	if status, body := b.send("POST", "/bridge/open", in, ""); status != 200 {
		t.Fatalf("first use: %d %s", status, body)
	}
	for range wrongTries + 1 { // a page that is reloaded may ask again; nobody is shut out by that
		if status, body := b.send("POST", "/bridge/open", in, ""); status != 403 || !strings.Contains(body, "token_used") {
			t.Fatalf("second use: %d %s", status, body)
		}
	}
	b.letIn()
}

func TestD02_TokenExpires(t *testing.T) {
	t.Parallel()
	p := newPasses()
	now := time.Now()
	token := p.invite(now)
	if _, _, f := p.open(token, now.Add(inviteLife+1)); f == nil || f.Code != "token_expired" {
		t.Errorf("failure %v", f)
	}
	if _, _, f := p.open(p.invite(now), now.Add(inviteLife)); f != nil {
		t.Errorf("failure %v", f)
	}
}

func TestD02_FiveWrongTokensCloseTheWayIn(t *testing.T) {
	b := openTestBridge(t)
	for range wrongTries {
		if status, body := b.send("POST", "/bridge/open", `{"token":"nope"}`, ""); status != 403 || !strings.Contains(body, "wrong_token") {
			t.Fatalf("%d %s", status, body)
		}
	}
	if f := AsFailure(<-b.ended); f == nil || f.Code != "wrong_tokens" {
		t.Errorf("serve ended with %v", f)
	}
	if _, err := net.Dial("tcp", b.host); err == nil {
		t.Error("still listening")
	}
}

func TestD02_OldPagesMakeRoom(t *testing.T) {
	t.Parallel()
	p := newPasses()
	now := time.Now()
	first, _, _ := p.open(p.invite(now), now)
	for range maxTabs {
		p.open(p.invite(now), now)
	}
	if p.mayCall(first) || p.mayCall("") || len(p.tabs) != maxTabs {
		t.Error("the oldest page is still let in")
	}
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

func TestFilesByID(t *testing.T) {
	b := openTestBridge(t).letIn()
	status, body, h := b.do(b.request("GET", "/file/"+someID+"?k="+b.fileKey, "", ""))
	if status != 200 || body != "<script>alert(1)</script>" {
		t.Fatalf("%d %s", status, body)
	}
	if h.Get("Content-Type") != "application/octet-stream" || h.Get("Content-Security-Policy") != sandboxed ||
		h.Get("Content-Disposition") != `attachment; filename*=UTF-8''%C3%A4%20b%22.html` {
		t.Errorf("a page could be made of it: %v", h)
	}
	for path, want := range map[string]int{
		"/file/" + someID:                                      401,
		"/file/" + someID + "?k=" + b.bearer:                   401,
		"/file/" + strings.Repeat("0", 36) + "?k=" + b.fileKey: 404,
		"/file/..%2f..%2fetc?k=" + b.fileKey:                   404,
		"/file/" + strings.ToUpper(someID) + "?k=" + b.fileKey: 404,
		"/file/%5c?k=" + b.fileKey:                             404,
		"/file/?k=" + b.fileKey:                                404,
	} {
		if status, _ := b.send("GET", path, "", ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	req := b.request("GET", "/file/"+someID+"?k="+b.fileKey, "", "")
	req.Header.Set("Range", "bytes=1-6")
	if status, body, _ := b.do(req); status != 206 || body != "script" {
		t.Errorf("range: %d %s", status, body)
	}
}

func TestWindowReachesFilesWithoutKeys(t *testing.T) {
	t.Parallel()
	b := &bridged{t: t, stored: map[string][]byte{}}
	h := windowPages(Files{Open: b.file, Put: b.put})
	for _, tt := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/file/" + someID, "", 200},
		{"GET", "/file/nothing", "", 404},
		{"GET", "/file/..%2f..%2fetc", "", 404},
		{"GET", "/file/%5c%00", "", 404},
		{"POST", "/file/" + someID, "x", 404},
		{"PUT", "/bridge/put/" + someID + "?at=0", "abc", 200},
		{"PUT", "/bridge/put/" + someID + "?at=0", strings.Repeat("x", PieceLimit+1), 413},
		{"POST", "/bridge/call/Probe.Echo", "{}", 404}, // the window calls by its own way
		{"GET", "/bridge/events", "", 404},
		{"POST", "/", "", 405},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, strings.NewReader(tt.body)))
		if w.Code != tt.status {
			t.Errorf("%s %.40s: %d, want %d", tt.method, tt.path, w.Code, tt.status)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s %.40s: headers %v", tt.method, tt.path, w.Header())
		}
	}
}

func TestAttachmentsKeepOnlyHarmlessTypes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{
		"image/png": true, "video/mp4": true, "audio/ogg; codecs=opus": true,
		"text/html": false, "image/svg+xml": false, "application/pdf": false, "text/xml": false, "": false, "x": false,
	} {
		if showable(kind) != want {
			t.Errorf("%s: %v", kind, !want)
		}
	}
}

func TestPutInPieces(t *testing.T) {
	b := openTestBridge(t).letIn()
	path := "/bridge/put/" + someID + "?at="
	for i, tt := range []struct {
		at, body string
		status   int
		want     string
	}{
		{"0", "abc", 200, `{"value":{"next":3}}`},
		{"3", "def", 200, `{"value":{"next":6}}`},
		{"3", "def", 200, `{"value":{"next":6}}`}, // a piece may come twice
		{"9", "x", 422, `"code":"gap"`},
		{"-1", "x", 400, "bad_input"},
		{"", "x", 400, "bad_input"},
		{"0", strings.Repeat("x", PieceLimit+1), 413, "bad_input"},
	} {
		if status, body := b.send("PUT", path+tt.at, tt.body, b.bearer); status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%d: %d %s", i, status, body)
		}
	}
	if string(b.stored[someID]) != "abcdef" {
		t.Errorf("stored %s", b.stored[someID])
	}
	if status, _ := b.send("PUT", path+"0", "x", ""); status != 401 {
		t.Errorf("without bearer: %d", status)
	}
	if status, _ := b.send("PUT", "/bridge/put/..%2f..?at=0", "x", b.bearer); status != 404 {
		t.Errorf("odd id: %d", status)
	}
}

// stream reads server-sent events from the bridge; last is Last-Event-ID.
func (b *bridged) stream(last string) *bufio.Reader {
	b.t.Helper()
	req := b.request("GET", "/bridge/events", "", b.bearer)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("events: %v %v", resp, err)
	}
	b.t.Cleanup(func() { resp.Body.Close() })
	r := bufio.NewReader(resp.Body)
	if line, _ := r.ReadString('\n'); line != ": open\n" {
		b.t.Fatalf("begins with %q", line)
	}
	r.ReadString('\n')
	return r
}

func next(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var out []string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return strings.Join(out, "|")
		}
		out = append(out, line)
	}
}

func TestEventsReachThePageInOrder(t *testing.T) {
	b := openTestBridge(t).letIn()
	r := b.stream("")
	for i := range 3 {
		b.opt.Events.Publish("timer", map[string]int{"i": i})
		if got, want := next(t, r), fmt.Sprintf(`id: %d|event: timer|data: {"i":%d}`, i+1, i); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if status, _ := b.send("GET", "/bridge/events", "", ""); status != 401 {
		t.Errorf("without bearer: %d", status)
	}
}

func TestEventsResumeWhereThePageStopped(t *testing.T) {
	b := openTestBridge(t).letIn()
	for range 10 {
		b.opt.Events.Publish("changed", map[string][]string{"scopes": {"rooms"}})
	}
	r := b.stream("8")
	if got := next(t, r); !strings.HasPrefix(got, "id: 9|") {
		t.Error(got)
	}
	if got := next(t, r); !strings.HasPrefix(got, "id: 10|") {
		t.Error(got)
	}
	for _, last := range []string{"99", "x", "-1"} {
		if got := next(t, b.stream(last)); got != `id: 10|event: changed|data: {"all":true}` {
			t.Errorf("from %s: %s", last, got)
		}
	}
	for range ringSize {
		b.opt.Events.Publish("timer", nil)
	}
	if got := next(t, b.stream("9")); got != `id: 266|event: changed|data: {"all":true}` {
		t.Errorf("beyond the ring: %s", got)
	}
	if got := next(t, b.stream("10")); got != `id: 11|event: timer|data: {}` {
		t.Errorf("the whole ring: %s", got)
	}
}

func TestEventsSlowReaderIsToldToReadAgain(t *testing.T) {
	t.Parallel()
	e := NewEvents()
	slow, quick := e.Subscribe(), e.Subscribe()
	seen := 0
	for i := range 3 * ringSize {
		e.Publish("timer", i)
		seen += len(quick.Next(t.Context()))
	}
	if seen != 3*ringSize {
		t.Errorf("the quick reader saw %d", seen)
	}
	got := slow.Next(t.Context())
	if len(got) != 1 || got[0].Name != EventChanged || got[0].ID != 3*ringSize {
		t.Errorf("the slow reader got %v", got)
	}
	e.Publish("drop", nil)
	if got := slow.Next(t.Context()); len(got) != 1 || got[0].Name != "drop" {
		t.Errorf("then %v", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if slow.Next(ended) != nil {
		t.Error("events after the end")
	}
}

func TestEventThatDoesNotMarshalBecomesChangedAll(t *testing.T) {
	heard(t)
	e := NewEvents()
	s := e.Subscribe()
	e.Publish("bad", make(chan int))
	if got := s.Next(t.Context()); len(got) != 1 || got[0].Name != EventChanged || string(got[0].Payload) != `{"all":true}` {
		t.Errorf("%v", got)
	}
}

func TestCloseEndsOpenStreams(t *testing.T) {
	b := openTestBridge(t).letIn()
	r := b.stream("")
	b.Close()
	if _, err := io.ReadAll(r); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Error(err)
	}
	if err := <-b.ended; err != nil {
		t.Errorf("serve ended with %v", err)
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
