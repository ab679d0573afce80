package app

import (
	"fmt"
	"io"
	"os"
	"strings"
)

type notesCmd struct {
	Room string  `arg:"" help:"The room: its id, or its name."`
	Set  *string `help:"Put the text of this file there instead; - reads standard input." placeholder:"FILE"`
}

// Run prints the personal notepad of a room, or writes it.
func (c notesCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		out, err := ask[NoteView](d, "Notepad.Open", RoomIn{Room: x.ID})
		if err != nil {
			return err
		}
		if c.Set != nil {
			text, err := c.read(r)
			if err != nil {
				return err
			}
			if out, err = ask[NoteView](d, "Notepad.Save", NoteIn{Room: x.ID, Base: out.Text, Text: text}); err != nil {
				return err
			}
		}
		if out.Other != nil {
			r.note("Two texts stand in this notepad, changed on two devices. Open the room to choose; this is the first of them.")
		}
		return r.print(out, func(w io.Writer) {
			if c.Set == nil && out.Text != "" {
				fmt.Fprintln(w, strings.TrimRight(out.Text, "\n"))
			}
		})
	})
}

// read is the text to be put there.
func (c notesCmd) read(r *run) (string, error) {
	in := r.in
	if *c.Set != "-" {
		f, err := os.Open(*c.Set)
		if err != nil {
			return "", Fail(CodeBadInput, "This file cannot be read: "+reason(err).Error()+".")
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return "", Fail(CodeBadInput, "This file cannot be read: "+reason(err).Error()+".")
	}
	return string(b), nil
}
