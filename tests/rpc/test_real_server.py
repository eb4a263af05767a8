#!/usr/bin/env python3
"""The same questions (tests/tools/ask_rpc.c) to a real Solana node and to the simulator, over the same
accounts: the same facts, but for what differs from node to node."""

import hashlib
import json
import pathlib
import subprocess
import sys
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from harness import BUILD, SCRATCH, Simulator, Skip, equal, main, skip, test, true, write_folder  # noqa: E402
from real_server import RealServer, Unavailable  # noqa: E402

TOOL = BUILD / "tools" / "ask_rpc"
PROGRAM = "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
POOLS = "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7"
NO_KEY = "4wBqpZM9xaSheZzJSMawUKKwhdpChKbZ5eu5ky4Vigw"        # nobody's
OWN = ("slot", "genesis", "version", "epoch", "slot_index", "slots_in_epoch")   # of each node


def made_folder():
    """Accounts of our own, where there are no recorded ones."""
    digests = [hashlib.sha256(str(i).encode()).digest() for i in range(120)]
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

    def base58(number):
        return (base58(number // 58) if number >= 58 else "") + alphabet[number % 58]
    data = [bytes.fromhex("9c099910af181ffc") + bytes(165), bytes(range(256)) * 465, b"", b"abc"]
    folder = SCRATCH / "accounts"
    rows = [{"file": f"{i % 4}.bin", "pubkey": base58(int.from_bytes(digest, "big")),
             "owner": PROGRAM if i % 3 else POOLS, "lamports": 10 ** 9 + i}
            for i, digest in enumerate(digests)]
    write_folder(folder, {"accounts.json": {"accounts": rows},
                          **{f"{i}.bin": each for i, each in enumerate(data)}})
    return folder


FOLDER = pathlib.Path(GOLDEN, "chain", "rpc") if GOLDEN else made_folder()
KEYS = [row["pubkey"] for row in json.loads((FOLDER / "accounts.json").read_text())["accounts"]]


def ask(url, questions):
    done = subprocess.run([str(TOOL), "ask", url, "10000"], input="\n".join(questions).encode(),
                          capture_output=True, timeout=60)
    equal((done.returncode, done.stderr), (0, b""), "ask_rpc")
    return [json.loads(line) for line in done.stdout.splitlines()]


def shared(answer):
    """Without what is each node's own; a search finds in no order that was promised."""
    kept = {key: value for key, value in answer.items() if key not in OWN}
    if answer["method"] == "getProgramAccounts" and "rows" in kept:
        kept["rows"] = sorted(kept["rows"], key=lambda row: row["key"])
    return kept


@test
def same_facts():
    questions = ["genesis", "slot", "health", "version", "epoch", f"account {NO_KEY}"]
    questions += [f"account {key}" for key in KEYS[:20]]
    questions += [f"account {KEYS[1]} 100 50", f"account {KEYS[1]} 999999 5", f"account {KEYS[0]} 170 50",
                  f"accounts {','.join(KEYS[:100])}", f"accounts {','.join(KEYS[:51])} 0 16",
                  f"accounts {NO_KEY},{KEYS[3]}", f"search {PROGRAM} 9c099910af181ffc 0 0 173",
                  f"search {PROGRAM} 9c099910af181ffc 173 8 100", f"search {PROGRAM} - 119160 0 1048",
                  f"search {PROGRAM} - 119161 0 8", f"search {POOLS} - 552 0 552",
                  f"search {NO_KEY} - 12345 0 8"]
    try:
        with RealServer(FOLDER) as real:
            got = ask(real.rpc_url, questions)
    except Unavailable as reason:
        raise Skip(str(reason)) from None
    with Simulator({}, rpc=FOLDER) as sim:
        want = ask(sim.rpc_url, questions)
    equal(len(got), len(questions), "answers")
    for question, one, other in zip(questions, got, want):
        equal(one["status"], "ok", question[:80])
        equal(shared(one), shared(other), question[:80])
    true(sum(len(answer.get("rows", [])) for answer in got) > 150, "accounts were read")
    true(all(answer.get("slot", 0) > 0 for answer in got if "rows" in answer), "each has its slot")


if not GOLDEN:
    skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
sys.exit(main())
