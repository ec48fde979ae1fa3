// Connects to a port where nobody listens. Usage: client [ADDRESS [PORT]]
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func main() {
	// The kernel over there answers our SYN with RST: no program is asked.
	// When connect fails Dial closes the socket by itself.
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "9"))) //~ socket connect close
	if errors.Is(err, syscall.ECONNREFUSED) {
		fmt.Println("ECONNREFUSED", err)
		return
	}
	if err == nil {
		conn.Close()
	}
}
