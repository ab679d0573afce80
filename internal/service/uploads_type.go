package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// looked is the media type that the first bytes of an upload say, which is what the file is from now on, whatever it was announced as (F-12).
// It refuses a type that the operator does not take, and a picture that is none of the kind announced.
func (s *Service) looked(ctx context.Context, f *store.File) (string, error) {
	in := s.files.Read(ctx, f.Space, f.Parts, f.Size)
	defer func() { _ = in.Close() }()
	is, err := mimetype.DetectReader(in)
	if err != nil {
		s.lost(ctx, f, in)
		return "", fmt.Errorf("look what a file is: %w", err)
	}
	kind, _, _ := strings.Cut(is.String(), ";")
	if t := workroom.RefusedType(f.Name, kind, s.cfg.RefuseTypes); t != "" {
		return "", workroom.RefuseType(t)
	}
	if strings.HasPrefix(f.Type, "image/") && !is.Is(f.Type) {
		return "", workroom.Bad("type", "The file is not the kind of picture it was announced as.")
	}
	return kind, nil
}

// described gives the files that a message names the types that their bytes said, and takes the measures of a picture from what is none: what
// others see of a file, and whether they are warned of it, is not its sender's choice.
func described(x *item, changes []workroom.Change) {
	if len(x.files) == 0 {
		return
	}
	for i, c := range changes {
		switch t := c.Thing.(type) {
		case *workroom.Message:
			n := *t
			n.Files = slices.Clone(t.Files)
			for j := range n.Files {
				x.describe(&n.Files[j])
			}
			changes[i].Thing = &n
		case *workroom.File:
			n := *t
			x.describe(&n.FileRef)
			changes[i].Thing = &n
		}
	}
}

func (x *item) describe(f *workroom.FileRef) {
	of := slices.IndexFunc(x.files, func(u *store.File) bool { return u.ID == f.ID })
	if of < 0 {
		return
	}
	f.Type = x.files[of].Type
	if !strings.HasPrefix(f.Type, "image/") {
		f.W, f.H = 0, 0
	}
}
