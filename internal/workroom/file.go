package workroom

import (
	"path"
	"slices"
	"strings"
)

// DeleteFile takes the bytes of one file of a room away, everywhere (F-11). What stays, in its message and in Files & links, is that there
// was a file, its name, who deleted it and when.
type DeleteFile struct {
	Room RoomID `json:"room"`
	File FileID `json:"file"`
}

func (c DeleteFile) Op() Op          { return OpDeleteFile }
func (c DeleteFile) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c DeleteFile) Lane() string    { return string(RoomScope(c.Room)) }

func (c DeleteFile) Wants() []Ref {
	s := RoomScope(c.Room)
	return []Ref{{s, KindRoom, string(c.Room)}, {s, KindFile, string(c.File)}}
}

func (c DeleteFile) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(string(c.File)) {
		return Refuse(NoAccess)
	}
	return nil
}

// Do marks the file as deleted, in the list of the room and in its message. Over one that is deleted already it changes nothing: who was
// first stays.
func (c DeleteFile) Do(a Asked, in Rows, out *Changes) *Refusal {
	if r := mayWithdraw(a.By, in, c.Room); r != nil {
		return r
	}
	s := RoomScope(c.Room)
	f, k := Get[*File](in, Ref{s, KindFile, string(c.File)})
	switch {
	case k == Absent:
		return Refuse(Gone)
	case k == Unheld:
		return nil
	}
	room, _ := Get[*Room](in, Ref{s, KindRoom, string(c.Room)})
	self, _ := Get[*Member](in, Ref{s, KindMember, string(a.By)})
	if room != nil && self != nil && !MayDeleteFile(a.By, f, room, self) {
		return Refuse(UploaderOnly)
	}
	if f.Deleted != 0 {
		return nil
	}
	n := *f
	n.FileRef = f.erased(a)
	out.Put(s, string(c.File), &n)
	if m, k := Get[*Message](in, Ref{s, KindMessage, f.Message}); k == Held {
		for i, x := range m.Files {
			if x.ID != c.File {
				continue
			}
			said := *m
			said.Files = append([]FileRef{}, m.Files...)
			said.Files[i] = x.erased(a)
			out.Put(s, f.Message, &said)
		}
	}
	return nil
}

// erased is the file without its bytes.
func (f FileRef) erased(a Asked) FileRef {
	f.Deleted, f.DeletedBy = a.At.UnixMicro(), a.By
	return f
}

// MayDeleteFile reports whether a member of a room may delete a file of it: who sent it, and in a group room its owner and admins too.
func MayDeleteFile(by AccountID, f *File, room *Room, self *Member) bool {
	return f.Author == by || room.Kind == "group" && (self.Role == Owner || self.Role == Admin)
}

// extension is what follows the last dot of a name, in small letters, with the dot; "" for a name without one.
func extension(name string) string { return strings.ToLower(path.Ext(strings.TrimRight(name, ". "))) }

// programs are endings of names that a system runs, or that make it run something, when they are opened. The lists of what mail programs and
// browsers hold back agree on these.
var programs = map[string]bool{}

func init() {
	for e := range strings.FieldsSeq(`.app .appimage .appref-ms .bat .bin .cmd .com .command .cpl .csh .deb .desktop .dll .dmg .elf .exe .gadget .hta .inf
		.ins .jar .jnlp .js .jse .ksh .lnk .mpkg .msc .msi .msp .mst .msix .out .pif .pkg .ps1 .psm1 .py .pyw .rb .reg .rpm .run .scr .sct .service .sh .so
		.swf .url .vb .vbe .vbs .ws .wsc .wsf .wsh .xll .xpi .zsh .apk .ipa .iso .img .vhd .workflow .terminal .pl .php .bash .fish`) {
		programs[e] = true
	}
}

// IsProgram reports whether opening a file could run it, by its name and by the type its first bytes say (F-12).
func IsProgram(name, kind string) bool {
	switch kind {
	case "application/x-executable", "application/x-elf", "application/x-sharedlib", "application/x-mach-binary", "application/x-msdownload",
		"application/vnd.microsoft.portable-executable", "application/x-ms-shortcut", "application/x-ms-installer", "application/x-msi",
		"application/java-archive", "application/jar", "application/vnd.android.package-archive", "application/x-rpm", "application/vnd.debian.binary-package",
		"application/x-shellscript", "text/x-shellscript", "text/x-python", "text/x-perl", "text/x-ruby", "text/x-php", "text/javascript", "application/javascript":
		return true
	}
	return programs[extension(name)]
}

// windowsProgram is what the first bytes of a program for Windows say.
var windowsProgram = []string{"application/vnd.microsoft.portable-executable", "application/x-msdownload"}

// sniffed are the media types that files of an ending are known by, whatever they are called; only those whose first bytes leave no doubt.
var sniffed = map[string][]string{
	".exe": windowsProgram, ".dll": windowsProgram, ".scr": windowsProgram, ".sys": windowsProgram,
	".msi": {"application/x-ms-installer", "application/x-msi"}, ".lnk": {"application/x-ms-shortcut"},
	".jar": {"application/java-archive", "application/jar"}, ".apk": {"application/vnd.android.package-archive"},
	".deb": {"application/vnd.debian.binary-package"}, ".rpm": {"application/x-rpm"}, ".sh": {"text/x-shellscript", "application/x-shellscript"},
	".pdf": {"application/pdf"}, ".zip": {"application/zip"}, ".rar": {"application/x-rar-compressed", "application/vnd.rar"},
	".7z": {"application/x-7z-compressed"},
}

// RefusedType finds what in a list of refused types a file falls under; "" if nothing. An entry is an ending (".exe"), a media type
// ("application/zip") or a family of them ("video/*"). An ending stands for the media type that the first bytes of such a file tell, too, so
// that a name which hides it does not help.
func RefusedType(name, kind string, refused []string) string {
	for _, r := range refused {
		switch {
		case strings.HasPrefix(r, "."):
			ending := extension(name)
			if ending == r || slices.Contains(sniffed[r], kind) && !slices.Contains(sniffed[ending], kind) {
				return r
			}
		case strings.HasSuffix(r, "/*"):
			if strings.HasPrefix(kind, strings.TrimSuffix(r, "*")) {
				return r
			}
		case kind == r:
			return r
		}
	}
	return ""
}

// CleanTypes makes a list of refused types out of what an operator wrote, and answers the first entry that is none, or "".
func CleanTypes(list []string) (out []string, bad string) {
	for _, raw := range list {
		t := strings.ToLower(strings.TrimSpace(raw))
		if t == "" {
			continue
		}
		left, right, media := strings.Cut(t, "/")
		switch {
		case strings.ContainsAny(t, " \t\n\"';") || len(t) > 127:
			return nil, raw
		case media && (left == "" || left == "*" || right == "" || strings.Contains(right, "/")):
			return nil, raw
		case !media && strings.Trim(t, ".") == "":
			return nil, raw
		case !media && !strings.HasPrefix(t, "."):
			t = "." + t
		}
		out = append(out, t)
	}
	return out, ""
}

// RefuseType says that the service takes no files of a type, and names it.
func RefuseType(t string) *Refusal {
	return &Refusal{Code: TypeRefused, Field: "type", Text: "This service takes no files of the type " + t + ". Send a link instead."}
}
