#!/usr/bin/env python3
"""Keys, run ids and accounts that are not as they should be, through the library: the trouble is named, the facts of
other accounts and of the dashboard stand, and no fact is made up.

What the decoders make of each broken account by itself is test_accounts.py; of what a node answers as a whole,
test_faults_chain.py."""

import json
import sys

from chain_address import PROGRAMS, instance_of, key, to_base58
from chain_data import TABLE, chain_settings, coordinator_bytes, instance_bytes, write_chain
from grading import CHAIN
from harness import SCRATCH, Lib, Simulator, check_answer, check_failure, equal, main, make_list, make_page, make_run, \
    test, true

LIB = Lib()
RUN = "a-run"
FACTS = {"run_id": RUN, "name": "A run", "clients": 3, "exited": 1, "joined": 4, "epoch": 61, "step": 6001,
         "round": {"height": 17, "witnesses": 2}, "epoch_started_at": "2026-11-21T04:34:22Z",
         "state_started_at": "2026-11-21T04:48:40Z"}
TRACKED = {"runs.json": make_list([make_run(RUN)]), f"run/{RUN}/0.json": make_page(make_run(RUN))}
KEY = PROGRAMS["coordinator"]
SEVERAL = '{"jsonrpc":"2.0","result":{"context":{"slot":9},"value":[%s]},"id":1}'
ACCOUNT = '{"data":["","base64"],"executable":false,"lamports":1,"owner":%s,"space":0}'
ROOM = 1 << 20
DETAILS = {"action": "run_details", "run_id": RUN}


def ask(chain, *questions, tracked=None, **settings):
    """The answers of a handle that asks a node with this chain."""
    number = len(list(SCRATCH.glob("node-*")))
    node = write_chain(chain, SCRATCH / f"node-{number}")
    with Simulator(TRACKED if tracked is None else tracked, rpc=node) as sim:
        with LIB.at(sim.url, override=chain_settings(sim, **settings)) as monitor:
            replies = [monitor.call({"tool": "psyche_monitor", "budget": ROOM,
                                     "arguments": {"detail": "full", **question}}) for question in questions]
    for question, reply in zip(questions, replies):
        check_answer(reply, f"{question}")
    return [reply.json for reply in replies]


# --- keys -----------------------------------------------------------------------------------

# By what is wrong with them.
BAD_KEYS = {
    "0": f"0{KEY[1:]}", "O": f"{KEY[:20]}O{KEY[21:]}", "I": f"{KEY[:-1]}I", "l": f"l{KEY[1:]}",
    "31 bytes": to_base58(b"\1" * 31), "33 bytes": to_base58(b"\1" * 33), "a byte too few": KEY[:-1],
    "a letter too many": f"{KEY}1", "31 ones": "1" * 31, "33 ones": "1" * 33, "nothing": "", "a space": f" {KEY}",
    "hex": "00" * 32, "NUL": f"{KEY[:-1]}\0", "UTF-8": f"{KEY[:-2]}é", "2^256": to_base58(b"\xff" * 32)[:-1] + "z"}


@test
def keys_in_settings():
    for name in ("coordinator", "pool", "treasurer", "authorizer"):
        for what, text in BAD_KEYS.items():
            if text == "":
                continue                    # as if it were not set
            with LIB.open({"override": {f"programs.{name}": text}}) as monitor:
                reply = monitor.call({"action": "list_runs"})
            check_failure(reply, "bad_config", f"programs.{name}, {what}")
            true(f"programs.{name}" in reply.json["error"], f"programs.{name}, {what}: {reply.json['error']}")


@test
def keys_of_the_dashboard():
    """A program that the dashboard names in no readable way is not followed, and nothing else suffers."""
    chain = {"runs": [FACTS]}
    for what, text in BAD_KEYS.items():
        part = {"status": "ok", "errors": [], "trackedRuns": [],
                "chain": {"chainSlotHeight": 5, "indexedSlot": 0, "programId": text, "networkGenesis": text}}
        status = {"commit": "c", "initTime": 1795236562220, "coordinator": part, "miningPool": part}
        answer, = ask(chain, DETAILS, tracked={**TRACKED, "status.json": status})
        equal(answer.get("on_chain", {}).get("step"), 6001, f"programId, {what}")


@test
def keys_of_a_node():
    """Keys in an envelope: an owner or a genesis hash that is none makes it no reply."""
    for what, text in BAD_KEYS.items():
        written = json.dumps(text)
        bodies = {"getGenesisHash": f'{{"jsonrpc":"2.0","result":{written},"id":1}}',
                  "getMultipleAccounts": SEVERAL % ",".join([ACCOUNT % written] * 3)}
        node = write_chain({"runs": [FACTS]}, SCRATCH / "keys")
        for method, body in bodies.items():
            with Simulator(TRACKED, "--fault", f"/rpc#{method}=>body={body}", rpc=node) as sim, \
                    LIB.at(sim.url, override=chain_settings(sim)) as monitor:
                reply = monitor.call(DETAILS)
            check_answer(reply, f"{method}, {what}")
            equal(reply.source_words(), {method: "bad_reply"}, f"{method}, {what}")


