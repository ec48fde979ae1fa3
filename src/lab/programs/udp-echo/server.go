// UDP echo server: sends back every datagram. Usage: server [ADDRESS [PORT]]
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
	// Its name says Listen, but no connection will come: only datagrams.
	conn, err := net.ListenPacket("udp", at) //~ socket bind
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close

	// Nothing tells a UDP server that its client has gone: it loops until it is stopped.
	buffer := make([]byte, 65507)
	for {
		n, peer, err := conn.ReadFrom(buffer) //~ recvfrom
		if err != nil {
			log.Fatal(err)
		}
		conn.WriteTo(buffer[:n], peer) //~ sendto
	}
}
