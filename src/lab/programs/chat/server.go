// Chat over plain TCP: what one client says goes to all. Usage: server [ADDRESS [PORT]]
package main

import (
	"log"
	"net"
	"os"
	"sync"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

var (
	lock    sync.Mutex // a goroutine for each client: they share this list
	clients = map[net.Conn]bool{}
)

// talk passes on what one client says, until it goes.
func talk(conn net.Conn, last func()) {
	buffer := make([]byte, 65536)
	for {
		n, err := conn.Read(buffer) //~ read
		lock.Lock()
		if err != nil { // this one has gone //~ read(end)
			delete(clients, conn)
			conn.Close() //~ close(connection)
			if len(clients) == 0 {
				last()
			}
			lock.Unlock()
			return
		}
		for client := range clients {
			client.Write(buffer[:n]) //~ write
		}
		lock.Unlock()
	}
}

func main() {
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7000"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept() //~ accept
		if err != nil {
			return // closed by the last one
		}
		lock.Lock()
		conn.Write([]byte("welcome\n")) // here the server speaks first //~ write(1)
		clients[conn] = true
		lock.Unlock()
		go talk(conn, func() { listener.Close() }) //~ close(listener)
	}
}
