#!/usr/bin/env python3
"""bench_trips - how long a cold handle takes to answer when every server takes 50 ms, and what it asks.

One line a case: the median time of fresh handles and its limit, the trips that follow each other, the calls
to Solana nodes (each is asked for its cluster besides, once) and the requests to the dashboard, beside their
limits where there are any. Not a test: it prints `over` beside a number that is over its limit and exits 0
all the same; tests/contract/test_trips.py is the test of what can be counted."""

import pathlib
import statistics
import sys
import time
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "contract"))
environ.setdefault("PSYCHE_BUILD_DIR", str(ROOT / "build" / "release"))
from trips import ACCOUNTS_KEPT_S, CASES, LIST, quiet_world  # noqa: E402

LATENCY_MS = 50
OWN_MS = 20                    # for everything but waiting
TIMES = 9


def row(name, asked, trips, calls):
    wall_ms = statistics.median(each.seconds * 1e3 for each in asked)
    limit_ms = trips * LATENCY_MS + OWN_MS
    most = max(asked, key=lambda each: (each.trips, each.rpc))
    is_over = wall_ms > limit_ms or most.trips > trips or most.rpc > calls
    print(f"{name:<44} {wall_ms:9.2f} ms  limit {limit_ms:7.1f}  trips {most.trips} of {trips}  "
          f"RPC {most.rpc} of {calls}  dashboard {most.dashboard}{'  over' if is_over else ''}", flush=True)


def ask_with_a_kept_search(world):
    """Accounts are kept for seconds, a search for minutes."""
    with world.open() as monitor:
        world.ask(LIST, monitor)
        time.sleep(ACCOUNTS_KEPT_S + 0.2)
        return world.ask(LIST, monitor)


def main():
    with quiet_world(LATENCY_MS) as world:
        for name, request, trips, calls in CASES:
            row(name, [world.ask(request) for _ in range(TIMES)], trips, calls)
        row("list_runs, its search kept", [ask_with_a_kept_search(world)], 1, 2)


main()
