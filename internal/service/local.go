package service

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// Local is a transport to a service inside this program: requests go straight to its handler, answers stream back as they are written.
// There is no socket, so nothing else on the computer can reach it. Use it with wire.LocalBase.
func Local(s *Service) http.RoundTripper { return local{s} }

type local struct{ h http.Handler }

func (l local) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), ""
	if in.Body == nil {
		in.Body = http.NoBody
	}
	read, write := io.Pipe()
	w := &answer{head: http.Header{}, body: write, ready: make(chan struct{})}
	go func() {
		defer cancel()
		defer func() {
			if r.Body != nil {
				_ = r.Body.Close() // RoundTrip promises it
			}
		}()
		defer func() {
			if p := recover(); p != nil { // the handler wants the connection cut
				w.WriteHeader(http.StatusInternalServerError)
				_ = write.CloseWithError(io.ErrUnexpectedEOF)
			}
		}()
		l.h.ServeHTTP(w, in)
		w.WriteHeader(http.StatusOK)
		_ = write.Close() // a pipe's end never fails to close
	}()
	// What the handler does not write to its end must not be waited for.
	stop := context.AfterFunc(ctx, func() { _ = write.CloseWithError(context.Cause(ctx)) })
	select {
	case <-w.ready:
	case <-r.Context().Done():
		return nil, fmt.Errorf("ask the service: %w", r.Context().Err())
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: &body{read, func() { stop(); cancel() }}, ContentLength: length(w.sent), Request: r,
	}, nil
}

func length(h http.Header) int64 {
	n := int64(-1)
	if _, err := fmt.Sscan(h.Get("Content-Length"), &n); err != nil {
		return -1
	}
	return n
}

// answer is the ResponseWriter of a question inside the program.
type answer struct {
	head   http.Header
	sent   http.Header
	status int
	body   *io.PipeWriter
	once   sync.Once
	ready  chan struct{}
}

func (a *answer) Header() http.Header { return a.head }

func (a *answer) WriteHeader(status int) {
	a.once.Do(func() {
		a.status, a.sent = status, a.head.Clone()
		close(a.ready)
	})
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// Flush is http.Flusher; a pipe holds nothing back.
func (a *answer) Flush() {}

type body struct {
	io.ReadCloser
	end func()
}

// Close tells the handler that nobody reads on.
func (b *body) Close() error {
	b.end()
	return b.ReadCloser.Close()
}
