package input

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"reflect"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// talk is what a fake X server says: bytes, and what a reader should make of them.
type talk struct {
	rnd    *rand.Rand
	bytes  []byte
	passed []byte // what xgb should get
	want   batch  // without windows of scrolling
}

const fakeXI = 131

// secret marks payload bytes that must not stay anywhere.
var secret = []byte{0xde, 0xad, 0xbe, 0xef}

func (k *talk) setup() {
	n := 4 * (10 + k.rnd.IntN(200))
	b := make([]byte, 8+n)
	b[0] = 1
	binary.LittleEndian.PutUint16(b[2:], 11)
	binary.LittleEndian.PutUint16(b[6:], uint16(n/4))
	k.bytes, k.passed = append(k.bytes, b...), append(k.passed, b...)
}

func (k *talk) unit(kind byte, tail int) []byte {
	b := make([]byte, 32+tail)
	for i := range b {
		b[i] = secret[i%4]
	}
	b[0] = kind
	binary.LittleEndian.PutUint32(b[4:], uint32(tail/4))
	return b
}

// raw is a raw event of some key, button or axis, with a tail of axis values.
func (k *talk) raw(kind uint16, detail uint32) {
	b := k.unit(xGenericEvent, 4*k.rnd.IntN(40))
	b[1] = fakeXI
	binary.LittleEndian.PutUint16(b[8:], kind)
	binary.LittleEndian.PutUint32(b[16:], detail)
	k.bytes = append(k.bytes, b...)
}

func (k *talk) some(keys func() uint32) {
	switch k.rnd.IntN(8) {
	case 0:
		k.raw(xiRawKeyPress, keys())
		k.want.keys++
	case 1:
		button := []uint32{1, 2, 3, 8, 9}[k.rnd.IntN(5)]
		k.raw(xiRawButtonPress, button)
		k.want.clicks++
	case 2:
		k.raw(xiRawButtonPress, 4+k.rnd.Uint32N(4))
		k.want.scrolls = 1
	case 3:
		k.raw(xiRawMotion, keys())
		k.want.moved = true
	case 4: // another raw event, and one of another extension with the same number
		k.raw(14, keys())
		b := k.unit(xGenericEvent, 8)
		b[1] = fakeXI + 1
		binary.LittleEndian.PutUint16(b[8:], xiRawKeyPress)
		k.bytes = append(k.bytes, b...)
	case 5: // an error
		b := k.unit(0, 0)
		k.bytes, k.passed = append(k.bytes, b...), append(k.passed, b...)
	case 6: // a reply, with a tail that looks like an event
		b := k.unit(xReply, 4*k.rnd.IntN(60))
		if len(b) > 64 {
			b[32] = xGenericEvent
		}
		k.bytes, k.passed = append(k.bytes, b...), append(k.passed, b...)
	case 7: // a core event; its length field means something else
		b := k.unit(byte(2+k.rnd.IntN(33)), 0)
		binary.LittleEndian.PutUint32(b[4:], k.rnd.Uint32())
		k.bytes = append(k.bytes, b...)
	}
}

