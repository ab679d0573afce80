package tracker

import (
	"slices"
	"time"

	"trestle/internal/workroom"
)

// draw is the instant drawn for the screenshot of a cell. There is one picture a device and cell, whatever the contract.
type draw struct {
	cell  workroom.Cell
	at    time.Time // zero: none is waited for
	taken bool
}

// drawShot draws an instant uniformly over what is left of the cell, unless one is taken or still waited for. The policy is looked at when
// the instant comes: it is that of the slice that then runs.
func (m *Machine) drawShot(now time.Time) {
	cell := workroom.CellOf(now)
	if m.shot.cell == cell && (m.shot.taken || !m.shot.at.IsZero() && m.shot.at.After(now)) {
		return
	}
	if m.shot.cell != cell {
		m.shot = draw{cell: cell}
	}
	m.shot.at = time.Time{}
	if n := cell.End().Unix() - now.Unix(); n > 0 && m.open.terms.Shots != workroom.ShotsNone {
		m.shot.at = time.Unix(now.Unix()+m.conf.Random(n), 0).UTC()
		if m.shot.at.Before(now) {
			m.shot.at = now
		}
	}
}

func (m *Machine) shotAt() time.Time {
	if m.shot.taken {
		return time.Time{}
	}
	return m.shot.at
}

// takeShot takes the picture, or draws again when the moment was missed.
func (m *Machine) takeShot(due, now time.Time) {
	m.shot.at = time.Time{}
	s := m.open
	switch {
	case s.terms.Shots != workroom.ShotsBlurred && s.terms.Shots != workroom.ShotsFull, m.shot.cell != workroom.CellOf(now):
	case now.Sub(due) > shotLate:
		m.drawShot(now)
	default:
		m.shot.taken = true
		shot := TakeShot{Slice: s.slice.ID, Contract: s.work.Contract, Cell: int64(m.shot.cell), At: now.Unix(), Policy: s.terms.Shots}
		m.unsure = append(m.unsure, shot)
		m.do(shot)
	}
}

// keepShots lets the pictures taken up to an instant go: somebody was there after them. One of that very second was taken while time ran, whose
// end is only floored to the second; it stays where its segment has time of the slice at all.
func (m *Machine) keepShots(until int64) {
	m.unsure = slices.DeleteFunc(m.unsure, func(s TakeShot) bool {
		if !ShotCovered(s.At, m.open.slice.Start, until) {
			return false
		}
		m.do(KeepShot{s.Slice, s.Cell})
		return true
	})
}

// ShotCovered reports whether a picture of a moment belongs to time that runs from start to end, all Unix seconds: it lies in it, or in the second
// in which it ended, of which the end is only the floor, if that is of the last segment.
func ShotCovered(at, start, end int64) bool {
	return start <= at && (at < end || at == end && start < end && at%workroom.CellSeconds != 0)
}

// dropShots throws away the pictures no slice covers; in the present cell another may then be taken.
func (m *Machine) dropShots() {
	for _, s := range m.unsure {
		m.do(DropShot{s.Slice, s.Cell})
		if int64(m.shot.cell) == s.Cell {
			m.shot.taken = false
		}
	}
	m.unsure = nil
}
