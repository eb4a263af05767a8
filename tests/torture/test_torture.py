#!/usr/bin/env python3
"""Memory runs out at each place where it is asked for, one after the other, in every question over a network with all
sources: each time there is a well-formed answer that says nothing false and names no other cause, or a failure that
says why; nothing is lost, nobody is locked out; and the next call is answered as if nothing had been.

torture.c says what the places are: ours (arenas, malloc and its relatives), and those of libcurl and SQLite. Memory
fails once, or from there on. Each is tried on a handle

    alone    without a store, from opening it
    again    which has all replies from a call before
    new      with a store that is not there yet (one question: making it is the same for all)
    kept     with a store that has fresh replies
    old      with a store that has replies of an hour before

TORTURE_EVERY=20 in the environment tries each twentieth, beginning with one that follows from the sources: other
sources, other points."""

import atexit
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from os import environ

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

import simulator
from chain_data import chain_settings, write_chain
from harness import (BUILD, FRAME, NOW, ROOT, SCRATCH, Reply, Simulator, check_answer, equal, main, read_json, test,
                     true, within)
from hub_data import write_hub
from two_sources import POOL_PROGRAM, RUN, tracked_files, write_nodes

PROGRAM = BUILD / "torture" / "torture"
# It is not what is tried here: the plain one takes a tenth of the time.
simulator.PROGRAM = next(path for path in (ROOT / "build/release/psyche-sim", simulator.PROGRAM) if path.exists())
EVERY = int(os.environ.get("TORTURE_EVERY") or 1)
STAMP = subprocess.run([ROOT / "scripts" / "source-stamp"], check=True, capture_output=True, text=True).stdout
FIRST = 1 + int(STAMP, 16) % EVERY
AT_ONCE = os.cpu_count() or 2
STORES = SCRATCH                            # on a disk in memory where there is one
if os.access("/dev/shm", os.W_OK):
    STORES = pathlib.Path(tempfile.mkdtemp(prefix="psyche-torture-", dir="/dev/shm"))
    atexit.register(shutil.rmtree, STORES, ignore_errors=True)
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
SECONDS = 900                               # of one program
REFERENCES = SCRATCH / "references"         # those that are built in, and one more
shutil.copytree(ROOT / "tests" / "data" / "references", REFERENCES)
shutil.copy(REFERENCES / "labels.md", REFERENCES / "one-more.md")
# On a busy machine nothing is late: only who waits for what will not come takes so long.
TIME_MS, PATIENCE_MS, MS_MOST = 30000, 20000, 15000
LONG_AGO = "2026-11-21T03:49:51Z"
FRESH_S = 600                               # what is kept is fresh in spite of a slow machine
SERIES = 60                                 # of a run's page, which has thousands of points
# Short stacks of what was allocated, and little that is kept back from being used again: quicker.
ASAN = "detect_leaks=1:malloc_context_size=4:quarantine_size_mb=4:thread_local_quarantine_size_kb=64"

WALLET = "4Devdq4zmRrS76NEriHQVH3N7QDPPhDHspm6WrZkr3zv"
WALLETS = ROOT / "tests" / "scenarios" / "wallet-all"

Plan = collections.namedtuple("Plan", "name kind whose how")
Tried = collections.namedtuple("Tried", "point phase ms call next fresh")
Run = collections.namedtuple("Run", "points texts tried left locked seconds")


def network(action, **arguments):
    return {"tool": "psyche_monitor", "arguments": {"action": action, **arguments}, "budget": ROOM,
            "timeout_ms": TIME_MS}


def wallet(**arguments):
    return {"tool": "psyche_wallet", "arguments": {"address": WALLET, **arguments}, "budget": ROOM,
            "timeout_ms": TIME_MS}


QUESTIONS = {
    "list_runs": network("list_runs", detail="full"),
    "run_details": network("run_details", run_id=RUN, detail="full"),
    "checkpoints": network("checkpoints", run_id=RUN, detail="full"),
    "pool_status": network("pool_status", detail="full"),
    "network_stats": network("network_stats", detail="full"),
    "contribute": network("contribute", detail="full"),
    "wallet": wallet(detail="full"),
    "wallet_run": wallet(run_id="waiting", detail="full"),
}
# Of what lies on this machine alone.
TOOLS = {
    "info": {"tool": "info"},
    "doctor": {"tool": "doctor"},
    "a passage": network("contribute", page="Cooldown"),
    "a topic": network("contribute", page="compute"),
}
LIVE = {"doctor live": {"tool": "doctor", "arguments": {"live": True}, "timeout_ms": TIME_MS}}
ALL = {**QUESTIONS, **TOOLS, **LIVE}


def make_plans():
    for how in ("once", "on"):
        for name in ALL:
            yield Plan(name, "alone", "ours", how)
            if name not in TOOLS:
                yield Plan(name, "alone", "foreign", how)
            if name not in LIVE:
                yield Plan(name, "again", "ours", how)
        for whose in ("ours", "foreign"):
            yield Plan("pool_status", "new", whose, how)
            for name in QUESTIONS:
                yield Plan(name, "kept", whose, how)
                yield Plan(name, "old", whose, how)


