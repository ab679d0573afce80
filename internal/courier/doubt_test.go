package courier

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"trestle/internal/wire"
)

// failing is a way on which every question ends with an error.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// L1 L2: where a question gets no answer at all, the live channel that said nothing since is begun anew too: it hangs on the same way, and
// its own silence would take a minute to tell. One that spoke meanwhile stays, and other errors say nothing about it.
func TestL2_NoAnswerDoubtsTheStream(t *testing.T) {
	trouble := func(cause error) error {
		_, err := (&wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: failing{cause}}}).Heads(t.Context(), "")
		return err
	}
	for _, x := range []struct {
		what  string
		err   error
		spoke time.Duration // before the error
		cuts  int
	}{
		{"no answer", trouble(context.DeadlineExceeded), wire.Answer, 1},
		{"no answer, but the stream spoke", trouble(context.DeadlineExceeded), wire.Answer - time.Second, 0},
		{"refused", trouble(errors.New("connection refused")), time.Hour, 0},
		{"somebody else's page", &wire.Error{Status: 502, Code: wire.Unexpected}, time.Hour, 0},
	} {
		t.Run(x.what, func(t *testing.T) {
			m := begun(t)
			now := t0.Add(x.spoke)
			out := m.Step(now, evHeads{err: x.err})
			now = m.netAt
			out = append(out, m.Step(now, evTick{})...)
			if got := len(keep[actCut](out)); got != x.cuts {
				t.Fatalf("cut %d times: %s", got, names(out))
			}
			if x.cuts == 0 {
				return
			}
			is(t, "begun anew", keep[actConnect](m.Step(now, evStream{err: errCut})), "actConnect ")
			m.Step(now, evFrame{wire.Event{Hello: &wire.Hello{}}})
			if out := m.Step(now.Add(time.Second), evTick{}); len(keep[actCut](out)) != 0 {
				t.Errorf("and again: %s", names(out))
			}
		})
	}
}
