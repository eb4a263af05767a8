#!/usr/bin/env python3
"""What `make install` puts where, and that others can build on it.

A copy of the sources is built once, with a PREFIX that this test may write to; it is installed there, below
several DESTDIRs, and moved."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from os import environ

from harness import (BUILD, DATA, NOW, ROOT, SCRATCH, Cli, Lib, Simulator, equal, main, read_json, test, true)
from scratch_tree import copy_sources, make

PREFIX = SCRATCH / "prefix"
BELOW = str(PREFIX)[1:]                   # the prefix as a path below a DESTDIR
MULTIARCH = "lib/x86_64-linux-gnu"
SONAME = "libpsyche_monitor.so.1"
_tree = []


def tree():
    if not _tree:
        _tree.append(copy_sources("tree"))
    return _tree[0]


def install(target="install", **variables):
    make(tree(), target, f"PREFIX={PREFIX}", "CFLAGS=-O0",
         *[f"{name}={value}" for name, value in variables.items()])


def files_of(folder):
    """{path: what it is} of everything below; a folder is "", a file its bytes, a link where it points."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[name] = (f"-> {os.readlink(path)}" if path.is_symlink()
                       else "" if path.is_dir() else path.read_bytes())
    return found


def names_of(folder):
    return {name for name, what in files_of(folder).items() if what != ""}


def expected(lib):
    references = {f"share/psyche-monitor/references/{path.name}" for path in (ROOT / "references").glob("*.md")}
    skill = {"share/psyche-monitor/SKILL.md"} if (ROOT / "SKILL.md").exists() else set()
    return references | skill | {
        "bin/psyche-monitor", "include/psyche_monitor.h", "share/man/man1/psyche-monitor.1",
        f"{lib}/libpsyche_monitor.so", f"{lib}/{SONAME}", f"{lib}/{SONAME}.0.0",
        f"{lib}/psyche-monitor/psyche_monitor.so", f"{lib}/pkgconfig/psyche-monitor.pc"}


@test
def layout():
    root = SCRATCH / "a root with spaces" / "it's"
    install(DESTDIR=root)
    here = root / BELOW
    equal(names_of(here), expected("lib"), "files")
    equal(names_of(root), {f"{BELOW}/{name}" for name in expected("lib")}, "nothing beside them")
    equal(os.readlink(here / "lib/libpsyche_monitor.so"), SONAME, "the link for linking")
    equal(os.readlink(here / "lib" / SONAME), f"{SONAME}.0.0", "the link for loading")
    for name in ("bin/psyche-monitor", f"lib/{SONAME}.0.0", "lib/psyche-monitor/psyche_monitor.so"):
        equal((here / name).stat().st_mode & 0o777, 0o755, f"{name}: mode")
    for name in ("include/psyche_monitor.h", "share/man/man1/psyche-monitor.1"):
        equal((here / name).stat().st_mode & 0o777, 0o644, f"{name}: mode")
        source = ROOT / (name if name.startswith("include") else "man/psyche-monitor.1")
        equal((here / name).read_bytes(), source.read_bytes(), name)
    sections = subprocess.run(["readelf", "-d", here / "lib" / SONAME], capture_output=True, text=True).stdout
    true(f"soname: [{SONAME}]" in sections, f"soname: {sections}")
    true("RPATH" not in sections and "RUNPATH" not in sections, "no path to libraries in it")
    before = files_of(root)
    install(DESTDIR=root)
    true(files_of(root) == before, "installed twice: the same")


@test
def libdir():
    root = SCRATCH / "multiarch"
    install(DESTDIR=root, LIBDIR=PREFIX / MULTIARCH)
    equal(names_of(root / BELOW), expected(MULTIARCH), "files")
    words = (root / BELOW / MULTIARCH / "pkgconfig/psyche-monitor.pc").read_text().splitlines()
    true(f"prefix={PREFIX}" in words and f"libdir=${{prefix}}/{MULTIARCH}" in words,
         f"psyche-monitor.pc: {words}")


