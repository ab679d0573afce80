package contact

import "strings"

var (
	// streets end the name of a street that begins with its number.
	streets = words("street st avenue ave road rd boulevard blvd lane ln drive dr court ct way square sq terrace parkway pkwy highway hwy crescent close gardens")
	// sureStreets need nothing else beside a number and a name with a capital.
	sureStreets = words("street avenue ave boulevard blvd road rd lane ln terrace parkway crescent")
	romance     = words("rue avenue boulevard bd chemin impasse quai allee route")
	calles      = words("calle avenida avda plaza paseo carrer viale corso piazza rua travessa alameda via ulica ul улица ул")
	joining     = words("de la del las los du des le les da do dos das di della dei d l von der den")
	units       = words("apt apartment suite ste unit floor flat zip building po box")
	homeWords   = words("address live lives located mail ship send come visit office home deliver parcel reside based meet adresse wohne anschrift direccion vivo adresse habite indirizzo abito endereco moro")
	states      = words("al ak az ar ca co ct de fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy dc on qc bc ab nsw vic qld")
)

// addresses finds postal addresses: the number and name of a street, a post-office box, a town with its state and code.
func (s *scan) addresses() {
	for k, i := range s.words {
		t := s.at(i)
		switch {
		case s.link[i]:
		case t.is == number && len(t.s) <= 5:
			s.numberFirst(k)
		case t.is == word && t.s == "p" && s.w(k+1) == "o" && s.w(k+2) == "box" && s.at(s.words[min(k+3, len(s.words)-1)]).is == number,
			t.is == word && t.s == "po" && s.w(k+1) == "box" && s.numeric(k+2), (t.s == "postfach" || t.s == "apartado") && s.numeric(k+1):
			z := k + 1
			for z < k+3 && !s.numeric(z) {
				z++
			}
			s.hitWords(Address, k, z)
		case t.is == word && t.capital:
			s.nameFirst(k)
		case t.is == word && calles[t.s] && !s.stopped(k+1):
			s.nameFirst(k)
		}
	}
}

func (s *scan) numeric(k int) bool {
	s.steps++
	return k >= 0 && k < len(s.words) && s.toks[s.words[k]].is == number
}

func (s *scan) capital(k int) bool {
	s.steps++
	return k >= 0 && k < len(s.words) && s.toks[s.words[k]].capital
}

// plain reports whether only spaces, commas and dots lie between two words that follow each other.
func (s *scan) plain(k int) bool {
	if k < 0 || k+1 >= len(s.words) {
		return false
	}
	a, z := s.words[k]+1, s.words[k+1]
	if z-a > 4 {
		return false
	}
	for ; a < z; a++ {
		if t := s.at(a); t.is != space && t.is != line && !(t.is == sign && strings.Contains(",.'-", t.s)) {
			return false
		}
	}
	return true
}

// numberFirst looks for 221 Baker Street and 12 rue de Rivoli.
func (s *scan) numberFirst(k int) {
	if b := s.at(s.words[k] - 1); b.is == sign && strings.Contains("-.:/#$€£,", b.s) {
		return
	}
	j := k + 1
	if t := s.at(s.words[min(k+1, len(s.words)-1)]); t.is == word && len(t.s) == 1 && t.from == s.at(s.words[k]).to { // 221b
		j++
	}
	if romance[s.w(j)] && s.plain(k) && !s.stopped(j) {
		n := j + 1
		for n < j+4 && joining[s.w(n)] {
			n++
		}
		if s.capital(n) && s.plain(n-1) {
			s.hitWords(Address, k, n)
			return
		}
	}
	caps := 0
	for n := j; n < j+5 && n < len(s.words) && s.plain(n-1); n++ {
		w := s.w(n)
		if streets[w] && n > j && caps == n-j {
			proof := s.proof(n + 1)
			if sureStreets[w] && s.capital(n) && !((n-j == 1 || w == "avenue" || w == "street") && s.ahead(n+1, 1, notStreets)) || proof > 0 || s.near(k, 5, homeWords) && s.capital(n) {
				s.hitWords(Address, k, max(n, proof))
				return
			}
			if s.near(k, 5, homeWords) && w != "way" && w != "close" {
				s.hitWords(Address, k, n)
				return
			}
		}
		if s.numeric(n) && !strings.Contains("th st nd rd", s.w(n+1)) {
			return
		}
		if s.capital(n) || s.numeric(n) || len(w) <= 2 && strings.Contains("th st nd rd n s e w nw ne sw se", w) || s.near(k, 5, homeWords) {
			caps++
		}
	}
}

