package app

import "net"

// listenLocal opens a port of the loopback address; who may use it must have
// read the secret in instance.json, which lies in this account's own folder.
func listenLocal(Dirs) (net.Listener, error) { return net.Listen("tcp4", "127.0.0.1:0") }
