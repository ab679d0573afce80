package contact

import "strings"

var (
	// callWords stand near a number that one may call.
	callWords = words("phone telephone tel mobile cell cellphone call calls whatsapp viber text sms ring dial fax telegram signal number reach contact mob ph handy handynummer telefon telefonnummer rufnummer mobil anrufen ruf movil telefono celular llamame llama fijo telefone ligue portable appelez appelle cellulare chiamami телефон тел номер звоните позвони позвоните вотсап zalo imo wechat kakao kakaotalk vx 手机 手机号 手机号码 电话 电话号码 微信 微信号 微信同号 電話 電話番号 携帯")
	// vagueCalls mean other things as well: a short number beside them is none that one may call.
	vagueCalls = words("cell number text signal reach contact ring dial fax call calls mobile")
	// notCalls follow a word of calls and make it something else.
	notCalls = words("stack stacks graph graphs center centre api apis sheet signature phones handler handlers")
	// idWords stand before a number that names something else.
	idWords  = words("order orders invoice ticket id ids issue pr ref reference isbn issn ean upc sku serial iban bic vat tax tracking commit build version v rev zip plz postcode error errors line row rows case customer account uuid hash timestamp unix epoch port part model article item product batch license licence policy patent doi rfc table figure page chapter contract rechnung bestellung auftrag kundennummer steuernummer pedido factura commande facture bank card asin bug task story milestone parcel shipment room parameter pid size width height total sum count between from max min range population budget amount zeile seite artikel")
	moneyIn  = words("usd eur gbp chf inr cad aud jpy dollars dollar euro euros pounds rupees cents bucks million billion thousand k")
	measures = words("px pixels users rows bytes kb mb gb tb kib mib gib ms seconds hours days km kg m cm mm records items views visitors words characters lines requests tokens people downloads files images units customers pages impressions clicks samples transactions iterations hz khz mhz ghz fps dpi breakpoints")
	digits   = map[string]string{"zero": "0", "oh": "0", "null": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
		"eins": "1", "zwei": "2", "zwo": "2", "drei": "3", "vier": "4", "funf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9"}
)

// group is one run of digits of a number that may be written in several.
type group struct {
	s   string
	tok int
	sep string // between it and the one before
}

// phones finds telephone numbers.
func (s *scan) phones() {
	for i := 0; i < len(s.toks); {
		if s.digits(i) == "" {
			i++
			continue
		}
		run, next := s.run(i)
		s.judgeRun(run)
		i = max(next, i+1)
	}
}

// digits is a token as digits, also one that is the word for a digit.
func (s *scan) digits(i int) string {
	t := s.at(i)
	switch {
	case i < 0 || i >= len(s.toks) || s.link[i]:
		return ""
	case t.is == number:
		return t.s
	case t.is == word:
		return digits[t.s]
	}
	return ""
}

// run gathers groups that only what stands between the groups of a telephone number parts.
func (s *scan) run(i int) (list []group, next int) {
	list = []group{{s.digits(i), i, ""}}
	for {
		j, sep := list[len(list)-1].tok+1, ""
		for range 4 {
			t := s.at(j)
			if t.is == space && len(t.s) <= 3 || t.is == sign && (strings.Contains("-./()•·~*_", t.s) || t.s == "," && s.at(list[len(list)-1].tok).is == word) {
				sep += t.s
				j++
				continue
			}
			break
		}
		d := s.digits(j)
		if d == "" || sep == "" && s.at(j).is != number {
			return list, max(j, list[len(list)-1].tok+1)
		}
		list = append(list, group{d, j, sep})
	}
}

// judgeRun takes dates out of a run and looks at what is left. Of a run that is too long for a number nothing is.
func (s *scan) judgeRun(run []group) {
	from := 0
	for i := 0; i < len(run); i++ {
		if i+2 < len(run) && isDate(run[i:i+3]) {
			s.judgeGroups(run[from:i])
			i += 2
			from = i + 1
			continue
		}
		if i > from && (strings.Contains(run[i].sep, "+") || s.is(run[i].tok-1, "+")) {
			s.judgeGroups(run[from:i])
			from = i
		}
	}
	s.judgeGroups(run[from:])
}

func isDate(g []group) bool {
	a, b := strings.TrimSpace(g[1].sep), strings.TrimSpace(g[2].sep)
	if a != b || len(a) != 1 || !strings.Contains("-./", a) {
		return false
	}
	n := func(s string, lo, hi int) bool {
		if len(s) == 0 || len(s) > 4 {
			return false
		}
		v := 0
		for _, c := range s {
			v = v*10 + int(c-'0')
		}
		return v >= lo && v <= hi
	}
	x, y, z := g[0].s, g[1].s, g[2].s
	day := len(x) <= 2 && len(y) <= 2 && n(x, 1, 31) && n(y, 1, 31) && (n(x, 1, 12) || n(y, 1, 12)) && (len(z) == 2 || len(z) == 4 && n(z, 1900, 2199))
	return day || len(x) == 4 && n(x, 1900, 2199) && len(y) <= 2 && n(y, 1, 12) && len(z) <= 2 && n(z, 1, 31)
}

