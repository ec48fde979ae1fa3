// HTTP client: two requests over one connection. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func main() {
	url := "http://" + net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80")) + "/users/1"
	for i := 0; i < 2; i++ {
		// Hidden in Get: socket and connect, the first time; write the request, read the head.
		response, err := http.Get(url) //~ socket connect write read
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(response.Proto, response.Status)
		// Only a body that is read to its end leaves the connection free for the next request.
		body, err := io.ReadAll(response.Body)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(body))
		response.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections() //~ close
}
