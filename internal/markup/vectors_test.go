package markup

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// vector is one case of testdata/vectors.txt; the head of that file says how it is written.
type vector struct {
	row, title string
	notes      bool
	in         string
	html       string
	text       string
	line       string
	words      string
}

// people is who the tests mention; me1 reads.
var people = Options{Me: "me1", Name: func(id string) (string, bool) {
	name, ok := map[string]string{"a1": "Ishaan Vale", "me1": "Ada", "evil": `<b onclick="x">&`, "turned": "a\u202eb\nc"}[id]
	return name, ok
}}

func (v vector) options() Options {
	o := people
	o.Notes = v.notes
	return o
}

var coded = regexp.MustCompile(`\{U\+([0-9A-F]+)\}`)

// readVectors reads the file of cases.
func readVectors(t testing.TB) []vector {
	t.Helper()
	file, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	seen := map[string]bool{}
	for record := range strings.SplitSeq(string(file), "\n\n") {
		record = strings.Trim(record, "\n")
		if record == "" || strings.HasPrefix(record, "#") {
			continue
		}
		title, rest, _ := strings.Cut(record, "\n")
		v := vector{}
		v.row, v.title, _ = strings.Cut(title, " ")
		if v.title == "" || seen[title] {
			t.Fatalf("a case without a title, or one told twice: %q", title)
		}
		seen[title] = true
		values := map[string]string{}
		for l := range strings.SplitSeq(rest, "\n") {
			key, value := strings.TrimSpace(l[:min(5, len(l))]), l[min(6, len(l)):]
			value = coded.ReplaceAllStringFunc(value, func(s string) string {
				n, _ := strconv.ParseInt(s[3:len(s)-1], 16, 32)
				return string(rune(n))
			})
			if before, more := values[key]; more {
				value = before + "\n" + value
			}
			values[key] = value
		}
		take := func(key, otherwise string) string {
			value, ok := values[key]
			if delete(values, key); !ok {
				return otherwise
			}
			if value == otherwise && key != "html" && key != "text" {
				t.Errorf("%q: %s says nothing new", title, key)
			}
			return value
		}
		_, v.notes = values["note"]
		v.in = values["in"] + values["note"]
		delete(values, "in")
		delete(values, "note")
		v.html = strings.ReplaceAll(take("html", ""), `">`, `" rel="noopener noreferrer">`)
		v.html = regexp.MustCompile(`((?:class|data-account|start)="[^"]*") rel="noopener noreferrer">`).ReplaceAllString(v.html, "$1>")
		v.text = take("text", "")
		v.line = take("line", v.text)
		v.words = take("words", v.text)
		if len(values) > 0 {
			t.Fatalf("%q: what is %v?", title, values)
		}
		all = append(all, v)
	}
	return all
}

// vectors runs the cases of a row.
func vectors(t *testing.T, row string) {
	t.Helper()
	n := 0
	for _, v := range readVectors(t) {
		if v.row != row {
			continue
		}
		n++
		for _, got := range []struct{ what, is, want string }{
			{"html", HTML(v.in, v.options()), v.html},
			{"text", Plain(v.in, v.options()), v.text},
			{"line", Preview(v.in, 0, v.options()), v.line},
			{"words", Words(v.in), v.words},
		} {
			if got.is != got.want && !(got.what == "words" && v.notes) {
				t.Errorf("%s %s: %q\n%s got  %q\n%s want %q", v.row, v.title, v.in, got.what, got.is, got.what, got.want)
			}
		}
	}
	if n < 8 {
		t.Errorf("%s has %d cases", row, n)
	}
}
