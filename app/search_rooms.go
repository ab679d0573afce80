package app

import "context"

// count says which rooms have how many hits.
func (h *hits) count(ctx context.Context) ([]RoomHits, bool, error) {
	out := []RoomHits{}
	counted, over, err := h.s.replica.FindRooms(ctx, h.q)
	for _, x := range counted {
		r, err := h.at(x.Scope)
		if err != nil {
			return out, false, err
		}
		if r != nil {
			out = append(out, RoomHits{Room: string(r.id), Name: r.room.Name, Contract: string(r.room.Contract), Hits: int64(x.Hits)})
		}
	}
	return out, over, err
}
