package app

import (
	"path"
	"strings"

	"trestle/internal/workroom"
)

// FileKind is what a page does with a file.
type FileKind string

// Kinds of files. Only pictures and texts are shown in the program; pages and programs are only downloadable (F-12). A person who looks for
// pictures looks for all of them, whether this program can draw them or not (F-07).
const (
	PictureFile  FileKind = "picture"
	ImageFile    FileKind = "image" // a picture that is not drawn here: of a form that is not read, or too large
	TextFile     FileKind = "text"
	PDFFile      FileKind = "pdf"
	DocumentFile FileKind = "document"
	AudioFile    FileKind = "audio"
	VideoFile    FileKind = "video"
	ArchiveFile  FileKind = "archive"
	PageFile     FileKind = "page" // HTML, SVG: what a browser would run
	ProgramFile  FileKind = "program"
	OtherFile    FileKind = "other"
)

// maxText is the largest text that is shown, in bytes.
const maxText = 1 << 20

// kindOf says what kind a file is, by its name and what its first bytes said when it was attached. Where these said nothing, its name does.
func kindOf(f workroom.FileRef) FileKind {
	end := strings.ToLower(path.Ext(f.Name))
	family, _, _ := strings.Cut(f.Type, "/")
	if f.Type == "" || f.Type == "application/octet-stream" {
		switch {
		case images[end]:
			family = "image"
		case sounds[end]:
			family = "audio"
		case films[end]:
			family = "video"
		}
	}
	switch {
	case workroom.IsProgram(f.Name, f.Type) && !(f.Size <= maxText && scripts[end]):
		return ProgramFile
	case pageTypesOf[f.Type] || pageEnds[end]:
		return PageFile
	case isPicture(f):
		return PictureFile
	case documents[end]: // a drawing of a program of its own may be an image to whoever looks at its bytes
		return DocumentFile
	case family == "image":
		return ImageFile
	case family == "audio":
		return AudioFile
	case family == "video":
		return VideoFile
	case f.Type == "application/pdf" || end == ".pdf":
		return PDFFile
	case archives[end]:
		return ArchiveFile
	case f.Size <= maxText && (family == "text" || f.Type == "application/json" || texts[end]):
		return TextFile
	case family == "text":
		return DocumentFile
	}
	return OtherFile
}

// isPicture reports whether a small picture of the file can be shown.
func isPicture(f workroom.FileRef) bool {
	if f.W == 0 || f.H == 0 || f.Deleted != 0 {
		return false
	}
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// shown reports whether a kind is opened outside only on an explicit wish; pages and programs never are.
func (k FileKind) opens() bool { return k != PageFile && k != ProgramFile }

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

var (
	pageTypesOf = set("text/html application/xhtml+xml image/svg+xml")
	pageEnds    = set(".htm .html .xhtml .mht .mhtml .shtml .svg .svgz")
	images      = set(".png .jpg .jpeg .jpe .jfif .gif .webp .bmp .tif .tiff .heic .heif .avif .jxl .jp2 .ico .tga .dng .cr2 .cr3 .nef .arw .raf .orf .rw2")
	sounds      = set(".mp3 .m4a .aac .ogg .oga .opus .flac .wav .wma .aif .aiff .mid .midi .amr .caf")
	films       = set(".mp4 .m4v .mov .mkv .webm .avi .wmv .mpg .mpeg .ogv .3gp .flv .mts .m2ts")
	archives    = set(".zip .gz .tgz .bz2 .xz .7z .rar .tar .zst")
	documents   = set(".doc .docx .odt .rtf .pages .xls .xlsx .ods .numbers .ppt .pptx .odp .key .epub .eps .ai .psd .indd .sketch .fig .drawio .vsdx .msg .eml")
	texts       = set(`.txt .md .markdown .csv .tsv .log .json .yaml .yml .toml .ini .conf .cfg .xml .sql .go .rs .c .h .cc .cpp .hpp .cs .java .kt .swift .ts .tsx
		.jsx .mjs .css .scss .less .svelte .vue .tex .bib .srt .vtt .diff .patch .mod .sum .proto .graphql .dart .lua .r .jl .hs .ml .ex .exs .erl .clj .scala .zig .nim .adoc
		.rst .org .po .properties .gradle .cmake .mk .env .lock .ipynb .geojson`)
	// scripts are programs to a system and texts to people: they are shown, and never opened.
	scripts = set(".js .py .rb .sh .bash .zsh .fish .ksh .csh .ps1 .psm1 .pl .php .bat .cmd .vbs")
)
