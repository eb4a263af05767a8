#!/usr/bin/env python3
"""Each fault of the model hub and of a bucket, for each kind of question, for each form of the action checkpoints:
the place that is declared stands as it was, nothing is called complete that was not seen, and the word says what
happened.

    test_faults_hub.py [--table]

What is expected is computed, as in test_faults.py: a kind of question is answered with 404 first, which says nothing
of a repository without the hub's own words, and each other fault must give that answer but for the word, its meaning
and the problem told. What the hub means by 401, and the storage by 403, are facts and have tests of their own."""

import collections
import json
import re
import sys
import time

from faults import (FAULTS, MEANING, PATIENCE_MS, ROOM, SHOWN_BYTES, SLOW_TO_MAKE, TIMEOUT_MS, bad_rows,
                    difference_of, exact, side_by_side, spoiled_paths)
from grading import STORAGE, is_of_storage
from harness import Lib, Simulator, check_answer, equal, main, test, true
from hub_world import PARTS, QUESTIONS, RUNS, all_settings, dashboard_files, kind_of, name_of, write_node, write_storage

LIB = Lib()
SHOW_TABLE = "--table" in sys.argv
sys.argv = [word for word in sys.argv if word != "--table"]
LONG_PATIENCE_MS = 3000                     # where nothing is waited for
SPARE_S = 0.5                               # beyond the time of a call, for a machine that is busy
FIRST = "status=404"
ROUTES = {"/hub/search", "/hub/model", "/hub/tree", "/hub/commits", "/hub/resolve", "/hub/index", "/gcs/manifest"}
# The same question has two steps: the way to a file, and the file.
KIND_IN_ROWS = {"/hub/resolve": "/hub/index"}
# Without these it cannot be told whether weights are complete.
SHOWS_FILES = ROUTES - {"/hub/search", "/hub/commits"}
# These leave the way to a file as it is: it stands in a header.
ONLY_BODIES = {"bad-length=-10", "body=null", "deep=100", "deep=1000000", "empty", "not-json", "status=301",
               *SHOWN_BYTES}
# What a search that finds nothing is answered with is too short for these.
NOT_IN_NOTHING = {"stall-body=7", "truncate=40", "reset=20", *SHOWN_BYTES}
# Beside what is labelled [best-effort] these may follow.
FOLLOWS = {"summary", "found", "notes", "next", "omitted", "sources"}


def ask(arguments, node, storage, route="", fault="", is_to_spoil=False, patience_ms=LONG_PATIENCE_MS):
    """(answer, kinds of questions that were put to hub and bucket, whether a reply was spoiled)"""
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"}, "budget": ROOM,
               "timeout_ms": max(TIMEOUT_MS, patience_ms)}
    words = ["--fault", f"{route}=>{fault}"] if fault else []
    with Simulator(dashboard_files(), *words, rpc=node, hub=storage) as sim:
        with LIB.at(sim.url, override=all_settings(sim, patience_ms=patience_ms)) as monitor:
            reply = monitor.call(request)
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        end = time.monotonic() + 2          # the simulator may still be writing a bomb
        while words and is_to_spoil and not spoiled_paths(sim) and time.monotonic() < end:
            time.sleep(0.01)
        asked = {kind_of(line.path) for line in sim.log() if line.path.startswith(("/hub/", "/gcs/"))}
        return reply, asked, route in map(kind_of, spoiled_paths(sim))


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
    true(rows and {row["request"] for row in rows} == {KIND_IN_ROWS.get(route, route)}, f"{what}: sources {rows}")
    true(set(after) <= set(before), f"{what}: groups that were not there: {set(after) - set(before)}")
    check_words(what, route, before, after)


def check_words(what, route, before, after):
    """What was not seen is not spoken of as if it had been."""
    summary, hub = after["summary"], after.get("hub", {})
    true(after["found"] == before["found"] or after["found"] == "unknown", f"{what}: found {after['found']}")
    if route in SHOWS_FILES:
        true("complete" not in verdicts_of(after) and not re.search(", complete|complete, but", summary),
             f"{what}: called complete: {summary}")
    if route in ("/hub/model", "/gcs/manifest"):
        true("hub" not in after and "bucket" not in after and "not known" in summary, f"{what}: {summary}")
    if route == "/hub/commits":
        equal([hub.get("step"), hub.get("step_every_hours"), "history" in after], [None, None, False], f"{what}: steps")
        true("step is not known" in summary and "newer step" not in summary, f"{what}: {summary}")
        equal(verdicts_of(after), verdicts_of(before), f"{what}: the files are as they were")
    if route == "/hub/search":
        true("no repository" not in summary and not verdicts_of(after), f"{what}: {summary}")
        equal({"candidates", "newest_models"} & {key for key, value in after.items() if is_of_storage(value)}, set(),
              f"{what}: finds")


BAD_ROW = re.compile(r'(\{"source":"\[best-effort\]"[^{}]*?"request":"[^"]+",)"status":"(\w+)","ms":0,'
                     r'"problem":"(?:[^"\\]|\\.)*"\}')


def without_words(text):
    """An answer without what differs between two faults: statuses, meanings, problems, how often each was met."""
    for word in {match.group(2) for match in BAD_ROW.finditer(text)}:
        text = text.replace(f"({word}: {MEANING[word]})", "(*)").replace(f"({word})", "(*)")
    text, seen = BAD_ROW.sub(r"\1*}", text), set()

    def keep(match):
        is_new = match.group() not in seen
        seen.add(match.group())
        return match.group() if is_new else ""
    return re.sub(r',\{"source":"\[best-effort\]"[^{}]*?,\*\}', keep, text)


