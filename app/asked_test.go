package app

import (
	"context"
	"strings"
	"testing"
	"time"
)

// shownFace is a face that remembers where it was told to show itself.
type shownFace struct{ shown []string }

func (s *shownFace) Kind() string       { return "window" }
func (s *shownFace) Show(where string)  { s.shown = append(s.shown, where) }
func (s *shownFace) Hide()              {}
func (s *shownFace) Badge(int)          {}
func (s *shownFace) Compact(Form, bool) {}
func (s *shownFace) Quit()              {}
func (s *shownFace) Dialogs() Dialogs   { return nil }

// D-10: a link that another program or a second start follows brings the running program to the front and leads its page there, once; one
// that names nothing here, or would act, is said there and does nothing.
func TestD10_ALinkFromOutsideLeadsThePage(t *testing.T) {
	_, c, room := deskInRoom(t)
	id := write(t, c, room, "here")
	face := &shownFace{}
	c.mu.Lock()
	c.face = face
	c.mu.Unlock()
	heard := c.Events.Subscribe()
	before, err := c.session.replica.Outbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]string{
		"trestle://message/" + id + "?room=" + room: "room/" + room + "/at/" + id,
		"trestle://room/" + room:                    "room/" + room,
		"trestle://room/nowhere":                    "",
		"trestle://x":                               "", "trestle://send/hello": "", "trestle:///etc/passwd": "", "trestle://service?url=http://x.example": "", "trestle:": "",
		"trestle://start/join?address=http://x.example": "", "trestle://message/" + id + "?room=../..": "",
	} {
		face.shown = nil
		c.openLink(link)
		if strings.Join(face.shown, "|") != "" || len(face.shown) != 1 {
			t.Errorf("%s: shown at %q", link, face.shown)
		}
		told := false
		soon, stop := context.WithTimeout(t.Context(), time.Minute)
		for !told && soon.Err() == nil {
			for _, e := range heard.Next(soon) {
				told = told || e.Name == "navigate"
			}
		}
		stop()
		if !told {
			t.Errorf("%s: no page was told", link)
		}
		got, err := (&Shell{c}).Asked()
		if got.Path != want || (err == nil) != (want != "") || err != nil && AsFailure(err).Code != CodeBadLink {
			t.Errorf("%s leads to %q, %v; want %q", link, got.Path, err, want)
		}
		if again, err := (&Shell{c}).Asked(); again.Path != "" || err != nil {
			t.Errorf("%s leads twice: %q %v", link, again.Path, err)
		}
	}
	face.shown = nil
	for _, other := range []string{"/etc/passwd", "https://x.example", "room/" + room, ""} {
		c.openLink(other)
	}
	if len(face.shown) != 0 {
		t.Errorf("shown for what is no link of ours: %q", face.shown)
	}
	c.show([]string{"tracker"}) // a notice's own place goes as it did
	if strings.Join(face.shown, "|") != "tracker" {
		t.Errorf("shown at %q", face.shown)
	}
	after, err := c.session.replica.Outbox(t.Context())
	if err != nil || len(after) != len(before) {
		t.Errorf("%d commands wait, %v; before %d", len(after), err, len(before))
	}
}

// D-10: a page that is opened for a link begins there; where it does not lead there, it says so once somebody is here.
func TestD10_ANewPageBeginsAtALink(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	id := write(t, c, room, "here")
	for link, want := range map[string]string{
		"trestle://message/" + id: "&go=room/" + room + "/at/" + id,
		"trestle://room/" + room:  "&go=room/" + room,
		"trestle://room/nowhere":  "",
		"":                        "",
	} {
		got, err := (&Shell{c}).Invite(PlaceIn{Link: link})
		if _, at, _ := strings.Cut(got.URL, "&go="); err != nil || at != strings.TrimPrefix(want, "&go=") {
			t.Errorf("%q begins at %q, %v", link, got.URL, err)
		}
		if _, err := (&Shell{c}).Asked(); (err != nil) != (link != "" && want == "") {
			t.Errorf("%q: the page is told %v", link, err)
		}
	}
	for _, link := range []string{"trestle://x", "room/" + room, "/etc/passwd", "https://x.example", "trestle://room/x&t=1"} {
		if got, err := (&Shell{c}).Invite(PlaceIn{Link: link}); err == nil {
			t.Errorf("%q begins at %q", link, got.URL)
		}
	}
}

// D-10: a second start without a display of its own does not speak of the display it has not where the program that runs shows the link: in its
// window, or in the page that is open. Only where nobody would see it is an address made.
func TestD10_AStartWithoutADisplayIsShownByTheOther(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	id := write(t, c, room, "here")
	link, where := "trestle://message/"+id, "room/"+room+"/at/"+id
	bring := func(link string) Brought {
		t.Helper()
		out, err := (&Shell{c}).Bring(PlaceIn{Link: link})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	asked := func() string {
		t.Helper()
		at, err := (&Shell{c}).Asked()
		if err != nil {
			t.Fatal(err)
		}
		return at.Path
	}
	out := bring(link)
	if out.Shown != "" || !strings.HasSuffix(out.URL, "&go="+where) || asked() != "" {
		t.Errorf("nobody sees it: %+v", out)
	}
	c.bridge.listening.Add(1) // the stream of a page
	if out := bring(link); out.Shown != "page" || out.URL != "" || asked() != where {
		t.Errorf("a page is open: %+v", out)
	}
	if out := bring(""); out.Shown != "" || out.URL == "" {
		t.Errorf("a page is open, and another is asked for: %+v", out)
	}
	face := &shownFace{}
	c.mu.Lock()
	c.face = face
	c.mu.Unlock()
	if out := bring(link); out.Shown != "window" || out.URL != "" || asked() != where || len(face.shown) != 1 {
		t.Errorf("a window is open: %+v %q", out, face.shown)
	}
	if out := bring(""); out.Shown != "window" || len(face.shown) != 2 || asked() != "" {
		t.Errorf("a window is open: %+v %q", out, face.shown)
	}
	if _, err := (&Shell{c}).Bring(PlaceIn{Link: "trestle://send/hello"}); AsFailure(err).Code != CodeBadLink {
		t.Errorf("what would act: %v", err)
	}
}
