package hotkey

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/windows"

	"trestle/internal/input"
)

var (
	user32               = windows.NewLazySystemDLL("user32.dll")
	procRegisterHotKey   = user32.NewProc("RegisterHotKey")
	procUnregisterHotKey = user32.NewProc("UnregisterHotKey")
)

// Numbers of winuser.h and winerror.h.
const (
	wmHotkey = 0x0312
	wmSet    = 0x8000 // WM_APP: a task waits

	modAlt      = 0x0001
	modControl  = 0x0002
	modShift    = 0x0004
	modWin      = 0x0008
	modNoRepeat = 0x4000

	errorHotkeyTaken = 1409 // ERROR_HOTKEY_ALREADY_REGISTERED
)

// hidden is the window that combinations are registered for, which is done on its thread: Windows puts them into its queue.
type hidden struct {
	keys   *Keys
	window *input.Window
	tasks  chan func()

	hwnd  windows.HWND // these two are the thread's alone
	taken []Action     // by number
}

func open(_ context.Context, k *Keys) (system, error) {
	h := &hidden{keys: k, tasks: make(chan func(), 1)}
	w, err := input.NewWindow(input.WindowOptions{
		Class: "TrestleHotkeys",
		Made: func(hwnd windows.HWND) error {
			h.hwnd = hwnd
			return nil
		},
		Handle: h.handle,
		Ending: func(windows.HWND) { h.release() },
	})
	if err != nil {
		return nil, fmt.Errorf("listen to combinations of keys: %w", err)
	}
	h.window = w
	return h, nil
}

func (h *hidden) handle(message uint32, w, _ uintptr) {
	switch message {
	case wmSet:
		select {
		case task := <-h.tasks:
			task()
		default: // anybody may post a message to a window
		}
	case wmHotkey:
		if i := int(w); i >= 0 && i < len(h.taken) {
			h.keys.press(h.taken[i])
		}
	}
}

func (h *hidden) release() {
	for i := range h.taken {
		_, _, _ = procUnregisterHotKey.Call(uintptr(h.hwnd), uintptr(i))
	}
	h.taken = nil
}

func (h *hidden) set(want map[Action]Combination) map[Action]error {
	answer := make(chan map[Action]error, 1)
	select {
	case h.tasks <- func() { answer <- h.register(want) }:
	case <-h.window.Gone():
		return nil
	}
	h.window.Post(wmSet)
	select {
	case problems := <-answer:
		return problems
	case <-h.window.Gone():
		return nil
	}
}

// register asks for every combination, on the thread.
func (h *hidden) register(want map[Action]Combination) map[Action]error {
	h.release()
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
		r, _, err := procRegisterHotKey.Call(uintptr(h.hwnd), uintptr(len(h.taken)), mods, virtualKey(c.Key))
		switch {
		case r != 0:
			h.taken = append(h.taken, a)
		case errors.Is(err, windows.Errno(errorHotkeyTaken)):
			problems[a] = fail(Taken, "%s is taken by another program. Choose another, or use the tray.", c)
		default:
			problems[a] = fail(Forbidden, "Windows does not give %s away. Choose another.", c)
		}
	}
	return problems
}

func (h *hidden) close() { h.window.Close() }

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
