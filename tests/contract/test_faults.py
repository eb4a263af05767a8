#!/usr/bin/env python3
"""Each fault of the simulator, on each route, for each action that asks it: the answer is the
fault-free one without the facts of that route, and with the word for what happened.

    test_faults.py [--table]

What is expected is computed. A route answers with 404 first: that answer must be the fault-free one
with some facts of the route's groups missing, nothing new, and one more row in `sources`. Each
other fault must give the same bytes but for the status and its meaning. A fault that changes nothing
was not injected, and fails the test; only a byte in a text that the action does not show may go
unseen, and then another action must show it."""

import collections
import json
import re
import subprocess
import sys
import time

from faults import (FAULTS, HARMLESS, MEANING, PATIENCE_MS, ROOM, SHOWN_BYTES, SLOW_TO_MAKE, TIMEOUT_MS, bad_rows,
                    difference_of, exact, is_less, side_by_side, spoiled_paths, with_words)
from harness import DATA, Lib, Simulator, check_answer, equal, main, recorded, test, true
from simulator import PROGRAM

LIB = Lib()
SHOW_TABLE = "--table" in sys.argv
sys.argv = [word for word in sys.argv if word != "--table"]
RUN = "consilience-40b-1"
# What an action needs beside its name.
ARGUMENTS = {"run_details": {"run_id": RUN}, "checkpoints": {"run_id": RUN}}
ROUTES = ["/runs", "/run/", "/contributionInfo", "/status"]

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
}
# Without this route nothing is left, and what the failure says was looked for.
CARRIES_ALL = {
    ("list_runs", "/runs"): "a list of runs",
    ("pool_status", "/contributionInfo"): "the state of the mining pool",
}
# Waited for until its second try: without it there is little to say.
AWAITED = {*CARRIES_ALL, ("run_details", "/run/"), ("checkpoints", "/run/"),
           ("network_stats", "/runs")}
# Speak of all sources at once, so they may follow.
MAY_FOLLOW = {"summary", "found", "notes", "next", "sources", "matched_by"}


def folder():
    files = recorded()
    files["status.json"] = (DATA / "real_status.json").read_bytes()
    files["contributionInfo.json"] = (DATA / "real_contributionInfo.json").read_bytes()
    for run_id in ("hermes-3-8b-2", "moe-10b-a1b-8k-wsd-lr3e4-1t", "dm-fwedu-dclm-stack"):
        files[f"run/{run_id}/0.json"] = (DATA / f"run_{run_id}_0.json").read_bytes()
    return files


def actions():
    tool = next(each for each in json.loads(LIB.schema()) if each["name"] == "psyche_monitor")
    return tool["parameters"]["properties"]["action"]["enum"]


def ask(action, faults=(), files=None, is_to_spoil=False):
    """(bytes of the answer, paths that were asked, those that were spoiled)"""
    arguments = {"action": action, **ARGUMENTS.get(action, {}), "detail": "full"}
    request = {"tool": "psyche_monitor", "arguments": arguments, "timeout_ms": TIMEOUT_MS,
               "budget": ROOM}
    words = [word for fault in faults for word in ("--fault", fault)]
    with Simulator(files or folder(), *words) as sim, \
            LIB.at(sim.url, override={"patience_ms": PATIENCE_MS}) as monitor:
        reply = monitor.call(request)
        check_answer(reply, f"{action} {' '.join(faults)}")
        end = time.monotonic() + 2          # the simulator may still be writing a bomb
        while not (spoiled := spoiled_paths(sim)) and is_to_spoil and time.monotonic() < end:
            time.sleep(0.01)
        log = sim.log()
    return reply.text.rstrip(b"\n").decode(), {line.path for line in log}, spoiled


def route_of(path):
    path = path.removeprefix("/api")
    return next((route for route in ROUTES if path.startswith(route)), path)


# --- what is expected -----------------------------------------------------------------------


def expected_failure(what, request, word, problem):
    """The whole answer of a call that got nothing."""
    row = {"source": "[tracked]", "host": "127.0.0.1", "request": request, "status": word, "ms": 0,
           "problem": problem}
    answer = {
        "success": False,
        "error": f"no source gave {what}; the dashboard's answer: {word} ({MEANING[word]})",
        "error_code": "no_source", "retryable": True, "supported": [],
        "refusal": "Do not answer from memory, and do not say that a run, model or pool does not "
                   "exist or is down: no source answered.",
        "sources": [row], "next": []}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def check_reference(name, cell, fault_free, reference, asked):
    """The answer without the route, against the one with it."""
    before, after = exact(fault_free), exact(reference)
    lost = GROUPS.get(cell)
    if not true(lost is not None, f"{name}: GROUPS does not say what this route brings"):
        return
    for key in [*before, *(key for key in after if key not in before)]:
        what = f"{name}: {key}"
        if key in lost:
            true(key in before and (key not in after or is_less(after[key], before[key])),
                 f"{what} has more than before: {json.dumps(after.get(key))}")
        elif key not in MAY_FOLLOW:
            equal(json.dumps(after.get(key)), json.dumps(before.get(key)), what)
    true(any(after.get(key) != before.get(key) for key in lost), f"{name}: no fact is missing")
    rows = bad_rows(after)
    equal(len(rows), len(asked), f"{name}: rows of `sources` for {sorted(asked)}")
    good = [row for row in after["sources"] if row not in rows]
    equal(good, before["sources"], f"{name}: the other sources")


