// HTTP server: net/http does what the others do by hand. Usage: server [ADDRESS [PORT]]
package main

import (
	"fmt"
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

func user(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"id": 1, "name": "Osaka Taro"}`) //~ handler
}

func main() {
	// Every other path is answered with 404 by net/http.
	http.HandleFunc("/users/1", user)
	listener, err := net.Listen("tcp", net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80"))) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	// Hidden in Serve: accept; then, for each connection in a goroutine of its own,
	// read the head, call the handler, write the response, until the client closes.
	log.Fatal(http.Serve(listener, nil)) //~ accept read write close
}
