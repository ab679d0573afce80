package app

import (
	"strings"
	"testing"
)

func TestI03_ChoicesThatCanBeTyped(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"rooms set Kitchen --notify loud": `trestle: --notify must be one of "all","mentions","none" but got "loud"`,
		"sheet nope":                      `trestle: [<sheet>] must be one of "assessment","works-council" but got "nope"`,
	} {
		var out, errs strings.Builder
		args := append([]string{"--data", t.TempDir()}, strings.Fields(line)...)
		if code := Run(t.Context(), args, strings.NewReader(""), &out, &errs); code != 2 || strings.TrimSpace(errs.String()) != want {
			t.Errorf("%s: %d %q", line, code, errs.String())
		}
	}
}

func TestI03_OthersTextIsHarmlessToATerminal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                              "plain",
		"\x1b]0;title\x07\x1b[31mred\x1b[2J": "]0;title[31mred[2J",
		"over\rwritten":                      "overwritten",
		"ok\u202egnp.exe":                    "okgnp.exe",
		"two\nlines\tand a tab":              "two\n    lines and a tab",
		"\u0085\u009bm":                      "m",
		"Zoë 你好 👍":                           "Zoë 你好 👍",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestU12_LinksNameThePublicAddress(t *testing.T) {
	t.Parallel()
	inside, outside := state{Address: "http://127.0.0.1:8080"}, state{Address: "http://127.0.0.1:8080", Public: "https://work.example.com"}
	if got := inside.public(); got != "http://127.0.0.1:8080" {
		t.Errorf("without one: %s", got)
	}
	if got := outside.public(); got != "https://work.example.com" {
		t.Errorf("with one: %s", got)
	}
}
