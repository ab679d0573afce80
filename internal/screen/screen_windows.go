package screen

import (
	"context"
	"image"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Open returns the way to take pictures on Windows. The program must be
// per-monitor DPI aware, else the system gives scaled pictures.
func Open() (Grabber, error) { return kbinani{}, nil }

// whyNot: on the lock screen and when the system asks for permission another
// desktop is shown, from which copying fails.
func whyNot(error) *Error { return ErrLocked }

var (
	user32          = windows.NewLazySystemDLL("user32.dll")
	shcore          = windows.NewLazySystemDLL("shcore.dll")
	monitorFromRect = user32.NewProc("MonitorFromRect")
	getWindowRect   = user32.NewProc("GetWindowRect")
	isIconic        = user32.NewProc("IsIconic")
	dpiForMonitor   = shcore.NewProc("GetDpiForMonitor") // Windows 8.1 and later
)

// winRect is RECT.
type winRect struct{ Left, Top, Right, Bottom int32 }

func (r winRect) rectangle() image.Rectangle {
	return image.Rect(int(r.Left), int(r.Top), int(r.Right), int(r.Bottom))
}

// scaleOf is the scale a person set for the monitor that shows most of a box.
func scaleOf(r image.Rectangle) float64 {
	const nearest = 2 // MONITOR_DEFAULTTONEAREST
	if monitorFromRect.Find() != nil || dpiForMonitor.Find() != nil {
		return 1
	}
	rect := winRect{int32(r.Min.X), int32(r.Min.Y), int32(r.Max.X), int32(r.Max.Y)}
	monitor, _, _ := monitorFromRect.Call(uintptr(unsafe.Pointer(&rect)), nearest)
	var x, y uint32
	if hr, _, _ := dpiForMonitor.Call(monitor, 0, uintptr(unsafe.Pointer(&x)), uintptr(unsafe.Pointer(&y))); hr != 0 || x == 0 {
		return 1
	}
	return float64(x) / 96
}

// found collects what addWindow is called with. The system calls back from
// inside EnumWindows only, and one callback exists for the whole program,
// because the system never gives one back.
var found struct {
	sync.Mutex
	list []windows.HWND
}

var addWindow = windows.NewCallback(func(w windows.HWND, _ uintptr) uintptr {
	found.list = append(found.list, w)
	return 1 // go on
})

// Windows lists visible windows of the present desktop.
func (kbinani) Windows(ctx context.Context) ([]Window, error) {
	return within(ctx, func() ([]Window, error) {
		found.Lock()
		defer found.Unlock()
		found.list = nil
		if err := windows.EnumWindows(addWindow, nil); err != nil {
			return nil, err
		}
		all := displays()
		var out []Window
		for _, w := range found.list {
			if r, ok := outline(w); ok {
				out = append(out, Window{r, mostOn(all, r)})
			}
		}
		return out, nil
	})
}

// outline is where a window is to be seen, without its shadow.
func outline(w windows.HWND) (image.Rectangle, bool) {
	if !windows.IsWindowVisible(w) || w == windows.GetShellWindow() {
		return image.Rectangle{}, false
	}
	if iconic, _, _ := isIconic.Call(uintptr(w)); iconic != 0 {
		return image.Rectangle{}, false
	}
	var cloaked uint32 // on another virtual desktop, or a sleeping app
	if windows.DwmGetWindowAttribute(w, windows.DWMWA_CLOAKED, unsafe.Pointer(&cloaked), 4) == nil && cloaked != 0 {
		return image.Rectangle{}, false
	}
	var r winRect
	if windows.DwmGetWindowAttribute(w, windows.DWMWA_EXTENDED_FRAME_BOUNDS, unsafe.Pointer(&r), uint32(unsafe.Sizeof(r))) != nil {
		if ok, _, _ := getWindowRect.Call(uintptr(w), uintptr(unsafe.Pointer(&r))); ok == 0 {
			return image.Rectangle{}, false
		}
	}
	return r.rectangle(), !r.rectangle().Empty()
}
