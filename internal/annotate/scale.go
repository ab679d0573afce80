package annotate

import "image"

// Scale returns the picture at most w pixels wide and h high, its shape kept,
// never enlarged. Each pixel is the average of the area it stands for, with
// fractions of pixels at the edges, in whole numbers. It always returns a new
// picture.
func Scale(img *image.RGBA, w, h int) *image.RGBA {
	dw, dh := fit(img.Rect.Dx(), img.Rect.Dy(), w, h)
	return average(img, dw, dh)
}

// fit is the largest size of the same shape within w × h, at least one pixel.
func fit(sw, sh, w, h int) (dw, dh int) {
	dw, dh = sw, sh
	if dw > w {
		dw, dh = w, (sh*w+sw/2)/sw
	}
	if dh > h {
		dw, dh = (sw*h+sh/2)/sh, h
	}
	return max(dw, 1), max(dh, 1)
}

// average scales to exactly dw × dh, not larger than the picture. In units of
// 1/dw a source pixel is dw wide and a result pixel sw, so every weight is a
// whole number; the same holds for the height.
func average(img *image.RGBA, dw, dh int) *image.RGBA {
	sw, sh := img.Rect.Dx(), img.Rect.Dy()
	dw, dh = min(dw, sw), min(dh, sh)
	out := image.NewRGBA(image.Rect(0, 0, dw, dh))
	row := make([]uint32, 3*dw)  // one source row, squeezed to dw; at most 255 × sw
	sums := make([]uint64, 3*dw) // rows of the present result row; at most 255 × sw × sh
	total := uint64(sw) * uint64(sh)
	have := -1
	for dy := range dh {
		top, end := dy*sh, (dy+1)*sh
		clear(sums)
		for y := top / dh; y*dh < end; y++ {
			if y != have { // neighbours may share a row
				squeeze(row, img.Pix[y*img.Stride:][:4*sw], sw, dw)
				have = y
			}
			weight := uint64(min((y+1)*dh, end) - max(y*dh, top))
			for i, v := range row {
				sums[i] += uint64(v) * weight
			}
		}
		line := out.Pix[dy*out.Stride:]
		for x := range dw {
			for k := range 3 {
				line[4*x+k] = uint8((sums[3*x+k] + total/2) / total)
			}
			line[4*x+3] = 255
		}
	}
	return out
}

// squeeze averages one row of sw pixels into dw sums, each of weight sw.
func squeeze(row []uint32, line []uint8, sw, dw int) {
	if sw == dw {
		for x := range dw {
			row[3*x], row[3*x+1], row[3*x+2] = uint32(line[4*x])*uint32(sw), uint32(line[4*x+1])*uint32(sw), uint32(line[4*x+2])*uint32(sw)
		}
		return
	}
	x := 0     // source pixel
	left := dw // what is left of it, in units of 1/dw
	for i := range dw {
		var r, g, b uint32
		need := sw
		if left < dw { // the rest of a pixel the last one began
			w := uint32(left)
			p := line[4*x : 4*x+3]
			r, g, b = w*uint32(p[0]), w*uint32(p[1]), w*uint32(p[2])
			need -= left
			x++
		}
		whole := need / dw
		var wr, wg, wb uint32
		for _, end := x, x+whole; x < end; x++ {
			p := line[4*x : 4*x+3 : 4*x+3]
			wr += uint32(p[0])
			wg += uint32(p[1])
			wb += uint32(p[2])
		}
		r, g, b = r+wr*uint32(dw), g+wg*uint32(dw), b+wb*uint32(dw)
		need -= whole * dw
		left = dw
		if need > 0 {
			w := uint32(need)
			p := line[4*x : 4*x+3]
			r, g, b = r+w*uint32(p[0]), g+w*uint32(p[1]), b+w*uint32(p[2])
			left = dw - need
		}
		row[3*i], row[3*i+1], row[3*i+2] = r, g, b
	}
}
