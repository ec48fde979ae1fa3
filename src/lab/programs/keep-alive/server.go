// Answers each ping, and otherwise keeps quiet. Usage: server [ADDRESS [PORT]]
package main

import (
	"log"
	"net"
	"os"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func main() {
	listener, err := net.Listen("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close() //~ close(listener)
	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close(connection)
	// TCP's keep-alive is answered by the kernel: this program does not wake up for it.
	buffer := make([]byte, 65536)
	for {
		n, err := conn.Read(buffer) //~ read
		if err != nil {
			return
		}
		if string(buffer[:n]) == "ping\n" {
			conn.Write([]byte("pong\n")) //~ write
		}
	}
}
