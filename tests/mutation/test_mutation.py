#!/usr/bin/env python3
"""Every recorded reply and account, cut at each place and with each byte changed in turn, goes through its decoder under
ASan and UBSan: at every place of the first 4096 bytes, and at 2000 others.

A large one would take long, so of all places of a fixture as many are taken, evenly, as make MEGABYTES together;
MUTATION_MB in the environment for more. The decoders and what must hold for them are the fuzz targets'."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

from harness import BUILD, ROOT, SCRATCH, main, test, true

DATA = ROOT / "tests" / "data"
MEGABYTES = float(os.environ.get("MUTATION_MB") or 4)
AT_ONCE = 2
SECONDS = 280                               # of one program

# Which question of fuzz_rpc.c a method is, and which account of fuzz_accounts.c; the first byte of an input says it.
QUESTIONS = {"getAccountInfo": "0", "getMultipleAccounts": "2", "getProgramAccounts": "3", "getHealth": "4",
             "getSlot": "5", "getGenesisHash": "6", "getVersion": "7", "getEpochInfo": "8"}
ACCOUNTS = {"instance": 0, "pool": 1, "lender": 2, "treasurer": 3, "participant": 4, "authorization": 5}
HUB = {"search": 0, "model": 1, "tree": 2, "commits": 3, "resolve": 4}
DASHBOARD = {"runs": r"runs", "pool": r"contribution", "status": r"status"}


def dashboard_target(name):
    return next((target for target, pattern in DASHBOARD.items() if re.search(pattern, name)), "run_page")


def dashboard_inputs():
    for path in sorted((DATA / "dashboard").iterdir()):
        if not re.search(r"decoded|^index|^vectors", path.name):
            yield dashboard_target(path.name), path.name, path.read_bytes()


def chain_inputs():
    for path in sorted((DATA / "rpc").glob("*.resp.json")):
        asked = path.with_name(path.name.replace(".resp.", ".req.")).read_text()
        method = next((method for method in QUESTIONS if method in asked), "getAccountInfo")
        yield "rpc", path.name, QUESTIONS[method].encode() + path.read_bytes()
    for path in sorted((DATA / "chain" / "borsh").glob("*.raw")):
        kind = next(number for name, number in ACCOUNTS.items() if path.name.startswith(name))
        yield "accounts", path.name, bytes([kind]) + path.read_bytes()
    for path in sorted((DATA / "chain").glob("*/*.zst")):
        yield "zstd", path.name, path.read_bytes()
    for path in sorted((ROOT / "tests" / "fuzz" / "corpus" / "coordinator").iterdir()):
        if not re.fullmatch("[0-9a-f]{40}", path.name):  # what a fuzzer made is spoiled already
            yield "coordinator", f"coordinator-{path.name}", path.read_bytes()


def hub_inputs():
    for headers in sorted((DATA / "hub").glob("*.headers")):
        body = next(path for path in DATA.glob(f"hub/{headers.stem}.*") if path.suffix != ".headers")
        reply = headers.read_bytes().rstrip() + b"\r\n\r\n" + body.read_bytes()
        if "gcs" in headers.name:
            yield "manifest", headers.stem, reply
        else:
            kind = next((number for word, number in HUB.items() if word in headers.name), 1)
            yield "hub", headers.stem, bytes([kind]) + reply


def spoil(job):
    """(runs, what went wrong or None)"""
    target, name, data = job
    path = SCRATCH / f"{target}-{name}"
    path.write_bytes(data)
    try:
        done = subprocess.run([str(BUILD / "fuzz" / f"fuzz_{target}"), "--spoil", str(int(MEGABYTES * 1e6)), "--keep",
                               str(ROOT / "build" / f"spoiled-{target}-{name}-"), str(path)], capture_output=True,
                              timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return 0, f"still ran after {SECONDS} s"
    runs = re.search(r"^(\d+) passed, 0 failed$", done.stdout.decode(), re.MULTILINE)
    if done.returncode or not runs:
        return 0, f"exit {done.returncode}: {(done.stdout + done.stderr).decode(errors='replace')[-3000:]}"
    return int(runs.group(1)), None


@test
def every_fixture():
    jobs = [*dashboard_inputs(), *chain_inputs(), *hub_inputs()]
    total, wanted = 0, 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for (target, name, data), (runs, trouble) in zip(jobs, pool.map(spoil, jobs)):
            true(not trouble, f"{target} {name}: {trouble}")
            total += runs
            wanted += 1 + 2 * (min(len(data), 4096) + min(max(len(data) - 4096, 0), 2000))
    true(len(jobs) > 150, f"{len(jobs)} fixtures")
    print(f"FIGURES mutation: {len(jobs)} fixtures, {total} of {wanted} spoiled inputs")


sys.exit(main())
