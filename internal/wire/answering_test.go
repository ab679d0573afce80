package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// closing counts how often its idle connections are given up.
type closing struct {
	transport
	n int
}

func (c *closing) CloseIdleConnections() { c.n++ }

// L1: a question that was written and gets no answer is given up after Answer, one that is still being written, or that holds much, later;
// an answer that began may come slowly. The live channel is given up alike before it began.
func TestL1_NoAnswerIsGivenUpSoon(t *testing.T) {
	for name, x := range map[string]struct {
		write time.Duration // until the question is written
		begin time.Duration // from there until the answer begins; 0 = never
		end   time.Duration // from there until its end
		size  int
		want  time.Duration
		fails bool
	}{
		"half-open":            {0, 0, 0, 0, Answer, true},
		"a slow answer begins": {0, Answer - time.Second, 10 * time.Second, 0, Answer + 9*time.Second, false},
		"a slow line":          {15 * time.Second, 10 * time.Second, 10 * time.Second, 0, 35 * time.Second, false},
		"much":                 {0, Answer + 5*time.Second, 0, 10 << 10, Answer + 5*time.Second, false},
		"never written":        {time.Hour, 0, 0, 0, Timeout, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &Client{Base: LocalBase, Service: "svc", HTTP: &http.Client{Transport: &closing{transport: func(r *http.Request) (*http.Response, error) {
					wait := func(d time.Duration) error {
						select {
						case <-time.After(d):
							return nil
						case <-r.Context().Done():
							return r.Context().Err()
						}
					}
					if err := wait(x.write); err != nil {
						return nil, err
					}
					httptrace.ContextClientTrace(r.Context()).WroteRequest(httptrace.WroteRequestInfo{})
					if x.begin == 0 {
						<-r.Context().Done()
						return nil, r.Context().Err()
					}
					if err := wait(x.begin); err != nil {
						return nil, err
					}
					in, out := io.Pipe()
					go func() {
						if err := wait(x.end); err == nil {
							_, _ = io.WriteString(out, `{"token":"t","account":"a","name":"n","email":"e","service":"svc","epoch":"e"}`)
						}
						out.Close()
					}()
					return &http.Response{StatusCode: 200, Header: http.Header{HeaderService: {"svc"}, "Content-Type": {"application/json"}}, Body: in, Request: r}, nil
				}}}}
				begin := time.Now()
				_, err := OpSignIn.Do(t.Context(), c, SignIn{Password: strings.Repeat("x", x.size)})
				var e *Error
				if d := time.Since(begin); d != x.want || (err != nil) != x.fails { // the bubble's clock
					t.Errorf("after %s: %v", d, err)
				}
				if x.fails && (!errors.As(err, &e) || e.Code != Unreachable || e.Final || !errors.Is(err, context.DeadlineExceeded)) {
					t.Errorf("%#v", err)
				}
				if closed := c.HTTP.Transport.(*closing).n > 0; closed != (x.fails && x.write == 0) {
					t.Errorf("the other connections were given up: %v", closed)
				}
				if x.begin == 0 && x.write == 0 {
					begin = time.Now()
					if err := c.Events(t.Context(), func(Event) {}); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != Answer {
						t.Errorf("the live channel: %v after %s", err, time.Since(begin))
					}
				}
			})
		})
	}
}
