// Fetches a page and sends a mail, both at one address. Usage: client [ADDRESS [WEB [MAIL]]]
package main

import (
	"bufio"
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

func dial(port string) net.Conn {
	// The same address: only the port differs.
	conn, err := net.Dial("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), port)) //~ socket connect
	if err != nil {
		log.Fatal(err)
	}
	return conn
}

func main() {
	conn := dial(arg(2, "80"))
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", arg(1, "127.0.0.1")) //~ write(80)
	io.Copy(os.Stdout, conn)                                                     //~ read(80)
	conn.Close()                                                                 //~ close(80)

	conn = dial(arg(3, "25"))
	lines := bufio.NewScanner(conn)
	lines.Scan() // here the server speaks first
	fmt.Println(lines.Text())
	for _, command := range []string{
		"HELO taro-pc.example.com",
		"MAIL FROM:<taro@example.com>",
		"RCPT TO:<hanako@example.com>",
		"DATA",
		"Subject: ports\r\n\r\nHello over port 25.\r\n.",
		"QUIT",
	} {
		fmt.Fprintf(conn, "%s\r\n", command) //~ write
		lines.Scan() //~ read
		fmt.Println(lines.Text())
	}
	conn.Close() //~ close
}
