package app

import (
	"context"
	"strings"

	"trestle/internal/workroom"
)

// PlaceIn is a link of our own, or the place it names, as ParsePlace answers it.
type PlaceIn struct {
	Link string `json:"link"`
}

// PlaceView is where a link of our own leads: a path of the pages.
type PlaceView struct {
	Path string `json:"path"`
}

// Place finds where a link of our own leads (D-10). It only looks: nothing is written, asked of the service or opened. What is not here, or
// not open to the account, is refused alike, so that a link tells nobody what there is.
func (x *Shell) Place(in PlaceIn) (out PlaceView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	place := in.Link
	if isLink(place) {
		if place, err = ParsePlace(place); err != nil {
			return out, err
		}
	}
	kind, rest, _ := strings.Cut(place, "/")
	id, room, _ := strings.Cut(rest, "/")
	switch kind {
	case "room":
		if _, _, err := s.room(id); err == nil {
			return PlaceView{"room/" + id}, nil
		}
		return out, notHere("room")
	case "contract":
		if _, _, err := s.contract(id); err == nil {
			return PlaceView{"contract/" + id + "/overview"}, nil
		}
		return out, notHere("contract")
	case "message":
		if room == "" {
			if room, err = s.roomOf(id); err != nil {
				return out, err
			}
		}
		if _, _, err := s.room(room); room != "" && err == nil && workroom.ValidID(id) {
			return PlaceView{"room/" + room + "/at/" + id}, nil // older than what is here, the page has it fetched
		}
		return out, notHere("message")
	}
	return out, Fail(CodeBadLink, "This Trestle link names no room, message or contract.")
}

func notHere(what string) error {
	return Fail(CodeBadLink, "This link leads to a "+what+" that is not on this computer, or is not open to you.")
}

// roomOf is the room a message stands in; "" where no room that is here holds it.
func (s *Session) roomOf(message string) (string, error) {
	if !workroom.ValidID(message) {
		return "", nil
	}
	rooms, err := s.replica.Rooms(context.Background())
	if err != nil {
		return "", err
	}
	for _, x := range rooms {
		_, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: x.Scope, Kind: workroom.KindMessage, ID: message})
		if err != nil {
			return "", err
		}
		if known == workroom.Held {
			return x.ID, nil
		}
	}
	return "", nil
}
