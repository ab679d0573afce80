package contact

import "unicode"

// drawn reports digits that are pictures of digits.
func drawn(r rune) bool {
	return r >= 0x2460 && r <= 0x249b || r == 0x24ea || r >= 0x24f5 && r <= 0x24fd || r >= 0x2776 && r <= 0x2793 || r >= 0x2070 && r <= 0x2089 ||
		r == 0xb9 || r == 0xb2 || r == 0xb3 || r >= 0x1d7ce && r <= 0x1d7ff
}

var latin = map[rune]rune{}

func init() {
	for base, list := range map[rune]string{'a': "àáâãäåāă", 'c': "çćč", 'e': "èéêëēė", 'i': "ìíîïī", 'n': "ñń", 'o': "òóôõöøō", 's': "śš", 'u': "ùúûüū", 'y': "ýÿ", 'z': "źżž"} {
		for _, r := range list {
			latin[r] = base
		}
	}
}

// fold is a character as the finders read it, 0 for one without width, and its sort.
func fold(r rune) (rune, sort) {
	switch {
	case r < 0x80:
	case r >= 0xff01 && r <= 0xff5e: // full width
		r -= 0xfee0
	case r >= 0x2460 && r <= 0x2468: // in circles
		r = r - 0x2460 + '1'
	case r >= 0x2474 && r <= 0x247c: // in brackets
		r = r - 0x2474 + '1'
	case r >= 0x2488 && r <= 0x2490: // with a full stop
		r = r - 0x2488 + '1'
	case r >= 0x24f5 && r <= 0x24fd: // in two circles
		r = r - 0x24f5 + '1'
	case r >= 0x2776 && r <= 0x277e: // in black circles
		r = r - 0x2776 + '1'
	case r >= 0x2780 && r <= 0x2788:
		r = r - 0x2780 + '1'
	case r >= 0x278a && r <= 0x2792:
		r = r - 0x278a + '1'
	case r == 0x24ea, r == 0x24ff:
		r = '0'
	case r == 0xb9: // raised and lowered
		r = '1'
	case r == 0xb2 || r == 0xb3:
		r = r - 0xb2 + '2'
	case r == 0x2070 || r >= 0x2074 && r <= 0x2079:
		r = r - 0x2070 + '0'
	case r >= 0x2080 && r <= 0x2089:
		r = r - 0x2080 + '0'
	case r >= 0x24b6 && r <= 0x24e9: // letters in circles
		r = 'a' + (r-0x24b6)%26
	case r >= 0x1d400 && r < 0x1d6a4: // mathematical letters
		if k := (r - 0x1d400) % 52; k < 26 {
			r = 'a' + k
		} else {
			r = 'a' + k - 26
		}
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xfe58, r == 0xfe63:
		r = '-'
	case r == 0x3002, r == 0x2024, r == 0xff61:
		r = '.'
	case r == 0xfe6b:
		r = '@'
	case r == 0x2028 || r == 0x2029:
		r = '\n'
	case r == 0xad, r == 0x20e3, r == 0x34f, r == 0x115f, r == 0x3164, r >= 0xfe00 && r <= 0xfe0f, unicode.Is(unicode.Cf, r):
		return 0, end
	case unicode.Is(unicode.Mn, r): // accents apart from their letters
		return 0, end
	}
	switch {
	case r >= '0' && r <= '9':
		return r, number
	case r >= 'a' && r <= 'z':
		return r, word
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A', word
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85:
		return '\n', line
	case r == '\t':
		return '\t', sign // columns are not words of a sentence
	case r == ' ', unicode.Is(unicode.Zs, r):
		return ' ', space
	case r < 0x20:
		return 0, end
	}
	if d, ok := digit(r); ok {
		return d, number
	}
	if unicode.IsLetter(r) {
		r = unicode.ToLower(r)
		if base, ok := latin[r]; ok {
			r = base
		}
		return r, word
	}
	return r, sign
}

// digit is a decimal digit of any script as 0 to 9: Unicode keeps them in runs of ten.
func digit(r rune) (rune, bool) {
	if r < 0x660 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, x := range unicode.Nd.R16 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10, true
		}
	}
	for _, x := range unicode.Nd.R32 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10, true
		}
	}
	return 0, false
}
