package app

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// historyLimit is how long older messages may take to come from the service.
const historyLimit = 10 * time.Second

type messagesCmd struct {
	Room  string `required:"" help:"Room id, or its name."`
	Limit int    `default:"50" help:"How many of the newest."`
	All   bool   `help:"Show what people you blocked wrote, too."`
}

// printedMessage is a message as it is printed: nothing of one that is folded (P-24).
type printedMessage struct {
	MessageRow
	Folded bool `json:"folded"` // written by somebody one blocked
}

// folded makes of messages what is printed of them.
func (c messagesCmd) folded(d desk, list []MessageRow) ([]printedMessage, error) {
	blocked, err := ask[BlockedView](d, "Safety.Blocked", nil)
	if err != nil {
		return nil, err
	}
	out := make([]printedMessage, len(list))
	for i, m := range list {
		out[i].MessageRow = m
		by := slices.ContainsFunc(blocked.People, func(p BlockedRow) bool { return p.ID == m.Author })
		if !by || m.Mine || c.All {
			continue
		}
		out[i].Folded = true
		out[i].Text, out[i].HTML, out[i].Hint, out[i].Contact = "", "", "", ""
		out[i].Files, out[i].Reactions, out[i].Reply = []FileRow{}, []ReactionRow{}, nil
	}
	return out, nil
}

func (c messagesCmd) Run(r *run) error {
	if c.Limit < 1 {
		return Fail(CodeBadInput, "--limit is at least 1.")
	}
	return r.desk(func(d desk) error {
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		w, err := ask[Window](d, "Rooms.Newest", RoomIn{x.ID})
		if err != nil {
			return err
		}
		list := w.Messages
		patience := time.Now().Add(historyLimit)
		for len(list) < c.Limit && w.More && len(list) > 0 {
			if w, err = ask[Window](d, "Rooms.Older", OlderIn{Room: x.ID, Before: list[0].ID}); err != nil {
				return err
			}
			if len(w.Messages) == 0 && w.Loading && r.ctx.Err() == nil && time.Now().Before(patience) {
				time.Sleep(40 * time.Millisecond) // the service is being asked for them
				continue
			}
			if len(w.Messages) == 0 {
				break
			}
			list = append(append([]MessageRow{}, w.Messages...), list...)
		}
		if len(list) > c.Limit {
			list = list[len(list)-c.Limit:]
		}
		printed, err := c.folded(d, list)
		if err != nil {
			return err
		}
		return r.print(printed, func(w io.Writer) {
			for _, m := range printed {
				state := ""
				if m.State != "sent" {
					state = " [" + m.State + "]"
				}
				text := plain(m.Text)
				switch {
				case m.Folded:
					text = "(from somebody you blocked; --all shows it)"
				case m.Removed:
					text = "(removed by an administrator)"
				case m.Deleted != 0:
					text = "(deleted)"
				}
				if u := m.Unsaved; u != nil {
					state += " [" + u.What + " not sent]"
				}
				fmt.Fprintf(w, "%s %s%s: %s\n", time.UnixMilli(m.At).Format("2006-01-02 15:04"), plain(m.Name), state, text)
				for _, f := range m.Files {
					fmt.Fprintf(w, "    %s (%d bytes)\n", plain(f.Name), f.Size)
				}
			}
		})
	})
}

type sendCmd struct {
	Room   string   `required:"" help:"Room id, or its name."`
	Text   string   `arg:"" optional:"" help:"The message."`
	Reason string   `help:"Why it holds contact details before a contract: legal, access, portfolio or not_contact." enum:",legal,access,portfolio,not_contact" default:"" placeholder:"REASON"`
	File   []string `type:"path" sep:"none" help:"File to attach; may be given several times." placeholder:"PATH"`
}

func (c sendCmd) Run(r *run) error {
	id := newID()
	return r.desk(func(d desk) error {
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		in := SendIn{ID: id, Room: x.ID, Text: c.Text, Files: []string{}, Reason: c.Reason}
		var staged Staged
		for _, path := range c.File {
			if _, err := os.Stat(path); err != nil {
				return Fail(codeGone, fmt.Sprintf("The file %s cannot be read: %v. Nothing was sent.", path, reason(err)))
			}
		}
		if len(c.File) > 0 {
			if staged, err = ask[Staged](d, "Verbs.Take", TakeIn{Room: x.ID, Paths: c.File}); err != nil {
				return err
			}
			for _, no := range staged.Refused {
				return Fail(no.Code, no.Name+": "+no.Reason+" Nothing was sent.")
			}
			for _, f := range staged.Files {
				in.Files = append(in.Files, f.ID)
			}
		}
		m, err := ask[MessageRow](d, "Rooms.Send", in)
		if err != nil {
			return err
		}
		sync := d.settle(3 * time.Second)
		if w, err := ask[Window](d, "Rooms.Newest", RoomIn{x.ID}); err == nil {
			for _, now := range w.Messages {
				if now.ID == m.ID {
					m = now
				}
			}
		}
		if m.State == "failed" {
			return Fail(m.Code, "Not sent, and kept under Not sent: "+m.Reason)
		}
		return r.print(m, func(w io.Writer) {
			for _, f := range staged.Files {
				if f.Was != "" {
					fmt.Fprintf(w, "%s goes as %s: other systems cannot keep its name.\n", plain(f.Was), plain(f.Name))
				}
			}
			if m.State == "sent" {
				fmt.Fprintln(w, "Sent.")
				return
			}
			fmt.Fprintln(w, "Written down. "+goesOut(sync, m.Reason))
		})
	})
}
