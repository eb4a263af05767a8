#!/usr/bin/env python3
"""How often an answer waits for one reply before it can ask for the next, and how many questions Solana
nodes get for it. Counted from the simulator's log, at a latency beside which everything else is short; the
times themselves are for tests/bench/bench_trips.py."""

import sys
import time

from harness import check_answer, equal, main, test, true, within
from trips import ACCOUNTS_KEPT_S, CASES, HUB_CASES, LIST, count_trips, hub_world, quiet_world

LATENCY_MS = 200
RPC_MOST = 4                  # for run_details, beside the genesis


@test
def trips_and_calls():
    with quiet_world(LATENCY_MS) as world:
        for name, request, trips, calls in CASES:
            asked = world.ask(request)
            check_answer(asked.reply, name)
            equal((asked.trips, asked.rpc), (trips, calls), f"{name}: trips, calls to Solana nodes")
            within(asked.genesis, 1, f"{name}: questions for the genesis hash")
            true(all(source["status"] == "ok" for source in asked.reply.json["sources"]),
                 f"{name}: {asked.reply.json['sources']}")
            if request["action"] == "run_details":
                within(asked.rpc, RPC_MOST, f"{name}: calls to Solana nodes")


@test
def trips_to_the_hub():
    with hub_world(LATENCY_MS) as world:
        for name, request, trips in HUB_CASES:
            asked = world.ask(request)
            check_answer(asked.reply, name)
            equal(asked.trips, trips, f"{name}: trips")
            equal(asked.reply.json.get("hub", {}).get("weights", {}).get("verdict"), "complete", name)
            true(all(source["status"] == "ok" for source in asked.reply.json["sources"]),
                 f"{name}: {asked.reply.json['sources']}")


@test
def one_trip_with_a_kept_search():
    """Accounts are kept for seconds, a search for minutes."""
    with quiet_world(LATENCY_MS) as world, world.open() as monitor:
        equal(world.ask(LIST, monitor).trips, 2, "at first")
        equal(world.ask(LIST, monitor).trips, 0, "at once again")
        time.sleep(ACCOUNTS_KEPT_S + 0.2)
        asked = world.ask(LIST, monitor)
        equal((asked.trips, asked.rpc, asked.genesis), (1, 2, 0), "later: trips, calls, genesis")


@test
def counting():
    class Sent:
        def __init__(self, ms):
            self.ms = ms
    for times, trips in (([], 0), ([7], 1), ([0, 1, 2, 49], 1), ([0, 50], 2), ([50, 0, 1, 51, 101, 102], 3)):
        equal(count_trips([Sent(ms) for ms in times], 50), trips, f"{times}")


sys.exit(main())
