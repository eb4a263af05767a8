#!/usr/bin/env python3
"""The list of runs with a chain beside the dashboard: every run once on its pages, how many trips it takes and how
long, what is kept between calls, and what is said when a list is too long or a source too late."""

import contextlib
import hashlib
import os
import sys
import tempfile
import time

from chain_address import PROGRAMS, instance_of, is_on_curve, key, to_base58
from chain_data import (chain_settings, coordinator_bytes, instance_bytes, make_run as make_chain_run,
                        write_chain)
from chain_fields import Account
from harness import (BRIEF_BYTES, FULL_BYTES, NOW, Lib, Simulator, check_answer, columns_of, equal, main, make_list,
                     make_run, test, true, within)

LIB = Lib()
LIST = {"action": "list_runs"}
PROGRAM = {"action": "list_runs", "limit": 10000}
ACCOUNTS_KEPT_SECONDS = 5
CLASSES = ("active", "waitingForMembers", "paused", "completed")
LATENCY_MS = 400                            # beside which all else is short, also on a busy machine
MS_BEYOND = 350


def chain_runs(ids, **more):
    return [{"run_id": run_id, "state": "RoundTrain", "clients": 4, **more} for run_id in ids]


@contextlib.contextmanager
def world(listed, on_chain, *arguments, settings=None, now=NOW, **chain):
    """(simulator, handle): a dashboard with these rows (None: without a list), a chain with these runs."""
    files = {"runs.json": make_list(listed)} if listed is not None else {"x.json": {}}
    with tempfile.TemporaryDirectory() as folder:
        rpc = write_chain({**chain, "runs": on_chain}, folder)
        with Simulator(files, *arguments, rpc=rpc) as sim:
            with LIB.at(sim.url, now=now, override=chain_settings(sim, **(settings or {}))) as monitor:
                yield sim, monitor


def follow(monitor, request, what, most_bytes):
    """(id, source, phase) of all rows of all pages."""
    rows, pages = [], 0
    while request and pages < 300:
        reply = monitor.call(request)
        check_answer(reply, f"{what}, page {pages + 1}", most_bytes)
        table = reply.json["runs"]
        equal(table["returned"], len(table["rows"]), f"{what}: returned")
        true("list changed since the first page" not in reply.json["notes"], f"{what}: says the list changed")
        rows += zip(*(columns_of(table, name) for name in ("run_id", "source", "phase [on-chain]")))
        pages += 1
        request = table.get("get_more")
        if not request:
            equal(table["total"], len(rows), f"{what}: total")
    return rows


@test
def every_run_once():
    """Also where a page ends between the runs of the dashboard and those of the chain alone."""
    for listed, hidden in ((0, 7), (7, 0), (5, 5), (30, 90), (20, 230)):
        rows = [make_run(f"listed-{number:03d}", CLASSES[number % 4]) for number in range(listed)]
        on_chain = [row["id"] for row in rows[::2]] + [f"hidden-{number:03d}" for number in range(hidden)]
        want = [(row["id"], "[tracked]", "RoundTrain" if row["id"] in on_chain else None)
                for row in sorted(rows, key=lambda row: (CLASSES.index(row["status"]["type"]), row["id"]))]
        want += [(f"hidden-{number:03d}", "[on-chain]", "RoundTrain") for number in range(hidden)]
        with world(rows, chain_runs(on_chain)) as (_, monitor):
            for limit in (1, 5, 20, 50):
                if limit == 1 and listed + hidden > 20:
                    continue
                for detail, most_bytes in (("brief", BRIEF_BYTES), ("full", FULL_BYTES)):
                    what = f"{listed} listed, {hidden} hidden, limit {limit}, {detail}"
                    equal(follow(monitor, {**LIST, "limit": limit, "detail": detail}, what, most_bytes), want, what)


@test
def the_widest_rows():
    big = 2 ** 64 - 1
    runs = [{"run_id": "\u200e" * 10 + f"{number:02d}", "name": "\u200e" * 21, "state": "WaitingForMembers",
             "params": big, "seq_len": 2 ** 32 - 1, "total_steps": 2 ** 32 - 1, "batch": 65535, "sequences": big,
             "joined": 256, "next_active": big} for number in range(60)]
    with world([], runs) as (_, monitor):
        for detail, most_bytes in (("brief", BRIEF_BYTES), ("full", FULL_BYTES)):
            rows = follow(monitor, {**LIST, "detail": detail, "limit": 50}, f"widest, {detail}", most_bytes)
            equal(len({row[0] for row in rows}), 60, f"widest, {detail}")


