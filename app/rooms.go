package app

import (
	"context"
	"log/slog"
	"sort"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Rooms is the message screen.
type Rooms struct{ c *Core }

// List is the sidebar: the rooms with their newest line, unread first among those of equal standing is the page's choice.
func (r *Rooms) List() (out RoomList, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	return s.roomList()
}

func (s *Session) roomList() (RoomList, error) {
	ctx := context.Background()
	out := RoomList{Rooms: []RoomRow{}}
	rows, err := s.replica.Rooms(ctx)
	if err != nil {
		return out, err
	}
	unread, err := s.replica.UnreadAll(ctx)
	if err != nil {
		return out, err
	}
	drafts, err := s.replica.Drafts(ctx)
	if err != nil {
		return out, err
	}
	draft := map[workroom.RoomID]string{}
	for _, d := range drafts {
		draft[d.Room] = draftLine(d)
	}
	failed := map[string]bool{}
	refused, err := s.replica.NotSent(ctx)
	if err != nil {
		return out, err
	}
	for _, i := range refused {
		failed[i.Lane] = true
	}
	prefs, err := s.replica.All(ctx, workroom.AccountScope(s.me()), workroom.KindPref)
	if err != nil {
		return out, err
	}
	favourite := map[string]bool{}
	for _, p := range prefs {
		if v, ok := p.Thing.(*workroom.Pref); ok {
			favourite[p.ID] = v.Favourite
		}
	}
	for _, x := range rows {
		room, ok := x.Thing.(*workroom.Room)
		if !ok {
			continue
		}
		id := workroom.RoomID(x.ID)
		row := RoomRow{
			ID: x.ID, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), At: room.Made / 1000, Unread: unread[id],
			Favourite: favourite[x.ID], Draft: draft[id], Failed: failed[string(workroom.RoomScope(id))],
		}
		people, err := s.people(id)
		if err != nil {
			return out, err
		}
		row.Other = others(people)
		newest, err := s.replica.Newest(ctx, id)
		if err != nil {
			return out, err
		}
		if newest != nil {
			if m, ok := newest.Thing.(*workroom.Message); ok {
				row.At, row.Mine = m.At/1000, m.Author == s.me()
				row.Preview = previewOf(m)
				if !row.Mine {
					row.By = nameIn(people, string(m.Author))
				}
			}
		}
		out.Rooms = append(out.Rooms, row)
		out.Unread += row.Unread
	}
	sort.SliceStable(out.Rooms, func(i, j int) bool { return out.Rooms[i].At > out.Rooms[j].At })
	return out, nil
}

func draftLine(d replica.Draft) string {
	if line := strings.TrimSpace(d.Text); line != "" {
		return cut(oneLine(line), 120)
	}
	if len(d.Files) > 0 {
		return d.Files[0].Name
	}
	return ""
}

// previewOf is a message as one line of plain text.
func previewOf(m *workroom.Message) string {
	line := oneLine(markup.Plain(m.Text, markup.Options{}))
	if line == "" && len(m.Files) > 0 {
		line = m.Files[0].Name
		if len(m.Files) > 1 {
			line += " and more"
		}
	}
	return cut(line, 160)
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// people lists a room's members, oneself last.
func (s *Session) people(room workroom.RoomID) ([]Person, error) {
	rows, err := s.replica.All(context.Background(), workroom.RoomScope(room), workroom.KindMember)
	if err != nil {
		return nil, err
	}
	out := []Person{}
	for _, r := range rows {
		if m, ok := r.Thing.(*workroom.Member); ok {
			out = append(out, Person{ID: r.ID, Name: m.Name, Role: string(m.Role), Me: r.ID == s.st.Account})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return !out[i].Me && out[j].Me })
	return out, nil
}

func others(people []Person) string {
	var names []string
	for _, p := range people {
		if !p.Me {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, ", ")
}

// mentionsOf names the people of a room to the markup.
func mentionsOf(people []Person) markup.Options {
	return markup.Options{Name: func(account string) (string, bool) {
		for _, p := range people {
			if p.ID == account {
				return p.Name, true
			}
		}
		return "", false
	}}
}

func nameIn(people []Person, id string) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return "Somebody"
}

// Open is a room with its newest messages.
func (r *Rooms) Open(in RoomIn) (out RoomView, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	id, room, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	out = RoomView{ID: in.Room, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), Archived: room.Archived}
	if out.People, err = s.people(id); err != nil {
		return out, err
	}
	if c, _, err := s.contract(string(room.Contract)); err == nil {
		out.Status = string(c.Status)
	}
	ctx := context.Background()
	if p, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindPref, ID: in.Room}); err != nil {
		return out, err
	} else if v, ok := p.Thing.(*workroom.Pref); ok && known == workroom.Held {
		out.Favourite = v.Favourite
	}
	if out.Draft, err = s.draft(id); err != nil {
		return out, err
	}
	if out.Unread, err = s.replica.Unread(ctx, id); err != nil {
		return out, err
	}
	if out.Window, err = s.window(id, "", 100); err != nil {
		return out, err
	}
	left := out.Unread
	for i := len(out.Window.Messages) - 1; i >= 0 && left > 0; i-- {
		if m := out.Window.Messages[i]; !m.Mine && m.Num > 0 {
			out.FirstNew, left = m.ID, left-1
		}
	}
	return out, nil
}

