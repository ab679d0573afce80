package notify

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// toastShape is a toast as Windows would read it: its elements in order, and its texts.
func toastShape(t *testing.T, doc string) (elements, texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	d.Strict = true
	in := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, texts
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		switch x := token.(type) {
		case xml.StartElement:
			in = x.Name.Local
			elements = append(elements, in)
			for _, a := range x.Attr {
				elements = append(elements, "@"+a.Name.Local)
			}
		case xml.CharData:
			if in == "text" {
				texts = append(texts, string(x))
			}
		case xml.EndElement:
			in = ""
		default:
			t.Fatalf("%T in %s", token, doc)
		}
	}
}

var (
	toastButtons = []Button{{"default", "Open"}, {ReplyAction, "Reply"}, {"mute", "Mute this room"}}
	toastParts   = "toast @activationType @launch visual binding @template text @hint-maxLines text actions input @id @type @placeHolderContent " +
		"action @activationType @content @arguments @hint-inputId action @activationType @content @arguments"
)

// N-08: whatever a sender writes is text of the notice: it ends no element, starts no script, brings no picture and no button.
func TestN08_AToastHoldsTextAlone(t *testing.T) {
	for body, want := range map[string]string{
		"plain": "plain", "]]></text><image src=\"http://x.example/a.png\"/>": "]]></text><image src=\"http://x.example/a.png\"/>",
		"<b>bold</b> & more": "<b>bold</b> & more", "$(Start-Process calc)": "$(Start-Process calc)", "\"@\n$x\n@\"": "\"@\n$x\n@\"",
		"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///c:/x\">]>&e;": "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///c:/x\">]>&e;",
		"a\x00b\x1b[31mc\ufffed\xffe\U0001F6A2":                 "ab[31mcde\U0001F6A2", "' onclick='x": "' onclick='x", "<?xml version=\"1.0\"?>": "<?xml version=\"1.0\"?>",
	} {
		doc := toastXML(Notice{Key: "room", Title: body, Body: body}, toastButtons...)
		elements, texts := toastShape(t, doc)
		if got := strings.Join(elements, " "); got != toastParts {
			t.Errorf("%q makes %s", body, got)
		}
		if len(texts) != 2 || texts[1] != want || texts[0] != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%q reads %q", body, texts)
		}
	}
	if elements, _ := toastShape(t, toastXML(Notice{Key: ">a", Title: "x", Urgent: true})); !slices.Equal(elements, strings.Fields("toast @activationType @launch @scenario visual binding @template text @hint-maxLines actions")) {
		t.Errorf("%q", elements)
	}
}

// What a person chose comes back with the notice it was chosen on; anything else is nobody's choice.
func TestN08_WhatAToastHandsBack(t *testing.T) {
	for _, key := range []string{"01a2", ">contract/01a2/overview", "a&action=mute", "", "\"<>"} {
		for _, action := range []string{"default", ReplyAction, "mute"} {
			k, a, ok := ofToast(toastArgs(key, action))
			if !ok || k != key || a != action {
				t.Errorf("%q %q came back as %q %q %v", key, action, k, a, ok)
			}
		}
	}
	for _, args := range []string{"", "DEFAULT_ACTION", "key=a", "key=a&key=b&action=x", "%zz", "key=a&action=x;y=%"} {
		if k, a, ok := ofToast(args); ok {
			t.Errorf("%q is %q %q", args, k, a)
		}
	}
}

// FuzzToast: every text makes the same document.
func FuzzToast(f *testing.F) {
	f.Add("title", "]]>")
	f.Add("<a>", "\x00\xff\ufffe&amp;")
	f.Fuzz(func(t *testing.T, title, body string) {
		elements, _ := toastShape(t, toastXML(Notice{Key: title, Title: title, Body: body + "."}, toastButtons...))
		if got := strings.Join(elements, " "); got != toastParts {
			t.Errorf("%s", got)
		}
	})
}
