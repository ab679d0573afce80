package contact

import "strings"

// Places of the web that stand for a way to somebody. A name also means the names below it.
var (
	formHosts = words("forms.gle typeform.com jotform.com jotform.me forms.office.com forms.microsoft.com surveymonkey.com tally.so wufoo.com cognitoforms.com formstack.com paperform.co 123formbuilder.com formsite.com fillout.com forms.zohopublic.com zohopublic.com google-forms.com survio.com limesurvey.net")
	jobHosts  = words("greenhouse.io lever.co workable.com smartrecruiters.com myworkdayjobs.com bamboohr.com recruitee.com ashbyhq.com breezy.hr jobvite.com icims.com teamtailor.com jobs.personio.de jobs.personio.com applytojob.com freshteam.com zohorecruit.com taleo.net pinpointhq.com comeet.com hire.trakstar.com recruiterbox.com")
	chatHosts = words("t.me telegram.me telegram.dog wa.me api.whatsapp.com chat.whatsapp.com web.whatsapp.com m.me messenger.com discord.gg keybase.io linktr.ee beacons.ai bio.link lnk.bio taplink.cc join.slack.com join.skype.com u.wechat.com weixin.qq.com line.me signal.me signal.group threema.id vk.me zalo.me snapchat.com chat.google.com matrix.to viber.me imo.im kik.me us02web.zoom.us zoom.us meet.google.com meet.jit.si whereby.com teams.live.com")
	timeHosts = words("calendly.com cal.com savvycal.com doodle.com youcanbook.me acuityscheduling.com calendar.app.google tidycal.com zcal.co meetings.hubspot.com koalendar.com appointlet.com setmore.com simplybook.me oncehub.com")
	contactIn = words("contact contact-us contactus contact-me contactme contact-form contactform kontakt kontaktformular contacto contactez-nous contato contatti contattaci get-in-touch getintouch reach-us request-a-quote")
	// workHosts show how something is made, whatever their paths are called.
	workHosts = words("figma.com github.com gitlab.com bitbucket.org invisionapp.com zeplin.io miro.com")
	rework    = words("redesign redesigning rebuild rebuilding restyle translate migrate audit improve fix fixing redo recreate reworked redesigned rebuilt")
	applyIn   = words("apply apply-now application-form bewerbung bewerben postuler candidature applyonline apply-online")
	mine      = words("my me mine our us here's mein meine mi mis mon ma moi meu minha mio mia мой моя мне dm add follow message contact connect find reach ping write text hit")
	formWords = words("form formular formulario formulaire questionnaire survey anketa")
	fillWords = words("fill fillout complete submit enter ausfullen rellena rellenar remplir remplissez preencha compila")
	sendWords = words("apply submit send candidate applying")
	viaWords  = words("at on via through here to using")
	ours      = words("api get status app slack")
	jobWords  = words("apply application applications applicants proposal proposals bid bids quote resume cv candidature bewerbung")
)

// webAddress is a web address in the text: its tokens, host and path.
type webAddress struct {
	from, to   int // tokens, to is the last
	host, path string
}

// links finds web addresses, marks them, and says which stand for a way to somebody.
func (s *scan) links() {
	for i := 0; i < len(s.toks); {
		if n := s.mention(i); n > 0 {
			for k := i; k < i+n; k++ {
				s.link[k] = true
			}
			i += n
			continue
		}
		if is := s.at(i).is; is != word && is != number {
			i++
			continue
		}
		j := i
		for ; j < len(s.toks); j++ { // a run without spaces
			t := s.at(j)
			if t.is == space || t.is == line || t.is == sign && strings.Contains("\t<>\"“”«»`|{}\\^，、", t.s) {
				break
			}
		}
		s.oneLink(i, j)
		i = max(j, i+1)
	}
}

// mention is how many tokens a stored mention takes, <@ACCOUNT>, which is one of our own; 0 for none.
func (s *scan) mention(i int) int {
	if !s.is(i, "<") || !s.is(i+1, "@") {
		return 0
	}
	for j := i + 2; j < i+80; j++ {
		switch t := s.at(j); {
		case t.is == word && len(t.s) <= 12 && strings.Trim(t.s, "abcdef") == "", t.is == number, t.is == sign && t.s == "-": // an id of ours
		case t.is == sign && t.s == ">" && s.at(j-1).to-s.at(i+2).from == 36:
			return j - i + 1
		default:
			return 0
		}
	}
	return 0
}

