package hotkey

import (
	"context"
	"errors"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32                = windows.NewLazySystemDLL("user32.dll")
	procRegisterHotKey    = user32.NewProc("RegisterHotKey")
	procUnregisterHotKey  = user32.NewProc("UnregisterHotKey")
	procGetMessage        = user32.NewProc("GetMessageW")
	procPeekMessage       = user32.NewProc("PeekMessageW")
	procPostThreadMessage = user32.NewProc("PostThreadMessageW")
)

// Numbers of winuser.h and winerror.h.
const (
	wmQuit   = 0x0012
	wmHotkey = 0x0312
	wmSet    = 0x8000 // WM_APP: a task waits

	modAlt      = 0x0001
	modControl  = 0x0002
	modShift    = 0x0004
	modWin      = 0x0008
	modNoRepeat = 0x4000

	errorHotkeyTaken = 1409 // ERROR_HOTKEY_ALREADY_REGISTERED
)

// message is MSG.
type message struct {
	hwnd    windows.HWND
	message uint32
	w, l    uintptr
	time    uint32
	x, y    int32
}

// thread is the one that combinations are registered on: Windows posts them to its queue.
type thread struct {
	keys  *Keys
	id    uint32
	tasks chan func()
	gone  chan struct{}

	taken []Action // by number, of the thread alone
}

func open(_ context.Context, k *Keys) (system, error) {
	t := &thread{keys: k, tasks: make(chan func(), 1), gone: make(chan struct{})}
	ready := make(chan struct{})
	go t.run(ready)
	<-ready
	return t, nil
}

// run is the thread.
func (t *thread) run(ready chan struct{}) {
	defer close(t.gone)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t.id = windows.GetCurrentThreadId()
	var m message
	_, _, _ = procPeekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, 0) // makes the queue
	close(ready)
	defer t.release()
	for {
		if r, _, _ := procGetMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(r) <= 0 {
			return
		}
		switch m.message {
		case wmQuit:
			return
		case wmSet:
			(<-t.tasks)()
		case wmHotkey:
			if i := int(m.w); i >= 0 && i < len(t.taken) {
				t.keys.press(t.taken[i])
			}
		}
	}
}

func (t *thread) release() {
	for i := range t.taken {
		_, _, _ = procUnregisterHotKey.Call(0, uintptr(i))
	}
	t.taken = nil
}

func (t *thread) set(want map[Action]Combination) map[Action]error {
	answer := make(chan map[Action]error, 1)
	select {
	case t.tasks <- func() { answer <- t.register(want) }:
	case <-t.gone:
		return nil
	}
	_, _, _ = procPostThreadMessage.Call(uintptr(t.id), wmSet, 0, 0)
	select {
	case problems := <-answer:
		return problems
	case <-t.gone:
		return nil
	}
}

// register asks for every combination, on the thread.
func (t *thread) register(want map[Action]Combination) map[Action]error {
	t.release()
	problems := map[Action]error{}
	layouts := keyboardLayouts()
	for a, c := range want {
		if err := c.typing(func(key string, shift bool) string { return altGr(layouts, key, shift) }); err != nil {
			problems[a] = err
			continue
		}
		mods := uintptr(modNoRepeat)
		for mod, bit := range map[Mods]uintptr{Ctrl: modControl, Alt: modAlt, Shift: modShift, Super: modWin} {
			if c.Mods&mod != 0 {
				mods |= bit
			}
		}
		r, _, err := procRegisterHotKey.Call(0, uintptr(len(t.taken)), mods, virtualKey(c.Key))
		switch {
		case r != 0:
			t.taken = append(t.taken, a)
		case errors.Is(err, windows.Errno(errorHotkeyTaken)):
			problems[a] = fail(Taken, "%s is taken by another program. Choose another, or use the tray.", c)
		default:
			problems[a] = fail(Forbidden, "Windows does not give %s away. Choose another.", c)
		}
	}
	return problems
}

func (t *thread) close() {
	_, _, _ = procPostThreadMessage.Call(uintptr(t.id), wmQuit, 0, 0)
	<-t.gone
}

// virtualKeys are the VK_ numbers of the keys with names.
var virtualKeys = map[string]uintptr{
	"Space": 0x20, "PageUp": 0x21, "PageDown": 0x22, "End": 0x23, "Home": 0x24, "Left": 0x25, "Up": 0x26, "Right": 0x27, "Down": 0x28,
	"PrintScreen": 0x2c, "Insert": 0x2d, "Delete": 0x2e, "Pause": 0x13,
}

// virtualKey is the VK_ number of a key; those of letters and digits are their characters, those of F1 to F12 follow one another.
func virtualKey(key string) uintptr {
	if len(key) == 1 {
		return uintptr(key[0])
	}
	for i, n := range keyNames[:12] {
		if n == key {
			return 0x70 + uintptr(i)
		}
	}
	return virtualKeys[key]
}
