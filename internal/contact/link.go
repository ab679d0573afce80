package contact

import "strings"

// Places of the web that stand for a way to somebody. A name also means the names below it.
var (
	formHosts = words("forms.gle typeform.com jotform.com jotform.me forms.office.com forms.microsoft.com surveymonkey.com tally.so wufoo.com cognitoforms.com formstack.com paperform.co 123formbuilder.com formsite.com fillout.com forms.zohopublic.com zohopublic.com google-forms.com survio.com limesurvey.net")
	jobHosts  = words("greenhouse.io lever.co workable.com smartrecruiters.com myworkdayjobs.com bamboohr.com recruitee.com ashbyhq.com breezy.hr jobvite.com icims.com teamtailor.com jobs.personio.de jobs.personio.com applytojob.com freshteam.com zohorecruit.com taleo.net pinpointhq.com comeet.com hire.trakstar.com recruiterbox.com")
	chatHosts = words("t.me telegram.me telegram.dog wa.me api.whatsapp.com chat.whatsapp.com web.whatsapp.com m.me messenger.com discord.gg join.slack.com join.skype.com u.wechat.com weixin.qq.com line.me signal.me signal.group threema.id vk.me zalo.me snapchat.com chat.google.com matrix.to viber.me imo.im kik.me us02web.zoom.us zoom.us meet.google.com meet.jit.si whereby.com teams.live.com")
	timeHosts = words("calendly.com cal.com savvycal.com doodle.com youcanbook.me acuityscheduling.com calendar.app.google tidycal.com zcal.co meetings.hubspot.com koalendar.com appointlet.com setmore.com simplybook.me oncehub.com")
	nameHosts = words("facebook.com fb.com instagram.com x.com twitter.com tiktok.com threads.net vk.com weibo.com ok.ru reddit.com pinterest.com xing.com")
	contactIn = words("contact contact-us contactus contact-me contactme contact-form contactform kontakt kontaktformular contacto contactez-nous contato contatti contattaci get-in-touch getintouch reach-us request-a-quote")
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
		case t.is == word, t.is == number, t.is == sign && strings.Contains("-_", t.s):
		case t.is == sign && t.s == ">" && j > i+2:
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
	if i < z && s.is(i, "@") { // an e-mail address, or a name and a password before the host
		if scheme >= 0 {
			s.mark(scheme, z-1)
		}
		return
	}
	if scheme >= 0 && s.is(i, ":") && s.at(i+1).is != number { // ://user:password@host
		s.mark(scheme, z-1)
		return
	}
	name := strings.TrimPrefix(host.String(), "www.")
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
		x.host == "discord.com" && (first == "invite" || first == "users"), x.host == "linkedin.com" && (first == "in" || first == "pub"),
		strings.HasSuffix(x.host, ".linkedin.com") && first == "in":
		s.hit(Handle, x.from, x.to)
	case below(x.host, nameHosts) && first != "" && (s.near(k, 6, mine) || s.ahead(s.nth[x.to]+1, 2, dmWords)):
		s.hit(Handle, x.from, x.to)
	case s.holds(x.path, applyIn):
		s.hit(Application, x.from, x.to)
	case s.holds(x.path, contactIn), strings.HasPrefix(x.host, "contact."), strings.HasPrefix(x.host, "forms."):
		s.hit(Form, x.from, x.to)
	case s.near(k, 8, formWords) && s.near(k, 10, fillWords):
		s.hit(Form, x.from, x.to)
	case s.near(k, 8, jobWords) && s.near(k, 8, sendWords) && s.near(k, 3, viaWords):
		s.hit(Application, x.from, x.to)
	}
}

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