# --- trips ----------------------------------------------------------------------------------


def asked(sim, since=0):
    return [line.path for line in sim.log()][since:]


@test
def two_trips_and_then_one():
    rows = [make_run(f"run-{number}") for number in range(8)]
    with world(rows, chain_runs([row["id"] for row in rows] + ["hidden"]), "--latency", LATENCY_MS,
               now=None) as (sim, monitor):
        cold = monitor.call(LIST)
        first = asked(sim)
        equal(sorted(first), ["/rpc#getGenesisHash", "/rpc#getMultipleAccounts", "/rpc#getMultipleAccounts",
                              "/rpc#getProgramAccounts", "/runs", "/status"], "asked at first")
        within(cold.seconds * 1000, 2 * LATENCY_MS + MS_BEYOND, "cold: milliseconds")
        equal(cold.json["runs"]["total"], 9, "cold: runs")
        again = monitor.call(LIST)
        equal(asked(sim, len(first)), [], "all was kept")
        within(again.seconds * 1000, MS_BEYOND, "kept: milliseconds")


@test
def one_trip_with_a_kept_search():
    """Accounts are kept for seconds, the search for ten minutes."""
    with world([make_run("run")], chain_runs(["run", "hidden"]), "--latency", LATENCY_MS, now=None) as (sim, monitor):
        monitor.call(LIST)
        before = len(asked(sim))
        time.sleep(ACCOUNTS_KEPT_SECONDS + 0.2)
        kept = monitor.call(LIST)
        again = asked(sim, before)
        true("/rpc#getProgramAccounts" not in again and again.count("/rpc#getMultipleAccounts") == 2,
             f"asked again: {again}")
        within(kept.seconds * 1000, LATENCY_MS + MS_BEYOND, "with a kept search: milliseconds")
        true("1 more run exists only on chain (devnet)" in kept.json["summary"], kept.json["summary"])


# --- limits ---------------------------------------------------------------------------------


@test
def a_program_takes_many():
    """Eight hundred are looked at; the others are listed all the same."""
    ids = [f"hidden-{number:04d}" for number in range(900)]
    accounts = [{"pubkey": to_base58(instance_of(run_id.encode())[0]),
                 "owner": PROGRAMS["coordinator"],
                 "hex": instance_bytes(make_chain_run({"run_id": run_id}), instance_of(run_id.encode())[1],
                                       bytes(32)).hex()} for run_id in ids]
    with world([make_run("a-run")], chain_runs(["a-run"]), accounts=accounts) as (sim, monitor):
        reply = monitor.call({"tool": "psyche_monitor", "budget": 4 << 20, "arguments": PROGRAM})
        check_answer(reply, "many")
        equal(columns_of(reply.json["runs"], "run_id"), ["a-run", *ids], "all are listed")
        true(any("101 runs were not looked at on chain; one answer looks at 800 at most" in note
                 for note in reply.json["notes"]), reply.json["notes"])
        equal(asked(sim).count("/rpc#getMultipleAccounts"), 16, "questions for accounts")
        before = len(asked(sim))
        monitor.call(LIST)
        within(len(asked(sim, before)), 2, "questions for the first page")


@test
def whole_accounts_of_many():
    """The tails of four hundred runs are 17 MB."""
    with world([], chain_runs([f"run-{number:03d}" for number in range(400)])) as (_, monitor):
        reply = monitor.call({"tool": "psyche_monitor", "budget": 4 << 20, "arguments": PROGRAM})
        phases = columns_of(reply.json["runs"], "phase [on-chain]")
        clients = columns_of(reply.json["runs"], "clients [on-chain]")
        equal((phases, clients), (["RoundTrain"] * 400, [4] * 400), "all of them")


# --- trouble --------------------------------------------------------------------------------


@test
def a_silent_dashboard():
    """More runs than are looked at together: those of the page are looked at without its list."""
    ids = [f"run-{number:03d}" for number in range(150)]
    with world([make_run("run-000")], chain_runs(ids), "--fault", "/runs=>stall",
               settings={"patience_ms": "600"}) as (_, monitor):
        reply = monitor.call({**LIST, "limit": 10})
        check_answer(reply, "silent", BRIEF_BYTES)
        equal(columns_of(reply.json["runs"], "phase [on-chain]"), ["RoundTrain"] * 10, "looked at")
        true("the dashboard gave no usable answer (timeout" in reply.json["summary"], reply.json["summary"])
        within(reply.seconds, 1.5, "seconds")


