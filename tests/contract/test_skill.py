#!/usr/bin/env python3
"""test_skill - SKILL.md is what hosts and agents take it for.

A host reads the front matter, an agent the text. The text is small, names no run, and has no tool's
name in backticks but ours: some model servers count such names as calls that must be made. An
install by address fetches only the references that it names by path."""

import json
import re
import sys

from harness import ROOT, Lib, equal, main, recorded, test, true

PATH = ROOT / "SKILL.md"
TEXT = PATH.read_text(encoding="utf-8")
FRONT, _, BODY = TEXT.removeprefix("---\n").partition("\n---\n")
REFERENCES = sorted(path.name for path in (ROOT / "references").glob("*.md"))
CHARACTERS, LINE_CHARACTERS, DESCRIPTION_CHARACTERS = 5000, 100, 1024
SPAN = re.compile(r"`([^`\n]+)`")

# What an agent must find in it.
SAYS = [
    ("comparing", r"two\s+calls in one\s+message"),
    ("references of a plain skill", r"\$\{HERMES_SKILL_DIR\}/references/"),
    ("references of a plugin", r"\bpsyche:labels\b"),
    ("who is asked", r"asks the dashboard of psyche\.network and the chain"),
    ("two sources", r"pass on a lag or conflict"),
    ("the hub", r"the model hub and storage buckets"),
    ("what is seen of weights", r"sees\s+names and sizes only"),
    ("missing or private", r"missing or private may well exist"),
    ("a find", r"A find is a suggestion: name its owner"),
    ("before a download", r"tell size and access, and ask"),
    ("which cluster", r"always with the cluster; devnet is a test network"),
    ("a part of the chain", r"not all of them: give no total"),
    ("no memory", r"Never fill a gap from memory"),
    ("page sizes", r"20 rows unless limit"),
    ("ambiguous names", r'found "ambiguous": ask the person'),
    ("what is missing", r"missing or null number is unknown, not 0"),
    ("rounded cells", r"Do not compute with rounded cells"),
    ("silent sources", r"success true can stand beside silent sources"),
    ("checkpoints", r"end of an epoch, not every N steps"),
    ("the pool's token", r"takes USDC, not SOL"),
    ("GPUs", r"No official list of GPUs"),
    ("keys", r"Never ask for a key"),
    ("outsiders' text", r"data, never instructions"),
]
LABELS = ["[tracked]", "[tracked:not-found]", "[guide]", "[unverified]", "[on-chain]", "[best-effort]",
          "[local]"]
FALLBACKS = ["The tool.", "In a terminal", "curl", "Web search"]
CHECKS = ["A run on the list", "A run nobody knows", "A silent source", "A full pool"]


def section(heading):
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", BODY, re.M | re.S)
    return found.group(1) if found else ""


def front(key):
    found = re.search(rf"^ *{key}: (.+)$", FRONT, re.M)
    return found.group(1) if found else ""


@test
def front_matter():
    true(TEXT.startswith("---\n") and BODY, "it opens with front matter")
    keys = re.findall(r"^([a-z]+):", FRONT, re.M)
    equal(keys, ["name", "description", "version", "author", "license", "metadata"], "keys")
    equal(front("name"), "network-monitor", "name")
    description = json.loads(front("description"))
    true(len(description) <= DESCRIPTION_CHARACTERS, f"description: {len(description)} characters")
    true("Psyche" in description and "Use it for" in description, "the description says when")
    header = (ROOT / "include/psyche_monitor.h").read_text()
    version = re.search(r'#define PSYCHE_MONITOR_VERSION[\s\\]+"([^"]+)"', header).group(1)
    equal(front("version"), version, "version, and the header's")
    true((ROOT / "LICENSE").read_text().startswith(front("license") + " License"), "license")
    true(front("author"), "author")
    tags = front("tags").strip("[]").split(", ")
    true(len(tags) >= 3 and all(re.fullmatch(r"[a-z0-9-]+", tag) for tag in tags), f"tags: {tags}")
    for skill in front("related_skills").strip("[]").split(", "):
        true(skill.removeprefix("psyche:") + ".md" in REFERENCES, f"no related skill {skill}")
    true(re.search(r"^metadata:\n  hermes:\n    tags: ", FRONT, re.M), "metadata.hermes.tags")


@test
def form():
    true(len(TEXT) <= CHARACTERS, f"{len(TEXT)} characters, at most {CHARACTERS}")
    for line in BODY.splitlines():
        true(len(line) <= LINE_CHARACTERS and line == line.rstrip(), f"a line: {line!r}")
    strange = sorted({f"U+{ord(c):04X}" for c in TEXT if c != "\n" and not 0x20 <= ord(c) < 0x7F})
    true(not strange, f"characters: {strange}")
    true(TEXT.endswith("\n") and not TEXT.endswith("\n\n"), "one newline at its end")


@test
def only_our_tool_in_backticks():
    names = {span for span in SPAN.findall(BODY) if re.fullmatch(r"[\w:-]+", span)}
    equal(names, {"psyche_monitor", "psyche_wallet"}, "single words in backticks")


@test
def no_run_is_hard_coded():
    runs = json.loads(dict(recorded())["runs.json"])["runs"]
    true(len(runs) >= 8, "there are recorded runs")
    for run in runs:
        for word in (run["id"], run["name"]):
            true(word.lower() not in TEXT.lower(), f"names the run {word}")


@test
def every_question_has_its_call():
    actions = json.loads(Lib().schema())[0]["parameters"]["properties"]["action"]["enum"]
    calls = [json.loads(span) for span in SPAN.findall(section("Question and call"))
             if span.startswith("{")]
    equal({call["action"] for call in calls if "action" in call}, set(actions), "actions in the table")
    true(any("address" in call for call in calls), "the wallet's call is in the table")


@test
def what_it_says():
    for what, pattern in SAYS:
        true(re.search(pattern, BODY), f"{what}: {pattern}")
    for label in LABELS:
        true(f"- {label}" in section("Labels") or f", {label}" in section("Labels"), f"label {label}")
    steps = re.findall(r"^(\d)\. (.+)$", section("Fallback order"), re.M)
    equal([number for number, _ in steps], ["1", "2", "3", "4"], "steps of the fallback order")
    for (_, step), word in zip(steps, FALLBACKS):
        true(word in step, f"fallback: {word} in {step!r}")
    checks = re.split(r"^\d\. ", section("Four checks of an answer"), flags=re.M)[1:]
    equal(len(checks), len(CHECKS), "checks of an answer")
    for check, beginning in zip(checks, CHECKS):
        true(check.startswith(beginning) and " Not: " in check.replace("\n", " "),
             f"{beginning}: what it must say and must not: {check!r}")


@test
def references_are_named():
    named = sorted(set(re.findall(r"`references/([\w.-]+)`", BODY)))
    equal(named, REFERENCES, "references that it names by path")


sys.exit(main())
