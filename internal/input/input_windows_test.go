package input

import (
	"context"
	"slices"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// These tests need a desktop and nobody at it: `make wine` gives them one.

var (
	procSendInput   = user32.NewProc("SendInput")
	procFindWindow  = user32.NewProc("FindWindowW")
	procSendMessage = user32.NewProc("SendMessageW")
)

// hand is INPUT: a kind and, on 64 bits after four bytes of nothing, MOUSEINPUT, the largest of its union.
type hand struct {
	kind  uint32
	_     uint32
	mouse struct {
		dx, dy, data int32
		flags, time  uint32
		extra        uintptr
	}
}

// keyboard is KEYBDINPUT in the place of MOUSEINPUT.
type keyboard struct {
	key, scan   uint16
	flags, time uint32
	extra       uintptr
}

func send(t *testing.T, list ...hand) {
	t.Helper()
	if n, _, err := procSendInput.Call(uintptr(len(list)), uintptr(unsafe.Pointer(&list[0])), unsafe.Sizeof(list[0])); int(n) != len(list) {
		t.Skipf("this desktop takes no input of programs: %d of %d, %v", n, len(list), err)
	}
}

func mouse(flags uint32, dx, dy, data int32) (h hand) {
	h.mouse.flags, h.mouse.dx, h.mouse.dy, h.mouse.data = flags, dx, dy, data
	return h
}

func key(vk uint16, up bool) (h hand) {
	h.kind = 1
	k := (*keyboard)(unsafe.Pointer(&h.mouse))
	if k.key = vk; up {
		k.flags = 2
	}
	return h
}

// counted waits until what is counted is as much as wanted, or does not grow any more.
func counted(c *Counter, want Counts) (sum Counts) {
	for range 40 {
		time.Sleep(drainPause / 2)
		one := c.Take()
		sum.Keys, sum.Clicks, sum.Scrolls, sum.Moves = sum.Keys+one.Keys, sum.Clicks+one.Clicks, sum.Scrolls+one.Scrolls, sum.Moves+one.Moves
		sum.Countable, sum.Presence = one.Countable, one.Presence
		if sum.Keys >= want.Keys && sum.Clicks >= want.Clicks && (sum.Scrolls > 0) == (want.Scrolls > 0) && (sum.Moves > 0) == (want.Moves > 0) {
			break
		}
	}
	return sum
}

// T-06: keys, clicks, scrolls and movement are counted by raw input, in whatever window they go; a held key is one; nothing after Stop.
func TestT06_RawInputCounts(t *testing.T) {
	c, err := Open(context.Background())
	if err != nil || c.Reason() != "" {
		t.Fatal(err, c)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	for _, row := range []struct {
		what string
		do   func()
		want Counts
	}{
		{"100 keys", func() {
			for range 50 {
				send(t, key('A', false), key('A', true), key(0x10, false), key(0x10, true))
			}
		}, Counts{Keys: 100}},
		{"a key held down", func() {
			for range 30 {
				send(t, key('B', false))
			}
			send(t, key('B', true))
		}, Counts{Keys: 1}},
		{"37 clicks of three buttons", func() {
			for i := range 37 {
				down := []uint32{0x2, 0x8, 0x20}[i%3]
				send(t, mouse(down, 0, 0, 0), mouse(down<<1, 0, 0, 0))
			}
		}, Counts{Clicks: 37}},
		{"the wheel", func() { send(t, mouse(0x800, 0, 0, 120)) }, Counts{Scrolls: 1}},
		{"movement", func() { send(t, mouse(0x1, 5, 7, 0)) }, Counts{Moves: 1}},
	} {
		row.do()
		got := counted(c, row.want)
		if row.what != "movement" { // a desktop may tell of a click as a movement by nothing
			got.Moves = 0
		}
		if want := row.want; got.Keys != want.Keys || got.Clicks != want.Clicks || got.Scrolls != want.Scrolls || got.Moves != want.Moves || !got.Countable || !got.Presence {
			t.Errorf("%s: %+v, want %+v", row.what, got, want)
		}
	}
	if idle, ok := c.Idle(); !ok || idle < 0 || idle > time.Minute {
		t.Errorf("idle for %s, %v", idle, ok)
	}
	c.Stop()
	send(t, key('A', false), key('A', true))
	time.Sleep(2 * drainPause)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if got := c.Take(); got.Keys != 0 {
		t.Errorf("%d keys of the time between Stop and Start", got.Keys)
	}
}

// T-10: who is waited for is noticed at their next input.
func TestT10_NextInputOnWindows(t *testing.T) {
	c, err := Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	next := c.Next()
	select {
	case <-next:
		t.Fatal("somebody is there already")
	case <-time.After(2 * drainPause):
	}
	send(t, key('A', false), key('A', true))
	select {
	case <-next:
	case <-time.After(10 * time.Second):
		t.Error("nobody was noticed")
	}
}

// T-11: lock, unlock, sleep and waking come as edges, none twice; the message that announces sleep is answered only after Done.
func TestT11_EdgesOnWindows(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	list, err := Edges(ctx)
	if err != nil {
		t.Skip(err)
	}
	name, err := windows.UTF16PtrFromString("TrestleEdges")
	if err != nil {
		t.Fatal(err)
	}
	hwnd, _, _ := procFindWindow.Call(uintptr(unsafe.Pointer(name)), 0)
	if hwnd == 0 {
		t.Fatal("the hidden window is not there")
	}
	tell := func(message, w uintptr) <-chan struct{} {
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, _, _ = procSendMessage.Call(hwnd, message, w, 0)
		}()
		return answered
	}
	var got []EdgeKind
	next := func() Edge {
		select {
		case e := <-list:
			got = append(got, e.Kind)
			return e
		case <-time.After(10 * time.Second):
			t.Fatalf("no edge after %v", got)
		}
		panic("unreachable")
	}
	for range 2 {
		<-tell(wmSessionChange, sessionLock)
	}
	next().Done()
	<-tell(wmSessionChange, sessionUnlock)
	next().Done()
	answered := tell(wmPowerBroadcast, powerSuspend)
	e := next()
	select {
	case <-answered:
		t.Error("Windows was let to sleep before the time was on the disk")
	case <-time.After(100 * time.Millisecond):
	}
	e.Done()
	<-answered
	<-tell(wmPowerBroadcast, powerResume)
	next().Done()
	if want := []EdgeKind{Locked, Unlocked, Sleeping, Woke}; !slices.Equal(got, want) {
		t.Errorf("edges %v, want %v", got, want)
	}
	cancel()
	for range list { // until it is closed
	}
	if hwnd, _, _ := procFindWindow.Call(uintptr(unsafe.Pointer(name)), 0); hwnd != 0 {
		t.Error("the hidden window stays")
	}
}

// T-03: the two clocks run, and alike while nobody sleeps.
func TestT03_UptimeOnWindows(t *testing.T) {
	awake, elapsed := Uptime()
	time.Sleep(300 * time.Millisecond)
	a, e := Uptime()
	if a -= awake; a < 200*time.Millisecond || a > 10*time.Second {
		t.Errorf("awake for %s", a)
	}
	if e -= elapsed; (e - a).Abs() > 100*time.Millisecond {
		t.Errorf("awake for %s of %s", a, e)
	}
}

// T-03: a window that does not answer, because its thread hangs, keeps nobody who stops the time, neither the first who asks it nor the next; and
// whoever asks while it works gets an answer, though the message that comes along is handled before anybody looks who asked.
func TestT03_FetchEnds(t *testing.T) {
	for _, pause := range []time.Duration{0, drainPause} {
		const held = 0x8001 // WM_APP + 1
		hangs, free, answered := make(chan struct{}), make(chan struct{}), make(chan struct{})
		w, err := NewWindow(WindowOptions{Class: "TrestleHangs", Pause: pause, Handle: func(m uint32, _, _ uintptr) {
			if m == held {
				hangs <- struct{}{}
				<-free
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range []int{1, 3} {
			w.Post(held)
			<-hangs
			for range ask {
				w.Fetch(20 * time.Millisecond)
			}
			free <- struct{}{}
			go func() { w.Fetch(time.Hour); answered <- struct{}{} }()
			select {
			case <-answered:
			case <-time.After(20 * time.Second):
				t.Fatalf("asked %d times before, with a pause of %v, it does not answer any more", ask, pause)
			}
		}
		w.Close()
	}
}
