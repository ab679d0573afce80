package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"trestle/internal/workroom"
)

// LocalBase is the address of a service inside this program: the client's transport answers it, and no socket ever could.
const LocalBase = "http://127.0.0.1:0"

// Client asks one service. It is made anew, not changed, when the token changes; it may be used by many goroutines.
type Client struct {
	Base    string       // https://host, or http:// on this computer only
	HTTP    *http.Client // nil: a usual one; its redirects and its timeout are not used
	Token   string
	Service string // the id learnt at sign-in; empty before, when any Trestle service is believed
	Version string // of this program
}

// Timeout is how long a question may take when its context says nothing shorter. Parts and streams have their own limits.
const Timeout = 40 * time.Second

const maxReply = 64 << 20 // bytes of a JSON answer

// CheckBase refuses an address that a token must not be sent to: anything but https, and http on this computer.
func CheckBase(base string) error {
	u, err := url.Parse(base)
	bad := func(text string) error { return &workroom.Refusal{Code: BadAddress, Field: "address", Text: text} }
	if err != nil || u.Host == "" || u.User != nil {
		return bad("This is not the address of a service. It looks like https://work.example.com.")
	}
	switch u.Scheme {
	case "https":
		return nil
	case "http":
		if loopback(u.Hostname()) {
			return nil
		}
		return bad("An address that begins with http:// works on this computer only. Use https://.")
	}
	return bad("The address of a service begins with https://.")
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// Do asks an operation; an answer that has not the shape of one to this question is no answer (shape.go). Any error is a *Error, or a *workroom.Refusal where the client's own address cannot be used.
func (o Op[In, Out]) Do(ctx context.Context, c *Client, in In) (*Out, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	path, query, head, body, err := pack(o.Path, in)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", o.Name, err)
	}
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	ctx, begun := answering(ctx, len(body))
	res, err := c.send(ctx, o.Method, path, query, head, r)
	begun()
	if err != nil {
		return nil, err
	}
	defer drop(res.Body)
	out := new(Out)
	if res.StatusCode == http.StatusNotModified {
		if h, ok := any(out).(*Heads); ok && c.genuine(res) && head.Get("If-None-Match") != "" {
			h.Same = true
			return out, nil
		}
	}
	if e := c.check(res, "application/json"); e != nil {
		return nil, e
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	if err != nil {
		return nil, unreachable(err)
	}
	if len(b) > maxReply || json.Unmarshal(b, out) != nil {
		return nil, &Error{Status: res.StatusCode, Code: Unexpected, Retry: workroom.RetryLater, Text: "The service's answer could not be read. Everything waiting is kept."}
	}
	if x, ok := any(out).(about); !shaped(b, reflect.TypeFor[Out]()) || ok && !x.fits(in) {
		return nil, misshapen(res)
	}
	return out, nil
}

// send makes a request with the client's token and does not follow redirects.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, head http.Header, body io.Reader) (*http.Response, error) {
	return c.request(ctx, method, path, query, head, body, 0)
}

// sendSized is send with a body whose length its type does not tell.
func (c *Client) sendSized(ctx context.Context, method, path string, head http.Header, body io.Reader, size int64) (*http.Response, error) {
	return c.request(ctx, method, path, nil, head, body, size)
}

func (c *Client) request(ctx context.Context, method, path string, query url.Values, head http.Header, body io.Reader, size int64) (*http.Response, error) {
	if err := CheckBase(c.Base); err != nil {
		return nil, err
	}
	u := strings.TrimRight(c.Base, "/") + path
	if len(query) > 0 {
		u += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, u, body)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	if size > 0 {
		req.ContentLength = size
	}
	maps.Copy(req.Header, head)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json, "+ProblemType)
	}
	if body != nil && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Version != "" {
		req.Header.Set(HeaderClient, c.Version)
	}
	left := atomic.Bool{}
	req = req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { left.Store(true) }}))
	res, err := c.http().Do(req)
	if err != nil {
		var dial *net.OpError
		kept := errors.As(err, &dial) && dial.Op == "dial" && !left.Load()
		switch {
		case context.Cause(ctx) == errUnanswered:
			err = errUnanswered
			c.http().CloseIdleConnections() // they lie on the same dead way, and each would cost as long
		case ctx.Err() != nil:
			err = ctx.Err()
		}
		e := unreachable(err)
		e.kept = kept
		return nil, e
	}
	return res, nil
}

func (c *Client) http() *http.Client {
	h := http.Client{}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	h.Timeout, h.Jar = 0, nil
	return &h
}

// genuine reports whether an answer carries the id of the service this client asks.
func (c *Client) genuine(res *http.Response) bool {
	id := res.Header.Get(HeaderService)
	return id != "" && (c.Service == "" || id == c.Service)
}

// check says what is wrong with an answer that should be a 200 or 206 of the given type ("" = any).
func (c *Client) check(res *http.Response, want string) error {
	genuine := c.genuine(res)
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	ok := res.StatusCode == http.StatusOK || res.StatusCode == http.StatusPartialContent
	if ok && genuine && (want == "" || kind == want) {
		return nil
	}
	return problem(res, genuine)
}

// pack lays a question out as path, query, headers and body.
func pack(path string, in any) (string, url.Values, http.Header, []byte, error) {
	t := reflect.TypeOf(in)
	if inBody(t) {
		b, err := json.Marshal(in)
		return path, nil, nil, b, err
	}
	query, head := url.Values{}, http.Header{}
	v := reflect.ValueOf(in)
	for i := range t.NumField() {
		text := textOf(v.Field(i))
		switch tag := t.Field(i).Tag; {
		case tag.Get("path") != "":
			if text == "" {
				return "", nil, nil, nil, fmt.Errorf("no %s", tag.Get("path"))
			}
			path = fill(path, tag.Get("path"), url.PathEscape(text))
		case text == "":
		case tag.Get("query") != "":
			query.Set(tag.Get("query"), text)
		case tag.Get("header") != "":
			head.Set(tag.Get("header"), text)
		}
	}
	return path, query, head, nil, nil
}

func textOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = textOf(v.Index(i))
		}
		return strings.Join(parts, ",")
	case reflect.Int, reflect.Int64:
		if v.Int() == 0 {
			return ""
		}
		return strconv.FormatInt(v.Int(), 10)
	}
	panic("wire: a parameter of a kind that no operation uses: " + v.Type().String())
}

// drop reads what is left of a small answer, so that the connection can be used again, and closes it.
func drop(body io.ReadCloser) {
	_, _ = io.Copy(io.Discard, io.LimitReader(body, 64<<10)) // only a courtesy to the connection
	_ = body.Close()
}
