// TCP echo client: says the same line three times. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
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
	line := []byte("hello, osiscope\n")
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close

	for i := 0; i < 3; i++ {
		if _, err := conn.Write(line); err != nil { //~ write
			log.Fatal(err)
		}
		// TCP has no messages: ReadFull reads until the whole line is here.
		echo := make([]byte, len(line))
		if _, err := io.ReadFull(conn, echo); err != nil { //~ read
			log.Fatal(err)
		}
		fmt.Print(string(echo))
	}
	conn.(*net.TCPConn).CloseWrite() // FIN: nothing more to say //~ shutdown
	conn.Read(make([]byte, 1))       // ends once the server's FIN is here //~ read(end)
}
