//go:build desktop && !linux

package app

import (
	"context"

	wails_runtime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// bringUp shows the window and raises it above others. The first time, it is put
// where it stood when the program last ran, if that can still be seen.
func bringUp(ctx context.Context, p WindowPlace) {
	if p.X >= 0 && p.Width > 0 {
		if screens, err := wails_runtime.ScreenGetAll(ctx); err == nil {
			for _, s := range screens {
				if s.IsCurrent {
					p = p.Clamp(s.Size.Width, s.Size.Height)
					wails_runtime.WindowSetSize(ctx, p.Width, p.Height)
					wails_runtime.WindowSetPosition(ctx, p.X, p.Y)
				}
			}
		}
	}
	if wails_runtime.WindowIsMinimised(ctx) {
		wails_runtime.WindowUnminimise(ctx)
	}
	wails_runtime.Show(ctx)
	wails_runtime.WindowShow(ctx)
}

// cancelDialogs does nothing: the systems that this is for end a program whatever dialog is open.
func cancelDialogs() {}
