#!/usr/bin/env python3
"""peer_plain - asks one source after another, each over a connection of its own (see peer_common.py)."""

from peer_common import connect, read_reply, run


def ask_all(plan):
    for trip in plan.trips:
        for method, path, body in trip:
            connection = connect(plan)
            read_reply(connection, method, path, body)
            connection.close()


run(ask_all)
