//go:build desktop

package app

import (
	"context"
	"time"

	wails_runtime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// Compact makes the window as small as the tracker, keeps it above others if asked to, and gives it back its size and place. The small
// form is never what SavePlace keeps.
func (w *window) Compact(form Form, onTop bool) {
	ctx := w.running()
	if ctx == nil {
		return
	}
	w.mu.Lock()
	was, place := w.form, w.place
	w.mu.Unlock()
	if was == Whole && form != Whole {
		w.savePlace(ctx)
	}
	w.mu.Lock()
	w.form = form
	w.mu.Unlock()
	if form == Whole {
		if was == Whole {
			return
		}
		wails_runtime.WindowSetAlwaysOnTop(ctx, false)
		wails_runtime.WindowSetMinSize(ctx, minWidth, minHeight)
		place = place.Clamp(anyScreen, anyScreen)
		resize(ctx, place.Width, place.Height)
		if place.X >= 0 {
			wails_runtime.WindowSetPosition(ctx, place.X, place.Y)
		}
		if place.Maximised {
			wails_runtime.WindowMaximise(ctx)
		}
		return
	}
	if was == Whole && wails_runtime.WindowIsMaximised(ctx) {
		wails_runtime.WindowUnmaximise(ctx)
	}
	width, height := form.size()
	wails_runtime.WindowSetMinSize(ctx, width, height)
	wails_runtime.WindowSetAlwaysOnTop(ctx, onTop)
	resize(ctx, width, height)
	wails_runtime.WindowSetAlwaysOnTop(ctx, onTop) // once more: a window manager at work on the size can pass over the first
	go w.hold(ctx, form, onTop)
}

// hold asks for a small form again for some seconds, as long as it is the one: a busy window manager can come back to the size of before after
// it kept the new one for a while.
func (w *window) hold(ctx context.Context, form Form, onTop bool) {
	width, height := form.size()
	for _, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		w.mu.Lock()
		still := w.form == form
		w.mu.Unlock()
		if !still {
			return
		}
		if haveW, haveH := wails_runtime.WindowGetSize(ctx); haveW != width || haveH != height {
			wails_runtime.WindowSetMinSize(ctx, width, height)
			resize(ctx, width, height)
			wails_runtime.WindowSetAlwaysOnTop(ctx, onTop)
		}
	}
}

// resize asks for a size until the window keeps it: a window manager that has not heard of the new least size yet holds the window to the
// old one, also shortly after the window was as asked.
func resize(ctx context.Context, width, height int) {
	kept := 0
	for range 60 {
		if w, h := wails_runtime.WindowGetSize(ctx); w == width && h == height {
			kept++
		} else {
			kept = 0
			wails_runtime.WindowSetSize(ctx, width, height)
		}
		if kept == 5 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
