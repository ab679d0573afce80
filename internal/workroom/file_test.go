package workroom

import (
	"strings"
	"testing"
	"time"
)

// F-11: who may delete a file, in which room, and when not.
func TestF11_WhoMayDeleteAFile(t *testing.T) {
	for what, c := range map[string]struct {
		kind RoomKind
		who  AccountID
		role Role // of who
		cmd  DeleteFile
		want Code
	}{
		"the uploader of a contract room":        {ContractRoom, cli, Client, DeleteFile{raum, "f1"}, ""},
		"the other side":                         {ContractRoom, free, Freelancer, DeleteFile{raum, "f1"}, UploaderOnly},
		"an owner who did not send it":           {ContractRoom, free, Owner, DeleteFile{raum, "f1"}, UploaderOnly},
		"an admin of an interview room":          {InterviewRoom, free, Admin, DeleteFile{raum, "f1"}, UploaderOnly},
		"the other of a direct room":             {"direct", free, Writer, DeleteFile{raum, "f1"}, UploaderOnly},
		"the uploader of a group":                {"group", cli, Writer, DeleteFile{raum, "f1"}, ""},
		"the owner of a group":                   {"group", free, Owner, DeleteFile{raum, "f1"}, ""},
		"an admin of a group":                    {"group", free, Admin, DeleteFile{raum, "f1"}, ""},
		"a member of a group":                    {"group", free, Writer, DeleteFile{raum, "f1"}, UploaderOnly},
		"somebody who is not in the room":        {"group", odd, "", DeleteFile{raum, "f1"}, NoAccess},
		"a file that is not there":               {ContractRoom, cli, Client, DeleteFile{raum, "f9"}, Gone},
		"an id that is none":                     {ContractRoom, cli, Client, DeleteFile{raum, "../f1"}, NoAccess},
		"the uploader, of a room that is closed": {"closed", cli, Client, DeleteFile{raum, "f1"}, RoomArchived},
	} {
		x := written(t)
		room := x.rows[Ref{RoomScope(raum), KindRoom, string(raum)}].(*Room)
		if room.Kind = c.kind; c.kind == "closed" {
			room.Archived = true
		}
		if m, ok := x.rows[Ref{RoomScope(raum), KindMember, string(c.who)}].(*Member); ok {
			m.Role = c.role
		}
		wantCode(t, what, x.do(t, c.who, "d", work.AddDate(1, 0, 0), c.cmd), c.want)
		f, _ := x.rows[Ref{RoomScope(raum), KindFile, "f1"}].(*File)
		if f == nil || (f.Deleted != 0) != (c.want == "") || (x.message("m1").Files[0].Deleted != 0) != (c.want == "") {
			t.Errorf("%s: %+v", what, f)
		}
	}
}

// F-11: the name, who and when stay, in the list and in the message; the first who deletes stays; the message and what is said in it too.
func TestF11_DeletedByWhomAndWhenStays(t *testing.T) {
	x := written(t)
	at := work.Add(time.Hour)
	wantCode(t, "delete", x.do(t, cli, "d1", at, DeleteFile{raum, "f1"}), "")
	wantCode(t, "again", x.do(t, cli, "d2", at.Add(time.Hour), DeleteFile{raum, "f1"}), "")
	want := file
	want.Deleted, want.DeletedBy = at.UnixMicro(), cli
	f := x.rows[Ref{RoomScope(raum), KindFile, "f1"}].(*File)
	if m := x.message("m1"); f.FileRef != want || f.Author != cli || f.Message != "m1" || m.Files[0] != want || m.Text != "first" {
		t.Errorf("%+v, %+v", f, m)
	}
	wantCode(t, "send it again", x.do(t, cli, "m2", at, SendMessage{Room: raum, Files: []FileRef{want}}), BadInput)
	wantCode(t, "its words", x.do(t, cli, "e", at, EditMessage{Room: raum, Message: "m1", Text: "second"}), "")
	if x.message("m1").Files[0] != want {
		t.Error("an edit brought the file back")
	}
}

// F-11: a copy that does not hold the file, or not its message, refuses nothing and writes no more than it knows.
func TestF11_UnheldRefusesNothing(t *testing.T) {
	x := newTable()
	x.unheld[RoomScope(raum)] = true
	wantCode(t, "delete", x.do(t, cli, "d", work, DeleteFile{raum, "f1"}), "")
	if len(x.rows) != 0 {
		t.Errorf("it writes over what it cannot see: %v", x.rows)
	}
	y := written(t)
	delete(y.rows, Ref{RoomScope(raum), KindMessage, "m1"})
	wantCode(t, "delete", y.do(t, cli, "d", work, DeleteFile{raum, "f1"}), "")
	if y.message("m1") != nil || y.rows[Ref{RoomScope(raum), KindFile, "f1"}].(*File).Deleted == 0 {
		t.Error("the file is not deleted, or its message came back")
	}
}

// F-12: what counts as a program: by its name, whatever case and dots it is dressed in, or by its bytes.
func TestF12_Programs(t *testing.T) {
	for name, kind := range map[string]string{
		"setup.exe": "", "SETUP.EXE": "", "invoice.pdf.exe": "application/pdf", "a.scr": "", "run.sh": "text/plain", "macro.vbs": "", "x.desktop": "", "photo.lnk": "",
		"notes.txt": "application/x-elf", "tool": "application/x-mach-binary", "late.exe. ": "", "p.ps1": "", "q.AppImage": "", "s": "text/x-shellscript",
	} {
		if !IsProgram(name, kind) {
			t.Errorf("%s (%s) is none", name, kind)
		}
	}
	for name, kind := range map[string]string{"a.txt": "text/plain", "exe": "", "report.pdf": "application/pdf", "x.png": "image/png", "page.html": "text/html", ".exec": ""} {
		if IsProgram(name, kind) {
			t.Errorf("%s (%s) is one", name, kind)
		}
	}
}

// F-12: a list of refused types takes endings, media types and families, and says what is none.
func TestF12_RefusedTypes(t *testing.T) {
	list, bad := CleanTypes([]string{"exe", " .MSI", "application/zip", "video/*", ""})
	if bad != "" || strings.Join(list, " ") != ".exe .msi application/zip video/*" {
		t.Fatalf("%v, %q", list, bad)
	}
	for _, x := range []struct{ name, kind, want string }{
		{"a.exe", "", ".exe"}, {"A.EXE", "text/plain", ".exe"}, {"b.msi.", "", ".msi"}, {"x", "application/zip", "application/zip"},
		{"a.txt", "application/vnd.microsoft.portable-executable", ".exe"}, {"a.exe.txt", "application/x-msdownload", ".exe"},
		{"a.dll", "application/vnd.microsoft.portable-executable", ""}, {"a", "application/x-ms-installer", ".msi"},
		{"film.mp4", "video/mp4", "video/*"}, {"a.txt", "text/plain", ""}, {"exe", "", ""}, {"a.zip", "application/x-zip", ""},
	} {
		if got := RefusedType(x.name, x.kind, list); got != x.want {
			t.Errorf("%s %s: %q, want %q", x.name, x.kind, got, x.want)
		}
	}
	for _, x := range []string{"*/*", "/x", "a/", "a/b/c", "two words", ".", "..", "a;b"} {
		if list, bad := CleanTypes([]string{x}); bad != x {
			t.Errorf("%q is taken as %v", x, list)
		}
	}
}