# --- the network --------------------------------------------------------------------------------


def shorten(value):
    if isinstance(value, dict):
        return {name: shorten(inner) for name, inner in value.items()}
    return value[-SERIES:] if isinstance(value, list) else value


def dashboard():
    files = tracked_files()
    files["moved.json"] = files["contributionInfo.json"]
    for name in files:
        if name.startswith("run/"):
            page = json.loads(files[name])
            page["run"]["metrics"] = shorten(page["run"].get("metrics"))
            files[name] = page
    return files


@contextlib.contextmanager
def networks():
    """A simulator for the actions, and one for wallets."""
    hub = write_hub({"repositories": [{"id": "PsycheFoundation/consilience-40b-7Y9v38s5", "shards": 4,
                                       "steps": [6000, 5000, 4000]}]}, SCRATCH / "hub")
    nodes = write_nodes("nodes")
    chain = write_chain(json.loads((WALLETS / "chain.json").read_text()), SCRATCH / "wallets")
    lasting = ("--max-seconds", SECONDS * 4)
    moved = ("--fault", "/contributionInfo=>redirect=/moved")
    with Simulator(dashboard(), *lasting, *moved, rpc=nodes, hub=hub) as runs, \
            Simulator(WALLETS / "upstream", *lasting, rpc={**nodes, "rpc": chain}) as wallets:
        yield {name: wallets if name.startswith("wallet") else runs for name in ALL}


def options(sim, store, is_kept, now):
    settings = chain_settings(sim, **{
        "dashboard.url": sim.url, "rpc.pool_url": sim.node_url("rpc-pool"), "programs.pool": POOL_PROGRAM,
        "hub.off": "false", "hub.url": sim.hub_url, "gcs.url": sim.gcs_url, "patience_ms": PATIENCE_MS})
    if store or is_kept:
        settings["cache.off"] = "false"
    if is_kept:
        settings["cache.ttl"] = FRESH_S
    return {"now": now, "references": str(REFERENCES), "override": settings,
            "store": str(store) if store else False}


# --- one question -------------------------------------------------------------------------------


def program(*words, seconds=SECONDS):
    return subprocess.run([str(PROGRAM), *map(str, words)], capture_output=True, timeout=seconds + 60,
                          env={**environ, "HF_TOKEN": "hf_a-token", "ASAN_OPTIONS": ASAN})


def make_like(sim, plan, store):
    """The store as a call left it that had memory, in one file."""
    is_kept = plan.kind == "kept"
    done = program(json.dumps(options(sim, store, is_kept, NOW if is_kept else LONG_AGO)), json.dumps(ALL[plan.name]),
                   seconds=20)
    true(done.returncode == 0, f"{plan}: a store: {done.stderr.decode()[-2000:]}")
    with contextlib.closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store.rename(store.with_name("like.db"))


def read_rows(output):
    texts, tried, left, locked, points, end = {}, [], {}, set(), 0, 0
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        if word == "text":
            number, _, text = rest.partition(" ")
            texts[int(number)] = text
        elif word == "tried":
            point, phase, *numbers = rest.split()
            tried.append(Tried(int(point), phase, *map(int, numbers)))
        elif word == "left":
            left[int(rest.split()[0])] = int(rest.split()[1])
        elif word == "locked":
            locked.add(int(rest))
        elif word == "points":
            points = int(rest)
        elif word == "end":
            end = int(rest)
    return Run(points, texts, tried, left, locked, 0), end


def handle_of(plan):
    """What was done with the handle before."""
    if plan.kind == "again":
        return "again"
    # Its references are most of what it needs memory for, and were tried without a store.
    return "read" if plan.name == "contribute" and plan.kind in ("kept", "old") else "cold"


def run(sim, plan):
    started = time.monotonic()
    has_store = plan.kind in ("new", "kept", "old")
    store = STORES / "-".join(plan) / "store.db" if has_store else None
    words = []
    if store:
        store.parent.mkdir()
        words = [store, make_like(sim, plan, store)] if plan.kind != "new" else [store]
    done = program(json.dumps(options(sim, store, plan.kind in ("again", "kept"), NOW)), json.dumps(ALL[plan.name]),
                   plan.whose, plan.how, handle_of(plan), FIRST, EVERY, SECONDS, *words)
    rows, end = read_rows(done.stdout.decode())
    true(done.returncode == 0 and end > rows.points > 0,
         f"{plan}: exit {done.returncode}, {end} of {rows.points}: {done.stdout[-200:]} "
         f"{done.stderr.decode()[-3000:]}")
    return rows._replace(seconds=time.monotonic() - started)


# --- what an answer may say -----------------------------------------------------------------------


def leaves(value):
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def groups(answer):
    return {key: value for key, value in answer.items() if key not in FRAME}


def statuses(answer):
    return {row["status"] for row in answer.get("sources", [])}


