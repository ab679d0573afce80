package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"time"

	_ "golang.org/x/image/webp" // one more kind of picture that is looked at

	"trestle/internal/annotate"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// findFile finds what is known of a file in any room.
func (s *Session) findFile(id string) (workroom.FileRef, workroom.RoomID, error) {
	if !workroom.ValidID(id) {
		return workroom.FileRef{}, "", workroom.Refuse(workroom.NoAccess)
	}
	rooms, err := s.replica.Rooms(context.Background())
	if err != nil {
		return workroom.FileRef{}, "", err
	}
	for _, r := range rooms {
		x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(workroom.RoomID(r.ID)), Kind: workroom.KindFile, ID: id})
		if err != nil {
			return workroom.FileRef{}, "", err
		}
		if f, ok := x.Thing.(*workroom.File); ok && known == workroom.Held {
			return f.FileRef, workroom.RoomID(r.ID), nil
		}
	}
	return workroom.FileRef{}, "", workroom.Refuse(workroom.NoAccess)
}

// bytesOf opens a file, or its small picture of the given width, from the blobs, or else from the service.
//
// A picture of somebody else's diary is looked at with that: the service writes it down where it hands the bytes out, this program where they
// are here already, before it shows them (T-09).
func (s *Session) bytesOf(ctx context.Context, id string, width int) (*os.File, error) {
	f, err := s.localBytes(ctx, id, width)
	if err != nil {
		return nil, err
	}
	told := f == nil
	if told {
		scope, err := s.scopeOf(id)
		if err != nil {
			return nil, err
		}
		sha, err := s.courier.Fetch(ctx, scope, workroom.FileID(id), width)
		if err != nil {
			return nil, atService(err)
		}
		if f, err = s.blobs.Open(sha); err != nil {
			return nil, err
		}
	}
	if err := s.looking(ctx, id, width == 0 || width > listWidth, told); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// codeAtService is the code of a file that is not on this computer while its service does not answer.
const codeAtService = "at_service"

// atService says of a fetch that did not reach the service where the file is; what the wire says of it is meant for what is sent (F-10).
func atService(err error) error {
	var e *wire.Error
	if errors.As(err, &e) && e.Code == wire.Unreachable && !stopped(err) {
		return Fail(codeAtService, "This file is not on this computer, and the service does not answer. Try again when you are connected.")
	}
	return err
}

// localBytes are the bytes of a file, or of its small picture, if they are on this computer; else nil.
func (s *Session) localBytes(ctx context.Context, id string, width int) (*os.File, error) {
	key := id
	if width > 0 {
		key = fmt.Sprintf("%s@%d", id, width)
	}
	if sha, _, ok, err := s.replica.LocalFile(ctx, key); err != nil {
		return nil, err
	} else if ok {
		if f, err := s.blobs.Open(sha); err == nil {
			return f, nil
		}
	}
	if width > 0 {
		return s.ownThumb(ctx, id, key, width)
	}
	return nil, nil
}

// scopeOf finds the scope whose readers may read a file: a room's, or the diary week of a screenshot.
func (s *Session) scopeOf(id string) (workroom.Scope, error) {
	if _, room, err := s.findFile(id); err == nil {
		return workroom.RoomScope(room), nil
	}
	if p, ok, err := s.shotOf(context.Background(), id); ok || err != nil {
		return p.scope, err
	}
	return "", workroom.Refuse(workroom.NoAccess)
}

// ownThumb makes a small picture from bytes that are here; nil where they are not.
func (s *Session) ownThumb(ctx context.Context, id, key string, width int) (*os.File, error) {
	sha, _, ok, err := s.replica.LocalFile(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	f, err := s.blobs.Open(sha)
	if err != nil {
		return nil, nil // gone from the disk: ask the service
	}
	defer f.Close()
	decoding <- struct{}{} // one at a time: a picture of 50 megapixels is 200 MB
	defer func() { <-decoding }()
	img, err := decodePicture(f)
	if err != nil {
		return nil, err
	}
	jpg, err := smallPicture(img, width)
	if err != nil {
		return nil, err
	}
	small, size, err := s.blobs.Put(bytes.NewReader(jpg))
	if err != nil {
		return nil, err
	}
	if kept, err := s.replica.Shrunk(ctx, key, small, size); err != nil {
		return nil, err
	} else if !kept {
		return nil, workroom.Refuse(workroom.Gone) // deleted meanwhile
	}
	return s.blobs.Open(small)
}

// Widths of pictures that pages ask for: in a list, on the screen, and looked at closely. Each is a JPEG made here or at the service, so that
// no byte of a stranger's file reaches the page's own decoders.
const (
	listWidth   = 320
	screenWidth = 1280
	wholeWidth  = 4096
)

// sizeFor is the size that serves a wish.
func sizeFor(width int) int {
	switch {
	case width <= listWidth:
		return listWidth
	case width <= screenWidth:
		return screenWidth
	}
	return wholeWidth
}

// decoding holds the one picture that is being decoded.
var decoding = make(chan struct{}, 1)

// smallPicture is a picture as a JPEG of a width.
func smallPicture(img *image.RGBA, width int) ([]byte, error) {
	if width < wholeWidth {
		return annotate.Thumbnail(img, width)
	}
	return annotate.EncodeJPEG(annotate.Scale(img, width, width), 88)
}

// files is how the faces reach bytes.
func (c *Core) files() Files {
	return Files{
		Open: func(ctx context.Context, id string, width int) (StoredFile, error) {
			s, err := c.here()
			if err != nil {
				return StoredFile{}, err
			}
			return s.storedFile(ctx, id, width)
		},
		Put: c.puts.put,
	}
}

// storedFile opens a file for a page: a held screenshot, a captured display, or a file of a room or diary.
func (s *Session) storedFile(ctx context.Context, id string, width int) (StoredFile, error) {
	if s.track != nil {
		if f, err := os.Open(s.track.shots.picturePath(id)); err == nil {
			return StoredFile{Content: f, Type: "image/jpeg", Inline: true, ModTime: time.Now()}, nil
		}
	}
	if path := s.captures.picture(id); path != "" {
		f, err := os.Open(path)
		return StoredFile{Content: f, Type: "image/png", Inline: true}, err
	}
	if f, ok, err := s.exported(id); ok {
		return f, err
	}
	out := StoredFile{}
	if width > 0 {
		width = sizeFor(width)
		out.Type, out.Inline = "image/jpeg", true
		if ref, _, err := s.findFile(id); err == nil && ref.Deleted != 0 {
			return out, workroom.Refuse(workroom.Gone)
		}
		if width == wholeWidth { // the service makes none of this size: from the bytes, which come first
			whole, err := s.bytesOf(ctx, id, 0)
			if err != nil {
				return out, err
			}
			whole.Close()
		}
	} else if ref, _, err := s.findFile(id); err == nil {
		if ref.Deleted != 0 {
			return out, workroom.Refuse(workroom.Gone)
		}
		out.Name, out.Type = ref.Name, ref.Type
	} else {
		out.Type, out.Inline = "image/jpeg", true // a diary picture, made by this program
	}
	f, err := s.bytesOf(ctx, id, width)
	if err != nil {
		return out, err
	}
	out.Content = f
	return out, nil
}
