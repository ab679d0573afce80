package app

// Form is how much of the window is shown.
type Form string

// Forms of the window. The small ones are the tracker alone (T-20, D-03).
const (
	Whole Form = ""
	Panel Form = "panel" // the tracker with its fields
	Pill  Form = "pill"  // the running time and one button
)

// size is how large a small form is, in the system's pixels.
func (f Form) size() (width, height int) {
	if f == Pill {
		return 300, 52
	}
	return 372, 590
}

// CompactIn asks for a form of the window: "" for the whole, panel or pill.
type CompactIn struct {
	Form string `json:"form"`
}

// Compact makes the window as small as the tracker, above other windows if that was chosen, or whole again.
func (s *Shell) Compact(in CompactIn) (err error) {
	defer guard(&err)
	form := Form(in.Form)
	if form != Whole && form != Panel && form != Pill {
		return Fail(CodeBadInput, "The window can be whole, a panel or a pill.")
	}
	s.c.mu.Lock()
	face := s.c.face
	s.c.mu.Unlock()
	if face == nil {
		return Fail(CodeNoWebview, "Only Trestle's own window can be made small; this is a page in a browser.")
	}
	face.Compact(form, s.c.trackerPrefs().OnTop)
	return nil
}
