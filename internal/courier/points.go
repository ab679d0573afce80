package courier

import "fmt"

// Points at which Options.Fail is asked, in the order of a command's and a page's way.
const (
	PointAttempted = "attempted" // a batch is counted as attempted, nothing was sent
	PointAnswered  = "answered"  // the service answered a batch, nothing of it is stored
	PointResults   = "results"   // before the answers are stored
	PointHeads     = "heads"     // the heads are there, nothing was done about them
	PointOpened    = "opened"    // before the state of scopes is stored
	PointPage      = "page"      // before a page is stored
	PointFrame     = "frame"     // before rows of the live channel are stored
	PointFork      = "fork"      // before a scope of another history is given up
	PointRenew     = "renew"     // before this device takes another id
	PointGone      = "gone"      // before what is gone is removed
	PointPart      = "part"      // before a part of a file goes out
	PointComplete  = "complete"  // all parts of a file are there, the service was not told
)

// Points lists the failpoints of this package, for tests that walk them all.
func Points() []string {
	return []string{PointAttempted, PointAnswered, PointResults, PointHeads, PointOpened, PointPage, PointFrame, PointFork, PointRenew, PointGone, PointPart, PointComplete}
}

func (c *Courier) fail(point string) error {
	if err := c.o.Fail(point); err != nil {
		return fmt.Errorf("at %s: %w", point, err)
	}
	return nil
}
