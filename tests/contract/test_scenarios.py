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
Without any of these files the chain is not asked (rpc.off).

The hub and the storage are hub.json, as hub_data.py says; without it they are not asked."""

import json
import sys
from os import environ

from harness import BRIEF_BYTES, EXIT, FULL_BYTES, Reply, check_answer, main, read_json, test, true
from scenario import FOLDERS, ask, difference

BRIEF_OF = {"checkpoints": 4000, "pool_status": 2400, "network_stats": 2400}
UPDATE = environ.get("UPDATE") == "1"


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


def budget(request):
    """The most bytes that an answer to this may have."""
    if not isinstance(request, dict):
        return FULL_BYTES
    arguments = request.get("arguments", request) if "tool" in request else request
    if not isinstance(arguments, dict):
        return request.get("budget") or BRIEF_BYTES
    is_part = str(arguments.get("page") or "").startswith("g.")
    is_wide = arguments.get("detail") == "full" or is_part
    action = arguments.get("action") or "network_stats"
    brief = BRIEF_OF.get(action if request.get("tool") != "psyche_wallet" else "wallet", BRIEF_BYTES)
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
