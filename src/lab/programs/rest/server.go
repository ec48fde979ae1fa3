// A small JSON API: the URL says what, the method what to do. Usage: server [ADDRESS [PORT]]
package main

import (
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

type user struct {
	Name string `json:"name"`
}

var (
	lock  sync.Mutex
	users = map[int]user{1: {"Taro"}}
	last  = 1
)

// api needs nothing but the request: the connection is not asked.
func api(w http.ResponseWriter, r *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	number, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/users/"))
	status := http.StatusOK
	known, found := users[number]
	switch {
	case r.Method == "POST" && r.URL.Path == "/users":
		last++
		number, status, found = last, http.StatusCreated, true
		fallthrough
	case r.Method == "PUT" && number > 0: // done twice it leaves the same: PUT is idempotent
		found = json.NewDecoder(r.Body).Decode(&known) == nil
		users[number] = known
	case r.Method == "DELETE":
		delete(users, number)
	}
	if !found {
		http.Error(w, `{"error": "not found"}`, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(known) //~ handler
}

func main() {
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	if err != nil {
		log.Fatal(err)
	}
	// Hidden in Serve: accept, read the request, call api, write the answer.
	log.Fatal(http.Serve(listener, http.HandlerFunc(api))) //~ accept read write close
}
