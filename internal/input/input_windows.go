package input

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// drainPause is how long the reader sleeps after it has emptied its queue; see the Linux reader.
const drainPause = 250 * time.Millisecond

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	procRegisterRawInputDevices = user32.NewProc("RegisterRawInputDevices")
	procGetRawInputData         = user32.NewProc("GetRawInputData")
	procGetLastInputInfo        = user32.NewProc("GetLastInputInfo")
	procGetTickCount            = kernel32.NewProc("GetTickCount")
	procUnbiasedInterruptTime   = kernel32.NewProc("QueryUnbiasedInterruptTime")
)

func open(context.Context) (source, string, error) { return &rawInput{}, "", nil }

// rawInput counts by the raw input of a hidden window: no hook sits in anybody's way, and Windows tells us nothing after stop. What is
// typed into windows of programs with higher rights is not told.
type rawInput struct {
	window *Window
	seen   batch
}

// From winuser.h.
const (
	wmInput = 0x00FF

	ridInput       = 0x10000003
	ridevInputSink = 0x100
	ridevRemove    = 0x1

	rimMouse    = 0
	rimKeyboard = 1

	keyBreak     = 0x1   // counted at release: it comes once, however long a key is held
	buttonsDown  = 0x155 // of five buttons
	wheelTurned  = 0xC00 // either wheel
	headerLength = 8 + 2*unsafe.Sizeof(uintptr(0))
	keyLength    = 16 // of RAWKEYBOARD, shorter than
	mouseLength  = 24 // RAWMOUSE
)

// rawInputDevice is RAWINPUTDEVICE.
type rawInputDevice struct {
	page, usage uint16
	flags       uint32
	target      windows.HWND
}

func register(flags uint32, target windows.HWND) error {
	devices := []rawInputDevice{{1, 6, flags, target}, {1, 2, flags, target}} // keyboard, mouse
	if ok, _, err := procRegisterRawInputDevices.Call(uintptr(unsafe.Pointer(&devices[0])), uintptr(len(devices)), unsafe.Sizeof(devices[0])); ok == 0 {
		return fmt.Errorf("register for raw input: %w", err)
	}
	return nil
}

func (r *rawInput) start(c *Counter) error {
	w, err := NewWindow(WindowOptions{
		Class: "TrestleInput", Pause: drainPause,
		Made: func(hwnd windows.HWND) error { return register(ridevInputSink, hwnd) },
		Handle: func(message uint32, _, l uintptr) {
			if message == wmInput {
				r.read(l)
			}
		},
		Drained: func() {
			c.add(r.seen)
			r.seen = batch{}
		},
	})
	if err != nil {
		return err
	}
	r.window = w
	return nil
}

func (r *rawInput) stop() {
	_ = register(ridevRemove, 0)
	r.window.Close()
}

func (r *rawInput) fetch() bool {
	r.window.Fetch(answerTime)
	return true // what it did not hand over in time comes later
}

// read counts one packet and zeroes it.
func (r *rawInput) read(handle uintptr) {
	var data [128]byte
	size := uint32(len(data))
	n, _, _ := procGetRawInputData.Call(handle, ridInput, uintptr(unsafe.Pointer(&data[0])), uintptr(unsafe.Pointer(&size)), headerLength)
	if int32(n) < 0 {
		return
	}
	le, body := binary.LittleEndian, data[headerLength:]
	switch kind := le.Uint32(data[:]); {
	case kind == rimKeyboard && n >= headerLength+keyLength:
		if le.Uint16(body[2:])&keyBreak != 0 {
			r.seen.keys++
		}
	case kind == rimMouse && n >= headerLength+mouseLength:
		flags := le.Uint16(body[4:])
		for f := flags & buttonsDown; f != 0; f &= f - 1 {
			r.seen.clicks++
		}
		if flags&wheelTurned != 0 {
			r.seen.scrolls = 1
		}
		if le.Uint32(body[12:])|le.Uint32(body[16:]) != 0 {
			r.seen.moved = true
		}
	}
	clear(data[:])
	runtime.KeepAlive(&data)
}

// idle is GetLastInputInfo against GetTickCount, both 32 bits of milliseconds that wrap together after 49.7 days.
func (r *rawInput) idle() (time.Duration, bool) {
	info := struct{ size, tick uint32 }{size: 8}
	if ok, _, _ := procGetLastInputInfo.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
		return 0, false
	}
	now, _, _ := procGetTickCount.Call()
	return time.Duration(uint32(now)-info.tick) * time.Millisecond, true
}

// Uptime reads the two clocks that nobody can set, both since an instant of the system's own choosing: awake stands still while the system
// sleeps, elapsed does not. Only differences mean anything.
func Uptime() (awake, elapsed time.Duration) {
	var unbiased uint64 // in units of 100 ns
	_, _, _ = procUnbiasedInterruptTime.Call(uintptr(unsafe.Pointer(&unbiased)))
	return time.Duration(unbiased) * 100, windows.DurationSinceBoot()
}

// BootID names this start of the system; it is empty, for Windows tells none that is simple to ask for.
func BootID() string { return "" }