// listen runs a filter over the talk, delivered in pieces of every size, and answers what it counted and passed.
func listen(t *testing.T, k *talk) (sum batch, passed []byte) {
	t.Helper()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	f := newFilter(fds[0], nil, 0, func(b batch) {
		mu.Lock()
		defer mu.Unlock()
		sum = batch{sum.keys + b.keys, sum.clicks + b.clicks, max(sum.scrolls, b.scrolls), sum.moved || b.moved}
	})
	f.listen(fakeXI)
	go func() {
		defer syscall.Close(fds[1])
		for rest := k.bytes; len(rest) > 0; {
			n := min(len(rest), 1+k.rnd.IntN(300))
			if _, err := unix.Write(fds[1], rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
		}
	}()
	passed, err = io.ReadAll(onlyReader{f})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(f.store, secret) {
		t.Error("bytes of an event are still in the buffer")
	}
	f.release()
	return sum, passed
}

type onlyReader struct{ io.Reader }

// Only four numbers leave, however the bytes arrive; which keys they were changes nothing.
func TestT06_OnlyFourNumbersLeave(t *testing.T) {
	for seed := range uint64(50) {
		var counted [2]batch
		for i, keys := range []func(*rand.Rand) uint32{
			func(*rand.Rand) uint32 { return 38 },
			func(r *rand.Rand) uint32 { return r.Uint32() },
		} {
			k := &talk{rnd: rand.New(rand.NewPCG(seed, 1))}
			other := rand.New(rand.NewPCG(seed, uint64(i)))
			k.setup()
			for range 400 {
				k.some(func() uint32 { return keys(other) })
			}
			sum, passed := listen(t, k)
			if !bytes.Equal(passed, k.passed) {
				t.Fatalf("seed %d: xgb got %d bytes, want %d", seed, len(passed), len(k.passed))
			}
			if sum != k.want {
				t.Fatalf("seed %d: counted %+v, want %+v", seed, sum, k.want)
			}
			counted[i] = sum
		}
		if counted[0] != counted[1] {
			t.Fatalf("seed %d: other keys, other counts: %+v", seed, counted)
		}
	}
}

// The package's only words about input are numbers and instants: no field could hold a key, a text or a window.
func TestT06_CountsHoldNumbersOnly(t *testing.T) {
	for _, v := range []any{Counts{}, batch{}} {
		for f := range reflect.TypeOf(v).Fields() {
			if k := f.Type.Kind(); k != reflect.Int && k != reflect.Bool {
				t.Errorf("%T.%s is a %s", v, f.Name, k)
			}
		}
	}
}

// The socket of events must not be in the netpoller: each event would wake the program. xgb is given the filter, which reads a blocking
// descriptor.
func TestT06_EventSocketBlocks(t *testing.T) {
	display := server(t)
	fd, _, err := dialDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_NONBLOCK != 0 {
		t.Errorf("flags %#x, %v: the descriptor does not block", flags, err)
	}
	var _ net.Conn = (*filter)(nil)
}

// Xauthority files are read as far as they make sense.
func TestXauthority(t *testing.T) {
	entry := func(family uint16, address, number, name string, data []byte) []byte {
		b := binary.BigEndian.AppendUint16(nil, family)
		for _, f := range [][]byte{[]byte(address), []byte(number), []byte(name), data} {
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(f))), f...)
		}
		return b
	}
	key := func(n byte) []byte { return bytes.Repeat([]byte{n}, 16) }
	ip := []byte{10, 0, 0, 7}
	file := bytes.Join([][]byte{
		entry(familyLocal, "other", "0", cookieName, key(1)),
		entry(familyLocal, "here", "0", "XDM-AUTHORIZATION-1", key(2)),
		entry(familyLocal, "here", "0", cookieName, key(3)),
		entry(0, string(ip), "0", cookieName, key(4)),
		entry(familyLocal, "here", "", cookieName, key(5)),
		entry(familyWild, "", "7", cookieName, key(6)),
	}, nil)
	for _, c := range []struct {
		host   string
		ip     []byte
		number string
		want   []byte
	}{
		{"here", nil, "0", key(3)},
		{"here", nil, "3", key(5)},
		{"there", nil, "7", key(6)},
		{"there", nil, "0", nil},
		{"here", ip, "0", key(4)},
		{"here", []byte{10, 0, 0, 8}, "0", nil},
	} {
		if got := findCookie(file, c.host, c.ip, c.number); !bytes.Equal(got, c.want) {
			t.Errorf("%s %v :%s: %x, want %x", c.host, c.ip, c.number, got, c.want)
		}
	}
}

func FuzzXauthority(f *testing.F) {
	f.Add([]byte{1, 0, 0, 1, 'h', 0, 1, '0', 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		if c := findCookie(file, "h", nil, "0"); c != nil && len(c) != 16 {
			t.Errorf("cookie of %d bytes", len(c))
		}
	})
}

func FuzzStream(f *testing.F) {
	k := &talk{rnd: rand.New(rand.NewPCG(1, 1))}
	k.setup()
	for range 30 {
		k.some(func() uint32 { return 38 })
	}
	f.Add(k.bytes)
	f.Fuzz(func(t *testing.T, stream []byte) {
		g := newFilter(-1, nil, 0, func(batch) {})
		g.listen(fakeXI)
		for len(stream) > 0 {
			n := min(len(stream), 1000)
			rest := copy(g.store, g.in)
			g.in = g.store[:rest+copy(g.store[rest:], stream[:n])]
			stream = stream[n:]
			g.parse()
			if len(g.in) >= 32 {
				t.Fatalf("%d bytes left standing", len(g.in))
			}
		}
	})
}
