#!/usr/bin/env python3
"""bench_spine - what a question costs, beside a plain Python client that makes the same requests.

One line a case: the median, the limit we hold ourselves to, the peer's median and the ratio. Not a test: it
prints `over` beside a number that is over its limit and exits 0 all the same.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "contract"))
from simulator import Simulator  # noqa: E402

# Only the dashboard is measured here.
environ.update({f"PSYCHE_MONITOR_{each}_OFF": "1" for each in ("RPC", "HUB", "CACHE")})
BUILD = pathlib.Path(environ.get("PSYCHE_BUILD_DIR", ROOT / "build" / "release"))
DATA = ROOT / "tests" / "data" / "dashboard"
MEASURE = BUILD / "tools" / "measure"
TIMES = 15


def measure(*words):
    done = subprocess.run([MEASURE, *map(str, words)], capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 3):
        sys.exit(f"bench_spine: measure {words[0]} ended with {done.returncode}: {done.stderr}")
    return [line.split() for line in done.stdout.splitlines()]


def peer(url, paths):
    """CPU and wall of urllib and json, in milliseconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    for path in paths:
        with urllib.request.urlopen(url + path) as reply:
            json.loads(reply.read())
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def row(name, unit, ours, limit, theirs=None):
    beside = f"peer {theirs:9.2f}  {theirs / ours:6.1f}x" if theirs else ""
    over = "" if ours <= limit else "over"
    print(f"{name:<44} {ours:9.2f} {unit:<3} limit {limit:7.1f}  {beside} {over}".rstrip(), flush=True)


def cost_row(name, url, request, paths, limit, column, times=TIMES):
    ours = statistics.median(float(line[column]) for line in measure("cost", url, json.dumps(request), times))
    theirs = statistics.median(peer(url, paths)[column] for _ in range(times))
    row(name, "ms", ours, limit, theirs)


def write_page(folder, run_id, page):
    page["run"]["info"]["id"] = run_id
    text = json.dumps(page, separators=(",", ":"))
    assert 9_500_000 < len(text) < 11_000_000, len(text)
    (folder / "run" / run_id).mkdir(parents=True)
    (folder / "run" / run_id / "0.json").write_text(text)


def write_upstream(folder):
    """The recorded page of 310 KB, and two of about 10 MB."""
    small = folder / "run" / "consilience-40b-1"
    small.mkdir(parents=True)
    (small / "0.json").write_bytes((DATA / "real_run_active.json").read_bytes())
    (folder / "runs.json").write_bytes((DATA / "real_runs.json").read_bytes())

    # Long prompts: each entry repeats all that came before.
    page = json.loads((DATA / "real_run_active.json").read_text())
    tokens, entries, size = [], [], 0
    while size < 10_000_000:
        tokens += [1000 + len(tokens) % 120000]
        entries.append([len(entries), list(tokens)])
        size += len(tokens) * 5
    page["run"]["metrics"]["history"]["cumulativePromptResults"] = entries
    write_page(folder, "long-prompts", page)

    # A long run: the learning rate of every step.
    page = json.loads((DATA / "real_run_active.json").read_text())
    page["run"]["metrics"]["history"]["lr"] = [[step, round(1e-4 / (1 + step / 9e4), 11)] for step in range(440_000)]
    write_page(folder, "many-steps", page)


def dlopen_rows(folder):
    """Fresh processes, ours and an object without code that needs the same libraries, in turn."""
    needed = subprocess.run(["pkg-config", "--libs", "libcurl", "yaml-0.1", "yyjson", "libcmark"],
                            capture_output=True, text=True, check=True).stdout.split()
    (folder / "empty.c").write_text("int nothing(void);\nint nothing(void) { return 0; }\n")
    (folder / "time.c").write_text(
        "#include <dlfcn.h>\n#include <stdio.h>\n#include <time.h>\n"
        "int main(int n, char **v) { struct timespec a, b; (void)n; clock_gettime(CLOCK_MONOTONIC, &a);\n"
        "void *h = dlopen(v[1], RTLD_NOW); clock_gettime(CLOCK_MONOTONIC, &b); if (!h) return 1;\n"
        'printf("%f\\n", (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6); }\n')
    cc = environ.get("CC", "cc")
    subprocess.run([cc, "-shared", "-fPIC", "-o", folder / "empty.so", folder / "empty.c",
                    "-Wl,--no-as-needed", *needed], check=True)
    subprocess.run([cc, "-o", folder / "time", folder / "time.c"], check=True)
    times = {"ours": [], "empty": []}
    for _ in range(21):
        for name, path in (("ours", BUILD / "psyche_monitor.so"), ("empty", folder / "empty.so")):
            times[name].append(float(subprocess.run([folder / "time", path], capture_output=True, text=True,
                                                    check=True).stdout))
    extra = statistics.median(a - b for a, b in zip(times["ours"], times["empty"]))
    row("dlopen, above an empty object", "ms", max(extra, 0.01), 3)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        upstream = folder / "upstream"
        upstream.mkdir()
        write_upstream(upstream)
        with Simulator(upstream, "--fault", "/run/stalled=>stall") as simulator:
            url = simulator.url
            details = {"action": "run_details", "run_id": "consilience-40b-1"}
            cost_row("310 KB run page to answer, CPU", url, details, ["/runs", "/run/consilience-40b-1/0"], 3, 0)
            for run, what in (("long-prompts", "samples"), ("many-steps", "points")):
                ask = {"action": "run_details", "run_id": run}
                cost_row(f"10 MB run page of {what}, CPU", url, ask, ["/runs", f"/run/{run}/0", f"/run/{run}/1"],
                         80, 0, 7)
                row(f"10 MB run page of {what}, memory of the call", "MB",
                    float(measure("peak", url, json.dumps(ask))[0][0]) / 1024, 64)
            cost_row("list_runs, cold handle, wall", url, {"action": "list_runs"}, ["/runs"], 5, 1)
            delays = measure("delay", url, 40)
            alone, beside = (statistics.median(float(ms) for name, ms in delays if name == wanted)
                             for wanted in ("alone", "beside"))
            row("a call beside a stalled one, extra", "ms", max(beside - alone, 0.01), 5)
            row("cancel to the end of the call", "ms",
                statistics.median(float(line[0]) for line in measure("cancel", url, 15)), 100)
        dlopen_rows(folder)
        stripped = folder / "stripped.so"
        subprocess.run(["strip", "-o", stripped, BUILD / "psyche_monitor.so"], check=True)
        row("shared object, stripped", "KB", stripped.stat().st_size / 1024, 400)


main()
