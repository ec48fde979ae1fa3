// Makes, reads, changes and deletes a user. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func ask(method, path, body string) {
	url := "http://" + net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80")) + path
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	// Hidden in Do: socket and connect, the first time; write the request, read the head.
	answer, err := http.DefaultClient.Do(request) //~ socket connect write read
	if err != nil {
		log.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	fmt.Printf("%s %s → %d %s", method, path, answer.StatusCode, text)
}

func main() {
	ask("GET", "/users/1", "")
	ask("POST", "/users", `{"name": "Hanako"}`)
	ask("PUT", "/users/2", `{"name": "Hanako Osaka"}`)
	ask("GET", "/users/2", "") // this URL can be kept as a bookmark: it says all
	ask("DELETE", "/users/2", "")
	ask("GET", "/users/2", "")
	http.DefaultClient.CloseIdleConnections() //~ close
}
