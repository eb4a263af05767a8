"""An HTTP client that only moves bytes, so that nothing is repaired or hidden.

    answer = ask(sim, "/runs")
    answer.status, answer.headers["content-length"], answer.body, answer.end"""

import socket
import time


def connect(sim, timeout=5.0):
    return socket.create_connection(("127.0.0.1", sim.port), timeout)


def send(connection, target="/runs", method="GET", head="", body=b""):
    connection.sendall(f"{method} {target} HTTP/1.1\r\nHost: sim\r\n{head}\r\n".encode() + body)


class Answer:
    """What came: status, headers (lower case), body, the seconds until the first byte, and
    `end`: whole (as long as it said), close, reset or silence."""

    def __init__(self, raw, end, first_s):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.raw, self.end, self.first_s = raw, end, first_s
        self.status = int(lines[0].split()[1]) if lines[0] else None
        self.headers = {name.lower(): value.strip() for name, _, value
                        in (line.partition(":") for line in lines[1:])}

    def length(self):
        return int(self.headers["content-length"])


def is_whole(raw):
    head, gap, body = raw.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return bool(gap) and len(body) >= int(line.split(b":")[1])
    return False


def receive(connection, silence_s=1.0, stop_when_whole=True):
    raw, start, first = b"", time.monotonic(), None
    connection.settimeout(silence_s)
    while not (stop_when_whole and is_whole(raw)):
        try:
            piece = connection.recv(1 << 20)
        except socket.timeout:
            return Answer(raw, "silence", first)
        except ConnectionResetError:
            return Answer(raw, "reset", first)
        if not piece:
            return Answer(raw, "close", first)
        first = first if first is not None else time.monotonic() - start
        raw += piece
    return Answer(raw, "whole", first)


def ask(sim, target="/runs", method="GET", head="", body=b"", **how):
    with connect(sim) as connection:
        send(connection, target, method, head, body)
        return receive(connection, **how)
