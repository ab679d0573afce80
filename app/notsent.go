package app

import (
	"context"

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
