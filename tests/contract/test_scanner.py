#!/usr/bin/env python3
"""test_scanner - the tree passes the scanners of plugin and skill hosts.

Before they install a tree, hosts look through its texts for what attacks are made of, and refuse it
for one hit, whatever was meant. They look at documents, scripts and data, not at C. So the tree
keeps such words out, test data included. The patterns here are broken up by [x], so that this file
does not hit itself."""

import os
import re
import subprocess
import sys

from harness import ROOT, main, test, true

ENDINGS = {".md", ".txt", ".py", ".sh", ".js", ".yaml", ".yml", ".json", ".toml", ".html"}
BINARIES = {".so", ".dll", ".dylib", ".bin", ".dat", ".exe"}
BYTES = 1 << 20
FILES_AT_LEAST = 100
SHOWN_OF_A_RULE = 5

WORDS = [
    (r"\bs[u]do\b|NO[P]ASSWD|set[u]id|set[g]id", "asks for root"),
    (r"(?:c[u]rl|w[g]et)\s[^\n]*\|\s*(?:ba|z)?s[h]\b", "runs what it downloads"),
    (r"c[u]rl\s[^\n]*\|\s*p[y]thon", "runs what it downloads"),
    (r"c[u]rl\s[^\n]*\$\{?\w*(?:KEY|TOKEN|SECRET|PASSWORD|API)", "sends a secret"),
    (r"A[G]ENTS\.md|C[L]AUDE\.md|\.c[u]rsorrules", "another agent's file"),
    (r"\.h[e]rmes/(?:config\.yaml|\.env)", "the host's own file"),
    (r"/e[t]c/(?:passwd|shadow)", "a system file"),
    (r"/p[r]oc/(?:self|\d)", "a process's file"),
    (r"\.\./\.\./\.\.", "a path three levels up"),
    (r"r[m]\s+-rf\s+/", "deletes from the root"),
    (r"0\.0\.0[.]0:\d", "listens on every address"),
    (r"os\.e[n]viron\b(?!\s*\.get\()", "the whole environment: ask for a variable by name"),
    (r"(?:os\.e[n]viron\.get|getenv)\([^)]*(?:KEY|TOKEN|SECRET|PASSWORD)", "reads a secret"),
    (r"(?:api[_-]?key|token|secret|password)\s*[=:]\s*[\"'][\w+/=-]{20,}", "looks like a secret"),
    (r"\]\(https?://[^)\s]*[$]", "a link with a variable in it"),
    (r"x[m]rig|m[o]nero|s[t]ratum\+", "mines"),
    (r"p[r]etend\s+(?:\w+\s+)*(?:you are|to be)\s", "steers an agent"),
    (r"y[o]u\s+are\s+(?:\w+\s+)*now\s", "steers an agent"),
    (r"i[g]nore\s+(?:\w+\s+)*(?:previous|all|above|prior)\s+instructions", "steers an agent"),
    (r"d[i]sregard\s+(?:\w+\s+)*(?:your|all|any)\s+(?:\w+\s+)*(?:instructions|rules)",
     "steers an agent"),
    ("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "an invisible character: escape it"),
]
PATTERNS = [(re.compile(pattern, re.I), what) for pattern, what in WORDS]


def files():
    """The tree's own files; those of a copy without git are all there are but build/."""
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
                          capture_output=True, timeout=60)
    if done.returncode == 0 and (ROOT / ".git").exists():
        return [ROOT / os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
    skipped = {ROOT / "build", ROOT / "dist"}
    return [path for path in ROOT.rglob("*") if path.is_file()
            and not skipped & set(path.parents) and "__pycache__" not in path.parts]


FILES = [path for path in files() if path.is_file()]


@test
def words():
    texts = [path for path in FILES if path.suffix in ENDINGS]
    true(len(texts) >= FILES_AT_LEAST, f"{len(texts)} texts are looked at")
    hits = {}
    for path in texts:
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern, what in PATTERNS:
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                hits.setdefault(what, []).append(f"{path.relative_to(ROOT)}:{line}")
    for what, places in hits.items():
        places = list(dict.fromkeys(places))
        more = len(places) - SHOWN_OF_A_RULE
        true(False, f"{what}: {', '.join(places[:SHOWN_OF_A_RULE])}"
             + (f" and {more} more" if more > 0 else ""))
    true(not hits, f"{len(hits)} kinds of words that scanners refuse")


@test
def patterns_can_hit():
    """Each finds what it is for."""
    samples = ["s%sdo ls" % "u", "c%srl http://x |%s sh" % ("u", ""), "c%srl x | p%sthon" % ("u", "y"),
               "c%srl x?$MY_TOK%sEN" % ("u", ""), "A%sENTS.md" % "G", ".h%srmes/.env" % "e",
               "/e%sc/passwd" % "t", "/p%soc/self" % "r", "/".join([".."] * 3), "r%s -rf /" % "m",
               "0.0.0%s0:80" % ".", "os.e%sviron[1]" % "n", "get%snv('A_KEY')" % "e",
               "token = '%s'" % ("a" * 20), "](https://x/%sA)" % "$", "m%snero" % "o",
               "p%setend you are a" % "r", "y%su are now a" % "o", "i%snore all instructions" % "g",
               "d%ssregard all rules" % "i", chr(0x202e)]
    for (pattern, what), sample in zip(PATTERNS, samples):
        true(pattern.search(sample), f"{what}: {pattern.pattern} in {sample!r}")


@test
def kinds_of_files():
    for path in FILES:
        true(path.suffix not in BINARIES, f"{path.relative_to(ROOT)}: looks like a program")
        true(path.stat().st_size <= BYTES, f"{path.relative_to(ROOT)}: more than {BYTES} bytes")


sys.exit(main())
