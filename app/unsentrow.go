package app

import (
	"strings"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// unsentTitles names each kind of thing that can wait or be refused, as the drawer and the export say it; frontend/src/text/outbox.ts says
// the same.
var unsentTitles = map[string]string{
	"message":     "Message",
	"edit":        "Edited message",
	"deletion":    "Deleting a message",
	"erasure":     "Deleting a file",
	"reaction":    "Reaction",
	"unreaction":  "Taking a reaction back",
	"time":        "Tracked time",
	"screenshot":  "Screenshot",
	"recode":      "Activity of recorded time",
	"rememo":      "Memo of recorded time",
	"swap":        "Whose time it is",
	"cut":         "Deleting recorded time",
	"manual":      "Time written in by hand",
	"activity":    "Activity code",
	"contract":    "New contract",
	"ask":         "Asking about an offer",
	"accept":      "Accepting an offer",
	"decline":     "Declining an offer",
	"withdraw":    "Withdrawing an offer",
	"terms":       "Terms of a contract",
	"pause":       "Pausing a contract",
	"resume":      "Resuming a contract",
	"end":         "Ending a contract",
	"lower":       "Lower rate of a contract",
	"approve":     "Approving late time",
	"dispute":     "Dispute of a week",
	"bookmark":    "Bookmark",
	"favourite":   "Favourite",
	"unfavourite": "No longer a favourite",
	"hide":        "Hiding a room",
	"unhide":      "Showing a room again",
	"level":       "Notifications of a room",
	"notices":     "What you are told of",
	"away":        "Out-of-Office",
	"notepad":     "Notepad",
	"privacy":     "What others are told of you",
	"direct":      "First message to somebody",
	"block":       "Blocking somebody",
	"unblock":     "Unblocking somebody",
	"report":      "Report",
	"room":        "New room",
	"rename":      "Name of a room",
	"archive":     "Archiving a room",
	"unarchive":   "Opening an archived room",
	"add":         "Adding somebody",
	"remove":      "Removing somebody",
	"leave":       "Leaving a room",
	"admin":       "Making somebody an admin",
	"member":      "Making an admin a member",
	"handover":    "Handing a room over",
	"file":        "File",
	"unknown":     "Something of another version",
}

// unsentRow says in a person's words what one thing is, and what can be done about it.
func (s *Session) unsentRow(i replica.Item, uploads map[string]replica.Item) UnsentRow {
	row := UnsentRow{ID: i.ID, What: "unknown", State: string(i.State), Place: string(placeOf(i)), Code: string(i.Code), At: i.At / 1000, Files: []FileRow{}}
	row.Discard = i.Verdict != outbox.None || i.Attempts == 0 || i.Upload != nil
	if i.Verdict != outbox.None {
		row.Reason = s.reasonOf(i)
		row.Retry = s.helps(i, uploads)
	} else if i.State == outbox.Later {
		row.Reason = i.Text
	}
	if i.Present != nil {
		row.Now = presentText(i.Present)
	}
	switch c := i.Command.(type) {
	case workroom.SendMessage:
		row.says("message", c.Text)
		row.Text = markup.Plain(c.Text, markup.Options{})
		archived := s.inRoom(&row, c.Room)
		row.Edit = row.Discard && row.Room != "" && !archived // a closed room has no box to put it back into
		s.addFiles(&row, c.Files, i, uploads)
	case workroom.EditMessage:
		row.says("edit", c.Text)
		row.Text = markup.Plain(c.Text, markup.Options{})
		s.aboutMessage(&row, c.Room, c.Message)
	case workroom.DeleteMessage:
		row.What = "deletion"
		s.aboutMessage(&row, c.Room, c.Message)
	case workroom.DeleteFile:
		row.What = "erasure"
		s.inRoom(&row, c.Room)
		if f, err := s.fileThing(string(c.File), c.Room); err == nil {
			row.About = f.Name
		}
	case workroom.React:
		row.What, row.Text = "reaction", c.Emoji
		if !c.On {
			row.What = "unreaction"
		}
		s.aboutMessage(&row, c.Room, c.Message)
	case workroom.SetBookmark:
		row.What = "bookmark"
		s.aboutMessage(&row, c.Room, c.Message)
	case workroom.SetNotices:
		row.What = "notices"
	case workroom.SetNote:
		row.says("notepad", c.Text)
		s.inRoom(&row, c.Room)
	case workroom.SetProfile:
		row.What = "privacy"
		if c.Zone == nil && c.Presence == nil && c.Receipts == nil {
			row.What = "writing"
		}
	case workroom.SetAway:
		row.What = "away"
		if c.Text != nil {
			row.Text = *c.Text
		}
	case workroom.SetBlock:
		row.says("unblock", c.Name)
		if c.On {
			row.What = "block"
		}
	case workroom.MakeReport:
		row.says("report", strings.TrimSpace(c.Name+"\n"+c.Note))
		s.inRoom(&row, c.Room)
	case nil:
		if i.Upload == nil {
			row.Bytes, row.Retry = true, false
			break
		}
		row.says("file", i.Upload.Name)
		if i.Upload.Scope.Kind() == "r" {
			s.inRoom(&row, workroom.RoomID(i.Upload.Scope.Owner()))
		}
	default:
		if !s.unsentOfRoom(&row, i.Command) && !s.unsentOfTime(&row, i.Command) {
			s.unsentOfContract(&row, i)
		}
	}
	return row
}

// says gives a row what it says in plain text.
func (r *UnsentRow) says(what, text string) { r.What, r.Text, r.Source = what, text, text }

// presentText says what stands now where something changed meanwhile.
func presentText(r *replica.Row) string {
	if r.Gone {
		return "It is no longer there."
	}
	switch t := r.Thing.(type) {
	case *workroom.Contract:
		switch t.Status {
		case workroom.Active:
			return t.Title + " is active."
		case workroom.Paused:
			return t.Title + " is paused."
		case workroom.Ended:
			return t.Title + " has ended."
		case workroom.Refused:
			if t.Over == workroom.OfferWithdrawn || t.Over == workroom.OfferLapsed {
				return t.Title + " has " + map[workroom.OfferEnd]string{workroom.OfferWithdrawn: "been withdrawn", workroom.OfferLapsed: "lapsed"}[t.Over] + "."
			}
			return t.Title + " was declined."
		}
		return t.Title + " is offered, with other terms than you saw."
	case *workroom.Activity:
		if t.Archived != 0 {
			return t.Code + ", archived."
		}
		return t.Code
	}
	return ""
}

// addFiles puts a message's files into its row. Where a file is what holds the message up, its reason is the message's.
func (s *Session) addFiles(row *UnsentRow, files []workroom.FileRef, i replica.Item, uploads map[string]replica.Item) {
	var why []string
	for _, ref := range files {
		f := fileRow(ref)
		if u, ok := uploads[string(ref.ID)]; ok {
			s.uploadState(&f, u)
			if f.State == "failed" {
				why = append(why, ref.Name+": "+f.Reason)
			}
		}
		row.Files = append(row.Files, f)
	}
	if len(why) > 0 && i.Code == workroom.DepFailed {
		row.Reason = strings.Join(why, " ")
	}
}

// uploadState says on a file how far it is on its way to the service.
func (s *Session) uploadState(f *FileRow, u replica.Item) {
	f.State = "uploading"
	if u.Progress != nil {
		f.Sent = u.Progress.Done
	}
	if u.Verdict != outbox.None {
		f.State, f.Reason = "failed", s.reasonOf(u)
	}
}
