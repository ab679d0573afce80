//go:build desktop

package app

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	wails_runtime "github.com/wailsapp/wails/v2/pkg/runtime"

	"trestle/internal/tray"
)

// HasWindow says that this copy was built with the window.
const HasWindow = true

// window is the Face that Wails draws.
type window struct {
	opt     WindowOptions
	dialogs sync.Mutex // Linux has one channel for the result of any dialog

	mu       sync.Mutex
	ctx      context.Context // nil until Wails has started
	loaded   bool            // the page was there once
	wanted   bool            // Show came before it was
	where    string          // with the place that was asked for
	visible  bool
	form     Form        // whole, or as small as the tracker
	place    WindowPlace // where it stood when it was last hidden, or the program ended
	quitting bool        // somebody chose Quit
	ending   bool        // the loop was told to end
}

// RunWindow opens the window and returns when the program is to end.
func RunWindow(opt WindowOptions) error {
	if !built(Pages()) {
		return Fail(CodeNoWebview, "This copy of Trestle was built without its pages.")
	}
	w := &window{opt: opt, place: opt.Place.Clamp(anyScreen, anyScreen)}
	if runtime.GOOS == "linux" && os.Getenv("WEBKIT_DISABLE_DMABUF_RENDERER") == "" {
		// The page stays blank on some NVIDIA drivers otherwise.
		_ = os.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
	}
	state := options.Normal
	if w.place.Maximised {
		state = options.Maximised
	}
	leaveSilentBus()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return wails.Run(&options.App{
		Title:            "Trestle",
		Width:            w.place.Width,
		Height:           w.place.Height,
		MinWidth:         minWidth,
		MinHeight:        minHeight,
		StartHidden:      true, // shown, at its place, once the page is there
		WindowStartState: state,
		BackgroundColour: options.NewRGB(0xf4, 0xf5, 0xf7),
		AssetServer: &assetserver.Options{
			// One handler for everything: Wails' own answers 500 to some names.
			Handler: windowPages(opt.Files),
		},
		Bind:               opt.Bound,
		ErrorFormatter:     FormatError,
		Logger:             windowLog{},
		LogLevel:           logger.WARNING,
		LogLevelProduction: logger.WARNING,
		OnStartup:          func(c context.Context) { w.started(ctx, c) },
		OnDomReady:         w.ready,
		OnBeforeClose:      w.closing,
		OnShutdown:         func(c context.Context) { cancel(); w.stopped(c) },
		// In text boxes and on selected text; elsewhere Wails' script keeps it away, or the page has a menu of its own.
		EnableDefaultContextMenu: true,
		DragAndDrop:              &options.DragAndDrop{EnableFileDrop: true},
		Linux:                    &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyNever, ProgramName: AppID, Icon: tray.PNG(tray.AppIcon(128))},
		Mac:                      &mac.Options{OnUrlOpen: opt.Open},
		Windows:                  &windows.Options{DisablePinchZoom: true},
	})
}

// started is called by Wails beside its loop, not on the main thread.
func (w *window) started(life, ctx context.Context) {
	wails_runtime.ResetSignalHandlers()
	w.mu.Lock()
	w.ctx = ctx
	w.mu.Unlock()
	go w.quitOnSignal(life)
	guardNavigation()
	wails_runtime.OnFileDrop(ctx, func(_, _ int, paths []string) { w.dropped(paths) })
	if w.opt.Events != nil {
		go w.forward(life, w.opt.Events.Subscribe())
	}
	if w.opt.Started != nil {
		w.opt.Started(w)
	}
}

// forward hands every event to the page.
func (w *window) forward(life context.Context, sub *Subscription) {
	for {
		got := sub.Next(life)
		if got == nil {
			return
		}
		for _, e := range got {
			wails_runtime.EventsEmit(w.ctx, e.Name, e.Payload)
		}
	}
}

// ready shows the window at its place, the first time its page has loaded,
// unless the program was to start hidden and nobody has asked for it since.
func (w *window) ready(context.Context) {
	guardNavigation()
	w.mu.Lock()
	show := !w.loaded && !w.quitting && (!w.opt.Hidden || w.wanted)
	where := w.where
	w.loaded = true
	w.mu.Unlock()
	if show {
		w.Show(where)
	}
	if w.opt.Ready != nil {
		w.opt.Ready()
	}
}

