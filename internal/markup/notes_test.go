package markup

import "testing"

var notes = Options{Notes: true}

func TestX11_Bullets(t *testing.T) {
	cases{
		{"- a\n* b\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"},
		{"text\n- **a**", "<p>text</p><ul><li><strong>a</strong></li></ul>"},
		{"-a", "-a"},
		{"- ", "-"},
	}.html(t, notes)
}

func TestX12_NestedItems(t *testing.T) {
	cases{
		{"- a\n  - b\n  - c\n- d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"},
		{"- a\n\t1. b\n\t2. c", "<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>"},
	}.html(t, notes)
}

func TestX13_Numbered(t *testing.T) {
	cases{
		{"1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"},
		{"3. a\n7. b", `<ol start="3"><li>a</li><li>b</li></ol>`},
		{"1. a\n- b", "<ol><li>a</li></ol><ul><li>b</li></ul>"},
		{"1.a", "1.a"},
		{"1234567890. a", "1234567890. a"},
	}.html(t, notes)
}

func TestX14_Headings(t *testing.T) {
	cases{
		{"# a *b*", "<h1>a <em>b</em></h1>"},
		{"###### a", "<h6>a</h6>"},
		{"####### a", "####### a"},
		{"#a", "#a"},
	}.html(t, notes)
}

func TestX15_NoteLinks(t *testing.T) {
	cases{
		{"[the *game*](https://x.org/Go_(game))", a("https://x.org/Go_(game)", "x.org", "the *game*")},
		{"https://x.org", a("https://x.org", "x.org", "https://x.org")},
		{"[t](javascript:alert(1))", "[t](javascript:alert(1))"},
		{"[t](x.org)", "[t](x.org)"},
		{"[t](https://x.org y)", "[t](" + a("https://x.org", "x.org", "https://x.org") + " y)"},
		{"[](https://x.org)", "[](" + a("https://x.org", "x.org", "https://x.org") + ")"},
	}.html(t, notes)
	if got := Plain("[t](https://x.org)\n\n- a\n  1. b", notes); got != "t (https://x.org)\n\n- a\n  1. b" {
		t.Errorf("Plain = %q", got)
	}
}
