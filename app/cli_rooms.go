package app

import (
	"errors"
	"fmt"
	"io"
	"strings"

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
