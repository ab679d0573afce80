package input

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/windows"
)

var (
	wtsapi32                 = windows.NewLazySystemDLL("wtsapi32.dll")
	procWTSRegisterSession   = wtsapi32.NewProc("WTSRegisterSessionNotification")
	procWTSUnregisterSession = wtsapi32.NewProc("WTSUnRegisterSessionNotification")
)

// From winuser.h.
const (
	wmPowerBroadcast = 0x0218
	powerSuspend     = 4
	powerResume      = 18 // PBT_APMRESUMEAUTOMATIC comes after every sleep

	wmSessionChange = 0x02B1
	sessionLock     = 7
	sessionUnlock   = 8

	holdTime = 1800 * time.Millisecond // Windows gives a program two seconds before it sleeps
)

// edges listens with a hidden window. The message that announces sleep is answered only after Done.
func edges(ctx context.Context) (<-chan Edge, error) {
	out := make(chan Edge, 8)
	var state edgeState
	tell := func(k EdgeKind) {
		if !state.fresh(k) {
			return
		}
		saved := make(chan struct{})
		var once sync.Once
		e := Edge{Kind: k, Done: func() { once.Do(func() { close(saved) }) }}
		select {
		case out <- e:
		case <-ctx.Done():
			return
		}
		if k == Sleeping {
			limit := time.NewTimer(holdTime)
			defer limit.Stop()
			select {
			case <-saved:
			case <-limit.C:
			}
		}
	}
	w, err := NewWindow(WindowOptions{
		Class: "TrestleEdges",
		Made: func(hwnd windows.HWND) error {
			if ok, _, err := procWTSRegisterSession.Call(uintptr(hwnd), 0); ok == 0 { // 0 = this session only
				return fmt.Errorf("%w: %w", ErrNoEdges, err)
			}
			return nil
		},
		Handle: func(message uint32, w, _ uintptr) {
			switch {
			case message == wmSessionChange && w == sessionLock:
				tell(Locked)
			case message == wmSessionChange && w == sessionUnlock:
				tell(Unlocked)
			case message == wmPowerBroadcast && w == powerSuspend:
				tell(Sleeping)
			case message == wmPowerBroadcast && w == powerResume:
				tell(Woke)
			}
		},
		Ending: func(hwnd windows.HWND) { _, _, _ = procWTSUnregisterSession.Call(uintptr(hwnd)) },
	})
	if err != nil {
		return nil, err
	}
	go func() {
		<-ctx.Done()
		w.Close()
		close(out)
	}()
	return out, nil
}
