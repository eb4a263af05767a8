#!/usr/bin/env python3
"""Each fault of faults.py on each route of the dashboard, and on all of it, for each question that asks it: the answer
is the fault-free one without the facts of that route, and with the word for what happened.

    test_faults.py [--table]

What is expected is computed. A route answers with 404 first: that answer must be the fault-free one
with some facts of the route's groups missing, nothing new, and one more row in `sources`. Each
other fault must give the same bytes but for the status, its meaning and the problem told. A fault that is not met
fails the test; only a byte in a text that the action does not show may go unseen, and then another action must show
it."""

import collections
import json
import re
import subprocess
import sys

from fault_cells import Cell, Table, column_of, has_late, side_by_side, wait_for_spoiled, written
from fault_places import Places, with_dead_resolver
from faults import (CLASSES, FAULTS, FIRST, HARMLESS, MEANING, PATIENCE_MS, PLACES, SHOWN_BYTES, SLOW_TO_MAKE,
                    bad_rows, difference_of, is_less, name_of, request_of, without_words, words_of)
from harness import DATA, Lib, Simulator, check_answer, equal, main, recorded, test, true
from simulator import PROGRAM

with_dead_resolver()
LIB, TABLE, PLACED = Lib(), Table(), Places()
RUN = "consilience-40b-1"
WALLET = "4Devdq4zmRrS76NEriHQVH3N7QDPPhDHspm6WrZkr3zv"
# What a question needs beside its action; wallets have none.
ARGUMENTS = {"run_details": {"run_id": RUN}, "checkpoints": {"run_id": RUN}}
WALLETS = [{"address": WALLET}, {"address": WALLET, "run_id": RUN}]
ROUTES = ["/runs", "/run/", "/contributionInfo", "/status"]
WHOLE = "/"                                 # the prefix of all of them

# The groups whose facts a route brings; all others stay as they are.
GROUPS = {
    ("run_details", "/runs"): {"tracked"},
    ("run_details", "/run/"): {"tracked", "guide"},
    ("checkpoints", "/runs"): {"tracked"},
    ("checkpoints", "/run/"): {"tracked", "guide"},
    ("network_stats", "/runs"): {"tracked"},
    ("network_stats", "/status"): {"dashboard"},
    ("contribute", "/runs"): {"open_now"},
    ("contribute", "/run/"): {"open_now"},
    ("contribute", "/contributionInfo"): {"tracked"},
    ("wallet", "/runs"): set(),             # whether its runs are listed, but the chain says which they are
    ("wallet of a run", "/runs"): {"tracked"},
    ("wallet of a run", "/run/"): set(),    # the list has all of it
}
# Without this route nothing is left, and what the failure says was looked for.
CARRIES_ALL = {
    ("list_runs", "/runs"): "a list of runs",
    ("pool_status", "/contributionInfo"): "the state of the mining pool",
    ("wallet", "/contributionInfo"): "anything about this wallet",
}
# Waited for until its second try: without it there is little to say.
AWAITED = {*CARRIES_ALL, ("run_details", "/run/"), ("checkpoints", "/run/"), ("network_stats", "/runs"),
           ("wallet of a run", "/run/")}
# Speak of all sources at once, so they may follow.
MAY_FOLLOW = {"summary", "found", "notes", "next", "sources", "matched_by"}


def dashboard_files():
    files = recorded()
    files["status.json"] = (DATA / "real_status.json").read_bytes()
    files["contributionInfo.json"] = (DATA / "real_contributionInfo.json").read_bytes()
    for run_id in ("hermes-3-8b-2", "moe-10b-a1b-8k-wsd-lr3e4-1t", "dm-fwedu-dclm-stack"):
        files[f"run/{run_id}/0.json"] = (DATA / f"run_{run_id}_0.json").read_bytes()
    of_wallet = json.loads(files["contributionInfo.json"])
    of_wallet["users"] = [{**of_wallet["users"][0], "address": WALLET, "rank": 1}]
    files[f"contributionInfo/{WALLET}.json"] = of_wallet
    return files


FOLDER = written(dashboard_files())


def questions():
    tool = next(each for each in json.loads(LIB.schema()) if each["name"] == "psyche_monitor")
    names = tool["parameters"]["properties"]["action"]["enum"]
    return [{"action": name, **ARGUMENTS.get(name, {})} for name in names] + WALLETS


def kind_of(arguments):
    return arguments.get("action") or ("wallet of a run" if "run_id" in arguments else "wallet")


