package input

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ebitengine/purego"
)

// From IOKit/IOMessage.h.
const (
	messageCanSleep  = 0xe0000270
	messageWillSleep = 0xe0000280
	messagePoweredOn = 0xe0000300

	utf8Encoding       = 0x08000100 // kCFStringEncodingUTF8
	deliverImmediately = 4          // CFNotificationSuspensionBehaviorDeliverImmediately
	coreFoundationPath = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
	ioKitPath          = "/System/Library/Frameworks/IOKit.framework/IOKit"
	systemPath         = "/usr/lib/libSystem.B.dylib"
	screenIsLockedName = "com.apple.screenIsLocked"
	screenUnlockedName = "com.apple.screenIsUnlocked"
)

// watcher receives what the system tells. The system lets nobody take a callback back, so there is one for the life of the program, and
// Edges only attaches its channel to it.
type watcher struct {
	mu    sync.Mutex
	ctx   context.Context
	out   chan Edge
	state edgeState

	root  uint32
	allow func(root uint32, id uintptr) int32
}

var watching = sync.OnceValues(func() (*watcher, error) {
	w := &watcher{}
	return w, errors.Join(w.watchLock(), w.watchPower())
})

// edges tells of lock by the distributed notifications of the login window, which arrive on the program's main run loop, and of sleep by
// IOKit, which waits for IOAllowPowerChange.
func edges(ctx context.Context) (<-chan Edge, error) {
	w, err := watching()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoEdges, err)
	}
	out := make(chan Edge, 8)
	w.mu.Lock()
	w.ctx, w.out, w.state = ctx, out, edgeState{}
	w.mu.Unlock()
	go func() {
		<-ctx.Done()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.out == out {
			w.out = nil
		}
		close(out)
	}()
	return out, nil
}

// tell passes an edge on without ever holding up the system's thread, and calls done when the program has saved what it must.
func (w *watcher) tell(k EdgeKind, done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var once sync.Once
	finish := func() { once.Do(done) }
	if w.out == nil || !w.state.fresh(k) {
		finish()
		return
	}
	select {
	case w.out <- Edge{Kind: k, Done: finish}:
	default:
		finish()
	}
}

func nothing() {}

func (w *watcher) watchLock() error {
	lib, err := purego.Dlopen(coreFoundationPath, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load CoreFoundation: %w", err)
	}
	var center func() uintptr
	var text func(allocator uintptr, s string, encoding uint32) uintptr
	var observe func(center, observer, callback, name, object uintptr, behaviour int)
	purego.RegisterLibFunc(&center, lib, "CFNotificationCenterGetDistributedCenter")
	purego.RegisterLibFunc(&text, lib, "CFStringCreateWithCString")
	purego.RegisterLibFunc(&observe, lib, "CFNotificationCenterAddObserver")
	for name, kind := range map[string]EdgeKind{screenIsLockedName: Locked, screenUnlockedName: Unlocked} {
		callback := purego.NewCallback(func(_, _, _, _, _ uintptr) { w.tell(kind, nothing) })
		observe(center(), callback, callback, text(0, name, utf8Encoding), 0, deliverImmediately)
	}
	return nil
}

func (w *watcher) watchPower() error {
	kit, err := purego.Dlopen(ioKitPath, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load IOKit: %w", err)
	}
	system, err := purego.Dlopen(systemPath, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load libSystem: %w", err)
	}
	var register func(refcon uintptr, port *uintptr, callback uintptr, notifier *uint32) uint32
	var onQueue func(port, queue uintptr)
	var queue func(label string, attributes uintptr) uintptr
	purego.RegisterLibFunc(&register, kit, "IORegisterForSystemPower")
	purego.RegisterLibFunc(&onQueue, kit, "IONotificationPortSetDispatchQueue")
	purego.RegisterLibFunc(&w.allow, kit, "IOAllowPowerChange")
	purego.RegisterLibFunc(&queue, system, "dispatch_queue_create")

	callback := purego.NewCallback(func(_, _ uintptr, message uint32, id uintptr) {
		permit := func() { w.allow(w.root, id) }
		switch message {
		case messageCanSleep:
			permit()
		case messageWillSleep:
			w.tell(Sleeping, permit)
		case messagePoweredOn:
			w.tell(Woke, nothing)
		}
	})
	var port uintptr
	var notifier uint32
	if w.root = register(0, &port, callback, &notifier); w.root == 0 {
		return errors.New("the system tells nothing of sleep")
	}
	onQueue(port, queue("org.trestle.power", 0))
	return nil
}
