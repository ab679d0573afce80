package search

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// scripts are texts, what is marked of them, and what a person types for it.
var scripts = []struct{ typed, text string }{
	{"strasse", "die [Straße] hier"}, {"STRASSE", "die [STRAẞE]"}, {"straße", "[strasse]"},
	{"lodz", "miasto [Łódź]"}, {"smorrebrod", "[Smørrebrød] og mere"}, {"aeble", "et [Æble]"}, {"æble", "et [aeble]"}, {"duong", "[Đường] phố"},
	{"ısparta", "[Isparta]"}, {"istanbul", "[İstanbul], [istanbul]"}, {"oeuvre", "l'[œuvre]"}, {"thor", "[Þór]"},
	{"чай", "пью [чай] с ёлкой"}, {"ёлка", "[Ёлка] и [елка]"}, {"елка", "[ёлка]"}, {"чаи", "[чай]"}, {"їжак", "[їжак]"},
	{"αθηνα", "η [Αθήνα]"}, {"οδός", "[ΟΔΟΣ], [οδός]"}, {"ᾠδή", "[ωδη]"},
	{"한국어", "나는 [한국어] 좋다"}, {norm.NFD.String("한국어"), "나는 [한국어]"}, {"한국어", "[" + norm.NFD.String("한국어") + "]"},
	{"हिन्दी", "यह [हिन्दी] है"}, {"हद", "हिन्दी हद्द [हद]"}, {"தமிழ்", "[தமிழ்] மொழி"}, {"বাংলা", "আমি [বাংলা] বলি"},
	{"שלום", "[שָׁלוֹם] עולם"}, {"سلام", "[سَلَام] عليكم"}, {"احمد", "[أحمد]"}, {"میخواهم", "[می\u200cخواهم]"},
	{"日本", "[日本]語、[日本]"}, {"语", "汉[语]"}, {"ガム", "[ｶﾞﾑ]と[ガム]"}, {"コーヒー", "私は[コーヒー]を"}, {"々の", "人[々の]"}, {"きた", "いってきだ、[きた]"},
	{"ภาษา", "เรียน[ภาษา]ไทย"}, {"น้ำ", "ดื่ม[น้ำ]"}, {"ພາສາ", "[ພາສາ]ລາວ"}, {"ខ្មែរ", "ភាសា[ខ្មែរ]"}, {"မြန်မာ", "[မြန်မာ]ဘာသာ"},
	{"ღვინო", "კარგი [ღვინო]"}, {"երևան", "[Երևան]"}, {"ሰላም", "[ሰላም] ለአንተ"}, {"abc1", "[ＡＢＣ１] abc"}, {"office", "[oﬃce]"}, {"株式", "[㍿]"},
	{"葛", "[葛\U000e0100]飾"}, {"coop", "[co\u00adop]"}, {"iphoneを", "[iPhoneを]買う"}, {"q\u0300", "[q], [q\u0323]"}, {"½", "[½], [1/2]"},
	{"🎂", "only [🎂] here"}, {"👍", "great[👍🏽]!"}, {"👍🏿", "[👍] and [👍🏽]"}, {"👩‍🚀", "an [👩‍🚀]"}, {"❤", "I [❤️] it"}, {"🇫🇮", "in [🇫🇮], not 🇮🇫"}, {"🎉🎉", "x[🎉🎉]y"}, {"\"done ✅\"", "[done ✅]"},
}

// S-01, S-08, S-10: whatever the script, what is typed as people type it is found and marked where it stands in the text as it was written.
func TestS01_EveryScriptIsMarked(t *testing.T) {
	for _, c := range scripts {
		text := strings.NewReplacer("[", "", "]", "").Replace(c.text)
		q, got, at := Parse(c.typed, time.UTC), "", 0
		for _, s := range q.Marks(text) {
			got += text[at:s.Start] + "[" + text[s.Start:s.End] + "]"
			at = s.End
		}
		if got += text[at:]; got != c.text {
			t.Errorf("%q: %q, not %q", c.typed, got, c.text)
		}
		if !q.Matches(text) {
			t.Errorf("%q is not found in %q", c.typed, text)
		}
	}
}

// The fold is one: whatever is written, folding it again, or putting it into another form of Unicode, changes no word of it.
func FuzzFold(f *testing.F) {
	for _, c := range scripts {
		f.Add(c.text)
	}
	f.Add("a\xff\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		words := Words(s)
		if again := Words(strings.Join(words, " ")); !slices.Equal(again, words) {
			t.Fatalf("%q: %q, then %q", s, words, again)
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if again := Words(form.String(s)); !slices.Equal(again, words) {
				t.Fatalf("%q: %q, as another form %q", s, words, again)
			}
		}
		if once := Fold(s); Fold(once) != once {
			t.Fatalf("%q folds to %q, and that to %q", s, once, Fold(once))
		}
	})
}
