// TCP echo server: sends back every byte it gets. Usage: server [ADDRESS [PORT]]
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
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))
	// Listen is four calls of the kernel in one.
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close() //~ close(listener)

	// One client is enough here; a real server would loop around Accept.
	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close(connection)
	buffer := make([]byte, 65536)
	for {
		n, err := conn.Read(buffer) //~ read
		if err != nil { // io.EOF: the client has said FIN //~ read(end)
			return
		}
		if _, err := conn.Write(buffer[:n]); err != nil { //~ write
			log.Fatal(err)
		}
	}
}
