package workroom

// Picture is the picture of one display in a screenshot: a JPEG at most 1,280 wide.
type Picture struct {
	File FileID `json:"file"`
	W    int    `json:"w,omitempty"`
	H    int    `json:"h,omitempty"`
}

// maxPictures is how many displays one screenshot shows.
const maxPictures = 16

// Pictures are those of all displays, the first one's first; none where it is blurred or was not taken. One taken by a program that joined
// all displays has that one picture, and Displays says of how many.
func (s *Shot) Pictures() []Picture {
	if s.File == "" {
		return nil
	}
	return append([]Picture{{File: s.File, W: s.W, H: s.H}}, s.More...)
}

// checkPictures refuses pictures that no screen has, and more than one of the same.
func (s *Shot) checkPictures() *Refusal {
	if len(s.More) > 0 && s.File == "" || len(s.More) >= maxPictures || len(s.More) > 0 && s.Displays < len(s.More)+1 {
		return Bad("more", "The screenshot has pictures of displays that it does not count.")
	}
	seen := map[FileID]bool{}
	for _, p := range s.Pictures() {
		switch {
		case !ValidID(string(p.File)):
			return Refuse(BadInput)
		case seen[p.File]:
			return Bad("more", "The screenshot names one picture twice.")
		case p.W < 0 || p.H < 0 || p.W > 20_000 || p.H > 20_000:
			return Bad("w", "The screenshot has a size that no screen has.")
		}
		seen[p.File] = true
	}
	return nil
}
