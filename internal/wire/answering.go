package wire

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"time"
)

// Answer is how long a service may take to begin its answer once a question of little is written. A connection that died without a word is
// given up by it, well before Timeout, which is for answers that come slowly.
const Answer = 20 * time.Second

// errUnanswered says that a question was written and no answer began.
var errUnanswered = fmt.Errorf("no answer began: %w", context.DeadlineExceeded)

// answering gives a question a limit from when it is written to when its answer begins, which the caller tells. What is written may still
// stand in this machine's buffer: each KiB gets a second more, so that a line of a kilobyte a second is not given up.
func answering(ctx context.Context, size int) (asked context.Context, begun func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	limit := Answer + time.Duration(size>>10)*time.Second
	timer := time.AfterFunc(Timeout, func() { cancel(errUnanswered) })
	timer.Stop()
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { timer.Reset(limit) }}
	return httptrace.WithClientTrace(ctx, trace), func() { timer.Stop() }
}
