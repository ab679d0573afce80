//go:build linux

package screen

import (
	"context"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkShotToFile takes a picture of a 1920 × 1080 screen to a PNG file and
// reports how long other programs took for the same in the same run, ours over
// theirs: below 1 is faster. The screen shows noise in one quarter, flat
// windows elsewhere, as a desktop with a photo does. Ours runs inside this
// process, as the window does it; the others have to start, as they always do.
func BenchmarkShotToFile(b *testing.B) {
	conn := xvfb(b, "-screen", "0", "1920x1080x24")
	desktop(b, conn)
	x := opened(b)
	dir := b.TempDir()
	ours := func() error {
		shots, _, err := x.Grab(context.Background())
		if err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(dir, "ours.png"))
		if err != nil {
			return err
		}
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		if err := enc.Encode(f, shots[0].Image); err != nil {
			return err
		}
		return f.Close()
	}
	for _, tool := range []string{"scrot", "maim"} {
		b.Run(tool, func(b *testing.B) {
			path, err := exec.LookPath(tool)
			if err != nil {
				b.Skip(tool + " is not installed: nothing to compare with")
			}
			file := filepath.Join(dir, tool+".png")
			theirs := func() error {
				_ = os.Remove(file)
				return exec.Command(path, file).Run()
			}
			var mine, other time.Duration
			for b.Loop() { // in turn, so that a busy machine is busy for both
				start := time.Now()
				if err := ours(); err != nil {
					b.Fatal(err)
				}
				mine += time.Since(start)
				start = time.Now()
				if err := theirs(); err != nil {
					b.Fatal(err)
				}
				other += time.Since(start)
			}
			b.ReportMetric(float64(mine)/float64(other), "ours/"+tool)
			b.ReportMetric(float64(mine.Milliseconds())/float64(b.N), "ours-ms")
			b.ReportMetric(0, "ns/op") // both together: says nothing
		})
	}
}

// BenchmarkGrab is the grab alone.
func BenchmarkGrab(b *testing.B) {
	for _, size := range []string{"1920x1080", "3840x2160"} {
		b.Run(size, func(b *testing.B) {
			desktop(b, xvfb(b, "-screen", "0", size+"x24"))
			x := opened(b)
			for b.Loop() {
				if _, _, err := x.Grab(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
