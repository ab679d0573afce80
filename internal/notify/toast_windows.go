package notify

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"
	"golang.org/x/sys/windows/registry"
)

// toastClass is the COM class by which Windows tells what was chosen on a toast of this program.
const toastClass = "{7D0B9A52-5C0E-4B53-9C1C-0E1E6A3E5F21}"

// Toasts sends notices as Windows' toasts. The document is written here and handed to Windows as it is: the layer above it in the module, which
// Wails uses, puts texts in unescaped and, where Windows takes no toast, into a script for PowerShell. A toast cannot be taken back by it, nor
// replaced: Windows keeps them in its notification centre until somebody clears it. Safe for concurrent use.
type Toasts struct {
	program Program

	mu     sync.Mutex
	keys   []string // of the newest notices
	failed error
}

// toastsKept is of how many notices a choice is still heard.
const toastsKept = 200

// OpenToasts names the program to Windows. An *Unavailable error means that Windows takes no toasts from it.
func OpenToasts(p Program) (*Toasts, error) {
	t := &Toasts{program: p}
	if err := nameProgram(p.ID, p.Name); err != nil {
		return nil, &Unavailable{err}
	}
	wintoast.SetActivationCallback(func(_, args string, data []wintoast.UserData) { t.chosen(args, data) })
	if err := wintoast.SetAppData(wintoast.AppData{AppID: p.ID, GUID: toastClass, IconPath: p.Icon}); err != nil {
		return nil, &Unavailable{fmt.Errorf("name the program to Windows: %w", err)}
	}
	return t, nil
}

// nameProgram writes what Windows calls the program above its toasts.
func nameProgram(id, name string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\Classes\AppUserModelId\`+id, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("name the program to Windows: %w", err)
	}
	defer key.Close()
	if err := key.SetStringValue("DisplayName", name); err != nil {
		return fmt.Errorf("name the program to Windows: %w", err)
	}
	return nil
}

// Show shows a notice. The error is *Unavailable if Windows does not take it within callLimit.
func (t *Toasts) Show(ctx context.Context, n Notice, buttons ...Button) error {
	t.mu.Lock()
	t.keys = slices.DeleteFunc(t.keys, func(k string) bool { return k == n.Key })
	t.keys = append(t.keys[max(0, len(t.keys)-toastsKept+1):], n.Key)
	t.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- wintoast.Push(t.program.ID, toastXML(n, buttons...)) }()
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed = nil; err != nil {
		t.failed = &Unavailable{fmt.Errorf("show a toast: %w", err)}
	}
	return t.failed
}

// Missing is nil unless Windows did not take the last notice: then it is why.
func (t *Toasts) Missing() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

// chosen hands on what a person did with a notice of this run of the program.
func (t *Toasts) chosen(args string, data []wintoast.UserData) {
	key, action, ok := ofToast(args)
	t.mu.Lock()
	ours := ok && slices.Contains(t.keys, key)
	t.mu.Unlock()
	if !ours {
		return
	}
	if action == ReplyAction {
		for _, d := range data {
			if d.Key == "reply" && d.Value != "" && t.program.Reply != nil {
				go t.program.Reply(key, d.Value)
				return
			}
		}
	}
	if t.program.Act != nil {
		go t.program.Act(key, action) // Windows waits for the answer
	}
}
