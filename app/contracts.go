package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Contracts is the Work screen: the list, the workroom's Overview and Details, offers and their answers.
type Contracts struct{ c *Core }

// List is Your contracts, the newest first.
func (x *Contracts) List() (out ContractList, err error) {
	defer guard(&err)
	out = ContractList{Contracts: []ContractRow{}}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	unread, err := s.replica.UnreadAll(context.Background())
	if err != nil {
		return out, err
	}
	books := s.books(time.Now())
	sort.SliceStable(books, func(i, j int) bool { return books[i].contract.Made > books[j].contract.Made })
	for _, b := range books {
		row := s.contractRow(b)
		row.Unread = unread[b.contract.Room]
		out.Contracts = append(out.Contracts, row)
	}
	return out, nil
}

func (s *Session) contractRow(b *book) ContractRow {
	c := b.contract
	row := ContractRow{ID: string(b.id), Title: c.Title, Status: string(c.Status), Side: s.side(c), Room: string(c.Room)}
	switch row.Side {
	case "client":
		row.Other = cmp.Or(c.FreelancerName, c.AskerName)
	case "freelancer":
		row.Other = c.ClientName
	}
	if limit := b.past().Limit(workroom.WeekOf(b.now)); limit != workroom.NoLimit {
		row.Limit = limit
	}
	for _, p := range inWeek(b.pieces(), workroom.WeekOf(b.now)) {
		row.Seconds += p.Seconds()
	}
	if s.track != nil {
		snap, _, _ := s.track.snapshot()
		row.Tracking = !snap.Since.IsZero() && snap.Work.Contract == b.id
	}
	return row
}

// side is which side of a contract this account is on.
func (s *Session) side(c *workroom.Contract) string {
	switch me := s.me(); {
	case c.Client == me && c.Freelancer == me:
		return "both"
	case c.Client == me:
		return "client"
	}
	return "freelancer"
}

func termsView(t workroom.Terms) TermsView {
	v := TermsView{Rate: t.Rate, Currency: t.Currency, RequireActivity: t.RequireActivity, Shots: string(t.Shots), IdleMinutes: int64(t.IdleMinutes),
		Manual: t.Manual, Segments: t.Segments, KeepDays: int64(t.Keep()), ReviewDays: int64(t.Review() / (24 * time.Hour))}
	if !t.Unlimited {
		v.Limit = t.Limit
	}
	return v
}

// Get is one workroom.
func (x *Contracts) Get(in IDIn) (out ContractView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	c, at, err := s.contract(in.ID)
	if err != nil {
		return out, err
	}
	now := time.Now()
	b, err := s.book(workroom.ContractID(in.ID), c, now, time.Local)
	if err != nil {
		return out, err
	}
	out = ContractView{
		Row: s.contractRow(b), About: c.About, Client: c.ClientName, Freelancer: c.FreelancerName, Terms: termsView(b.past().At(now)),
		Activities: s.activityRows(b), Made: c.Made / 1000, Started: c.Started / 1000, Week: b.week(workroom.WeekOf(now)), Today: b.newest(4),
	}
	if at.Waits() {
		out.Waiting = "Waiting for the service. It goes out by itself."
	}
	if err := s.addWaiting(&out.Week, b); err != nil {
		return out, err
	}
	if err := s.addTurns(&out, b); err != nil {
		return out, err
	}
	if out.Files, err = s.roomFiles(c.Room, 10); err != nil {
		return out, err
	}
	if out.People, err = s.people(c.Room); err != nil {
		return out, err
	}
	if unread, err := s.replica.Unread(context.Background(), c.Room); err == nil {
		out.Row.Unread = unread
	}
	if bar := s.offerBar(in.ID); bar != nil {
		out.Invitation, out.InviteFor, out.Over, out.Asker = bar.Link, bar.InviteFor, bar.Over, bar.Asker
	}
	return out, nil
}

// newest are the last segments of the present day, oldest first.
func (b *book) newest(n int) []CellView {
	out := []CellView{}
	day := b.now.In(b.zone).Format(time.DateOnly)
	v, err := b.day(day)
	if err != nil {
		return out
	}
	for _, h := range v.Hours {
		for _, c := range h.Cells {
			if c.Seconds > 0 {
				out = append(out, c)
			}
		}
	}
	if len(out) > n {
		out = out[len(out)-n:]
	}
	return out
}

func (s *Session) activityRows(b *book) []ActivityRow {
	colours := b.colours()
	seconds := map[workroom.ActivityID]int64{}
	for _, p := range b.pieces() {
		seconds[p.Activity] += p.Seconds()
	}
	out := []ActivityRow{}
	for id, a := range b.activities {
		out = append(out, ActivityRow{ID: string(id), Code: a.Code, About: a.About, Archived: a.Archived != 0, Seconds: seconds[id], Colour: colours[id]})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Archived != out[j].Archived {
			return !out[i].Archived
		}
		a, b := b.activities[workroom.ActivityID(out[i].ID)], b.activities[workroom.ActivityID(out[j].ID)]
		if a.Made != b.Made {
			return a.Made < b.Made
		}
		return out[i].ID < out[j].ID
	})
	return out
}

