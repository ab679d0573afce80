// Package frontend carries the built user interface inside the program: the
// files that vite writes into dist, embedded so that one executable is enough.
// It holds no logic; app serves the files in the window and over loopback.
package frontend

import "embed"

// Dist holds the folder dist with the built pages, scripts, styles and fonts.
// In a checkout where the interface was not built it holds only .gitkeep.
//
//go:embed all:dist
var Dist embed.FS
