#!/usr/bin/env python3
"""A million calls from eight threads on one handle with a store, over a server that comes and goes: what is held stays
what it was after the first tenth, every reply is whole, and none comes late.

What is held goes up and down by more than it may grow, with the replies that are kept: few when the server is gone,
256 at most. So the most that was held soon after the first tenth is compared with the most towards the end.

CALLS in the environment for more or fewer. soak.c makes the calls; one in fourteen has to ask the server."""

import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

from harness import BUILD, DATA, SCRATCH, Simulator, main, make_list, make_page, make_run, test, true, within

PROGRAM = BUILD / "tools" / "soak"
CALLS = int(os.environ.get("CALLS") or 1000000)
IS_WHOLE = CALLS >= 500000
REST_MS = 6500 if IS_WHOLE else 0           # a request that nobody waits for runs on for 5 s
SECONDS = 1150                              # the million has twenty minutes
REACHING = 0.05                             # of the calls
KB_MOST = 1024 if IS_WHOLE else 4096     # more than before; few calls are not yet settled
EARLY, LATE = (0.1, 0.4), (0.7, 1.0)            # of the calls
DESCRIPTORS_MOST = 64                       # with the connections that libcurl keeps
LATE_MS = 400 + 500 + 1500                  # a call's deadline, what it may take beyond, and a busy machine
UP_S, DOWN_S, STALLED_S = 2.0, 0.25, 0.25
FAULTS = ["/run/fresh-7=>status=503", "/run/fresh-3=>truncate=40", "/run/fresh-5=>reset"]

Held = collections.namedtuple("Held", "calls rss_kb heap_kb descriptors")

RUNS = [make_run(f"run-{number}") for number in range(1, 4)]
FILES = {"runs.json": make_list(RUNS), **{f"run/{run['id']}/0.json": make_page(run) for run in RUNS},
         "status.json": (DATA / "real_status.json").read_bytes(),
         "contributionInfo.json": (DATA / "real_contributionInfo.json").read_bytes()}


def flap(sim, is_over):
    """Up, gone, up, there but silent. It keeps its port."""
    port = sim.port
    sim._arguments += ["--port", str(port)]
    while not is_over.wait(UP_S):
        sim._process.kill()
        sim._process.wait()
        time.sleep(DOWN_S)
        sim._process.stdout.close()
        sim.start()
        if is_over.wait(UP_S):
            return
        os.kill(sim.pid, signal.SIGSTOP)
        time.sleep(STALLED_S)
        os.kill(sim.pid, signal.SIGCONT)


def most_held(held, part):
    """The most of each that was held in that part of the calls."""
    rows = [each for each in held if part[0] * CALLS < each.calls <= part[1] * CALLS]
    return Held(*(max(column) for column in zip(*rows)))


@test
def many_calls():
    words = [word for fault in FAULTS for word in ("--fault", fault)]
    with Simulator(FILES, *words) as sim:
        is_over, log = threading.Event(), sim._log
        thread = threading.Thread(target=flap, args=(sim, is_over))
        thread.start()
        try:
            options = {"store": str(SCRATCH / "store.db"),
                       "override": {"dashboard.url": sim.url, "rpc.off": "true", "hub.off": "true"}}
            command = [PROGRAM, json.dumps(options), CALLS, SECONDS, REST_MS]
            done = subprocess.run([str(word) for word in command], capture_output=True, timeout=SECONDS + 60)
        finally:
            is_over.set()
            thread.join()
        reached = {path.split("/")[2] for path in (line.split("\t")[2] for line in log.read_text().splitlines())
                   if path.startswith("/run/fresh-")}
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    if not true(done.returncode == 0 and rows and rows[-1][0] == "done",
                f"exit {done.returncode}: {done.stderr.decode()[-2000:]}"):
        return
    held = [Held(*map(int, row[1:])) for row in rows if row[0] == "held"]
    calls, fresh, answered, seconds, p50, p99, most = map(float, rows[-1][1:])
    print("\n".join(f"  after {each.calls} calls: {each.rss_kb} kB, {each.heap_kb} kB of them in use, "
                    f"{each.descriptors} descriptors" for each in held))
    early, late = most_held(held, EARLY), most_held(held, LATE)
    true(calls == CALLS, f"{calls:.0f} of {CALLS} calls in {SECONDS} s")
    true(len(reached) >= REACHING * calls, f"{len(reached)} of {calls:.0f} calls reached the server")
    true(answered > 0.5 * calls, f"{answered:.0f} of {calls:.0f} with facts")
    within(late.rss_kb - early.rss_kb, KB_MOST, "kB more than after the first tenth")
    within(late.heap_kb - early.heap_kb, KB_MOST, "kB in use more than after the first tenth")
    within(max(each.descriptors for each in held), DESCRIPTORS_MOST, "descriptors")
    within(most / 1e3, LATE_MS, "ms of the longest call")
    print(f"FIGURES soak: {calls:.0f} calls in {seconds:.0f} s, {len(reached)} to the server; {late.rss_kb} kB "
          f"at most, {late.rss_kb - early.rss_kb:+d} kB since the first tenth, {late.descriptors} descriptors; "
          f"p50 {p50 / 1e3:.2f} ms, p99 {p99 / 1e3:.2f} ms, at most {most / 1e3:.0f} ms")


sys.exit(main())
