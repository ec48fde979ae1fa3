// WebSocket server by hand (RFC 6455). Usage: server [ADDRESS [PORT]]
package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

const closing, ping, pong = 0x8, 0x9, 0xA

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

func main() {
	at := net.JoinHostPort(arg(1, "127.0.0.1"), arg(2, "80"))
	listener, err := net.Listen("tcp", at) //~ socket setsockopt bind listen
	check(err)
	defer listener.Close() //~ close(listener)
	conn, err := listener.Accept() //~ accept
	check(err)
	defer conn.Close() //~ close(connection)
	reader := bufio.NewReader(conn)

	// It begins as HTTP: the head of a GET with a random key.
	request, err := http.ReadRequest(reader) //~ read(1)
	check(err)
	// The proof that this server speaks WebSocket: the key and a fixed text, hashed.
	key := request.Header.Get("Sec-WebSocket-Key")
	digest := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	accept := base64.StdEncoding.EncodeToString(digest[:])
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	fmt.Fprintf(conn, "%sSec-WebSocket-Accept: %s\r\n\r\n", answer, accept) //~ write(1)

	for opcode := byte(0); opcode != closing; {
		// From here on: frames. The client's are masked: each byte XOR one of four key bytes.
		var header [2]byte
		_, err := io.ReadFull(reader, header[:]) //~ read
		check(err)
		length := uint16(header[1] & 0x7F)
		if length == 126 {
			check(binary.Read(reader, binary.BigEndian, &length))
		}
		data := make([]byte, 4+int(length))
		_, err = io.ReadFull(reader, data)
		check(err)
		mask, data := data[:4], data[4:]
		for i := range data {
			data[i] ^= mask[i%4]
		}
		opcode = header[0] & 0x0F
		reply := opcode
		if opcode == ping {
			reply = pong
		}
		out := []byte{0x80 | reply, byte(len(data))}
		if len(data) >= 126 {
			out = binary.BigEndian.AppendUint16([]byte{0x80 | reply, 126}, uint16(len(data)))
		}
		_, err = conn.Write(append(out, data...)) //~ write
		check(err)
	}
	conn.(*net.TCPConn).CloseWrite() // the server ends the TCP connection first //~ shutdown
	reader.ReadByte() //~ read(end)
}
