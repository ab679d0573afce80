package app

import (
	"strings"
	"testing"
)

func TestOpenLinkTable(t *testing.T) {
	heard(t)
	for _, tt := range []struct {
		raw, text string
		want      string // empty: refused
		confirm   bool
	}{
		// What people write is opened as it is.
		{raw: "https://example.com", want: "https://example.com"},
		{raw: "https://example.com/", want: "https://example.com/"},
		{raw: "http://example.com/a?b=c#d", want: "http://example.com/a?b=c#d"},
		{raw: "HTTPS://EXAMPLE.com/A", want: "https://example.com/A"},
		{raw: "https://example.com:8443/x", want: "https://example.com:8443/x"},
		{raw: "https://en.wikipedia.org/wiki/Go_(game)", want: "https://en.wikipedia.org/wiki/Go_(game)"},
		{raw: "https://host.example/~anna/x", want: "https://host.example/~anna/x"},
		{raw: "https://host.example/?b[]=1&b[]=2", want: "https://host.example/?b[]=1&b[]=2"},
		{raw: "https://host.example/?a=1;b=$2", want: "https://host.example/?a=1;b=$2"},
		{raw: "https://host.example/a%20b", want: "https://host.example/a%20b"},
		{raw: "https://host.example/100%", want: "https://host.example/100%25"},
		{raw: "https://host.example/?q=50%&r=%zz", want: "https://host.example/?q=50%25&r=%25zz"},
		{raw: "https://host.example/grüße", want: "https://host.example/gr%C3%BC%C3%9Fe"},
		{raw: "https://host.example/?q=日本", want: "https://host.example/?q=%E6%97%A5%E6%9C%AC"},
		{raw: "https://host.example/#/room/1", want: "https://host.example/#/room/1"},
		{raw: "https://host.example/#a%20b", want: "https://host.example/#a%20b"},
		{raw: "https://host.example/?", want: "https://host.example/?"},
		{raw: "https://host.example./x", want: "https://host.example/x"},
		{raw: "http://127.0.0.1:3000/", want: "http://127.0.0.1:3000/"},
		{raw: "http://localhost:8080/", want: "http://localhost:8080/"},
		{raw: "http://[::1]:8080/", want: "http://[::1]:8080/"},
		{raw: "https://a-b.example/x_y", want: "https://a-b.example/x_y"},
		{raw: "https://münchen.de/", want: "https://xn--mnchen-3ya.de/"},
		{raw: "https://пример.рф/", want: "https://xn--e1afmkfd.xn--p1ai/"},
		{raw: "https://例え.テスト/", want: "https://xn--r8jz45g.xn--zckzah/"},
		{raw: "https://xn--mnchen-3ya.de/", want: "https://xn--mnchen-3ya.de/"},
		{raw: "https://EXAMPLE。com/", want: "https://example.com/"},
		{raw: "https://host.example/" + strings.Repeat("a", 2000), want: "https://host.example/" + strings.Repeat("a", 2000)},
		// What openers and shells might stumble over is written as a code.
		{raw: `https://host.example/?q="x"`, want: "https://host.example/?q=%22x%22"},
		{raw: "https://host.example/?q='x'", want: "https://host.example/?q=%27x%27"},
		{raw: "https://host.example/?q=`id`", want: "https://host.example/?q=%60id%60"},
		{raw: "https://host.example/?q=<x>", want: "https://host.example/?q=%3Cx%3E"},
		{raw: "https://host.example/?q=a|b", want: "https://host.example/?q=a%7Cb"},
		{raw: `https://host.example/?q=a\b`, want: "https://host.example/?q=a%5Cb"},
		{raw: "https://host.example/?q=a b", want: "https://host.example/?q=a%20b"},
		{raw: "https://host.example/?x=\u202etxt", want: "https://host.example/?x=%E2%80%AEtxt"},
		// The host is shown first where it could be taken for another.
		{raw: "https://gооgle.com/", want: "https://xn--ggle-55da.com/", confirm: true}, // Cyrillic о
		{raw: "https://аррӏе.com/", want: "https://xn--80ak6aa92e.com/", confirm: true}, // Cyrillic only, in .com
		{raw: "https://xn--80ak6aa92e.com/", want: "https://xn--80ak6aa92e.com/", confirm: true},
		{raw: "https://evil.example/", text: "https://bank.example/", want: "https://evil.example/", confirm: true},
		{raw: "https://evil.example/", text: "bank.example", want: "https://evil.example/", confirm: true},
		{raw: "https://evil.example/", text: "click here", want: "https://evil.example/", confirm: true},
		{raw: "https://evil.example/bank.example", text: "bank.example", want: "https://evil.example/bank.example", confirm: true},
		{raw: "https://bank.example.evil.example/", text: "bank.example", want: "https://bank.example.evil.example/", confirm: true},
		{raw: "https://bank.example/login", text: "bank.example", want: "https://bank.example/login"},
		{raw: "https://www.bank.example/", text: "bank.example/x", want: "https://www.bank.example/"},
		{raw: "https://bank.example/a", text: "https://bank.example/b", want: "https://bank.example/a"},
		{raw: "https://bank.example/", text: "Bank.Example:443", want: "https://bank.example/"},
		{raw: "https://bank.example/", text: "bank.example:evil", want: "https://bank.example/", confirm: true},
		// Mail.
		{raw: "mailto:anna@host.example", want: "mailto:anna@host.example"},
		{raw: "mailto:anna@host.example", text: "anna@host.example", want: "mailto:anna@host.example"},
		{raw: "mailto:anna@host.example", text: "bob@host.example", want: "mailto:anna@host.example", confirm: true},
		{raw: "MAILTO:a@b.example?subject=Hi%20there&body=a%0Ab", want: "mailto:a@b.example?subject=Hi%20there&body=a%0Ab"},
		{raw: "mailto:a@b.example?attach=/etc/passwd&subject=x", want: "mailto:a@b.example?subject=x"},
		{raw: "mailto:a@b.example,c@d.example", want: "mailto:a@b.example,c@d.example"},
		{raw: "mailto:a+b@münchen.de", want: "mailto:a+b@xn--mnchen-3ya.de"},
		{raw: "mailto:a@b.example?subject=x%0d%0aBcc:%20z@z"},
		{raw: "mailto:"},
		{raw: "mailto:?attach=/etc/passwd"},
		{raw: "mailto:nobody"},
		{raw: "mailto:@host.example"},
		{raw: `mailto:"a b"@host.example`},
		// Everything else is refused.
		{raw: ""},
		{raw: "example.com"},
		{raw: "//example.com/"},
		{raw: "/etc/passwd"},
		{raw: "javascript:alert(1)"},
		{raw: "JaVaScRiPt:alert(1)"},
		{raw: "java\nscript:alert(1)"},
		{raw: "data:text/html,<script>"},
		{raw: "file:///etc/passwd"},
		{raw: "smb://host/share"},
		{raw: "ms-msdt:/id PCWDiagnostic"},
		{raw: "search-ms:query=x"},
		{raw: "vscode://file/x"},
		{raw: "ftp://host.example/"},
		{raw: "blob:https://host.example/x"},
		{raw: "trestle://room/1"},
		{raw: "tel:+123"},
		{raw: "https:"},
		{raw: "https://"},
		{raw: "https:///x"},
		{raw: "https:host.example"},
		{raw: "https:/host.example"},
		{raw: "https://user@host.example/"},
		{raw: "https://user:password@host.example/"},
		{raw: "https://bank.example@evil.example/"},
		{raw: "https://@host.example/"},
		{raw: `https://bank.example\@evil.example/`},
		{raw: `https:\\host.example\x`},
		{raw: " https://host.example/"},
		{raw: "https://host.example/ "},
		{raw: "https://host.example/\n"},
		{raw: "https://host.example/\x00"},
		{raw: "https://host.example/\t"},
		{raw: "https://ho st.example/"},
		{raw: "https://ho%73t.example/"},
		{raw: "https://host.example:0/"},
		{raw: "https://host.example:99999/"},
		{raw: "https://host.example:x/"},
		{raw: "https://host.example:/"},
		{raw: "http://2130706433/"},
		{raw: "http://0x7f.1/"},
		{raw: "http://127.1/"},
		{raw: "http://0177.0.0.1/"},
		{raw: "http://1.2.3.4.5/"},
		{raw: "http://[fe80::1%25eth0]/"},
		{raw: "http://[::1"},
		{raw: "https://-.example/"},
		{raw: "https://a..b.example/"},
		{raw: "https://.example/"},
		{raw: "https://ex\u202eample.com/"},
		{raw: "https://" + strings.Repeat("a", 64) + ".example/"},
		{raw: "https://host.example/" + strings.Repeat("a", 2048)},
		{raw: "https://host_name.example/"},
		{raw: "https://\xff.example/"},
	} {
		l, err := ParseLink(tt.raw, tt.text)
		if tt.want == "" {
			if f := AsFailure(err); f == nil || f.Code != CodeBadLink {
				t.Errorf("%.80q: %q %v, want it refused", tt.raw, l.URL, err)
			}
			continue
		}
		if err != nil || l.URL != tt.want || l.Confirm != tt.confirm || l.Host == "" {
			t.Errorf("%.80q (%q): %q %v confirm %v, want %q %v", tt.raw, tt.text, l.URL, err, l.Confirm, tt.want, tt.confirm)
		}
		if again, err := ParseLink(l.URL, ""); err != nil || again.URL != l.URL {
			t.Errorf("%.80q: read again it is %q, %v", l.URL, again.URL, err)
		}
	}
}

