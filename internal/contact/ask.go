package contact

var (
	askVerbs = words("what whats send share give provide tell need have get drop leave can could may want know confirm dm text forward pm exchange pass show let see ask using")
	yours    = words("your ur yr you're")
	// things are what one asks for; the second list may come between.
	things   = words("ph wa tg email e-mail mail phone telephone mobile cell cellphone number whatsapp skype telegram wechat discord viber contact contacts gmail address handle linkedin facebook instagram insta signal")
	between  = words("personal ph private direct business work home e mail phone mobile cell telephone contact postal mailing physical street full own actual real current skype whatsapp telegram wechat discord email company office best")
	thingEnd = words("no number numbers address addresses id details detail info information handle username nick account contact name")
	goesOn   = words("so to and or for please pls plz here with in by at on if me via then now first as too also directly thanks asap again today soon before after that we i because")

	imperative = words("email mail e-mail text whatsapp skype phone telegram wechat ring dm pm")
	starts     = words("please pls plz kindly and or just can could you to should then so also better simply either")
	outsideOf  = words("outside off away besides")
	hereWords  = words("platform trestle site app website system here upwork marketplace portal")
	talkWords  = words("talk chat speak contact communicate discuss continue reach message write connect work deal meet go move take")

	foreignYour  = words("deine dein deinen ihre ihren ihrer tu tus su vuestro ton votre ta vos seu teu tua sua tuo vostro ваш вашу твой твою ваши твою свой свою свои")
	foreignThing = words("telefonnummer handynummer handy telefon nummer rufnummer mailadresse emailadresse adresse anschrift kontaktdaten numero telefono correo celular movil direccion telephone mail email courriel portable coordonnees telefone contato endereco cellulare indirizzo recapito номер телефон почту почта адрес телеграм скайп вотсап контакт контакты whatsapp skype telegram wechat")
	foreignVerb  = words("schick schicken gib geben wie was brauche kannst konnen konnte hatte sag sagen nenn teil teilen mitteilen dame deme cual pasame paseme enviame envieme das da comparte necesito puedes puede donne donnez quel quelle envoie envoyez partage besoin avoir passe passa manda envie qual preciso me dammi mandami mi dai darmi puoi serve дайте дай скинь скиньте пришлите пришли какой какая напишите напиши подскажите оставьте можно")
	foreignNot   = words("des der de del feld para pour di von im in validierung server vorlage кампании")
)

// asks finds what asks for contact details, or to go on somewhere else.
func (s *scan) asks() {
	for k, i := range s.words {
		t := s.at(i)
		if t.is != word || s.link[i] {
			continue
		}
		if s.han && t.s[0] >= 0xe2 {
			s.askHan(i)
		}
		switch w := t.s; {
		case bidden[w] && biddenThem[s.w(k+1)] && !s.stopped(k+1):
			s.hitWords(Ask, k, k+1)
		case yours[w]:
			s.askYour(k)
		case foreignYour[w]:
			s.askForeign(k)
		case imperative[w] && (s.w(k+1) == "me" || s.w(k+1) == "us") && !s.stopped(k+1):
			s.askMe(k)
		case channels[w]:
			s.askBy(k)
		case portals[w]:
			s.applyThere(k)
		case outsideOf[w]:
			s.askOutside(k)
		case w == "contact" && s.w(k+1) == "details" || w == "contact" && s.w(k+1) == "info" || w == "contact" && s.w(k+1) == "information", w == "phone" && (s.w(k+1) == "numbers" || s.w(k+1) == "number"):
			if s.near(k, 4, handing) && !s.stopped(k) && (s.near(k, 4, yours) || s.near(k, 3, meWords) || s.w(k-1) == "exchange" || s.w(k-1) == "swap" || s.w(k-1) == "share" && s.near(k, 4, weWords)) {
				s.hitWords(Ask, k-1, k+1)
			}
		case w == "numbers" && (s.w(k-1) == "exchange" || s.w(k-1) == "swap") && !s.stopped(k), (w == "emails" || w == "contacts") && (s.w(k-1) == "exchange" || s.w(k-1) == "swap") && !s.stopped(k):
			s.hitWords(Ask, k-1, k)
		case (w == "call" || w == "reach") && s.w(k+1) == "you" && !s.stopped(k+1) && s.near(k, 6, numberWords) && s.near(k, 7, whichWords):
			s.hitWords(Ask, k, k+1)
		}
	}
}

