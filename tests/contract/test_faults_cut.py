#!/usr/bin/env python3
"""Each reply broken off at every 64th byte, of each kind, for each question of a user that asks it: the connection
ends before the reply is whole, so nothing of it is taken.

    test_faults_cut.py [--table]

The answer is like that to 404, but for the words. Where a kind of question is asked several times in a call, and the
shorter replies are whole already, it lies between that and the answer without a fault."""

import json
import sys

from chain_address import SYSTEM
from chain_data import write_chain
from fault_cells import Table, column_of, has_late, side_by_side, wait_for_spoiled, written
from faults import CUT, FIRST, bad_rows, difference_of, name_of, request_of, without_words
from grading import is_of_storage
from harness import DATA, SCRATCH, Lib, Simulator, check_answer, equal, main, test, true
from hub_client import ask as fetch
from hub_world import all_settings, chain_of_runs, dashboard_files, kind_of, write_storage
from two_sources import POOL_PROGRAM, WALLET, pool_chain

LIB, TABLE = Lib(), Table()
STEP, MOST = 64, 1 << 16
TIMES = {"timeout_ms": 6000}
PATIENCE = {"patience_ms": 5000}            # nothing is waited for
RUN = "parts-run"
QUESTIONS = [
    {"action": "list_runs"}, {"action": "run_details", "run_id": RUN}, {"action": "pool_status"},
    *({"action": "checkpoints", "run_id": run_id} for run_id in (RUN, "wide-run", "bucket-run", "sea-1b2")),
    {"action": "network_stats"}, {"action": "contribute"}, {"address": WALLET}, {"address": WALLET, "run_id": RUN}]
KINDS = ["/runs", "/run/", "/contributionInfo", "/status"]


def files():
    pool = (DATA / "real_contributionInfo.json").read_bytes()
    return {**dashboard_files(), "contributionInfo.json": pool,
            f"contributionInfo/{WALLET}.json": {**json.loads(pool), "users": []}}


FOLDER, STORAGE = written(files()), write_storage("cut")
WALLET_ACCOUNT = {"pubkey": WALLET, "owner": SYSTEM, "hex": ""}
NODES = {"rpc": write_chain({**chain_of_runs(), "accounts": [WALLET_ACCOUNT]}, SCRATCH / "cut" / "runs"),
         "rpc-pool": write_chain(pool_chain(), SCRATCH / "cut" / "pool")}


def route_of(path):
    """Which kind of question that is, as faults name it."""
    if path.startswith(("/hub/", "/gcs/")):
        return kind_of(path)
    return next((kind for kind in KINDS if path.startswith(kind)), path)


def ask(arguments, route="", fault="", sizes=None):
    """(answer, kinds that were asked, whether the fault was met); into `sizes` goes how long replies are."""
    words = ["--fault", f"{route}=>{fault}"] if fault else []
    with Simulator(FOLDER, *words, rpc=NODES, hub=STORAGE) as sim:
        settings = {**all_settings(sim), **PATIENCE, "rpc.pool_url": sim.node_url("rpc-pool"),
                    "programs.pool": POOL_PROGRAM}
        with LIB.at(sim.url, override=settings) as monitor:
            reply = monitor.call(request_of(arguments, **TIMES))
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        is_met = bool(fault) and wait_for_spoiled(sim, lambda path: route_of(path) == route)
        paths = {line.path for line in sim.log()}
        for path in paths if sizes is not None else ():
            size = len(fetch(sim, path).body) if not path.startswith("/rpc") else MOST
            sizes[route_of(path)] = max(size, sizes.get(route_of(path), 0))
    return reply, {route_of(path) for path in paths}, is_met


def ask_in_time(*arguments):
    return TABLE.in_time(lambda: ask(*arguments), lambda result: has_late(
        bad_rows(result[0].json), lambda row: False, []))


def text_of(reply):
    return reply.text.rstrip(b"\n").decode()


def verdicts_of(answer):
    groups = [value for value in answer.values() if is_of_storage(value)]
    return {group["weights"]["verdict"] for group in groups if "weights" in group}


def is_between(before, after):
    """Nothing is complete, found missing or told of that was not so before."""
    is_new = verdicts_of(after) - verdicts_of(before) - {"unknown", "incomplete"}
    return not is_new and set(after) <= set(before) and after.get("found") in (before["found"], "unknown")


class Kind:
    """One kind of reply, for one question: cut shorter, then longer, until it is whole."""

    def __init__(self, arguments, route, size, free):
        self.arguments, self.route, self.size, self.free = arguments, route, size, free
        self.name, self.calls = f"{name_of(arguments)}, {route}", 0

    def run(self):
        like = text_of(ask_in_time(self.arguments, self.route, FIRST)[0])
        for count in range(0, self.size, STEP):
            reply, _, is_met = ask_in_time(self.arguments, self.route, f"truncate={count}")
            self.calls += 1
            complaint = "the fault was not met" if not is_met else self.find_complaint(reply, like)
            if not true(not complaint, f"{self.name}, {count} bytes: {complaint}"):
                TABLE.wrong += 1
            # What was posted tells no size: it is over when nothing is missing any more.
            if self.route.startswith("/rpc") and text_of(reply) == self.free:
                return

    def find_complaint(self, reply, like):
        text, rows = text_of(reply), bad_rows(reply.json)
        if text == self.free and (like == self.free or self.route.startswith("/rpc")):
            return None                     # nobody waits for it, or it was shorter
        if not rows or {row["status"] for row in rows} != {"broken_off"}:
            return f"sources {rows}"
        difference = difference_of(without_words(text), without_words(like))
        is_part = difference and is_between(json.loads(self.free), reply.json)
        return None if is_part else difference


@test
def each_reply_cut():
    kinds = []
    for arguments in QUESTIONS:
        sizes = {}
        reply, routes, _ = ask(arguments, "", "", sizes)
        equal(bad_rows(reply.json), [], f"{name_of(arguments)}: all answer")
        kinds += [Kind(arguments, route, sizes[route], text_of(reply)) for route in sorted(routes)]
    longest_first = sorted(kinds, key=lambda kind: -kind.size)
    side_by_side(Kind.run, longest_first)
    for kind in kinds:
        TABLE.count(CUT, [column_of(kind.route)], kind.calls)
        true(kind.calls < MOST // STEP, f"{kind.name}: it never was whole")
        true(kind.calls > 0, f"{kind.name}: not one cut")
    true(TABLE.calls["all"] > 1000, f"{TABLE.calls['all']} cuts")


sys.exit(main())
