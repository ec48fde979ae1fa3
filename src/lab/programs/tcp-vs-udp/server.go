// Echoes over TCP and over UDP, on one port number. Usage: server [ADDRESS [PORT]]
package main

import (
	"io"
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
	// Port 7 of TCP and port 7 of UDP are two different ports.
	letters, err := net.ListenPacket("udp", at) //~ socket(DGRAM) bind
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}

	// The telephone: one connection, in which bytes arrive in order or not at all.
	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	io.Copy(conn, conn) //~ read write
	conn.Close()        //~ close(connection)
	listener.Close()    //~ close(listener)

	// The letter: each datagram comes alone, and nobody says that there will be no more.
	buffer := make([]byte, 65507)
	for {
		n, peer, err := letters.ReadFrom(buffer) //~ recvfrom
		if err != nil {
			log.Fatal(err)
		}
		letters.WriteTo(buffer[:n], peer) //~ sendto
	}
}