var (
	handing     = words("exchange swap share send give provide need get leave")
	numberWords = words("number phone")
	whichWords  = words("what which can")
	meWords     = words("me us")
)

// askYour judges a "your": what is your email, send me your WhatsApp number.
func (s *scan) askYour(k int) {
	j := k + 1
	for n := 0; n < 3 && between[s.w(j)] && !s.stopped(j) && !s.stopped(j+1) && (things[s.w(j+1)] || between[s.w(j+1)] || thingEnd[s.w(j+1)]); n++ {
		j++
	}
	w := s.w(j)
	if s.stopped(j) || !things[w] && !(thingEnd[w] && j > k+1) {
		return
	}
	if w == "number" && j == k+1 && !s.near(k, 5, giving) || (w == "address" || w == "handle" || w == "contact") && j == k+1 && !s.near(k, 5, giving) {
		return
	}
	if thingEnd[s.w(j+1)] && !s.stopped(j+1) && s.plain(j) {
		j++
	}
	if !s.stopped(j+1) && s.joined(j) && !goesOn[s.w(j+1)] {
		return // your email campaign
	}
	if (s.w(j) == "phone" || s.w(j) == "mobile" || s.w(j) == "mail") && (s.w(j+1) == "in" || s.w(j+1) == "on" || s.w(j+1) == "to" || s.w(j+1) == "with" || s.w(j+1) == "at") && !s.stopped(j+1) {
		return // test it on your phone with …
	}
	if s.stopped(k) && s.stopped(j+1) && s.is(s.words[min(j, len(s.words)-1)]+1, "?") && w != "number" && w != "handle" && w != "address" && w != "contact" {
		s.hitWords(Ask, k, j) // your email?
		return
	}
	if !s.near(k, 6, askVerbs) || s.near(k, 2, aboutYours) {
		return
	}
	from := k
	for n := 1; n <= 6 && !s.stopped(k-n+1); n++ {
		if askVerbs[s.w(k-n)] {
			from = k - n
		}
	}
	s.hitWords(Ask, from, j)
}

var (
	giving     = words("what whats send share give get have drop leave provide need text can")
	aboutYours = words("on with via in from through into to at against inside open check update change verify confirm about like love using")
)

// joined reports whether nothing but a space stands between two words that follow each other.
func (s *scan) joined(k int) bool {
	return k+1 < len(s.words) && s.words[k]+2 == s.words[k+1] && s.at(s.words[k]+1).is == space
}

// askForeign does the same for a few other languages.
func (s *scan) askForeign(k int) {
	j := k + 1
	for n := 0; n < 2 && !foreignThing[s.w(j)] && !s.stopped(j+1); n++ {
		j++
	}
	if s.stopped(k+1) || !foreignThing[s.w(j)] {
		return
	}
	if (s.w(j+1) == "de" || s.w(j+1) == "di" || s.w(j+1) == "d") && (s.w(j+2) == "telephone" || s.w(j+2) == "telefono" || s.w(j+2) == "telefone" || s.w(j+2) == "whatsapp" || s.w(j+2) == "cellulare") {
		j += 2
	} else if !s.stopped(j+1) && foreignNot[s.w(j+1)] {
		return
	}
	if s.near(k, 6, foreignVerb) || s.ahead(j+1, 4, foreignVerb) && s.w(k) != "da" {
		from := k
		for n := 1; n <= 6 && !s.stopped(k-n+1); n++ {
			if foreignVerb[s.w(k-n)] {
				from = k - n
			}
		}
		s.hitWords(Ask, from, j)
	}
}

// askMe judges "email me" and the like: as a request, not as what a program should do.
func (s *scan) askMe(k int) {
	if s.near(k, 4, programs) && !s.stopped(k) {
		return
	}
	if !s.stopped(k) && !starts[s.w(k-1)] {
		return
	}
	if s.w(k-1) == "to" || s.w(k-1) == "should" {
		return
	}
	s.hitWords(Ask, k, k+1)
}

var programs = words("it script system server tool bot cron job app program service which that must will would workflow automation")

var (
	portals = words("website site portal homepage ats careers system page")
	company = words("our my company company's companys hr careers career jobs recruiting applicant applicants tracking own the")
	papers  = words("cv resume application applications lebenslauf candidature")
	towards = words("on at via through to in over into")
)

