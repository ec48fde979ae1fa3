// A slow reader: the client has to wait for it. Usage: server [ADDRESS [PORT]]
package main

import (
	"fmt"
	"io"
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
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt(SO_REUSEADDR) bind listen
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close() //~ close(listener)
	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close(connection)
	// A small receive buffer, so that it is soon full.
	conn.(*net.TCPConn).SetReadBuffer(65536) //~ setsockopt(SO_RCVBUF)

	// Nobody reads: the window shrinks to 0, and the client's kernel asks again and again.
	time.Sleep(time.Second)
	// Each read makes room, and the window opens.
	total, _ := io.Copy(io.Discard, conn) //~ read
	fmt.Println(total, "bytes")
}
