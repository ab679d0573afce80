package proof

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// L3: what connections add to the memory of a service in a process of its own: idle ones, and in another process ones that take nothing of
// what they are told, so that what the collector leaves lying of the one does not count for the other.
func TestL3_MemoryOfConnections(t *testing.T) {
	conns := Size(0, 600, 2000, 2000)
	if conns == 0 {
		t.Skip("not in the small share")
	}
	const rounds, writers, stalled = 20, 5, 19 // an account has at most twenty streams
	idle := idling(t, conns)
	each := stalling(t, rounds, writers, stalled)
	if v := CheckL3Memory(idle, each); len(v) > 0 {
		t.Error(words(v))
	}
	Report(t, "T8", "L3: %.1f KiB for each of %d idle connections, %.1f KiB for each of %d that take nothing of 4 MB", idle, conns, each, writers*stalled)
}

// littleWaste has the collector come early: what is counted is what connections hold, and hardly what it has not taken away yet.
const littleWaste = "GOGC=20"

// idling is what each of so many connections costs on which nothing happens, in KiB.
func idling(t *testing.T, conns int) float64 {
	c := spawn(t, "serve", serveOrders{Data: t.TempDir(), Listen: "127.0.0.1:0"}, littleWaste)
	defer c.kill()
	url := c.first()
	var people []wire.Signed
	for i := range conns / 20 {
		people = append(people, signUp(t, url, fmt.Sprint("Anna", i)).signed)
	}
	before := c.resident()
	for i := range conns {
		dial(t, url, people[i%len(people)].Token)
	}
	return (c.resident() - before) / float64(conns)
}

// stalling is what each connection costs that takes nothing while others write, so many rounds of 200 KB, in KiB.
func stalling(t *testing.T, rounds, writers, stalled int) float64 {
	c := spawn(t, "serve", serveOrders{Data: t.TempDir(), Listen: "127.0.0.1:0"}, littleWaste)
	defer c.kill()
	url := c.first()
	var all []*spokesman
	for i := range writers {
		all = append(all, speak(t, url, fmt.Sprint("Writer", i)))
	}
	tell := func() {
		for range rounds {
			for _, w := range all {
				w.says(50, 4000)
			}
		}
	}
	tell() // what the service itself needs for it
	before := c.resident()
	var last *bufio.Reader
	for _, w := range all {
		for range stalled {
			last = dial(t, url, w.signed.Token)
			conn := ""
			for conn == "" {
				line, err := last.ReadString('\n')
				must(t, err)
				if _, after, ok := strings.Cut(line, `"conn":"`); ok {
					conn, _, _ = strings.Cut(after, `"`)
				}
			}
			_, err := w.Watch(bg, wire.Watch{Conn: conn, Scopes: []workroom.Scope{workroom.RoomScope(w.room)}})
			must(t, err)
		}
	}
	tell()
	each := (c.resident() - before) / float64(stalled*writers)
	for hint := false; !hint; { // what there was no room for is told as a hint
		line, err := last.ReadString('\n')
		must(t, err)
		hint = line == "event: heads\n"
	}
	return each
}

// dial opens a live channel for which the system takes little that is not read.
func dial(t *testing.T, url, token string) *bufio.Reader {
	t.Helper()
	small := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { must(t, syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)) })
	}}
	raw, err := small.Dial("tcp", strings.TrimPrefix(url, "http://"))
	must(t, err)
	t.Cleanup(func() { raw.Close() })
	fmt.Fprintf(raw, "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", token)
	r := bufio.NewReaderSize(raw, 512)
	res, err := http.ReadResponse(r, nil)
	must(t, err)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the live channel answers %d", res.StatusCode)
	}
	return bufio.NewReader(res.Body)
}

// resident is the memory that a child has, in KiB.
func (c *child) resident() float64 {
	c.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	must(c.t, err)
	for line := range strings.Lines(string(text)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb
		}
	}
	c.t.Fatal("no VmRSS")
	return 0
}

// spokesman writes by the wire alone, many messages at a time.
type spokesman struct {
	*wire.Client
	t      testing.TB
	signed wire.Signed
	room   workroom.RoomID
	n      int64
}

// speak signs somebody up with a room of their own.
func speak(t testing.TB, url, name string) *spokesman {
	t.Helper()
	d := signUp(t, url, name)
	s := &spokesman{Client: d.client(url), t: t, signed: d.signed, room: workroom.RoomID(newID())}
	k := workroom.ContractID(newID())
	s.send(wire.Command{ID: string(k), Lane: string(workroom.ContractScope(k)), Op: workroom.OpCreateContract, V: workroom.Ops[workroom.OpCreateContract].V}, ownContract(k, s.room, d.signed))
	return s
}

func (s *spokesman) send(c wire.Command, args ...workroom.Command) {
	s.t.Helper()
	var cmds []wire.Command
	for i, a := range args {
		s.n++
		raw, err := json.Marshal(a)
		must(s.t, err)
		c.N, c.Args = s.n, raw
		if i > 0 {
			c.ID = newID()
		}
		cmds = append(cmds, c)
	}
	out, err := s.Commands(bg, wire.Commands{Device: "d", Cmds: cmds})
	must(s.t, err)
	for _, r := range out.Results {
		if r.Status != wire.OK {
			s.t.Fatalf("%s was answered %s %s", c.Op, r.Status, r.Text)
		}
	}
}

// says sends so many messages of so many bytes.
func (s *spokesman) says(messages, size int) {
	s.t.Helper()
	list := make([]workroom.Command, messages)
	for i := range list {
		list[i] = workroom.SendMessage{Room: s.room, Text: strings.Repeat("x", size)}
	}
	s.send(wire.Command{ID: newID(), Lane: string(workroom.RoomScope(s.room)), Op: workroom.OpSendMessage, V: workroom.Ops[workroom.OpSendMessage].V}, list...)
}
