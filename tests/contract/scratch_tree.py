"""Copies of the sources in scratch folders, for tests that build or install.

Nothing there is under version control, and the build of the tree itself is left alone: other tests run
from it at the same time."""

import shutil
import subprocess
from os import environ

from harness import ROOT, SCRATCH

MAKE_SECONDS = 250
# What a make around this one says is not for the one in the scratch folder.
ENVIRONMENT = {name: value for name, value in environ.items()
               if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CFLAGS", "CPPFLAGS", "LDFLAGS", "WERROR",
                               "BUILD", "PSYCHE_BUILD_DIR", "DESTDIR", "PREFIX", "LIBDIR")}
NEEDED = ["Makefile", "cli", "include", "man", "plugin", "references", "scripts", "skill", "SKILL.md"]


def copy_sources(name):
    """The folder, with what library and command are built from."""
    to = SCRATCH / name
    to.mkdir()
    for needed in NEEDED:
        if (ROOT / needed).is_dir():
            shutil.copytree(ROOT / needed, to / needed, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / needed).exists():
            shutil.copy2(ROOT / needed, to)
    return to


def start_make(folder, *words, **environment):
    return subprocess.Popen(["make", "-C", str(folder), *map(str, words)], env={**ENVIRONMENT, **environment},
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def end_make(process):
    """Its output. One that fails ends the test."""
    output, _ = process.communicate(timeout=MAKE_SECONDS)
    if process.returncode:
        raise RuntimeError(f"{process.args}: {output[-1500:]}")
    return output


def make(folder, *words, **environment):
    return end_make(start_make(folder, *words, **environment))
