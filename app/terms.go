package app

import (
	"context"

	"trestle/internal/workroom"
)

// history is what became of a contract since its start, by which its time is judged.
func (s *Session) history(ctx context.Context, id workroom.ContractID, c *workroom.Contract) (*workroom.History, error) {
	rows, err := s.replica.All(ctx, workroom.ContractScope(id), workroom.KindTurn)
	if err != nil {
		return nil, err
	}
	var turns []*workroom.Turn
	for _, r := range rows {
		if t, ok := r.Thing.(*workroom.Turn); ok {
			turns = append(turns, t)
		}
	}
	return workroom.HistoryOf(c, turns), nil
}
