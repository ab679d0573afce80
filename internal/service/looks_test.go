package service

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// shown puts a screenshot of an instant into the diary, on a device of its own, and answers its id.
func (p *person) shown(k workroom.ContractID, device string, file workroom.FileID, at time.Time) string {
	p.t.Helper()
	week, t := workroom.WeekOf(at.Add(-time.Minute)).String(), at.Unix()
	p.does("report-"+device, workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: "slice-" + device, Rev: 1, Freelancer: p.id, Contract: k, Device: device, Boot: "b",
		Start: t - 60, End: t, Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}})
	var jpg bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 400, 100))
	for i := range 40 {
		img.SetGray(i, i, color.Gray{Y: file[len(file)-1]})
	}
	must(p.t, jpeg.Encode(&jpg, img, nil))
	p.upload(file, workroom.DiaryScope(k, week), "screenshot.jpg", jpg.Bytes())
	must(p.t, p.Complete(p.t.Context(), file))
	p.does("add-"+device, workroom.AddShot{Week: week, Who: p.id, Shot: workroom.Shot{Slice: "slice-" + device, Contract: k, Device: device, Cell: t / 600, At: t, File: file, W: 400, H: 100}})
	return workroom.CellID(device, t/600)
}

// logOf is what a person's copy of a week says of who looked, by shot.
func (p *person) logOf(k workroom.ContractID, week string) map[string][]*workroom.Look {
	p.t.Helper()
	out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope(k, week)}})
	must(p.t, err)
	list := map[string][]*workroom.Look{}
	for _, x := range out.Scopes[0].Hot {
		if t, err := workroom.Decode(x.Kind, x.Body); err == nil && x.Kind == workroom.KindLook {
			l := t.(*workroom.Look)
			list[l.Shot] = append(list[l.Shot], l)
		}
	}
	return list
}

func (p *person) asks(path string) (int, string) {
	p.t.Helper()
	res := p.raw("GET", path, nil)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(p.t, err)
	return res.StatusCode, string(b)
}

