"""The third table: what answers cost as there is more to read, with more threads, and without the network."""

import json
import pathlib
import statistics
import subprocess
import tempfile
import time
from os import environ

from world import ACTIONS, BUILD, DATA, RUN, Lib, Simulator, World, world

RUNS = (10, 100, 1000, 10000)
POINTS = (100, 1000, 10000, 100000)
THREADS = (1, 2, 4, 16, 64)
CALLS = 10000
PATIENCE_MS = 500
NEEDED = ("libcurl", "yaml-0.1", "yyjson", "libcmark", "libsodium", "libzstd", "sqlite3")
DASHBOARD_ALONE = {"rpc.off": "true", "hub.off": "true", "cache.off": "true"}


def many_runs(count):
    """The recorded list, its rows repeated under other ids."""
    runs = json.loads((DATA / "real_runs.json").read_text())
    rows = runs["runs"]
    runs["runs"] = [{**rows[n % len(rows)], "id": f"run-{n:05}", "index": 0} for n in range(count)]
    return {"runs.json": json.dumps(runs, separators=(",", ":"))}


def many_points(count):
    """The recorded page, its histories that long."""
    page = json.loads((DATA / "real_run_active.json").read_text())
    history = page["run"]["metrics"]["history"]
    for name in ("loss", "bandwidth", "tokensPerSecond", "lr"):
        history[name] = [[step, round(2 + 1 / (1 + step / 9e4), 11)] for step in range(count)]
    return {"runs.json": (DATA / "real_runs.json").read_bytes(),
            f"run/{RUN}/0.json": json.dumps(page, separators=(",", ":"))}


def cost_of(run, files, request, seconds):
    """(CPU ms, wall ms) of a cold handle, medians."""
    with tempfile.TemporaryDirectory() as name, Simulator(files) as sim:
        here = World(sim, sim.url, pathlib.Path(name))
        lines = run([BUILD / "tools" / "measure_calls", "cold", json.dumps(here.options(**DASHBOARD_ALONE)),
                     json.dumps(request), 50, seconds])
    rows = [[float(number) for number in line.split()] for line in lines]
    return [statistics.median(row[column] for row in rows) for column in (0, 1)]


def show_work(run, row, seconds):
    for what, request, counts, files in (
            ("list_runs, runs on the list", ACTIONS["list_runs"], RUNS, many_runs),
            ("run_details, points in each of four histories", ACTIONS["run_details"], POINTS, many_points)):
        for count in counts:
            cpu, wall = cost_of(run, files(count), request, seconds)
            row(f"{what}: {count:,}", f"CPU {cpu:.2f} ms, {cpu * 1e3 / count:.2f} us each; wall {wall:.2f} ms")


def show_threads(run, row, options, seconds):
    for threads in THREADS:
        line = run([BUILD / "tools" / "measure_calls", "threads", options, json.dumps(ACTIONS["list_runs"]),
                    threads, seconds])[0]
        rate, middle, late = map(float, line.split())
        row(f"cached list_runs, threads on one handle: {threads}",
            f"{rate:,.0f} calls/s, p50 {middle:.3f} ms, p99 {late:.3f} ms")


def time_ctypes(options):
    """Median ms of cached calls from Python."""
    took_ms = []
    with Lib().open(options) as monitor:
        monitor.call(ACTIONS["list_runs"])
        for _ in range(500):
            began = time.perf_counter()
            monitor.call(ACTIONS["list_runs"])
            took_ms.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took_ms)


def build_true(folder):
    """A program that does nothing but load the same libraries."""
    libs = subprocess.run(["pkg-config", "--libs", *NEEDED], capture_output=True, text=True, check=True).stdout
    (folder / "true.c").write_text("int main(void) { return 0; }\n")
    subprocess.run([environ.get("CC", "cc"), "-o", folder / "true", folder / "true.c", "-Wl,--no-as-needed",
                    *libs.split(), "-Wl,-z,now"], check=True, timeout=60)
    return folder / "true"


def first_byte_ms(words):
    """Of a new process, or its end when it says nothing."""
    began = time.perf_counter()
    with subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE) as process:
        process.stdout.read(1)
        took_ms = (time.perf_counter() - began) * 1e3
        process.stdout.read()
    return took_ms


def show_new_process(row, here, times):
    settings = [f"{key}={value}" for key, value in here.options(**{"cache.ttl": "600"})["override"].items()]
    words = [word for setting in settings for word in ("--set", setting)]
    ours = [BUILD / "psyche-monitor", *words, "call", json.dumps(ACTIONS["list_runs"])]
    empty = build_true(here.folder)
    first_byte_ms(ours)
    asked = len(here.sim.log())
    pairs = [(first_byte_ms(ours), first_byte_ms([empty])) for _ in range(times)]
    row("cached list_runs of a new process, first byte above a program that only loads the same libraries",
        f"{statistics.median(a - b for a, b in pairs):.2f} ms "
        f"({statistics.median(a for a, _ in pairs):.2f} and {statistics.median(b for _, b in pairs):.2f}; "
        f"requests: {len(here.sim.log()) - asked})")


def show_memory(run, row, options):
    line = run([BUILD / "tools" / "measure_calls", "memory", options, json.dumps(ACTIONS["list_runs"]), CALLS])[0]
    before, after = map(int, line.split())
    row(f"memory after {CALLS // 10:,} and after {CALLS:,} cached calls", f"{before:,} kB and {after:,} kB")


def ask_fresh(here, **settings):
    """Seconds that a handle takes for its first answer."""
    with Lib().open(here.options(**settings)) as monitor:
        return monitor.call(ACTIONS["list_runs"]).seconds


def show_hanging(row, here):
    """One source that never answers, the others at once."""
    seconds = statistics.median(ask_fresh(here, **{"cache.off": "true", "patience_ms": str(PATIENCE_MS)})
                                for _ in range(3))
    row(f"list_runs while the Solana node hangs, patience {PATIENCE_MS} ms", f"{seconds * 1e3:.0f} ms")


def show_growth(run, row, seconds, is_quick=False):
    print("\n### C: as work grows, and without the network\n")
    row("what", "cost")
    row("---", "---")
    show_work(run, row, seconds)
    with world() as here:
        options = json.dumps(here.options(**{"cache.ttl": "600"}))
        for name, request in ACTIONS.items():
            lines = run([BUILD / "tools" / "measure_calls", "again", options, json.dumps(request), 2000, seconds])
            wall = statistics.median(float(line.split()[1]) for line in lines)
            row(f"cached {name}, in C", f"{wall * 1e3:.1f} us")
        row("cached list_runs, through ctypes", f"{time_ctypes(json.loads(options)) * 1e3:.1f} us")
        show_threads(run, row, options, seconds)
        show_new_process(row, here, 11 if is_quick else 31)
        show_memory(run, row, options)
    with world(faults=["/rpc=>stall"]) as here:
        show_hanging(row, here)
