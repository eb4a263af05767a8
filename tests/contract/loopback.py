"""A server on loopback whose replies are made by the program that tests, where the simulator has no such ones.

    with serving(Handler) as url: ...

Handler is a class with do_GET or do_POST, derived from loopback.Handler."""

import contextlib
import http.server
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1                   # head and body in one piece

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):     # a caller who leaves in the middle
        pass


@contextlib.contextmanager
def serving(handler):
    """Its URL; whoever leaves ends it."""
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Served:
    """What serves as long as it is entered, at its `url`; handler() makes the class that replies."""

    def __enter__(self):
        self._serving = serving(self.handler())
        self.url = self._serving.__enter__()
        return self

    def __exit__(self, *_):
        self._serving.__exit__(None, None, None)
