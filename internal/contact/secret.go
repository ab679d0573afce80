package contact

import "strings"

var (
	secretWords = words("password passwort passwd pwd kennwort contrasena senha secret apikey token passphrase пароль pw")
	keyPrefixes = []struct {
		begin string
		more  int
	}{
		{"akia", 16}, {"asia", 16}, {"ghp_", 30}, {"gho_", 30}, {"ghs_", 30}, {"github_pat_", 20}, {"glpat-", 16}, {"xoxb-", 20}, {"xoxp-", 20}, {"sk_live_", 16}, {"rk_live_", 16},
		{"sk-proj-", 20}, {"sk-ant-", 20}, {"aiza", 30}, {"ya29.", 20}, {"trs_", 20}, {"npm_", 30}, {"dckr_pat_", 20}, {"eyj", 60}, {"sg.", 40}, {"hf_", 25},
	}
)

// secrets finds passwords and keys that somebody pasted.
func (s *scan) secrets() {
	for i := 0; i < len(s.toks); i++ {
		t := s.at(i)
		switch {
		case t.is == word && !s.glued(i):
			if z := s.key(i); z > 0 {
				s.hit(Secret, i, z)
				i = z
				continue
			}
			if secretWords[t.s] || (t.s == "key" && (s.at(i-2).s == "api" || s.at(i-2).s == "secret" || s.at(i-2).s == "access")) {
				s.password(i)
			}
			if s.is(i+1, ":") && s.is(i+2, "/") && s.is(i+3, "/") {
				s.inURL(i)
			}
		case t.is == sign && t.s == "-" && s.is(i+4, "-") && s.at(i+5).s == "begin":
			for j := i + 6; j < i+14; j++ {
				if s.at(j).s == "private" && s.at(j+2).s == "key" {
					s.hit(Secret, i, j+2)
					break
				}
			}
		}
	}
}

// glued reports whether a token goes on what stands right before it.
func (s *scan) glued(i int) bool {
	b := s.at(i - 1)
	return b.is == word || b.is == number || b.is == sign && strings.Contains("_-", b.s)
}

// key is the last token of a key with a known beginning, 0 for none.
func (s *scan) key(i int) int {
	var read []byte
	z := i
	for range 60 {
		t := s.at(z)
		if t.is == word || t.is == number || t.is == sign && strings.Contains("_-.", t.s) {
			if len(t.s) > 4096 {
				return 0
			}
			read = append(read, t.s...)
			z++
			if len(read) > 120 {
				break
			}
			continue
		}
		break
	}
	text := string(read)
	for _, p := range keyPrefixes {
		if strings.HasPrefix(text, p.begin) && len(text) >= len(p.begin)+p.more && strings.ContainsAny(text[len(p.begin):], "0123456789") {
			return z - 1
		}
	}
	return 0
}

// password looks for what follows the word: password: hunter2, token is a8f….
func (s *scan) password(i int) {
	j, pointed := i+1, false
	for n := 0; n < 5; n++ {
		t := s.at(j)
		switch {
		case t.is == space, t.is == sign && strings.Contains("`'\"*", t.s):
		case t.is == sign && (t.s == ":" || t.s == "="), t.is == word && (t.s == "is" || t.s == "ist" || t.s == "es" || t.s == "est"):
			pointed = true
		default:
			n = 5
			continue
		}
		j++
	}
	if !pointed {
		return
	}
	length, has, odd := 0, map[sort]bool{}, false
	for range 40 {
		t := s.at(j)
		if t.is == end || t.is == space || t.is == line {
			break
		}
		if t.is == sign && strings.Contains("`'\",;)<({[|}>\\", t.s) {
			break
		}
		has[t.is] = true
		odd = odd || t.is == sign && strings.Contains("!@#$%^&+", t.s)
		length += len(t.s)
		j++
	}
	if length >= 5 && (has[number] && has[word] || has[word] && odd && length >= 8) {
		s.hit(Secret, i, j-1)
	}
}

// inURL looks for a name and password in a web address.
func (s *scan) inURL(i int) {
	colon := false
	for j := i + 4; j < i+40; j++ {
		t := s.at(j)
		switch {
		case t.is == sign && t.s == ":":
			colon = true
		case t.is == sign && t.s == "@":
			if colon && s.at(j-1).is != sign {
				s.hit(Secret, i, j)
			}
			return
		case t.is == word, t.is == number, t.is == sign && !strings.Contains("/?#<>{}", t.s):
		default:
			return
		}
	}
}
