"""Places where a source is not: each gives a URL for a fault "at=…" of faults.py, and nobody is served there.

    with Places() as places:
        monitor = LIB.at(places.url("at=refused"), override=places.settings)

A test program that uses "at=dead-resolver" calls with_dead_resolver() first."""

import contextlib
import os
import socket
import struct
import sys
import threading
import time
from os import environ

from harness import DEAD_RESOLVER, SCRATCH, Simulator, make_certificates

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
CERTIFICATES = {"at=wrong-host": "wrong-host", "at=expired": "expired", "at=unknown-ca": "by-unknown-ca"}


def with_dead_resolver():
    """This program again, in a process where names of blackhole.test are looked up for ever."""
    if environ.get("LD_PRELOAD") != str(DEAD_RESOLVER):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**environ, "LD_PRELOAD": str(DEAD_RESOLVER)})


class Listener:
    """A port at which connections are counted, and reset once a byte, or none, has come."""

    def __init__(self, host="127.0.0.1", port=0, waits_for_bytes=False):
        self.waits_for_bytes, self.count = waits_for_bytes, 0
        self.socket = socket.create_server((host, port), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection = self.socket.accept()[0]
                self.count += 1
                with contextlib.suppress(OSError), connection:
                    connection.settimeout(5)
                    if self.waits_for_bytes:
                        connection.recv(1)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Full:
    """A port whose queue of connections is full: a further one is neither taken nor refused."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(0)
        self.port, self.waiting = self.socket.getsockname()[1], []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", self.port))
            self.waiting.append(one)
        time.sleep(0.1)

    def close(self):
        for one in [*self.waiting, self.socket]:
            one.close()


class Places:
    def __enter__(self):
        self.closing = contextlib.ExitStack()
        try:
            self._open()
        except BaseException:
            self.closing.close()
            raise
        return self

    def __exit__(self, *_):
        self.closing.close()

    def _open(self):
        folder = make_certificates(SCRATCH / "places")
        self.certificate = ("--tls-cert", folder / "good.pem", "--tls-key", folder / "good.key")
        self.settings = {"cacert": str(folder / "ca.pem")}
        nobody = self.closing.enter_context(socket.socket())
        nobody.bind(("127.0.0.1", 0))       # bound, but nobody listens
        self.listener = self._keep(Listener())
        self.other_host = self._keep(Listener("127.0.0.2", self.listener.port))
        full, reset = self._keep(Full()), self._keep(Listener())
        in_handshake = self._keep(Listener(waits_for_bytes=True))
        self.urls = {"at=refused": f"http://127.0.0.1:{nobody.getsockname()[1]}",
                     "at=dead-resolver": "https://x.blackhole.test",
                     "at=full": f"http://127.0.0.1:{full.port}", "at=reset": f"http://127.0.0.1:{reset.port}",
                     "at=reset-in-handshake": f"https://127.0.0.1:{in_handshake.port}"}
        self.simulators = {}
        for fault, name in CERTIFICATES.items():
            sim = Simulator({}, "--tls-cert", folder / f"{name}.pem", "--tls-key", folder / f"{name}.key")
            self.simulators[fault] = self.closing.enter_context(sim)
            self.urls[fault] = sim.url

    def _keep(self, place):
        self.closing.callback(place.close)
        return place

    def url(self, fault):
        return self.urls[fault]

    def arguments(self, route, fault):
        """The simulator's words for a fault of its own."""
        text = fault.removeprefix("tls ").replace("LISTENER", str(self.listener.port))
        return ["--fault", f"{route}=>{text}", *(self.certificate if fault.startswith("tls ") else ())]

    def arrivals(self):
        """How many came where nobody may come: the target of a redirect, a server that is not trusted."""
        asked = sum(len(sim.log()) for sim in self.simulators.values())
        return self.listener.count + self.other_host.count + asked
