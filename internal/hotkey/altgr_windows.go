package hotkey

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	procGetKeyboardLayoutList = user32.NewProc("GetKeyboardLayoutList")
	procMapVirtualKeyEx       = user32.NewProc("MapVirtualKeyExW")
	procToUnicodeEx           = user32.NewProc("ToUnicodeEx")
)

// Numbers of winuser.h.
const (
	vkShift, vkControl, vkMenu = 0x10, 0x11, 0x12
	vkLControl, vkRMenu        = 0xa2, 0xa5

	mapToScanCode = 0      // MAPVK_VK_TO_VSC
	keepState     = 1 << 2 // of ToUnicodeEx: what is being typed is left alone (Windows 10 1607)
)

// keyboardLayouts are the layouts a person can switch between, by their handles.
func keyboardLayouts() []uintptr {
	n, _, _ := procGetKeyboardLayoutList.Call(0, 0)
	if n == 0 {
		return nil
	}
	list := make([]uintptr, n)
	n, _, _ = procGetKeyboardLayoutList.Call(n, uintptr(unsafe.Pointer(&list[0])))
	return list[:min(int(n), len(list))]
}

// altGr answers what a key types while AltGr is held, on the first layout on which it types something; a dead key is the accent that waits.
func altGr(layouts []uintptr, key string, shift bool) string {
	var state [256]byte
	for _, vk := range []int{vkControl, vkLControl, vkMenu, vkRMenu} {
		state[vk] = 0x80 // held
	}
	if shift {
		state[vkShift] = 0x80
	}
	vk := virtualKey(key)
	for _, layout := range layouts {
		scan, _, _ := procMapVirtualKeyEx.Call(vk, mapToScanCode, layout)
		var text [8]uint16
		n, _, _ := procToUnicodeEx.Call(vk, scan, uintptr(unsafe.Pointer(&state[0])), uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)), keepState, layout)
		if length := int(int32(n)); length != 0 {
			if length < 0 { // a dead key leaves its accent in the first place
				length = 1
			}
			if typed := windows.UTF16ToString(text[:min(length, len(text))]); typed > " " { // else a control character
				return typed
			}
		}
	}
	return ""
}
