package app

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// opener puts a program in the place of the system's opener that writes down what it is given, and answers what that was.
func opener(t *testing.T) (opened func() []string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the opener is another program here")
	}
	dir := t.TempDir()
	said := filepath.Join(dir, "said")
	script := "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '" + said + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() []string {
		b, _ := os.ReadFile(said)
		return strings.Fields(string(b))
	}
}

// files are those of a room as the panel lists them.
func files(t *testing.T, c *Core, in FilesIn) FilesView {
	t.Helper()
	v, err := (&Rooms{c}).Files(in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func namesOf(list []FileRow) string {
	var out []string
	for _, f := range list {
		out = append(out, f.Name)
	}
	return strings.Join(out, " ")
}

// F-07, F-08: newest first, by name whatever its marks and case, by kind, a page at a time; a deleted file is listed as such. All of it offline.
func TestF07_TheFilesOfARoom(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ name, body string }{
		{"plan.txt", "walnut"}, {"Café.pdf", "%PDF-1.7 x"}, {"shot.png", pic.String()}, {"film.mp4", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"},
		{"page.html", "<html><body>hi"}, {"run.exe", "MZ\x90"}, {"run.sh", "#!/bin/sh\necho"},
	} {
		write(t, c, room, "see https://example.com/"+f.name, attached(t, c, room, f.name, f.body))
	}
	all := files(t, c, FilesIn{Room: room})
	if got := namesOf(all.Files); got != "run.sh run.exe page.html film.mp4 shot.png Café.pdf plan.txt" || len(all.Links) != 7 || all.More {
		t.Fatalf("%s, %d links", got, len(all.Links))
	}
	kinds := map[string]string{"plan.txt": "text", "Café.pdf": "pdf", "shot.png": "picture", "film.mp4": "video", "page.html": "page", "run.exe": "program", "run.sh": "text"}
	for _, f := range all.Files {
		if f.Kind != kinds[f.Name] || f.Program != strings.HasPrefix(f.Name, "run") || f.By == "" || f.At == 0 || f.Message == "" {
			t.Errorf("%+v", f)
		}
	}
	for in, want := range map[FilesIn]string{
		{Words: "cafe"}: "Café.pdf", {Words: "PDF caf"}: "Café.pdf", {Words: "fé.p CAFÉ"}: "Café.pdf", {Words: "cafe plan"}: "", {Words: " RUN "}: "run.sh run.exe", {Group: "images"}: "shot.png", {Group: "media"}: "film.mp4",
		{Group: "documents"}: "run.sh Café.pdf plan.txt", {Group: "other"}: "run.exe page.html", {Group: "links"}: "", {Words: "walnut"}: "",
		{Before: all.Files[4].ID}: "Café.pdf plan.txt",
	} {
		in.Room = room
		if got := namesOf(files(t, c, in).Files); got != want {
			t.Errorf("%+v lists %q, want %q", in, got, want)
		}
	}
	if l := files(t, c, FilesIn{Room: room, Words: "plan"}).Links; len(l) != 1 || l[0].Host != "example.com" || l[0].Message == "" {
		t.Errorf("%+v", l)
	}
	gone := all.Files[6]
	if err := (&Rooms{c}).DeleteFile(FileIn{Room: room, File: gone.ID}); err != nil {
		t.Fatal(err)
	}
	if f := files(t, c, FilesIn{Room: room, Words: "plan"}).Files[0]; f.State != "deleted" || f.DeletedBy != "Esme" || f.Deleted == 0 || f.CanDelete || f.Picture {
		t.Errorf("%+v", f)
	}
	if _, err := (&Attachments{c}).Text(IDIn{ID: gone.ID}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("a deleted text is read: %v", err)
	}
}

// F-07: on a new device, which has the newest page of a room, the list of links says that there is more at the service, and gets it.
func TestF07_LinksOfWhatIsAtTheService(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	write(t, mara, room, "see https://example.com/first")
	for i := range 60 {
		write(t, mara, room, "and more "+strconv.Itoa(i))
	}
	arrived(t, mara)
	c := h.deskOnBus(esme, "")
	eventually(t, "the newest page is here", func() bool { return strings.Contains(told(t, c, room), "more 59") })
	in := FilesIn{Room: room, Group: "links"}
	if v := files(t, c, in); !v.Older || len(v.Links) != 0 {
		t.Fatalf("older: %v, %d links", v.Older, len(v.Links))
	}
	if err := (&Rooms{c}).OlderFiles(RoomIn{room}); err != nil {
		t.Fatal(err)
	}
	if v := files(t, c, in); v.Older || len(v.Links) != 1 || v.Links[0].By == "" || v.Links[0].At == 0 {
		t.Errorf("older: %v, %+v", v.Older, v.Links)
	}
}

// F-07: a list of very many links goes on where its page ended, to the very first.
func TestF07_LinksPageByPage(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	var want []string
	for m := range 5 {
		var text strings.Builder
		for i := range 90 {
			u := "https://example.com/" + strconv.Itoa(m*90+i)
			want = append(want, u)
			text.WriteString(u + " ")
		}
		write(t, c, room, text.String())
	}
	var pages []int
	var got []string
	in := FilesIn{Room: room, Group: "links"}
	for more := true; more; more = in.Before != "" {
		v := files(t, c, in)
		pages, in.Before = append(pages, len(v.Links)), v.Further
		for _, l := range v.Links {
			got = append(got, l.URL)
		}
	}
	if !slices.Equal(pages, []int{270, 180}) {
		t.Errorf("pages of %v links", pages)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d links, want %d", len(got), len(want))
	}
}

// F-09, F-12: a text is given as text in whatever encoding it says; what a browser or the system would run is neither shown nor opened.
func TestF12_WhatIsShownAndOpened(t *testing.T) {
	opened := opener(t)
	_, c, room := deskInRoom(t)
	id := func(name, body string) string {
		x := attached(t, c, room, name, body)
		write(t, c, room, "", x)
		return x
	}
	for body, want := range map[string]string{
		"plain <b>text</b>": "plain <b>text</b>", "\xef\xbb\xbfwith a mark": "with a mark", "\xff\xfeh\x00i\x00": "hi", "\xfe\xff\x00h\x00i": "hi", "bro\x81ken": "bro\ufffdken",
	} {
		v, err := (&Attachments{c}).Text(IDIn{ID: id("a.txt", body)})
		if err != nil || v.Text != want {
			t.Errorf("%q reads %q, %v", body, v.Text, err)
		}
	}
	for _, name := range []string{"page.html", "drawing.svg", "setup.exe", "run.sh", "tool.desktop"} {
		x := id(name, "#!/bin/sh\n<svg/>")
		if _, err := (&Attachments{c}).Open(IDIn{ID: x}); AsFailure(err).Code != codeOnlyDownload {
			t.Errorf("%s is opened: %v", name, err)
		}
		if _, err := (&Attachments{c}).Text(IDIn{ID: x}); (err == nil) != (name == "run.sh") {
			t.Errorf("%s is shown: %v", name, err)
		}
	}
	pdf := id("plan.pdf", "%PDF-1.7")
	if out, err := (&Attachments{c}).Open(IDIn{ID: pdf}); err != nil || out.State != "opened" {
		t.Fatalf("%+v %v", out, err)
	}
	eventually(t, "the opener is called", func() bool { return len(opened()) == 1 })
	path := opened()[0]
	info, err := os.Stat(path)
	if err != nil || filepath.Base(path) != "plan.pdf" || info.Mode().Perm()&0o111 != 0 || !strings.HasPrefix(path, c.session.openedDir()) {
		t.Errorf("%s %v %v", path, info, err)
	}
	if err := (&Rooms{c}).DeleteFile(FileIn{Room: room, File: pdf}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the opened copy goes with the file", func() bool { _, err := os.Stat(path); return err != nil })
}

// D-07: an opened file that was edited is asked about, also after a restart; sent, it answers the message before under the same name; said no
// to, it is asked about after the next change only.
func TestD07_AnEditedFileIsOffered(t *testing.T) {
	opened := opener(t)
	_, c, room := deskInRoom(t)
	file := attached(t, c, room, "plan.txt", "first")
	first := write(t, c, room, "the plan", file)
	if _, err := (&Attachments{c}).Open(IDIn{ID: file}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is open", func() bool { return len(opened()) == 1 })
	path := opened()[0]
	asked := func() []ChangedFile {
		v, err := (&Watching{c}).Changed()
		if err != nil {
			t.Fatal(err)
		}
		return v.Files
	}
	edit := func(text string) {
		t.Helper()
		if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+"~", path); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the change is noticed", func() bool { return len(asked()) == 1 })
	}
	if len(asked()) != 0 {
		t.Fatal("it is asked about unchanged")
	}
	edit("second")
	q := asked()[0]
	if q.Name != "plan.txt" || q.Room != room || q.RoomName == "" || q.Path != path || q.At == 0 {
		t.Errorf("%+v", q)
	}
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	if got := asked(); len(got) != 1 || got[0].ID != q.ID {
		t.Fatalf("after a restart: %+v", got)
	}
	draft := DraftIn{Room: room, Text: "half a thought", Files: []string{}}
	if _, err := (&Rooms{c}).SaveDraft(draft); err != nil {
		t.Fatal(err)
	}
	second := newID()
	for range 2 { // a call that is made again does nothing twice
		if err := (&Watching{c}).SendVersion(SendVersionIn{ID: q.ID, Message: second}); err != nil {
			t.Fatal(err)
		}
	}
	w, err := (&Rooms{c}).Newest(RoomIn{Room: room})
	if err != nil || len(w.Messages) != 2 {
		t.Fatalf("%+v %v", w, err)
	}
	if m := w.Messages[1]; m.ID != second || m.Reply == nil || m.Reply.ID != first || len(m.Files) != 1 || m.Files[0].Name != "plan.txt" || m.Files[0].ID == file {
		t.Errorf("%+v", m)
	}
	if v, err := (&Rooms{c}).Open(OpenIn{Room: room}); err != nil || v.Draft.Text != "half a thought" {
		t.Errorf("the draft became %+v, %v", v.Draft, err)
	}
	if len(asked()) != 0 {
		t.Error("it is still asked about")
	}
	edit("third")
	if err := (&Watching{c}).NotNow(IDIn{ID: q.ID}); err != nil || len(asked()) != 0 {
		t.Fatalf("not now: %v", err)
	}
	edit("fourth")
	if err := (&Watching{c}).Stop(IDIn{ID: q.ID}); err != nil || len(asked()) != 0 {
		t.Fatalf("stop: %v", err)
	}
	if err := (&Watching{c}).SendVersion(SendVersionIn{ID: q.ID}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("sent although it is not watched: %v", err)
	}
}

// D-08: a new file in a contract's folder becomes part of the draft of its room, also one that came while Trestle was closed; what lay there
// before, what is hidden, temporary, empty or a link does not; it can be taken back.
func TestD08_ADropFolderFeedsTheDraft(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	_, c, room := deskInRoom(t)
	v, err := (&Watching{c}).Folders()
	if err != nil || len(v.Folders) != 1 || v.Folders[0].Path != "" || v.Folders[0].Room != room {
		t.Fatalf("%+v %v", v, err)
	}
	contract, dir := v.Folders[0].Contract, v.Folders[0].Makes
	put := func(name, body string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	put("old.txt", "lay here before")
	if err := (&Watching{c}).Make(IDIn{ID: contract}); err != nil {
		t.Fatal(err)
	}
	if err := (&Watching{c}).Choose(IDIn{ID: contract}); AsFailure(err).Code != string(CodeNotHere) {
		t.Errorf("a dialog without a window: %v", err)
	}
	drafted := func() []string {
		v, err := (&Rooms{c}).Open(OpenIn{Room: room})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(namesOf(v.Draft.Files))
	}
	for _, name := range []string{".hidden", "~$plan.docx", ".~lock.a.odt#", "a.tmp", "b.part", "c.crdownload"} {
		put(name, "x")
	}
	put("empty.txt", "")
	if err := os.Symlink(filepath.Join(dir, "old.txt"), filepath.Join(dir, "link.txt")); err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	}
	put("report.txt", "new")
	eventually(t, "the new file is in the draft", func() bool { return slices.Equal(drafted(), []string{"report.txt"}) })
	dirs := c.dirs
	c.Close()
	put("later.txt", "came while nobody looked")
	c = openDesk(t, dirs)
	eventually(t, "the later file is in the draft", func() bool { return slices.Equal(drafted(), []string{"report.txt", "later.txt"}) })
	open, err := (&Rooms{c}).Open(OpenIn{Room: room})
	if err != nil {
		t.Fatal(err)
	}
	if err := (&Watching{c}).TakeBack(FileIn{Room: room, File: open.Draft.Files[0].ID}); err != nil || !slices.Equal(drafted(), []string{"later.txt"}) {
		t.Errorf("taken back: %v, %v", drafted(), err)
	}
	sent := open.Draft.Files[1].ID
	write(t, c, room, "the later one", sent)
	if err := (&Watching{c}).TakeBack(FileIn{Room: room, File: sent}); AsFailure(err).Code != string(workroom.Gone) || !c.session.isHere(sent) {
		t.Errorf("what was sent is taken back: %v, here: %v", err, c.session.isHere(sent))
	}
	if err := (&Watching{c}).Forget(IDIn{ID: contract}); err != nil {
		t.Fatal(err)
	}
	put("after.txt", "nobody wants it")
	time.Sleep(50 * time.Millisecond)
	if v, err := (&Watching{c}).Folders(); err != nil || v.Folders[0].Path != "" || len(drafted()) != 0 {
		t.Errorf("%+v %v %v", v, drafted(), err)
	}
	if err := c.session.watching.begin(contract, c.dirs.Data); AsFailure(err).Code != string(CodeNoFolder) {
		t.Errorf("the program's own folder is watched: %v", err)
	}
}

// F-12, R1: what the service takes is known offline, from the last time it was heard; a type it refuses is refused by name, before it is read.
func TestF12_RefusedTypesAreKnownOffline(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	c.session.fileLimits.learn(100, []string{".exe", "application/pdf"})
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	dir := t.TempDir()
	var paths []string
	for name, body := range map[string]string{"a.exe": "MZ", "b.pdf": "%PDF-1.7 x", "c.txt": "fine", "d.txt": strings.Repeat("x", 101)} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(paths[len(paths)-1], []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(paths)
	out, err := (&Verbs{c}).Take(TakeIn{Room: room, Paths: paths})
	if err != nil || namesOf(out.Files) != "c.txt" || len(out.Refused) != 3 {
		t.Fatalf("%+v %v", out, err)
	}
	for i, want := range []string{string(workroom.TypeRefused), string(workroom.TypeRefused), string(workroom.TooLarge)} {
		if out.Refused[i].Code != want {
			t.Errorf("%+v, want %s", out.Refused[i], want)
		}
	}
	if !strings.Contains(out.Refused[0].Reason, ".exe") || !strings.Contains(out.Refused[1].Reason, "application/pdf") {
		t.Errorf("the type is not named: %+v", out.Refused)
	}
	if b, err := (&Shell{c}).Boot(); err != nil || b.Caps.MaxFile != 100 {
		t.Errorf("the limit in force is %d, %v", b.Caps.MaxFile, err)
	}
}
