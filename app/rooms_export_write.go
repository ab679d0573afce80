package app

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"trestle/internal/workroom"
)

// write makes the archive: messages.md, messages.json, files.txt and the files that are here.
func (x *roomExport) write(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	total := len(x.Message) + len(x.Files)
	names := map[string]bool{}
	for i := range x.Files {
		f := &x.Files[i]
		if f.sha == "" {
			continue
		}
		f.In = "files/" + unused(names, f.Name)
		x.tell(i, total, false)
		if err := x.copy(ctx, z, *f); err != nil {
			return err
		}
	}
	for name, write := range map[string]func(io.Writer) error{"messages.json": x.json, "messages.md": x.markdown, "files.txt": x.list} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.At})
		if err == nil {
			err = write(w)
		}
		if err != nil {
			return fmt.Errorf("write %s of an export: %w", name, err)
		}
	}
	x.tell(total, total, true)
	return z.Close()
}

// unused makes a name that no file before has, also where case does not count.
func unused(names map[string]bool, name string) string {
	name = workroom.SafeName(name)
	stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	for n := 2; names[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s (%d)%s", stem, n, ext)
	}
	names[strings.ToLower(name)] = true
	return name
}

func (x *roomExport) copy(ctx context.Context, z *zip.Writer, f exportedFile) error {
	from, err := x.s.blobs.Open(f.sha)
	if err != nil {
		return err
	}
	defer from.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: f.In, Method: zip.Store, Modified: f.At})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, readerOf(ctx, from))
	return err
}

// stoppable ends a long read when somebody called it off.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func readerOf(ctx context.Context, r io.Reader) io.Reader { return stoppable{ctx, r} }

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

func (x *roomExport) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(x)
}
