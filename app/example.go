package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"log/slog"
	"net/http"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// The example workspace is not a picture of a workspace: it is a service inside this program that invented people have worked on for two
// weeks, through the same commands as everybody. It lies in a folder of its own, and nothing of it leaves this computer.

// example plays those two weeks. Its clock is the service's, so that history lies in the past.
type example struct {
	svc  *service.Service
	now  time.Time
	http *http.Client
	id   string // of the service
}

// player is one of the invented people.
type player struct {
	e      *example
	name   string
	client *wire.Client
	signed *wire.Signed
	n      int64
}

// seedExample fills a new folder and answers the sign-in of the person the example is seen as: the freelancer, on this device.
func seedExample(dir, device string) (*wire.Signed, error) {
	e := &example{now: time.Now().Add(-13 * 24 * time.Hour).UTC()}
	svc, err := service.New(service.Config{Data: dir, Name: "Example workspace", Version: Version, OpenJoin: true, Now: func() time.Time { return e.now },
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("make the example: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { defer close(ran); _ = svc.Run(ctx) }()
	defer func() { cancel(); <-ran; _ = svc.Close() }()
	e.svc, e.http = svc, &http.Client{Transport: service.Local(svc)}
	m, err := (&wire.Client{Base: wire.LocalBase, HTTP: e.http, Version: Version}).Meta(ctx)
	if err != nil {
		return nil, fmt.Errorf("make the example: %w", err)
	}
	e.id = m.ID
	signed, err := e.play(ctx, device)
	if err != nil {
		return nil, fmt.Errorf("make the example: %w", err)
	}
	return signed, nil
}

func (e *example) join(ctx context.Context, name, email, device string) (*player, error) {
	secret, err := newSecret()
	if err != nil {
		return nil, err
	}
	c := &wire.Client{Base: wire.LocalBase, HTTP: e.http, Service: e.id, Version: Version}
	got, err := c.SignUp(ctx, wire.SignUp{Name: name, Email: email, Password: secret, Device: device, DeviceName: "example"})
	if err != nil {
		return nil, err
	}
	with := *c
	with.Token = got.Token
	return &player{e: e, name: name, client: &with, signed: got}, nil
}

// do gives one command, and fails on anything but "ok".
func (p *player) do(ctx context.Context, id string, cmd workroom.Command) error {
	args, err := workroom.EncodeCommand(cmd)
	if err != nil {
		return err
	}
	p.n++
	out, err := p.client.Commands(ctx, wire.Commands{Device: "example-" + p.name[:2], Cmds: []wire.Command{
		{ID: id, N: p.n, Lane: cmd.Lane(), Op: cmd.Op(), V: workroom.Ops[cmd.Op()].V, Args: json.RawMessage(args)}}})
	if err != nil {
		return err
	}
	if r := out.Results[0]; r.Status != wire.OK {
		return errors.New(string(cmd.Op()) + " was answered " + string(r.Status) + " " + string(r.Code) + " " + r.Text)
	}
	return nil
}

func (p *player) say(ctx context.Context, room workroom.RoomID, wait time.Duration, text string, files ...workroom.FileRef) error {
	p.e.now = p.e.now.Add(wait)
	return p.do(ctx, newID(), workroom.SendMessage{Room: room, Text: text, Files: files})
}

// upload brings bytes to the service, as a file of a scope.
func (p *player) upload(ctx context.Context, scope workroom.Scope, name, kind string, data []byte, w, h int) (workroom.FileRef, error) {
	sum := sha256.Sum256(data)
	sha := hex.EncodeToString(sum[:])
	ref := workroom.FileRef{ID: workroom.FileID(newID()), Name: name, Size: int64(len(data)), Type: kind, W: w, H: h}
	out, err := p.client.NewFile(ctx, wire.NewFile{ID: ref.ID, Scope: scope, Name: name, Size: ref.Size, Type: kind, Parts: []string{sha}})
	if err != nil {
		return ref, err
	}
	if len(out.Missing) > 0 {
		if err := p.client.PutPart(ctx, out.Space, sha, data); err != nil {
			return ref, err
		}
	}
	return ref, p.client.Complete(ctx, ref.ID)
}

type offer struct {
	title, about string
	rate         int64
	limit        int64
	codes        [][2]string
}

// agree makes a contract between two people.
func agree(ctx context.Context, client, free *player, o offer) (workroom.ContractID, workroom.RoomID, []workroom.ActivityID, error) {
	id, room := workroom.ContractID(newID()), workroom.RoomID(newID())
	secret, err := newSecret()
	if err != nil {
		return "", "", nil, err
	}
	cmd := workroom.CreateContract{Contract: id, Who: client.signed.Account, Name: client.name, Room: room, Title: o.title, About: o.about,
		Invitation: workroom.InvitationID(secret),
		Terms:      workroom.Terms{Rate: o.rate, Currency: "EUR", Limit: o.limit, RequireActivity: true, Shots: workroom.ShotsFull, IdleMinutes: 10, Manual: true}}
	var acts []workroom.ActivityID
	for _, c := range o.codes {
		a := workroom.ActivityID(newID())
		acts = append(acts, a)
		cmd.Activities = append(cmd.Activities, workroom.NewActivity{ID: a, Code: c[0], About: c[1]})
	}
	if err := client.do(ctx, string(id), cmd); err != nil {
		return "", "", nil, err
	}
	client.e.now = client.e.now.Add(20 * time.Minute)
	return id, room, acts, free.do(ctx, newID(), workroom.AcceptContract{Contract: id, Room: room, Who: free.signed.Account, Name: free.name, Secret: secret})
}

// play is the two weeks.
func (e *example) play(ctx context.Context, device string) (*wire.Signed, error) {
	esme, err := e.join(ctx, "Esme Winter", "esme@winter.example", device)
	if err != nil {
		return nil, err
	}
	mara, err := e.join(ctx, "Mara Quill", "mara@valequill.example", newID())
	if err != nil {
		return nil, err
	}
	noor, err := e.join(ctx, "Noor Said", "noor@glasspane.example", newID())
	if err != nil {
		return nil, err
	}
	otter, room, acts, err := agree(ctx, mara, esme, offer{"Otter Trails app",
		"A walking map for small trails around the lakes: clustered markers, an elevation chart that works with the keyboard, and tiles that stay when the signal does not.",
		5200, 40 * 3600, [][2]string{{"Map screen", "Markers, clustering, offline tiles"}, {"Trail detail", "Elevation chart and photos"}, {"Review", "Reading and answering pull requests"}, {"Meeting", "Calls with the team"}}})
	if err != nil {
		return nil, err
	}
	_, glass, _, err := agree(ctx, noor, esme, offer{"Glasspane research", "Interviews with twelve people who sort their photographs by hand, and what follows from them.",
		6400, 20 * 3600, [][2]string{{"Interviews", "Talking and writing down"}, {"Synthesis", "Finding what they share"}}})
	if err != nil {
		return nil, err
	}
	if err := e.talk(ctx, room, glass, esme, mara, noor); err != nil {
		return nil, err
	}
	if err := e.work(ctx, esme, otter, acts); err != nil {
		return nil, err
	}
	e.now = time.Now().Add(-3 * time.Hour).UTC()
	if err := mara.say(ctx, room, 0, "The client tested the new markers on the ferry, with **no signal at all**. They did not notice.\nThe only wish: a *slightly* softer green for the lakes."); err != nil {
		return nil, err
	}
	return esme.signed, noor.say(ctx, glass, 40*time.Minute, "Interview notes five to eight are in. I'll share the transcripts tomorrow.")
}

func (e *example) talk(ctx context.Context, room, glass workroom.RoomID, esme, mara, noor *player) error {
	gpx := []byte("<?xml version=\"1.0\"?>\n<gpx version=\"1.1\" creator=\"example\"><trk><name>Ridge loop</name><trkseg><trkpt lat=\"60.31\" lon=\"24.48\"/><trkpt lat=\"60.32\" lon=\"24.50\"/></trkseg></trk></gpx>\n")
	e.now = e.now.Add(time.Hour)
	track, err := mara.upload(ctx, workroom.RoomScope(room), "Ridge loop, 14 km.gpx", "application/gpx+xml", gpx, 0, 0)
	if err != nil {
		return err
	}
	pic, err := annotate.EncodePNG(storefront())
	if err != nil {
		return err
	}
	shot, err := esme.upload(ctx, workroom.RoomScope(room), "Markers, second try.png", "image/png", pic, 960, 600)
	if err != nil {
		return err
	}
	type line struct {
		who   *player
		room  workroom.RoomID
		wait  time.Duration
		text  string
		files []workroom.FileRef
	}
	for _, l := range []line{
		{mara, room, 5 * time.Minute, "Welcome! The board lives at https://boards.example/otter-trails. Say if anything is missing.", nil},
		{esme, room, 12 * time.Minute, "Thank you. I'll begin with the markers: *clustered* below zoom 12, single above.", nil},
		{mara, room, 30 * time.Minute, "> clustered below zoom 12\nGood. Here is a track for testing, with the awkward switchbacks:", []workroom.FileRef{track}},
		{esme, room, 26 * time.Hour, "First pass, with the softer green. Names are rendered by `mark/line`, shapes by `mark/solid`:", []workroom.FileRef{shot}},
		{mara, room, 18 * time.Minute, "**Much** better. Could the numbers sit a pixel lower?", nil},
		{esme, room, 47 * time.Minute, "Done. To look at it yourself:\n```\nquill export --set markers --sizes 16,24,32\n```", nil},
		{mara, room, 22 * time.Hour, "Works here. Shall we talk about the elevation chart tomorrow at 10?", nil},
		{esme, room, 9 * time.Minute, "Yes. I'll bring two versions :+1:", nil},
		{noor, glass, time.Hour, "Hello Esme, the first four people are confirmed for next week.", nil},
		{esme, glass, 31 * time.Minute, "Lovely. I'll send the guide this evening so they know what we ask, and what we do not.", nil},
		{noor, glass, 20 * time.Hour, "The guide reads well. One question: do we record sound, or only notes?", nil},
		{esme, glass, 14 * time.Minute, "Only notes. People speak more freely, and we keep nothing we don't need.", nil},
	} {
		if err := l.who.say(ctx, l.room, l.wait, l.text, l.files...); err != nil {
			return err
		}
	}
	return nil
}

// work puts a fortnight of tracked time into the diary, with counts and pictures of an invented screen.
func (e *example) work(ctx context.Context, esme *player, id workroom.ContractID, acts []workroom.ActivityID) error {
	memos := map[int][]string{0: {"clustered trail markers", "offline tiles cache, first working version", "tests for zoom"}, 1: {"elevation chart spacing", "chart keyboard support"}, 2: {"pull request from the team"}, 3: {"call about offline mode"}}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	seq := int64(0)
	jpgs := [][]byte{}
	for i := range 3 {
		jpg, err := annotate.EncodeJPEG(editor(i), 75)
		if err != nil {
			return err
		}
		jpgs = append(jpgs, jpg)
	}
	for back := 11; back >= 0; back-- {
		day := today.AddDate(0, 0, -back)
		if wd := day.Weekday(); wd == time.Saturday && back != 0 || wd == time.Sunday && back != 0 {
			continue
		}
		at := day.Add(7*time.Hour + time.Duration(back%3)*10*time.Minute)
		for k := range 4 {
			act := (k + back) % len(acts)
			length := time.Duration(20+10*((back*7+k*3)%5)) * time.Minute
			end := at.Add(length)
			if !end.Before(time.Now().Add(-20 * time.Minute)) {
				break
			}
			seq++
			list := memos[act]
			s := workroom.Slice{ID: newID(), Rev: 1, Freelancer: esme.signed.Account, Contract: id, Device: "example-device", Boot: "example", Seq: seq,
				Start: at.Unix(), End: end.Unix(), Activity: acts[act], Memo: list[(back+k)%len(list)], Kind: workroom.Tracked, Close: workroom.CloseSwitch}
			e.now = end.Add(time.Minute)
			week := workroom.WeekOf(at).String()
			if err := esme.do(ctx, newID(), workroom.ReportSlice{Week: week, Slice: s, Input: typed(s)}); err != nil {
				return err
			}
			if back < 6 { // older pictures would have gone by now in a smaller example
				if err := e.pictures(ctx, esme, s, week, jpgs[(k+back)%3]); err != nil {
					return err
				}
			}
			at = end
			if k == 1 {
				at = at.Add(50 * time.Minute) // lunch
			}
		}
	}
	return nil
}

func (e *example) pictures(ctx context.Context, p *player, s workroom.Slice, week string, jpg []byte) error {
	for cell := (s.Start + 599) / 600; (cell+1)*600 <= s.End; cell++ {
		ref, err := p.upload(ctx, workroom.DiaryScope(s.Contract, week), "screenshot.jpg", "image/jpeg", jpg, 960, 600)
		if err != nil {
			return err
		}
		shot := workroom.Shot{Slice: s.ID, Contract: s.Contract, Device: s.Device, Cell: cell, At: cell*600 + 120 + cell%400, File: ref.ID, W: 960, H: 600, Displays: 1}
		if err := p.do(ctx, newID(), workroom.AddShot{Week: week, Shot: shot, Who: p.signed.Account}); err != nil {
			return err
		}
	}
	return nil
}

// typed makes counts that look like work: mostly keys, some clicks, a quiet minute now and then.
func typed(s workroom.Slice) []workroom.CellInput {
	var out []workroom.CellInput
	for m := s.Start / 60; m*60 < s.End; m++ {
		h := uint32(m*2654435761) >> 7
		keys, clicks, scroll := uint16(h%140), uint16(h>>8%19), uint16(h>>13%9)
		if h%7 == 0 {
			keys, clicks, scroll = 0, 0, 0
		}
		one := workroom.Minute{At: m, Keys: &keys, Clicks: &clicks, Scroll: &scroll, Moved: uint8(h >> 5 % 40)}
		if n := len(out); n == 0 || out[n-1].Cell != m/10 {
			out = append(out, workroom.CellInput{Device: s.Device, Cell: m / 10})
		}
		out[len(out)-1].Minutes = append(out[len(out)-1].Minutes, one)
	}
	return out
}

func fill(img *image.RGBA, x, y, w, h int, c color.RGBA) {
	draw.Draw(img, image.Rect(x, y, x+w, y+h), &image.Uniform{C: c}, image.Point{}, draw.Src)
}

// editor draws an invented screen of an editor: no text, only the shapes of lines.
func editor(variant int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 960, 600))
	fill(img, 0, 0, 960, 600, color.RGBA{28, 31, 43, 255})
	fill(img, 0, 0, 180, 600, color.RGBA{22, 24, 34, 255})
	inks := []color.RGBA{{126, 178, 255, 255}, {199, 146, 234, 255}, {150, 214, 140, 255}, {240, 180, 110, 255}, {120, 126, 148, 255}}
	for row := range 26 {
		h := (row*7 + variant*11) % 13
		fill(img, 20+h%3*12, 30+row*21, 60+h*5, 7, color.RGBA{60, 68, 92, 255})
		x := 210 + (row*5+variant*3)%4*26
		for k := range 2 + h%3 {
			w := 40 + (row*37+k*53+variant*29)%120
			fill(img, x, 30+row*21, w, 8, inks[(row+k*2+variant)%len(inks)])
			x += w + 14
		}
	}
	return img
}

// storefront draws an invented page with a map, so that the room has a picture.
func storefront() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 960, 600))
	fill(img, 0, 0, 960, 600, color.RGBA{226, 236, 222, 255})
	for i := range 40 {
		fill(img, 0, 40+i*15, 960, 1, color.RGBA{210, 222, 206, 255})
	}
	fill(img, 0, 0, 960, 44, color.RGBA{47, 93, 70, 255})
	fill(img, 24, 15, 160, 14, color.RGBA{238, 243, 236, 255})
	for _, b := range [][4]int{{120, 380, 300, 140}, {540, 120, 330, 170}} {
		fill(img, b[0], b[1], b[2], b[3], color.RGBA{166, 200, 216, 255})
	}
	for i := range 9 {
		x, y := 90+(i*211)%800, 90+(i*137)%440
		fill(img, x-3, y-3, 34, 34, color.RGBA{255, 255, 255, 255})
		fill(img, x, y, 28, 28, color.RGBA{214, 120, 60, 255})
	}
	return img
}
