// What happens when you type a URL. Usage: client [RESOLVER [DNS [WEB]]]
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"time"
)

const name = "www.osiscope.example"

var began = time.Now()

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func step(what string) {
	fmt.Printf("%7.2f ms  %s\n", float64(time.Since(began).Microseconds())/1000, what)
}

func main() {
	// 1. DNS: which address has the name? A header, the name in pieces with their lengths, type A,
	// class IN. (net.LookupHost would do this, with the resolver of the system.)
	sock, err := net.Dial("udp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "53"))) //~ socket(DGRAM) connect(53)
	check(err)
	question := "os\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
	for _, piece := range strings.Split(name, ".") {
		question += string(rune(len(piece))) + piece
	}
	sock.SetDeadline(time.Now().Add(2 * time.Second))
	_, err = sock.Write([]byte(question + "\x00\x00\x01\x00\x01")) //~ sendto
	check(err)
	answer := make([]byte, 512)
	n, err := sock.Read(answer) //~ recvfrom
	check(err)
	sock.Close()                                 //~ close(53)
	address := net.IP(answer[n-4 : n]).String() // here the only record is the last one
	step(name + " is " + address)

	// 2. TCP: a connection to that address.
	conn, err := net.Dial("tcp", net.JoinHostPort(address, arg(3, "80"))) //~ socket connect
	check(err)
	step("connected")

	// 3. HTTP: the request names the host again, for one address may serve many.
	fmt.Fprintf(conn, "GET /hello?lang=ja HTTP/1.1\r\nHost: %s\r\n\r\n", name) //~ write
	page, err := io.ReadAll(conn)                                 //~ read
	check(err)
	step(strings.Split(string(page), "\r\n")[0])

	// 4. Both sides have said FIN.
	conn.Close() //~ close
	step("closed")
}
