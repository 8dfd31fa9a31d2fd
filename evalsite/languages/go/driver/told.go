// Package told takes the words that prove the tests' end before any of the program's code runs, and says them.
// The program's package is compiled without knowing this one.
package told

import "syscall"

var words = hear()

func hear() []byte {
	var found, next = make([]byte, 0, 64), make([]byte, 1)
	for len(found) < cap(found) {
		if n, err := syscall.Read(0, next); n != 1 || err != nil || next[0] == '\n' {
			break
		}
		found = append(found, next[0])
	}
	return found
}

// Say tells that the tests have ended, and passed.
func Say() {
	syscall.Write(3, words)
}