# --- run ids --------------------------------------------------------------------------------


def ask_for(run_id, chain):
    """(found by run_details, found by checkpoints, ids in list_runs, its notes)"""
    questions = [{"action": "run_details", "run_id": run_id}, {"action": "checkpoints", "run_id": run_id},
                 {"action": "list_runs"}]
    details, checkpoints, listed = ask(chain, *questions, tracked={"runs.json": make_list([])})
    return details["found"], checkpoints["found"], [row[0] for row in listed["runs"]["rows"]], listed["notes"]


@test
def run_ids():
    """Of 32 bytes a run's id can be, and hold any letter but NUL; of 33 none can. One that cannot be read may be it."""
    most = "m" * 32
    for run_id in (most, "é" * 16, "a\nb", "<U+202E>", "\u202eid", "x", "a/b", "\x7f", " ", "a@1", "..", "error"):
        chain = {"runs": [{"run_id": run_id}]}
        details, checkpoints, listed, _ = ask_for(run_id, chain)
        is_escape = run_id.startswith("<U+")        # as it is shown, this stands for another one
        equal((details, checkpoints, len(listed)), (not is_escape, not is_escape, 1), f"{run_id!r}")
        equal(ask_for(listed[0], chain)[:2], (True, True), f"{run_id!r} as it is listed")
    for run_id in ("m" * 33, "é" * 16 + "x", most + "\0", "m" * 400):
        details, checkpoints, listed, _ = ask_for(run_id, {"runs": [{"run_id": most}]})
        equal((details, checkpoints, listed), (False, False, [most]), f"{run_id[:40]!r}")
    for run_id in ("nul\0byte", "\0", "behind\0"):
        details, checkpoints, listed, notes = ask_for(run_id, {"runs": [{"run_id": run_id}, {"run_id": "other"}]})
        equal((details, checkpoints, listed), ("unknown", "unknown", ["other"]), f"{run_id!r}")
        true(any(note.startswith("1 account") for note in notes), f"{run_id!r}: {notes}")


@test
def run_ids_in_accounts():
    """An instance whose id is not the one its address was made from is no instance of that run."""
    for what, text in (("33 bytes", b"m" * 33), ("another id", b"b-run"), ("a NUL behind", b"a-run\0"),
                       ("nothing", b""), ("no UTF-8", b"a-ru\xff"), ("a NUL within", b"a-\0un"), ("64 bytes", b"m" * 64)):
        address, bump = instance_of(RUN.encode(), PROGRAMS["coordinator"])
        data = instance_bytes({"run_id": text, "join_authority": "somebody"}, bump, key("an owner"))
        chain = {"runs": [FACTS], "accounts": [{"pubkey": to_base58(address), "owner": PROGRAMS["coordinator"],
                                                "hex": data.hex()}]}
        details, listed = ask(chain, DETAILS, {"action": "list_runs"})
        equal((details["found"], details["agreement"]["trust"]), (True, "[tracked]"), what)
        true("bad_account" in json.dumps(details), f"{what}: {details['notes']}")
        equal([row[0] for row in listed["runs"]["rows"]], [RUN], f"{what}: rows")


# --- accounts -------------------------------------------------------------------------------

SIZE = TABLE["coordinator_account"]["account_data_len"]
CUTS = sorted({*range(0, 17), 100, 408, 409, 1047, 1048, 1049, 57495, 75927, 75928, 94367, 94368, 118999, 119007,
               SIZE - 8, SIZE - 1})
ONES = "ff" * 8
# offset, another byte than any that has a meaning; the spoilt bytes may need others to be looked at first.
TAGS = {"state": {408: "08"}, "model": {416: "01"}, "architecture": {432: "04"}, "checkpoint": {436: "06"},
        "revision": {440: "02"}, "data type": {572: "02"}, "data": {576: "06"}, "http place": {580: "03"},
        "token size": {840: "02"}, "shuffle": {844: "02"}, "lr": {880: "04"}, "optimizer": {936: "03"},
        "a client": {57496 + 64: "04"}, "one that has left": {75936 + 64: "04"}}
COUNTS = {"witnesses": {1048 + 14112 + 14080: ONES}, "clients": {75928: ONES}, "left": {94368: ONES},
          "joined": {119000: ONES}, "clients, one too many": {75928: "0101000000000000"},
          "joined, one too many": {119000: "0101000000000000"}}
HEADERS = {"discriminator": {0: "00"}, "no discriminator": {0: "00" * 8}}


