#!/usr/bin/env python3
"""The command when memory is refused once, at one place after the other: it ends as it should or says why, and
its MCP server leaves no request without a line (but calls, which end with the input). tests/torture does the
same, more thoroughly, for the library."""

import collections
import concurrent.futures
import json
import os
import subprocess
import sys

from harness import BUILD, NOW, ROOT, SCRATCH, Cli, equal, main, read_json, skip, test, true
from mcp_pipe import CLIENT, IS_SANITIZED, pack

PRELOAD = SCRATCH / "failing_memory.so"
POINTS = 600 if BUILD.name == "cover" else 120   # of one conversation, evenly
FEWER = 60                                  # of other commands
SECONDS = 30
WALLET = "4Devdq4zmRrS76NEriHQVH3N7QDPPhDHspm6WrZkr3zv"
CLI = Cli(settings={"offline": True, "now": NOW, "references": str(ROOT / "references")})


def build():
    compiler = os.environ.get("CC") or "cc"
    done = subprocess.run([compiler, "-std=c17", "-D_GNU_SOURCE", "-O1", "-fPIC", "-shared", "-Wall", "-Wextra",
                           str(ROOT / "tests/contract/failing_memory.c"), "-o", str(PRELOAD)],
                          capture_output=True, timeout=60)
    return true(done.returncode == 0, f"failing_memory.c: {done.stderr.decode()}")


def run(words, given, fail_at, count_to=None):
    environment = {**CLI.environment, "LD_PRELOAD": str(PRELOAD), "FAIL_AT": str(fail_at)}
    if count_to:
        environment["MEMORY_COUNT"] = str(count_to)
    return subprocess.run(CLI.command(*words), input=given, capture_output=True, env=environment,
                          timeout=SECONDS)


def points_of(words, given, most, status):
    """Which calls to refuse, and what it says when none is."""
    count_file = SCRATCH / "count"
    done = run(words, given, 0, count_file)
    equal((done.returncode, done.stderr), (status, b""), f"{words}: undisturbed")
    count = int(count_file.read_text())
    true(count > 15, f"{words}: {count} calls for memory")
    return sorted({1 + at * count // most for at in range(most)}), done.stdout


def at_each(words, given, most, check, status=0):
    """`status`: what it ends with undisturbed."""
    points, whole = points_of(words, given, most, status)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for point, done in zip(points, pool.map(lambda point: run(words, given, point), points)):
            what = f"{words}, the {point}th call for memory"
            true(done.returncode in (0, 1, 2, 4, status),
                 f"{what}: ends with {done.returncode}: {done.stderr[-300:]}")
            check(what, done, whole)


@test
def the_mcp_server():
    methods = [("initialize", CLIENT), ("ping", {}), ("tools/list", {}), ("resources/list", {}),
               ("prompts/list", {}), ("resources/templates/list", {}),
               ("resources/read", {"uri": "psyche://references/labels"}),
               ("resources/read", {"uri": "psyche://skill/network-monitor"}),
               ("prompts/get", {"name": "run", "arguments": {"run": "a"}}), ("nonsense", {}),
               ("tools/call", {"name": "psyche_monitor", "arguments": {"action": "contribute"},
                               "_meta": {"progressToken": "t"}}),
               ("tools/call", {"name": "psyche_wallet", "arguments": {}})]
    given = b"".join(pack({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
                     for number, (method, params) in enumerate(methods))

    def check(what, done, whole):
        lines = [read_json(line) for line in done.stdout.splitlines()]
        true(done.stdout.endswith(b"\n") or not done.stdout, f"{what}: whole lines")
        answered = collections.Counter(line.get("id") for line in lines if "method" not in line)
        without_id = answered.pop(None, 0)
        true(all(count == 1 for count in answered.values()), f"{what}: answered twice: {answered}")
        if done.returncode == 0:
            missing = sum(number not in answered for number, (method, _) in enumerate(methods)
                          if method != "tools/call")
            true(missing <= without_id, f"{what}: {missing} requests without a line, {without_id} without an id")
        else:
            equal(done.stderr, b"psyche-monitor: memory or files ran out\n", f"{what}: says why")

    at_each(["mcp"], given, POINTS, check)


@test
def other_commands():
    ask = json.dumps({"action": "contribute"}).encode()

    def check(what, done, whole):
        is_whole = done.stdout == whole
        says_why = b"memory" in done.stdout or b"memory" in done.stderr or b"cannot be" in done.stdout
        true(is_whole or says_why or done.stdout,
             f"{what}: {done.returncode}, {done.stdout[-200:]} {done.stderr[-200:]}")

    for words, given, status in ((["call"], ask, 0), (["--summary", "call"], ask, 0), (["--version"], b"", 0),
                                 (["doctor"], b"", 0), (["wallet", WALLET], b"", 5)):
        at_each(words, given, FEWER, check, status)


if IS_SANITIZED or not build():
    skip("a sanitizer has a malloc of its own")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)
sys.exit(main())
