#!/usr/bin/env python3
"""What is built: from which sources, and always the same bytes.

The sources are copied to scratch folders, without version control, and built there."""

import hashlib
import os
import subprocess
import sys

from harness import BUILD, ROOT, SCRATCH, Cli, Lib, equal, main, test, true
from scratch_tree import copy_sources, end_make, make, start_make

LIB = Lib()
FOLDERS = ["plugin", "skill", "include"]


def stamp_by_hand(root):
    paths = sorted((path.relative_to(root).as_posix().encode() for folder in FOLDERS
                    for path in (root / folder).rglob("*")
                    if path.suffix in (".c", ".h", ".map") and path.is_file()))
    lines = [hashlib.sha256((root / os.fsdecode(path)).read_bytes()).hexdigest().encode() + b"  " + path + b"\n"
             for path in paths]
    return hashlib.sha256(b"".join(lines)).hexdigest()[:16]


def stamp_by_script(root, *command):
    done = subprocess.run([*command, str(ROOT / "scripts/source-stamp"), str(root)], capture_output=True,
                          text=True, timeout=30, cwd="/")
    true(done.returncode == 0, f"source-stamp: {done.stderr}")
    return done.stdout.strip()


@test
def stamp_of_the_tree():
    want = stamp_by_hand(ROOT)
    equal(stamp_by_script(ROOT), want, "scripts/source-stamp")
    done = subprocess.run(["scripts/source-stamp"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    equal(done.stdout, want + "\n", "scripts/source-stamp without a word")
    with LIB.open(None) as monitor:
        equal(monitor.call({"tool": "info"}).json["build"], want, "the library's own")
    true(f"\nbuild {want}\n".encode() in Cli().run("--version").out, "psyche-monitor --version")


@test
def stamp_of_changed_trees():
    root = SCRATCH / "a tree"
    for name in ("plugin/base", "skill", "include"):
        (root / name).mkdir(parents=True)
    for name in ("plugin/b.c", "plugin/base/a.h", "plugin/base-x.c", "plugin/x.map", "skill/it's \"odd\".c",
                 "include/Z.h", "include/é.h"):
        (root / name).write_text(f"{name}\n")
    seen = [stamp_by_hand(root)]

    def look(what, is_new):
        stamp = stamp_by_script(root)
        equal(stamp, stamp_by_hand(root), f"{what}: both ways")
        true((stamp not in seen) == is_new, f"{what}: is it another one: {seen} {stamp}")
        seen.append(stamp)
    look("as it is", False)
    (root / "plugin/notes.py").write_text("x")
    (root / "plugin/b.o").write_text("x")
    look("a file that is no source", False)
    (root / "plugin/b.c").write_text("plugin/b.c \n")
    look("a source that changed", True)
    (root / "plugin/b.c").rename(root / "plugin/c.c")
    look("one with another name", True)
    (root / "plugin/x.map").unlink()
    look("one that went", True)


@test
def stamp_without_sources():
    empty = SCRATCH / "no sources"
    empty.mkdir()
    done = subprocess.run([ROOT / "scripts/source-stamp", empty], capture_output=True, text=True, timeout=30)
    true(done.returncode != 0 and done.stdout == "", f"{done.returncode} {done.stdout!r}")


RESULTS = ["build/release/psyche_monitor.so", "build/release/psyche-monitor"]


@test
def the_same_bytes():
    """Two folders, one longer than the other; and a change that the library tells."""
    if BUILD.name != "release":
        return true(True, "release only")
    one, other = copy_sources("one"), copy_sources("another-and-longer")
    for process in [start_make(tree, *RESULTS, SOURCE_DATE_EPOCH="1795236591") for tree in (one, other)]:
        end_make(process)
    for name in RESULTS:
        built = (one / name).read_bytes()
        true(built == (other / name).read_bytes(), f"{name} differs between two folders")
        true(str(SCRATCH).encode() not in built, f"{name} holds the folder it was built in")

    def time_of(name):
        return (one / "build/release" / name).stat().st_mtime_ns
    source = one / "plugin/base/str.c"
    source.write_text(source.read_text() + "/* more */\n")
    before = time_of("plugin/base/arena.o")
    make(one, *RESULTS)
    equal(time_of("plugin/base/arena.o"), before, "what did not change is not compiled again")
    done = subprocess.run([one / RESULTS[1], "--version"], capture_output=True, text=True, timeout=30)
    want = stamp_by_hand(one)
    true(f"\nbuild {want}\n" in done.stdout and want != stamp_by_hand(ROOT), f"the changed tree: {done.stdout}")
    before = time_of("gen/stamp.o"), time_of("psyche_monitor.so")
    make(one, *RESULTS)
    equal((time_of("gen/stamp.o"), time_of("psyche_monitor.so")), before, "without a change nothing is built")


@test
def flags_of_the_user():
    tree = copy_sources("flags")
    log, compiler = SCRATCH / "compiler.log", SCRATCH / "compiler"
    compiler.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{log}"\nexec cc "$@"\n')
    compiler.chmod(0o755)
    make(tree, "build/release/plugin/base/str.o", f"CC={compiler}", "CFLAGS=-O1 -DMINE=1", "CPPFLAGS=-DOURS=2")
    words = log.read_text().split()
    true({"-O1", "-DMINE=1", "-DOURS=2"} <= set(words), f"the compiler's words: {words}")
    true(words.index("-O2") < words.index("-O1"), "the user's come behind ours")
    plan = make(tree, "-n", RESULTS[0], "LDFLAGS=-Wl,-z,mine", "CC=mine", "V=1")
    links = [line for line in plan.splitlines() if " -shared " in line]
    true(len(links) == 1 and links[0].split()[0] == "mine" and "-Wl,-z,mine" in links[0], f"the link: {links}")


sys.exit(main())
