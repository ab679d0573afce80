package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"trestle/internal/workroom"
)

// codeOnlyDownload is the code of a file that is never opened from here: what a browser or the system would run (F-12).
const codeOnlyDownload = "only_download"

// fileOf is findFile for what is still there.
func (s *Session) fileOf(id string) (workroom.FileRef, workroom.RoomID, error) {
	ref, room, err := s.findFile(id)
	if err == nil && ref.Deleted != 0 {
		err = &workroom.Refusal{Code: workroom.Gone, Text: "This file was deleted."}
	}
	return ref, room, err
}

// Text is a text file to be read in the program, at most 1 MiB of it. The page shows it as plain text and nothing else.
func (a *Attachments) Text(in IDIn) (out TextView, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, _, err := s.fileOf(in.ID)
	if err != nil {
		return out, err
	}
	if kindOf(ref) != TextFile {
		return out, Fail(CodeBadInput, "This file is no text that can be shown.")
	}
	ctx, cancel := context.WithTimeout(s.ctx, CallLimit*3/4)
	defer cancel()
	f, err := s.bytesOf(ctx, in.ID, 0)
	if err != nil {
		return out, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return out, fmt.Errorf("read a text: %w", err)
	}
	out.Text = textOf(b)
	return out, nil
}

// textOf reads bytes as UTF-8, or as UTF-16 where they say so. What is neither is taken for what Windows wrote before them in the West, as
// spreadsheets there still do; a sign of its own stands for what that has no letter for.
func textOf(b []byte) string {
	for mark, big := range map[string]bool{"\xff\xfe": false, "\xfe\xff": true} {
		if rest, ok := bytes.CutPrefix(b, []byte(mark)); ok {
			units := make([]uint16, 0, len(rest)/2)
			for i := 0; i+1 < len(rest); i += 2 {
				lo, hi := rest[i], rest[i+1]
				if big {
					lo, hi = hi, lo
				}
				units = append(units, uint16(hi)<<8|uint16(lo))
			}
			return string(utf16.Decode(units))
		}
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(b) {
		if west, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil {
			b = west
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(string(b), "\ufffd"), "\x00", "\ufffd")
}

// Open hands a copy of a file to the program of the system that is meant for it. It is called for a press on "Open with …" alone; a page or a
// program is never opened, only saved (F-10, F-12). A file that is not here is fetched first.
func (a *Attachments) Open(in IDIn) (out OpenedFile, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, room, err := s.fileOf(in.ID)
	if err != nil {
		return out, err
	}
	if !kindOf(ref).opens() || workroom.IsProgram(ref.Name, ref.Type) {
		return out, Fail(codeOnlyDownload, "This kind of file is not opened from here. Save it, and look at it with care.")
	}
	if s.isHere(in.ID) {
		out.State = "opened"
		return out, s.openOutside(in.ID, ref, room)
	}
	out.State = "fetching"
	s.goes(func() {
		if err := s.openOutside(in.ID, ref, room); err != nil && s.ctx.Err() == nil && !stopped(err) {
			slog.Info("open a file", "error", traceOf(err))
			a.c.Events.Publish("failed", AsFailure(err))
		}
	})
	return out, nil
}

// openedDir is where the copies of opened files lie, a folder each.
func (s *Session) openedDir() string { return filepath.Join(s.dir, "opened") }

// openOutside makes a copy of a file, unless there is one from before that a person may have worked on, and opens it.
func (s *Session) openOutside(id string, ref workroom.FileRef, room workroom.RoomID) error {
	if !workroom.ValidID(id) {
		return workroom.Refuse(workroom.NoAccess)
	}
	dir := filepath.Join(s.openedDir(), id)
	path := filepath.Join(dir, workroom.SafeName(ref.Name))
	if _, err := os.Stat(path); err != nil {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return Fail(CodeNoFolder, "The file cannot be written to be opened: "+reason(err).Error()+".")
		}
		if err := s.saveTo(id, path); err != nil {
			return err
		}
	}
	s.watching.follow(id, room, ref, path, true)
	return openPath(path)
}

// openPath hands a file to the system's opener, as one argument and without a shell, and does not wait for it.
func openPath(path string) error {
	argv := openerFor(runtime.GOOS, path)
	exe, err := exec.LookPath(argv[0])
	if err != nil {
		return Fail(CodeNotHere, "This computer has no program that opens files ("+argv[0]+"). Save the file instead.")
	}
	cmd := exec.Command(exe, argv[1:]...)
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	go func() { _ = cmd.Wait() }() // its end says nothing about the file
	return nil
}

// dropOpened removes the copy of an opened file whose bytes are to be gone from this computer.
func (s *Session) dropOpened(id string) error {
	if !workroom.ValidID(id) {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(s.openedDir(), id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove an opened copy: %w", err)
	}
	return nil
}