@test
def uninstall():
    """The tree is again what it was, with whatever others have put into it."""
    root = SCRATCH / "kept"
    here = root / BELOW
    for name in ("bin/psyche", "include/psyche.h", "lib/pkgconfig/other.pc", "lib/libpsyche.so",
                 "share/man/man1/other.1", "share/other/file"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(name)
    before = files_of(root)
    install(DESTDIR=root)
    true(len(files_of(root)) > len(before) + 8, "something was installed")
    install("uninstall", DESTDIR=root)
    equal(files_of(root), before, "after uninstall")
    install("uninstall", DESTDIR=root)
    equal(files_of(root), before, "after a second one")
    own = here / "share/psyche-monitor/references/own.md"
    install(DESTDIR=root)
    own.write_text("somebody's")
    install("uninstall", DESTDIR=root)
    true(own.exists() and len(files_of(root)) == len(before) + 3,
         "a file of somebody's own stays, in its folders")


@test
def stripped():
    roots = [SCRATCH / "whole", SCRATCH / "stripped"]
    install(DESTDIR=roots[0])
    install(DESTDIR=roots[1], INSTALL_STRIP=1)
    for name in (f"lib/{SONAME}.0.0", "lib/psyche-monitor/psyche_monitor.so", "bin/psyche-monitor"):
        whole, less = ((root / BELOW / name).stat().st_size for root in roots)
        true(less < whole / 2, f"{name}: {less} of {whole} bytes")


def references_of(library):
    """Where an installed library finds them, and how; for the command as well."""
    if library.name == "psyche-monitor":
        done = subprocess.run([library, "info"], capture_output=True, timeout=30)
        answer = read_json(done.stdout)
    else:
        class Installed(Lib):
            path = library
        with Installed().open(None) as monitor:
            answer = monitor.call({"tool": "info"}).json
    return answer["references"]["folder"], answer["references"]["found_by"]


@test
def references_are_found():
    """By every object, in place or moved, wherever libraries go."""
    for lib in ("lib", MULTIARCH):
        root, moved = SCRATCH / f"found {lib[-3:]}", SCRATCH / f"moved {lib[-3:]}"
        install(DESTDIR=root, LIBDIR=PREFIX / lib)
        for turn in ("installed", "moved"):
            here = root / BELOW if turn == "installed" else moved
            if turn == "moved":
                shutil.copytree(root / BELOW, moved, symlinks=True)
                shutil.rmtree(root)       # and not renamed: the loader would know the file again
            for name in (f"{lib}/{SONAME}", f"{lib}/psyche-monitor/psyche_monitor.so", "bin/psyche-monitor"):
                want = str(here / "share/psyche-monitor/references"), "beside the library"
                equal(references_of(here / name), want, f"{turn}: {name}")


@test
def references_of_the_prefix():
    """A library that lies elsewhere finds those of its PREFIX; nearer ones come first."""
    elsewhere = SCRATCH / "elsewhere/deep/lib64"
    install(LIBDIR=elsewhere)
    shared = PREFIX / "share/psyche-monitor/references"
    equal(references_of(elsewhere / f"{SONAME}.0.0"), (str(shared), "installed"), "LIBDIR elsewhere")
    near = SCRATCH / "elsewhere/deep/share/psyche-monitor/references"
    for name in (near, SCRATCH / "elsewhere/share/psyche-monitor/references"):
        shutil.copytree(shared, name)
    equal(references_of(elsewhere / "psyche-monitor/psyche_monitor.so"), (str(near), "beside the library"),
          "nearer ones")
    install("uninstall", LIBDIR=elsewhere)
    equal(names_of(PREFIX) | names_of(elsewhere), set(), "uninstalled")


def flags_of(root, *words, **variables):
    """What pkg-config says of the tree below `root`."""
    environment = {**environ, "PKG_CONFIG_PATH": str(root / BELOW / "lib/pkgconfig"), **variables}
    done = subprocess.run(["pkg-config", *words, "psyche-monitor"], env=environment, capture_output=True,
                          text=True, timeout=30)
    true(done.returncode == 0, f"pkg-config: {done.stderr}")
    return shlex.split(done.stdout)


def compile_ask(flags, program, *compiler):
    done = subprocess.run([*compiler, "-Wall", "-Wextra", "-Werror", "-pedantic-errors",
                           ROOT / "examples/ask.c", *flags, "-o", program], capture_output=True, text=True, timeout=60)
    return true(done.returncode == 0, f"{compiler}: {done.stderr}")


def ask(program, library_folder, url, *words):
    done = subprocess.run([program, *words], capture_output=True, timeout=30,
                          env={**environ, "LD_LIBRARY_PATH": str(library_folder), "PSYCHE_API_URL": url})
    true(done.stderr == b"", f"{words}: {done.stderr}")
    return done.returncode, done.stdout


def check_program(program, library_folder):
    """It answers as the command does, but for the seconds in between."""
    with Simulator(DATA, "--server", "realistic") as sim:
        cli = Cli(sim.url)
        for words in ([], ['{"action":"run_details","run_id":"nobody"}'], ["{"]):
            status, out = ask(program, library_folder, sim.url, *words)
            want = cli.run("call", *(words or ['{"action":"list_runs"}']))
            answers = [re.sub(rb"\d+", b"0", text) for text in (out, want.out)]
            equal((status, answers[0]), (want.status, answers[1]), f"{program.name} {words}")
            true(status != 0 or read_json(out)["success"], f"{words}: {out[:200]}")


@test
def a_program_that_links_it():
    root = SCRATCH / "sysroot"
    install(DESTDIR=root)
    library = root / BELOW / "lib"
    equal(flags_of(root, "--modversion"), [Lib().c_version().decode()], "version")
    equal(flags_of(root, "--cflags", "--libs"), [f"-I{PREFIX}/include", f"-L{PREFIX}/lib", "-lpsyche_monitor"],
          "flags")
    flags = flags_of(root, "--cflags", "--libs", PKG_CONFIG_SYSROOT_DIR=str(root))
    program = SCRATCH / "ask"
    if compile_ask(flags, program, "cc", "-std=c99"):
        check_program(program, library)
    if compile_ask(["-x", "none", *flags], SCRATCH / "ask++", "c++", "-std=c++17", "-x", "c++"):
        check_program(SCRATCH / "ask++", library)
    moved = SCRATCH / "moved-for-pkg-config"
    shutil.copytree(root / BELOW, moved, symlinks=True)
    flags = flags_of(root, "--cflags", "--libs", f"--define-variable=prefix={moved}")
    true(f"-I{moved}/include" in flags and f"-L{moved}/lib" in flags, f"another prefix: {flags}")


@test
def the_plugin_object():
    root = SCRATCH / "plugin-object"
    install(DESTDIR=root)

    class Installed(Lib):
        path = root / BELOW / "lib/psyche-monitor/psyche_monitor.so"
    plugin = Installed()
    equal((plugin.c_abi(), plugin.schema()), (1, Lib().schema()), "ABI, schema")
    request = {"action": "list_runs"}
    with Simulator(DATA, "--server", "realistic") as sim:
        with plugin.at(sim.url) as monitor, Lib().at(sim.url) as other:
            equal(monitor.call(request).text, other.call(request).text, f"at {NOW}")


if BUILD.name == "release":
    sys.exit(main())
print("1 passed, 0 failed")                # what is installed is a release
