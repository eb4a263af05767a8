#!/usr/bin/env python3
"""peer_threads - asks what can be asked at once from as many threads, over connections that are kept: for
the rest of the answer, and with `keep` for the next one, too (see peer_common.py)."""

import concurrent.futures
import threading

from peer_common import connect, read_reply, run

THREADS = 16


class Connections:
    """Those that nobody is using."""

    def __init__(self):
        self.lock, self.idle = threading.Lock(), []

    def take(self, plan):
        with self.lock:
            if self.idle:
                return self.idle.pop()
        return connect(plan)

    def give(self, connection):
        with self.lock:
            self.idle.append(connection)

    def close(self):
        for connection in self.idle:
            connection.close()
        self.idle.clear()


kept = Connections()
threads = concurrent.futures.ThreadPoolExecutor(THREADS)


def ask_all(plan):
    def ask(request):
        connection = kept.take(plan)
        read_reply(connection, *request)
        kept.give(connection)

    for trip in plan.trips:
        list(threads.map(ask, trip))
    if not plan.is_kept:
        kept.close()


run(ask_all)
