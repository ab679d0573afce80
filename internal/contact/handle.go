package contact

import "strings"

var (
	// apps are applications with messages whose names mean nothing else.
	apps = words("skype whatsapp telegram wechat weixin viber discord snapchat bsky bluesky mastodon kik icq qq imessage facetime kakaotalk kakao zalo threema hangouts instagram insta linkedin facebook tiktok twitter messenger slack 微信 скайп телеграм вотсап тг weibo vk gchat botim imo skyp vx telega телега")
	// vague are names of applications that are words too.
	vague = words("line signal teams zoom matrix element wire session ig fb tg wa snap x threads gtalk")
	// naming stands between an application and a name there.
	naming = words("id handle username user name account nick nickname contact number nr tag profile is are ist es est e on here's лог ник логин")
	// own stands before an application of which one's own name follows.
	own = words("my me mine mein meine mi mon ma meu minha mio mia мой моя add find reach contact ping message text write dm im i'm am i call follow hit")
	// notNames follow an application without being anybody's name there.
	notNames = words("the a an and or but for with to in on at of from as by is are was be will would can could should if when then so that this it we you i they he she not no yes ok please also only via into app apps bot bots api integration integrations channel channels group groups message messages messaging notification notifications call calls chat chats account accounts login button icon link links share sharing ads ad page pages post posts web webhook webhooks clone sdk oauth workspace export import feed business marketing campaign like or what which who how where why done works broken ready fine instead about our your their its has have had does do did support needs need use uses used using send sends sent works connect connected setup set up version status required optional enabled disabled true false null none string number todo tbd integration template templates automation story stories reel reels followers number id username handle und oder ist der die das y el la et le bei auf")
	// moving is how people say that they would go on elsewhere.
	moving   = words("talk chat speak move continue communicate discuss switch meet go take connect converse write talking moving reden schreiben hablar hablemos seguir parler discuter parlare falar conversar связаться писать напиши напишите")
	movePrep = words("on over via to in through using by per por sur su uber en в через")
	// leads stand before an application and a name that make a whole sentence.
	leads = words("or and also on via oder und auch auf o y et ou e или и")
	// source are the endings of what code names after an application: slack client.go, discord guild_id.
	source   = words("go js ts jsx tsx mjs cjs py rb php java kt swift cs cpp cc c h hpp rs sh css scss html htm svelte vue json yml yaml toml xml sql md txt csv png jpg jpeg gif svg webp pdf ico env lock mp4 zip id key token secret url uri name count type status")
	reaching = words("message text write dm reach contact add find ping call hit poke catch schreib schreiben kontaktier kontaktieren agregame escribeme contactame ecris contacte")
	// after an application these make it a thing that is built, not a place to meet.
	building = words("module modules tab section screen feature story epic board template api bot bots integration integrations channel channels sdk webhook webhooks login button export import feed ads app clone notifications notification template templates business marketing campaign plugin widget link links page pages group export cloud web desktop users messages")
)

// handles finds names on applications with messages, and the wish to go on there.
func (s *scan) handles() {
	for k, i := range s.words {
		t := s.at(i)
		if t.is != word || s.link[i] {
			continue
		}
		sure := apps[t.s]
		if !sure && !vague[t.s] {
			if s.han && t.s[0] >= 0xe2 {
				s.hanNamed(i)
			}
			continue
		}
		if s.nameAfter(k, sure) || s.nameBefore(k, sure) || s.numbered(k) {
			continue
		}
		if (s.w(k+1) == "me" || s.w(k+1) == "us") && !s.stopped(k+2) && onWords[s.w(k+2)] && s.reachedAt(k+2) {
			continue
		}
		if sure || short[t.s] {
			s.elsewhere(k)
		}
	}
	for i, t := range s.toks {
		if z := s.matrixID(i); z > 0 {
			s.hit(Handle, i, z)
		} else if t.is == sign && t.s == "@" && !s.link[i] && s.at(i+1).is == word && s.at(i-1).is != word && s.at(i-1).is != number && !s.is(i-1, "/<.") {
			k := s.nth[i]
			if s.near(k, 5, dmWords) && len(s.w(k)) >= 3 {
				s.hit(Handle, i, s.chunk(i+1))
			}
		}
	}
}

// numbered looks for a name that is a number: QQ 123456789.
func (s *scan) numbered(k int) bool {
	if s.w(k) != "qq" && s.w(k) != "icq" {
		return false
	}
	i := s.words[min(k+1, len(s.words)-1)]
	t, a := s.at(i), s.at(i+1)
	if s.stopped(k+1) || t.is != number || len(t.s) < 6 || len(t.s) > 11 || !s.joinedBy(k, ":：=") || a.is == word || a.is == sign && strings.Contains("-_/=", a.s) {
		return false
	}
	s.hit(Handle, s.words[k], i)
	return true
}

