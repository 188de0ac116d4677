"""Reads a URL from a raw socket and prints the size of each read."""

import socket
import sys

host, port, path = sys.argv[1:]
sizes = []
with socket.create_connection((host, int(port))) as connection:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    while data := connection.recv(65536):
        sizes.append(len(data))
print(*sizes)
