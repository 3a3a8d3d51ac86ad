"""An address that can be moved from one server to another, as a managed database's endpoint is."""

import contextlib
import socket
import threading


class Endpoint:
    """Listens on a free loopback port and hands each new connection to the server it points at.

    `requests` counts what clients have sent: one for each request that waits for its answer, logging in included.
    """

    def __init__(self, target_port: int) -> None:
        self.requests = 0
        self._target_port = target_port
        self._passing = threading.Event()
        self._passing.set()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def point_at(self, target_port: int) -> None:
        """Hand new connections to another server; those that exist stay where they are."""
        self._target_port = target_port

    def cut(self) -> None:
        """Break the connections that exist."""
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hold(self) -> None:
        """Hang: let everybody in and pass nothing on, until `stop`."""
        self._passing.clear()

    def stop(self) -> None:
        """Stop listening and break everything."""
        self._passing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target_port), 5)
            except OSError:
                client.close()
                continue
            self._join(client, server)

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.settimeout(None)
            self._open.add(end)
        threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        back = threading.Thread(target=self._pump, args=(server, client, 0), daemon=True)
        back.start()
        self._pump(client, server, 1)
        back.join()
        for end in (client, server):
            self._open.discard(end)
            end.close()

    def _pump(self, source: socket.socket, sink: socket.socket, count: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.requests += count
                self._passing.wait()
                sink.sendall(data)
        # Whichever direction ends first ends the other one, too.
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