// oneLink looks for a web address in a run of tokens without spaces.
func (s *scan) oneLink(a, z int) {
	const most = 400 // tokens of an address that are read
	z = min(z, a+most)
	scheme := -1
	for i := a; i+3 < z; i++ {
		if s.at(i).is == word && s.is(i+1, ":") && s.is(i+2, "/") && s.is(i+3, "/") {
			scheme = i
			break
		}
	}
	start := a
	if scheme >= 0 {
		start = scheme + 4
	}
	// the host: labels with dots between
	var host strings.Builder
	i, dots, last := start, 0, start-1
	for ; i < z; i++ {
		t := s.at(i)
		if t.is == word || t.is == number || t.is == sign && (t.s == "-" || t.s == "_") {
			host.WriteString(t.s)
			last = i
			continue
		}
		if t.is == sign && t.s == "." && (s.at(i+1).is == word || s.at(i+1).is == number) && i+1 < z {
			host.WriteByte('.')
			dots++
			continue
		}
		break
	}
	if i < z && s.is(i, "@") { // an e-mail address, or a name before the host, which is read as one
		if scheme >= 0 {
			s.mark(scheme, z-1)
			if to := s.hostAfter(i, z); to > 0 && (s.at(scheme).s == "http" || s.at(scheme).s == "https") && !noAddress[name(host.String())] {
				s.hit(Email, start, to)
			}
		}
		return
	}
	if scheme >= 0 && s.is(i, ":") && s.at(i+1).is != number { // ://user:password@host
		s.mark(scheme, z-1)
		return
	}
	name := name(host.String())
	switch {
	case dots == 0 && scheme < 0, s.at(last).is != word && scheme < 0, scheme < 0 && !top(name):
		return
	}
	if s.is(i, ":") && s.at(i+1).is == number {
		i += 2
	}
	var path strings.Builder
	if s.is(i, "/?#") {
		for ; i < z; i++ {
			path.WriteString(s.at(i).s)
			last = i
		}
	}
	for last > start && s.at(last).is == sign && strings.Contains(".,;:!?)]'*_~", s.toks[last].s) { // the sentence's own
		last--
	}
	x := webAddress{from: start, to: last, host: name, path: strings.TrimRight(path.String(), ".,;:!?)]'*_~")}
	if scheme >= 0 {
		x.from = scheme
	}
	s.mark(x.from, x.to)
	s.judge(x)
}

// name is a host without what most of them begin with.
func name(host string) string { return strings.TrimPrefix(host, "www.") }

// hostAfter is the last token of a host that people know behind a sign, 0 for none.
func (s *scan) hostAfter(i, z int) int {
	dot := false
	for j := i + 1; j < z; j++ {
		switch t := s.at(j); {
		case t.is == word && dot && tops[t.s] && !s.is(j+1, ".-@"):
			return j
		case t.is == word, t.is == number, t.is == sign && t.s == "-":
		case t.is == sign && t.s == ".":
			dot = true
		default:
			return 0
		}
	}
	return 0
}

