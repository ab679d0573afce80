package main

import (
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// through opens a relay to a server that answers each connection by serve, and a connection through it.
func through(t *testing.T, serve func(net.Conn)) (*relay, func() net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	r, err := open(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	return r, func() net.Conn {
		c, err := net.Dial("tcp", r.addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(20 * time.Second))
		return c
	}
}

func echo(c net.Conn) { io.Copy(c, c); c.Close() }

// A slow way must be slow to the sender too: what goes into buffers on the way it takes for sent. Left as the system makes them, those of one
// connection took 4 MB at once, and those of the three that carry a file half of it.
func TestSlowWayHoldsTheSenderUp(t *testing.T) {
	r, dial := through(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	r.up.set(1000)
	c := dial()
	c.SetWriteDeadline(time.Now().Add(time.Second))
	took, chunk := 0, make([]byte, 64<<10)
	for took < 64<<20 {
		n, err := c.Write(chunk)
		took += n
		if err != nil {
			break
		}
	}
	if took > 2<<20 {
		t.Errorf("a way of 1,000 bytes a second took %d bytes in a second", took)
	}
}

func TestCutAndMended(t *testing.T) {
	r, dial := through(t, echo)
	talk := func(c net.Conn) error {
		c.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err := c.Write([]byte("here")); err != nil {
			return err
		}
		_, err := io.ReadFull(c, make([]byte, 4))
		return err
	}
	old := dial()
	if err := talk(old); err != nil {
		t.Fatal(err)
	}
	at := r.addr()
	r.cut()
	if talk(old) == nil {
		t.Error("a connection outlived the cut")
	}
	if c, err := net.Dial("tcp", at); err == nil {
		if talk(c) == nil {
			t.Error("a way that is cut carries something")
		}
		c.Close()
	}
	r.mend()
	if err := talk(dial()); err != nil {
		t.Errorf("a way that is mended: %v", err)
	}
	if r.addr() != at {
		t.Errorf("it listens at %s, before at %s", r.addr(), at)
	}
}

func TestThoseThatWaitHearOfAnotherPace(t *testing.T) {
	r, dial := through(t, echo)
	r.up.set(1)
	c := dial()
	if _, err := c.Write([]byte("a line that would take half a minute")); err != nil {
		t.Fatal(err)
	}
	r.up.set(0)
	if _, err := io.ReadFull(c, make([]byte, 36)); err != nil {
		t.Error(err)
	}
}

func TestAnotherVersionIsSaid(t *testing.T) {
	r, dial := through(t, echo)
	for _, v := range []struct{ version, sent, got string }{
		{"", "GET / HTTP/1.1\r\nTrestle-Client: 1.2.3\r\n", "GET / HTTP/1.1\r\nTrestle-Client: 1.2.3\r\n"},
		{"0.0.9", "GET / HTTP/1.1\r\nTrestle-Client: 1.2.3\r\n", "GET / HTTP/1.1\r\nTrestle-Client: 0.0.9\r\n"},
		{"0.0.10", "GET / HTTP/1.1\r\ntrestle-client: 1.2.3\r\n", "GET / HTTP/1.1\r\ntrestle-client: 0.0.10\r\n"},
		{"0.0.9", "GET / HTTP/1.1\r\nHost: x\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"},
	} {
		r.version.Store(&v.version)
		c := dial()
		if _, err := io.WriteString(c, v.sent); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(v.got))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != v.got {
			t.Errorf("as %q: %q, %v", v.version, got, err)
		}
	}
}

func TestOrdersAreAnswered(t *testing.T) {
	var out strings.Builder
	in := `{"do":"url"}` + "\n" + `{"do":"slow","up":5}` + "\n" + `{"do":"cut"}` + "\n" + `{"do":"mend"}` + "\n" + `{"do":"aged","version":"0.0.9"}` + "\n"
	if err := run([]string{"http://127.0.0.1:9"}, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var first answer
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || !strings.HasPrefix(first.URL, "http://127.0.0.1:") || len(lines) != 5 {
		t.Errorf("answered %q, %v", lines, err)
	}
	for _, bad := range []string{"once", `{"do":"jump"}`} {
		if run([]string{"http://127.0.0.1:9"}, strings.NewReader(bad+"\n"), io.Discard) == nil {
			t.Errorf("took %s for an order", bad)
		}
	}
	if run(nil, strings.NewReader(""), io.Discard) == nil || run([]string{"nowhere"}, strings.NewReader(""), io.Discard) == nil {
		t.Error("began without an address")
	}
}
