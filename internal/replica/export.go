package replica

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// ReadUnsent reads what is unsent in the copy at path without opening it for use: a file of a newer program (ErrNewer), a damaged one, one
// of another account. It changes nothing. What unsent.json beside it knows and the file does not say is taken from there.
// What was acknowledged comes along in Sent.
func ReadUnsent(path string) (*Unsent, error) {
	note, noteErr := readUnsent(filepath.Join(filepath.Dir(path), unsentName))
	found, err := salvageAside(path)
	if err != nil && note == nil {
		return nil, errors.Join(fmt.Errorf("read what is unsent: %w", err), noteErr)
	}
	u := &found.Unsent
	u.Version = unsentVersion
	here, rooms := map[string]bool{}, map[workroom.RoomID]bool{}
	for _, k := range u.Outbox {
		here[k.ID] = true
	}
	for _, d := range u.Drafts {
		rooms[d.Room] = true
	}
	if info, err := os.Stat(path); err == nil {
		u.At = info.ModTime().UnixMicro()
	}
	if note == nil || err == nil && found.bad == 0 { // the file was read whole: what it does not have was sent or taken away
		return u, nil
	}
	for _, k := range note.Outbox {
		if !here[k.ID] && !found.sent[k.ID] {
			u.Outbox = append(u.Outbox, k)
		}
	}
	for _, d := range note.Drafts {
		if !rooms[d.Room] {
			u.Drafts = append(u.Drafts, d)
		}
	}
	if u.Account == "" {
		u.Service, u.Account, u.Device = note.Service, note.Account, note.Device
	}
	return u, nil
}

// UnsentItem is one thing a person did, in words.
type UnsentItem struct {
	What  string    `json:"what"`            // "Message", "Draft", "Tracked time", …
	Where string    `json:"where,omitempty"` // the room or contract, by name where it is known
	At    time.Time `json:"at"`
	Text  string    `json:"text,omitempty"` // what was written: message, memo, code
	From  time.Time `json:"from,omitzero"`  // of tracked time
	To    time.Time `json:"to,omitzero"`
	Files []string  `json:"files,omitempty"`
	State string    `json:"state"` // "waiting", "not sent: …", "had reached the service"
	ID    string    `json:"id,omitempty"`
}

// Items puts everything into words, commands in the order they were given, then drafts, then what had reached the service. A command this program cannot read is listed with
// its exact arguments as text.
func (u *Unsent) Items() []UnsentItem { return append(u.unsent(), u.reached()...) }

func (u *Unsent) unsent() []UnsentItem {
	var out []UnsentItem
	for i := range u.Outbox {
		out = append(out, u.item(&u.Outbox[i]))
	}
	for _, d := range u.Drafts {
		out = append(out, UnsentItem{What: "Draft", Where: u.name(workroom.RoomScope(d.Room)), At: time.UnixMicro(d.At), Text: d.Text, Files: fileNames(d.Files),
			State: "not sent: it stands in the message box"})
	}
	return out
}

