package workroom

// joinInput keeps, minute by minute, the larger counts: reports of one device only grow, so replaying an old one changes nothing.
func joinInput(was, now CellInput) CellInput {
	byMinute := map[int64]Minute{}
	for _, m := range was.Minutes {
		byMinute[m.At] = m
	}
	for _, m := range now.Minutes {
		o, ok := byMinute[m.At]
		if ok {
			m.Keys, m.Clicks, m.Scroll = larger(o.Keys, m.Keys), larger(o.Clicks, m.Clicks), larger(o.Scroll, m.Scroll)
			m.Moved = max(o.Moved, m.Moved)
		}
		byMinute[m.At] = m
	}
	out := CellInput{Device: now.Device, Cell: now.Cell, Unknown: was.Unknown}
	for at := now.Cell * 10; at < now.Cell*10+10; at++ {
		if m, ok := byMinute[at]; ok {
			out.Minutes = append(out.Minutes, m)
		}
	}
	return out
}

func larger(a, b *uint16) *uint16 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}