// joinedBy reports whether only spaces and some signs stand between the k-th word and the next.
func (s *scan) joinedBy(k int, signs string) bool {
	for i := s.words[k] + 1; i < s.words[k+1]; i++ {
		if s.at(i).is != space && !s.is(i, signs) {
			return false
		}
	}
	return true
}

// short are names that are words too, or short for one, and a place to go on where somebody says so.
var short = words("signal zoom teams ig fb tg wa snap")

// reachedAt looks for the name behind the k-th word: signal me at maraq.42.
func (s *scan) reachedAt(k int) bool {
	i := s.words[k] + 1
	for s.at(i).is == space || s.is(i, "@") {
		i++
	}
	if is := s.at(i).is; is != word && is != number || s.link[i] {
		return false
	}
	z, strong := s.chunk(i), s.is(i-1, "@")
	for n := i; n <= z; n++ {
		strong = strong || s.at(n).is != word
	}
	if !strong || s.at(i).is == number && z == i {
		return false
	}
	s.hit(Handle, s.words[k-2], z)
	return true
}

// matrixID is the last token of an id such as @mara:matrix.org, 0 for none.
func (s *scan) matrixID(i int) int {
	if !s.is(i, "@") || s.link[i] || s.at(i+1).is != word || s.at(i-1).is == word || s.at(i-1).is == number {
		return 0
	}
	z, colon := s.chunk(i+1), false
	for n := i + 1; n < z; n++ {
		colon = colon || s.is(n, ":")
	}
	if !colon || !s.is(z-1, ".") || !tops[s.at(z).s] {
		return 0
	}
	return z
}

var dmWords = words("dm dms insta ig instagram telegram tg twitter follow handle username reach hit snap")

// chunk is the last token of a name that begins at a token: letters, digits and what joins them.
func (s *scan) chunk(i int) int {
	z := i
	for range 24 {
		t := s.at(z + 1)
		if t.is == word || t.is == number || t.is == sign && strings.Contains("._-#:", t.s) && (s.at(z+2).is == word || s.at(z+2).is == number) {
			z++
			continue
		}
		break
	}
	return z
}

// nameAfter looks for what follows an application: Skype: live:john, WeChat ID john88, my telegram is john_s.
func (s *scan) nameAfter(k int, sure bool) bool {
	i := s.words[k]
	mineBefore := s.near(k, 4, own)
	j, named, pointed := i+1, false, false
	for n := 0; n < 8; n++ {
		t := s.at(j)
		switch {
		case t.is == space:
		case t.is == sign && strings.Contains(":=-@()'`*_\"→>~", t.s):
			if strings.Contains(":=@→", t.s) {
				pointed = true
			}
		case t.is == word && naming[t.s] && s.at(j+1).is != number:
			named = named || t.s != "on" && t.s != "name" && t.s != "e" && t.s != "es" && t.s != "is" || t.s == "is" && mineBefore
		default:
			n = 8
			continue
		}
		j++
	}
	t := s.at(j)
	if t.is != word && t.is != number || s.link[j] && s.at(j).is != word {
		return false
	}
	z := s.chunk(j)
	length, strong := 0, s.is(j-1, "@")
	for n := j; n <= z; n++ {
		x := s.at(n)
		length += len(x.s)
		strong = strong || x.is == number || x.is == sign
	}
	if length < 3 || notNames[t.s] && z == j || t.is == number && z == j || s.version(j, z) || s.is(j-1, "#/") || s.link[j] {
		return false
	}
	after := s.at(z + 1)
	last := after.is == end || after.is == line || after.is == sign && strings.Contains(".,;!?)\"'|`", after.s)
	if after.is == space {
		n := s.at(z + 2)
		last = last || n.is == sign && !strings.Contains("@#$(", n.s) || n.is == line || n.is == end
	}
	ok := false
	switch {
	case strong && (pointed && sure || named) && (sure || mineBefore || !things2[s.w(k)]):
		ok = true
	case strong && sure && (mineBefore || s.is(z-1, "#") && s.at(z).is == number):
		ok = true
	case named && sure && (last || pointed && mineBefore):
		ok = true
	case pointed && sure && (last || mineBefore) && s.near(k, 4, own) || pointed && sure && last && s.stopped(k):
		ok = true
	case pointed && !sure && mineBefore && named:
		ok = true
	case !sure && shorts[s.w(k)] && strong && last && (pointed || i+2 == j) && s.stopped(k) && !source[s.at(z).s] && s.at(j).is == word: // tg: mara_q
		ok = !notNames[t.s]
	case !sure && named && last && s.w(k+1) == "id" && (mineBefore || s.stopped(k)):
		ok = (s.w(k) == "line" || s.w(k) == "signal") && !notNames[t.s]
	case strong && sure && last && i+2 == j && (s.stopped(k) || leads[s.w(k-1)] && s.stopped(k-1) || s.is(i-1, ":,;(/") || s.is(i-2, ":,;(/")):
		ok = !notNames[t.s] && !building[t.s] && !source[s.at(z).s] // skype esme.w, and no more
	}
	if ok {
		s.hit(Handle, i, z)
	}
	return ok
}

