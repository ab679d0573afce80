package replica

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestD15_FaultsSpeak checks that each fault carries its code and sentence through wrapping, without what lies below.
func TestD15_FaultsSpeak(t *testing.T) {
	for _, f := range []*Fault{ErrDiskFull, ErrReadOnly, ErrDamaged, ErrNewer, ErrForeign} {
		err := fmt.Errorf("open the session: %w", &Fault{Code: f.Code, Text: f.Text, Err: errors.New("below")})
		var coded interface {
			error
			ErrorCode() string
			Sentence() string
		}
		if !errors.As(err, &coded) || coded.ErrorCode() != string(f.Code) || strings.Contains(coded.Sentence(), "below") {
			t.Errorf("%s comes out as %v", f.Code, err)
		}
	}
}
