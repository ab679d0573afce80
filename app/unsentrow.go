package app

import (
	"context"
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
	"accept":      "Accepting an offer",
	"decline":     "Declining an offer",
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
	"level":       "Notices of a room",
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
	case workroom.SetPref:
		row.What = prefWord(c)
		s.inRoom(&row, c.Room)
	case workroom.ReportSlice:
		row.says("time", c.Slice.Memo)
		row.Where, row.From, row.Until = s.titled(c.Slice.Contract), c.Slice.Start*1000, c.Slice.End*1000
		row.Activity = s.codeOf(c.Slice.Contract, c.Slice.Activity)
	case workroom.AddShot:
		row.What, row.Where, row.From = "screenshot", s.titled(c.Shot.Contract), c.Shot.At*1000
	case workroom.MarkTime:
		s.aboutTime(&row, c)
	case workroom.CutTime:
		row.What, row.Where, row.From, row.Until = "cut", s.titled(c.Contract), c.From*1000, c.To*1000
	case workroom.AddTime:
		row.What, row.Where = "manual", s.titled(c.Contract)
		for _, e := range c.Entries[:min(1, len(c.Entries))] {
			row.says("manual", e.Memo)
			row.From, row.Until = e.From*1000, c.Entries[len(c.Entries)-1].To*1000
			row.Activity = s.codeOf(c.Contract, e.Activity)
		}
	case workroom.ChangeTerms:
		row.What, row.Where = "terms", s.titled(c.Contract)
	case workroom.PauseContract:
		row.What, row.Where = "resume", s.titled(c.Contract)
		if c.On {
			row.What = "pause"
		}
	case workroom.LowerRate:
		row.What, row.Where = "lower", s.titled(c.Contract)
	case workroom.ApproveTime:
		row.What, row.Where = "approve", s.titled(c.Contract)
		for _, in := range c.Of[:min(1, len(c.Of))] {
			row.From, row.Until = in.From*1000, c.Of[len(c.Of)-1].To*1000
		}
	case workroom.DisputeWeek:
		row.says("dispute", c.Text)
		row.Where = s.titled(c.Contract)
	case workroom.EndContract:
		row.says("end", c.Text)
		row.Where = s.titled(c.Contract)
	case workroom.SetActivity:
		row.says("activity", c.Code)
		if c.Contract != "" { // else it is of the list alone
			row.Where = s.titled(c.Contract)
		}
	case workroom.SetBlock:
		row.says("unblock", c.Name)
		if c.On {
			row.What = "block"
		}
	case workroom.MakeReport:
		row.says("report", strings.TrimSpace(c.Name+"\n"+c.Note))
		s.inRoom(&row, c.Room)
	case workroom.CreateDirect:
		row.says("direct", c.OtherName)
	case workroom.CreateRoom:
		row.says("room", c.Name)
	case workroom.RenameRoom:
		row.says("rename", c.Name)
		s.inRoom(&row, c.Room)
	case workroom.ArchiveRoom:
		row.What = "archive"
		if !c.Archived {
			row.What = "unarchive"
		}
		s.inRoom(&row, c.Room)
	case workroom.AddMember:
		row.says("add", c.Name)
		s.inRoom(&row, c.Room)
	case workroom.RemoveMember:
		row.says("remove", s.memberName(c.Room, c.Who))
		s.inRoom(&row, c.Room)
	case workroom.LeaveRoom:
		row.What = "leave"
		s.inRoom(&row, c.Room)
	case workroom.SetRole:
		row.says("member", s.memberName(c.Room, c.Who))
		if c.Role == workroom.Admin {
			row.What = "admin"
		}
		s.inRoom(&row, c.Room)
	case workroom.HandOver:
		row.says("handover", s.memberName(c.Room, c.Who))
		s.inRoom(&row, c.Room)
	case workroom.CreateContract:
		row.says("contract", c.Title)
	case workroom.AcceptContract:
		row.What = "accept"
		s.anOffer(&row, i, c.Contract, c.Secret)
	case workroom.DeclineContract:
		row.What = "decline"
		s.anOffer(&row, i, c.Contract, c.Secret)
	case nil:
		if i.Upload == nil {
			row.Bytes, row.Retry = true, false
			break
		}
		row.says("file", i.Upload.Name)
		if i.Upload.Scope.Kind() == "r" {
			s.inRoom(&row, workroom.RoomID(i.Upload.Scope.Owner()))
		}
	}
	return row
}

