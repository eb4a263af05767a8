#!/usr/bin/env python3
"""Names whose lookup hangs. libcurl cannot drop such a request without waiting for the resolver, so it is parked: its
callers get their answers in time, a few hang at most, and what comes of it later is nobody's any more."""

import contextlib
import sys
import time

from fault_places import with_dead_resolver
from harness import Lib, Simulator, equal, main, make_list, make_run, side_by_side, test, true, within

with_dead_resolver()
LIB = Lib()
# Four requests to the dashboard, two of which are of a kind.
ACTIONS = [{"action": "network_stats"}, {"action": "pool_status"}, {"action": "run_details", "run_id": "a"}]
PARKED_S = 7.8          # a request runs on for five seconds without a caller; a failure is kept for two
LOOKUP_S = 9.0          # of a name below slow.test (tests/sim/dead_resolver.c)
CLOSE_S = 0.2
HANGS = "earlier lookups still hang"


@contextlib.contextmanager
def handle(dashboard, **settings):
    override = {"dashboard.url": dashboard, "allow_plain_http": True, **settings}
    with LIB.open({"override": override, "store": False}) as monitor:
        yield monitor


def ask(monitor, arguments, timeout_ms=300):
    """{host: problem} of the sources."""
    reply = monitor.call({"tool": "psyche_monitor", "arguments": arguments, "timeout_ms": timeout_ms})
    within(reply.seconds, timeout_ms / 1000 + 0.5, f"seconds of a call of {timeout_ms} ms")
    return {row["host"]: row.get("problem", "") for row in reply.json.get("sources", []) if "host" in row}


def park(monitor):
    for arguments in ACTIONS:
        ask(monitor, arguments)
    time.sleep(PARKED_S)


def a_few_hang_at_most():
    hub = {"hub.off": False, "hub.url": "http://two.blackhole.test:1"}
    with handle("http://one.blackhole.test:1", **hub) as monitor:
        park(monitor)
        problems = ask(monitor, {"action": "list_runs"})
        dashboard, other = problems.get("one.blackhole.test:1", ""), problems.get("two.blackhole.test:1", "")
        true(HANGS in dashboard, f"a fifth one to the same host: {problems}")
        true(other and HANGS not in other, f"another host: {problems}")
        within(monitor.close(), CLOSE_S, "seconds to close")


def one_that_ends_makes_room():
    files = {"runs.json": make_list([make_run("a")])}
    with Simulator(files) as sim, handle(f"http://late.slow.test:{sim.port}") as monitor:
        park(monitor)
        true(HANGS in str(ask(monitor, {"action": "list_runs"})), "all are parked")
        time.sleep(LOOKUP_S - PARKED_S + 1.5)
        problems = ask(monitor, {"action": "checkpoints"})
        true(problems and HANGS not in str(problems), f"their lookups ended: {problems}")
        equal(ask(monitor, {"action": "list_runs"}, 15000), {f"late.slow.test:{sim.port}": ""}, "found in the end")
        within(monitor.close(), CLOSE_S, "seconds to close")


@test
def lookups():
    side_by_side(a_few_hang_at_most, one_that_ends_makes_room)


sys.exit(main())
