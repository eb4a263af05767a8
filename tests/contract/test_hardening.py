#!/usr/bin/env python3
"""scripts/check-hardening finds each thing that an object was built without, and nothing in one that has them all."""

import subprocess
import sys

from harness import ROOT, SCRATCH, equal, main, test, true

SOURCE = r"""
#include <string.h>
#include <stdio.h>
int take(const char *text);
int take(const char *text)
{
    char copy[64];
    strcpy(copy, text);
    return printf("%s", copy);
}
int main(int count, char **words) { return take(words[count - 1]); }
"""
COMPILE = ["-O2", "-fPIC", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong"]
MARKS = "-fcf-protection"               # not every processor has it
LINK = ["-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack"]
LIBRARY, PROGRAM = ["-shared", "-Wl,-z,nodelete"], ["-pie"]

# What an object is built with beyond that, what is said of it.
WITHOUT = [
    ("so", ["-Wl,-z,norelro"], "no RELRO"),
    ("so", ["-Wl,-z,lazy"], "no NOW"),
    ("so", ["-Wl,-z,execstack"], "its stack can be run"),
    ("so", ["-Wl,-rpath,/tmp"], "a search path of its own"),
    ("so", ["-fno-stack-protector"], "stacks are not guarded"),
    ("so", ["-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=0"], "no FORTIFY"),
    ("program", ["-no-pie"], "one address only"),
]


def can_mark():
    done = subprocess.run(["cc", MARKS, "-shared", "-fPIC", "-x", "c", "/dev/null", "-o", str(SCRATCH / "m.so")],
                          capture_output=True, timeout=60)
    if done.returncode:
        return False
    return b"IBT" in subprocess.run(["readelf", "-n", SCRATCH / "m.so"], capture_output=True, timeout=60).stdout


WAYS = 11
if can_mark():
    COMPILE.append(MARKS)
    WITHOUT += [(kind, [f"{MARKS}=none"], "its jumps land anywhere") for kind in ("so", "program")]
    WAYS = 12


def check(*paths):
    done = subprocess.run([ROOT / "scripts" / "check-hardening", *paths], capture_output=True, timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode()


def build(kind, more=(), ending=None):
    path = SCRATCH / f"object{'.so' if kind == 'so' else ''}"
    source = SCRATCH / "object.c"
    source.write_text(SOURCE)
    of_kind = ending if ending is not None else LIBRARY if kind == "so" else PROGRAM
    subprocess.run(["cc", *COMPILE, "-w", str(source), "-o", str(path), *LINK, *of_kind, *more], check=True, timeout=60)
    return path


@test
def one_that_has_all():
    for kind in ("so", "program"):
        equal(check(build(kind)), (0, f"hardening: 1 objects, each {WAYS} ways\n"), kind)


@test
def one_thing_missing():
    for kind, more, words in WITHOUT:
        status, text = check(build(kind, more))
        true(status == 1 and words in text, f"{kind} with {more}: {status} {text}")
    status, text = check(build("so", ending=["-shared"]))
    true(status == 1 and "may be unloaded" in text, f"without nodelete: {status} {text}")


@test
def one_of_a_wheel():
    """It finds what comes with it in its own folder, and looks nowhere else."""
    folder = SCRATCH / "wheel"
    folder.mkdir()
    for path, status in (("$ORIGIN", 0), ("$ORIGIN/..", 1), ("/tmp", 1), ("$ORIGIN:/tmp", 1)):
        object_path = build("so", [f"-Wl,-rpath,{path}"]).rename(folder / "object.so")
        equal(check(object_path)[0], status, f"a search path {path}")


@test
def no_object():
    status, _ = check(SCRATCH / "not-there.so")
    true(status != 0, "an object that is not there")


sys.exit(main())
