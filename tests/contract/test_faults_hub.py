#!/usr/bin/env python3
"""Each fault of the model hub and of a bucket, for each kind of question, for each form of the action checkpoints:
the place that is declared stands as it was, nothing is called complete that was not seen, and the word says what
happened.

    test_faults_hub.py [--table]

What is expected is computed, as in test_faults.py: a kind of question is answered with 404 first, which says nothing
of a repository without the hub's own words, and each other fault must give that answer but for the word, its meaning
and the problem told. What the hub means by 401, and the storage by 403, are facts and have tests of their own."""

import json
import re
import sys

from fault_cells import Cell, Table, has_late, side_by_side, wait_for_spoiled, written
from fault_places import Places, with_dead_resolver
from faults import (FAULTS, FIRST, NO_MATTER, PATIENCE_MS, PLACES, SHOWN_BYTES, SLOW_TO_MAKE, TIMEOUT_MS, bad_rows,
                    difference_of, name_of, request_of, without_words, words_of)
from grading import STORAGE, exact, is_of_storage
from harness import Lib, Simulator, check_answer, equal, main, test, true
from hub_world import PARTS, QUESTIONS, RUNS, all_settings, dashboard_files, kind_of, write_node, write_storage

with_dead_resolver()
LIB, TABLE, PLACED = Lib(), Table(), Places()
LONG_PATIENCE_MS = 3000                     # where nothing is waited for
FILES = written(dashboard_files())
WHOLE = {"/hub/": "hub.url", "/gcs/": "gcs.url"}        # all that a host is asked, and where it is set
ROUTES = {"/hub/search", "/hub/model", "/hub/tree", "/hub/commits", "/hub/resolve", "/hub/index", "/gcs/manifest"}
# The same question has two steps: the way to a file, and the file.
KIND_IN_ROWS = {"/hub/resolve": "/hub/index"}
# Without these it cannot be told whether weights are complete.
SHOWS_FILES = ROUTES - {"/hub/search", "/hub/commits"}
# These leave the way to a file as it is: it stands in a header.
ONLY_BODIES = {"bad-length=-10", "body=null", "deep=100", "deep=1000000", "empty", "not-json", "status=301", "utf-16",
               "huge-number", *SHOWN_BYTES, *NO_MATTER}
# What a search that finds nothing is answered with is too short for these.
NOT_IN_NOTHING = {"stall-body=7", "truncate=40", "reset=20", "drip=1/100", "huge-number", *SHOWN_BYTES}
# In a list of commits stands no number; and an index is read for its names, whatever its total is.
NO_NUMBER, ANY_NUMBER = ("/hub/commits", "huge-number"), ("/hub/index", "huge-number")
# The hub says so that something is missing, or private: a test of its own looks at it.
A_FACT = "status=401"
# Beside what is labelled [best-effort] these may follow.
FOLLOWS = {"summary", "found", "notes", "next", "omitted", "sources"}


def ask(arguments, node, storage, route="", fault="", patience_ms=LONG_PATIENCE_MS):
    """(answer, kinds of questions that were put to hub and bucket, whether the fault was met)"""
    is_placed = fault in PLACES
    words = PLACED.arguments(route, fault) if fault and not is_placed else []
    with Simulator(FILES, *words, rpc=node, hub=storage) as sim:
        settings = all_settings(sim, patience_ms=patience_ms, **PLACED.settings)
        if is_placed:
            settings[WHOLE[route]] = PLACED.url(fault)
        with LIB.at(sim.url, override=settings) as monitor:
            reply = monitor.call(request_of(arguments, timeout_ms=max(TIMEOUT_MS, patience_ms)))
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        is_met = wait_for_spoiled(sim, lambda path: is_of(route, path)) if words else is_placed
        asked = {kind_of(line.path) for line in sim.log() if line.path.startswith(tuple(WHOLE))}
        return reply, asked, is_met


def is_of(route, path):
    """Whether that is asked by this kind of question; some faults are written with more of their path."""
    return path.startswith(route if route in WHOLE else tuple(WHOLE)) and \
        (route in WHOLE or kind_of(path) == route.partition("?")[0])


def text_of(reply):
    return reply.text.rstrip(b"\n").decode()


# --- what still stands ----------------------------------------------------------------------


def is_aside(arguments, route):
    """Nobody waits for it or tells of it: the search for a run that declares a place, and the index of weights that
    turn out to be one file."""
    run_id = arguments.get("run_id")
    return (route == "/hub/search" and bool(RUNS.get(run_id, ("", None))[1])) or \
           (route == "/hub/resolve" and run_id == "sea-1b2")


