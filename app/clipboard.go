package app

// ClipboardLimit is the largest picture taken from the clipboard, in bytes.
const ClipboardLimit = 64 << 20