// shorts are names of applications that nobody means anything else by before a name.
var shorts = words("ig fb tg wa")

// things2 are names of applications that programs have, too, with ids and users of their own.
var things2 = words("session wire element matrix x threads zoom teams snap")

// version reports whether a chunk is a version number such as 2.0 or v3.1.
func (s *scan) version(j, z int) bool {
	if z > j+6 || s.at(j).is == word && s.at(j).s != "v" {
		return false
	}
	for n := j; n <= z; n++ {
		if t := s.at(n); t.is == word && t.s != "v" && t.s != "x" {
			return false
		}
	}
	return true
}

// nameBefore looks for a name that an application follows: @john on Telegram, I am john88 on Skype.
func (s *scan) nameBefore(k int, sure bool) bool {
	if !sure || !onWords[s.w(k-1)] || s.stopped(k) || s.stopped(k-1) {
		return false
	}
	z := s.words[k-1] - 1
	if s.at(z).is == space {
		z--
	}
	j, strong := z, false
	for range 12 {
		t := s.at(j)
		if t.is == word || t.is == number || t.is == sign && strings.Contains("._-#", t.s) {
			strong = strong || t.is == number || t.is == sign && strings.Contains("._#", t.s)
			j--
			continue
		}
		break
	}
	at := s.is(j, "@")
	if j == z || s.link[z] || !at && (!strong || s.at(j+1).is == number) {
		return false
	}
	if !at && !s.near(s.nth[j+1], 5, own) && !s.near(s.nth[j+1], 4, dmWords) {
		return false
	}
	if at {
		j--
	}
	s.hit(Handle, j+1, s.words[k])
	return true
}

var onWords = words("on at in via auf en sur su")

// elsewhere finds the wish to go on in another application: message me on WhatsApp, let us talk on Telegram.
func (s *scan) elsewhere(k int) {
	if s.stopped(k) || !s.stopped(k+1) && building[s.w(k+1)] && s.plain(k) {
		return
	}
	p := k - 1
	for n := 0; n < 2 && (s.w(p) == "my" || s.w(p) == "the" || s.w(p) == "your" || s.w(p) == "our") && !s.stopped(p+1); n++ {
		p--
	}
	switch {
	case (s.w(p) == "have" || s.w(p) == "use" || s.w(p) == "got" || s.w(p) == "using") && s.w(p-1) == "you" && s.w(p-2) == "do",
		s.w(p) == "you" && (s.w(p-1) == "have" || s.w(p-1) == "got") && s.stopped(p-1):
		if s.ahead(k+1, 3, forWork) && !s.stopped(k+1) {
			return
		}
		s.hitWords(Ask, p-1, k)
		return
	case s.w(p) == "on" && s.w(p-1) == "you" && s.w(p-2) == "are" && s.stopped(p-2) && s.stopped(k+1): // are you on Telegram?
		s.hitWords(Ask, p-2, k)
		return
	case !movePrep[s.w(p)] || s.stopped(p+1) || s.stopped(p):
		return
	}
	for n := 1; n <= 5; n++ {
		j := p - n
		if j < 0 {
			return
		}
		w := s.w(j)
		me := s.w(j+1) == "me" || s.w(j+1) == "us" || s.w(j+1) == "mir" || strings.HasSuffix(w, "ame") || strings.HasSuffix(w, "eme") || s.w(j+1) == "moi"
		if reaching[w] && me || moving[w] && s.near(j, 4, weWords) || moving[w] && (j == 0 || s.stopped(j)) && s.w(j+1) != "on" {
			s.hitWords(Ask, j, k)
			return
		}
		if s.stopped(j) {
			return
		}
	}
}

var forWork = words("for in on with api to")

var weWords = words("we let lets us can could may shall should to wir konnen lass lasst podemos vamos peux pouvons possiamo давай давайте")
