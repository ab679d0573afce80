package wire

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trestle/internal/workroom"
)

// Problem is what the service answers when it does not do what was asked: application/problem+json with a code, a sentence and whether
// trying again can help. It never repeats what was sent.
type Problem struct {
	Status   int            `json:"status"`
	Title    string         `json:"title"`
	Code     workroom.Code  `json:"code"`
	Retry    workroom.Retry `json:"retry"`
	Detail   string         `json:"detail"`
	Field    string         `json:"field,omitempty"`
	Incident string         `json:"incident,omitempty"`
	After    time.Duration  `json:"-"` // sent as Retry-After
}

// ProblemType is the media type of a Problem.
const ProblemType = "application/problem+json"

func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status (huma asks for it).
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is always that of a Problem (huma asks for it).
func (p *Problem) ContentType(string) string { return ProblemType }

// GetHeaders carries Retry-After (huma asks for it).
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.After > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.After+time.Second-1)/time.Second)))
	}
	return h
}

// Write answers a request with the problem, for handlers outside the API.
func (p *Problem) Write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", ProblemType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("Content-Disposition")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller has gone if this fails
}

// ProblemOf makes the problem for a refusal, with the status service.md §4 gives its code.
func ProblemOf(r *workroom.Refusal) *Problem {
	s := statusOf(r.Code)
	return &Problem{Status: s, Title: http.StatusText(s), Code: r.Code, Retry: r.Code.Retry(), Detail: r.Text, Field: r.Field}
}

// Fail makes the problem of a code with its usual sentence.
func Fail(c workroom.Code) *Problem { return ProblemOf(workroom.Refuse(c)) }

func statusOf(c workroom.Code) int {
	switch c {
	case workroom.BadInput, workroom.MemoEmpty:
		return http.StatusUnprocessableEntity
	case workroom.SignedOut:
		return http.StatusUnauthorized
	case workroom.ClientTooOld:
		return http.StatusUpgradeRequired
	case workroom.NoAccess:
		return http.StatusNotFound
	case workroom.IDReuse, workroom.Moved, workroom.CodeTaken, workroom.DeviceCloned:
		return http.StatusConflict
	case workroom.TooLarge:
		return http.StatusRequestEntityTooLarge
	case workroom.Quota, workroom.Rate:
		return http.StatusTooManyRequests
	case workroom.Busy:
		return http.StatusServiceUnavailable
	case workroom.Internal:
		return http.StatusInternalServerError
	case workroom.Gone, workroom.Expired:
		return http.StatusGone
	}
	return http.StatusForbidden
}

func problemOf(err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var r *workroom.Refusal
	if errors.As(err, &r) {
		return ProblemOf(r)
	}
	p = Fail(workroom.Internal)
	p.Retry = workroom.RetryLater
	return p
}

// codeOf is the code for a status that the framework below us gives, such as 413 or 422.
func codeOf(status int) workroom.Code {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return workroom.TooLarge
	case status == http.StatusRequestTimeout, status == http.StatusServiceUnavailable:
		return workroom.Busy
	case status == http.StatusUnauthorized:
		return workroom.SignedOut
	case status == http.StatusNotFound:
		return workroom.NoAccess
	case status == http.StatusTooManyRequests:
		return workroom.Rate
	case status >= 500:
		return workroom.Internal
	}
	return workroom.BadInput
}

// The framework's own errors echo the offending value (a password, a message); ours name the place and never the value.
func init() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		p := Fail(codeOf(status))
		p.Status, p.Title = status, http.StatusText(status)
		if status == http.StatusRequestTimeout {
			p.Retry = workroom.RetryLater
		}
		if status >= 500 {
			p.Retry = workroom.RetryLater
		}
		for _, e := range errs {
			var d huma.ErrorDetailer
			if errors.As(e, &d) && p.Field == "" {
				p.Field = workroom.SafeLabel(d.ErrorDetail().Location, 80)
			}
		}
		return p
	}
}
