package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trestle/internal/annotate"
	"trestle/internal/screen"
	"trestle/internal/workroom"
)

// Captures freezes the screen, keeps the marks, and hands the flattened picture on. The frozen original never leaves this computer.
type Captures struct{ c *Core }

// captures is the folder of what is being annotated: captures/ID/{base.png, doc.json, meta.json}, readable by this account alone.
type captures struct {
	dir string
}

type captureMeta struct {
	Room     string        `json:"room"`
	Taken    int64         `json:"taken"`
	Displays []DisplayView `json:"displays"`
}

const keepCaptures = 30 * 24 * time.Hour

func openCaptures(dir string) *captures {
	c := &captures{dir: dir}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries { // originals go after 30 days
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > keepCaptures {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	return c
}

// picture is the path of a frozen picture by id: of a capture as a whole, or of one of its displays.
func (c *captures) picture(id string) string {
	if !fileID.MatchString(id) {
		return ""
	}
	for _, p := range []string{filepath.Join(c.dir, id, "base.png"), filepath.Join(c.dir, "displays", id+".png")} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

func (c *captures) folder(id string) (string, error) {
	if !fileID.MatchString(id) {
		return "", workroom.Refuse(workroom.Gone)
	}
	dir := filepath.Join(c.dir, id)
	if _, err := os.Stat(dir); err != nil {
		return "", workroom.Refuse(workroom.Gone)
	}
	return dir, nil
}

// begin makes a capture of a picture.
func (c *captures) begin(id string, img *image.RGBA, scale float64, meta captureMeta) error {
	data, err := annotate.EncodePNG(img)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	dir := filepath.Join(c.dir, id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Fail(CodeNoFolder, "The picture cannot be kept: "+reason(err).Error()+".")
	}
	doc, err := json.Marshal(map[string]any{"v": annotate.Version, "id": id, "w": img.Rect.Dx(), "h": img.Rect.Dy(), "scale": scale,
		"base": hex.EncodeToString(sum[:]), "at": meta.Taken, "crop": nil, "step": 1, "objects": []any{}})
	if err != nil {
		return err
	}
	head, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	return errors.Join(writeWhole(filepath.Join(dir, "base.png"), data, 0o600), writeWhole(filepath.Join(dir, "doc.json"), doc, 0o600),
		writeWhole(filepath.Join(dir, "meta.json"), head, 0o600))
}

func (c *captures) meta(id string) (captureMeta, string, error) {
	var m captureMeta
	dir, err := c.folder(id)
	if err != nil {
		return m, "", err
	}
	head, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err == nil {
		err = json.Unmarshal(head, &m)
	}
	if err != nil {
		return m, "", workroom.Refuse(workroom.Gone)
	}
	doc, err := os.ReadFile(filepath.Join(dir, "doc.json"))
	if err != nil {
		return m, "", workroom.Refuse(workroom.Gone)
	}
	return m, string(doc), nil
}

// Grab hides the window, waits, freezes all displays and shows the window again with the picture.
func (x *Captures) Grab(in GrabIn) (out CaptureView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	if in.Delay < 0 || in.Delay > 5 {
		return out, Fail(CodeBadInput, "The delay lies between 0 and 5 seconds.")
	}
	x.c.mu.Lock()
	face := x.c.face
	x.c.mu.Unlock()
	if face != nil && face.Kind() == "window" {
		face.Hide()
		defer face.Show("")
	}
	time.Sleep(time.Duration(in.Delay)*time.Second + 250*time.Millisecond)
	shots, err := grab(context.Background())
	if err != nil {
		return out, err
	}
	id := newID()
	meta := captureMeta{Room: in.Room, Taken: time.Now().UnixMilli(), Displays: []DisplayView{}}
	if len(shots) > 1 {
		if err := s.captures.keepDisplays(&meta, shots); err != nil {
			return out, err
		}
	}
	if err := s.captures.begin(id, shots[0].Image, scaleOf(shots[0]), meta); err != nil {
		return out, err
	}
	return s.captureView(id)
}

func scaleOf(s screen.Shot) float64 {
	if s.Scale <= 0 {
		return 1
	}
	return s.Scale
}

// keepDisplays writes each display's picture, so that another one can be chosen.
func (c *captures) keepDisplays(meta *captureMeta, shots []screen.Shot) error {
	dir := filepath.Join(c.dir, "displays")
	_ = os.RemoveAll(dir) // of the capture before
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, one := range shots {
		data, err := annotate.EncodePNG(one.Image)
		if err != nil {
			return err
		}
		file := newID()
		if err := writeWhole(filepath.Join(dir, file+".png"), data, 0o600); err != nil {
			return err
		}
		meta.Displays = append(meta.Displays, DisplayView{ID: one.ID, Name: one.Name, File: file, W: int64(one.Image.Rect.Dx()), H: int64(one.Image.Rect.Dy()),
			Scale: int64(scaleOf(one)*100 + 0.5)})
	}
	return nil
}

// Choose takes another of several displays; marks made so far belong to the other picture and go.
func (x *Captures) Choose(in ChooseIn) (out CaptureView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	meta, _, err := s.captures.meta(in.ID)
	if err != nil {
		return out, err
	}
	for _, d := range meta.Displays {
		if d.ID != in.Display {
			continue
		}
		img, err := readPicture(s.captures.picture(d.File))
		if err != nil {
			return out, err
		}
		if err := s.captures.begin(in.ID, img, float64(d.Scale)/100, meta); err != nil {
			return out, err
		}
		return s.captureView(in.ID)
	}
	return out, workroom.Refuse(workroom.Gone)
}

// Edit opens a picture of a room in the annotator; the file itself is not changed.
func (x *Captures) Edit(in PictureIn) (out CaptureView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	f, err := s.bytesOf(context.Background(), in.File, 0)
	if err != nil {
		return out, err
	}
	defer f.Close()
	img, err := decodePicture(f)
	if err != nil {
		return out, err
	}
	id := newID()
	if err := s.captures.begin(id, img, 1, captureMeta{Room: in.Room, Taken: time.Now().UnixMilli(), Displays: []DisplayView{}}); err != nil {
		return out, err
	}
	return s.captureView(id)
}

// Get is a capture as the annotator shows it.
func (x *Captures) Get(in IDIn) (out CaptureView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	return s.captureView(in.ID)
}

func (s *Session) captureView(id string) (CaptureView, error) {
	meta, doc, err := s.captures.meta(id)
	if err != nil {
		return CaptureView{}, err
	}
	out := CaptureView{ID: id, Room: meta.Room, File: id, Doc: doc, Taken: meta.Taken, Displays: meta.Displays}
	rooms, err := s.roomList()
	out.Rooms = rooms.Rooms
	return out, err
}

// Save keeps the marks after each gesture, so that a crash loses nothing.
func (x *Captures) Save(in MarksIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	dir, err := s.captures.folder(in.ID)
	if err != nil {
		return err
	}
	if _, err := annotate.Decode([]byte(in.Doc)); err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, "doc.json"), []byte(in.Doc), 0o600)
}

// flat burns the marks into the picture and answers it as a PNG file's bytes.
func (s *Session) flat(in FinishIn) ([]byte, error) {
	dir, err := s.captures.folder(in.ID)
	if err != nil {
		return nil, err
	}
	doc, err := annotate.Decode([]byte(in.Doc))
	if err != nil {
		return nil, err
	}
	base, err := readPicture(filepath.Join(dir, "base.png"))
	if err != nil {
		return nil, err
	}
	img, err := annotate.Flatten(doc, base)
	if err != nil {
		return nil, err
	}
	return annotate.EncodePNG(img)
}

// Burn blacks out in the kept original what the marks hide, after the person was asked: nothing hidden can come back from this computer
// either. The marks stay, on the changed picture; undo cannot reach behind it.
func (x *Captures) Burn(in MarksIn) (out CaptureView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	dir, err := s.captures.folder(in.ID)
	if err != nil {
		return out, err
	}
	doc, err := annotate.Decode([]byte(in.Doc))
	if err != nil {
		return out, err
	}
	base, err := readPicture(filepath.Join(dir, "base.png"))
	if err != nil {
		return out, err
	}
	img, err := annotate.BurnHides(base, doc)
	if err != nil {
		return out, err
	}
	data, err := annotate.EncodePNG(img)
	if err != nil {
		return out, err
	}
	sum := sha256.Sum256(data)
	doc.Base = hex.EncodeToString(sum[:])
	raw, err := doc.MarshalJSON()
	if err != nil {
		return out, err
	}
	if err := errors.Join(writeWhole(filepath.Join(dir, "base.png"), data, 0o600), writeWhole(filepath.Join(dir, "doc.json"), raw, 0o600)); err != nil {
		return out, Fail("disk", "The original could not be changed: "+reason(err).Error()+".")
	}
	_ = os.RemoveAll(filepath.Join(s.captures.dir, "displays")) // the other displays' pictures hold the same pixels
	return s.captureView(in.ID)
}

// captureName is the file name of a flattened picture.
func captureName(at time.Time) string { return "Trestle " + at.Format("2006-01-02 15.04.05") + ".png" }

// stageFlat flattens and stages the picture for a room.
func (s *Session) stageFlat(in FinishIn) (workroom.FileRef, error) {
	room, _, err := s.room(in.Room)
	if err != nil {
		return workroom.FileRef{}, err
	}
	data, err := s.flat(in)
	if err != nil {
		return workroom.FileRef{}, err
	}
	sha, size, err := s.blobs.Put(bytes.NewReader(data))
	if err != nil {
		return workroom.FileRef{}, err
	}
	scope := workroom.RoomScope(room)
	staged, err := s.stagedBlob(sha, size)
	if err != nil {
		return workroom.FileRef{}, err
	}
	u, err := s.stageBlob(newID(), staged, captureName(time.Now()), scope)
	if err != nil {
		return workroom.FileRef{}, err
	}
	_, ref, err := s.staged(string(u.ID), scope)
	return ref, err
}

// Attach flattens the picture into the draft of a room.
func (x *Captures) Attach(in FinishIn) (out FileRow, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	ref, err := s.stageFlat(in)
	if err != nil {
		return out, err
	}
	d, err := s.replica.Draft(context.Background(), workroom.RoomID(in.Room))
	if err != nil {
		return out, err
	}
	if len(d.Files) >= workroom.MaxFiles {
		return out, workroom.Bad("files", "A message carries at most %d files.", workroom.MaxFiles)
	}
	d.Files = append(d.Files, ref)
	if caption := strings.TrimSpace(in.Caption); caption != "" {
		d.Text = strings.TrimSpace(d.Text + "\n" + caption)
		d.Cursor = unitsOf(d.Text)
	}
	if err := s.replica.SaveDraft(context.Background(), d); err != nil {
		return out, err
	}
	return fileRow(ref), nil
}

// Send flattens the picture and sends it to a room, with the caption as text.
func (x *Captures) Send(in FinishIn) (out MessageRow, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	if in.Message == "" {
		in.Message = newID()
	}
	if row, known, err := s.sentRow(room, in.Message); err != nil || known {
		return row, err
	}
	ref, err := s.stageFlat(in)
	if err != nil {
		return out, err
	}
	u, _, err := s.staged(string(ref.ID), workroom.RoomScope(room))
	if err != nil {
		return out, err
	}
	cmd := workroom.SendMessage{Room: room, Text: strings.TrimSpace(in.Caption), Files: []workroom.FileRef{ref}}
	o := enqueueOpts{ID: in.Message}
	o.Uploads = append(o.Uploads, u)
	if _, err := s.enqueue(cmd, o); err != nil {
		return out, err
	}
	out, _, err = s.sentRow(room, in.Message)
	return out, err
}

// SaveFile flattens the picture into a file the person chooses.
func (x *Captures) SaveFile(in FinishIn) (out SavedOut, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	x.c.mu.Lock()
	f := x.c.face
	x.c.mu.Unlock()
	data, err := s.flat(in)
	if err != nil {
		return out, err
	}
	if f == nil || f.Dialogs() == nil {
		return out, Fail(CodeNotHere, "The browser saves pictures itself.")
	}
	go func() {
		path, err := f.Dialogs().SaveFile(context.Background(), "Save picture", captureName(time.Now()))
		if err != nil || path == "" {
			return
		}
		if err := writeWhole(path, data, 0o644); err != nil {
			x.c.Events.Publish("failed", Fail(CodeNoFolder, "The picture cannot be written there: "+reason(err).Error()+"."))
			return
		}
		x.c.Events.Publish("saved", SavedOut{Path: path})
	}()
	return out, nil
}

// Flat is the flattened picture for a page that copies or saves it itself: a file to be fetched from /file/ID.
func (x *Captures) Flat(in FinishIn) (out FileRow, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	data, err := s.flat(in)
	if err != nil {
		return out, err
	}
	dir := filepath.Join(s.captures.dir, "displays")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return out, err
	}
	out = FileRow{ID: newID(), Name: captureName(time.Now()), Size: int64(len(data)), Type: "image/png", Picture: true, State: "here"}
	return out, writeWhole(filepath.Join(dir, out.ID+".png"), data, 0o600)
}

// Discard removes a capture with its original.
func (x *Captures) Discard(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	dir, err := s.captures.folder(in.ID)
	if err != nil {
		return nil // gone already is what was asked for
	}
	return os.RemoveAll(dir)
}
