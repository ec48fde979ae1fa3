// Two browsers with a cart each, and one that keeps no cookies. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func get(browser *http.Client, path string) {
	url := "http://" + net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80")) + path
	// Hidden in Get: socket and connect, the cookies of the jar, write, read.
	answer, err := browser.Get(url) //~ socket connect write read
	if err != nil {
		log.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	fmt.Printf("%s → %s", path, body)
}

func main() {
	browser := func() *http.Client {
		jar, _ := cookiejar.New(nil) // keeps what Set-Cookie says, and sends it again
		return &http.Client{Jar: jar}
	}
	hanako, taro, forgetful := browser(), browser(), &http.Client{}
	get(hanako, "/add/apple")
	get(taro, "/add/tea")
	get(hanako, "/add/pear")
	get(hanako, "/cart")
	get(taro, "/cart")
	get(forgetful, "/cart") // without the cookie the server has never seen us
	http.DefaultClient.CloseIdleConnections() //~ close
}
