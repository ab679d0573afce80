package app

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
)

// guard is the first statement of every bound method: `defer guard(&err)`. It
// turns a panic into CodeInternal, because a panic below Wails is recovered
// there and the page's promise never settles. The log gets the panic's type and
// the functions and lines it came through, never its value unless that is a
// runtime error of Go's own.
func guard(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	*err = panicked(cause)
}

// panicked logs a recovered panic and answers the failure to show.
func panicked(cause any) *Failure {
	var err error
	if re, ok := cause.(runtime.Error); ok {
		err = re
	} else {
		err = fmt.Errorf("panic with a %T", cause)
	}
	return incident("panic", err, "stack", stackOf(4))
}

// stackOf lists up to 24 callers as function:line, skipping the first skip.
func stackOf(skip int) string {
	pc := make([]uintptr, 24)
	frames := runtime.CallersFrames(pc[:runtime.Callers(skip, pc)])
	var out []string
	for {
		f, more := frames.Next()
		if f.Function != "" {
			out = append(out, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
		if !more {
			return strings.Join(out, " < ")
		}
	}
}

// shortID answers eight random hexadecimal digits for naming an incident.
func shortID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}