def rows_of_storage(answer):
    return [row for row in bad_rows(answer) if row["source"] == STORAGE]


def verdicts_of(answer):
    groups = [value for value in answer.values() if is_of_storage(value)]
    return {group["weights"]["verdict"] for group in groups if "weights" in group}


def check_reference(what, route, before, after):
    """The answer of a hub that failed against the one of a hub that did not."""
    for key in {*before, *after} - FOLLOWS:
        holders = [answer[key] for answer in (before, after) if key in answer]
        if not all(map(is_of_storage, holders)):
            equal(json.dumps(after.get(key)), json.dumps(before.get(key)), f"{what}: {key}")
    others = [[row for row in answer["sources"] if row["source"] != STORAGE] for answer in (before, after)]
    equal(others[1], others[0], f"{what}: the other sources")
    rows = rows_of_storage(after)
    want = {KIND_IN_ROWS.get(route, route)}
    true(rows and ({row["request"] for row in rows} == want or route in WHOLE), f"{what}: sources {rows}")
    true(set(after) <= set(before), f"{what}: groups that were not there: {set(after) - set(before)}")
    check_words(what, route, before, after)


def check_words(what, route, before, after):
    """What was not seen is not spoken of as if it had been."""
    summary, hub = after["summary"], after.get("hub", {})
    true(after["found"] == before["found"] or after["found"] == "unknown", f"{what}: found {after['found']}")
    if route in SHOWS_FILES or route in WHOLE:
        true("complete" not in verdicts_of(after) and not re.search(", complete|complete, but", summary),
             f"{what}: called complete: {summary}")
    if route in ("/hub/model", "/gcs/manifest", "/gcs/"):
        true("hub" not in after and "bucket" not in after and "not known" in summary, f"{what}: {summary}")
    if route == "/hub/commits":
        equal([hub.get("step"), hub.get("step_every_hours"), "history" in after], [None, None, False], f"{what}: steps")
        true("step is not known" in summary and "newer step" not in summary, f"{what}: {summary}")
        equal(verdicts_of(after), verdicts_of(before), f"{what}: the files are as they were")
    if route == "/hub/search":
        true("no repository" not in summary and not verdicts_of(after), f"{what}: {summary}")
        equal({"candidates", "newest_models"} & {key for key, value in after.items() if is_of_storage(value)}, set(),
              f"{what}: finds")


# --- the table ------------------------------------------------------------------------------


class HubCell(Cell):
    """One fault of one kind of question, or of all that a host is asked, for one question of a user."""

    def __init__(self, arguments, route, fault, world):
        columns = ["model hub", "weight index"] if route == "/hub/" else None
        super().__init__(arguments, route, fault, columns)
        self.world = world
        self.is_harmless = fault in NO_MATTER or is_aside(arguments, route) or (
            route == "/hub/resolve" and fault in ONLY_BODIES)
        self.is_readable = fault in SHOWN_BYTES or (route, fault) == ANY_NUMBER

    def is_own(self, row):
        request = KIND_IN_ROWS.get(self.route, self.route)
        return row["source"] == STORAGE and (self.route in WHOLE or row["request"] == request)

    def words(self):
        if self.is_harmless or self.is_readable:
            return {"ok"}
        if self.fault in SLOW_TO_MAKE:      # behind a header that leads on, the body is passed over
            return {*words_of(self.fault), "timeout", *(["ok"] if self.route == "/hub/resolve" else [])}
        if self.fault == "error-object":    # HTTP 500: tried once more
            return {"timeout"}
        words = words_of(self.fault)
        return set(words) if self.fault in PLACES else {words[-1]}

    def ask(self):
        reply, _, is_met = ask(self.arguments, *self.world.folders, self.route, self.fault, PATIENCE_MS)
        return reply, is_met

    def find_like(self, reply):
        key = name_of(self.arguments), self.route
        return self.world.references[key] if self.words() != {"ok"} else ""

    def find_complaint(self, reply):
        text, free = text_of(reply), self.world.free[name_of(self.arguments)]
        if self.is_readable and not self.is_harmless:
            return self.find_in_text(text, free)
        wrong = self.find_word(reply)
        if wrong or self.word == "ok":
            return wrong or difference_of(text, free)
        return difference_of(without_words(text), without_words(self.find_like(reply)))

    def find_in_text(self, text, free):
        """A byte in a name: the reply can be read, and nothing becomes complete by it."""
        self.word, rows = "shown", rows_of_storage(json.loads(text))
        return f"rows {rows}" if rows else self.find_new_verdict(text, free)

    def find_new_verdict(self, text, free):
        is_new = verdicts_of(json.loads(text)) - verdicts_of(json.loads(free)) - {"unknown", "incomplete"}
        return f"verdict {is_new}" if is_new else None