// aboutTime names a change of time that was recorded.
func (s *Session) aboutTime(row *UnsentRow, c workroom.MarkTime) {
	switch c.What {
	case workroom.MarkMemo:
		row.says("rememo", c.Value)
	case workroom.MarkCode:
		row.What, row.Activity = "recode", s.codeOf(c.Contract, workroom.ActivityID(c.Value))
	default:
		row.What = "swap"
	}
	row.Where = s.titled(c.Contract)
	if n := len(c.Spans); n > 0 {
		row.From, row.Until = c.Spans[0].From*1000, c.Spans[n-1].To*1000
	}
}

// says gives a row what it says in plain text.
func (r *UnsentRow) says(what, text string) { r.What, r.Text, r.Source = what, text, text }

// inRoom names the room a row belongs to, if it is here, and reports whether it is closed.
func (s *Session) inRoom(row *UnsentRow, id workroom.RoomID) (archived bool) {
	_, r, err := s.room(string(id))
	if err != nil {
		return false
	}
	row.Where, row.Room = r.Name, string(id)
	return r.Archived
}

// aboutMessage names the room of a message and quotes it as it stands.
func (s *Session) aboutMessage(row *UnsentRow, room workroom.RoomID, id string) {
	s.inRoom(row, room)
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if m, ok := r.Thing.(*workroom.Message); ok && err == nil && known == workroom.Held && !r.Gone {
		if between, err := s.between(); err == nil && !between.blocked[m.Author] { // else it is folded here, too (P-24)
			row.About = cut(previewOf(m), 200)
		}
	}
}

// anOffer names the offer that was answered, and gives the way back to one that was not what the person had answered. The answer was to
// those terms alone: it cannot go again as it is, and what stands there now is read by the link, because whoever answers holds nothing of
// the contract yet.
func (s *Session) anOffer(row *UnsentRow, i replica.Item, id workroom.ContractID, secret string) {
	seen := s.offers()[string(id)]
	row.By = seen.Client
	if row.Where = s.titled(id); row.Where == "" {
		row.Where = seen.Title
	}
	if i.Code == workroom.Moved {
		row.Link = s.st.public() + "/invite#" + secret
		row.Reason = "The offer changed meanwhile. Nothing was answered yet; look at it as it stands now."
	}
}

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

// titled names a contract, "" when it is not here.
func (s *Session) titled(id workroom.ContractID) string {
	if c, _, err := s.contract(string(id)); err == nil {
		return c.Title
	}
	return ""
}

// codeOf names an activity of a contract, "" for none.
func (s *Session) codeOf(id workroom.ContractID, activity workroom.ActivityID) string {
	if activity == "" {
		return ""
	}
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.ContractScope(id), Kind: workroom.KindActivity, ID: string(activity)})
	if a, ok := r.Thing.(*workroom.Activity); ok && err == nil && known == workroom.Held {
		return a.Code
	}
	return ""
}

// prefWord is what a change of what one keeps about a room is called: by the first thing it names.
func prefWord(c workroom.SetPref) string {
	switch {
	case c.Hidden != nil && *c.Hidden:
		return "hide"
	case c.Hidden != nil:
		return "unhide"
	case c.Level != nil:
		return "level"
	case c.Favourite != nil && *c.Favourite:
		return "favourite"
	}
	return "unfavourite"
}

// memberName is what somebody in a room is called, "" where the room is not here.
func (s *Session) memberName(room workroom.RoomID, who workroom.AccountID) string {
	people, err := s.people(room)
	if err != nil {
		return ""
	}
	for _, p := range people {
		if p.ID == string(who) {
			return p.Name
		}
	}
	return ""
}