// judgeGroups says whether groups of digits are a telephone number.
func (s *scan) judgeGroups(g []group) {
	if len(g) == 0 || len(g) > 20 {
		return
	}
	all, spelt, single, masked, long, times := "", 0, 0, 0, true, false
	for _, x := range g {
		s.steps++
		all += x.s
		if s.at(x.tok).is == word {
			spelt++
		}
		if len(x.s) == 1 {
			single++
		}
		masked += s.at(x.tok).masked
		long = long && len(x.s) >= 3
		times = times || strings.ContainsAny(x.sep, "*_")
	}
	first, last := g[0].tok, g[len(g)-1].tok
	plus, from := s.plus(first)
	if plus && len(g) == 1 && from < first-1 {
		plus = false // a sum
	}
	if len(all) < 7 || len(all) > 15 || s.odd(from, last) || dull(all) || rising(g) || decimals(g) && !plus || len(g) == 1 && isDay(all) ||
		long && len(g) > 3 && all[0] != '0' && !plus || plus && all[0] == '1' && all[1] < '2' || fictional(all) {
		return
	}
	k := s.nth[first]
	near := s.called(k, last, len(all))
	named := s.near(k, 2, idWords) || s.is(from-1, "#") || s.is(from-2, "#")
	if s.amount(from, last) {
		return
	}
	ok := false
	switch {
	case masked >= 7:
		ok = true
	case spelt > 0 && spelt < len(g) && single < len(g)-2, spelt == 1 && !plus:
	case plus:
		ok = len(all) >= 8 && strings.TrimRight(all, "0") != all[:min(len(all), 3)] || near
	case named && !s.near(k, 3, sureCalls):
	case near:
		ok = !strings.Contains(g[0].s+".", "..") && !isIP(g) && !isHours(g)
	case strings.HasPrefix(all, "00") && len(all) >= 11 && all[2] != '0' && len(g[0].s) >= 2:
		ok = len(g) > 1 || len(all) <= 14
	case times: // a product, or a name in code
	case s.han && len(g) == 1 && len(all) == 11 && all[0] == '1' && all[1] >= '3': // China
		ok = true
	case single == len(g):
		ok = len(g) >= 9 || spelt == len(g)
	default:
		ok = shaped(g, all)
	}
	if ok {
		s.hit(Phone, from, last)
	}
}

// abbreviated are words of calls that are written with a dot.
var abbreviated = words("tel ph mob cell mobil fax")

// called reports whether one is told to call a number: a word near the k-th, where the number begins, or behind its last token says so.
func (s *scan) called(k, last, digits int) bool {
	for n, j := 6, k; n > 0 && j > 0 && !s.stopped(j); n-- {
		j--
		w := s.w(j)
		if !callWords[w] || notCalls[s.w(j+1)] && j+1 < k {
			continue
		}
		if digits < 9 && vagueCalls[w] && w != "call" && !s.near(j, 2, own) {
			continue
		}
		return true
	}
	return s.ahead(s.nth[last]+1, 4, callWords) && !s.near(k, 3, idWords)
}

var sureCalls = words("phone mobile cell whatsapp call tel telefon handy")

// plus reports whether a number has its country before it, and where it begins with that.
func (s *scan) plus(i int) (bool, int) {
	j := i - 1
	for n := 0; n < 2 && (s.at(j).is == space || s.is(j, "(")); n++ {
		j--
	}
	if s.is(j, "+") {
		if b := s.at(j - 1); b.is != number && b.is != word && !(b.is == sign && b.s == "+") {
			return true, j
		}
	}
	if s.is(i-1, "(") {
		return false, i - 1
	}
	return false, i
}

// odd reports whether what stands right before or behind a number makes it part of something else: an id, a decimal, a time, a path.
func (s *scan) odd(from, last int) bool {
	b, a := s.at(from-1), s.at(last+1)
	switch {
	case b.is == word && b.s != "tel" && b.s != "ph" && b.s != "mob", a.is == word && a.s != "x" && a.s != "ext":
		return true
	case b.is == sign && strings.Contains("=&_/\\-.,:", b.s):
		c := s.at(from - 2)
		if c.is == number || c.is == word && b.s != ":" && !(b.s == "." && abbreviated[c.s]) || c.is == sign && c.s != ")" && b.s != ":" {
			return true
		}
	}
	switch {
	case a.is == sign && strings.Contains(",:.-/_=", a.s):
		c := s.at(last + 2)
		return c.is == number || c.is == word && a.s != "." && a.s != "," && a.s != ":"
	case a.is == sign && (a.s == "%" || a.s == "°" || a.s == "€" || a.s == "$"):
		return true
	}
	return false
}

// amount reports whether a number counts or costs something.
func (s *scan) amount(from, last int) bool {
	j, z := from-1, last+1
	if s.at(j).is == space {
		j--
	}
	if s.is(j, "$€£¥₹₽₩≈~<>=×*±≥≤") && !(s.is(j, "*~") && s.at(j-1).s == s.at(j).s) { // two of these make it bold or strike it
		return true
	}
	if s.at(z).is == space {
		z++
	}
	t := s.at(z)
	return t.is == sign && strings.Contains("$€£¥₹₽%×*=°", t.s) || t.is == word && (moneyIn[t.s] || measures[t.s]) || moneyIn[s.at(j).s]
}
