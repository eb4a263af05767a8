"""The outside world as a proxy that lets nobody through, and says who wanted to get there.

    with Outside() as outside:
        run(command, env={**environ, **outside.variables})
        outside.asked()         # ["api.devnet.solana.com:443"]; should be []

It stands for whatever is not on this machine: a program that asks a public host fails at once."""

import socket
import threading

HEAD_BYTES_MOST = 8192
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Outside:
    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.variables = {"HTTPS_PROXY": url, "https_proxy": url, "HTTP_PROXY": url, "http_proxy": url,
                          "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
        self._asked = []

    def __enter__(self):
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _listen(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:               # closed
                return
            threading.Thread(target=self._refuse, args=(connection,), daemon=True).start()

    def _refuse(self, connection):
        with connection:
            connection.settimeout(5)
            try:
                head = connection.recv(HEAD_BYTES_MOST).decode(errors="replace")
                self._asked.append((head.split() + ["", ""])[1])
                connection.sendall(REFUSAL)
            except OSError:
                self._asked.append("nobody knows")

    def asked(self, *words):
        """Where to, in order; with words, only what has one of them in it."""
        return [place for place in list(self._asked) if not words or any(word in place for word in words)]
