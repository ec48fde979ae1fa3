// Sends a megabyte as fast as it may. Usage: client [ADDRESS [PORT]]
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
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	conn.(*net.TCPConn).SetWriteBuffer(65536) //~ setsockopt(SO_SNDBUF)
	began := time.Now()
	for i := 0; i < 64; i++ {
		// Returns when the kernel has taken the bytes: once both buffers are full, it waits here.
		if _, err := conn.Write(make([]byte, 16384)); err != nil { //~ write
			log.Fatal(err)
		}
	}
	fmt.Printf("sent in %.2f s\n", time.Since(began).Seconds())
	conn.Close() //~ close
}
