// A shop that knows its visitors by a cookie. Usage: server [ADDRESS [PORT]]
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
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

// The state lives here, in the server; the cookie only says which cart is meant.
var (
	lock  sync.Mutex
	carts = map[string][]string{}
)

// shop: HTTP itself forgets, so each request must say again who asks.
func shop(w http.ResponseWriter, r *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	session := ""
	if cookie, err := r.Cookie("session"); err == nil {
		session = cookie.Value
	}
	if _, known := carts[session]; !known {
		session = fmt.Sprint(len(carts) + 1) // a real shop takes a number that nobody can guess
		carts[session] = nil
		http.SetCookie(w, &http.Cookie{Name: "session", Value: session, Path: "/", HttpOnly: true})
	}
	if strings.HasPrefix(r.URL.Path, "/add/") {
		carts[session] = append(carts[session], r.URL.Path[5:])
	}
	fmt.Fprintf(w, "cart %s: %s\n", session, strings.Join(carts[session], ", ")) //~ handler
}

func main() {
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	// Hidden in Serve: accept, read the request, call shop, write the answer.
	log.Fatal(http.Serve(listener, http.HandlerFunc(shop))) //~ accept read write close
}
