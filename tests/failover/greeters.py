"""Servers that say their name to whoever is led to them, and visitors who hear it."""

import contextlib
import socket
import threading

from failover.settings import Address


class Greeter:
    """Says its name to everybody, as a database does, and then whatever it hears."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.connected = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = Address("127.0.0.1", self._listener.getsockname()[1], "", "")
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self.connected += 1
        with connection, contextlib.suppress(OSError):
            connection.sendall(self.name)
            while data := connection.recv(65536):
                connection.sendall(data)
        self.connected -= 1


def visit(port: int) -> socket.socket:
    """A connection by way of what listens there."""
    return socket.create_connection(("127.0.0.1", port), 5)


def greeting(port: int) -> bytes:
    """What a visitor hears first; nothing if the door is shut."""
    try:
        with visit(port) as connection:
            return hear(connection)
    except ConnectionRefusedError:
        return b""


def hear(connection: socket.socket, most: int = 1) -> bytes:
    """The next bytes; nothing if the connection has ended."""
    try:
        return connection.recv(most)
    except ConnectionResetError:
        return b""