// room reads a room that is here.
func (s *Session) room(id string) (workroom.RoomID, *workroom.Room, error) {
	if !workroom.ValidID(id) {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	room := workroom.RoomID(id)
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindRoom, ID: id})
	if err != nil {
		return "", nil, err
	}
	t, ok := r.Thing.(*workroom.Room)
	if known != workroom.Held || !ok {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	return room, t, nil
}

// Newest is the newest window of a room.
func (r *Rooms) Newest(in RoomIn) (out Window, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	id, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	return s.window(id, "", 100)
}

// Older is the window before a message. Where older messages are at the service only, they are asked for and Loading is set; the room
// changes when they are here.
func (r *Rooms) Older(in OlderIn) (out Window, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	id, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	return s.window(id, in.Before, 100)
}

// window reads messages before one (or the newest), oldest first, with those refused for good in their places.
func (s *Session) window(room workroom.RoomID, before string, limit int) (Window, error) {
	ctx := context.Background()
	out := Window{Room: string(room), Messages: []MessageRow{}, AtEnd: before == ""}
	scope := workroom.RoomScope(room)
	born := int64(0)
	if before != "" {
		r, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: scope, Kind: workroom.KindMessage, ID: before})
		if err != nil {
			return out, err
		}
		if known != workroom.Held {
			return out, workroom.Refuse(workroom.Gone)
		}
		born = r.Born
	}
	w, err := s.replica.Window(ctx, scope, workroom.KindMessage, born, limit)
	if err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	progress, err := s.uploads()
	if err != nil {
		return out, err
	}
	out.More = w.More || w.Older
	if w.Older && !w.More && (before != "" || len(w.Rows) < limit) {
		out.Loading = true
		s.goes(func() {
			if _, err := s.courier.Older(s.ctx, scope); err != nil && s.ctx.Err() == nil {
				slog.Info("older messages", "error", traceOf(err))
			}
		})
	}
	for _, x := range w.Rows {
		if m, ok := x.Thing.(*workroom.Message); ok {
			out.Messages = append(out.Messages, s.messageRow(room, x, m, people, progress))
		}
	}
	if before == "" {
		if err := s.addRefused(&out, scope, people); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (s *Session) messageRow(room workroom.RoomID, x replica.Row, m *workroom.Message, people []Person, progress map[string]replica.Item) MessageRow {
	row := s.plainRow(x.ID, m, people)
	row.Num, row.State = x.Num, "sent"
	if x.Waits() {
		row.Num, row.State = 0, "waiting"
		if x.State == outbox.Sending {
			row.State = "sending"
		}
	}
	for i := range row.Files {
		f := &row.Files[i]
		f.Room, f.By, f.At = string(room), row.Name, row.At
		if it, ok := progress[f.ID]; ok {
			f.State = "uploading"
			if it.Progress != nil {
				f.Sent = it.Progress.Done
			}
			if it.Verdict != "" {
				f.State = "failed"
			}
		}
	}
	return row
}

func (s *Session) plainRow(id string, m *workroom.Message, people []Person) MessageRow {
	row := MessageRow{
		ID: id, Author: string(m.Author), Name: nameIn(people, string(m.Author)), Mine: m.Author == s.me(), Text: m.Text, At: m.At / 1000,
		HTML: markup.HTML(m.Text, mentionsOf(people)), Files: []FileRow{},
	}
	for _, p := range people {
		if p.ID == row.Author {
			row.Role = p.Role
		}
	}
	for _, f := range m.Files {
		row.Files = append(row.Files, fileRow(f))
	}
	return row
}

// addRefused puts messages that the service refused where they would stand, red in place until the person decides.
func (s *Session) addRefused(w *Window, scope workroom.Scope, people []Person) error {
	list, err := s.replica.NotSent(context.Background())
	if err != nil {
		return err
	}
	for _, i := range list {
		c, ok := i.Command.(workroom.SendMessage)
		if !ok || i.Lane != string(scope) {
			continue
		}
		row := s.plainRow(i.ID, &workroom.Message{Author: s.me(), Text: c.Text, At: i.At, Files: c.Files}, people)
		row.State, row.Code, row.Reason = "failed", string(i.Code), i.Text
		at := len(w.Messages)
		for at > 0 && w.Messages[at-1].Num == 0 && w.Messages[at-1].At > row.At {
			at--
		}
		w.Messages = append(w.Messages[:at], append([]MessageRow{row}, w.Messages[at:]...)...)
	}
	return nil
}

// uploads are the files under way, by id.
func (s *Session) uploads() (map[string]replica.Item, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return nil, err
	}
	out := map[string]replica.Item{}
	for _, i := range list {
		if i.Upload != nil {
			out[string(i.Upload.ID)] = i
		}
	}
	return out, nil
}

