package app

import (
	"fmt"
	"io"
)

type roomsNewCmd struct {
	Name  string   `arg:"" help:"Name of the room."`
	With  []string `help:"People to add, by name or id." placeholder:"PERSON"`
	Whole bool     `help:"They see the whole history."`
}

func (c roomsNewCmd) Run(r *run) error {
	id := newID()
	return r.desk(func(d desk) error {
		with, err := everyone(d, c.With)
		if err != nil {
			return err
		}
		out, err := given[RoomIn](d, "Rooms.New", NewRoomIn{Room: id, Name: c.Name, People: with, Whole: c.Whole})
		if err != nil {
			return err
		}
		return r.print(out, func(w io.Writer) { fmt.Fprintf(w, "Made %s (%s).\n", plain(c.Name), out.Room) })
	})
}

type roomsRenameCmd struct {
	Room string `required:"" help:"Room id, or its name." placeholder:"ROOM"`
	Name string `arg:"" help:"The new name."`
}

func (c roomsRenameCmd) Run(r *run) error {
	return r.aboutRoom(c.Room, func(d desk, x RoomRow) error {
		return r.act(d, "Rooms.Rename", RenameIn{Room: x.ID, Name: c.Name}, "Renamed.")
	})
}

type roomsArchiveCmd struct {
	Room string `arg:"" help:"Room id, or its name."`
	Undo bool   `help:"Open it for writing again."`
}

func (c roomsArchiveCmd) Run(r *run) error {
	done := "Archived. It can be read, and opened again."
	if c.Undo {
		done = "Open for writing again."
	}
	return r.aboutRoom(c.Room, func(d desk, x RoomRow) error {
		return r.act(d, "Rooms.Archive", ArchiveIn{Room: x.ID, Archived: !c.Undo}, done)
	})
}

type roomsLeaveCmd struct {
	Room string `arg:"" help:"Room id, or its name."`
}

func (c roomsLeaveCmd) Run(r *run) error {
	return r.aboutRoom(c.Room, func(d desk, x RoomRow) error {
		return r.act(d, "Rooms.Leave", RoomIn{x.ID}, "You have left the room.")
	})
}

type roomsSetCmd struct {
	Room      string `arg:"" help:"Room id, or its name."`
	Hide      bool   `xor:"hide" help:"Keep it out of the lists until somebody writes in it."`
	Unhide    bool   `xor:"hide" help:"Show it again."`
	Favourite *bool  `negatable:"" help:"Keep it among the favourites, or not."`
	Notify    string `enum:",all,mentions,none" default:"" help:"Of what to be told: all, mentions or none." placeholder:"WHAT"`
}

func (c roomsSetCmd) Run(r *run) error {
	in := PrefIn{Favourite: c.Favourite}
	if c.Hide || c.Unhide {
		in.Hidden = &c.Hide
	}
	if c.Notify != "" {
		in.Level = &c.Notify
	}
	return r.aboutRoom(c.Room, func(d desk, x RoomRow) error {
		in.Room = x.ID
		return r.act(d, "Rooms.Set", in, "Done.")
	})
}

func (r *run) aboutRoom(want string, do func(desk, RoomRow) error) error {
	return r.desk(func(d desk) error {
		x, err := room(d, want)
		if err != nil {
			return err
		}
		return do(d, x)
	})
}
