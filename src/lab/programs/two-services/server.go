// One host, two services: the port decides. Usage: server [ADDRESS [WEB [MAIL]]]
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"sync"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

// serve listens on a port and gives its first client to a service.
func serve(port string, service func(net.Conn)) func() {
	listener, err := net.Listen("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), port)) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	return func() {
		conn, err := listener.Accept() //~ accept
		if err != nil {
			log.Fatal(err)
		}
		service(conn)
		conn.Close()     //~ close(connection)
		listener.Close() //~ close(listener)
	}
}

// web: the client speaks first: a request, then the answer.
func web(conn net.Conn) {
	conn.Read(make([]byte, 65536)) //~ read(80)
	body := "<h1>web</h1>\n"
	fields := fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n", len(body))
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n%s", fields, body) //~ write(80)
}

// mail: the server speaks first; then a line is answered with a number and a line.
func mail(conn net.Conn) {
	fmt.Fprint(conn, "220 mail.example.com ESMTP\r\n") //~ write(1)
	lines := bufio.NewScanner(conn)
	inMail := false
	for lines.Scan() { //~ read
		line := lines.Text()
		if inMail && line != "." {
			continue // a line of the mail itself
		}
		inMail = strings.HasPrefix(line, "DATA")
		answer := "250 ok"
		if inMail {
			answer = "354 end with a line of one dot"
		} else if line == "QUIT" {
			answer = "221 bye"
		}
		fmt.Fprintf(conn, "%s\r\n", answer) //~ write
		if line == "QUIT" {
			return
		}
	}
}

func main() {
	services := []func(){serve(arg(2, "80"), web), serve(arg(3, "25"), mail)}
	var both sync.WaitGroup
	for _, service := range services {
		both.Add(1)
		go func(service func()) {
			defer both.Done()
			service()
		}(service)
	}
	both.Wait()
}
