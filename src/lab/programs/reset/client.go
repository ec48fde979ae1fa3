// Talks to a server that breaks off. Usage: client [ADDRESS [PORT]]
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

func main() {
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	conn.Write([]byte("hello, osiscope\n")) //~ write
	_, err = conn.Read(make([]byte, 65536)) // told of the RST: connection reset by peer, once only //~ read
	fmt.Println(err)
	_, err = conn.Write([]byte("still there?\n")) // broken pipe: nothing is sent any more //~ write(failed)
	fmt.Println(err)
	conn.Close() //~ close
}
