// Package wire holds what desktop and service say to each other: the operations, each declared once, their types, the errors, and the
// typed client. The protocol is described in sync.md; the service serves these operations, the courier and the command line call them.
//
// An answer is believed only if it comes from the service that was signed in to: a sign-in page of a hotel, a proxy or another server on
// the same address can delay what a person wrote, and never make it final.
package wire