func (u *Unsent) item(k *Kept) UnsentItem {
	x := UnsentItem{What: string(k.Op), At: time.UnixMicro(k.At), State: "waiting", ID: k.ID}
	switch k.Verdict {
	case outbox.Rejected, outbox.Quarantined:
		x.State = "not sent: " + k.Text
	case outbox.Confirm:
		x.State = "lost by the service: " + k.Text
	}
	row := k.row(u.Account)
	if up, err := DecodeUpload(row); err == nil {
		x.What, x.Where, x.Files = "File", u.name(up.Scope), []string{fmt.Sprintf("%s (%d bytes)", up.Name, up.Size)}
		return x
	}
	c, err := workroom.DecodeCommand(k.Op, k.V, k.Args)
	if err != nil {
		x.Text = string(k.Args)
		return x
	}
	if s := c.Scopes(); len(s) > 0 {
		x.Where = u.name(s[0])
	}
	switch c := c.(type) {
	case workroom.SendMessage:
		x.What, x.Text, x.Files = "Message", c.Text, fileNames(c.Files)
	case workroom.EditMessage:
		x.What, x.Text = "Edit of a message", c.Text
	case workroom.DeleteMessage:
		x.What = "Deletion of a message"
	case workroom.DeleteFile:
		x.What = "Deletion of a file"
	case workroom.React:
		x.What, x.Text = "Reaction", c.Emoji
		if !c.On {
			x.What = "Reaction taken away"
		}
	case workroom.ReportSlice:
		x.What, x.Text, x.Where = "Tracked time", c.Slice.Memo, u.name(workroom.ContractScope(c.Slice.Contract))
		x.From, x.To = time.Unix(c.Slice.Start, 0), time.Unix(c.Slice.End, 0)
	case workroom.AddShot:
		x.What, x.Where = "Screenshot", u.name(workroom.ContractScope(c.Shot.Contract))
	case workroom.MarkTime:
		x.What, x.Text, x.Where = "Change of recorded time", c.Value, u.name(workroom.ContractScope(c.Contract))
		if n := len(c.Spans); n > 0 {
			x.From, x.To = time.Unix(c.Spans[0].From, 0), time.Unix(c.Spans[n-1].To, 0)
		}
	case workroom.CutTime:
		x.What, x.Where = "Deletion of recorded time", u.name(workroom.ContractScope(c.Contract))
		x.From, x.To = time.Unix(c.From, 0), time.Unix(c.To, 0)
	case workroom.AddTime:
		x.What, x.Where = "Time written in by hand", u.name(workroom.ContractScope(c.Contract))
		if n := len(c.Entries); n > 0 {
			x.From, x.To = time.Unix(c.Entries[0].From, 0), time.Unix(c.Entries[n-1].To, 0)
		}
		for _, e := range c.Entries {
			x.Text += fmt.Sprintf("%s to %s: %s\n", time.Unix(e.From, 0).UTC().Format(time.RFC3339), time.Unix(e.To, 0).UTC().Format(time.RFC3339), e.Memo)
		}
	case workroom.SetLease:
		x.What = "Where tracking began last"
	case workroom.NoteLooks:
		x.What, x.Where = "Looks at screenshots", u.name(workroom.ContractScope(c.Contract))
	case workroom.ChangeTerms:
		x.What, x.Where = "Terms of a contract", u.name(workroom.ContractScope(c.Contract))
	case workroom.PauseContract:
		x.What, x.Where = "Resumption of a contract", u.name(workroom.ContractScope(c.Contract))
		if c.On {
			x.What = "Pause of a contract"
		}
	case workroom.EndContract:
		x.What, x.Text, x.Where = "End of a contract", c.Text, u.name(workroom.ContractScope(c.Contract))
	case workroom.LowerRate:
		x.What, x.Where = "Lower rate of a contract", u.name(workroom.ContractScope(c.Contract))
	case workroom.ApproveTime:
		x.What, x.Where = "Approval of late time", u.name(workroom.ContractScope(c.Contract))
	case workroom.DisputeWeek:
		x.What, x.Text, x.Where = "Dispute of the week of "+c.Week, c.Text, u.name(workroom.ContractScope(c.Contract))
	case workroom.CloseWeek:
		x.What, x.Where = "Sealing of a closed week", u.name(workroom.ContractScope(c.Contract))
	case workroom.SetActivity:
		x.What, x.Text = "Activity code", strings.TrimSpace(c.Code+" "+c.About)
	case workroom.SetBlock:
		x.What, x.Text = "Block", c.Name
	case workroom.MakeReport:
		x.What, x.Text, x.Where = "Report", strings.TrimSpace(c.Name+"\n"+c.Note), u.name(workroom.RoomScope(c.Room))
	case workroom.CreateDirect:
		x.What, x.Text = "Direct room", c.OtherName
	case workroom.CreateRoom:
		x.What, x.Text, x.Where = "New room", c.Name, c.Name
	case workroom.RenameRoom:
		x.What, x.Text, x.Where = "Name of a room", c.Name, u.name(workroom.RoomScope(c.Room))
	case workroom.ArchiveRoom:
		x.What, x.Where = "Archiving of a room", u.name(workroom.RoomScope(c.Room))
		if !c.Archived {
			x.What = "Opening of an archived room"
		}
	case workroom.AddMember:
		x.What, x.Text, x.Where = "New member", c.Name, u.name(workroom.RoomScope(c.Room))
	case workroom.RemoveMember:
		x.What, x.Where = "Removal of a member", u.name(workroom.RoomScope(c.Room))
	case workroom.LeaveRoom:
		x.What, x.Where = "Leaving of a room", u.name(workroom.RoomScope(c.Room))
	case workroom.SetRole:
		x.What, x.Where = "Role of a member", u.name(workroom.RoomScope(c.Room))
	case workroom.HandOver:
		x.What, x.Where = "New owner of a room", u.name(workroom.RoomScope(c.Room))
	case workroom.CreateContract:
		x.What, x.Text, x.Where = "Contract offer", strings.TrimSpace(c.Title+"\n"+c.About), c.Title
	case workroom.AskOffer:
		x.What = "Question about an offer"
	case workroom.AcceptContract:
		x.What = "Acceptance of an offer"
	case workroom.DeclineContract:
		x.What = "Refusal of an offer"
	case workroom.SetMarker:
		x.What, x.Where = "Read marker", u.name(workroom.RoomScope(c.Room))
	case workroom.SetReceipt:
		x.What, x.Where = "Receipt for others", u.name(workroom.RoomScope(c.Room))
	case workroom.SetNote:
		x.What, x.Text, x.Where = "Notepad", c.Text, u.name(workroom.RoomScope(c.Room))
	case workroom.SetProfile:
		x.What = "What others are told of you"
		if c.Zone == nil && c.Presence == nil && c.Receipts == nil {
			x.What = "What Enter does"
		}
	case workroom.SetNotices:
		x.What = "Settings of notices"
	case workroom.SetAway:
		x.What = "Out-of-Office settings"
		if c.Text != nil {
			x.Text = *c.Text
		}
	case workroom.SetBookmark:
		x.What, x.Where = "Bookmark", u.name(workroom.RoomScope(c.Room))
	case workroom.SetPref:
		x.What, x.Where = "Setting of a room", u.name(workroom.RoomScope(c.Room))
	}
	return x
}

