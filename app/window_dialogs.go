//go:build desktop

package app

import (
	"context"

	wails_runtime "github.com/wailsapp/wails/v2/pkg/runtime"
)

// windowDialogs are the system's dialogs above the window.
type windowDialogs struct{ w *window }

// alone waits until no other dialog is open and answers Wails' context.
func (d windowDialogs) alone() (context.Context, func(), error) {
	ctx := d.w.running()
	if ctx == nil {
		return nil, nil, Fail(CodeStarting, "Trestle is still starting.")
	}
	d.w.dialogs.Lock()
	d.w.mu.Lock()
	quitting := d.w.quitting
	d.w.mu.Unlock()
	if quitting { // one that waited for another would hold the end up
		d.w.dialogs.Unlock()
		return nil, nil, Fail(CodeStarting, "Trestle is just ending.")
	}
	return ctx, d.w.dialogs.Unlock, nil
}

func (d windowDialogs) OpenFiles(_ context.Context, title string) ([]string, error) {
	ctx, done, err := d.alone()
	if err != nil {
		return nil, err
	}
	defer done()
	return wails_runtime.OpenMultipleFilesDialog(ctx, wails_runtime.OpenDialogOptions{Title: title})
}

func (d windowDialogs) OpenFolder(_ context.Context, title string) (string, error) {
	ctx, done, err := d.alone()
	if err != nil {
		return "", err
	}
	defer done()
	return wails_runtime.OpenDirectoryDialog(ctx, wails_runtime.OpenDialogOptions{Title: title, CanCreateDirectories: true})
}

func (d windowDialogs) SaveFile(_ context.Context, title, name string) (string, error) {
	ctx, done, err := d.alone()
	if err != nil {
		return "", err
	}
	defer done()
	return wails_runtime.SaveFileDialog(ctx, wails_runtime.SaveDialogOptions{Title: title, DefaultFilename: name, CanCreateDirectories: true})
}
