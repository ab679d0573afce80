package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"trestle/internal/annotate"
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
func (s *Session) bytesOf(ctx context.Context, id string, width int) (*os.File, error) {
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
		if f, err := s.ownThumb(ctx, id, key, width); f != nil || err != nil {
			return f, err
		}
	}
	scope, err := s.scopeOf(id)
	if err != nil {
		return nil, err
	}
	sha, err := s.courier.Fetch(ctx, scope, workroom.FileID(id), width)
	if err != nil {
		return nil, err
	}
	return s.blobs.Open(sha)
}

// scopeOf finds the scope whose readers may read a file: a room's, or the diary week of a screenshot.
func (s *Session) scopeOf(id string) (workroom.Scope, error) {
	if _, room, err := s.findFile(id); err == nil {
		return workroom.RoomScope(room), nil
	}
	shots, err := s.replica.Everywhere(context.Background(), "d:", workroom.KindShot)
	if err != nil {
		return "", err
	}
	for _, r := range shots {
		if x, ok := r.Thing.(*workroom.Shot); ok && string(x.File) == id {
			return r.Scope, nil
		}
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
	img, err := decodePicture(f)
	if err != nil {
		return nil, err
	}
	jpg, err := annotate.Thumbnail(img, width)
	if err != nil {
		return nil, err
	}
	small, size, err := s.blobs.Put(bytes.NewReader(jpg))
	if err != nil {
		return nil, err
	}
	if err := s.replica.KnowFile(ctx, key, workroom.AccountScope(s.me()), small, size); err != nil {
		return nil, err
	}
	return s.blobs.Open(small)
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
	out := StoredFile{}
	if width > 0 {
		width = max(32, min(width, 1280))
		if width <= 320 {
			width = 320
		} else {
			width = 1280
		}
		out.Type, out.Inline = "image/jpeg", true
	} else if ref, _, err := s.findFile(id); err == nil {
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
