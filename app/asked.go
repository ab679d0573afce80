package app

import "strings"

// This file is how a link from the system, or another start of the program, leads a page to a place (D-10).

// isLink tells a link of our own from the paths that notices ask for. Whether it names a place is for Place to say, to the person.
func isLink(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	return ok && strings.EqualFold(scheme, "trestle")
}

// ask keeps a link until a page takes it. The pages that are open are told; one that is just loading, or where somebody has to sign in
// first, takes it once it can.
func (c *Core) ask(link string) {
	c.keepAsked(link)
	c.Events.Publish("navigate", map[string]bool{"asked": true})
}

func (c *Core) keepAsked(link string) {
	c.mu.Lock()
	c.asked = link
	c.mu.Unlock()
}

// openLink goes where a link leads that the system hands over.
func (c *Core) openLink(link string) {
	if isLink(link) {
		c.show([]string{link})
	}
}

// Asked answers once where the link leads that somebody outside the pages followed, as Place does; an empty path when there is none.
func (x *Shell) Asked() (out PlaceView, err error) {
	defer guard(&err)
	if _, err := x.c.here(); err != nil {
		return out, err
	}
	x.c.mu.Lock()
	link := x.c.asked
	x.c.asked = ""
	x.c.mu.Unlock()
	if link == "" {
		return out, nil
	}
	return x.Place(PlaceIn{Link: link})
}

// Invite makes an address that opens the pages in a browser once, for a second start with --print-url or --browser. With a link it begins
// there, or says why not.
func (x *Shell) Invite(in PlaceIn) (out FoundLink, err error) {
	defer guard(&err)
	if in.Link != "" {
		if _, err := ParsePlace(in.Link); err != nil {
			return out, err
		}
	}
	u, err := x.c.Invite(in.Link)
	return FoundLink{URL: u}, err
}

// Brought says where a program that already runs shows what another start of it asked for.
type Brought struct {
	Shown string `json:"shown"` // window, or page: one that is open in a browser goes there; "" where nobody sees it yet
	URL   string `json:"url"`   // then, the address that opens a page there, once
}

// Bring shows the program at the place a link names, for a second start that can show no window itself: in its window or the page that is
// open, else at an address of its own. Without a link a page that is open is not looked for: who starts the program wants to see one.
func (x *Shell) Bring(in PlaceIn) (out Brought, err error) {
	defer guard(&err)
	if in.Link != "" {
		if _, err := ParsePlace(in.Link); err != nil {
			return out, err
		}
	}
	x.c.mu.Lock()
	f, b := x.c.face, x.c.bridge
	x.c.mu.Unlock()
	switch {
	case f != nil && f.Kind() == "window":
		args := []string{}
		if in.Link != "" {
			args = append(args, in.Link)
		}
		x.c.show(args)
		out.Shown = "window"
	case in.Link != "" && b != nil && b.Listening():
		x.c.ask(in.Link)
		out.Shown = "page"
	default:
		out.URL, err = x.c.Invite(in.Link)
	}
	return out, err
}

// beginAt is where a new page begins: a path as it is, a link where it leads, or "" where the page is to ask and to say why it does not.
func (c *Core) beginAt(link string) string {
	if !isLink(link) {
		return link
	}
	at, err := (&Shell{c}).Place(PlaceIn{Link: link})
	if err != nil {
		c.keepAsked(link)
		return ""
	}
	return at.Path
}
