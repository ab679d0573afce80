package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
)

// newID makes an id for something that begins on this computer.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// password reads the one line that --password-stdin promises, or asks at a terminal.
func password(r *run, stdin bool) (string, error) {
	if !stdin {
		return "", Fail(CodeBadInput, "Give the password on standard input, with --password-stdin.")
	}
	b, err := io.ReadAll(io.LimitReader(r.in, 4096))
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return "", Fail(CodeBadInput, "Standard input holds no password.")
	}
	return line, nil
}

type signUpCmd struct {
	Service       string `required:"" help:"Address of the service." placeholder:"URL"`
	Name          string `required:"" help:"Your name, as others see it."`
	Email         string `required:"" help:"Your e-mail address."`
	Invitation    string `help:"Invitation link, where the service asks for one." placeholder:"LINK"`
	PasswordStdin bool   `help:"Read the password from standard input."`
}

func (c signUpCmd) Run(r *run) error {
	pw, err := password(r, c.PasswordStdin)
	if err != nil {
		return err
	}
	return r.desk(func(d desk) error {
		b, err := ask[Boot](d, "Start.SignUp", SignUpIn{Address: c.Service, Name: c.Name, Email: c.Email, Password: pw, Link: c.Invitation})
		if err != nil {
			return err
		}
		return r.signed(b)
	})
}

type signInCmd struct {
	Service       string `required:"" help:"Address of the service." placeholder:"URL"`
	Email         string `required:"" help:"Your e-mail address."`
	PasswordStdin bool   `help:"Read the password from standard input."`
}

func (c signInCmd) Run(r *run) error {
	pw, err := password(r, c.PasswordStdin)
	if err != nil {
		return err
	}
	return r.desk(func(d desk) error {
		b, err := ask[Boot](d, "Start.SignIn", SignInIn{Address: c.Service, Email: c.Email, Password: pw})
		if err != nil {
			return err
		}
		return r.signed(b)
	})
}

func (r *run) signed(b Boot) error {
	if b.Account == nil {
		return errors.New("signed in, but nobody is here")
	}
	return r.print(b.Account, func(w io.Writer) { fmt.Fprintf(w, "Signed in as %s on %s.\n", b.Account.Name, b.Account.Service) })
}

// room finds a room by id, or by its name if that is unique.
func room(d desk, want string) (RoomRow, error) {
	l, err := ask[RoomList](d, "Rooms.List", nil)
	if err != nil {
		return RoomRow{}, err
	}
	var found []RoomRow
	for _, x := range l.Rooms {
		if x.ID == want {
			return x, nil
		}
		if strings.EqualFold(x.Name, want) {
			found = append(found, x)
		}
	}
	switch len(found) {
	case 0:
		return RoomRow{}, Fail("no_access", "There is no such room here. See trestle rooms.")
	case 1:
		return found[0], nil
	}
	return RoomRow{}, Fail(CodeBadInput, "Several rooms have this name. Give the id; see trestle rooms.")
}

// historyLimit is how long older messages may take to come from the service.
const historyLimit = 10 * time.Second

type messagesCmd struct {
	Room  string `required:"" help:"Room id, or its name."`
	Limit int    `default:"50" help:"How many of the newest."`
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
		return r.print(list, func(w io.Writer) {
			for _, m := range list {
				state := ""
				if m.State != "sent" {
					state = " [" + m.State + "]"
				}
				fmt.Fprintf(w, "%s %s%s: %s\n", time.UnixMilli(m.At).Format("2006-01-02 15:04"), plain(m.Name), state, plain(m.Text))
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
		for _, path := range c.File {
			if _, err := os.Stat(path); err != nil {
				return Fail(codeGone, fmt.Sprintf("The file %s cannot be read: %v. Nothing was sent.", path, reason(err)))
			}
		}
		if len(c.File) > 0 {
			staged, err := ask[Staged](d, "Verbs.Take", TakeIn{Room: x.ID, Paths: c.File})
			if err != nil {
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
			switch {
			case m.State == "sent":
				fmt.Fprintln(w, "Sent.")
			case sync.State == "signedOut":
				fmt.Fprintln(w, "Written down. It goes out when you have signed in again: trestle sign-in.")
			default:
				fmt.Fprintln(w, "Written down. It goes out when the service can be reached.")
			}
		})
	})
}
