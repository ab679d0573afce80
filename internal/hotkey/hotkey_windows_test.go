package hotkey

import (
	"context"
	"testing"
	"time"
	"unsafe"
)

// This test needs a desktop and nobody at it: `make wine` gives it one.

var procSendInput = user32.NewProc("SendInput")

// stroke is INPUT with KEYBDINPUT in it, as large as with MOUSEINPUT.
type stroke struct {
	kind, _     uint32
	key, scan   uint16
	flags, time uint32
	_           uint32
	extra       uintptr
	_           [8]byte
}

func strokes(t *testing.T, keys ...uint16) {
	t.Helper()
	var list []stroke
	for _, k := range keys {
		list = append(list, stroke{kind: 1, key: k})
	}
	for i := len(keys) - 1; i >= 0; i-- {
		list = append(list, stroke{kind: 1, key: keys[i], flags: 2})
	}
	if n, _, err := procSendInput.Call(uintptr(len(list)), uintptr(unsafe.Pointer(&list[0])), unsafe.Sizeof(list[0])); int(n) != len(list) {
		t.Skipf("this desktop takes no input of programs: %v", err)
	}
}

// K-13: a combination is told wherever it is pressed, another program's is said to be taken, a new choice gives the old one back, and Close
// all of them.
func TestK13_CombinationsOnWindows(t *testing.T) {
	parse := func(text string) Combination {
		t.Helper()
		c, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ctx := context.Background()
	k, err := Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if problems := k.Set(map[Action]Combination{"start": parse("Ctrl+Alt+T"), "capture": parse("Ctrl+Shift+F8")}); len(problems) != 0 {
		t.Fatalf("%v", problems)
	}
	pressed := func(want Action) {
		t.Helper()
		select {
		case got := <-k.Pressed():
			if got != want {
				t.Errorf("%s was told, %s pressed", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s was not told", want)
		}
	}
	strokes(t, 0x11, 0x12, 'T')
	pressed("start")
	strokes(t, 0x11, 0x10, 0x77)
	pressed("capture")

	other, err := Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if problems := other.Set(map[Action]Combination{"start": parse("Ctrl+Alt+T")}); CodeOf(problems["start"]) != Taken {
		t.Errorf("another's combination: %v", problems)
	}
	if problems := k.Set(map[Action]Combination{"start": parse("Ctrl+Alt+U")}); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
	if problems := other.Set(map[Action]Combination{"start": parse("Ctrl+Alt+T")}); len(problems) != 0 {
		t.Errorf("it was not given back: %v", problems)
	}
	strokes(t, 0x11, 0x12, 'U')
	pressed("start")
	k.Close()
	if problems := other.Set(map[Action]Combination{"start": parse("Ctrl+Alt+U")}); len(problems) != 0 {
		t.Errorf("Close did not give it back: %v", problems)
	}
}