def causes():
    """The words for what becomes of a request, of which one alone is true here."""
    text = (ROOT / "plugin" / "net" / "outcome.h").read_text()
    words = {line.split('"')[1] for line in text.splitlines() if line.strip().startswith("X(") and '"' in line}
    true({"no_memory", "unresolved", "too_large"} <= words, f"causes: {words}")
    return words - {"ok", "no_memory", "offline"}


CAUSES = causes()
# What is said of the facts that are there; or that something is not known, beside the source's row that says why.
OF_NO_CAUSE = ("is worked out step by step", "the dashboard reports P2P as Hub", "the dashboard's list did not come")


def check_cause(what, answer, whole):
    named = {word for text in leaves(answer) if isinstance(text, str) for word in CAUSES
             if text == word or f"({word}" in text or f"{word}:" in text or f"{word} (" in text}
    known = {word for text in leaves(whole) if isinstance(text, str) for word in CAUSES if word in text}
    true(named <= known, f"{what}: another cause than memory: {named - known}")
    notes = [note for note in answer.get("notes", []) if note not in whole.get("notes", [])
             and "memory" not in note and not any(words in note for words in OF_NO_CAUSE)]
    true(not notes, f"{what}: notes that do not name memory: {notes}")


def check_text(what, plan, text, whole):
    """Of the rules for all answers, and against the answer that had memory."""
    answer = read_json(text)
    check_cause(what, answer, whole)
    if answer.get("success") is False:
        true(answer["error_code"] == "no_memory" or "no_memory (" in answer["error"], f"{what}: {text[:300]}")
        return
    if plan.name not in QUESTIONS:
        return
    check_answer(Reply(text.encode(), {True: 0, False: 3}.get(answer["found"], 4)), what)
    true(answer["found"] in (whole["found"], "unknown"), f"{what}: found {answer['found']}")
    known = set(map(str, leaves(groups(whole)))) | {"None", "unknown", "[tracked]", "[on-chain]", "[hub]"}
    known |= {"True"} if plan.kind == "old" else set()      # stale: what it falls back on
    for key, value in groups(answer).items():
        new = [leaf for leaf in leaves(value) if key != "guide" and str(leaf) not in known
               and not str(leaf).replace(".", "").isdigit()]
        true(not new, f"{what}: {key} says what it did not: {new[:3]}")


def paths(value, path=""):
    if isinstance(value, (dict, list)):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, f"{path}/{name}")
    else:
        yield path, value


def differences(text, other):
    """But for how old the eldest reply of a source is: one that keeps for ever may have been asked for again."""
    sides = [dict(paths(read_json(each))) for each in (text, other)]
    pairs = [(path, sides[0].get(path), sides[1].get(path)) for path in {**sides[0], **sides[1]}]
    return [pair for pair in pairs if pair[1] != pair[2]
            and not (pair[0].startswith("/sources/") and pair[0].endswith("/age_s"))]


def judge(plan, rows):
    what, whole = " ".join(plan), read_json(rows.texts[1])
    true(whole["success"] is True and (plan.name in LIVE or '"problem"' not in rows.texts[1]),
         f"{what}: undisturbed: {rows.texts[1][:600]}")
    for number, text in rows.texts.items():
        check_text(f"{what}, answer {number}", plan, text, whole)
    true(not rows.locked, f"{what}: the store is locked after points {sorted(rows.locked)[:5]}")
    for row in rows.tried:
        here = f"{what}, point {row.point} ({row.phase})"
        within(row.ms, MS_MOST, f"{here}: ms")
        true(row.point not in rows.left, f"{here}: {rows.left.get(row.point)} blocks left")
        is_bad_handle = row.phase == "open" and "no_memory" in rows.texts.get(row.next, "")
        for which in ("next", "fresh") if row.phase != "-" else ("call",):
            text = rows.texts.get(getattr(row, which), rows.texts[1])
            differs = [] if which == "next" and is_bad_handle else differences(text, rows.texts[1])
            true(not differs, f"{here}: {which}: {differs[:4]}")


@test
def every_allocation():
    plans = list(make_plans())
    total = collections.Counter()
    with networks() as sims, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for plan, rows in zip(plans, pool.map(lambda plan: run(sims[plan.name], plan), plans)):
            judge(plan, rows)
            reached = [row for row in rows.tried if row.phase != "-"]
            total["points"] += rows.points
            total["tried"] += len(reached)
            total.update(row.phase for row in reached)
            print(f"{' '.join(plan)}: {rows.points} points, {len(reached)} tried in {rows.seconds:.1f} s, "
                  f"{len(rows.texts)} different answers, {max((row.ms for row in rows.tried), default=0)} ms at most",
                  flush=True)
    phases = ", ".join(f"{total[phase]} at {phase}" for phase in ("open", "call", "next", "close", "thread"))
    equal(EVERY > 1 or total["tried"] >= total["points"] * 0.99, True, "nearly all were reached")
    print(f"FIGURES torture: {total['tried']} of {total['points']} points: {phases}")


sys.exit(main())
