package app

import (
	"context"
	"errors"
	"time"

	"trestle/internal/search"
)

// Bounds of one call of Fetch. A page calls again while there is more.
const (
	fetchTime  = 3 * time.Second
	fetchPages = 40 // of a room
)

// Fetch brings older messages of the rooms a search looks into from the service, so that they can be searched too; some pages a call.
func (x *Search) Fetch(in FindIn) (out FetchOut, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	found, err := s.found(in)
	if err != nil {
		return out, err
	}
	rooms, err := s.searched(in, search.Query{Tokens: found.Tokens})
	if err != nil {
		return out, err
	}
	ctx, stop := context.WithTimeout(s.ctx, fetchTime)
	defer stop()
	for _, r := range rooms {
		for range fetchPages {
			behind, err := s.behind(r.scope)
			if err != nil {
				return out, err
			}
			if !behind || ctx.Err() != nil {
				break
			}
			if _, err := s.courier.Older(ctx, r.scope); err != nil {
				if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
					break
				}
				out.More, out.Reason = true, AsFailure(err).Message
				return out, nil
			}
		}
		behind, err := s.behind(r.scope)
		if err != nil {
			return out, err
		}
		out.More = out.More || behind
	}
	return out, nil
}
