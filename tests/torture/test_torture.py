#!/usr/bin/env python3
"""Memory runs out at each place where it is asked for, one after the other, in every action over a network with all
sources: each time there is a well-formed answer that says nothing false, or a failure that says why; nothing is lost;
and the next call is answered as if nothing had been.

torture.c says what the places are: ours (arenas, malloc and its relatives), and those of libcurl and SQLite. Memory
fails once, or from there on. Without a store each of them is tried; with one, which makes many more that are alike,
each STORE_EVERY-th. TORTURE_EVERY=1 in the environment tries all, TORTURE_EVERY=20 each twentieth."""

import atexit
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from os import environ

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

from chain_data import chain_settings
from harness import (BUILD, FRAME, NOW, ROOT, SCRATCH, Reply, Simulator, check_answer, equal, main, read_json, test,
                     true, within)
from hub_data import write_hub
from two_sources import POOL_PROGRAM, RUN, tracked_files, write_nodes

PROGRAM = BUILD / "torture" / "torture"
EVERY = int(os.environ.get("TORTURE_EVERY") or 0)
STORE_EVERY = {"ours": 4, "foreign": 20}
STORES = SCRATCH                            # on a disk in memory where there is one
if os.access("/dev/shm", os.W_OK):
    STORES = pathlib.Path(tempfile.mkdtemp(prefix="psyche-torture-", dir="/dev/shm"))
    atexit.register(shutil.rmtree, STORES, ignore_errors=True)
AT_ONCE = 2
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
SECONDS = 600                               # of one program
MS_MOST = 4000                              # of a call whose memory fails; its deadline is at 6 s

Tried = collections.namedtuple("Tried", "point phase ms call next fresh")

QUESTIONS = {
    "list_runs": {"action": "list_runs", "detail": "full"},
    "run_details": {"action": "run_details", "run_id": RUN, "detail": "full"},
    "checkpoints": {"action": "checkpoints", "run_id": RUN, "detail": "full"},
    "pool_status": {"action": "pool_status", "detail": "full"},
    "network_stats": {"action": "network_stats", "detail": "full"},
    "contribute": {"action": "contribute", "detail": "full"},
}
TOOLS = ("info", "doctor")


def requests():
    """{name: request} of all that can be asked."""
    asked = {name: {"tool": "psyche_monitor", "arguments": arguments, "budget": ROOM, "timeout_ms": 6000}
             for name, arguments in QUESTIONS.items()}
    return {**asked, **{tool: {"tool": tool} for tool in TOOLS}}


def options(sim, store):
    settings = chain_settings(sim, **{
        "dashboard.url": sim.url, "rpc.pool_url": sim.node_url("rpc-pool"), "programs.pool": POOL_PROGRAM,
        "hub.off": "false", "hub.url": sim.hub_url, "gcs.url": sim.gcs_url})
    more = {"store": str(store), "override": {**settings, "cache.off": "false"}} if store else \
        {"store": False, "override": settings}
    return {"now": NOW, "references": str(ROOT / "tests" / "data" / "references"), **more}


# --- one question -----------------------------------------------------------------------------


def run(sim, name, request, whose, how, with_store):
    """(points there are, {id: answer}, [Tried], {point: blocks left})"""
    every = EVERY or (STORE_EVERY[whose] if with_store else 1)
    store = STORES / f"{name}-{whose}-{how}" / "store.db" if with_store else None
    if store:
        store.parent.mkdir(exist_ok=True)
    command = [str(PROGRAM), json.dumps(options(sim, store)), json.dumps(request), whose, how, "1", str(every),
               str(SECONDS), *([str(store)] if store else [])]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS + 60,
                          env={**environ, "HF_TOKEN": "hf_a-token", "ASAN_OPTIONS": "detect_leaks=1"})
    texts, tried, left, points, end = {}, [], {}, 0, 0
    for line in done.stdout.decode().splitlines():
        word, _, rest = line.partition(" ")
        if word == "text":
            number, _, text = rest.partition(" ")
            texts[int(number)] = text
        elif word == "tried":
            point, phase, *numbers = rest.split()
            tried.append(Tried(int(point), phase, *map(int, numbers)))
        elif word == "left":
            left[int(rest.split()[0])] = int(rest.split()[1])
        elif word == "points":
            points = int(rest)
        elif word == "end":
            end = int(rest)
    what = f"{name}, {whose} {how}{', store' if with_store else ''}"
    true(done.returncode == 0 and end > points > 0,
         f"{what}: exit {done.returncode}, {end} of {points}: {done.stderr.decode()[-3000:]}")
    return what, points, texts, tried, left


