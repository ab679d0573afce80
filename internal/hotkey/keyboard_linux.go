package hotkey

// keysyms are the numbers of keysymdef.h of the keys with names.
var keysyms = map[string]uint32{
	"Space": 0x20, "Home": 0xff50, "Left": 0xff51, "Up": 0xff52, "Right": 0xff53, "Down": 0xff54, "PageUp": 0xff55, "PageDown": 0xff56, "End": 0xff57,
	"PrintScreen": 0xff61, "Insert": 0xff63, "Delete": 0xffff, "Pause": 0xff13,
}

// Symbols of keys that are modifiers, and the bits of modifiers that never move.
const (
	symNumLock    = 0xff7f
	symScrollLock = 0xff14
	symAlt        = 0xffe9
	symSuper      = 0xffeb

	maskShift = 1 << 0
	maskCaps  = 1 << 1
	maskCtrl  = 1 << 2
	maskMod1  = 1 << 3
	maskMod4  = 1 << 6
)

// keyboard is what the server says of its keys.
type keyboard struct {
	low                byte
	per                int // symbols a key
	syms               []uint32
	alt, super         uint16
	numLock, scrollOff uint16 // the bits of Num Lock and Scroll Lock, 0 for none
}

// readKeyboard takes the answers of GetKeyboardMapping and GetModifierMapping apart. What is missing stays as it usually is.
func readKeyboard(low byte, mapping, modifiers []byte) keyboard {
	k := keyboard{low: low, alt: maskMod1, super: maskMod4}
	if len(mapping) > 32 {
		k.per = int(mapping[1])
		for b := mapping[32:]; len(b) >= 4; b = b[4:] {
			k.syms = append(k.syms, le.Uint32(b))
		}
	}
	if len(modifiers) <= 32 {
		return k
	}
	per, alt, super := int(modifiers[1]), uint16(0), uint16(0)
	for mod := 3; mod < 8; mod++ { // Mod1 to Mod5
		for i := range per {
			at := 32 + mod*per + i
			if at >= len(modifiers) || modifiers[at] < low {
				continue
			}
			bit := uint16(1) << mod
			for col := range k.per {
				switch k.sym(modifiers[at], col) {
				case symNumLock:
					k.numLock = bit
				case symScrollLock:
					k.scrollOff = bit
				case symAlt, symAlt + 1:
					if alt == 0 {
						alt = bit
					}
				case symSuper, symSuper + 1:
					if super == 0 {
						super = bit
					}
				}
			}
		}
	}
	if alt != 0 {
		k.alt = alt
	}
	if super != 0 {
		k.super = super
	}
	return k
}

// sym is the symbol of a key in a column, 0 for none.
func (k keyboard) sym(code byte, col int) uint32 {
	if at := (int(code)-int(k.low))*k.per + col; at >= 0 && col < k.per && at < len(k.syms) {
		return k.syms[at]
	}
	return 0
}

// codes answers the keys that have a key's symbol: in the first layout if any has it there, else in the next that has.
func (k keyboard) codes(key string) (codes []byte) {
	var want [2]uint32
	if len(key) == 1 {
		want = [2]uint32{uint32(key[0]), uint32(key[0] | 0x20)} // letters stand as small ones
	} else if isFunction(key) {
		for i, n := range keyNames[:12] {
			if n == key {
				want[0] = 0xffbe + uint32(i)
			}
		}
	} else {
		want[0] = keysyms[key]
	}
	for col := range k.per {
		for at := col; at < len(k.syms); at += k.per {
			if s := k.syms[at]; s != 0 && (s == want[0] || s == want[1]) {
				codes = append(codes, k.low+byte(at/k.per))
			}
		}
		if len(codes) > 0 {
			return codes
		}
	}
	return nil
}

// mask is modifiers as the server counts them.
func (k keyboard) mask(m Mods) (mask uint16) {
	for mod, bit := range map[Mods]uint16{Ctrl: maskCtrl, Alt: k.alt, Shift: maskShift, Super: k.super} {
		if m&mod != 0 {
			mask |= bit
		}
	}
	return mask
}

// counting is every modifier that tells combinations apart.
func (k keyboard) counting() uint16 { return maskCtrl | maskShift | k.alt | k.super }

// lockings are the states of Caps, Num and Scroll Lock in which a combination is to work: all of them.
func (k keyboard) lockings() []uint16 {
	all := []uint16{0}
	for _, lock := range []uint16{maskCaps, k.numLock, k.scrollOff} {
		if lock == 0 {
			continue
		}
		for _, l := range all[:len(all):len(all)] {
			all = append(all, l|lock)
		}
	}
	return all
}
