package contact

import "strings"

var (
	providers   = words("gmail googlemail hotmail outlook yahoo ymail icloud protonmail proton gmx aol mail zoho yandex live msn qq 163 126 foxmail rediffmail fastmail tutanota hey inbox mailru web rambler")
	soleMailers = words("gmail googlemail hotmail protonmail gmx icloud ymail")
	atWords     = words("at arroba собака aet")
	dotWords    = words("dot punkt punto point ponto точка dott")
	notLocal    = words("error bug problem issue meeting job nothing look looking looked be is are was were live hosted available working it them that this us me you everything page site website code sign login signed registered app shop work works worked built here found checkout store docs runs running reading listed published deployed open arrive meet see at in out into on and or the a an we he she they i found")
	files       = words("png jpg jpeg gif svg webp js ts jsx tsx mjs css scss json txt csv html php java pdf xml yml yaml exe woff woff2 ico mp4")
	shells      = words("ssh scp rsync sftp git ssh-copy-id mosh telnet")
	noAddress   = words("no-reply noreply donotreply do-not-reply git")
	mailWords   = words("email mail reach contact me my write address")
	exampleSLD  = words("example yourdomain domain yourcompany test localhost")
)

// emails finds e-mail addresses, also where the signs are written as words or with spaces between.
func (s *scan) emails() {
	for i := range s.toks {
		t := s.at(i)
		switch {
		case t.is == sign && t.s == "@" && !s.link[i]:
			l, r, in := s.bracketed(i)
			if s.is(l-1, "\\") {
				l--
			}
			s.email(i, l, r, in || s.at(i-1).is == space || s.at(i+1).is == space, false)
		case t.is == word && soleMailers[t.s] && !s.link[i]:
			s.atMailer(s.nth[i])
		case t.is == word && atWords[t.s], t.is == word && t.s == "a":
			l, r, in := s.bracketed(i)
			if !in && t.s == "a" {
				continue
			}
			s.email(i, l, r, true, !in)
		}
	}
}

// atMailer looks for one's name at a mailer that is named: my gmail is maraquill.
func (s *scan) atMailer(k int) {
	if !s.near(k, 3, own) {
		return
	}
	j := k + 1
	for s.w(j) == "address" || s.w(j) == "is" || s.w(j) == "id" {
		j++
	}
	if s.stopped(j) || j == k+1 && !s.is(s.words[k]+1, ":=") {
		return
	}
	i := s.words[j]
	z := s.chunk(i)
	if s.link[i] || s.at(i).is != word || len(s.at(i).s) < 3 || notNames[s.at(i).s] && z == i || notLocal[s.at(i).s] || ailing[s.at(i).s] || !s.stopped(s.nth[z]+1) {
		return
	}
	s.hit(Email, s.words[k], z)
}

// ailing is what one says of a mailbox.
var ailing = words("full empty down slow blocked hacked offline connected synced acting giving getting having used private personal")

// bracketed is the range of a word with the brackets around it: (at), [dot], -at-.
func (s *scan) bracketed(i int) (l, r int, in bool) {
	l, r = i, i
	if s.at(l-1).is == space {
		l--
	}
	if s.at(r+1).is == space {
		r++
	}
	if s.is(l-1, "([{<-_*") && s.is(r+1, ")]}>-_*") {
		return l - 1, r + 1, true
	}
	return i, i, false
}

// email looks around a sign or word that may be the middle of an address. l and r are its ends with brackets; loose says that it does not
// join both sides at once; bare that it is a plain word.
func (s *scan) email(i, l, r int, loose, bare bool) {
	from, local := s.local(l)
	if from < 0 || s.link[from] {
		return
	}
	to, labels, dotted := s.domain(r)
	if to < 0 {
		return
	}
	k := s.nth[from]
	last, first := labels[len(labels)-1], labels[0]
	if s.at(to).is != word || len(last) < 2 || len(last) > 24 {
		if len(labels) > 1 || !soleMailers[first] {
			return
		}
	}
	switch {
	case noAddress[local] && !providers[first], files[last] && len(labels) > 1, exampleSLD[first] || len(labels) > 2 && exampleSLD[labels[len(labels)-2]], last == "test" || last == "invalid" || last == "example" || last == "local":
		return
	case s.near(k, 1, shells), s.near(k, 4, shells) && !s.stopped(s.nth[to]+1) && s.is(from-1, " "):
		return
	case s.is(to+1, ":") && s.is(to+2, "/~") && !s.is(to+3, "/"): // scp a.txt me@host:/var/www
		return
	case strings.HasPrefix(local, "v") && len(local) > 1 && local[1] >= '0' && local[1] <= '9' && bare:
		return
	}
	ok := false
	switch {
	case len(labels) == 1:
		alone := s.stopped(k) && s.stopped(s.nth[to]+1) && s.nth[to] == k+2 // mara at gmail, and no more
		ok = !bare && providers[first] && !(loose && s.at(i).s == "a") || bare && soleMailers[first] && !notLocal[local] && (s.near(k, 5, mailWords) || alone)
	case !bare && !loose:
		ok = true
	case !bare:
		ok = tops[last]
	case dotted:
		ok = tops[last] && !notLocal[local]
	default:
		ok = providers[first] && tops[last] && !notLocal[local]
	}
	if ok {
		s.hit(Email, from, to)
		s.mark(from, to)
	}
}