# --- what an answer may say -------------------------------------------------------------------


def leaves(value):
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def groups(answer):
    return {key: value for key, value in answer.items() if key not in FRAME}


def check_text(what, text, whole):
    """Of the rules for all answers, and against the answer that had memory."""
    answer = read_json(text)
    if answer.get("success") is False:
        # libcurl, without memory for a host's name, says that there is none.
        words = ("no_memory", "too_large", *(("unresolved",) if "foreign" in what else ()))
        true(answer["error_code"] == "no_memory" or any(f"{word} (" in answer["error"] for word in words),
             f"{what}: {text[:300]}")
        return
    if answer.get("action") not in QUESTIONS:
        return
    check_answer(Reply(text.encode(), {True: 0, False: 3}.get(answer["found"], 4)), what)
    true(answer["found"] in (whole["found"], "unknown"), f"{what}: found {answer['found']}")
    known = set(map(str, leaves(groups(whole)))) | {"None", "unknown", "[tracked]", "[on-chain]", "[hub]"}
    for key, value in groups(answer).items():
        new = [leaf for leaf in leaves(value) if key != "guide" and str(leaf) not in known
               and not str(leaf).replace(".", "").isdigit()]
        true(not new, f"{what}: {key} says what it did not: {new[:3]}")


def without_store_notes(text):
    """That a store was out of order is said for a minute: the answer without it."""
    answer = read_json(text)
    answer["notes"] = [note for note in answer.get("notes", []) if not note.startswith("store ")]
    return answer


def judge(what, points, texts, tried, left):
    whole = read_json(texts[1])
    true(whole["success"] is True and '"problem"' not in texts[1], f"{what}: undisturbed: {texts[1][:600]}")
    for number, text in texts.items():
        check_text(f"{what}, answer {number}", text, whole)
    for row in tried:
        here = f"{what}, point {row.point} ({row.phase})"
        within(row.ms, MS_MOST, f"{here}: ms")
        true(row.point not in left, f"{here}: {left.get(row.point)} blocks left")
        true(row.phase != "-" or row.call == 1, f"{here}: not disturbed, and another answer")
        if row.next:
            is_bad_handle = row.phase == "open" and "no_memory" in texts[row.next]
            is_same = row.next == 1 or without_store_notes(texts[row.next]) == without_store_notes(texts[1])
            true(is_same or is_bad_handle, f"{here}: the next call: {texts[row.next][:300]}")
        true(row.fresh in (0, 1), f"{here}: of a fresh handle: {texts.get(row.fresh, '')[:300]}")


PLANS = [(name, whose, how, with_store) for with_store in (False, True) for name in requests()
         for whose in ("ours", "foreign") for how in ("once", "on")
         if name not in TOOLS or (whose == "ours" and not with_store)]


@test
def every_allocation():
    asked = requests()
    hub = write_hub({"repositories": [{"id": "PsycheFoundation/consilience-40b-7Y9v38s5", "shards": 4,
                                       "steps": [6000, 5000, 4000]}]}, SCRATCH / "hub")
    with Simulator(tracked_files(), rpc=write_nodes("nodes"), hub=hub) as sim, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        def try_one(plan):
            name, whose, how, with_store = plan
            return run(sim, name, asked[name], whose, how, with_store)
        total = collections.Counter()
        for plan, (what, points, texts, tried, left) in zip(PLANS, pool.map(try_one, PLANS)):
            judge(what, points, texts, tried, left)
            reached = [row for row in tried if row.phase != "-"]
            total["points"] += points
            total["tried"] += len(reached)
            total.update(row.phase for row in reached)
            print(f"{what}: {points} points, {len(reached)} tried, {len(texts)} different answers, "
                  f"{max((row.ms for row in tried), default=0)} ms at most", flush=True)
    phases = ", ".join(f"{total[phase]} at {phase}" for phase in ("open", "call", "next", "close", "thread"))
    print(f"FIGURES torture: {total['tried']} of {total['points']} points: {phases}")


sys.exit(main())
