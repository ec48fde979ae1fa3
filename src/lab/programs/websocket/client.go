// WebSocket client by hand (RFC 6455). Usage: client [ADDRESS [PORT]]
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

const text, closing, ping = 0x1, 0x8, 0x9

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// frame makes header, mask, masked data: only what a client sends is masked.
func frame(opcode byte, data string) []byte {
	mask := make([]byte, 4)
	rand.Read(mask)
	out := append([]byte{0x80 | opcode, 0x80 | byte(len(data))}, mask...)
	for i := 0; i < len(data); i++ {
		out = append(out, data[i]^mask[i%4])
	}
	return out
}

func main() {
	host := arg(1, "127.0.0.1")
	conn, err := net.Dial("tcp", net.JoinHostPort(host, arg(2, "80"))) //~ socket connect
	check(err)
	defer conn.Close() //~ close
	reader := bufio.NewReader(conn)
	receive := func() string {
		var header [2]byte
		_, err := io.ReadFull(reader, header[:]) //~ read
		check(err)
		data := make([]byte, header[1])
		_, err = io.ReadFull(reader, data)
		check(err)
		return string(data)
	}

	random := make([]byte, 16)
	rand.Read(random)
	key := base64.StdEncoding.EncodeToString(random)
	fmt.Fprintf(conn, "GET /chat HTTP/1.1\r\nHost: %s\r\n"+
		"Upgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n", host, key) //~ write(1)
	response, err := http.ReadResponse(reader, nil) //~ read(1)
	check(err)
	fmt.Println(response.Status)

	for n := 1; n <= 3; n++ {
		conn.Write(frame(text, fmt.Sprintf(`{"n": %d, "text": "hello"}`, n))) //~ write
		fmt.Println(receive())
	}
	conn.Write(frame(ping, "osiscope"))
	fmt.Println("pong", receive())

	conn.Write(frame(closing, "\x03\xE8bye")) // code 1000: a normal end //~ write(last)
	fmt.Println("close", receive()[2:])
	reader.ReadByte() // io.EOF: the server has closed TCP //~ read(end)
}
