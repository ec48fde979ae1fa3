// Connects until nobody answers any more. Usage: client [ADDRESS [PORT]]
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func main() {
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "7"))
	for n := 1; n <= 5; n++ {
		began := time.Now()
		// Without a limit the kernel sends its SYN again and again for two minutes.
		conn, err := net.DialTimeout("tcp", at, 3*time.Second) //~ socket connect
		if err != nil {
			fmt.Printf("connection %d: no answer in %.1f s\n", n, time.Since(began).Seconds()) //~ connect(failed)
			return
		}
		defer conn.Close() //~ close
		fmt.Printf("connection %d stands, though nobody has accepted it\n", n)
	}
}
