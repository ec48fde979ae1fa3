// Echo over a Unix socket: a path instead of address and port. Usage: client [PATH]
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

func main() {
	path := "/tmp/osiscope-echo.sock"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	line := []byte("hello, osiscope\n")
	conn, err := net.Dial("unix", path) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close
	for i := 0; i < 3; i++ {
		conn.Write(line) //~ write
		echo := make([]byte, len(line))
		if _, err := io.ReadFull(conn, echo); err != nil { // a stream, as with TCP //~ read
			log.Fatal(err)
		}
		fmt.Print(string(echo))
	}
	conn.(*net.UnixConn).CloseWrite() //~ shutdown
	conn.Read(make([]byte, 1))        // io.EOF: the server has closed //~ read(end)
}
