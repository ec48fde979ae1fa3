// A server that breaks off instead of saying goodbye. Usage: server [ADDRESS [PORT]]
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
	listener, err := net.Listen("tcp", at) //~ socket setsockopt(SO_REUSEADDR) bind listen
	if err != nil {
		log.Fatal(err)
	}
	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	conn.Read(make([]byte, 65536)) //~ read

	// Linger for 0 seconds: Close sends RST, forgets all data on its way, and leaves no TIME_WAIT.
	conn.(*net.TCPConn).SetLinger(0) //~ setsockopt(SO_LINGER)
	conn.Close()                     //~ close(connection)
	listener.Close()                 //~ close(listener)
}
