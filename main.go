// Trestle is a desktop application where freelancers and their clients talk,
// work and keep the time, together or offline. See README.md.
package main

import (
	"os"

	"trestle/app"
)

func main() { os.Exit(app.Main()) }
