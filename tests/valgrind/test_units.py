#!/usr/bin/env python3
"""The unit tests once more under Valgrind, which sees what the sanitizers do not: bytes that were never written and
yet decide something, in the libraries that are called, too. A leak counts when nothing leads to it any more.

It takes the programs as `make` built them for use, optimised."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PSYCHE_BUILD_DIR") or ROOT / "build" / "release").resolve()
SECONDS = 240                             # of one program; the slowest takes 25 of them
FOUND = 99
COMMAND = ["valgrind", "--quiet", f"--error-exitcode={FOUND}"]
LEAKS = ["--leak-check=full", "--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"]
# A handle's threads end by themselves, perhaps after the program, whose end takes their stacks away before leaks are
# looked for; LeakSanitizer knows what hangs on them.
WITH_THREADS = ("psyche_monitor_open(", "pm_net_make(")


def words_for(program):
    source = (ROOT / "tests" / "unit" / f"{program.name}.c").read_text()
    return COMMAND + ([] if any(word in source for word in WITH_THREADS) else LEAKS)


def run(program):
    """(name, seconds, what is wrong or "")"""
    started = time.monotonic()
    try:
        done = subprocess.run([*words_for(program), str(program)], cwd=ROOT, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return program.name, time.monotonic() - started, f"still ran after {SECONDS} s"
    text = done.stdout.decode(errors="replace")
    return program.name, time.monotonic() - started, text if done.returncode or "==" in text else ""


def main():
    programs = sorted(path for path in (BUILD / "unit").glob("test_*") if os.access(path, os.X_OK)
                      and (ROOT / "tests" / "unit" / f"{path.name}.c").exists())
    if not shutil.which(COMMAND[0]):
        print("SKIP valgrind is not installed: the unit tests do not run under it\n0 passed, 0 failed, 1 skipped")
        return 0
    started, failed, longest = time.monotonic(), 0, ("", 0.0)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, seconds, trouble in pool.map(run, programs):
            longest = max(longest, (name, seconds), key=lambda row: row[1])
            if trouble:
                failed += 1
                print(f"FAIL {name}\n{trouble[-6000:]}")
    print(f"FIGURES valgrind: {len(programs)} programs in {time.monotonic() - started:.0f} s, "
          f"{longest[0]} the longest with {longest[1]:.0f} s")
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed or not programs else 0


sys.exit(main())