class Cell:
    """One fault on one route for one action."""

    def __init__(self, action, route, fault):
        self.action, self.route, self.fault = action, route, fault
        self.name = f"{action}, {route}=>{fault}"
        self.complaint = None
        self.word = "shown"

    def words(self):
        words = FAULTS[self.fault].split()
        if self.fault in SLOW_TO_MAKE:
            return set(words)
        return {words[0] if (self.action, self.route) in AWAITED else words[-1]}

    def run(self, fault_free, references):
        """Sets `complaint` to what is wrong."""
        text, _, spoiled = ask(self.action, [f"{self.route}=>{self.fault}"], is_to_spoil=True)
        self.complaint = self.find_complaint(text, spoiled, fault_free, references)

    def find_complaint(self, text, spoiled, fault_free, references):
        if not any(route_of(path) == self.route for path in spoiled):
            return "the fault was not injected"
        if self.fault in SHOWN_BYTES:
            with_nul = references[self.action, self.route, "nul"]
            self.word = "shown" if with_nul != fault_free else "not shown"
            return difference_of(text, with_nul.replace(SHOWN_BYTES["nul"],
                                                       SHOWN_BYTES[self.fault]))
        if text == fault_free:
            return "the fault changes nothing"
        rows = bad_rows(json.loads(text))
        statuses = [row["status"] for row in rows]
        if not rows or not set(statuses) <= self.words():
            return f"status {statuses}, not {self.words()}"
        if not all(row["problem"] for row in rows):
            return "a row without a problem"
        self.word = statuses[0]
        what = CARRIES_ALL.get((self.action, self.route))
        if what:
            row = rows[0]
            return difference_of(text, expected_failure(what, row["request"], self.word,
                                                       row["problem"]))
        return difference_of(text, with_words(references[self.action, self.route], rows))

# --- the table ------------------------------------------------------------------------------


def with_escaped_nul(route):
    """The files, with the byte that `nul` puts in written as an escape: the answer is the same."""
    files = folder()
    for path, body in files.items():
        if route_of("/" + path) == route:
            files[path] = body.replace(b':"', b':"\\u0000', 1)
    return files


@test
def each_fault_on_each_route():
    every = actions()
    free = dict(zip(every, side_by_side(ask, every)))
    pairs = [(action, route) for action in every for route in ROUTES
             if any(route_of(path) == route for path in free[action][1])]
    true(len(pairs) >= len(every), f"too few routes are asked: {pairs}")
    first = next(iter(FAULTS))
    references = {}

    def refer(pair):
        action, route = pair
        text, asked, _ = ask(action, [f"{route}=>{first}"])
        references[pair] = text
        references[action, route, "nul"] = ask(action, files=with_escaped_nul(route))[0]
        if pair not in CARRIES_ALL:
            of_route = {path for path in asked if route_of(path) == route}
            check_reference(f"{action} without {route}", pair, free[action][0], text, of_route)
    side_by_side(refer, pairs)
    cells = [Cell(*pair, fault) for pair in pairs for fault in [*FAULTS, *SHOWN_BYTES]]

    def run(cell):
        cell.run(free[cell.action][0], references)
    side_by_side(run, cells)
    for cell in cells:
        if cell.complaint:
            run(cell)                       # alone: eight at once may be slower than the patience
        true(not cell.complaint, f"{cell.name}: {cell.complaint}")
    for fault in SHOWN_BYTES:
        seen = {cell.route for cell in cells if cell.fault == fault and cell.word == "shown"}
        want = {route for _, route in pairs}
        equal(seen, want, f"{fault}: the routes on which some action shows the byte")
    if SHOW_TABLE:
        print_table(pairs, cells)


@test
def every_fault_of_the_simulator():
    help_text = subprocess.run([str(PROGRAM), "--help"], capture_output=True, text=True,
                               timeout=10).stdout
    names = set(re.findall(r"^  ([a-z][a-z0-9-]*)(?:=|\[=|  )", help_text, re.MULTILINE))
    tried = {fault.split("=")[0] for fault in [*FAULTS, *SHOWN_BYTES]}
    true(tried <= names, f"not in --help: {tried - names}")
    equal(names - tried - HARMLESS, set(), "faults that are not in the table")


@test
def a_route_that_is_not_asked():
    """Its fault changes not a byte."""
    every = actions()

    def look(action):
        _, asked, _ = ask(action)
        others = [route for route in ROUTES
                  if not any(route_of(path) == route for path in asked)]
        for _ in range(3):   # a busy machine can miss the patience of such a call
            text, _, _ = ask(action)
            got, _, spoiled = ask(action, [f"{route}=>status=503" for route in others])
            if got == text:
                break
        true(got == text and not spoiled, f"{action} does not ask {others}, but follows them")
    side_by_side(look, every)


def print_table(pairs, cells):
    counts = collections.Counter(
        (cell.action, cell.route, "WRONG" if cell.complaint else cell.word)
        for cell in cells)
    for pair in pairs:
        words = [f"{word} {count}" for (*where, word), count in sorted(counts.items())
                 if tuple(where) == pair]
        print(f"     {pair[0]:14} {pair[1]:18} {', '.join(words)}")
    print(f"     {len(cells)} cells")


sys.exit(main())
