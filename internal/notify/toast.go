package notify

import (
	"encoding/xml"
	"net/url"
	"strings"
	"unicode/utf8"
)

// toastXML writes a notice as Windows takes it (learn.microsoft.com, "Toast schema"). All that a sender wrote goes through escape: it is text in
// an element or an attribute, never a part of the document. A box to answer in comes with the button of ReplyAction.
func toastXML(n Notice, buttons ...Button) string {
	escape := func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(legible(s))) // a Builder takes everything
		return b.String()
	}
	var b strings.Builder
	b.WriteString(`<toast activationType="foreground" launch="` + escape(toastArgs(n.Key, "default")) + `"`)
	if n.Urgent {
		b.WriteString(` scenario="reminder"`)
	}
	b.WriteString(`><visual><binding template="ToastGeneric"><text hint-maxLines="1">` + escape(line(n.Title, maxTitle)) + `</text>`)
	if n.Body != "" {
		b.WriteString(`<text>` + escape(n.Body) + `</text>`)
	}
	b.WriteString(`</binding></visual><actions>`)
	for _, x := range buttons {
		if x.Action == ReplyAction {
			b.WriteString(`<input id="reply" type="text" placeHolderContent="` + escape(x.Label) + `"/>`)
		}
	}
	for _, x := range buttons {
		if x.Action == "default" {
			continue // a click on the notice itself
		}
		b.WriteString(`<action activationType="foreground" content="` + escape(x.Label) + `" arguments="` + escape(toastArgs(n.Key, x.Action)) + `"`)
		if x.Action == ReplyAction {
			b.WriteString(` hint-inputId="reply"`)
		}
		b.WriteString(`/>`)
	}
	b.WriteString(`</actions></toast>`)
	return b.String()
}

// legible is text without what XML has no place for: invalid UTF-8 and characters that no document may hold.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r >= 0x20 && r < 0xD800, r >= 0xE000 && r < 0xFFFE && r != utf8.RuneError, r >= 0x10000 && r <= utf8.MaxRune:
			return r
		}
		return -1
	}, s)
}

// toastArgs are what Windows hands back when somebody chose an action of the notice with a key; ofToast reads them.
func toastArgs(key, action string) string {
	return url.Values{"key": {key}, "action": {action}}.Encode()
}

func ofToast(args string) (key, action string, ok bool) {
	v, err := url.ParseQuery(args)
	if err != nil || len(v["key"]) != 1 || len(v["action"]) != 1 {
		return "", "", false
	}
	return v.Get("key"), v.Get("action"), true
}