def route_of(path):
    path = path.removeprefix("/api")
    return next((route for route in ROUTES if path.startswith(route)), path)


def ask(arguments, route="", fault="", files=None):
    """(answer, paths that were asked, whether a reply of that route was spoiled)"""
    is_placed = fault in PLACES
    words = PLACED.arguments(route, fault) if fault and not is_placed else []
    with Simulator(files or FOLDER, *words) as sim:
        url = PLACED.url(fault) if is_placed else sim.url
        with LIB.at(url, override={"patience_ms": PATIENCE_MS, **PLACED.settings}) as monitor:
            reply = monitor.call(request_of(arguments))
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        is_met = is_placed or not fault or wait_for_spoiled(sim, lambda path: path.startswith(route))
        log = sim.log()
    return reply, {line.path for line in log}, is_met


def text_of(reply):
    return reply.text.rstrip(b"\n").decode()


def is_of(route):
    """row of `sources` -> whether it tells of this route"""
    return lambda row: row["request"].startswith(route.rstrip("/"))


def ask_in_time(arguments, route="", files=None):
    """The same, with 404 on that route, for what others are compared with."""
    return TABLE.in_time(lambda: ask(arguments, route, FIRST if route else "", files),
                         lambda result: has_late(bad_rows(result[0].json), is_of(route or "none"), [FIRST]))


# --- what is expected -----------------------------------------------------------------------


def expected_failure(what, rows, others):
    """The whole answer of a call that got nothing; `others` are sources that had nothing of it."""
    word = rows[0]["status"]
    answer = {
        "success": False,
        "error": f"no source gave {what}; the dashboard's answer: {word} ({MEANING[word]})",
        "error_code": "no_source", "retryable": True, "supported": [],
        "refusal": "Do not answer from memory, and do not say that a run, model or pool does not "
                   "exist or is down: no source answered.",
        "sources": others + [{"source": "[tracked]", "host": "127.0.0.1", "request": row["request"],
                              "status": row["status"], "ms": 0, "problem": row["problem"]} for row in rows], "next": []}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def check_reference(name, lost, before, after, asked):
    """The answer without a route, against the one with it."""
    for key in [*before, *(key for key in after if key not in before)]:
        what = f"{name}: {key}"
        if key in lost:
            true(key in before and (key not in after or is_less(after[key], before[key])),
                 f"{what} has more than before: {json.dumps(after.get(key))}")
        elif key not in MAY_FOLLOW:
            equal(json.dumps(after.get(key)), json.dumps(before.get(key)), what)
    true(not lost or any(after.get(key) != before.get(key) for key in lost), f"{name}: no fact is missing")
    rows = bad_rows(after)
    equal(len(rows), len(asked), f"{name}: rows of `sources` for {sorted(asked)}")
    good = [row for row in after["sources"] if row not in rows]
    true(all(row in before["sources"] for row in good), f"{name}: the other sources: {good}")


class DashboardCell(Cell):
    """One fault on one route, or on all of them, for one question."""

    def __init__(self, arguments, route, fault, world):
        routes = world.routes[name_of(arguments)] if route == WHOLE else [route]
        super().__init__(arguments, route, fault, sorted(set(map(column_of, routes))))
        self.world, self.is_own = world, is_of(route)

    def words(self):
        if self.fault in SHOWN_BYTES:
            return {"ok"}
        words = words_of(self.fault)
        if self.route == WHOLE or self.fault in SLOW_TO_MAKE:
            return set(words)
        return {words[0] if (kind_of(self.arguments), self.route) in AWAITED else words[-1]}

    def ask(self):
        reply, _, is_met = ask(self.arguments, self.route, self.fault)
        return reply, is_met

    def find_like(self, reply):
        key = name_of(self.arguments), self.route
        return self.world.references[key] if self.words() != {"ok"} else ""

    def find_complaint(self, reply):
        name, text = name_of(self.arguments), text_of(reply)
        if self.fault in SHOWN_BYTES:
            with_nul = self.world.references[name, self.route, "nul"]
            self.word = "shown" if with_nul != self.world.free[name] else "not shown"
            return difference_of(text, with_nul.replace(SHOWN_BYTES["nul"], SHOWN_BYTES[self.fault]))
        wrong = self.find_word(reply)
        if wrong or self.word == "ok":
            return wrong or difference_of(text, self.world.free[name])
        what = CARRIES_ALL.get((kind_of(self.arguments), self.route))
        if what:
            rows = bad_rows(reply.json)
            others = [row for row in reply.json["sources"] if row not in rows]
            return difference_of(text, expected_failure(what, rows, others))
        return difference_of(without_words(text), without_words(self.world.references[name, self.route]))


