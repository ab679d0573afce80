package app

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/workroom"
)

// pictured are two desktops with a contract whose diary has a sharp picture and a blurred one, each of a device of its own.
func pictured(t *testing.T) (h *house, client, freelancer *Core, contract string, sharp string) {
	t.Helper()
	h = openHouse(t)
	client, freelancer = h.desk("Mara"), h.desk("Esme")
	made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: "Harbour Map",
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "full", IdleMinutes: 10}, Activities: []ActivityIn{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	offer, err := (&Contracts{freelancer}).Look(InviteIn{Link: made.Link})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := (&Contracts{freelancer}).Accept(InviteIn{Link: made.Link, Rev: offer.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	arrived(t, freelancer)
	sharp = shown(t, freelancer, offer.Contract, "camera", time.Now(), false)
	shown(t, freelancer, offer.Contract, "shade", time.Now(), true)
	arrived(t, freelancer)
	arrived(t, client)
	return h, client, freelancer, offer.Contract, sharp
}

// shown puts two minutes of work up to an instant into a diary, with a picture, and answers its file.
func shown(t *testing.T, c *Core, contract, device string, at time.Time, blurred bool) string {
	t.Helper()
	s, end := c.session, at.Unix()
	week := workroom.WeekOf(time.Unix(end-120, 0)).String()
	slice := workroom.Slice{ID: newID(), Rev: 1, Freelancer: s.me(), Contract: workroom.ContractID(contract), Device: device, Boot: "b", Start: end - 120, End: end,
		Memo: "markers", Kind: workroom.Tracked, Close: workroom.CloseStop}
	n := uint16(7)
	if _, err := s.enqueue(workroom.ReportSlice{Week: week, Slice: slice, Input: []workroom.CellInput{
		{Device: device, Cell: end / 600, Minutes: []workroom.Minute{{At: end / 60, Keys: &n, Clicks: &n, Scroll: &n}}}}}, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for i := range 160 * 100 {
		img.Set(i%160*4, i/160*4, color.RGBA{uint8(i * 7), uint8(i * 13), uint8(i * 31), 255})
	}
	jpg, _, err := annotate.Diary(img, 1)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := annotate.Seed(img)
	if err != nil {
		t.Fatal(err)
	}
	shot := workroom.Shot{Slice: slice.ID, Contract: slice.Contract, Device: device, Cell: end / 600, At: end}
	o := enqueueOpts{}
	if blurred {
		shot.Seed = seed
	} else {
		path := filepath.Join(t.TempDir(), "screenshot.jpg")
		if err := os.WriteFile(path, jpg, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := s.stagePath(newID(), path, "screenshot.jpg", workroom.DiaryScope(slice.Contract, week))
		if err != nil {
			t.Fatal(err)
		}
		shot.File, shot.W, shot.H, shot.Displays = f.ID, 640, 400, 1
		o.Uploads = append(o.Uploads, f)
	}
	if _, err := s.enqueue(workroom.AddShot{Week: week, Shot: shot, Who: s.me()}, o); err != nil {
		t.Fatal(err)
	}
	return string(shot.File)
}

func openPicture(t *testing.T, c *Core, id string, width int) {
	t.Helper()
	f, err := c.files().Open(context.Background(), id, width)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Content.(io.Closer).Close()
	if n, err := io.Copy(io.Discard, f.Content); err != nil || n == 0 {
		t.Fatalf("%d bytes, %v", n, err)
	}
}

// logFor is the log of looks as a side reads it: who, at what size, whether it waits.
func logFor(t *testing.T, c *Core, contract string) string {
	t.Helper()
	v, err := (&Diary{c}).Looks(LooksIn{Contract: contract})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range v.Rows {
		word := map[bool]string{true: "large", false: "small"}[r.Large]
		if r.Waiting {
			word += " waits"
		}
		out = append(out, fmt.Sprint(r.Who, map[bool]string{true: " (me)", false: ""}[r.Me], " ", word))
	}
	return strings.Join(out, ", ")
}

// T-09: the freelancer reads who looked at the pictures, sharp and blurred; what the service handed out is not told once more by the desktop,
// a look at bytes that are here already is told even offline and waits on the disk.
func TestT09_LooksReachTheFreelancer(t *testing.T) {
	t.Parallel()
	h, client, freelancer, contract, sharp := pictured(t)
	openPicture(t, freelancer, sharp, 320)
	if got := logFor(t, freelancer, contract); got != "" {
		t.Fatalf("nobody looked: %q", got)
	}
	openPicture(t, client, sharp, 320)
	openPicture(t, client, sharp, 320)
	if n := h.recorded(string(client.session.me()), workroom.OpNoteLooks); n != 0 {
		t.Errorf("the desktop told %d times of what the service handed out", n)
	}
	eventually(t, "the freelancer reads of the small picture", func() bool { return logFor(t, freelancer, contract) == "Mara small" })
	if _, err := (&Diary{client}).Day(DayIn{Contract: contract, Zone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "and of the blurred one, which the day itself shows", func() bool { return logFor(t, freelancer, contract) == "Mara small, Mara small" })
	if _, err := (&Diary{client}).Day(DayIn{Contract: contract, Zone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	v, err := (&Diary{client}).Looks(LooksIn{Contract: contract})
	if err != nil || v.Shown || len(v.Rows) != 2 || !v.Rows[0].Me {
		t.Errorf("the client sees %+v %v", v, err)
	}
	openPicture(t, client, sharp, wholeWidth)
	eventually(t, "the large one", func() bool { return strings.Count(logFor(t, freelancer, contract), "large") == 1 })

	// Two hours later, without a service, the bytes are here: the look waits, over a restart too.
	arrived(t, client)
	h.stop()
	client.session.looks.seen = nil
	l := client.session
	p, ok, err := l.shotOf(context.Background(), sharp)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := l.lookAt(context.Background(), p.scope, []string{p.id}, workroom.Seen{At: time.Now().Unix() - 7200}, false); err != nil { // the rule lets it be no earlier than the picture
		t.Fatal(err)
	}
	openPicture(t, client, sharp, 320) // of these ten minutes it is known
	if n, _, err := l.replica.Count(context.Background()); err != nil || n != 1 {
		t.Errorf("%d wait, %v", n, err)
	}
	h.again()
	arrived(t, client)
	if n := h.recorded(string(client.session.me()), workroom.OpNoteLooks); n != 2 { // the blurred one, and this
		t.Errorf("told %d times", n)
	}
}

// T-08, T-09: a page keeps no copy of a file: what is deleted is gone, and who looks once more asks once more.
func TestT09_PagesKeepNoCopy(t *testing.T) {
	t.Parallel()
	_, client, _, _, sharp := pictured(t)
	w := httptest.NewRecorder()
	client.files().get(w, httptest.NewRequest("GET", "/file/"+sharp+"?w=320", nil), sharp)
	if got := w.Header().Get("Cache-Control"); w.Code != 200 || got != "private, no-store" {
		t.Errorf("%d, %q", w.Code, got)
	}
}

// T-09: a row of looks that says nothing is no reason to end.
func TestT09_AnEmptyRowOfLooks(t *testing.T) {
	now := time.Now()
	got := lookedAt([]*workroom.Look{{Shot: "a", Who: "me"}, {Shot: "b", Who: "me", Seen: []workroom.Seen{{At: now.Unix()}}}, {Shot: "c", Who: "me", Seen: []workroom.Seen{{At: 1}}},
		{Shot: "d", Who: "you", Seen: []workroom.Seen{{At: now.Unix()}}}}, "me", now)
	if len(got) != 1 || !got["b"] {
		t.Errorf("%v", got)
	}
}
