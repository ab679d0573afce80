package store

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Pictured are the diary weeks that hold a picture or input counts, sorted.
func (tx Tx) Pictured(ctx context.Context) ([]workroom.Scope, error) {
	rows, err := tx.QueryContext(ctx, `SELECT h.scope FROM head AS h WHERE h.scope >= 'd:' AND h.scope < 'd;' AND EXISTS (SELECT 1 FROM thing AS t
		WHERE t.scope = h.scope AND NOT t.gone AND (t.kind = 'shot' AND (t.body LIKE '%"file":"%' OR t.body LIKE '%"seed":"%')
		OR t.kind = 'input' AND t.body LIKE '%"minutes":[{%')) ORDER BY h.scope`)
	if err != nil {
		return nil, fmt.Errorf("look for pictures: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []workroom.Scope
	for rows.Next() {
		var s workroom.Scope
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("look for pictures: %w", err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for pictures: %w", err)
	}
	return out, nil
}
