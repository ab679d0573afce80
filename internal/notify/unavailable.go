package notify

// Unavailable is the error when this desktop cannot show notices. It is said once; what happened is still to be seen in the window.
type Unavailable struct {
	Err error // why, for the log
}

// Error says what failed and why, for the log.
func (u *Unavailable) Error() string { return "show a notice: " + u.Err.Error() }

// Unwrap returns why.
func (u *Unavailable) Unwrap() error { return u.Err }

// ErrorCode is what the page acts on.
func (u *Unavailable) ErrorCode() string { return "no_notifier" }

// Sentence is what the person is told.
func (u *Unavailable) Sentence() string {
	return "This desktop shows no notifications: no notification service answered. New messages are still marked in the window."
}
