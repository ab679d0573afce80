package workroom

// Merger is a Folder whose newer command takes over what only the older one carries, so that folding in place loses nothing. Older is a
// command of the same op, lane and fold key that was never attempted.
type Merger interface{ Joined(older Command) Command }

// Renamer is a command whose arguments repeat its own id. A refused one is tried again under a new id, so the arguments follow.
type Renamer interface{ WithID(id string) Command }

// FoldKey is the slice: while one waits, only its newest report matters.
func (c ReportSlice) FoldKey() string { return c.Slice.ID }

// Joined is the report with the higher rev and the input minutes of both.
func (c ReportSlice) Joined(older Command) Command {
	o, ok := older.(ReportSlice)
	if !ok || o.Slice.ID != c.Slice.ID {
		return c
	}
	if o.Slice.Rev > c.Slice.Rev {
		c.Slice, c.Week = o.Slice, o.Week
	}
	both := append([]CellInput{}, o.Input...)
	for _, x := range c.Input {
		found := false
		for i, was := range both {
			if was.Device == x.Device && was.Cell == x.Cell {
				both[i], found = joinInput(was, x), true
			}
		}
		if !found {
			both = append(both, x)
		}
	}
	c.Input = both
	return c
}

// Joined is the later of the two markers, so that a late call never takes back what was read (I14).
func (c SetMarker) Joined(older Command) Command {
	o, ok := older.(SetMarker)
	if !ok || o.Room != c.Room {
		return c
	}
	if (&Marker{N: o.N, E: o.E, Head: o.Head}).Later(&Marker{N: c.N, E: c.E, Head: c.Head}) {
		return o
	}
	return c
}

// WithID gives the contract the command's new id; its room keeps its own.
func (c CreateContract) WithID(id string) Command {
	c.Contract = ContractID(id)
	return c
}