def spoilt_states():
    """(what, how, the word it has)"""
    for size in CUTS:
        yield f"cut at {size}", {"size": size}, "bad_account" if size < 8 else "layout_unknown"
    for what, patch in {**TAGS, **COUNTS, **HEADERS}.items():
        yield what, {"bytes": {str(at): text for at, text in patch.items()}}, "bad_account"
    yield "another version", {"bytes": {"8": "02"}}, "layout_unknown"
    yield "another owner", {"owner": "somebody"}, "bad_account"
    yield "all ones", {"bytes": {"8": "ff" * (SIZE - 8)}}, "layout_unknown"
    yield "all ones but the version", {"bytes": {"16": "ff" * (SIZE - 16)}}, "bad_account"
    yield "a byte more", {"size": SIZE + 1}, "layout_unknown"


# What only a state that was read can tell.
OF_STATE = {"state", "phase", "epoch", "step", "round", "tokens", "clients", "checkpoint", "config", "params", "data"}


@test
def states():
    """The run stays, with what its instance says; the account is named, and none of its facts is told."""
    for what, how, word in spoilt_states():
        details, listed = ask({"runs": [{**FACTS, "spoil": {"account": how}}]}, DETAILS,
                                   {"action": "list_runs"})
        group = details.get("on_chain", {})
        equal((details["found"], details["agreement"]["trust"]), (True, "[tracked]"), what)
        true(f"{word} (" in " ".join(details["notes"]), f"{what}: not {word}: {details['notes']}")
        equal(OF_STATE & set(group), set(), f"{what}: facts of a state that was not read")
        true("joining" in group, f"{what}: what the instance says is missing: {group}")
        equal(len(listed["runs"]["rows"]), 1, f"{what}: the run stays listed")
        check_listed(what, listed, "witnesses" in what)


def check_listed(what, listed, is_between):
    """A list reads the head and the tail of an account: what is broken between them it does not see."""
    columns = listed["runs"]["columns"]
    cells = [value for name, value in zip(columns, listed["runs"]["rows"][0]) if name.endswith(CHAIN)]
    is_named = any(f"{word} (" in note for note in listed["notes"] for word in ("bad_account", "layout_unknown"))
    is_between = is_between or what == "a client"
    true(is_between or (is_named and cells == [None] * len(cells)), f"{what}: the list: {cells} {listed['notes']}")


@test
def instances():
    """Cut at every byte: with all its fields it is the same instance, without it is none."""
    whole = len(instance_bytes({"run_id": RUN, "join_authority": "x"}, 255, key("an owner")).rstrip(b"\0"))
    for size in range(174):
        details, = ask({"runs": [{**FACTS, "spoil": {"instance": {"size": size}}}]},
                            DETAILS)
        if size >= whole:
            equal(details.get("on_chain", {}).get("step"), 6001, f"an instance of {size} bytes")
        else:
            verdict = details["found"], details["agreement"]["trust"]
            equal(verdict, (True, "[tracked]"), f"an instance of {size} bytes")
            true("on_chain" not in details or not OF_STATE & set(details["on_chain"]), f"an instance of {size} bytes")
    for what, how in (("owner", {"owner": "somebody"}), ("discriminator", {"bytes": {"0": "00"}}),
                      ("length of the id", {"bytes": {"105": "ffffffff"}})):
        details, = ask({"runs": [{**FACTS, "spoil": {"instance": how}}]}, DETAILS)
        true("bad_account (" in " ".join(details["notes"]) and details["agreement"]["trust"] == "[tracked]",
             f"{what} of an instance: {details['notes']}")


@test
def pools():
    usdc = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
    pool = {"mint": usdc, "max_deposit": 2500000, "deposited": 1234567}
    least = 549
    spoilt = [(f"cut at {size}", {"size": size}, size >= least) for size in (*range(0, 552, 9), *range(545, 553))]
    spoilt += [("owner", {"owner": "somebody"}, False), ("discriminator", {"bytes": {"0": "00"}}, False),
               ("claiming", {"bytes": {"105": "02"}}, False), ("frozen", {"bytes": {"146": "ff"}}, False),
               ("length of the text", {"bytes": {"147": "ffff"}}, True),
               ("another number", {"bytes": {"9": "01"}}, False)]
    for what, how, is_read in spoilt:
        answer, = ask({"genesis": "mainnet", "pools": [{**pool, "spoil": how}], "mints": [{"mint": usdc}]},
                           {"action": "pool_status"}, tracked={})
        if answer.get("success"):
            group = answer["on_chain"]
            equal("deposited" in group, is_read, f"pool, {what}: {group}")
            true(is_read or group.get("status") in ("bad_account", "layout_unknown"), f"pool, {what}: {group}")
        else:
            true(not is_read, f"pool, {what}: {answer['error']}")


@test
def a_state_that_is_sound():
    """The account as it stands is read: else all of the above would pass for another reason."""
    details, = ask({"runs": [FACTS]}, DETAILS)
    equal((details["on_chain"]["epoch"], details["on_chain"]["step"]), (61, 6001), "sound")
    equal(len(coordinator_bytes(FACTS)), SIZE, "bytes")


sys.exit(main())
