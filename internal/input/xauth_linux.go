package input

import (
	"encoding/binary"
	"os"
	"path/filepath"
)

// Families of an Xauthority entry, from X11/Xauth.h.
const (
	familyLocal = 256
	familyWild  = 65535
)

const cookieName = "MIT-MAGIC-COOKIE-1"

// cookie is the secret of the given display number from the file named by $XAUTHORITY, else ~/.Xauthority; nil if there is none, in
// which case the server decides by who is asking. host is this machine's name for a local display; ip is the server's address for
// one over TCP and nil otherwise.
func cookie(host string, ip []byte, display string) []byte {
	name := os.Getenv("XAUTHORITY")
	if name == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		name = filepath.Join(home, ".Xauthority")
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return findCookie(file, host, ip, display)
}

// findCookie reads the entries of an Xauthority file, each of them
//
//	family u16, then address, display number, name and data, each with its length as u16 before it, all big-endian
//
// and answers the data of the first that fits. A damaged file is read as far as it makes sense.
func findCookie(file []byte, host string, ip []byte, display string) []byte {
	field := func() ([]byte, bool) {
		if len(file) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(file))
		if len(file) < 2+n {
			return nil, false
		}
		f := file[2 : 2+n]
		file = file[2+n:]
		return f, true
	}
	for len(file) >= 2 {
		family := binary.BigEndian.Uint16(file)
		file = file[2:]
		var f [4][]byte
		for i := range f {
			var ok bool
			if f[i], ok = field(); !ok {
				return nil
			}
		}
		address, number, name, data := f[0], f[1], f[2], f[3]
		here := family == familyWild ||
			family == familyLocal && ip == nil && string(address) == host ||
			(family == 0 || family == 6) && ip != nil && string(address) == string(ip)
		if here && (len(number) == 0 || string(number) == display) && string(name) == cookieName && len(data) == 16 {
			return data
		}
	}
	return nil
}

// setupRequest is the first message of an X11 client, little-endian, with the cookie if there is one.
func setupRequest(cookie []byte) []byte {
	pad := func(n int) int { return (n + 3) &^ 3 }
	name := ""
	if cookie != nil {
		name = cookieName
	}
	b := make([]byte, 12+pad(len(name))+pad(len(cookie)))
	b[0] = 'l'
	binary.LittleEndian.PutUint16(b[2:], 11)
	binary.LittleEndian.PutUint16(b[6:], uint16(len(name)))
	binary.LittleEndian.PutUint16(b[8:], uint16(len(cookie)))
	copy(b[12:], name)
	copy(b[12+pad(len(name)):], cookie)
	return b
}
