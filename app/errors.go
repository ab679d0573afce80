package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"trestle/internal/annotate"
	"trestle/internal/replica"
	"trestle/internal/screen"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Codes that the program itself adds to those of workroom and wire.
const (
	CodeInternal  = "internal"   // a fault of ours; the log has it under the incident's id
	CodeTimeout   = "timeout"    // the call took longer than CallLimit; it may still finish
	CodeNoMethod  = "no_method"  // the page asked for a method that is not bound
	CodeBadInput  = "bad_input"  // the argument is not what the method takes
	CodeStarting  = "starting"   // the holder of the data folder is not ready yet
	CodeNotHere   = "not_here"   // this computer or this face cannot do it
	CodeBadLink   = "bad_link"   // OpenLink refuses the address
	CodeHeld      = "held"       // another process holds the data folder and does not answer
	CodeNoFolder  = "no_folder"  // a folder of ours cannot be made or written
	CodeNoWebview = "no_webview" // there is no window here; the browser is the way in
)

// Failure is what the page, the socket and the command line are told when a
// call did not succeed: a code to act on, a sentence to show, and the name of
// the field to show it beside. Its Error method answers the JSON text itself,
// because Wails hands an object to the page as "[object Object]".
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
	// Incident is set with CodeInternal: the id under which the log, ours or the
	// service's, has more.
	Incident string `json:"incident,omitempty"`
}

// Error answers the failure as one line of JSON.
func (f *Failure) Error() string {
	b, err := json.Marshal(f)
	if err != nil { // four strings always marshal
		return `{"code":"internal","message":"Something went wrong."}`
	}
	return string(b)
}

// Fail makes a failure with a code of this package and a sentence for a person.
func Fail(code, sentence string) *Failure { return &Failure{Code: code, Message: sentence} }

// AsFailure turns any error into what may be shown. A refusal of a rule, what the
// service answered, trouble with the store, reasons for no picture and refused marks on one keep their
// code and sentence; a passed deadline becomes CodeTimeout; everything else becomes CodeInternal with an incident's id, and
// goes to the log under that id with its quoted parts left out. A nil error
// answers nil.
func AsFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	var (
		own     *Failure
		refusal *workroom.Refusal
		service *wire.Error
		store   *replica.Fault
		picture *screen.Error
		marks   *annotate.Error
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &refusal):
		return &Failure{Code: string(refusal.Code), Message: refusal.Text, Field: refusal.Field}
	case errors.As(err, &service):
		return &Failure{Code: string(service.Code), Message: service.Text, Field: service.Field, Incident: service.Incident}
	case errors.As(err, &store):
		slog.Error("the store is in trouble", "code", store.Code, "error", traceOf(store.Err))
		return Fail(string(store.Code), store.Text)
	case errors.As(err, &picture):
		return Fail(picture.Code, picture.Message)
	case errors.As(err, &marks):
		return Fail(marks.Code, marks.Message)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Fail(CodeTimeout, "This took too long. It may still finish.")
	}
	return incident("call failed", err)
}

// incident logs err under a fresh id and answers the failure that names the id.
func incident(what string, err error, attrs ...any) *Failure {
	id := shortID()
	slog.Error(what, append([]any{"incident", id, "error", traceOf(err)}, attrs...)...)
	return &Failure{Code: CodeInternal, Incident: id,
		Message: "Something went wrong. The log has it under " + id + "."}
}

// FormatError is Wails' ErrorFormatter: it answers a JSON string, never an object.
func FormatError(err error) any { return AsFailure(err).Error() }

// traceOf renders an error for the log: the phrases of each layer ("open
// outbox: quick check"), then the type of the innermost error and its first
// clause. What stands in quotes, and anything that looks like a path or an
// address, is left out: it may be what a person wrote.
func traceOf(err error) string {
	var parts []string
	for depth := 0; err != nil && depth < 20; depth++ {
		var pe *os.PathError
		if errors.As(err, &pe) && error(pe) == err {
			parts = append(parts, pe.Op)
			err = pe.Err
			continue
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok { // joined, or wrapped with more than one: each has its own story
			for _, x := range many.Unwrap() {
				if s := traceOf(x); s != "" {
					parts = append(parts, s)
				}
			}
			break
		}
		next := errors.Unwrap(err)
		if next == nil {
			clause, _, _ := strings.Cut(err.Error(), ": ")
			parts = append(parts, fmt.Sprintf("%T %s", err, scrub(clause)))
			break
		}
		phrase := strings.TrimSuffix(err.Error(), next.Error())
		if phrase != err.Error() {
			phrase = strings.TrimRight(phrase, ": ")
		} else {
			phrase = fmt.Sprintf("%T", err)
		}
		if phrase != "" {
			parts = append(parts, scrub(phrase))
		}
		err = next
	}
	return strings.Join(parts, ": ")
}

var (
	quotedPart = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'[^']*'|“[^”]*”")
	pathPart   = regexp.MustCompile(`(?:[a-zA-Z][a-zA-Z0-9+.-]*://|[A-Za-z]:\\|/|~/)\S+`)
)

// scrub leaves out of a log line what may be a person's own words, and cuts it
// to 200 bytes.
func scrub(s string) string {
	s = quotedPart.ReplaceAllString(s, "…")
	s = pathPart.ReplaceAllString(s, "…")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
