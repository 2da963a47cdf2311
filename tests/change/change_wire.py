"""A wire between the tool and a router that a test can cut, or hold for a while."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Forwards TCP to one port; listens on another."""

    def __init__(self, port):
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._flow = {"up": threading.Event(), "down": threading.Event()}
        self._pairs = []
        self._garbled = threading.Event()
        self.release()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def hold(self, *directions):
        """Let nothing through, in these directions, until released."""
        for direction in directions:
            self._flow[direction].clear()

    def release(self):
        for flow in self._flow.values():
            flow.set()

    def garble(self):
        """What comes down next is not what was sent."""
        self._garbled.set()

    def cut(self):
        """End every connection; new ones may be made."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.release()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self._thread.join(60)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            router = socket.create_connection(("127.0.0.1", self._target))
            for end in (client, router):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs.append((client, router))
            for source, sink, flow in ((client, router, "up"), (router, client, "down")):
                threading.Thread(target=self._pump, args=(source, sink, flow), daemon=True).start()

    def _pump(self, source, sink, direction):
        with suppress(OSError):
            while data := source.recv(65536):
                self._flow[direction].wait()
                if direction == "down" and self._garbled.is_set():
                    self._garbled.clear()
                    data = bytes(255 - byte for byte in data)
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()
