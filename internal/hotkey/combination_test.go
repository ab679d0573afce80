package hotkey

import (
	"errors"
	"strings"
	"testing"
)

// K-13: what is written is read, in any order and size, and written in one way.
func TestK13_ParseAndString(t *testing.T) {
	for text, want := range map[string]string{
		"Ctrl+Alt+T": "Ctrl+Alt+T", "alt+ctrl+t": "Ctrl+Alt+T", " shift + super + 7 ": "Shift+Super+7", "Super+Shift+F12": "Shift+Super+F12",
		"ctrl+shift+pageup": "Ctrl+Shift+PageUp", "F5": "F5", "x": "X",
		"": "", "+": "", "Ctrl+": "", "Ctrl": "", "Ctrl+Ctrl+T": "", "T+Ctrl": "", "Ctrl+Alt+TT": "", "Ctrl+Alt+é": "", "Ctrl+Alt++": "", "Hyper+Alt+T": "",
		"Ctrl+Alt+F13": "", "Ctrl+Alt+\x00": "", "Ctrl+Alt+Shift+Super+Ctrl+Alt+Shift+Super+T": "",
	} {
		c, err := Parse(text)
		switch {
		case want == "" && (err == nil || CodeOf(err) != Malformed):
			t.Errorf("%q was read as %v, %v", text, c, err)
		case want != "" && (err != nil || c.String() != want):
			t.Errorf("%q was read as %v, %v, want %s", text, c, err, want)
		}
		if err == nil {
			if again, err := Parse(c.String()); err != nil || again != c {
				t.Errorf("%q does not come back: %v, %v", c, again, err)
			}
		}
	}
}

// K-13: what would be taken from every program, or belongs to the system, is never asked for.
func TestK13_Forbidden(t *testing.T) {
	for text, want := range map[string]Code{
		"Ctrl+Alt+T": "", "Ctrl+Alt+S": "", "Ctrl+Shift+7": "", "Shift+F5": "", "Super+Alt+Space": "", "Ctrl+F12": "",
		"T": Forbidden, "Shift+T": Forbidden, "Ctrl+C": Forbidden, "Alt+Space": Forbidden, "F5": Forbidden, "Ctrl+Alt+Delete": Forbidden,
		"Ctrl+Alt+F2": Forbidden, "Ctrl+Alt+Shift+F2": Forbidden, "Alt+F4": Forbidden, "Super+L": Forbidden,
	} {
		c, err := Parse(text)
		if err != nil {
			t.Fatal(text, err)
		}
		switch err := c.Check(); {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || CodeOf(err) != want):
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for _, c := range []Combination{{}, {Ctrl | Alt, ""}, {Ctrl | Alt, "t"}, {Ctrl | Alt, "Tab"}} {
		if err := c.Check(); err == nil || CodeOf(err) != Malformed {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// K-13: what types a character with AltGr is never taken where that is the same as Ctrl+Alt.
func TestK13_WhatAltGrTypes(t *testing.T) {
	polish := func(key string, shift bool) string {
		return map[string]string{"S": "ś", "E": "ę", "+S": "Ś", "T": "\x14", "Space": "\u00a0", "7": "\u0301"}[map[bool]string{true: "+"}[shift]+key]
	}
	none := func(string, bool) string { return "" }
	for text, want := range map[string]string{
		"Ctrl+Alt+S": "ś", "Ctrl+Alt+Shift+S": "Ś", "Ctrl+Alt+E": "ę", "Ctrl+Alt+7": "\u0301", "Ctrl+Alt+Shift+E": "",
		"Ctrl+Alt+T": "", "Ctrl+Alt+Space": "", "Ctrl+Shift+S": "", "Alt+Shift+S": "", "Ctrl+Alt+Super+S": "", "Super+Alt+S": "",
	} {
		c, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		switch err := c.typing(polish); {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || CodeOf(err) != Forbidden || !strings.Contains(err.Error(), text+" types "+want)):
			t.Errorf("%s: %v", text, err)
		}
		if err := c.typing(none); err != nil {
			t.Errorf("%s on a keyboard without AltGr: %v", text, err)
		}
	}
}

// K-13: two actions with one combination are told of, and neither is asked for.
func TestK13_Double(t *testing.T) {
	same := Combination{Ctrl | Alt, "T"}
	good, refused := sift(map[Action]Combination{"a": same, "b": same, "c": {Ctrl | Alt, "S"}, "d": {Ctrl, "C"}})
	if len(good) != 1 || CodeOf(refused["a"]) != Double || CodeOf(refused["b"]) != Double || CodeOf(refused["d"]) != Forbidden {
		t.Errorf("good %v, refused %v", good, refused)
	}
	if CodeOf(errors.New("something else")) != Unsupported {
		t.Error("a foreign error has a code of ours")
	}
}
