// Chat over plain TCP: two people in one program. Usage: client [ADDRESS [PORT]]
package main

import (
	"bufio"
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

type person struct {
	name string
	conn net.Conn
	from *bufio.Scanner
}

func join(name string) person {
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7000"))) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	from := bufio.NewScanner(conn)
	from.Scan() // the server speaks first //~ read(1)
	fmt.Println("server:", from.Text())
	return person{name, conn, from}
}

func main() {
	people := []person{join("hanako"), join("taro")}
	for _, speaker := range people {
		fmt.Fprintf(speaker.conn, "%s: hello\n", speaker.name) //~ write
		for _, listener := range people {
			listener.from.Scan() // everybody gets it, also the one who said it //~ read
			fmt.Printf("to %s: %s\n", listener.name, listener.from.Text())
		}
	}
	for _, p := range people {
		p.conn.Close() //~ close
	}
}
