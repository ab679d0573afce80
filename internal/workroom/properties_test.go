package workroom

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the properties of time be tried 2,000 times each; `make properties` tries them 100,000 times.
func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "rapid.checks" })
	if !chosen {
		if err := flag.Set("rapid.checks", "2000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
