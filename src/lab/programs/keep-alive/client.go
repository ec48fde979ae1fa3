// TCP keep-alive, then a ping of the application's own. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func main() {
	// First probe after 1 second of silence, then one each second (Go's own choice is 15 seconds).
	// Dial connects first and sets the options then: SO_KEEPALIVE, TCP_KEEPIDLE and TCP_KEEPINTVL.
	dialer := net.Dialer{KeepAlive: time.Second}
	conn, err := dialer.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket connect setsockopt
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close

	time.Sleep(2500 * time.Millisecond) // the kernels talk, no program does

	// A ping of our own also proves that the program over there still works.
	conn.Write([]byte("ping\n")) //~ write
	buffer := make([]byte, 65536)
	n, err := conn.Read(buffer) //~ read
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(buffer[:n]))
}