@test
def a_silent_chain():
    for fault in ("/rpc=>stall", "/rpc#getMultipleAccounts=>stall", "/rpc#getProgramAccounts=>stall"):
        with world([make_run("run")], chain_runs(["run", "hidden"]), "--fault", fault,
                   settings={"patience_ms": "400"}) as (_, monitor):
            reply = monitor.call(LIST)
            check_answer(reply, fault, BRIEF_BYTES)
            equal(columns_of(reply.json["runs"], "run_id")[0], "run", f"{fault}: the list")
            within(reply.seconds, 1.0, f"{fault}: seconds")
            summary = reply.json["summary"]
            is_known = fault == "/rpc#getMultipleAccounts=>stall"
            equal("1 more run exists only on chain" in summary, is_known, f"{fault}: {summary}")
            true(all(row["status"] in ("ok", "timeout") for row in reply.json["sources"]), reply.json["sources"])


@test
def slots_that_go_back():
    with world([make_run("run")], chain_runs(["run", "hidden"]), slot=5000, slot_step=-1000) as (_, monitor):
        reply = monitor.call(LIST)
        check_answer(reply, "slots", BRIEF_BYTES)
        true(any("go back from slot" in note for note in reply.json["notes"]), reply.json["notes"])
        equal(reply.json["runs"]["slot"], 3000, "the oldest counts")
        equal(columns_of(reply.json["runs"], "phase [on-chain]"), ["RoundTrain"] * 2, "facts stay")
    with world([make_run("run")], chain_runs(["run"]), slot=5000, slot_step=-30) as (_, monitor):
        notes = monitor.call(LIST).json["notes"]
        true(not any("go back" in note for note in notes), f"nodes behind one address differ by some: {notes}")


@test
def two_that_claim_one_id():
    """An address that another bump gives is one that the program does not make."""
    run_id = b"claimed"
    address, bump = instance_of(run_id)
    for other in range(bump - 1, -1, -1):
        place = hashlib.sha256(b"coordinator" + run_id + bytes([other]) + key(PROGRAMS["coordinator"])
                               + b"ProgramDerivedAddress").digest()
        if not is_on_curve(place):
            break
    run = make_chain_run({"run_id": "claimed", "join_authority": "a thief"})
    false_one = {"pubkey": to_base58(place), "owner": PROGRAMS["coordinator"],
                 "hex": instance_bytes(run, other, bytes(32)).hex()}
    with world([], chain_runs(["claimed"]), accounts=[false_one]) as (_, monitor):
        answer = monitor.call(LIST).json
        equal(columns_of(answer["runs"], "run_id"), ["claimed"], "once")
        true(any(note.startswith("1 account found on chain cannot be used") for note in answer["notes"]),
             answer["notes"])
    true(address != place, "two addresses")


@test
def runs_between_two_pages():
    """A run that the dashboard has begun to list since: the page goes on where it was, and says so."""
    on_chain = chain_runs(["a", "b", "c", "d"])
    with world([], on_chain) as (_, monitor):
        first = monitor.call({**LIST, "limit": 2}).json["runs"]
        equal(columns_of(first, "run_id"), ["a", "b"], "first page")
    with world([make_run("b")], on_chain) as (_, monitor):
        answer = monitor.call(first["get_more"]).json
        equal(columns_of(answer["runs"], "run_id"), ["c", "d"], "goes on")
        true("list changed since the first page" in answer["notes"], answer["notes"])