// applyThere judges "apply on our website" and "send your CV to our HR portal" (P-02 e).
func (s *scan) applyThere(k int) {
	j := k - 1
	for ours := false; ; j-- {
		if s.stopped(j+1) || !company[s.w(j)] {
			if !ours || s.stopped(j+1) {
				return
			}
			break
		}
		ours = ours || s.w(j) == "our" || s.w(j) == "my"
	}
	if !towards[s.w(j)] || s.stopped(j) || !s.stopped(k+1) && s.w(k+1) != "for" {
		return
	}
	switch {
	case s.w(j-1) == "apply" && (s.stopped(j-1) || starts[s.w(j-2)] || s.w(j-2) == "must"):
		s.hitWords(Application, j-1, k)
	case sendWords[s.w(j-3)] && yours[s.w(j-2)] && papers[s.w(j-1)] && !s.stopped(j-1) && !s.stopped(j-2):
		s.hitWords(Application, j-3, k)
	}
}

// askOutside judges "outside of this platform".
func (s *scan) askOutside(k int) {
	j := k + 1
	for n := 0; n < 3 && !hereWords[s.w(j)] && ofThe[s.w(j)] && !s.stopped(j); n++ {
		j++
	}
	if !hereWords[s.w(j)] || s.stopped(j) {
		return
	}
	if s.joined(j) && !s.stopped(j+1) && !goesOn[s.w(j+1)] {
		return // outside the app wrapper
	}
	if s.near(k, 5, talkWords) {
		from := k
		for n := 1; n <= 5 && !s.stopped(k-n+1); n++ {
			if talkWords[s.w(k-n)] {
				from = k - n
			}
		}
		if w := s.w(from); (w == "move" || w == "take" || w == "meet" || w == "work" || w == "go" || w == "reach") && from+1 < k && !people[s.w(from+1)] {
			return // move the logic outside the app
		}
		s.hitWords(Ask, from, j)
	}
}

// people are what one takes elsewhere to talk there.
var people = words("us this it things our me you together there")

var (
	// channels are ways to somebody that one writes or talks by.
	channels = words("email e-mail mail phone telephone sms text")
	byWords  = words("by via over per through on")
	toMe     = words("contact reach call text message write answer reply get")
	sending  = words("send shoot drop write")
	mayI     = words("i we")
	toYou    = words("contact reach call text message")
)

// askBy judges a way to somebody: contact me by email, can I reach you by phone, let us go on over email, send me an email.
func (s *scan) askBy(k int) {
	w := s.w(k)
	if !s.stopped(k+1) && s.joined(k) && !goesOn[s.w(k+1)] {
		return // an email template
	}
	if (s.w(k-1) == "an" || s.w(k-1) == "a") && (s.w(k-2) == "me" || s.w(k-2) == "us") && sending[s.w(k-3)] && !s.stopped(k) && !s.stopped(k-1) && !s.stopped(k-2) {
		if (s.stopped(k-3) || starts[s.w(k-4)] && s.w(k-4) != "to" && s.w(k-4) != "should") && !s.near(k-3, 4, programs) {
			s.hitWords(Ask, k-3, k)
		}
		return
	}
	if !byWords[s.w(k-1)] || s.stopped(k) || s.stopped(k-1) || w == "text" {
		return
	}
	switch who := s.w(k - 2); {
	case (who == "me" || who == "us") && toMe[s.w(k-3)] && !s.stopped(k-2) && (s.stopped(k-3) || starts[s.w(k-4)] && s.w(k-4) != "to" && s.w(k-4) != "should"):
		s.hitWords(Ask, k-3, k)
	case who == "you" && toYou[s.w(k-3)] && mayI[s.w(k-4)] && !s.stopped(k-2) && !s.stopped(k-3):
		s.hitWords(Ask, k-3, k)
	case s.w(k-1) != "on" && s.w(k-1) != "through":
		for n := 2; n <= 4 && !s.stopped(k-n+1); n++ {
			if moving[s.w(k-n)] && s.near(k-n, 3, weWords) {
				s.hitWords(Ask, k-n, k)
				return
			}
		}
	}
}

var (
	bidden     = words("дай дайте скинь скиньте пришли пришлите кинь киньте")
	biddenThem = words("номер почту телефон вотсап ватсап телеграм телеграмм телегу контакты контакт скайп имейл")
)

var ofThe = words("of from the this that your our")
