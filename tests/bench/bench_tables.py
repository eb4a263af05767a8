#!/usr/bin/env python3
"""bench_tables [--quick] [a] [b] [c] - the tables of docs/performance.md, as Markdown on standard output.

A  every server thinks for 0, 20, 50 or 150 ms before it answers; plain HTTP on loopback
B  TLS through a relay that delays bytes by 25 ms each way
C  cost as work grows, and of answers that need no network

A and B have each question as ours asks it on a fresh handle (opening it and an empty store count), on a handle
whose connections are open but whose replies are too old, and with replies that still serve; and as two peers ask
for the same: peer_plain.py and peer_threads.py. --quick gives each case a quarter of the time."""

import json
import math
import statistics
import subprocess
import sys
import time

from growth import show_growth
from world import ACTIONS, BUILD, HERE, record_actions, world

QUICK = "--quick" in sys.argv
SECONDS = 0.2 if QUICK else 0.8          # for each case
TIMES = 200
LIMIT_S = 60                              # for each program that measures
LATENCIES_MS = (0, 50) if QUICK else (0, 20, 50, 150)
RELAY_MS = 25
HOW = ["cold", "warm connection", "cached", "peer, one by one", "peer, threads", "peer, threads, warm"]


class Case:
    """Numbers of one question asked in one way."""

    def __init__(self, lines):
        rows = [[float(number) for number in line.split()] for line in lines]
        self.cpu = statistics.median(row[0] for row in rows)
        walls = sorted(row[1] for row in rows)
        self.wall, self.worst = statistics.median(walls), walls[math.ceil(0.99 * len(walls)) - 1]
        self.bytes = int(rows[-1][2])
        self.count = len(rows)


def run(words, text=None):
    done = subprocess.run([str(word) for word in words], input=text, capture_output=True, text=True, timeout=LIMIT_S)
    if done.returncode:
        sys.exit(f"bench_tables: {words[0]} {words[1]}: {done.stderr[-500:]}")
    return done.stdout.splitlines()


def ours(here, request, how, **settings):
    words = [BUILD / "tools" / "measure_calls", how, json.dumps(here.options(**settings)), json.dumps(request),
             TIMES, SECONDS]
    return Case(run([*words, here.store] if how == "cold" else words))


def peer(program, here, trips, facts, keep=False):
    plan = {"url": here.url, "cacert": here.cacert and str(here.cacert), "trips": trips, "facts": facts,
            "times": TIMES, "seconds": SECONDS, "keep": keep}
    return Case(run([sys.executable, HERE / program], json.dumps(plan)))


def measure_action(here, request, recorded):
    """{how: Case}"""
    asked = here, recorded.trips, recorded.facts
    cases = [ours(here, request, "cold"),
             ours(here, request, "again", **{"cache.ttl": "0"}),
             ours(here, request, "again", **{"cache.ttl": "600"}),
             peer("peer_plain.py", *asked),
             peer("peer_threads.py", *asked),
             peer("peer_threads.py", *asked, keep=True)]
    return dict(zip(HOW, cases))


def show(number):
    return f"{number:.3f}" if number < 1 else f"{number:.1f}" if number < 100 else f"{number:.0f}"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def heading(columns):
    names = [cell for column in columns for cell in (f"{column}: p50 / p99 ms", "ratio")]
    row("question", "how", "requests", "trips", "CPU ms", "bytes", *names)
    row(*["---"] * 2, *["---:"] * (4 + len(names)))


def show_action(name, recorded, measured):
    """One row a way of asking; measured are the {how: Case} of the columns."""
    of_peers = sum(map(len, recorded.trips)), len(recorded.trips)
    for how in HOW:
        cells = []
        for cases in measured:
            case = cases[how]
            cells += [f"{show(case.wall)} / {show(case.worst)}", f"{case.wall / cases['cold'].wall:.2f}"]
        trips = recorded.asked.get(how, of_peers if how != "peer, one by one" else (of_peers[0], of_peers[0]))
        case = measured[-1][how]
        row(name, how, *trips, show(case.cpu), case.bytes, *cells)


def table(title, columns, worlds, recorded):
    measured = {name: [] for name in ACTIONS}
    for arguments in worlds:
        with world(**arguments) as here:
            for name, request in ACTIONS.items():
                measured[name].append(measure_action(here, request, recorded[name]))
    print(f"\n### {title}\n")
    heading(columns)
    for name in ACTIONS:
        show_action(name, recorded[name], measured[name])


def main():
    chosen = [word for word in sys.argv[1:] if word in "abc"] or list("abc")
    began = time.monotonic()
    recorded = record_actions() if set(chosen) & set("ab") else {}
    if "a" in chosen:
        table("A: each server thinks before it answers", [f"{ms} ms" for ms in LATENCIES_MS],
              [{"latency_ms": ms} for ms in LATENCIES_MS], recorded)
    if "b" in chosen:
        table(f"B: TLS, every byte {RELAY_MS} ms late each way", ["wall"], [{"relay_ms": RELAY_MS}], recorded)
    if "c" in chosen:
        show_growth(run, row, SECONDS, QUICK)
    print(f"\n{time.monotonic() - began:.0f} s")


main()
