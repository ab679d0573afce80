package app

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// roomsCmd is the list of rooms, and what one does with rooms and the people in them.
type roomsCmd struct {
	List    roomsListCmd    `cmd:"" default:"1" help:"List the rooms."`
	New     roomsNewCmd     `cmd:"" help:"Make a group room."`
	People  roomsPeopleCmd  `cmd:"" help:"List the people of a room, or everybody you know."`
	Add     roomsAddCmd     `cmd:"" help:"Add people to a room."`
	Remove  roomsRemoveCmd  `cmd:"" help:"Remove somebody from a room."`
	Role    roomsRoleCmd    `cmd:"" help:"Make a member an admin, or an admin a member; or hand the room over."`
	Rename  roomsRenameCmd  `cmd:"" help:"Give a room another name."`
	Archive roomsArchiveCmd `cmd:"" help:"Close a group room for writing, or open it again."`
	Leave   roomsLeaveCmd   `cmd:"" help:"Leave a room."`
	Set     roomsSetCmd     `cmd:"" help:"Hide a room, keep it as favourite, choose of what to be told."`
}

type roomsListCmd struct{}

func (roomsListCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		l, err := ask[RoomList](d, "Rooms.List", nil)
		if err != nil {
			return err
		}
		return r.print(l.Rooms, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, x := range l.Rooms {
				note := ""
				switch {
				case x.Hidden:
					note = "\thidden"
				case x.Archived:
					note = "\tarchived"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%d unread%s\n", x.ID, plain(x.Name), plain(x.Other), x.Unread, note)
			}
			t.Flush()
			if len(l.Rooms) == 0 {
				fmt.Fprintln(w, "No rooms yet. A room opens with a contract: trestle contract create, or contract accept LINK.")
			}
		})
	})
}

// someone finds a person of the address book by id, or by name if only one has it.
func someone(d desk, want string) (KnownRow, error) {
	l, err := ask[PeopleView](d, "Rooms.People", PeopleIn{Limit: 10_000})
	if err != nil {
		return KnownRow{}, err
	}
	var found []KnownRow
	for _, x := range l.People {
		if x.ID == want {
			return x, nil
		}
		if strings.EqualFold(x.Name, want) {
			found = append(found, x)
		}
	}
	switch len(found) {
	case 0:
		return KnownRow{}, Fail("not_known", "You share no room with anybody of this name. See trestle rooms people.")
	case 1:
		return found[0], nil
	}
	return KnownRow{}, Fail(CodeBadInput, "Several people have this name. Give the id; see trestle rooms people.")
}

func everyone(d desk, want []string) ([]string, error) {
	out := []string{}
	for _, w := range want {
		k, err := someone(d, w)
		if err != nil {
			return nil, err
		}
		out = append(out, k.ID)
	}
	return out, nil
}

// memberOf finds somebody in a room by id or name.
func memberOf(d desk, room RoomRow, want string) (MemberRow, error) {
	v, err := ask[MembersView](d, "Rooms.Members", RoomIn{room.ID})
	if err != nil {
		return MemberRow{}, err
	}
	var found []MemberRow
	for _, m := range v.Members {
		if m.ID == want {
			return m, nil
		}
		if strings.EqualFold(m.Name, want) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return MemberRow{}, Fail("gone", "Nobody of this name is in the room. See trestle rooms people --room.")
	case 1:
		return found[0], nil
	}
	return MemberRow{}, Fail(CodeBadInput, "Several people in the room have this name. Give the id.")
}

type roomsPeopleCmd struct {
	Room  string `help:"Room id, or its name; without it everybody you know." placeholder:"ROOM"`
	Query string `arg:"" optional:"" help:"How a name begins."`
}

func (c roomsPeopleCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		if c.Room == "" {
			v, err := ask[PeopleView](d, "Rooms.People", PeopleIn{Query: c.Query, Limit: 10_000})
			if err != nil {
				return err
			}
			return r.print(v.People, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
				for _, k := range v.People {
					var from []string
					for _, p := range append(append([]PlaceRow{}, k.Contracts...), k.Rooms...) {
						from = append(from, plain(p.Name))
					}
					fmt.Fprintf(t, "%s\t%s\t%s\n", k.ID, plain(k.Name), strings.Join(from, ", "))
				}
				t.Flush()
			})
		}
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		v, err := ask[MembersView](d, "Rooms.Members", RoomIn{x.ID})
		if err != nil {
			return err
		}
		return r.print(v.Members, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, m := range v.Members {
				fmt.Fprintf(t, "%s\t%s\t%s\n", m.ID, plain(m.Name), m.Role)
			}
			t.Flush()
		})
	})
}

