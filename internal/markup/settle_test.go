package markup

import "testing"

// M-30: nobody ever reads an id where a name was written.
func TestM30_Settle(t *testing.T) {
	for in, want := range map[string]string{
		"<@a1> and <@me1>":         "<@a1> and <@me1>",
		"`<@a1>` and <@a1>":        "`@Ishaan Vale` and <@a1>",
		"```\n<@a1>\n```\n> <@a1>": "```\n@Ishaan Vale\n```\n> <@a1>",
		"\\<@a1>":                  "\\@Ishaan Vale",
		"`<@nobody>` <@ <@a1":      "`<@nobody>` <@ <@a1",
		"`<@turned>`":              "`@ab c`",
		"a\r\n\x01`<@a1>`":         "a\r\n\x01`@Ishaan Vale`",
	} {
		if got := Settle(in, people); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if got := Settle(want, people); got != want {
			t.Errorf("%q does not stay: %q", want, got)
		}
	}
	if got := Settle("`<@a1>`", Options{}); got != "`<@a1>`" {
		t.Errorf("without names: %q", got)
	}
}
