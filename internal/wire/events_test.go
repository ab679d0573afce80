package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// stream answers the live channel with what a function writes, until the asker gives up.
func stream(write func(ctx context.Context, w *io.PipeWriter)) *Client {
	return &Client{Base: LocalBase, Service: "svc", HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		in, out := io.Pipe()
		go func() {
			write(r.Context(), out)
			out.Close()
		}()
		h := http.Header{HeaderService: {"svc"}, "Content-Type": {"text/event-stream"}}
		return &http.Response{StatusCode: 200, Header: h, Body: in, Request: r}, nil
	})}}
}

// F-02: a stream that says nothing for a minute is given up; comments keep it.
func TestF02_SilenceEndsTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		c := stream(func(ctx context.Context, w *io.PipeWriter) {
			for range 4 {
				_, _ = io.WriteString(w, ": \n\n")
				time.Sleep(25 * time.Second)
			}
			<-ctx.Done()
			w.CloseWithError(ctx.Err())
		})
		err := c.Events(t.Context(), func(Event) { t.Error("a frame") })
		var e *Error
		if !errors.Is(err, ErrSilent) || !errors.As(err, &e) || e.Code != Unreachable || e.Final {
			t.Fatalf("%#v", err)
		}
		if d := time.Since(begin); d != 75*time.Second+Silence {
			t.Fatalf("given up after %s", d) // the bubble's clock
		}
	})
}

// Frames come in any shape the standard allows; broken and unknown ones cost nothing.
func TestFrames(t *testing.T) {
	text := "event: hello\ndata: {\"conn\":\"c\",\"epoch\":\"e\",\"now\":1}\n\n" +
		": comment\n\n" +
		"event:heads\ndata:{\"h\":[{\"s\":\"r:a\",\ndata: \"q\":7}]}\n\n" +
		"event: heads\ndata: {broken\n\n" +
		"event: heads\n\n" +
		"event: weather\ndata: {\"sun\":true}\n\n" +
		"event: presence\ndata: {\"who\":\"x\",\"state\":\"asleep\"}\n\n" +
		"event: presence\ndata: {\"who\":\"x\",\"state\":\"away\"}\n\n" +
		"event: typing\ndata: {\"s\":\"r:a\",\"who\":\"x\"}\n\n" +
		"data: {\"h\":[]}\n\n" +
		"event: bye\ndata: {\"retry_ms\":1500}\n\n" +
		"event: heads\ndata: {\"h\":[]}\n\n"
	for _, end := range []string{"\n", "\r\n"} {
		c := stream(func(_ context.Context, w *io.PipeWriter) {
			_, _ = io.WriteString(w, strings.ReplaceAll(text, "\n", end))
		})
		var got []string
		err := c.Events(t.Context(), func(e Event) {
			switch {
			case e.Hello != nil && e.Hello.Epoch == "e":
				got = append(got, "hello")
			case e.Hint != nil && len(e.Hint.Heads) == 1 && e.Hint.Heads[0].Seq == 7:
				got = append(got, "heads")
			case e.Bye != nil && e.Bye.RetryMS == 1500:
				got = append(got, "bye")
			case e.Presence != nil && *e.Presence == (Presence{"x", Away}), e.Typing != nil && *e.Typing == (Typing{"r:a", "x"}):
				got = append(got, "x")
			default:
				t.Errorf("%+v", e)
			}
		})
		if err == nil || strings.Join(got, " ") != "hello heads x x bye" {
			t.Fatalf("%v, %v", got, err)
		}
	}
	endless := stream(func(ctx context.Context, w *io.PipeWriter) {
		for ctx.Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
				return
			}
		}
	})
	if err := endless.Events(t.Context(), func(Event) {}); err == nil {
		t.Fatal("a line without an end")
	}
}

func FuzzFrames(f *testing.F) {
	f.Add("event: heads\ndata: {\"h\":[{\"s\":\"r:a\",\"q\":7}]}\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c := stream(func(_ context.Context, w *io.PipeWriter) { _, _ = io.WriteString(w, text) })
		if err := c.Events(t.Context(), func(Event) {}); err == nil {
			t.Fatal("ended without an error")
		}
	})
}