func FuzzParseLink(f *testing.F) {
	for _, s := range []string{"https://a.example/%", "mailto:a@b.example?x", "https://[::1]:1/#%zz", "http://é.example\\"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, raw, text string) {
		l, err := ParseLink(raw, text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(l.URL, "https://") && !strings.HasPrefix(l.URL, "http://") && !strings.HasPrefix(l.URL, "mailto:") {
			t.Fatalf("%q became %q", raw, l.URL)
		}
		if strings.ContainsFunc(l.URL, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\"'`<>\\|", c) }) {
			t.Fatalf("%q became %q", raw, l.URL)
		}
		if again, err := ParseLink(l.URL, ""); err != nil && len(l.URL) <= linkLimit {
			t.Fatalf("%q became %q, which is refused: %v", raw, l.URL, err)
		} else if err == nil && again.URL != l.URL {
			t.Fatalf("%q became %q, then %q", raw, l.URL, again.URL)
		}
	})
}

func TestOpenersTakeTheAddressAsOneArgument(t *testing.T) {
	t.Parallel()
	const u = "https://host.example/?a=1&b=$(x);y"
	for system, want := range map[string]string{
		"linux": "xdg-open|" + u, "windows": "rundll32|url.dll,FileProtocolHandler|" + u, "darwin": "open|" + u,
	} {
		if got := strings.Join(openerFor(system, u), "|"); got != want {
			t.Errorf("%s: %s", system, got)
		}
	}
}

func TestD10_LinksOfOurOwnOnlyNavigate(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"trestle://room/0198c0de-0000-7000-8000-0123456789ab": "room/0198c0de-0000-7000-8000-0123456789ab",
		"trestle://message/m_1":                               "message/m_1", "trestle://contract/C1/": "contract/C1",
		"trestle://message/m_1?room=R-2": "message/m_1/R-2", "trestle://message/m1?room=": "", "trestle://message/m1?room=a&x=y": "", "trestle://contract/1?room=2": "",
		"trestle://room/": "", "trestle://room": "", "trestle://send/1": "", "trestle://room/1?send=x": "", "trestle://room/1#x": "",
		"trestle://room/../x": "", "trestle://room/a/b": "", "trestle://evil.example/room/1": "", "TRESTLE://room/R1": "room/R1", "Trestle://ROOM/1": "",
		"https://room/1": "", "trestle:room/1": "", "trestle://room/1\n": "", "": "",
	} {
		if got, err := ParsePlace(link); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v", link, got, err)
		}
	}
}
