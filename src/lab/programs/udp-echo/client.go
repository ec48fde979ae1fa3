// UDP echo client: sends three datagrams. Usage: client [ADDRESS [PORT]]
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
	// Dial sends nothing: the kernel only notes whom to talk to.
	conn, err := net.Dial("udp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close

	buffer := make([]byte, 65507)
	for i := 0; i < 3; i++ {
		conn.Write([]byte("hello, osiscope\n")) //~ sendto
		// UDP never says that an answer was lost: wait one second.
		conn.SetReadDeadline(time.Now().Add(time.Second))
		n, err := conn.Read(buffer) //~ recvfrom
		if err != nil { // "connection refused" came as ICMP: nobody listens on that port //~ recvfrom(failed)
			fmt.Println(err)
			continue
		}
		fmt.Print(string(buffer[:n]))
	}
}