type roomsAddCmd struct {
	Room  string   `required:"" help:"Room id, or its name." placeholder:"ROOM"`
	Who   []string `arg:"" help:"People, by name or id."`
	Whole bool     `help:"They see the whole history, else what is written from now on."`
	Name  string   `help:"Name of the new room, where people are added to a direct one."`
}

func (c roomsAddCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		who, err := everyone(d, c.Who)
		if err != nil {
			return err
		}
		out, err := given[RoomIn](d, "Rooms.Add", AddIn{Room: x.ID, People: who, Whole: c.Whole, Name: c.Name})
		if err != nil {
			return err
		}
		return r.print(out, func(w io.Writer) {
			if out.Room != x.ID {
				fmt.Fprintf(w, "Made a new room (%s).\n", out.Room)
				return
			}
			fmt.Fprintln(w, "Added.")
		})
	})
}

type roomsRemoveCmd struct {
	Room string `required:"" help:"Room id, or its name." placeholder:"ROOM"`
	Who  string `arg:"" help:"Name or id."`
}

func (c roomsRemoveCmd) Run(r *run) error {
	return r.aboutMember(c.Room, c.Who, "Removed.", func(x RoomRow, m MemberRow) (string, any) {
		return "Rooms.Remove", MemberIn{Room: x.ID, Account: m.ID}
	})
}

type roomsRoleCmd struct {
	Room string `required:"" help:"Room id, or its name." placeholder:"ROOM"`
	Who  string `arg:"" help:"Name or id."`
	Role string `arg:"" enum:"admin,member,owner" help:"admin, member, or owner to hand the room over."`
}

func (c roomsRoleCmd) Run(r *run) error {
	return r.aboutMember(c.Room, c.Who, "Done.", func(x RoomRow, m MemberRow) (string, any) {
		if c.Role == "owner" {
			return "Rooms.HandOver", MemberIn{Room: x.ID, Account: m.ID}
		}
		return "Rooms.SetRole", RoleIn{Room: x.ID, Account: m.ID, Role: c.Role}
	})
}

// aboutMember gives one act about somebody in a room.
func (r *run) aboutMember(want, who, done string, act func(RoomRow, MemberRow) (string, any)) error {
	return r.desk(func(d desk) error {
		x, err := room(d, want)
		if err != nil {
			return err
		}
		m, err := memberOf(d, x, who)
		if err != nil {
			return err
		}
		method, in := act(x, m)
		return r.act(d, method, in, done)
	})
}

// given gives an act and waits a moment for the service to hear of it, so that a refusal is said here and not found later.
func given[T any](d desk, method string, in any) (T, error) {
	before, err := refusedNow(d)
	if err != nil {
		var none T
		return none, err
	}
	out, err := ask[T](d, method, in)
	if err != nil {
		return out, err
	}
	d.settle(3 * time.Second)
	after, err := refusedNow(d)
	if err != nil {
		return out, err
	}
	for id, x := range after {
		if _, old := before[id]; !old {
			return out, Fail(x.Code, "Not done, and kept under Not sent: "+x.Reason)
		}
	}
	return out, nil
}

// refusedNow is what stands under Not sent, by id.
func refusedNow(d desk) (map[string]UnsentRow, error) {
	v, err := ask[NotSentView](d, "Outbox.NotSent", nil)
	out := map[string]UnsentRow{}
	for _, g := range append(v.Groups, UnsentGroup{Rows: v.Rows}) {
		for _, x := range g.Rows {
			if x.Reason == "" {
				x.Reason = g.Reason
			}
			out[x.ID] = x
		}
	}
	return out, err
}

// act calls a method that answers nothing and says one word when it is done.
func (r *run) act(d desk, method string, in any, done string) error {
	if _, err := given[any](d, method, in); err != nil {
		return err
	}
	return r.print(map[string]bool{"done": true}, func(w io.Writer) { fmt.Fprintln(w, done) })
}
