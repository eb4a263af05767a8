#!/usr/bin/env python3
"""A wallet, and the nodes that are asked about it: how many questions it takes, accounts that vanish or come spoilt,
nodes of another cluster, sources that are silent."""

import contextlib
import json
import struct
import sys
import tempfile
import urllib.request

import loopback
from chain_address import PROGRAMS, derive, key, run_number, to_base58, token_account_of
from chain_data import chain_settings, write_chain
from harness import BRIEF_BYTES, FULL_BYTES, Simulator, columns_of, equal, main, make_list, test, true
from wallet_world import (ALICE, BOB, BOSS, LIB, LOCAL, RICH, address, ask, contribution, find_words, funded, member,
                          rows_of, world)

# --- how many questions ---------------------------------------------------------------------

def questions(sim):
    return [line.path for line in sim.log() if line.path.startswith("/rpc") and "Genesis" not in line.path]


# Which of 57 runs have a treasurer, of what token, and where.
TREASURERS = {"none": lambda number: None,
              "a third": lambda number: {"funds": number} if number % 3 == 0 else None,
              "all": lambda number: {"funds": number},
              "each its token": lambda number: {"funds": number, "mint": f"mint {number}"},
              "elsewhere": lambda number: {"funds": number, "number": number + 1000}}


OWNERS = find_words(57, "owner")


def count_questions(what, treasurer, detail, most, settings):
    runs = [{"run_id": f"run-{number:02d}", "main_authority": OWNERS[number], "join_authority": f"leader {number}",
             "open": number % 2 == 0, "joined": [member(ALICE, earned=1000)], "treasurer": treasurer(number),
             "state": "Finished" if number % 5 == 0 else "RoundTrain"} for number in range(57)]
    with world({"runs": runs, "accounts": funded(ALICE)}, settings=settings) as (sim, monitor):
        answer = ask(monitor, what, most, address=address(ALICE), detail=detail)
        true(len(questions(sim)) <= 6, f"{what}: {questions(sim)}")
    paid = sum(treasurer(number) is not None for number in range(57))
    totals = answer["on_chain"]["totals"]
    equal((totals["runs_looked_at"], totals["unclaimed"]), (57, str(1000 * paid)), f"{what}: totals")
    equal(answer["memberships"]["total"], 57, f"{what}: joined")
    if paid:
        true("hold less than that" in answer["summary"], f"{what}: {answer['summary']}")


@test
def six_questions():
    """Beside each node's genesis hash, which is kept for ever."""
    other = {"wallet.authorizer": address(BOB)}
    for name, treasurer in TREASURERS.items():
        count_questions(name, treasurer, "brief", BRIEF_BYTES, {})
    count_questions("all, a delegate", TREASURERS["all"], "brief", BRIEF_BYTES, other)
    count_questions("all, full", TREASURERS["all"], "full", FULL_BYTES, {})


@test
def no_runs_and_many():
    for count in (0, 1, 200, 230):
        runs = [{"run_id": f"run-{number:03d}", "joined": [member(ALICE, earned=1)],
                 "state": "Finished" if number >= 210 else "RoundTrain"} for number in range(count)]
        with world({"runs": runs, "accounts": funded(ALICE)}) as (_, monitor):
            answer = ask(monitor, f"{count} runs", address=address(ALICE))
            seen = min(count, 200)
            equal(answer["on_chain"]["totals"]["earned"], str(seen), f"{count}: earned")
            equal(answer["memberships"]["total"], seen, f"{count}: joined")
            notes = " ".join(answer["notes"])
            equal("finished runs were not looked at" in notes, count > 210, f"{count}: {notes}")
            equal("one answer looks at 200" in notes, count > 200, f"{count}: {notes}")


# --- another cluster ------------------------------------------------------------------------

@test
def addresses_of_the_other_cluster():
    """A token's mint, and the pool, are where the pool is; there is nothing at such an address beside the runs."""
    pool = to_base58(derive(PROGRAMS["pool"], b"Pool", struct.pack("<Q", 0))[0])
    chains = {"rpc": {"runs": [{"run_id": "r", "open": True}]},
              "rpc-2": {"genesis": "mainnet", "pools": [{"index": 0, "mint": "a mint"}], "accounts": funded(ALICE),
                        "mints": [{"mint": "a mint"}]}}
    with tempfile.TemporaryDirectory() as folder:
        nodes = {name: write_chain(chain, f"{folder}/{name}") for name, chain in chains.items()}
        with Simulator({"runs.json": make_list([])}, rpc=nodes) as sim:
            settings = chain_settings(sim, **{"rpc.url": sim.node_url("rpc"), "rpc.pool_url": sim.node_url("rpc-2")})
            with LIB.at(sim.url, override=settings) as monitor:
                for given, kind in ((address("a mint"), "a mint of a token on mainnet"),
                                    (pool, "an account of the mining pool program on mainnet"),
                                    (address(ALICE), None)):
                    notes = " ".join(ask(monitor, given, address=given)["notes"])
                    equal("is no wallet" in notes, kind is not None, f"{given}: {notes}")
                    true(kind is None or f"the address of {kind};" in notes, f"{kind}: {notes}")


