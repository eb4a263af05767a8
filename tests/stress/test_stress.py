#!/usr/bin/env python3
"""Many threads on one handle over the whole network, with faults, cancels, handles that come and go beside it, and a
second process on the same store: for the sanitizers (make tsan-check, make asan-check), and for a moment without.

stress.c does it; here is the network, and what must have happened."""

import collections
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

import simulator
from chain_data import chain_settings
from harness import BUILD, ROOT, SCRATCH, Simulator, main, test, true, within
from hub_data import write_hub
from two_sources import POOL_PROGRAM, tracked_files, write_nodes

PROGRAM = BUILD / "tools" / "stress"
# It is not what is looked at here, and the plain one is quicker.
simulator.PROGRAM = next(path for path in (ROOT / "build/release/psyche-sim", simulator.PROGRAM) if path.exists())
KIND = os.environ.get("BUILD") or "release"
SANITIZED = KIND in ("asan", "tsan")
SECONDS = 16 if SANITIZED else 4
THREADS, THREADS_BESIDE = 32, 6
LATE_MS = 3000 + 500 + (8000 if SANITIZED else 1500)       # of a call; so many threads want two processors
FAULTS = ["/run/hermes-4-8b=>status=503", "/run/hermes-3-8b=>reset=100", "/run/dm-consilience-rc1=>stall",
          "/hub/commits=>truncate=40", "/rpc#getHealth=>stall", "/rpc#getVersion=>reset", "/status=>slow=30",
          "/gcs=>stall-body"]

Done = collections.namedtuple("Done", "calls answered cancelled closed handles forks most_ms threads_left")


def options(sim, store):
    return json.dumps({"store": str(store), "references": str(ROOT / "tests" / "data" / "references"),
                       "override": chain_settings(sim, **{
                           "dashboard.url": sim.url, "rpc.pool_url": sim.node_url("rpc-pool"),
                           "programs.pool": POOL_PROGRAM, "hub.off": "false", "hub.url": sim.hub_url,
                           "gcs.url": sim.gcs_url, "cache.off": "false", "cache.ttl": 1})})


def start(sim, threads, *words):
    command = [PROGRAM, options(sim, SCRATCH / "store" / "store.db"), SECONDS, threads, *words]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def check(name, process):
    output, trouble = process.communicate(timeout=SECONDS + 120)
    words = output.decode().split()
    if not true(process.returncode == 0 and words[:1] == ["done"],
                f"{name}: exit {process.returncode}: {trouble.decode()[:6000]}"):
        return None
    done = Done(*map(int, words[1:]))
    within(done.most_ms, LATE_MS, f"{name}: ms of the longest call")
    true(done.threads_left == 0, f"{name}: {done.threads_left} threads left")
    for what in ("answered", "cancelled", "handles"):
        true(getattr(done, what) > 0, f"{name}: {what}: {done}")
    true(done.answered > done.calls / 4, f"{name}: few answers: {done}")
    return done


@test
def much_at_once():
    hub = write_hub({"repositories": [{"id": "PsycheFoundation/consilience-40b-7Y9v38s5", "shards": 4,
                                       "steps": [6000, 5000, 4000]}]}, SCRATCH / "hub")
    words = [word for fault in FAULTS for word in ("--fault", fault)]
    # ThreadSanitizer lets no child of a process with threads begin one.
    forks = [] if KIND == "tsan" else ["forks"]
    with Simulator(tracked_files(), *words, rpc=write_nodes("nodes"), hub=hub) as sim:
        first, second = start(sim, THREADS, *forks), start(sim, THREADS_BESIDE)
        done, beside = check("the one process", first), check("the other", second)
    if done and beside:
        true(done.closed > 0, f"no call met the closing of its handle: {done}")
        true(done.forks > 0 or not forks, f"no child: {done}")
        print(f"FIGURES stress: {done.calls} + {beside.calls} calls of {THREADS} + {THREADS_BESIDE} threads in "
              f"{SECONDS} s, {done.cancelled + beside.cancelled} cancelled, {done.closed + beside.closed} closed, "
              f"{done.handles + beside.handles} handles, {done.forks} forks; at most {done.most_ms} ms")


sys.exit(main())
