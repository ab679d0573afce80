package app

import (
	"net/http/httptest"
	"strings"
	"testing"
)

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
