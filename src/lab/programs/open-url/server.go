// A name server and a web server at one address. Usage: server [ADDRESS [DNS [WEB]]]
package main

import (
	"fmt"
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

// names answers every question with our own address (RFC 1035).
func names(sock net.PacketConn, address net.IP) {
	question := make([]byte, 512)
	for {
		n, peer, err := sock.ReadFrom(question) //~ recvfrom
		if err != nil || n < 12 {
			continue
		}
		// The same number; flags "answer"; 1 question, 1 answer; the question again; then the
		// record: name as at byte 12, type A, class IN, good for 60 seconds, 4 bytes of address.
		answer := []byte{question[0], question[1]}
		answer = append(answer, "\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00"...)
		answer = append(answer, question[12:n]...)
		answer = append(answer, "\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04"...)
		sock.WriteTo(append(answer, address.To4()...), peer) //~ sendto
	}
}

func main() {
	address := arg(1, "127.0.0.1")
	sock, err := net.ListenPacket("udp", net.JoinHostPort(address, arg(2, "53"))) //~ socket(DGRAM) bind
	if err != nil {
		log.Fatal(err)
	}
	at := net.JoinHostPort(address, arg(3, "80"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind(80) listen
	if err != nil {
		log.Fatal(err)
	}
	go names(sock, net.ParseIP(address))

	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	conn.Read(make([]byte, 65536)) //~ read
	body := "<h1>Hello</h1>\n"
	fields := fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n", len(body))
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s", fields, body) //~ write
	conn.Close()                                                                           //~ close(connection)
	listener.Close()                                                                       //~ close(listener)
}