// T-09: every byte of a picture that somebody else gets is written down for its freelancer before it leaves: whole, in ranges, as a small
// picture. The freelancer's own looks are not; a desktop that tells of the same look doubles nothing; nobody who cannot read the diary reads
// the log; and where it cannot be written nothing is handed out.
func TestT09_NoPictureLeavesUnseen(t *testing.T) {
	now := inSlice()
	var broken atomic.Bool
	_, c := start(t, Config{Now: func() time.Time { return now }, Fail: func(p string) error {
		if broken.Load() && p == store.PointDecided {
			return errors.New("the disk says no")
		}
		return nil
	}})
	client, free, eve := join(t, c, "client"), join(t, c, "free"), join(t, c, "eve")
	hire(client, free, "k1", "r1")
	hire(client, eve, "k2", "r2") // knows the client, and not this contract
	taken, week := now.Add(-time.Minute), "2001-09-03"
	shot := free.shown("k1", "d", "shot1", taken)
	other := free.shown("k1", "e", "shot2", taken)

	begun := now.Unix()
	for _, path := range []string{"/v1/files/shot1", "/v1/files/shot1/thumb?w=320"} {
		if status, _ := free.asks(path); status != 200 {
			t.Errorf("the freelancer reads %s: %d", path, status)
		}
		if status, _ := eve.asks(path); status == 200 {
			t.Errorf("a stranger reads %s", path)
		}
	}
	if got := free.logOf("k1", week); len(got) != 0 {
		t.Fatalf("before anybody looked: %+v", got)
	}
	if status, _ := client.asks("/v1/files/shot1/thumb?w=320"); status != 200 {
		t.Fatalf("the client's small picture: %d", status)
	}
	want := map[string][]*workroom.Look{shot: {{Shot: shot, Cell: taken.Unix() / 600, Who: client.id, Seen: []workroom.Seen{{At: begun}}}}}
	if got := free.logOf("k1", week); !reflect.DeepEqual(got, want) {
		t.Fatalf("a small picture: %+v", got[shot][0])
	}
	now = now.Add(30 * time.Second)
	r := client.raw("GET", "/v1/files/shot1", nil)
	if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Cache-Control"))
	}
	r.Body.Close()
	want[shot][0].Seen = []workroom.Seen{{At: begun, Large: true}}
	if got := free.logOf("k1", week); !reflect.DeepEqual(got, want) {
		t.Fatalf("the whole of it, in the same ten minutes: %+v", got[shot][0])
	}
	// The desktop says so too, and of a look while it was offline.
	now = now.Add(time.Hour)
	away := begun + 1800
	client.does("told", workroom.NoteLooks{Contract: "k1", Week: "2001-09-03", Who: client.id, Looks: []workroom.LookAt{
		{Shot: shot, Seen: workroom.Seen{At: begun + 3, Large: true}}, {Shot: shot, Seen: workroom.Seen{At: away}}, {Shot: other, Seen: workroom.Seen{At: away}}}})
	in, _, err := client.Download(t.Context(), "shot1", 100) // the rest of one that broke off
	must(t, err)
	in.Close()
	want[shot][0].Seen = append(want[shot][0].Seen, workroom.Seen{At: away}, workroom.Seen{At: now.Unix(), Large: true})
	want[other] = []*workroom.Look{{Shot: other, Cell: taken.Unix() / 600, Who: client.id, Seen: []workroom.Seen{{At: away}}}}
	if got := free.logOf("k1", week); !reflect.DeepEqual(got, want) {
		t.Fatalf("told by the desktop: %+v %+v", got[shot][0], got[other])
	}
	// Nobody else: neither the diary nor a word of it.
	out, err := eve.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"d:k1:2001-09-03", "k:k1"}})
	must(t, err)
	for _, s := range out.Scopes {
		if !s.Gone || len(s.Hot) > 0 {
			t.Errorf("a stranger opens %s: %+v", s.Scope, s)
		}
	}
	if r := eve.send(eve.command("forged", workroom.NoteLooks{Contract: "k1", Week: "2001-09-03", Who: eve.id, Looks: []workroom.LookAt{{Shot: shot}}}))[0]; r.Code != workroom.NoAccess {
		t.Errorf("a stranger writes that they looked: %+v", r)
	}
	if r := client.send(client.command("blame", workroom.NoteLooks{Contract: "k1", Week: "2001-09-03", Who: free.id, Looks: []workroom.LookAt{{Shot: shot}}}))[0]; r.Code != workroom.NoAccess {
		t.Errorf("in another's name: %+v", r)
	}
	// Where it cannot be written down nothing leaves.
	now = now.Add(time.Hour)
	broken.Store(true)
	for _, path := range []string{"/v1/files/shot1", "/v1/files/shot1/thumb?w=320"} {
		if status, body := client.asks(path); status == 200 || strings.Contains(body, "\xff\xd8\xff") {
			t.Errorf("%s leaves unseen: %d", path, status)
		}
	}
	broken.Store(false)
	if got := free.logOf("k1", week); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// T-09: a client who looks at many pictures at both nodes at once is written down once for each, and the freelancer reads it at either.
func TestT09_AtBothNodes(t *testing.T) {
	_, _, ca, cb, _, _ := pair(t, "mem")
	client, free := join(t, ca, "client"), join(t, ca, "free")
	hire(client, free, "k1", "r1")
	taken := time.Now()
	var shots []string
	for i := range 12 {
		shots = append(shots, free.shown("k1", fmt.Sprint("dev", i), workroom.FileID(fmt.Sprint("shot", i)), taken))
	}
	var all sync.WaitGroup
	for i := range shots {
		for _, at := range []*person{client.at(ca), client.at(cb)} {
			for _, path := range []string{"", "/thumb?w=320"} {
				all.Go(func() {
					if status, body := at.asks(fmt.Sprint("/v1/files/shot", i, path)); status != 200 {
						t.Errorf("%d %s", status, body)
					}
				})
			}
		}
	}
	all.Wait()
	for _, at := range []*person{free.at(ca), free.at(cb)} {
		log := at.logOf("k1", workroom.WeekOf(taken.Add(-time.Minute)).String())
		if len(log) != len(shots) {
			t.Errorf("%d pictures of %d were looked at", len(log), len(shots))
		}
		for shot, rows := range log {
			n := 0
			for _, l := range rows {
				n += len(l.Seen)
				if l.Who != client.id || !slices.Contains(shots, shot) || !l.Seen[0].Large {
					t.Errorf("%+v", l)
				}
			}
			if n > 2 { // two only if ten minutes ended meanwhile
				t.Errorf("%s: %+v", shot, rows)
			}
		}
	}
}