func (u *Unsent) name(s workroom.Scope) string {
	for _, x := range []workroom.Scope{s, s.Root()} { // one side's facts and a diary's week go by their contract
		if n := u.Names[x]; n != "" {
			return n
		}
	}
	return string(s)
}

func fileNames(list []workroom.FileRef) []string {
	var out []string
	for _, f := range list {
		out = append(out, fmt.Sprintf("%s (%d bytes)", f.Name, f.Size))
	}
	return out
}

// WriteText writes everything for people to read, times in the given zone. Texts are indented, so that none can pass for another item.
func (u *Unsent) WriteText(w io.Writer, zone *time.Location) error {
	items := u.unsent()
	var b strings.Builder
	who := string(u.Account)
	if n := u.Names[workroom.AccountScope(u.Account)]; n != "" {
		who = workroom.SafeLabel(n, workroom.MaxName)
	}
	fmt.Fprintf(&b, "Unsent work of %s, %d items, as of %s\n", who, len(items), time.UnixMicro(u.At).In(zone).Format(time.RFC3339))
	writeItems(&b, items, zone)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	return u.WriteSent(w, zone)
}

func writeItems(b *strings.Builder, items []UnsentItem, zone *time.Location) {
	for i, x := range items {
		fmt.Fprintf(b, "\n%d. %s", i+1, x.What)
		if x.Where != "" {
			fmt.Fprintf(b, " · %s", workroom.SafeLabel(x.Where, workroom.MaxTitle))
		}
		fmt.Fprintf(b, "\n   written %s, %s\n", x.At.In(zone).Format(time.RFC3339), workroom.SafeLabel(x.State, 300))
		if !x.From.IsZero() {
			fmt.Fprintf(b, "   %s to %s (%s)\n", x.From.In(zone).Format(time.RFC3339), x.To.In(zone).Format(time.RFC3339), x.To.Sub(x.From))
		}
		for _, f := range x.Files {
			fmt.Fprintf(b, "   file: %s\n", workroom.SafeLabel(f, 300))
		}
		for line := range strings.Lines(x.Text) {
			fmt.Fprintf(b, "   | %s\n", strings.TrimRight(line, "\r\n"))
		}
	}
}

// WriteJSON writes everything twice over for programs: in words, and exact to the byte.
func (u *Unsent) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Items []UnsentItem `json:"items"`
		*Unsent
	}{u.Items(), u})
}
