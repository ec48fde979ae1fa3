// Echo over a Unix socket: a path instead of address and port. Usage: server [PATH]
package main

import (
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
	os.Remove(path) // left behind by an earlier server: bind would fail with EADDRINUSE
	// Makes a file of the kind "socket".
	listener, err := net.Listen("unix", path) //~ socket bind listen
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close() // Go removes the file, too //~ close(listener) unlink

	conn, err := listener.Accept() //~ accept
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close() //~ close(connection)
	buffer := make([]byte, 65536)
	for {
		n, err := conn.Read(buffer) //~ read
		if err == io.EOF {
			return
		}
		conn.Write(buffer[:n]) // no packet: the kernel copies it to the other process //~ write
	}
}
