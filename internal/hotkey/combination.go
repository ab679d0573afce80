package hotkey

import (
	"slices"
	"strings"
	"unicode"
)

// Mods is a set of modifier keys.
type Mods uint8

// The modifiers. Super is the Windows key, or Command.
const (
	Ctrl Mods = 1 << iota
	Alt
	Shift
	Super
)

// modNames are the modifiers in the order they are written.
var modNames = []struct {
	mod  Mods
	name string
}{{Ctrl, "Ctrl"}, {Alt, "Alt"}, {Shift, "Shift"}, {Super, "Super"}}

// keyNames are the keys with names of more than one character. Letters and digits are their own names.
var keyNames = []string{
	"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12",
	"Space", "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Insert", "Delete", "PrintScreen", "Pause",
}

// Combination is a key pressed while modifiers are held. Two of them are the same if they are ==.
type Combination struct {
	Mods Mods
	Key  string // "A" to "Z", "0" to "9", or one of the named keys
}

// Parse reads a combination as it is written, "Ctrl+Alt+T": modifiers in any order, capitals or not, one key at the end. Otherwise it
// answers an *Error with Malformed. Whether the combination may be used is Check's.
func Parse(text string) (c Combination, err error) {
	bad := fail(Malformed, "This is not a combination of keys. One looks like Ctrl+Alt+T.")
	if len(text) > 40 {
		return c, bad
	}
	parts := strings.Split(text, "+")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		if i == len(parts)-1 {
			if c.Key = keyOf(part); c.Key == "" {
				return Combination{}, bad
			}
			continue
		}
		j := slices.IndexFunc(modNames, func(m struct {
			mod  Mods
			name string
		}) bool {
			return strings.EqualFold(m.name, part)
		})
		if j < 0 || c.Mods&modNames[j].mod != 0 {
			return Combination{}, bad
		}
		c.Mods |= modNames[j].mod
	}
	return c, nil
}

// keyOf answers a key as it is written, "" for none.
func keyOf(text string) string {
	if len(text) == 1 {
		if k := strings.ToUpper(text); k[0] >= 'A' && k[0] <= 'Z' || k[0] >= '0' && k[0] <= '9' {
			return k
		}
		return ""
	}
	if i := slices.IndexFunc(keyNames, func(n string) bool { return strings.EqualFold(n, text) }); i >= 0 {
		return keyNames[i]
	}
	return ""
}

// String writes a combination as Parse reads it: Ctrl, Alt, Shift, Super, the key.
func (c Combination) String() string {
	var parts []string
	for _, m := range modNames {
		if c.Mods&m.mod != 0 {
			parts = append(parts, m.name)
		}
	}
	return strings.Join(append(parts, c.Key), "+")
}

// theirs are combinations that belong to the system on one of those Trestle runs on.
var theirs = []Combination{
	{Ctrl | Alt, "Delete"}, {Alt, "F4"}, {Super, "L"}, {Ctrl | Shift | Alt, "Delete"}, {Alt, "F1"}, {Alt, "F2"},
}

// Check answers nil where the combination may be asked for, else an *Error with Forbidden. A function key needs one modifier and any other
// key two, one of them not Shift, so that no program loses what people type or the usual shortcuts such as Ctrl+C.
func (c Combination) Check() error {
	held := 0
	for _, m := range modNames {
		if c.Mods&m.mod != 0 {
			held++
		}
	}
	function := isFunction(c.Key)
	switch {
	case keyOf(c.Key) != c.Key || c.Key == "":
		return fail(Malformed, "This is not a combination of keys. One looks like Ctrl+Alt+T.")
	case slices.Contains(theirs, c), function && c.Mods&(Ctrl|Alt) == Ctrl|Alt:
		return fail(Forbidden, "%s belongs to the system. Choose another.", c)
	case function && held >= 1, held >= 2:
		return nil
	case function:
		return fail(Forbidden, "%s alone would be taken from every other program. Hold Ctrl, Alt or Shift with it.", c)
	}
	return fail(Forbidden, "%s would be taken from every other program. Hold two of Ctrl, Alt and Shift.", c)
}

// typing answers nil unless a combination is how people type a character: Windows takes Ctrl+Alt for AltGr, so that Ctrl+Alt+E is the euro sign on
// many keyboards, and a program that has it takes that sign from all others. types answers what AltGr, and Shift if that is held too, makes of
// a key on any keyboard layout of the computer, "" for nothing.
func (c Combination) typing(types func(key string, shift bool) string) error {
	if c.Mods&(Ctrl|Alt|Super) != Ctrl|Alt {
		return nil
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
			return r
		}
		return -1
	}, types(c.Key, c.Mods&Shift != 0))
	if text == "" {
		return nil
	}
	return fail(Forbidden, "%s types %s on a keyboard of this computer, as AltGr does. Choose another, such as one with Ctrl and Shift.", c, text)
}

func isFunction(key string) bool {
	return len(key) > 1 && key[0] == 'F' && key[1] >= '0' && key[1] <= '9'
}
