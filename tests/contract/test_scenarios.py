#!/usr/bin/env python3
"""Scenarios: what the network says, what is asked, and the answer, byte for byte.

Each folder of tests/scenarios/ holds upstream/ (served by psyche-sim), request.json (one request,
or several that follow one another), answer.json (one line each) and, where needed, options.json
(options and settings, as for --set). References are those of tests/data, so that an answer does not
change with the wording of the real ones. UPDATE=1 writes answer.json anew: read the diff before
keeping it. SCENARIO=word runs those with the word in their name.

The chain is a few facts in words, chain.json; its accounts are made for the run and never kept, since
each is a hundred kilobytes of zeros. chain_data.py says what it may hold. It is a Solana node at
{sim}/rpc, which is asked as rpc.url; chain-NAME.json is another one at {sim}/rpc-NAME, and
chain-pool.json is asked as rpc.pool_url. Options may name them: "rpc.url": "{sim}/rpc-old,{sim}/rpc".
Without any of these files the chain is not asked (rpc.off)."""

import difflib
import json
import pathlib
import sys
import tempfile
from os import environ

from chain_data import write_chain
from harness import (BRIEF_BYTES, EXIT, FULL_BYTES, NOW, ROOT, Cli, Reply, Simulator, check_answer,
                     main, read_json, test, true)

FOLDERS = sorted(path.parent for path in (ROOT / "tests" / "scenarios").glob("*/request.json"))
BRIEF_OF = {"checkpoints": 4000, "pool_status": 2400, "network_stats": 2400}
UPDATE = environ.get("UPDATE") == "1"
SHOWN_LINES = 40


def read_optional(path):
    return json.loads(path.read_bytes()) if path.exists() else {}


def read_requests(text):
    """The JSON documents of a text, one after the other; None for what is not readable."""
    decoder, at, found = json.JSONDecoder(), 0, []
    text = text.strip()
    while at < len(text):
        try:
            request, end = decoder.raw_decode(text, at)
        except ValueError:
            return found + [None]
        found.append(request)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return found


def write_nodes(folder, scratch):
    """{"rpc": a folder of accounts}, one for each chain*.json."""
    return {path.stem.replace("chain", "rpc", 1): write_chain(json.loads(path.read_bytes()),
                                                              scratch / path.stem)
            for path in sorted(folder.glob("chain*.json"))}


def node_settings(nodes):
    settings = {"rpc.off": not nodes, "rpc.only_configured": True}
    settings.update({"rpc.url": "{sim}/rpc"} if "rpc" in nodes else {})
    settings.update({"rpc.pool_url": "{sim}/rpc-pool"} if "rpc-pool" in nodes else {})
    return settings if nodes else {}


def ask(folder):
    """(exit status, what the command printed, what it complained of)"""
    with tempfile.TemporaryDirectory() as home:
        nodes = write_nodes(folder, pathlib.Path(home, "nodes"))
        settings = {"now": NOW, "references": str(ROOT / "tests" / "data" / "references"),
                    **node_settings(nodes), **read_optional(folder / "options.json")}
        with Simulator(folder / "upstream", rpc=nodes) as sim:
            settings = {name: value.replace("{sim}", sim.url) if isinstance(value, str) else value
                        for name, value in settings.items()}
            done = Cli(sim.url, settings, {"HOME": home, "XDG_CONFIG_HOME": home}).run(
                "call", stdin=(folder / "request.json").read_bytes())
    return done.status, done.out, done.err


def spread(text):
    """JSON over many lines, so that a difference is a line and not a kilobyte."""
    lines = []
    for line in text.decode(errors="backslashreplace").splitlines():
        try:
            lines += json.dumps(read_json(line), indent=1, ensure_ascii=False).splitlines()
        except ValueError:
            lines.append(line)
    return lines


def difference(want, got):
    lines = list(difflib.unified_diff(spread(want), spread(got), "answer.json", "now", lineterm="",
                                      n=2))
    more = len(lines) - SHOWN_LINES
    text = "\n".join(lines[:SHOWN_LINES]) + (f"\n… {more} lines more" if more > 0 else "")
    return text or "the same values in other bytes"


def budget(request):
    """The most bytes that an answer to this may have."""
    if not isinstance(request, dict):
        return FULL_BYTES
    arguments = request.get("arguments", request) if "tool" in request else request
    if not isinstance(arguments, dict):
        return request.get("budget") or BRIEF_BYTES
    is_part = str(arguments.get("page") or "").startswith("g.")
    is_wide = arguments.get("detail") == "full" or is_part
    brief = BRIEF_OF.get(arguments.get("action") or "network_stats", BRIEF_BYTES)
    return request.get("budget") or (FULL_BYTES if is_wide else brief)


def check(folder):
    name = folder.name
    status, out, complaints = ask(folder)
    requests = read_requests((folder / "request.json").read_text(errors="replace"))
    lines = out.splitlines()
    true(complaints == b"", f"{name}: printed on standard error: {complaints!r:.500}")
    true(out.endswith(b"\n") and len(lines) == len(requests),
         f"{name}: {len(requests)} requests, {len(lines)} lines")
    statuses = []
    for number, (line, request) in enumerate(zip(lines, requests)):
        answer = read_json(line)
        expected = exit_status(answer)
        statuses.append(expected)
        check_answer(Reply(line, expected), f"{name}, answer {number + 1}", budget(request))
    true(status == next((each for each in statuses if each), 0),
         f"{name}: exit status {status} for {statuses}")
    want = folder / "answer.json"
    if UPDATE:
        want.write_bytes(out)
    true(want.exists(), f"{name}: there is no answer.json; UPDATE=1 writes it")
    if want.exists():
        old = want.read_bytes()
        true(old == out, f"{name}: another answer\n" + (difference(old, out) if old != out else ""))


def exit_status(answer):
    if answer.get("success") is False:
        return EXIT.get(answer.get("error_code"))
    return {True: 0, False: 3}.get(answer.get("found"), 4)


@test
def scenarios():
    chosen = environ.get("SCENARIO")
    folders = [folder for folder in FOLDERS if not chosen or chosen in folder.name]
    true(folders, "there is no scenario")
    for folder in folders:
        check(folder)


sys.exit(main())
