// Package app is the program: it joins the tracker, the copy, the outbox, the courier and the service inside, and is what every face of
// Trestle reaches. Core opens and closes all of it; one struct a screen (Rooms, Contracts, Tracker, …) holds what the window, the browser
// and the command line may call; the files cli*.go are the command line. It is the only importer of Wails, and with tray the only place
// that knows a window exists. The rules are not here: they are in workroom, and what a person did goes through replica before anything
// is shown. Only main calls it.
package app
