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

// L3: what connections add to the memory of a service in a process of its own: idle ones, and ones that take nothing of what they are told.
func TestL3_MemoryOfConnections(t *testing.T) {
	conns := Size(0, 600, 2000, 2000)
	if conns == 0 {
		t.Skip("not in the small share")
	}
	c := spawn(t, "serve", serveOrders{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	url := c.first()
	defer c.kill()
	resident := func() float64 {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
		if err != nil {
			t.Skip("the memory of a process cannot be read here")
		}
		for line := range strings.Lines(string(text)) {
			var kb float64
			if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
				return kb
			}
		}
		t.Fatal("no VmRSS")
		return 0
	}
	var people []wire.Signed
	for i := range conns / 20 {
		d := signUp(t, url, fmt.Sprint("Anna", i))
		people = append(people, d.signed)
	}
	var writers []*spokesman
	for i := range 5 {
		writers = append(writers, speak(t, url, fmt.Sprint("Writer", i)))
	}

	small := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error { // the system takes little for those who do not read
		return c.Control(func(fd uintptr) { must(t, syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)) })
	}}
	dial := func(token string) *bufio.Reader {
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
	before := resident()
	for i := range conns {
		dial(people[i%len(people)].Token)
	}
	idle := (resident() - before) / float64(conns)

	const told, stalled = 20, 19 // of each writer
	tell := func() {
		for range told { // 4 MB for each of those who look
			for _, w := range writers {
				w.says(50, 4000)
			}
		}
	}
	tell() // what the service itself needs for it
	before = resident()
	var last *bufio.Reader
	for _, w := range writers {
		for range stalled {
			body := dial(w.signed.Token)
			last = body
			conn := ""
			for conn == "" {
				line, err := body.ReadString('\n')
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
	each := (resident() - before) / float64(stalled*len(writers))
	for hint := false; !hint; { // what there was no room for is told as a hint
		line, err := last.ReadString('\n')
		must(t, err)
		hint = line == "event: heads\n"
	}
	if v := CheckL3Memory(idle, each); len(v) > 0 {
		t.Error(words(v))
	}
	Report(t, "T8", "L3: %.1f KiB for each of %d idle connections, %.1f KiB for each of %d that take nothing of 4 MB", idle, conns, each, stalled*len(writers))
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