// closing decides what the close button and Quit do: true keeps the program
// alive. Once it has let the program end, nothing asks again: GTK's loop can be
// left only once.
func (w *window) closing(ctx context.Context) (stay bool) {
	w.mu.Lock()
	quitting, ending := w.quitting, w.ending
	w.mu.Unlock()
	if ending {
		return true
	}
	if !quitting && w.opt.Stay != nil && w.opt.Stay() {
		w.Hide()
		if w.opt.Closed != nil {
			w.opt.Closed()
		}
		return true
	}
	w.savePlace(ctx) // of a hidden one Hide has kept it
	w.mu.Lock()
	defer w.mu.Unlock()
	ending, w.ending = w.ending, true
	return ending
}

// quitOnSignal ends the program on SIGINT and SIGTERM. Wails listens too, but
// asks closing, which may only hide the window.
func (w *window) quitOnSignal(life context.Context) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	select {
	case <-signals:
		w.Quit()
	case <-life.Done():
	}
}

// savePlace keeps where the window stands, unless it is hidden. Of a maximised
// one the size and place from before are kept, to come back to.
func (w *window) savePlace(ctx context.Context) {
	w.mu.Lock()
	if !w.visible || w.form != Whole {
		w.mu.Unlock()
		return
	}
	p := w.place
	w.mu.Unlock()
	if p.Maximised = wails_runtime.WindowIsMaximised(ctx); !p.Maximised {
		p.Width, p.Height = wails_runtime.WindowGetSize(ctx)
		p.X, p.Y = wails_runtime.WindowGetPosition(ctx)
	}
	w.mu.Lock()
	w.place = p
	w.mu.Unlock()
	if w.opt.SavePlace != nil {
		w.opt.SavePlace(p)
	}
}

// anyScreen is larger than any screen, in the system's pixels.
const anyScreen = 1 << 14

// stopped ends what the program runs, with two seconds to do it.
func (w *window) stopped(context.Context) {
	if w.opt.Stopped == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	w.opt.Stopped(ctx)
}

// dropped hands dropped files over by path and tells the page what became of them.
func (w *window) dropped(paths []string) {
	if len(paths) == 0 || w.opt.Dropped == nil || w.opt.Events == nil {
		return
	}
	if payload := w.opt.Dropped(paths); payload != nil {
		w.opt.Events.Publish("drop", payload)
	}
}

// running answers Wails' context, or nil before it has started.
func (w *window) running() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ctx
}

func (w *window) Kind() string { return "window" }

func (w *window) Show(where string) {
	w.mu.Lock()
	ctx := w.ctx
	if ctx == nil || !w.loaded { // Wails hides the window once more when its loop begins
		w.wanted, w.where = true, where
		w.mu.Unlock()
		return
	}
	place := w.place
	if w.visible || w.form != Whole { // it is where the person put it
		place = WindowPlace{}
	}
	w.visible = true
	w.mu.Unlock()
	bringUp(ctx, place)
	if where != "" && w.opt.Events != nil {
		w.opt.Events.Publish("navigate", map[string]string{"to": where})
	}
}

func (w *window) Hide() {
	ctx := w.running()
	if ctx == nil {
		return
	}
	w.savePlace(ctx)
	w.mu.Lock()
	w.visible = false
	w.mu.Unlock()
	if runtime.GOOS == "darwin" {
		wails_runtime.Hide(ctx) // a hidden window does not come back from the Dock there
		return
	}
	wails_runtime.WindowHide(ctx)
}

// Badge puts the number of unread messages before the title, which taskbars show; Wails has no other sign to set.
func (w *window) Badge(unread int) {
	ctx := w.running()
	if ctx == nil {
		return
	}
	wails_runtime.WindowSetTitle(ctx, windowTitle(unread))
}

func (w *window) Quit() {
	w.mu.Lock()
	w.quitting = true
	ctx := w.ctx
	w.mu.Unlock()
	if ctx != nil {
		cancelDialogs()
		wails_runtime.Quit(ctx)
	}
}

func (w *window) Dialogs() Dialogs { return windowDialogs{w} }