var notStreets = words("photo photos poster posters shots style styles picture pictures image images map maps view race test movie show")

// proof is the word up to which a town, state, code or flat follows from the k-th word on; 0 for none.
func (s *scan) proof(k int) int {
	for n := k; n < k+7 && n < len(s.words) && s.plain(n-1); n++ {
		t := s.at(s.words[n])
		switch {
		case t.is == number && len(t.s) == 5 && n > k, t.is == number && len(t.s) == 4 && n > k+1 && s.capital(n-1):
			return n
		case t.is == number && len(t.s) == 5 && s.capital(n+1):
			return n + 1
		case units[t.s] && (s.numeric(n+1) || len(s.w(n+1)) == 1):
			return n + 1
		case t.upper && states[t.s] && s.capital(n-1):
			return n
		case t.upper && len(t.s) <= 2 && s.numeric(n+1) && s.ukCode(n) > 0:
			return s.ukCode(n)
		}
	}
	return 0
}

// ukCode is the last word of a British code (SW1A 1AA) that begins at a word, 0 for none.
func (s *scan) ukCode(k int) int {
	n := k + 2 // letters, number
	if t := s.at(s.words[min(n, len(s.words)-1)]); t.is == word && len(t.s) == 1 {
		n++
	}
	if s.numeric(n) && len(s.w(n)) == 1 && len(s.w(n+1)) == 2 && !s.numeric(n+1) && n+1 < len(s.words) {
		return n + 1
	}
	return 0
}

// nameFirst looks for Hauptstraße 12, Calle Mayor 5 and San Francisco, CA 94103.
func (s *scan) nameFirst(k int) {
	w := s.w(k)
	if s.numeric(k+1) && s.plain(k) && len(s.w(k+1)) <= 4 {
		sure := strings.HasSuffix(w, "strasse") || strings.HasSuffix(w, "straße") || w == "str" || strings.HasSuffix(w, "gasse") && len(w) > 7 || strings.HasSuffix(w, "straat") ||
			len(w) > 5 && (strings.HasSuffix(w, "str") || strings.HasSuffix(w, "allee"))
		maybe := len(w) > 5 && (strings.HasSuffix(w, "weg") || strings.HasSuffix(w, "platz") || strings.HasSuffix(w, "ring") || strings.HasSuffix(w, "damm") || strings.HasSuffix(w, "ufer"))
		proof := s.proof(k + 2)
		if sure || maybe && (proof > 0 || s.near(k, 5, homeWords)) {
			from := k
			for n := 0; n < 2 && w == "str" || n < 1 && len(w) <= 8 && (w == "strasse" || w == "straße"); n++ {
				if !s.capital(from-1) || !s.plain(from-1) {
					break
				}
				from--
			}
			s.hitWords(Address, from, max(k+1, proof))
			return
		}
	}
	if calles[w] && !s.stopped(k+1) {
		n := k + 1
		for n < k+4 && joining[s.w(n)] {
			n++
		}
		m := n
		for m < n+3 && s.capital(m) {
			m++
		}
		if m > n && !s.at(s.words[n]).upper && !channels[s.w(n)] && s.numeric(m) && len(s.w(m)) <= 4 && s.plain(m-1) && (w != "via" || s.capital(k) || s.near(k, 4, homeWords)) {
			s.hitWords(Address, k, max(m, s.proof(m+1)))
			return
		}
	}
	t := s.at(s.words[k])
	if t.upper && states[t.s] && s.numeric(k+1) && len(s.w(k+1)) == 5 && s.capital(k-1) && s.is(s.words[k]-2, ",") {
		from := k - 1
		if s.capital(k-2) && s.plain(k-2) && !s.stopped(k-1) {
			from--
		}
		s.hitWords(Address, from, k+1)
	}
}