# --- what goes wrong ------------------------------------------------------------------------

@contextlib.contextmanager
def spoilt_node(url, place, change):
    """A node that passes on what the one at `url` says, but for the account at that address: change(account)."""
    class Handler(loopback.Handler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with urllib.request.urlopen(urllib.request.Request(url, body, dict(self.headers))) as reply:
                answer = json.load(reply)
            asked = json.loads(body)
            if asked["method"] == "getMultipleAccounts":
                values = answer["result"]["value"]
                answer["result"]["value"] = [change(value) if key == place and value else value
                                             for key, value in zip(asked["params"][0], values)]
            out = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

    with loopback.serving(Handler) as spoilt:
        yield spoilt


def garble(account):
    return {**account, "data": ["!!!!", account["data"][1]]}


def vanish(_account):
    return None


@test
def one_account_of_many():
    """Of what one account would have told nothing is made up; all else is told."""
    treasurer, _ = derive(PROGRAMS["treasurer"], b"Run", struct.pack("<Q", run_number(b"r")))
    leave, _ = derive(PROGRAMS["authorizer"], b"Authorization", key(BOSS), key(ALICE), b"CoordinatorJoinRun")
    chain = {"runs": [{"run_id": "r", "state": "WaitingForMembers", "join_authority": BOSS,
                       "joined": [member(ALICE, earned=900)], "treasurer": {"mint": "a mint", "funds": 600}}],
             "authorizations": [{"grantor": BOSS, "grantee": ALICE}], "accounts": funded(ALICE),
             "token_accounts": [{"owner": ALICE, "mint": "a mint", "amount": 41}]}
    state = key("coordinator account of r")
    cases = [  # where, how; whether it can join, by whom; unclaimed, what the treasurer holds, decimals
        (leave, garble, "unknown", None, "900", "600", 6), (leave, vanish, "no", "no leave", "900", "600", 6),
        (state, garble, "unknown", "its own leave", None, "600", 6),
        (state, vanish, "unknown", "its own leave", None, "600", 6),
        (treasurer, garble, "yes", "its own leave", None, None, None),
        (treasurer, vanish, "yes", "its own leave", None, None, None),
        (key("a mint"), vanish, "yes", "its own leave", "900", "600", None),
        (token_account_of(treasurer, key("a mint"))[0], garble, "yes", "its own leave", "900", None, 6),
        (token_account_of(treasurer, key("a mint"))[0], vanish, "yes", "its own leave", "900", "0", 6)]
    with world(chain) as (sim, _):
        for place, change, *want in cases:
            what = f"{change.__name__} {to_base58(place)}"
            with spoilt_node(sim.rpc_url, to_base58(place), change) as url:
                settings = {"rpc.off": "false", "rpc.only_configured": "true", "rpc.url": url}
                with LIB.at(sim.url, override=settings) as monitor:
                    group = ask(monitor, what, address=address(ALICE), run_id="r")["on_chain"]
                    table = ask(monitor, what, address=address(ALICE))["joining"]
            joining, rewards = group["joining"], group["rewards"]
            equal([joining["can_join"], joining.get("by"), rewards.get("unclaimed"), rewards.get("treasurer_holds"),
                   rewards.get("decimals")], want, what)
            shown = [] if want[0] == "no" else [want[0]]
            equal(columns_of(table, "can_join"), shown, f"{what}: in all runs")


@test
def accounts_that_vanish():
    runs = [{"run_id": "here", "joined": [member(ALICE, earned=3)]},
            {"run_id": "gone", "joined": [member(ALICE, earned=3)], "spoil": {"account": {"missing": True}}},
            {"run_id": "old", "joined": [member(ALICE, earned=3)], "spoil": {"account": {"size": 120080}}}]
    with world({"runs": runs, "accounts": funded(ALICE)}) as (_, monitor):
        answer = ask(monitor, "all", address=address(ALICE))
        equal(answer["on_chain"]["totals"]["earned"], "3", "earned")
        true("2 runs' accounts are missing or cannot be read" in answer["notes"], f"{answer['notes']}")
        for name in ("gone", "old"):
            answer = ask(monitor, name, address=address(ALICE), run_id=name)
            equal(answer["on_chain"]["joining"]["can_join"], "no", f"{name}: nobody gave leave")
            group = answer["on_chain"]
            true("membership" not in group and group["problem"], f"{name}: {group}")


@test
def claims_that_cannot_be_read():
    """What was claimed is not known, so neither is what is left: it is not told as nothing."""
    run, _ = derive(PROGRAMS["treasurer"], b"Run", struct.pack("<Q", run_number(b"earning")))
    participant, _ = derive(PROGRAMS["treasurer"], b"Participant", run, key(ALICE))
    broken = {"pubkey": to_base58(participant), "owner": PROGRAMS["treasurer"], "hex": "00"}
    with world({**RICH, "accounts": [*RICH["accounts"], broken]}) as (_, monitor):
        answer = ask(monitor, "all", address=address(ALICE))
        totals = answer["on_chain"]["totals"]
        equal((totals["earned"], "unclaimed" in totals, "claimed" in totals), ("970", False, False), f"{totals}")
        true("how many wait to be claimed is not known" in answer["summary"], answer["summary"])


@test
def a_cluster_that_is_not_told():
    """The second question waits for the first one's facts, not for the node's word of where it is."""
    with tempfile.TemporaryDirectory() as folder:
        rpc = write_chain({"genesis": LOCAL, **RICH}, folder)
        stalled = "/rpc#getGenesisHash=>stall"
        with Simulator({"runs.json": make_list([])}, "--fault", stalled, rpc=rpc) as sim:
            with LIB.at(sim.url, override=chain_settings(sim, patience_ms=400)) as monitor:
                answer = ask(monitor, "all", address=address(ALICE))
    equal(answer["on_chain"]["totals"].get("unclaimed"), "900", "unclaimed")
    equal(rows_of(answer["memberships"])[0]["funded"], "short", "what the treasurer holds")


@test
def a_cluster_that_is_told_late():
    """What a node said before it turned out to be of another cluster is forgotten."""
    other = json.loads(json.dumps(RICH))
    other["runs"][0]["joined"][0]["earned"] = 7
    other["runs"][0]["treasurer"].update({"mint": "another mint", "funds": 9})
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        nodes = {"rpc": write_chain({"genesis": "mainnet", **other}, f"{folder}/rpc"),
                 "rpc-2": write_chain({"genesis": LOCAL, **RICH}, f"{folder}/rpc-2")}
        with Simulator({"runs.json": make_list([])}, "--fault", "/rpc#getGenesisHash=>slow=150", rpc=nodes) as sim:
            for name, names in (("both", ["rpc", "rpc-2"]), ("right", ["rpc-2"])):
                urls = map(sim.node_url, names)
                settings = chain_settings(sim, **{"rpc.url": ",".join(urls), "rpc.pool_url": sim.node_url("rpc-2")})
                with LIB.at(sim.url, override=settings) as monitor:
                    answers[name] = ask(monitor, name, FULL_BYTES, address=address(ALICE), detail="full")
    for group in ("on_chain", "memberships", "joining"):
        equal(answers["both"][group], answers["right"][group], group)
    rows = [row for row in answers["both"]["sources"] if row["source"] == "[on-chain]" and "request" in row]
    equal(rows[0]["status"], "wrong_cluster", "the first node")


@test
def one_source_is_silent():
    with world(RICH, ["earning"], contribution(ALICE, 250000), {"rpc.off": "true"}) as (_, monitor):
        answer = ask(monitor, "no chain", address=address(ALICE))
        true("on_chain" not in answer and answer["tracked"]["pool"]["rank"] == 3, "the dashboard's part")
        true("rpc.off" in answer["summary"], answer["summary"])
        answer = ask(monitor, "no chain, a run", address=address(ALICE), run_id="earning")
        equal(answer["found"], "unknown", "whether it can join")
    with world(RICH) as (_, monitor):
        answer = ask(monitor, "no dashboard", address=address(ALICE))
        equal(answer["memberships"]["total"], 4, "the chain's part")
        equal(answer["agreement"]["verdict"], "single", "agreement")
    chain = {**RICH, "refuse": {"getProgramAccounts": 410}}
    with world(chain, ["earning", "pending"]) as (_, monitor):
        answer = ask(monitor, "no search", address=address(ALICE))
        equal(columns_of(answer["memberships"], "run_id"), ["earning", "pending"], "those that are listed")
        true(any("do not search" in note for note in answer["notes"]), f"{answer['notes']}")


sys.exit(main())