# --- the table ------------------------------------------------------------------------------


def with_escaped_nul(route):
    """The files, with the byte that `nul` puts in written as an escape: the answer is the same."""
    files = dashboard_files()
    for path, body in files.items():
        if route_of("/" + path) == route:
            body = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
            files[path] = body.replace(b':"', b':"\\u0000', 1)
    return files


class World:
    """What is asked and answered without a fault, and with the first one."""

    def __init__(self):
        self.every, self.references = questions(), {}
        answers = side_by_side(ask_in_time, self.every)
        self.free = {name_of(one): text_of(reply) for one, (reply, _, _) in zip(self.every, answers)}
        self.routes = {name_of(one): sorted({route_of(path) for path in asked})
                       for one, (_, asked, _) in zip(self.every, answers)}
        self.pairs = [(one, route) for one in self.every for route in self.routes[name_of(one)]]
        side_by_side(self.refer, [*self.pairs, *((one, WHOLE) for one in self.every)])

    def refer(self, pair):
        arguments, route = pair
        name, kind = name_of(arguments), kind_of(arguments)
        reply, asked, is_met = ask_in_time(arguments, route)
        self.references[name, route] = text_of(reply)
        true(is_met, f"{name}, {route}: the fault was not met")
        if route != WHOLE:
            nul = ask_in_time(arguments, files=with_escaped_nul(route))
            self.references[name, route, "nul"] = text_of(nul[0])
        what, of_route = f"{name} without {route}", {path for path in asked if path.startswith(route)}
        if reply.json["success"] and kind not in [first for first, second in CARRIES_ALL if second == route]:
            lost = [GROUPS.get((kind, each)) for each in self.routes[name] if route in (each, WHOLE)]
            true(None not in lost, f"{what}: GROUPS does not say what it brings")
            check_reference(what, set().union(*filter(None, lost)), json.loads(self.free[name]), reply.json, of_route)
        elif route == WHOLE:
            equal(reply.json["error_code"], "no_source", f"{what}: nothing is left")
            equal(len(bad_rows(reply.json)), len(reply.json["sources"]), f"{what}: no source is good")


@test
def each_fault_on_each_route():
    with PLACED:
        world = World()
        true(len(world.pairs) >= len(world.every), f"too few routes are asked: {world.pairs}")
        cells = [DashboardCell(*pair, fault, world) for pair in world.pairs for fault in [*FAULTS, *SHOWN_BYTES]]
        cells += [DashboardCell(one, WHOLE, fault, world) for one in world.every for fault in PLACES]
        TABLE.run(cells)
        equal(PLACED.arrivals(), 0, "connections where nobody may arrive")
    for fault in SHOWN_BYTES:
        seen = {cell.route for cell in cells if cell.fault == fault and cell.word == "shown"}
        equal(seen, {route for _, route in world.pairs}, f"{fault}: the routes on which some action shows the byte")


@test
def every_fault_of_the_simulator():
    help_text = subprocess.run([str(PROGRAM), "--help"], capture_output=True, text=True,
                               timeout=10).stdout
    names = set(re.findall(r"^  ([a-z][a-z0-9-]*)(?:=|\[=|  )", help_text, re.MULTILINE))
    tried = {part.split("=")[0] for fault in [*FAULTS, *SHOWN_BYTES] for part in fault.removeprefix("tls ").split("+")}
    true(tried <= names, f"not in --help: {tried - names}")
    equal(names - tried - HARMLESS, set(), "faults that are not in the table")
    twice = [fault for fault, count in collections.Counter(
        fault for faults in CLASSES.values() for fault in faults).items() if count > 1]
    equal(twice, [], "a fault of two classes")


@test
def a_route_that_is_not_asked():
    """Its fault changes not a byte."""
    def look(arguments):
        reply, asked, _ = ask_in_time(arguments)
        others = [route for route in ROUTES if not any(route_of(path) == route for path in asked)]
        for route in others:
            with Simulator(FOLDER, *PLACED.arguments(route, "status=503")) as sim, \
                    LIB.at(sim.url, override={"patience_ms": 3000}) as monitor:
                got = monitor.call(request_of(arguments))
                is_met = any(line.fault not in ("", "-") for line in sim.log())
            true(got.text == reply.text and not is_met, f"{name_of(arguments)} does not ask {route}, but follows it")
    with PLACED:
        side_by_side(look, questions())


sys.exit(main())
