// A server that never accepts: its queue is soon full. Usage: server [ADDRESS [PORT]]
package main

import (
	"log"
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
	listener, err := net.Listen("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket setsockopt bind
	if err != nil {
		log.Fatal(err)
	}
	// Go listens with a long queue. Listening once more makes it short: a queue of 0 still holds
	// one connection; while it is full, the kernel ignores every SYN.
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		log.Fatal(err)
	}
	syscall.Listen(int(file.Fd()), 0) //~ listen

	syscall.Pause() // no Accept: it waits until it is stopped //~ close
}
