// Package wire holds what desktop and service say to each other: the operations, each declared once, their types, the errors, and the
// typed client. The protocol is described in sync.md; the service serves these operations, the courier and the command line call them.
package wire
