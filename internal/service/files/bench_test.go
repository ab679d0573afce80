package files

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
)

// BenchmarkPart keeps parts of 8 MiB beside copying plain files of the same size, synced, in the same run. The metric is how many parts are
// kept in the time of one plain copy: below 1 by what the hash costs.
func BenchmarkPart(b *testing.B) {
	f, err := Open(filepath.Join(b.TempDir(), "blobs"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	data := noise(wire.PartSize, 1)
	var parts, copies time.Duration
	dir := b.TempDir()
	b.SetBytes(wire.PartSize)
	b.ReportAllocs()
	for i := range b.N {
		data[0], data[1], data[2] = byte(i), byte(i>>8), byte(i>>16)
		sha := hexSHA(data)
		begun := time.Now()
		if err := f.Put(b.Context(), "s", sha, wire.PartSize, plain{bytes.NewReader(data)}); err != nil {
			b.Fatal(err)
		}
		parts += time.Since(begun)
		b.StopTimer()
		begun = time.Now()
		to, err := os.Create(filepath.Join(dir, "copy"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(to, plain{bytes.NewReader(data)}); err != nil {
			b.Fatal(err)
		}
		if err := to.Sync(); err != nil {
			b.Fatal(err)
		}
		if err := to.Close(); err != nil {
			b.Fatal(err)
		}
		copies += time.Since(begun)
		if err := f.Remove(b.Context(), "s", sha); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(copies)/float64(parts), "of-plain-copies")
}
