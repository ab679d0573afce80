package app

import (
	"io"
	"log"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// TestT06_TheFirstKeyCounts: who reads that time runs may type at once. The key is pressed from this process, so that nothing but the answer of
// Start lies before it.
func TestT06_TheFirstKeyCounts(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	xgb.Logger = log.New(io.Discard, "", 0)
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	c := h.desk("Esme")
	id := own(t, c, "none")
	const rounds = 2
	for range rounds {
		started(t, c, id, "", "Draw the otters")
		xtest.FakeInput(conn, xproto.KeyPress, 38, 0, root, 0, 0, 0)
		xtest.FakeInput(conn, xproto.KeyRelease, 38, 0, root, 0, 0, 0)
		if _, err := xproto.GetInputFocus(conn).Reply(); err != nil { // it was pressed
			t.Fatal(err)
		}
		tracked(t, c, 1)
		if _, err := (&Tracker{c}).Stop(); err != nil {
			t.Fatal(err)
		}
	}
	keys := int64(0)
	for _, x := range cells(t, c, id) {
		keys += x.Keys
	}
	if keys != rounds {
		t.Errorf("%d keys of %d were counted", keys, rounds)
	}
}
