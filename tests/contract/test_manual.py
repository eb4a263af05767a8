#!/usr/bin/env python3
"""man/psyche-monitor.1: complete, of macros that every formatter has, and its examples work.

What is generated in it is compared by test_docs."""

import re
import shutil
import subprocess
import sys
from os import environ

from harness import BUILD, DATA, EXIT, NOW, ROOT, Cli, Lib, Simulator, equal, main, skip, test, true

PAGE = (ROOT / "man" / "psyche-monitor.1").read_text()
LINES = PAGE.splitlines()
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "REQUESTS", "EXIT STATUS", "ENVIRONMENT",
            "FILES", "EXAMPLES", "SECURITY", "SEE ALSO"]
MACROS = {"TH", "SH", "TP", "IP", "PP", "B", "I", "BI", "BR", "IR", "RB", "RI", "EX", "EE"}


def plain(line):
    """A line as it is read: escapes undone."""
    for escape, text in ((r"\-", "-"), (r"\(aq", "'"), (r"\&", ""), (r"\e", "\\")):
        line = line.replace(escape, text)
    return line


def section(name):
    """The words of a section, without its macros and quotes."""
    lines = PAGE.split(f"\n.SH {name}\n")[1].split("\n.SH ")[0].splitlines()
    return plain(" ".join(re.sub(r"^\.(\"?)[A-Za-z]*", "", line) for line in lines)).replace('"', "")


@test
def macros():
    equal(re.findall(r"^\.SH (.*)", PAGE, re.M), SECTIONS, "sections")
    true(LINES[0].startswith(".TH PSYCHE-MONITOR 1 "), "the title comes first")
    used = {match.group(1) for match in re.finditer(r"^\.([^\s\\]+)", PAGE, re.M)}
    true(used <= MACROS, f"macros beyond man(7): {used - MACROS}")
    escapes = set(re.findall(r"\\(\(..|.)", re.sub(r'^\.\\".*', "", PAGE, flags=re.M)))
    true(escapes <= {"-", "(aq", "&", "e"}, f"escapes: {escapes}")
    is_open = False
    for number, line in enumerate(LINES, 1):
        true(line and line == line.rstrip() and len(line) <= 110 and line.isascii(), f"line {number}: {line!r}")
        true(not line.startswith("'"), f"line {number} would be taken for a macro")
        true(line.count('"') % 2 == 0 or not re.match(r"\.[A-Z]", line), f"line {number}: quotes")
        if line in (".EX", ".EE"):
            equal(is_open, line == ".EE", f"line {number}: {line}")
            is_open = line == ".EX"
    true(not is_open, "the last example is closed")


@test
def formats_without_a_complaint():
    if not shutil.which("groff"):
        skip("groff is not installed")
        return
    done = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-rLL=100n"], input=PAGE.encode(),
                          capture_output=True, timeout=30)
    equal((done.returncode, done.stderr), (0, b""), "groff")
    text = re.sub(rb"\x1b\[[0-9;]*m|.\x08", b"", done.stdout).decode()
    for want in ("NAME", "psyche-monitor --summary call '{\"action\":\"list_runs\"}'", "-c, --config FILE"):
        true(want in text, f"the page shows {want}")


@test
def complete():
    text = Cli().run("--help").out.decode()
    listed = {name: re.findall(r"^  (?:-\w, )?([\w-]+)", part, re.M)
              for name, part in re.findall(r"^(Commands|Options):\n(.*?)\n\n", text, re.M | re.S)}
    true(len(listed.get("Commands", [])) >= 3 and len(listed.get("Options", [])) >= 6, f"--help lists {listed}")
    for name, words in listed.items():
        for word in words:
            true(f" {word} " in section(name.upper()) + " ", f"{name}: {word}")
    actions = re.findall(r'"enum":\[([^]]*)\]', Lib().schema().decode())[0]
    for action in re.findall(r"\w+", actions):
        true(f"{{action:{action}" in section("REQUESTS"), f"requests: {action}")
    for status in sorted({0, 3, 4, *EXIT.values()}):
        true(re.search(rf"^\.IP {status} 4$", PAGE, re.M), f"exit status {status}")
    page = (ROOT / "docs/configuration.md").read_text()
    for variable in set(re.findall(r"^\| `[\w.]+` \| `(\w+)` \|", page, re.M)) | {"PSYCHE_MONITOR_CONFIG"}:
        true(variable in section("ENVIRONMENT"), f"environment: {variable}")


@test
def examples():
    commands = [plain(line[2:]) for line in LINES if line.startswith("$ ")]
    true(len(commands) >= 4, f"examples: {commands}")
    shell = f'psyche-monitor() {{ "{BUILD}/psyche-monitor" --set now={NOW} "$@"; }}\n'
    with Simulator(DATA, "--server", "realistic") as sim:
        for command in commands:
            done = subprocess.run(["bash", "-c", shell + command], capture_output=True, timeout=30,
                                  env={**environ, "PSYCHE_API_URL": sim.url})
            equal((done.returncode, done.stderr), (0, b""), command)
            true(len(done.stdout) > 60, f"{command}: {done.stdout!r}")


sys.exit(main())
