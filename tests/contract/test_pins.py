#!/usr/bin/env python3
"""What is fetched from elsewhere for build and tests is known beforehand: by version, by sum, or by the signature that
the system's package manager checks."""

import pathlib
import re
import sys

from harness import ROOT, SCRATCH, equal, main, test, true
from pins import LISTED_FOR, SUM, pip_words

LISTS = sorted(ROOT.glob("tests/*/requirements*.txt"))
LINE = re.compile(r"[a-z0-9_.-]+(\[[a-z,]+\])?==[0-9][\w.+!-]* --hash=sha256:[0-9a-f]{64}", re.IGNORECASE)
# Words of a script that make a tool trust what it should not.
CARELESS = ["--allow-unauthenticated", "allow-insecure", "AllowUnauthenticated", "trusted=yes", "trusted: yes",
            "--force-yes", "--no-check-certificate", "--insecure", "curl -k", "--trusted-host", "strict-ssl",
            "apt-key", "no-gpg"]


@test
def lists():
    """Each package of each list has a version and a sum."""
    equal(len(LISTS), 3, "lists")
    for path in LISTS:
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        true(len(lines) > 20, f"{path.name}: with what its packages need")
        for line in lines:
            true(LINE.fullmatch(line), f"{path.name}: {line}")


@test
def words_for_pip():
    """With the sums where they are those of its files, without them elsewhere."""
    def python(platform):
        path = SCRATCH / "python"
        path.write_text(f"#!/bin/sh\necho {platform}\n")
        path.chmod(0o755)
        return path
    equal(pip_words(LISTS[0], python(LISTED_FOR), SCRATCH), ["--require-hashes", "-r", str(LISTS[0])], "here")
    words = pip_words(LISTS[0], python("linux-aarch64 3.12"), SCRATCH)
    text = pathlib.Path(words[1]).read_text()
    equal((words[0], "--hash" in text, text.count("==")), ("-r", False, LISTS[0].read_text().count("==")), "elsewhere")
    equal(SUM.sub("", LISTS[0].read_text()), text, "the same versions")


@test
def scripts():
    """No script of ours asks a tool to trust what it cannot check, or runs what it has just fetched."""
    ours = [*ROOT.glob("scripts/*"), ROOT / "Makefile", *ROOT.glob("tests/*/*.py"), *ROOT.glob("plugin/hermes/*.py")]
    for path in ours:
        text = path.read_text() if path.name != "test_pins.py" else ""
        true(not [word for word in CARELESS if word in text], f"{path.name}: {[w for w in CARELESS if w in text]}")
    setup = (ROOT / "scripts" / "setup").read_text()
    true(not re.search(r"^\s+(curl|wget|git|pip3?|npm)\b", setup, re.MULTILINE), "setup fetches by apt alone")
    true("Signed-By:" in setup, "what is borrowed from another release is signed by a key that is named")


sys.exit(main())