// Send writes a message down and clears the room's draft in the same transaction. Sending the same id again changes nothing.
func (r *Rooms) Send(in SendIn) (out MessageRow, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	return s.send(in)
}

func (s *Session) send(in SendIn) (MessageRow, error) {
	room, _, err := s.room(in.Room)
	if err != nil {
		return MessageRow{}, err
	}
	if in.ID == "" {
		in.ID = newID()
	}
	scope := workroom.RoomScope(room)
	if row, known, err := s.sentRow(room, in.ID); err != nil || known {
		return row, err
	}
	cmd := workroom.SendMessage{Room: room, Text: in.Text}
	o := enqueueOpts{ID: in.ID, ClearDraft: room}
	for _, id := range in.Files {
		u, ref, err := s.staged(id, scope)
		if err != nil {
			return MessageRow{}, err
		}
		cmd.Files = append(cmd.Files, ref)
		o.Uploads = append(o.Uploads, u)
	}
	if _, err := s.enqueue(cmd, o); err != nil {
		return MessageRow{}, err
	}
	row, _, err := s.sentRow(room, in.ID)
	return row, err
}

// sentRow finds a message by id, however far it got.
func (s *Session) sentRow(room workroom.RoomID, id string) (MessageRow, bool, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if err != nil || known != workroom.Held {
		return MessageRow{}, false, err
	}
	m, ok := x.Thing.(*workroom.Message)
	if !ok {
		return MessageRow{}, false, nil
	}
	people, err := s.people(room)
	if err != nil {
		return MessageRow{}, false, err
	}
	progress, err := s.uploads()
	if err != nil {
		return MessageRow{}, false, err
	}
	return s.messageRow(room, x, m, people, progress), true, nil
}

// SaveDraft keeps what is being written.
func (r *Rooms) SaveDraft(in DraftIn) (out Draft, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	d := replica.Draft{Room: room, Text: in.Text, Cursor: int(in.Cursor)}
	for _, id := range in.Files {
		_, ref, err := s.staged(id, workroom.RoomScope(room))
		if err != nil {
			continue // taken away meanwhile
		}
		d.Files = append(d.Files, ref)
	}
	if err := s.replica.SaveDraft(context.Background(), d); err != nil {
		return out, err
	}
	return s.draft(room)
}

func (s *Session) draft(room workroom.RoomID) (Draft, error) {
	d, err := s.replica.Draft(context.Background(), room)
	out := Draft{Text: d.Text, Cursor: int64(d.Cursor), Files: []FileRow{}}
	for _, f := range d.Files {
		out.Files = append(out.Files, fileRow(f))
	}
	return out, err
}

// Read moves the read marker of a room up to a message number, never back.
func (r *Rooms) Read(in ReadIn) (err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	ctx := context.Background()
	cmd := workroom.SetMarker{Room: room, Who: s.me(), N: in.Num, Head: in.Num}
	x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindMarker, ID: in.Room})
	if err != nil {
		return err
	}
	if m, ok := x.Thing.(*workroom.Marker); ok && known == workroom.Held {
		if in.Num <= m.N {
			return nil
		}
		cmd.E = m.E
	}
	_, err = s.enqueue(cmd, enqueueOpts{})
	return err
}

// Favourite keeps a room among the favourites, or not.
func (r *Rooms) Favourite(in FavouriteIn) (err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.SetPref{Room: room, Who: s.me(), Favourite: in.Favourite}, enqueueOpts{})
	return err
}

// Files is the Files & links panel: what is here of the room, newest first.
func (r *Rooms) Files(in RoomIn) (out FilesView, err error) {
	defer guard(&err)
	out = FilesView{Files: []FileRow{}, Links: []LinkRow{}}
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	if out.Files, err = s.roomFiles(room, replica.MaxWindow); err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindMessage, 0, replica.MaxWindow)
	if err != nil {
		return out, err
	}
	for i := len(w.Rows) - 1; i >= 0; i-- {
		m, ok := w.Rows[i].Thing.(*workroom.Message)
		if !ok {
			continue
		}
		for _, u := range markup.Links(m.Text, markup.Options{}) {
			link, err := ParseLink(u, u)
			if err != nil {
				continue
			}
			out.Links = append(out.Links, LinkRow{URL: u, Host: link.Host, By: nameIn(people, string(m.Author)), At: m.At / 1000})
		}
	}
	return out, nil
}

// roomFiles lists the newest files of a room.
func (s *Session) roomFiles(room workroom.RoomID, limit int) ([]FileRow, error) {
	out := []FileRow{}
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindFile, 0, limit)
	if err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	for i := len(w.Rows) - 1; i >= 0; i-- {
		f, ok := w.Rows[i].Thing.(*workroom.File)
		if !ok {
			continue
		}
		row := fileRow(f.FileRef)
		row.By, row.At, row.Room = nameIn(people, string(f.Author)), f.At/1000, string(room)
		out = append(out, row)
	}
	return out, nil
}
