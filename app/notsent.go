package app

import (
	"context"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// maxWaiting is how many of the things that only wait the drawer lists one by one.
const maxWaiting = 50

// notSent sorts the outbox for the drawer: what one refusal of a whole room or contract took along stands together, a message stands for
// the files it carries, and read markers are nobody's business.
func (s *Session) notSent() (NotSentView, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return emptyNotSent(), err
	}
	return s.sortUnsent(list, maxWaiting), nil
}

func emptyNotSent() NotSentView {
	return NotSentView{Groups: []UnsentGroup{}, Rows: []UnsentRow{}, Waiting: []UnsentRow{}}
}

// sortUnsent sorts the whole outbox, with at most so many of those that wait.
func (s *Session) sortUnsent(list []replica.Item, most int) NotSentView {
	out := emptyNotSent()
	uploads, carried := carriedFiles(list)
	closed := map[string]int{} // by lane and code, how many a closed room or contract took along
	behind := map[string]int64{}
	asked := waitForAnswer(list)
	for _, i := range list {
		if i.Verdict == outbox.Rejected && i.Code.LaneFatal() {
			closed[i.Lane+" "+string(i.Code)]++
		}
		if i.State == outbox.Held {
			behind[i.Lane]++
		}
	}
	at := map[string]int{}
	for _, i := range list {
		key := i.Lane + " " + string(i.Code)
		switch {
		case carried[i.ID] || silent(i.Op):
		case i.Verdict == outbox.None:
			if len(out.Waiting) == most {
				out.More++
				continue
			}
			out.Waiting = append(out.Waiting, s.unsentRow(i, uploads))
		case i.Verdict == outbox.Rejected && closed[key] > 1:
			row := s.unsentRow(i, uploads)
			n, ok := at[key]
			if !ok {
				n = len(out.Groups)
				at[key] = n
				out.Groups = append(out.Groups, UnsentGroup{ID: key, Where: row.Where, Code: row.Code, Reason: row.Reason})
			}
			out.Groups[n].Rows = append(out.Groups[n].Rows, row)
		default:
			row := s.unsentRow(i, uploads)
			row.Behind = asked[i.ID]
			if i.Holds() {
				row.Behind, behind[i.Lane] = behind[i.Lane], 0
			}
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// waitForAnswer counts what waits for each command the person is asked about.
func waitForAnswer(list []replica.Item) map[string]int64 {
	out := map[string]int64{}
	behind := behindAnswers(list)
	for _, i := range list {
		if id := behind[i.ID]; id != "" && i.Upload == nil {
			out[id]++
		}
	}
	return out
}

// behindAnswers says of what waits for an answer of the person for which question: what names it, and what stands behind that in its lane.
func behindAnswers(list []replica.Item) map[string]string {
	out := map[string]string{}
	asked := map[string]bool{}
	for _, i := range list {
		if i.Verdict == outbox.Confirm {
			asked[i.ID] = true
		}
	}
	first := map[string]string{} // by lane, what its rows wait for
	for _, i := range list {
		if i.State != outbox.Waiting {
			continue
		}
		for _, id := range i.After {
			if asked[id] {
				first[i.Lane] = id
			} else if out[id] != "" { // its file
				first[i.Lane] = out[id]
			}
		}
		if id := first[i.Lane]; id != "" {
			out[i.ID] = id
		}
	}
	return out
}

// carriedFiles are the uploads of an outbox by id, and which of them a message stands for. A message can wait for other things too, which
// it does not stand for: the acceptance of an offer, once the service lost it.
func carriedFiles(list []replica.Item) (uploads map[string]replica.Item, carried map[string]bool) {
	uploads, carried = map[string]replica.Item{}, map[string]bool{}
	for _, i := range list {
		if i.Upload != nil {
			uploads[i.ID] = i
		}
	}
	for _, i := range list {
		if _, ok := i.Command.(workroom.SendMessage); ok {
			for _, id := range i.After {
				if _, ok := uploads[id]; ok {
					carried[id] = true
				}
			}
		}
	}
	return uploads, carried
}

// refusals are what was refused of a room.
type refusals struct {
	n      int
	newest *replica.Item // of its messages
}

// refusedIn is what was refused of each room.
func (s *Session) refusedIn() (map[workroom.Scope]refusals, error) {
	list, err := s.replica.NotSent(context.Background())
	if err != nil {
		return nil, err
	}
	out := map[workroom.Scope]refusals{}
	for _, i := range list {
		r := out[workroom.Scope(i.Lane)]
		r.n++
		if _, ok := i.Command.(workroom.SendMessage); ok {
			r.newest = &i
		}
		out[workroom.Scope(i.Lane)] = r
	}
	return out, nil
}

// mark says on a line of the list what was refused of its room: a message that is the newest stands there itself, anything else is a mark
// beside what was sent.
func (r refusals) mark(row *RoomRow) {
	if r.newest != nil && r.newest.At/1000 >= row.At {
		c := r.newest.Command.(workroom.SendMessage)
		row.At, row.Mine, row.By, row.Failed = r.newest.At/1000, true, "", true
		row.Preview = previewOf(&workroom.Message{Text: c.Text, Files: c.Files})
		r.n--
	}
	row.Unsent = r.n > 0
}

// item finds a row of the outbox and those whose ids it waits for.
func (s *Session) item(id string) (replica.Item, []replica.Item, error) {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return replica.Item{}, nil, err
	}
	at := slices.IndexFunc(list, func(i replica.Item) bool { return i.ID == id })
	if at < 0 {
		return replica.Item{}, nil, workroom.Refuse(workroom.Gone)
	}
	var parents []replica.Item
	for _, i := range list {
		if slices.Contains(list[at].After, i.ID) {
			parents = append(parents, i)
		}
	}
	return list[at], parents, nil
}

// retry sends something again. What it waits for and was refused itself goes first, and takes it along.
func (s *Session) retry(id string) error {
	i, parents, err := s.item(id)
	if err != nil {
		return err
	}
	ctx := context.Background()
	for _, p := range parents {
		if p.Verdict == outbox.None {
			continue
		}
		if _, err := s.replica.Retry(ctx, p.ID); err != nil {
			return err
		}
	}
	if now, _, err := s.item(i.ID); err != nil || now.Verdict == outbox.None {
		return nil // it went along, under a new id or its own
	}
	_, err = s.replica.Retry(ctx, i.ID)
	return err
}

// discard takes something away for good, and with a message the files that nothing else carries.
func (s *Session) discard(id string) error {
	i, parents, err := s.item(id)
	if err != nil {
		return err
	}
	if i.Upload != nil {
		return s.courier.StopUpload(context.Background(), i.ID)
	}
	if err := s.replica.Discard(context.Background(), i.ID); err != nil {
		return err
	}
	return s.callOff(parents)
}

// callOff ends the uploads among some rows that nothing in the outbox waits for any more.
func (s *Session) callOff(rows []replica.Item) error {
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return err
	}
	for _, p := range rows {
		named := slices.ContainsFunc(list, func(i replica.Item) bool { return slices.Contains(i.After, p.ID) })
		if p.Upload == nil || named {
			continue
		}
		if err := s.courier.StopUpload(context.Background(), p.ID); err != nil {
			return err
		}
	}
	return nil
}

// edit puts a message back into the box of its room, before what stands there, and takes it out of the outbox. The draft is written first:
// whatever ends the program between the two, the words are in one of them.
func (s *Session) edit(id string) (EditedOut, error) {
	out := EditedOut{}
	i, parents, err := s.item(id)
	if err != nil {
		return out, err
	}
	c, ok := i.Command.(workroom.SendMessage)
	if !ok {
		return out, workroom.Refuse(workroom.BadInput)
	}
	if i.Verdict == outbox.None && i.Attempts > 0 {
		return out, &workroom.Refusal{Code: workroom.Busy, Text: "This may have reached the service already. Wait until it answers."}
	}
	if _, r, err := s.room(string(c.Room)); err != nil {
		return out, err
	} else if r.Archived { // its words would vanish into a box that is not shown
		return out, workroom.Refuse(workroom.RoomArchived)
	}
	ctx := context.Background()
	d, err := s.replica.Draft(ctx, c.Room)
	if err != nil {
		return out, err
	}
	d.Cursor = unitsOf(c.Text)
	if strings.TrimSpace(d.Text) == "" {
		d.Text = c.Text
	} else {
		d.Text = c.Text + "\n" + d.Text
	}
	if d.Beside.Reply == "" {
		d.Beside.Reply = c.Reply
	}
	var back []workroom.FileRef
	for _, ref := range c.Files {
		// Under a new id, so that it can be sent while the old one is still being called off.
		sha, size, here, err := s.replica.LocalFile(ctx, string(ref.ID))
		if err != nil {
			return out, err
		}
		if !here || !s.blobs.Has(sha) {
			continue // its bytes are gone: it must be attached again
		}
		staged, err := s.stagedBlob(sha, size)
		if err != nil {
			return out, err
		}
		u, err := s.stageBlob(newID(), staged, ref.Name, workroom.RoomScope(c.Room))
		if err != nil {
			return out, err
		}
		ref.ID = u.ID
		back = append(back, ref)
	}
	d.Files = append(back, d.Files...)
	d.Files = d.Files[:min(len(d.Files), workroom.MaxFiles)]
	if err := s.replica.SaveDraft(ctx, d); err != nil {
		return out, err
	}
	if err := s.replica.Discard(ctx, i.ID); err != nil {
		return out, err
	}
	if err := s.callOff(parents); err != nil {
		return out, err
	}
	out.Room = string(c.Room)
	out.Draft, err = s.draft(c.Room)
	return out, err
}