// mailed reports whether an e-mail address stands in the path of a web address, as ?to=mara@quill.studio. Versions of packages are none.
func (s *scan) mailed(path string) bool {
	path = strings.ReplaceAll(path, "%40", "@")
	for i := strings.IndexByte(path, '@'); i >= 0; {
		s.steps++
		from, letter := i, false
		for from > 0 && i-from < 64 && (isLetter(path[from-1]) || path[from-1] >= '0' && path[from-1] <= '9' || strings.IndexByte("._+-", path[from-1]) >= 0) {
			from--
			letter = letter || isLetter(path[from])
		}
		to, dot := i+1, -1
		for to < len(path) && to-i < 254 && (isLetter(path[to]) || path[to] >= '0' && path[to] <= '9' || path[to] == '.' || path[to] == '-') {
			if path[to] == '.' && to+1 < len(path) && isLetter(path[to+1]) {
				dot = to
			}
			to++
		}
		if host := strings.TrimRight(path[i+1:to], ".-"); letter && dot > i+1 && top(host) && !noAddress[path[from:i]] {
			first, _, _ := strings.Cut(host, ".")
			if !exampleSLD[first] {
				return true
			}
		}
		next := strings.IndexByte(path[i+1:], '@')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func (s *scan) mark(a, z int) {
	for i := max(a, 0); i <= z && i < len(s.link); i++ {
		s.link[i] = true
	}
}

// judge says what a web address stands for. A project's own pages, portfolios and documents are never anything (P-10, P-11).
func (s *scan) judge(x webAddress) {
	k := s.nth[x.from]
	first, rest, _ := strings.Cut(strings.TrimLeft(x.path, "/"), "/")
	switch {
	case below(x.host, timeHosts), x.host == "calendar.google.com" && strings.Contains(x.path, "appointments"),
		strings.HasSuffix(x.host, "office365.com") && strings.Contains(x.path, "book"):
		if first != "" || strings.Count(x.host, ".") > 1 {
			s.hit(Scheduling, x.from, x.to)
		}
	case below(x.host, formHosts) && (first != "" || strings.Count(x.host, ".") > 1), x.host == "docs.google.com" && first == "forms",
		x.host == "airtable.com" && (strings.HasPrefix(first, "shr") || strings.Contains(rest, "/form")):
		s.hit(Form, x.from, x.to)
	case below(x.host, jobHosts):
		s.hit(Application, x.from, x.to)
	case below(x.host, chatHosts) && first != "", strings.HasSuffix(x.host, ".bsky.social"), strings.HasSuffix(x.host, ".slack.com") && !ours[strings.TrimSuffix(x.host, ".slack.com")],
		(x.host == "discord.com" || x.host == "discordapp.com") && (first == "invite" || first == "users"), x.host == "teams.microsoft.com" && first == "l", x.host == "linkedin.com" && (first == "in" || first == "pub"),
		strings.HasSuffix(x.host, ".linkedin.com") && first == "in":
		s.hit(Handle, x.from, x.to)
	case below(x.host, nameHosts):
		if s.profile(x, first, rest) {
			s.hit(Handle, x.from, x.to)
		}
	case s.mailed(x.path):
		s.hit(Email, x.from, x.to)
	case below(x.host, workHosts), s.near(k, 5, rework), first == "docs", strings.HasPrefix(x.host, "docs."):
	case s.holds(x.path, applyIn):
		s.hit(Application, x.from, x.to)
	case s.holds(x.path, contactIn), strings.HasPrefix(x.host, "contact."), strings.HasPrefix(x.host, "forms."):
		s.hit(Form, x.from, x.to)
	case s.near(k, 8, formWords) && s.near(k, 10, fillWords) && !s.ahead(s.nth[x.to]+1, 4, triedWith):
		s.hit(Form, x.from, x.to)
	case s.near(k, 8, jobWords) && s.near(k, 8, sendWords) && s.near(k, 3, viaWords):
		s.hit(Application, x.from, x.to)
	}
}

// triedWith says that a form is tried, and not answered.
var triedWith = words("test dummy fake sample")

type set = map[string]bool

// below reports whether a host is one of a list, or below one.
func below(host string, list set) bool {
	for range 6 {
		if list[host] {
			return true
		}
		_, rest, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = rest
	}
	return false
}

// holds reports whether a part of a path is in a list.
func (s *scan) holds(path string, list set) bool {
	path, _, _ = strings.Cut(path, "?")
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '#' }) {
		s.steps++
		part, _, _ = strings.Cut(part, ".")
		if list[part] {
			return true
		}
	}
	return false
}

var tops = words("com net org info biz io co dev app me ai gg to tv cc xyz online site shop store tech cloud design studio agency blog page pro live so edu gov eu de at ch uk fr es it pt nl be pl cz sk hu ro bg gr tr ua ru by kz se no fi dk is ie ee lv lt us ca mx br ar cl pe ve uy in pk bd lk np id my sg ph th vn cn hk tw jp kr au nz za ng ke gh eg ma tn dz il ae sa qa ir iq gle hr si rs ba mk al lu li mt cy google jobs work media digital network email chat link social one world dog")

// top reports whether a host ends in a name of the uppermost level that people know.
func top(host string) bool {
	i := strings.LastIndexByte(host, '.')
	return i > 0 && tops[host[i+1:]]
}
