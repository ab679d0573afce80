//go:build desktop && (linux || windows || (darwin && cgo))

package app

import (
	"log/slog"
	"runtime"
	"sync"

	"fyne.io/systray"

	"trestle/internal/tray"
)

// Tray is the icon in the system's tray, with its menu. It draws what
// internal/tray computes and reports what was chosen; it knows nothing else.
type Tray struct {
	do    func(tray.Action)
	views chan tray.View // the newest one not yet drawn
	acts  chan tray.Action
	done  chan struct{}
	ready chan struct{} // closed once items can be added
	once  sync.Once
	end   func()

	icons map[tray.Icon][]byte // drawn once each
	now   tray.View
	lines []*line
}

// line is a drawn item. Its action changes while the item stays.
type line struct {
	item *systray.MenuItem // nil: a separator
	mu   sync.Mutex
	act  tray.Action
	subs []*line
}

// OpenTray puts an icon into the tray and calls do with what is chosen, one at a
// time. It returns at once and never fails: a tray that comes later, or never,
// is Lives' business.
func OpenTray(do func(tray.Action)) *Tray {
	t := &Tray{
		do: do, views: make(chan tray.View, 1), acts: make(chan tray.Action, 16),
		done: make(chan struct{}), ready: make(chan struct{}), icons: map[tray.Icon][]byte{},
	}
	systray.SetOnTapped(func() { t.chosen(tray.Action{Kind: tray.Show}) })
	t.end = startTray(func() { close(t.ready) })
	go t.draw()
	go t.act()
	return t
}

// Draw shows a view. Only the newest of several counts.
func (t *Tray) Draw(v tray.View) {
	for {
		select {
		case t.views <- v:
			return
		default:
		}
		select {
		case <-t.views:
		default:
		}
	}
}

// Lives reports whether somebody draws the icon, so that closing the window does
// not make the program unreachable.
func (t *Tray) Lives() bool {
	select {
	case <-t.ready:
		return trayHosted()
	default:
		return false
	}
}

// Close takes the icon away.
func (t *Tray) Close() {
	t.once.Do(func() {
		close(t.done)
		defer func() {
			if recover() != nil { // without a bus there is nothing to close
				slog.Info("tray ended without a bus")
			}
		}()
		t.end()
	})
}

// draw follows the views.
func (t *Tray) draw() {
	select {
	case <-t.ready:
	case <-t.done:
		return
	}
	for first := true; ; first = false {
		select {
		case <-t.done:
			return
		case v := <-t.views:
			t.show(v, first)
		}
	}
}

// show draws what differs from what is drawn. A menu of the same form is changed
// in place, so that it may stay open while the clock runs.
func (t *Tray) show(v tray.View, first bool) {
	if first || v.Icon != t.now.Icon {
		picture, ok := t.icons[v.Icon]
		if !ok {
			picture = trayIcon(v.Icon)
			t.icons[v.Icon] = picture
		}
		systray.SetTemplateIcon(picture, picture)
	}
	if first || v.Tooltip != t.now.Tooltip {
		systray.SetTooltip(v.Tooltip)
	}
	if first || !sameForm(t.now.Items, v.Items) {
		systray.ResetMenu()
		t.lines = t.add(nil, v.Items)
	} else {
		change(t.lines, t.now.Items, v.Items)
	}
	t.now = v
}

// sameForm reports whether two menus differ in texts, marks and actions only.
func sameForm(a, b []tray.Item) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Separator != b[i].Separator || a[i].Check != b[i].Check || !sameForm(a[i].Items, b[i].Items) {
			return false
		}
	}
	return true
}

// add makes the items of a menu, or of a submenu of over.
func (t *Tray) add(over *systray.MenuItem, items []tray.Item) []*line {
	lines := make([]*line, 0, len(items))
	for _, it := range items {
		l := &line{act: it.Action}
		label := tray.Label(runtime.GOOS, it.Label)
		switch {
		case it.Separator && over == nil:
			systray.AddSeparator()
		case it.Separator:
			over.AddSeparator()
		case over == nil && it.Check:
			l.item = systray.AddMenuItemCheckbox(label, "", it.Checked)
		case over == nil:
			l.item = systray.AddMenuItem(label, "")
		case it.Check:
			l.item = over.AddSubMenuItemCheckbox(label, "", it.Checked)
		default:
			l.item = over.AddSubMenuItem(label, "")
		}
		if l.item != nil {
			if it.Disabled {
				l.item.Disable()
			}
			l.subs = t.add(l.item, it.Items)
			if len(it.Items) == 0 {
				go t.listen(l, l.item.ClickedCh)
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// change brings drawn lines from one view to the next of the same form.
func change(lines []*line, was, is []tray.Item) {
	for i, l := range lines {
		if l.item == nil {
			continue
		}
		l.mu.Lock()
		l.act = is[i].Action
		l.mu.Unlock()
		if was[i].Label != is[i].Label {
			l.item.SetTitle(tray.Label(runtime.GOOS, is[i].Label))
		}
		if was[i].Checked != is[i].Checked {
			if is[i].Checked {
				l.item.Check()
			} else {
				l.item.Uncheck()
			}
		}
		if was[i].Disabled != is[i].Disabled {
			if is[i].Disabled {
				l.item.Disable()
			} else {
				l.item.Enable()
			}
		}
		change(l.subs, was[i].Items, is[i].Items)
	}
}

// listen passes clicks on until the item is removed. It does nothing else: the
// library drops a click that nobody is waiting for.
func (t *Tray) listen(l *line, clicks <-chan struct{}) {
	for range clicks {
		l.mu.Lock()
		act := l.act
		l.mu.Unlock()
		t.chosen(act)
	}
}

func (t *Tray) chosen(act tray.Action) {
	select {
	case t.acts <- act:
	default: // 16 clicks are waiting; one more says nothing new
	}
}

// act carries out what was chosen.
func (t *Tray) act() {
	for {
		select {
		case <-t.done:
			return
		case a := <-t.acts:
			if a.Kind != tray.Nothing {
				t.do(a)
			}
		}
	}
}
