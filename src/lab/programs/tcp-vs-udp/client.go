// Sends the same messages over TCP, then over UDP. Usage: client [ADDRESS [PORT]]
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
	buffer := make([]byte, 65507)
	message := func(n int) []byte { return []byte(fmt.Sprintf("message %2d\n", n)) }

	began := time.Now()
	conn, err := net.Dial("tcp", at) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	for n := 1; n <= 10; n++ {
		conn.Write(message(n))                     //~ write
		io.ReadFull(conn, buffer[:len(message(n))]) //~ read
	}
	conn.Close() //~ close
	fmt.Println("TCP:", time.Since(began))

	began = time.Now()
	letters, err := net.Dial("udp", at) //~ socket(DGRAM)
	if err != nil {
		log.Fatal(err)
	}
	for n := 1; n <= 10; n++ {
		letters.Write(message(n))                               //~ sendto
		letters.SetReadDeadline(time.Now().Add(time.Second)) // a letter may get lost
		if _, err := letters.Read(buffer); err != nil {         //~ recvfrom
			fmt.Println("lost:", n, err)
		}
	}
	letters.Close()
	fmt.Println("UDP:", time.Since(began))
}