@test
def a_run_that_changed_since_the_search():
    """The search is kept for minutes. A run found by its name is asked for from what the search said, and from the
    beginning when its instance says something else by now."""
    anew = {"run_id": "made-anew", "name": "Made Anew", "state": "RoundTrain", "clients": 4, "step": 99}
    runs = [{**anew, "step": 5}, {"run_id": "spoiled", "name": "Gone Wrong", "state": "RoundTrain", "clients": 4},
            {"run_id": "handed-over", "name": "New Owner", "state": "RoundTrain", "clients": 4}]
    second = {"pubkey": "a second account", "owner": PROGRAMS["coordinator"], "hex": coordinator_bytes(anew).hex()}
    with tempfile.TemporaryDirectory() as folder:
        leave = {"grantor": "another owner"}
        node = write_chain({"runs": runs, "accounts": [second], "authorizations": [leave]}, folder)
        with Simulator({"runs.json": make_list([])}, "--reload", rpc=node) as sim:
            with LIB.at(sim.url, now=None, override=chain_settings(sim)) as monitor:
                names = [run["name"] for run in runs]
                before = [monitor.call({"action": "run_details", "run_id": name}).json for name in names]
                equal([answer["on_chain"]["step"] for answer in before], [5, 1, 1], "at first")
                searches = len([request for request in sim.log() if "getProgramAccounts" in request.path])
                for run, at, patch in ((runs[0], 73, key("a second account")), (runs[1], 0, b"\0"),
                                       (runs[2], 41, key("another owner"))):
                    Account(node, instance_of(run["run_id"].encode())[0]).put(at, patch)
                time.sleep(ACCOUNTS_KEPT_SECONDS + 0.2)
                after = [monitor.call({"action": "run_details", "run_id": name}).json for name in names]
                equal(len([request for request in sim.log() if "getProgramAccounts" in request.path]), searches,
                      "searches, of which the first is kept")
    equal((after[0]["on_chain"]["step"], after[0]["on_chain"]["account"], after[0]["notes"]),
          (99, to_base58(key("a second account")), []), "made anew")
    equal(after[2]["on_chain"]["joining"]["open_to"], "everybody", "by the leave of the new join authority")
    equal(after[1]["found"], "unknown", "its instance cannot be read any more")
    true("bad_account (not a coordinator instance)" in str(after[1]["notes"]), f"spoiled: {after[1]['notes']}")


@test
def refused_after_an_older_search():
    """The sentence counts what was checked and says how old the last whole search is, never how many runs there are."""
    listed, runs = {"runs.json": make_list([make_run("a"), make_run("gone")])}, chain_runs(["a", "b", "hidden"])
    summaries = []
    with tempfile.TemporaryDirectory() as folder:
        node, store = write_chain({"runs": runs}, os.path.join(folder, "node")), os.path.join(folder, "store.db")
        with Simulator(listed, "--reload", rpc=node) as sim:
            for now, how in (("T04:49:51Z", None), ("T07:50:51Z", 410), ("T07:51:51Z", 429)):
                write_chain({"runs": runs, "refuse": {"getProgramAccounts": how} if how else {}}, node)
                settings = chain_settings(sim, **{"cache.off": "false"})
                with LIB.at(sim.url, store=store, now=f"2026-11-21{now}", override=settings) as monitor:
                    summaries.append(monitor.call(LIST).json["summary"])
    true("2 more runs exist only on chain (devnet) [on-chain]." in summaries[0], summaries[0])
    for summary in summaries[1:]:
        true("On chain (devnet): discovery refused by 127.0.0.1, 4 known ids checked, last full discovery 3 h ago; 3 "
             "of them are there, 2 of these not on the dashboard's list [on-chain]." in summary, summary)
        true("exist only on chain" not in summary and "what else is on chain is not known" in summary, summary)


@test
def how_long_a_node_took():
    """A node's latency is as long as it took, and 0 by a clock that stands still."""
    for now in (None, NOW):
        with world([make_run("a")], chain_runs(["a"]), "--latency", "20", now=now) as (_, monitor):
            reply = monitor.call({"action": "network_stats"})
            check_answer(reply, f"now {now}", BRIEF_BYTES)
            took = reply.json["on_chain"]["coordinator"]["latency_ms"]
            true(took == 0 if now else took >= 20, f"now {now}: {took} ms")


@test
def names_of_many():
    """A run by name: the names of up to 200 are looked at, and an answer says when they were not."""
    ids = [f"run-{i:03}" for i in range(201)]
    for count, said in ((200, "by id or by name [on-chain]."), (201, "by its id; names were not looked at [on-chain].")):
        with world([], chain_runs(ids[:count])) as (_, monitor):
            reply = monitor.call({"action": "run_details", "run_id": "Some other name"})
            check_answer(reply, f"{count} runs")
            true(f"None of the {count} runs on the chain (devnet) fits {said}" in reply.json["summary"],
                 f"{count} runs: {reply.json['summary']}")


sys.exit(main())
