package proof

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// echo answers every byte, and leads a proxy to it.
func echo(t *testing.T) (*Proxy, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
	p, err := NewProxy(l.Addr().String())
	must(t, err)
	t.Cleanup(p.Close)
	c, err := net.Dial("tcp", p.listener.Addr().String())
	must(t, err)
	t.Cleanup(func() { c.Close() })
	there(t, c, "good")
	return p, c
}

// there sends a text and expects it back.
func there(t *testing.T, c net.Conn, text string) {
	t.Helper()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	_, err := io.WriteString(c, text)
	must(t, err)
	b := make([]byte, len(text))
	_, err = io.ReadFull(c, b)
	must(t, err)
	if string(b) != text {
		t.Fatalf("%q came back as %q", text, b)
	}
}

// silent sends a text and expects nothing back, and no word about it.
func silent(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetDeadline(time.Now().Add(150 * time.Millisecond))
	io.WriteString(c, "lost?")
	if n, err := c.Read(make([]byte, 10)); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%d bytes came, %v", n, err)
	}
}

// TestProxy_BreaksTheWay shows that each fault of the proxy is one, without which T8 would prove nothing.
func TestProxy_BreaksTheWay(t *testing.T) {
	t.Parallel()
	slow := func(f Fault, text string, least time.Duration) func(*testing.T) {
		return func(t *testing.T) {
			p, c := echo(t)
			p.Set(f)
			begin := time.Now()
			there(t, c, text)
			if took := time.Since(begin); took < least {
				t.Errorf("it took %v only", took)
			}
		}
	}
	reset := func(t *testing.T, c net.Conn) {
		t.Helper()
		c.SetDeadline(time.Now().Add(20 * time.Second))
		_, err := io.Copy(io.Discard, c)
		if err == nil || !errors.Is(err, syscall.ECONNRESET) && !strings.Contains(err.Error(), "reset") {
			t.Errorf("the connection ended with %v", err)
		}
	}
	for name, test := range map[string]func(*testing.T){
		"delay": slow(Fault{Delay: 100 * time.Millisecond}, "slow", 200*time.Millisecond), // there and back
		"rate":  slow(Fault{Rate: 1 << 10}, strings.Repeat("x", 512), 500*time.Millisecond),
		"slice": slow(Fault{Slice: 1}, strings.Repeat("y", 5000), 0),
		"hole": func(t *testing.T) {
			p, c := echo(t)
			p.Set(Fault{Hole: true})
			silent(t, c)
			p.Set(Fault{})
			c.SetDeadline(time.Now().Add(20 * time.Second))
			b := make([]byte, 5)
			if _, err := io.ReadFull(c, b); err != nil || string(b) != "lost?" {
				t.Errorf("after the hole %q came, %v", b, err)
			}
		},
		"half-open": func(t *testing.T) {
			p, c := echo(t)
			p.Set(Fault{HalfOpen: true})
			p.Set(Fault{})
			silent(t, c) // for ever
			again, err := net.Dial("tcp", p.listener.Addr().String())
			must(t, err)
			defer again.Close()
			there(t, again, "a new one")
		},
		"cut": func(t *testing.T) {
			p, c := echo(t)
			p.Cut()
			reset(t, c)
		},
		"reset mid-frame": func(t *testing.T) {
			p, c := echo(t)
			p.Set(Fault{ResetAfter: 100})
			go io.WriteString(c, strings.Repeat("z", 1000))
			reset(t, c)
			if _, resets, _ := p.Counts(); resets != 1 {
				t.Errorf("%d resets", resets)
			}
		},
		"refused": func(t *testing.T) {
			p, _ := echo(t)
			p.Set(Fault{Refuse: true})
			c, err := net.Dial("tcp", p.listener.Addr().String())
			if err != nil {
				return
			}
			defer c.Close()
			reset(t, c)
		},
		"answer": func(t *testing.T) {
			p, c := echo(t)
			for _, w := range ways {
				if w.fault.Answer == "" {
					continue
				}
				p.Set(w.fault)
				res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Get(p.URL())
				must(t, err)
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || len(body) == 0 {
					t.Errorf("%s: %d bytes, %v", w.name, len(body), err)
				}
			}
			reset(t, c)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}