class World:
    """What is asked and answered without a fault, and with the first one."""

    def __init__(self):
        self.folders, self.references = (write_node("table"), write_storage("table")), {}
        answers = side_by_side(lambda one: TABLE.in_time(lambda: ask(one, *self.folders), is_any_late), QUESTIONS)
        self.free = {name_of(one): text_of(reply) for one, (reply, _, _) in zip(QUESTIONS, answers)}
        self.pairs = [(one, route) for one, (_, asked, _) in zip(QUESTIONS, answers) for route in sorted(asked)]
        self.wholes = [(one, host) for one, (_, asked, _) in zip(QUESTIONS, answers) for host in WHOLE
                       if any(route.startswith(host) for route in asked) and not is_all_aside(one, host, asked)]
        side_by_side(self.refer, self.pairs + self.wholes)

    def refer(self, pair):
        arguments, route = pair
        cell = HubCell(arguments, route, FIRST, self)
        reply, is_met = TABLE.in_time(cell.ask, lambda result: has_late(
            bad_rows(result[0].json), lambda row: False, []))
        self.references[name_of(arguments), route] = text_of(reply)
        true(is_met, f"{cell.name}: the fault was not met")
        if not is_aside(arguments, route):
            check_reference(cell.name, route, exact(self.free[name_of(arguments)]), exact(text_of(reply)))


def is_all_aside(arguments, host, asked):
    return all(is_aside(arguments, route) for route in asked if route.startswith(host))


def is_any_late(result):
    return has_late(bad_rows(result[0].json), lambda row: False, [])


def is_sensible(arguments, route, fault):
    if arguments.get("run_id") == "lonely-run" and fault in NOT_IN_NOTHING:
        return False
    return not (fault == A_FACT and route.startswith("/hub/")) and (route, fault) != NO_NUMBER


@test
def each_fault_of_each_question():
    with PLACED:
        world = World()
        equal({route for _, route in world.pairs}, ROUTES, "kinds of questions")
        cells = [HubCell(*pair, fault, world) for pair in world.pairs for fault in [*FAULTS, *SHOWN_BYTES]
                 if is_sensible(*pair, fault)]
        TABLE.run(cells + [HubCell(*pair, fault, world) for pair in world.wholes for fault in PLACES])
        equal(PLACED.arrivals(), 0, "connections where nobody may arrive")


# --- what is no fault, and what is half of one ----------------------------------------------

@test
def refusals_that_are_facts():
    """401 without a word of the hub's own: missing, or private. Nothing of it is counted as a fault."""
    world = write_node("refusals"), write_storage("refusals")
    for arguments in ({"action": "checkpoints", "run_id": "parts-run"}, {"action": "checkpoints", "run_id": PARTS}):
        reply = ask(arguments, *world, "/hub/model", A_FACT)[0].json
        what = f"{name_of(arguments)}: 401"
        equal(rows_of_storage(reply), [], f"{what}: the hub did its part")
        true("missing, or private" in reply["summary"], f"{what}: {reply['summary']}")
        equal((verdicts_of(reply), "command" in reply.get("hub", {})), (set(), False), f"{what}: nothing to download")
        equal(reply["found"], True if arguments["run_id"] in RUNS else "unknown", f"{what}: found")
        TABLE.count(A_FACT, ["model hub"])
    reply = ask({"action": "checkpoints", "run_id": "parts-run"}, *world, "/hub/index", A_FACT)[0].json
    TABLE.count(A_FACT, ["weight index"])
    equal((rows_of_storage(reply), verdicts_of(reply)), ([], {"unknown"}), "an index that is not shown")


@test
def half_of_the_searches():
    """Where only some of them failed, no find is no proof that there is none."""
    world = write_node("half"), write_storage("half")
    for half in ("/hub/search?limit=20&full=true&sort=lastModified&author",
                 "/hub/search?limit=20&full=true&sort=lastModified&search"):
        summary = ask({"action": "checkpoints", "run_id": "lonely-run"}, *world, half, "html")[0].json["summary"]
        true("no repository" not in summary and "is not known" in summary, f"{half}: {summary}")
    free = ask({"action": "checkpoints", "run_id": "lonely-run"}, *world)[0].json["summary"]
    true("no repository of that name" in free, f"all searches: {free}")


sys.exit(main())
