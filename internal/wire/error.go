package wire

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"html"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Codes of what happens on the way, beside those of workroom. All of them mean "later".
const (
	Unreachable workroom.Code = "unreachable" // no answer at all
	Unexpected  workroom.Code = "unexpected"  // something else answered: a sign-in page, a proxy, another service
)

// BadAddress says that the address of a service cannot be used; nothing was sent.
const BadAddress workroom.Code = "bad_address"

// Error is what went wrong with a question to the service. Only a Final one is the service's own last word: it answered with its id, a
// Problem, a status of 400 to 499, and said that trying again cannot help. Everything else means "later", except that Retry auth and
// upgrade ask for a person (sync.md §9).
type Error struct {
	Status   int // 0 if nothing answered
	Code     workroom.Code
	Retry    workroom.Retry
	Text     string // a sentence for a person
	Field    string
	Incident string
	Final    bool
	After    time.Duration // what Retry-After said, or 0
	cause    error
	kept     bool
}

// Kept reports whether it is certain that nothing of a question left this computer: no connection was made. Whoever cannot know answers false.
func Kept(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.kept
}

func (e *Error) Error() string { return e.Text }
func (e *Error) Unwrap() error { return e.cause }

// ErrorCode is the code the UI chooses its words by.
func (e *Error) ErrorCode() string { return string(e.Code) }

// Sentence is what a person is told.
func (e *Error) Sentence() string { return e.Text }

// As lets a final answer be taken for the refusal that it carries.
func (e *Error) As(target any) bool {
	if r, ok := target.(**workroom.Refusal); ok && e.Final {
		*r = &workroom.Refusal{Code: e.Code, Text: e.Text, Field: e.Field}
		return true
	}
	return false
}

func unreachable(err error) *Error {
	text := "The service does not answer. Everything waiting is kept."
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &cert):
		text = "The connection is not safe: the certificate of the service is not trusted here. A sign-in page of the network or a wrong clock can be the cause."
	case errors.Is(err, context.DeadlineExceeded):
		text = "The service did not answer in time. Everything waiting is kept."
	case errors.As(err, &dns):
		text = "The service's name is not known here. Is this computer online?"
	}
	return &Error{Code: Unreachable, Retry: workroom.RetryLater, Text: text, cause: err}
}

// problem reads an answer that is not the one asked for. genuine says that it carries the id of the service.
func problem(res *http.Response, genuine bool) *Error {
	body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // a cut body does not parse, which is an answer too
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	var p Problem
	if genuine && kind == ProblemType && json.Unmarshal(body, &p) == nil && p.Code != "" && p.Detail != "" && p.Status == res.StatusCode {
		e := &Error{
			Status: res.StatusCode, Code: p.Code, Retry: p.Retry, Text: workroom.SafeLabel(p.Detail, 500), Field: p.Field, Incident: p.Incident,
			After: retryAfter(res),
		}
		switch p.Retry {
		case workroom.RetryNever:
			e.Final = res.StatusCode >= 400 && res.StatusCode < 500
		case workroom.RetryAuth, workroom.RetryUpgrade, workroom.RetryDevice:
		default:
			e.Retry = workroom.RetryLater
		}
		if !e.Final && e.Retry == workroom.RetryNever {
			e.Retry = workroom.RetryLater
		}
		return e
	}
	return &Error{
		Status: res.StatusCode, Code: Unexpected, Retry: workroom.RetryLater, After: retryAfter(res),
		Text: "Something other than the service answered: " + whatAnswered(res, kind, body) + ". Everything waiting is kept.",
	}
}

var titlePattern = regexp.MustCompile(`(?is)<title[^>]*>(.{0,400}?)</title`)

// whatAnswered describes a stranger's answer without trusting a byte of it.
func whatAnswered(res *http.Response, kind string, body []byte) string {
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		to, err := url.Parse(res.Header.Get("Location"))
		if err == nil && to.Host != "" {
			return "a redirection to " + workroom.SafeLabel(to.Host, 80)
		}
		return "a redirection"
	case kind == "text/html" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 200)]))), "<!doctype html"):
		if m := titlePattern.FindSubmatch(body); m != nil {
			if t := workroom.SafeLabel(html.UnescapeString(string(m[1])), 80); t != "" {
				return "a web page titled “" + t + "”"
			}
		}
		return "a web page"
	case res.Header.Get(HeaderService) != "" && res.StatusCode < 300:
		return "another Trestle service"
	}
	return "a server with status " + strconv.Itoa(res.StatusCode)
}

func retryAfter(res *http.Response) time.Duration {
	v := res.Header.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, time.Hour)
	}
	return 0
}
