"""`hermes psyche build`: make, in the plugin's own folder. Nothing is installed by it."""

import os
import subprocess

from . import library, places

# What a make or a shell around us may have set for other builds.
UNSET = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "PSYCHE_BUILD_DIR", "WERROR")
GOALS = ("BUILD=release", "build/psyche_monitor.so", "build/psyche-monitor")


def make(root):
    """The exit status. make itself names libraries that are missing; a tool that is not there at all
    is named by scripts/setup."""
    command = ["env", *(f"--unset={name}" for name in UNSET), "make", "-C", str(root),
               f"-j{os.cpu_count() or 1}", *GOALS]
    status = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    if status == 127:
        subprocess.run([str(root / "scripts" / "setup"), "--check"], stdin=subprocess.DEVNULL)
    return status


def run(bridge):
    root = places.tree()
    try:
        loaded_before = bridge.library().path if root else ""
    except library.Unusable:
        loaded_before = ""
    if root and make(root) != 0:
        print("psyche: not built; mend what is named above and run: hermes psyche build")
        return 1
    try:
        lib = bridge.library()
    except library.Unusable as trouble:
        print(f"psyche: {trouble}")
        return 1
    print(f"psyche: built {root / 'build' / library.FILE}" if root
          else f"psyche: nothing to build, the wheel brings {lib.path}")
    if loaded_before:
        print("psyche: an agent that is running uses it when it is started again")
    return 0
