package input

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	procRegisterClassEx   = user32.NewProc("RegisterClassExW")
	procCreateWindowEx    = user32.NewProc("CreateWindowExW")
	procDestroyWindow     = user32.NewProc("DestroyWindow")
	procDefWindowProc     = user32.NewProc("DefWindowProcW")
	procGetMessage        = user32.NewProc("GetMessageW")
	procPeekMessage       = user32.NewProc("PeekMessageW")
	procDispatchMessage   = user32.NewProc("DispatchMessageW")
	procPostMessage       = user32.NewProc("PostMessageW")
	procPostThreadMessage = user32.NewProc("PostThreadMessageW")
)

const (
	wmNull   = 0x0000
	wmQuit   = 0x0012
	pmRemove = 1
)

// Window is a hidden top-level window with a thread of its own, for a caller to whom Windows tells something by messages: counts and edges
// here, combinations of keys in package hotkey. Top-level, because broadcasts do not reach message-only windows.
type Window struct {
	hwnd   windows.HWND
	thread uint32
	gone   chan struct{}
	hurry  chan chan struct{} // somebody waits until the queue is empty
}

// WindowOptions is what NewWindow is told. All functions are called on the window's thread.
type WindowOptions struct {
	Class string
	// Made is called once, before any message; its error ends the window. May be nil.
	Made func(windows.HWND) error
	// Handle is called for each message.
	Handle func(message uint32, w, l uintptr)
	// Drained is called when the queue is empty; then the thread sleeps for Pause (0: not at all), so that messages collect. May be nil.
	Drained func()
	Pause   time.Duration
	// Ending is called before the window goes. May be nil.
	Ending func(windows.HWND)
}

// wndClass is WNDCLASSEXW.
type wndClass struct {
	size, style                        uint32
	proc                               uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

// message is MSG.
type message struct {
	hwnd    windows.HWND
	message uint32
	w, l    uintptr
	time    uint32
	x, y    int32
}

// Windows lets a program make only so many callbacks, so there is one for all windows; it finds the window's own function here.
var (
	handlers   sync.Map // of windows.HWND to func(message uint32, w, l uintptr)
	windowProc = sync.OnceValue(func() uintptr {
		return windows.NewCallback(func(hwnd windows.HWND, msg uint32, w, l uintptr) uintptr {
			if f, ok := handlers.Load(hwnd); ok {
				f.(func(uint32, uintptr, uintptr))(msg, w, l)
			}
			r, _, _ := procDefWindowProc.Call(uintptr(hwnd), uintptr(msg), w, l)
			return r
		})
	})
)

// NewWindow makes the window and serves its messages until Close.
func NewWindow(o WindowOptions) (*Window, error) {
	w := &Window{gone: make(chan struct{}), hurry: make(chan chan struct{}, 1)}
	ready := make(chan error, 1)
	go func() {
		defer close(w.gone)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		w.thread = windows.GetCurrentThreadId()
		if err := w.create(o.Class); err != nil {
			ready <- err
			return
		}
		defer procDestroyWindow.Call(uintptr(w.hwnd))
		handlers.Store(w.hwnd, o.Handle)
		defer handlers.Delete(w.hwnd)
		if o.Made != nil {
			if err := o.Made(w.hwnd); err != nil {
				ready <- err
				return
			}
		}
		ready <- nil
		if o.Ending != nil {
			defer o.Ending(w.hwnd)
		}
		w.serve(o)
	}()
	if err := <-ready; err != nil {
		<-w.gone
		return nil, err
	}
	return w, nil
}

func (w *Window) serve(o WindowOptions) {
	var m message
	var asked chan struct{}
	for {
		more := uintptr(1)
		if asked == nil {
			if r, _, _ := procGetMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(r) <= 0 {
				return
			}
			select {
			case asked = <-w.hurry: // before the queue is looked at: what was in it then is handled below
			default:
			}
		} else { // the message that came with it may be handled already: then no other may come for long
			more, _, _ = procPeekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, pmRemove)
		}
		for more != 0 {
			if m.message == wmQuit {
				return
			}
			procDispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
			more, _, _ = procPeekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, pmRemove)
		}
		if o.Drained != nil {
			o.Drained()
		}
		if asked != nil {
			close(asked)
			asked = nil
		}
		rest := time.NewTimer(o.Pause)
		select {
		case asked = <-w.hurry:
		case <-rest.C:
			select {
			case asked = <-w.hurry:
			default:
			}
		}
		rest.Stop()
	}
}

// Fetch returns when everything that was in the queue has been handled, with Drained after it; at once if the window is gone, and after the
// given time if the queue took no message (it is full) or its thread hangs.
func (w *Window) Fetch(most time.Duration) {
	limit := time.NewTimer(most)
	defer limit.Stop()
	done := make(chan struct{})
	select {
	case w.hurry <- done:
	case <-w.gone:
		return
	case <-limit.C:
		return
	}
	w.Post(wmNull) // it may be waiting for a message
	select {
	case <-done:
	case <-w.gone:
	case <-limit.C:
	}
}

// Post puts a message into the window's queue.
func (w *Window) Post(message uint32) {
	_, _, _ = procPostMessage.Call(uintptr(w.hwnd), uintptr(message), 0, 0)
}

// Gone is closed when the window's thread has ended.
func (w *Window) Gone() <-chan struct{} { return w.gone }

func (w *Window) create(class string) error {
	name, err := windows.UTF16PtrFromString(class)
	if err != nil {
		return err
	}
	c := wndClass{proc: windowProc(), name: name}
	c.size = uint32(unsafe.Sizeof(c))
	// Registering a class again fails and does no harm.
	_, _, _ = procRegisterClassEx.Call(uintptr(unsafe.Pointer(&c)))
	hwnd, _, err := procCreateWindowEx.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if hwnd == 0 {
		return fmt.Errorf("make a hidden window: %w", err)
	}
	w.hwnd = windows.HWND(hwnd)
	return nil
}

// Close ends the thread and waits for it.
func (w *Window) Close() {
	_, _, _ = procPostThreadMessage.Call(uintptr(w.thread), wmQuit, 0, 0)
	<-w.gone
}
