package service

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-05: whatever answer is an error is a typed one, also those that a library below would give in words of its own: a range that is not
// there, a path that is not clean, a method nobody has, a body of another kind.
func TestF05_EveryErrorIsTyped(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.upload("f1", "r:r1", "a.txt", []byte("text"))
	must(t, anna.Complete(t.Context(), "f1"))
	const file = "/v1/files/f1"
	for _, x := range []struct {
		name, method, path string
		head               string // a header, or several with line breaks
		body               string
		status             int
		code               workroom.Code
	}{
		{"behind the end", "GET", file, "Range: bytes=99-", "", 416, workroom.BadInput},
		{"a range of nothing", "GET", file, "Range: bytes=x-y", "", 416, workroom.BadInput},
		{"not the same file", "GET", file, `If-Match: "another"`, "", 412, workroom.BadInput},
		{"a double slash", "GET", "//v1/heads", "", "", 404, workroom.NoAccess},
		{"a path that goes up", "GET", "/v1/../v1/heads", "", "", 404, workroom.NoAccess},
		{"a path that stays", "POST", "/v1/./commands", "", "{}", 404, workroom.NoAccess},
		{"a path that goes out", "GET", "/../../etc/passwd", "", "", 404, workroom.NoAccess},
		{"an open end", "GET", "/v1/heads/", "", "", 404, workroom.NoAccess},
		{"nothing there", "GET", "/", "", "", 404, workroom.NoAccess},
		{"all of it", "GET", "*", "", "", 404, workroom.NoAccess},
		{"another method", "DELETE", "/v1/heads", "", "", 404, workroom.NoAccess},
		{"a method of nobody", "BREW", "/v1/commands", "", "{}", 404, workroom.NoAccess},
		{"a tunnel", "CONNECT", "example.com:443", "", "", 404, workroom.NoAccess},
		{"a tunnel into a path", "CONNECT", "/v1/heads", "", "", 404, workroom.NoAccess},
		{"a body of another kind", "POST", "/v1/commands", "Content-Type: application/xml", "<a/>", 415, workroom.BadInput},
		{"chunks that are none", "POST", "/v1/commands", "Transfer-Encoding: chunked", "zz\r\n", 0, ""},
		{"an answer of another kind", "GET", "/v1/scope/r:none/pull", "Accept: application/xml", "", 404, workroom.NoAccess},
		{"no token", "GET", "/v1/heads", "Authorization: Basic abc", "", 401, workroom.SignedOut},
		{"a program too old", "POST", "/v1/commands", "Trestle-Client: 0.0.1", "{}", 426, workroom.ClientTooOld},
		{"a part too large", "PUT", "/v1/parts/k-k1/" + sha([]byte("text")), "Content-Length: 99999999", "", 0, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			res, body := anna.spoken(x.method, x.path, x.head, x.body)
			var p wire.Problem
			err := json.Unmarshal(body, &p)
			if err != nil || p.Code == "" || p.Retry == "" || p.Detail == "" || p.Status != res.StatusCode || res.Header.Get("Content-Type") != wire.ProblemType {
				t.Errorf("not typed: %d %s %q", res.StatusCode, res.Header.Get("Content-Type"), body)
			}
			if res.Header.Get(wire.HeaderService) == "" {
				t.Error("not named as the service's")
			}
			if x.status != 0 && (res.StatusCode != x.status || p.Code != x.code) {
				t.Errorf("%d %s, want %d %s", res.StatusCode, p.Code, x.status, x.code)
			}
			if x.status == 416 && (res.Header.Get("Content-Range") != "bytes */4" || p.Field != "range" || p.Retry != workroom.RetryNever || res.Header.Get("ETag") != "") {
				t.Errorf("%+v %v", p, res.Header)
			}
		})
	}
}

// spoken sends a request as it stands, without a client that makes it proper.
func (p *person) spoken(method, path, head, body string) (*http.Response, []byte) {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.Base, "http://"))
	must(p.t, err)
	defer conn.Close()
	for _, h := range []string{"Authorization: Bearer " + p.Token, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))} {
		name, _, _ := strings.Cut(h, ":")
		if !strings.Contains(head, name+":") && !(name == "Content-Length" && strings.Contains(head, "Transfer-Encoding")) {
			head = h + "\r\n" + head
		}
	}
	_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: service.test\r\nConnection: close\r\n%s\r\n\r\n%s", method, path, strings.TrimRight(head, "\r\n"), body)
	must(p.t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	must(p.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(p.t, err)
	return res, b
}
