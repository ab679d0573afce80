package courier

import (
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// Older history comes on demand, without a gap.
func TestI13_OlderHistory(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	var want []string
	for i := range 520 { // the newest 50 come by themselves, then two pages and a rest
		s := strings.Repeat("x", i%7) + string(rune('a'+i%26))
		want = append(want, s)
		a.say(room, s)
	}
	a.sync()
	b := a.second()
	b.sync()
	b.shows(room, want[470:]...)
	pages := 0
	for more := true; more; pages++ {
		var err error
		more, err = b.c.Older(bg, workroom.RoomScope(room))
		must(t, err)
	}
	if pages != 3 {
		t.Errorf("%d pages", pages)
	}
	b.shows(room, want...)
	b.checkI3()
	win, err := b.rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, 0, 50)
	must(t, err)
	if win.Older || !win.More || len(win.Rows) != 50 {
		t.Errorf("window: older %v more %v rows %d", win.Older, win.More, len(win.Rows))
	}
}
