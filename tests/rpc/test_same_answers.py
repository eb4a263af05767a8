#!/usr/bin/env python3
"""The scenarios of the chain with a real Solana node in the place of the simulator's: the same answers, byte
for byte. Which of them a real node cannot play follows from a rule, and each is named with the reason.

SCENARIO=word plays those with the word in their name."""

import collections
import pathlib
import re
import sys
from os import environ

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from chain_address import PROGRAMS  # noqa: E402
from chain_data import MOODS  # noqa: E402
from harness import Skip, equal, main, test, true  # noqa: E402
from real_server import Unavailable, install  # noqa: E402
from same import comparable, serve  # noqa: E402
from scenario import FOLDERS, ask, difference, read_chains, read_optional  # noqa: E402

CHOSEN = environ.get("SCENARIO", "")
PLAIN_VERSION = re.compile(r"\d+\.\d+\.\d+")
SLOT_MOST = 2 ** 63 - 1                   # of the simulator
LEAST_SHARE = 0.4                         # of the scenarios; a rule that leaves out more is wrong


def is_about_nodes(fault):
    path, arrow, _ = fault.partition("=>")
    return not arrow or path.startswith("/rpc") or "/rpc".startswith(path)


def why_not(folder):
    """What of it no real node can be made to do; None when one can play it."""
    for chain in read_chains(folder).values():
        moods = [mood for mood in MOODS if mood in chain and mood != "version"]
        if moods:
            return f"its node has {' and '.join(moods)}"
        if not PLAIN_VERSION.fullmatch(str(chain.get("version", "0.0.0"))):
            return "its node's version is made up"
        if chain.get("slot", 0) > SLOT_MOST:
            return "its slot is larger than the simulator's can be"
        if any(account.get("lamports") == 0 for account in chain.get("accounts", [])):
            return "a real node forgets an account without lamports"
    asked = (folder / "request.json").read_text()
    if "psyche_wallet" in asked and any(program in asked for program in PROGRAMS.values()):
        return "it asks for a program, which has the lamports that its node gives it"
    faults = read_optional(folder / "upstream" / "scenario.json").get("faults", [])
    return "its node's answers are spoiled" if any(map(is_about_nodes, faults)) else None


def play(folder):
    want = comparable((folder / "answer.json").read_bytes())
    _, got, complaints = ask(folder, serve)
    equal(complaints, b"", f"{folder.name}: standard error")
    got = comparable(got)
    true(got == want, f"{folder.name}: another answer\n" + (difference(want, got) if got != want else ""))


@test
def scenarios():
    folders = [folder for folder in FOLDERS if CHOSEN in folder.name and read_chains(folder)]
    left_out = collections.defaultdict(list)
    for folder in folders:
        left_out[why_not(folder)].append(folder)
    played = left_out.pop(None, [])
    for reason, others in sorted(left_out.items()):
        print(f"left to the simulator, {reason}: {', '.join(folder.name for folder in others)}")
    print(f"played with a real node: {len(played)} of {len(folders)}", flush=True)
    true(played and (CHOSEN or len(played) > LEAST_SHARE * len(folders)), "enough of them are played")
    try:
        install()
    except Unavailable as reason:
        raise Skip(str(reason)) from None
    for folder in played:
        play(folder)


sys.exit(main())