# --- the table ------------------------------------------------------------------------------


class Cell:
    """One fault of one kind of question for one form of the action."""

    def __init__(self, arguments, route, fault):
        self.arguments, self.route, self.fault = arguments, route, fault
        self.name = f"{name_of(arguments)}, {route}=>{fault}"
        self.is_harmless = is_aside(arguments, route) or (route == "/hub/resolve" and fault in ONLY_BODIES)
        self.complaint, self.word = None, "no matter"

    def words(self):
        if self.fault == "error-object":    # HTTP 500: tried once more
            return {"timeout"}
        words = FAULTS[self.fault].split()
        return set(words) if self.fault in SLOW_TO_MAKE else {words[-1]}

    def run(self, world, free, references):
        """Sets `complaint` to what is wrong."""
        reply, _, is_spoiled = ask(self.arguments, *world, self.route, self.fault, True, PATIENCE_MS)
        self.complaint = self.find_complaint(reply, is_spoiled, free[name_of(self.arguments)], references)

    def find_complaint(self, reply, is_spoiled, free, references):
        text = text_of(reply)
        rows = rows_of_storage(json.loads(text))
        if not is_spoiled:
            return "the fault was not injected"
        if reply.seconds > TIMEOUT_MS / 1000 + SPARE_S:
            return f"it took {reply.seconds:.1f} s"
        if self.is_harmless:
            return difference_of(text, free)
        if self.fault in SHOWN_BYTES:
            return self.find_in_text(text, rows, free)
        statuses = {row["status"] for row in rows}
        if not rows or not statuses <= self.words() | ({"timeout"} if self.fault in SLOW_TO_MAKE else set()):
            return f"status {statuses}, not {self.words()}"
        if not all(row["problem"] for row in rows):
            return "a row without a problem"
        self.word = rows[0]["status"]
        return difference_of(without_words(text), without_words(references[name_of(self.arguments), self.route]))

    def find_in_text(self, text, rows, free):
        """A byte in a name: the reply can be read, and nothing becomes complete by it."""
        self.word = "shown"
        before, after = json.loads(free), json.loads(text)
        is_new = verdicts_of(after) - verdicts_of(before) - {"unknown", "incomplete"}
        return f"rows {rows}" if rows else f"verdict {is_new}" if is_new else None


@test
def each_fault_of_each_question():
    world = write_node("table"), write_storage("table")
    free, pairs = {}, []
    for arguments, (reply, asked, _) in zip(QUESTIONS, side_by_side(lambda one: ask(one, *world), QUESTIONS)):
        free[name_of(arguments)] = text_of(reply)
        pairs += [(arguments, route) for route in sorted(asked)]
    equal({route for _, route in pairs}, ROUTES, "kinds of questions")
    references = {}

    def refer(pair):
        arguments, route = pair
        reply, _, is_spoiled = ask(arguments, *world, route, FIRST)
        references[name_of(arguments), route] = text_of(reply)
        what = f"{name_of(arguments)}, {route}=>{FIRST}"
        true(is_spoiled, f"{what}: the fault was not injected")
        if not is_aside(arguments, route):
            check_reference(what, route, exact(free[name_of(arguments)]), exact(text_of(reply)))
    side_by_side(refer, pairs)
    cells = [Cell(*pair, fault) for pair in pairs for fault in [*FAULTS, *SHOWN_BYTES]
             if pair[0].get("run_id") != "lonely-run" or fault not in NOT_IN_NOTHING]
    side_by_side(lambda cell: cell.run(world, free, references), cells)
    for cell in cells:
        if cell.complaint:
            cell.run(world, free, references)       # alone: many at once may be slower than the patience
        true(not cell.complaint, f"{cell.name}: {cell.complaint}")
    if SHOW_TABLE:
        print_table(pairs, cells)


def print_table(pairs, cells):
    counts = collections.Counter((name_of(cell.arguments), cell.route, "WRONG" if cell.complaint else cell.word)
                                 for cell in cells)
    for arguments, route in pairs:
        words = [f"{word} {count}" for (*where, word), count in sorted(counts.items())
                 if where == [name_of(arguments), route]]
        print(f"     {name_of(arguments):40} {route:14} {', '.join(words)}")
    print(f"     {len(cells)} cells")


# --- what is no fault, and what is half of one ----------------------------------------------

@test
def refusals_that_are_facts():
    """401 without a word of the hub's own: missing, or private. Nothing of it is counted as a fault."""
    world = write_node("refusals"), write_storage("refusals")
    for arguments in ({"action": "checkpoints", "run_id": "parts-run"}, {"action": "checkpoints", "run_id": PARTS}):
        reply = ask(arguments, *world, "/hub/model", "status=401")[0].json
        what = f"{name_of(arguments)}: 401"
        equal(rows_of_storage(reply), [], f"{what}: the hub did its part")
        true("missing, or private" in reply["summary"], f"{what}: {reply['summary']}")
        equal((verdicts_of(reply), "command" in reply.get("hub", {})), (set(), False), f"{what}: nothing to download")
        equal(reply["found"], True if arguments["run_id"] in RUNS else "unknown", f"{what}: found")
    reply = ask({"action": "checkpoints", "run_id": "parts-run"}, *world, "/hub/index", "status=401")[0].json
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
