package app

import (
	"context"

	"trestle/internal/workroom"
)

// BookmarkIn keeps a message among one's bookmarks, or not.
type BookmarkIn struct {
	Room    string `json:"room"`
	Message string `json:"message"`
	On      bool   `json:"on"`
}

// Bookmark keeps a message among one's bookmarks, or not, on all devices of the account (M-28). They are found by is:bookmarked.
func (r *Rooms) Bookmark(in BookmarkIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.SetBookmark{Room: room, Message: in.Message, Who: s.me(), On: in.On}, enqueueOpts{})
	return err
}

// bookmarks are the ids of the messages among one's bookmarks.
func (s *Session) bookmarks() (map[string]bool, error) {
	rows, err := s.replica.All(context.Background(), workroom.AccountScope(s.me()), workroom.KindBookmark)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, x := range rows {
		out[x.ID] = true
	}
	return out, nil
}
