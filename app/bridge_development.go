//go:build !production

package app

// production says that this copy was built for people to use.
const production = false