// invitation is an invitation link that was made on this computer.
type invitation struct {
	Link  string `json:"link"`
	Email string `json:"email"`
}

func (s *Session) invitePath() string { return filepath.Join(s.dir, "invitations.json") }

// invites are the links by contract. The service keeps only their hashes, so they can be shown again here alone.
func (s *Session) invites() map[string]invitation {
	out := map[string]invitation{}
	if body, err := os.ReadFile(s.invitePath()); err == nil {
		_ = json.Unmarshal(body, &out)
	}
	return out
}

func (s *Session) keepInvite(contract string, i invitation) error {
	all := s.invites()
	all[contract] = i
	body, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return writeWhole(s.invitePath(), body, 0o600)
}

// Create offers a contract. The same id again answers the same offer.
func (x *Contracts) Create(in NewContractIn) (out NewContractOut, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	if in.ID == "" {
		in.ID = newID()
	}
	if !in.Self && s.st.Way != wayService {
		return out, Fail(CodeNotHere, "This service runs inside this program, so nobody else can be invited to it. Connect to a service to work with others, or make the contract for yourself.")
	}
	if _, _, err := s.contract(in.ID); err != nil {
		if err := s.create(in); err != nil {
			return out, err
		}
	}
	c, _, err := s.contract(in.ID)
	if err != nil {
		return out, err
	}
	now := time.Now()
	b, err := s.book(workroom.ContractID(in.ID), c, now, time.Local, lately(now)...)
	if err != nil {
		return out, err
	}
	out.Contract = s.contractRow(b)
	if inv := s.invites()[in.ID]; inv.Link != "" {
		out.Link = inv.Link
		out.Mail = mailTo(inv, c)
	}
	return out, nil
}

func (s *Session) create(in NewContractIn) error {
	cmd := workroom.CreateContract{
		Contract: workroom.ContractID(in.ID), Who: s.me(), Name: s.st.Person, Room: workroom.RoomID(newID()), Title: workroom.OneLine(in.Title),
		About: in.About, Email: strings.ToLower(strings.TrimSpace(in.Email)), Self: in.Self,
		Contact: workroom.ContactReason(in.Reason),
		Terms: workroom.Terms{Rate: in.Terms.Rate, Currency: in.Terms.Currency, Limit: in.Terms.Limit, Unlimited: in.Terms.Limit == 0,
			RequireActivity: in.Terms.RequireActivity, Shots: workroom.ShotPolicy(in.Terms.Shots), IdleMinutes: int(in.Terms.IdleMinutes),
			Manual: in.Terms.Manual, Segments: in.Terms.Segments, KeepDays: int(in.Terms.KeepDays), ReviewDays: int(in.Terms.ReviewDays)},
	}
	known := s.codesInUse()
	for _, a := range in.Activities {
		code := workroom.OneLine(a.Code)
		had, ok := known[workroom.FoldCode(code)]
		if !ok {
			had = known[workroom.Skeleton(code)]
		}
		cmd.Activities = append(cmd.Activities, workroom.NewActivity{ID: workroom.ActivityID(cmp.Or(had.ID, a.ID, newID())), Code: cmp.Or(had.Code, code), About: a.About})
	}
	if !in.Self {
		secret, err := newSecret()
		if err != nil {
			return err
		}
		cmd.Invitation = workroom.InvitationID(secret)
		if refusal := cmd.Check(); refusal != nil {
			return refusal
		}
		if err := s.keepInvite(in.ID, invitation{Link: s.st.public() + "/invite#" + secret, Email: cmd.Email}); err != nil {
			return fmt.Errorf("keep the invitation link: %w", err)
		}
	}
	_, err := s.enqueue(cmd, enqueueOpts{ID: in.ID, About: in.ID})
	return err
}

// newSecret is 192 bits for an invitation link.
func newSecret() (string, error) {
	var b [24]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// mailTo is the address that opens one's own mail program with the link in the text.
func mailTo(i invitation, c *workroom.Contract) string {
	body := fmt.Sprintf("Hello,\n\nthis link opens my offer \"%s\" in Trestle:\n\n%s\n\nIt works once, for 14 days.\n\n%s", c.Title, i.Link, c.ClientName)
	q := url.Values{"subject": {"Offer: " + c.Title}, "body": {body}}
	return "mailto:" + url.PathEscape(i.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// SetActivity adds, renames, archives or restores an activity code of one's own contract.
func (x *Contracts) SetActivity(in ActivityIn) (out ActivityRow, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	if _, _, err := s.contract(in.Contract); err != nil {
		return out, err
	}
	if in.ID == "" {
		in.ID = newID()
	}
	if in.ID, err = s.setActivity(in); err != nil {
		return out, err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	b, err := s.book(workroom.ContractID(in.Contract), c, time.Now(), time.Local)
	if err != nil {
		return out, err
	}
	for _, a := range s.activityRows(b) {
		if a.ID == in.ID {
			return a, nil
		}
	}
	return out, workroom.Refuse(workroom.Gone)
}
