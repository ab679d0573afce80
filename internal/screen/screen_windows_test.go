package screen

import (
	"context"
	"testing"
)

// The grabber of Windows keeps what all grabbers promise. It needs a desktop: `make wine` gives it one.
func TestContractWindows(t *testing.T) {
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Displays(context.Background()); err != nil {
		t.Skip(err)
	}
	contract(t, g)
}
