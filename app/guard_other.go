//go:build desktop && !linux

package app

// guardNavigation does nothing where no native guard exists: there the content
// policy and the page's own handlers stand alone.
func guardNavigation() {}