// local is the first token of what stands before the middle, and its letters; -1 for nothing that can be.
func (s *scan) local(l int) (int, string) {
	j := l - 1
	if s.at(j).is == space {
		j--
	}
	from, n, text := -1, 0, ""
	for ; n < 24; n++ {
		t := s.at(j)
		switch {
		case t.is == word || t.is == number:
			from, text = j, t.s+text
			j--
			if d := s.dotBefore(j); d >= 0 {
				text, j = "."+text, d
			}
		case t.is == sign && strings.Contains("._+-%'", t.s) && from >= 0 && (s.at(j-1).is == word || s.at(j-1).is == number):
			text = t.s + text
			j--
		default:
			return from, text
		}
	}
	return from, text
}

// dotBefore is the token before a dot that is written as a word, if one ends at j; else -1.
func (s *scan) dotBefore(j int) int {
	i := j
	if s.at(i).is == space {
		i--
	}
	if i == j && !s.is(i, ")]}") {
		return -1
	}
	if s.is(i, ")]}") {
		i--
	}
	if t := s.at(i); t.is != word || !dotWords[t.s] {
		return -1
	}
	i--
	if s.is(i, "([{") {
		i--
	}
	if s.at(i).is == space {
		i--
	}
	if t := s.at(i); t.is == word || t.is == number {
		return i
	}
	return -1
}

// domain reads the labels behind the middle. to is the last token, -1 for none; dotted says that a dot was written as a word.
func (s *scan) domain(r int) (to int, labels []string, dotted bool) {
	j := r + 1
	if s.at(j).is == space {
		j++
	}
	to = -1
	for len(labels) < 8 {
		label := ""
		for range 12 {
			t := s.at(j)
			if t.is == word || t.is == number || t.is == sign && t.s == "-" && label != "" && (s.at(j+1).is == word || s.at(j+1).is == number || label == "xn" || label == "xn-") && !dotWords[s.at(j+1).s] {
				if s.at(j).is == word && label == "" && dotWords[t.s] {
					break
				}
				label += t.s
				to = j
				j++
				continue
			}
			break
		}
		if label == "" {
			break
		}
		labels = append(labels, label)
		next, asWord := s.dotAfter(j)
		if next < 0 {
			break
		}
		dotted = dotted || asWord
		j = next
	}
	if len(labels) == 0 {
		return -1, nil, false
	}
	return to, labels, dotted
}

// dotAfter is where the next label begins after a dot at j, however it is written; -1 for none.
func (s *scan) dotAfter(j int) (next int, asWord bool) {
	if s.is(j, ".") && (s.at(j+1).is == word || s.at(j+1).is == number) {
		return j + 1, false
	}
	if s.is(j, ",") && s.at(j+1).is == word && tops[s.at(j+1).s] {
		return j + 1, false
	}
	i := j
	if s.at(i).is == space {
		i++
	}
	open := s.is(i, "([{<-_*")
	if open {
		i++
		if s.at(i).is == space {
			i++
		}
	}
	t := s.at(i)
	switch {
	case t.is == word && dotWords[t.s]:
		asWord = true
	case t.is == sign && t.s == "." && (open || i > j):
	default:
		return -1, false
	}
	i++
	if s.at(i).is == space {
		i++
	} else if !open && !asWord {
		return -1, false // a full stop, not a dot with spaces on both sides
	}
	if open {
		if !s.is(i, ")]}>-_*") {
			return -1, false
		}
		i++
		if s.at(i).is == space {
			i++
		}
	}
	if x := s.at(i); x.is == word || x.is == number {
		return i, asWord
	}
	return -1, false
}
