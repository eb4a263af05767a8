#!/usr/bin/env python3
"""A wallet in Psyche: recorded accounts told field by field, what joining depends on, addresses that are none or not
a wallet's. How nodes are asked is test_wallet_node.py, who may join by all rules test_wallet_rules.py."""

import contextlib
import json
import pathlib
import struct
import subprocess
import sys
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment

from chain_address import PROGRAMS, SYSTEM, TOKEN_PROGRAM, derive, is_on_curve, key, to_base58  # noqa: E402
from chain_data import chain_settings                                                             # noqa: E402
from harness import (BRIEF_BYTES, BUILD, FULL_BYTES, NOW, SCRATCH, Cli, Simulator, Skip,           # noqa: E402
                     check_failure, columns_of, equal, main, make_list, read_json, test, true)
from wallet_world import (ALICE, BOB, BOSS, CAROL, LIB, RICH, address, ask, contribution, funded, member,  # noqa: E402
                          reasons_of, recorded_folder, rows_of, world)

OF_ANOTHER_RUN = "sim2"                  # recorded with the account of the run sim, which we do not take


# --- the recorded accounts ------------------------------------------------------------------

def golden_folder(wallets):
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    return recorded_folder(pathlib.Path(GOLDEN, "chain", "rpc"), SCRATCH / "golden", wallets)


@contextlib.contextmanager
def golden_world(wallets):
    folder, accounts = golden_folder(wallets)
    with Simulator({"runs.json": make_list([])}, rpc=folder) as sim:
        def open_monitor(**settings):
            return LIB.at(sim.url, override=chain_settings(sim, **settings))
        yield open_monitor, accounts


def golden(*names):
    return json.loads(pathlib.Path(GOLDEN, "chain", *names).read_text())


def expand(path):
    """The bytes of a packed account."""
    done = subprocess.run([BUILD / "tools" / "dump_account"], input=f"bytes {path}\n".encode(), capture_output=True,
                          timeout=60, check=True)
    return bytes.fromhex(json.loads(done.stdout)["account"])


@test
def joining_as_recorded():
    """run-manager's rules, replayed over the recorded accounts, and ours beside them."""
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    truth = golden("rpc", "expected_runs.json")
    user, owner = truth["user"], truth["delegate_owner"]
    modes = {"can_join(user)": {}, "can_join(user, authorizer=user)": {"wallet.authorizer": user},
             "can_join(user, authorizer=delegate owner)": {"wallet.authorizer": owner}}
    with golden_world([user]) as (open_monitor, _):
        for mode, settings in modes.items():
            with open_monitor(**settings) as monitor:
                for row in truth["can_join"]:
                    what = f"{row['run_id']}, {mode}"
                    group = ask(monitor, what, address=user, run_id=row["run_id"])["on_chain"]
                    want = "yes" if row[mode].startswith("yes") else row[mode]
                    equal(group["joining"]["run_manager_can_join"], want, what)
                    if row["run_id"] == OF_ANOTHER_RUN:
                        equal(group["problem"], "it names another run than its instance", what)
        ways = {"leave for everybody": SYSTEM, "its own leave": user, "leave of AUTHORIZER, as its delegate": owner}
        for case, settings in zip(truth["list_runs"], ({}, {"wallet.authorizer": owner})):
            with open_monitor(**settings) as monitor:
                rows = rows_of(ask(monitor, case["case"], address=user)["joining"])
            got = {(row["run_id"], ways[row["by"]]) for row in rows
                   if row["by"] and row["phase"] not in ("Paused", "Finished", "Uninitialized")}
            equal(got, {(row["run_id"], row["grantee"]) for row in case["joinable"]}, case["case"])


def clients_of(part):
    return {to_base58(bytes(client["id"]["signer"])): client for client in part}


@test
def memberships_as_recorded():
    """Each wallet that stands in a recorded coordinator account, with all that the account says of it."""
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    compared = 0
    with golden_world([]) as (open_monitor, accounts), open_monitor() as monitor:
        for account in accounts:
            about = account.get("what", {})
            if "from" not in about or about["run_id"] == OF_ANOTHER_RUN:
                continue
            state = golden("coord", f"{about['from']}.json")["state"]
            joined = clients_of(state["clients_state"]["clients"])
            alive = clients_of(state["coordinator"]["epoch_state"]["clients"])
            gone = clients_of(state["coordinator"]["epoch_state"]["exited_clients"])
            signers = list(joined)[:4] + list(alive)[-2:] + list(gone)[:2]
            for signer in dict.fromkeys(signers):
                what = f"{about['run_id']}, {signer}"
                member = ask(monitor, what, address=signer, run_id=about["run_id"])["on_chain"]["membership"]
                mine = joined.get(signer)
                for name in ("earned", "slashed", "active"):
                    equal(member.get(name), str(mine[name]) if mine else None, f"{what}: {name}")
                here, left = alive.get(signer, {}), gone.get(signer, {})
                equal(member.get("epoch_state"), here.get("state"), f"{what}: epoch")
                equal(member.get("epoch_exited_round", 0), here.get("exited_height", 0), f"{what}: round in the epoch")
                equal(member.get("exited"), left.get("state"), f"{what}: exited")
                equal(member.get("exited_round"), left.get("exited_height"), f"{what}: round")
                compared += 1
    true(compared >= 25, f"only {compared} compared")


@test
def a_pause_as_recorded():
    """Recorded after a pause, which withdraws all who are in the epoch: they did not leave it. One had."""
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    epoch = golden("coord", "coord_32.json")["state"]["coordinator"]["epoch_state"]
    stayed, gone = list(clients_of(epoch["clients"])), list(clients_of(epoch["exited_clients"]))
    with golden_world([]) as (open_monitor, _), open_monitor() as monitor:
        for signer in [*stayed, *gone]:
            got = ask(monitor, signer, address=signer, run_id="sim")["on_chain"]["membership"]
            equal(got["status"] == "exited", signer in gone, f"{signer}: {got}")


def read_account(accounts, kind, **about):
    """The bytes of the one recorded account of that kind."""
    row = next(row for row in accounts if str(row.get("what", {}).get("kind", "")).startswith(kind)
               and all(row["what"].get(name) == value for name, value in about.items()))
    return expand(pathlib.Path(GOLDEN, "chain", "rpc", "accounts", f"{row['file']}.zst")), row


@test
def deposits_and_claims_as_recorded():
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    truth = golden("rpc", "accounts.json")
    user = truth["user"]
    with golden_world([user]) as (open_monitor, accounts), open_monitor() as monitor:
        lender, _ = read_account(accounts, "Lender", index=0)
        pool, _ = read_account(accounts, "Pool", index=0)
        participant, _ = read_account(accounts, "treasurer Participant")
        funds, _ = read_account(accounts, "token account (ATA) of treasurer")
        answer = ask(monitor, "all", address=user)
        equal(answer["on_chain"]["lamports"], "7", "lamports")
        equal(answer["pool"]["deposited_base_units"], str(struct.unpack_from("<Q", lender, 9)[0]), "deposit")
        equal(answer["pool"]["claimed_base_units"], str(struct.unpack_from("<Q", lender, 17)[0]), "claimed")
        equal(answer["pool"]["claiming_enabled"], bool(pool[8 + 1 + 8 + 32 + 32 + 24]), "claiming")
        rewards = ask(monitor, "train-17", address=user, run_id="train-17")["on_chain"]["rewards"]
        amount, points = struct.unpack_from("<QQ", participant, 9)
        equal(rewards["claimed_amount"], str(amount), "claimed amount")
        equal(rewards["claimed_points"], str(points), "claimed points")
        equal(rewards["mint"], truth["collateral_mint"], "mint")
        equal(rewards["treasurer_holds"], str(struct.unpack_from("<Q", funds, 64)[0]), "what the treasurer holds")
        equal(rewards["decimals"], 6, "decimals")


# --- rewards and memberships ----------------------------------------------------------------

@test
def all_runs_of_a_wallet():
    for is_full in (False, True):
        detail, most = ("full", FULL_BYTES) if is_full else ("brief", BRIEF_BYTES)
        with world(RICH, ["earning", "hidden-one"], contribution(ALICE, 250000)) as (_, monitor):
            answer = ask(monitor, detail, most, address=address(ALICE), detail=detail)
        rows = {row["run_id"]: row for row in rows_of(answer["memberships"])}
        equal({run: (row["status"], row["earned"], row["why_zero"]) for run, row in rows.items()},
              {"earning": ("active", "900", None),
               "over": ("past", "70", "nothing to claim: the run has no treasurer"),
               "pending": ("pending", "0", "joined after the epoch began"), "unpaid": ("active", "0", "rates are 0")},
              f"{detail}: memberships")
        equal([rows["earning"][name] for name in ("slashed", "unclaimed", "claimed", "funded")],
              ["5", "900", "0", "short"], f"{detail}: rewards")
        if is_full:
            equal([rows["earning"][name] for name in ("balance", "epoch_state", "mint")],
                  ["41", "Healthy", address("a mint")], "the rest")
        equal(answer["on_chain"]["totals"]["earned"], "970", f"{detail}: earned in all")
        equal(answer["tracked"]["pool"]["rank"], 3, f"{detail}: rank")
        equal(answer["tracked"]["pool"]["share_percent"], "25", f"{detail}: share")
        equal(answer["agreement"]["verdict"], "conflict", f"{detail}: the dashboard tells of a deposit")
        notes = " ".join(answer["notes"])
        true("hidden-0ne is written almost like hidden-one" in notes, f"{detail}: look-alike: {notes}")
        true("no authority of a listed run is in charge" in notes, f"{detail}: authorities: {notes}")
        true("cannot be found from the wallet alone" in notes, f"{detail}: delegates: {notes}")


@test
def pages_of_memberships():
    runs = [{"run_id": f"run-{number:03d}", "joined": [member(ALICE, earned=number)]} for number in range(75)]
    with world({"runs": runs, "accounts": funded(ALICE)}) as (_, monitor):
        seen, arguments = [], {"address": address(ALICE), "limit": 9, "detail": "full"}
        while arguments and len(seen) < 200:
            table = ask(monitor, f"after {len(seen)}", FULL_BYTES, **arguments)["memberships"]
            equal(table["total"], 75, "total")
            seen += list(zip(columns_of(table, "run_id"), columns_of(table, "earned")))
            arguments = table.get("get_more")
        equal(seen, [(run["run_id"], str(number)) for number, run in enumerate(runs)], "every run once")


@test
def equal_first_bytes():
    """Psyche's own tools show four bytes of a key: two wallets that share them are two."""
    first = key(ALICE)
    twin = next(first[:8] + bytes([n]) + first[9:] for n in range(256)
                if n != first[8] and is_on_curve(first[:8] + bytes([n]) + first[9:]))
    joined = [{"signer": to_base58(first), "earned": 11}, {"signer": to_base58(twin), "earned": 22}]
    chain = {"runs": [{"run_id": "twins", "joined": joined}]}
    with world(chain) as (_, monitor):
        for wallet, earned in ((first, "11"), (twin, "22")):
            answer = ask(monitor, "twins", address=to_base58(wallet), run_id="twins")
            equal(answer["on_chain"]["membership"]["earned"], earned, f"of {to_base58(wallet)}")


# --- joining --------------------------------------------------------------------------------

def joining_case(wallet=ALICE, settings=None, accounts=(ALICE,), authorizations=(), **run):
    chain = {"runs": [{"run_id": "r", "state": "WaitingForMembers", "join_authority": BOSS, **run}],
             "accounts": funded(*accounts), "authorizations": list(authorizations)}
    with world(chain, settings=settings) as (_, monitor):
        return ask(monitor, str(run), address=address(wallet), run_id="r")


@test
def reasons_against_joining():
    everybody, own = {"grantor": BOSS}, {"grantor": BOSS, "grantee": ALICE}
    cases = [
        ("open", {"authorizations": [everybody]}, "yes", []),
        ("its own", {"authorizations": [own]}, "yes", []),
        ("nobody's", {}, "no", ["no_authorization"]),
        ("of another grantor", {"authorizations": [{"grantor": BOB}]}, "no", ["no_authorization"]),
        ("not active", {"authorizations": [{**own, "active": False}]}, "no", ["authorization_inactive"]),
        ("wrong grantor inside", {"authorizations": [{**own, "spoil": {"bytes": {"9": "01" * 32}}}]}, "no",
         ["wrong_grantor"]),
        ("wrong grantee inside", {"authorizations": [{**own, "spoil": {"bytes": {"41": "01" * 32}}}]}, "no",
         ["wrong_grantee"]),
        ("wrong scope inside", {"authorizations": [{**own, "spoil": {"bytes": {"77": "58"}}}]}, "no",
         ["wrong_scope"]),
        ("cut", {"authorizations": [{**own, "spoil": {"size": 60}}]}, "no", ["authorization_unreadable"]),
        ("paused, everything else too", {"state": "Paused", "accounts": (), "joined": 256, "batch": 256}, "no",
         ["paused", "no_authorization", "no_free_slot", "batch_size_reached", "no_lamports"]),
        ("finished", {"state": "Finished", "authorizations": [own]}, "no", ["finished"]),
        ("in this epoch", {"state": "RoundTrain", "authorizations": [own],
                           "clients": [member(ALICE, state="Healthy")]}, "no", ["already_in_epoch"]),
        ("a delegate", {"authorizations": [{"grantor": BOSS, "grantee": BOB, "delegates": [CAROL, ALICE]}],
                        "settings": {"wallet.authorizer": address(BOB)}}, "yes", []),
        ("no delegate", {"authorizations": [{"grantor": BOSS, "grantee": BOB, "delegates": [CAROL]}],
                         "settings": {"wallet.authorizer": address(BOB)}}, "no", ["wrong_grantee"]),
    ]
    for what, case, verdict, reasons in cases:
        answer = joining_case(**case)
        equal(answer["on_chain"]["joining"]["can_join"], verdict, what)
        equal(reasons_of(answer), reasons, what)
        for row in rows_of(answer["reasons"]):
            true(row["source"] == "[on-chain]" and row["field"] and row["do"], f"{what}: {row}")
        said = [word for word in reasons if word not in answer["summary"]]
        true(not said or (said == reasons == ["already_in_epoch"] and "in this epoch already" in answer["summary"]),
             f"{what}: {answer['summary']}")


@test
def delegates_of_a_leave():
    """A full answer names the keys that may use a leave, as many as there is room for; the rest page by page."""
    words = [f"delegate {number}" for number in range(300)]
    chain = {"runs": [{"run_id": "r", "join_authority": BOSS, "state": "WaitingForMembers"}], "accounts": funded(ALICE),
             "authorizations": [{"grantor": BOSS, "grantee": ALICE, "delegates": words}]}
    seen, arguments = [], {"address": address(ALICE), "run_id": "r", "detail": "full", "page": "g.delegates"}
    with world(chain) as (_, monitor):
        brief = ask(monitor, "brief", address=address(ALICE), run_id="r")
        equal(("delegates" in brief, columns_of(brief["authorizations"], "delegates")), (False, [None, 300]), "brief")
        full = ask(monitor, "full", FULL_BYTES, **{**arguments, "page": ""})
        true(full["delegates"]["returned"] > 3, f"beside all else: {full['delegates']['returned']}")
        while arguments and len(seen) < 300:
            answer = ask(monitor, f"after {len(seen)}", FULL_BYTES, **arguments)
            seen += columns_of(answer["delegates"], "delegate")
            arguments = next((row["get"] for row in answer.get("omitted", [])), None)
    equal(seen, [address(word) for word in words], "every key once")


@test
def where_run_manager_differs():
    answer = joining_case(state="Paused", authorizations=[{"grantor": BOSS}])
    equal(answer["on_chain"]["joining"]["run_manager_can_join"], "yes", "of a paused run")
    true(any("run-manager can-join says yes" in note for note in answer["notes"]), "it is said")
    answer = joining_case(authorizations=[{"grantor": BOSS, "grantee": ALICE}])
    equal(answer["on_chain"]["joining"]["run_manager_can_join"], "no: Authorization does not exist",
          "by its own leave")
    true(any("--authorizer" in note for note in answer["notes"]), "it is said")
    for state, words in (("RoundTrain", "it is in this epoch already"), ("WaitingForMembers", "the last epoch's list")):
        answer = joining_case(state=state, authorizations=[{"grantor": BOSS}], clients=[member(ALICE, state="Healthy")])
        equal(reasons_of(answer), ["already_in_epoch"], state)
        true(words in answer["summary"], f"{state}: {answer['summary']}")
        true(any("run-manager's own rule" in note for note in answer["notes"]), f"{state}: {answer['notes']}")


# --- addresses ------------------------------------------------------------------------------

BAD = ["x", "0x52908400098527886E0F7030069857D2E4169EE7", "11111111111111111111111111111111O", "lIO0", "é" * 20,
       address(ALICE)[:-1], address(ALICE) + "1", "<script>", "\u202e" + address(ALICE)[:30], "1" * 31, "1" * 33,
       "1" * 44]


@test
def addresses_that_are_none():
    with world(RICH) as (sim, monitor):
        for given in BAD:
            reply = monitor.call({"tool": "psyche_wallet", "arguments": {"address": given}})
            check_failure(reply, "bad_request", f"{given!r}")
        for given in (5, None, True, [], {}, ["x"]):
            check_failure(monitor.call({"tool": "psyche_wallet", "arguments": {"address": given}}), "bad_request",
                          f"{given!r}")
        secret = "5" * 88
        reply = monitor.call({"tool": "psyche_wallet", "arguments": {"address": secret}})
        check_failure(reply, "bad_request", "a private key")
        true(b"5555" not in reply.text, "it is not repeated")
        reply = monitor.call({"tool": "psyche_wallet", "arguments": {}})
        check_failure(reply, "bad_request", "none")
        true("ask the user for the public address" in reply.json["error"], "what to ask for")
        reply = monitor.call({"tool": "psyche_wallet", "arguments": {"action": "list_runs"}})
        check_failure(reply, "bad_request", "an action")
        equal(reply.json["supported"], ["address", "run_id", "limit", "detail", "page"], "arguments")
        equal(sim.log(), [], "nobody was asked")


@test
def configured_address():
    with world(RICH, settings={"wallet.address": address(ALICE)}) as (_, monitor):
        equal(ask(monitor, "configured")["address"], address(ALICE), "address")
        equal(ask(monitor, "given", address=address(BOB))["address"], address(BOB), "another")
    for name in ("wallet.address", "wallet.authorizer"):
        with LIB.open({"offline": True, "override": {name: "5" * 88}}) as monitor:
            reply = monitor.call({"tool": "psyche_wallet", "arguments": {}})
            check_failure(reply, "bad_config", name)
            true(b"5555" not in reply.text, f"{name}: it is not repeated")


@test
def addresses_of_something_else():
    run = {"run_id": "r", "main_authority": BOSS, "treasurer": {"mint": "a mint", "funds": 5}, "open": True,
           "join_authority": BOSS}
    chain = {"runs": [run], "mints": [{"mint": "a mint"}], "accounts": funded(ALICE),
             "pools": [{"index": 0, "mint": "a mint"}],
             "token_accounts": [{"owner": ALICE, "mint": "a mint", "amount": 4}]}
    instance = to_base58(derive(PROGRAMS["coordinator"], b"coordinator", b"r")[0])
    pool = to_base58(derive(PROGRAMS["pool"], b"Pool", struct.pack("<Q", 0))[0])
    leave = to_base58(derive(PROGRAMS["authorizer"], b"Authorization", key(BOSS), bytes(32),
                             b"CoordinatorJoinRun")[0])
    cases = [(PROGRAMS["coordinator"], "program"), (address("a mint"), "mint of a token"),
             (instance, "account of the coordinator program"), (pool, "account of the mining pool program"),
             (leave, "account of the authorizer program"),
             (address("coordinator account of r"), "account of the coordinator program")]
    with world(chain) as (_, monitor):
        for given, kind in cases:
            for more in ({}, {"run_id": "r"}):
                answer = ask(monitor, kind, address=given, **more)
                equal(answer["on_chain"]["address_is"], kind, given)
                true(any("no wallet" in note for note in answer["notes"]), f"{kind}: {answer['notes']}")
            equal(answer["on_chain"]["joining"]["can_join"], "no", kind)
        for given in (to_base58(key(TOKEN_PROGRAM)), to_base58(bytes(32))):
            equal(ask(monitor, given, address=given)["on_chain"]["address_is"], "program", given)
            true(any("no wallet" in note for note in ask(monitor, given, address=given)["notes"]), given)
        answer = ask(monitor, "nobody", address=address(CAROL))
        equal((answer["found"], answer["on_chain"]["address_is"]), (False, "nothing yet"), "a key nobody has used")


@test
def sol_makes_no_wallet():
    """Anybody can send SOL to an address that no key can sign for, as a vault's is: it cannot run a client."""
    vault, _ = derive(PROGRAMS["treasurer"], b"a vault")
    chain = {"runs": [{"run_id": "r", "state": "WaitingForMembers", "open": True}],
             "accounts": funded(to_base58(vault), ALICE)}
    with world(chain) as (_, monitor):
        answer = ask(monitor, "a vault", address=to_base58(vault), run_id="r")
        equal(answer["on_chain"]["address_is"], "address without a key", "what it is")
        equal(reasons_of(answer), ["not_a_wallet"], "why it cannot join")
        true(any("has no key" in note for note in answer["notes"]), f"{answer['notes']}")
        equal(reasons_of(ask(monitor, "a wallet", address=address(ALICE), run_id="r")), [], "one beside it")


@test
def only_what_its_source_says():
    """Another deposit on the dashboard changes nothing that is labelled as of the chain, and the other way round."""
    answers = {}
    for name, shown, funds in (("as it is", 250000, 600), ("dashboard", 777, 600), ("chain", 250000, 2000)):
        chain = json.loads(json.dumps(RICH))
        chain["runs"][0]["treasurer"]["funds"] = funds
        with world(chain, ["earning"], contribution(ALICE, shown)) as (_, monitor):
            answers[name] = ask(monitor, name, FULL_BYTES, address=address(ALICE), detail="full")
    base = answers.pop("as it is")
    for name, answer in answers.items():
        changed = {group for group in base if base[group] != answer[group]} - {"summary", "agreement"}
        equal(changed, {"tracked"} if name == "dashboard" else {"memberships"}, f"{name}: groups that changed")


@test
def on_the_command_line():
    with world(RICH, ["earning"]) as (sim, monitor):
        settings = {"now": NOW, **chain_settings(sim)}
        for words, arguments in (((), {}), (("--run", "earning"), {"run_id": "earning"}),
                                 (("--run=late one", "--full"), {"run_id": "late one", "detail": "full"})):
            request = {"tool": "psyche_wallet", "arguments": {"address": address(ALICE), **arguments}}
            want = monitor.call(request)
            done = Cli(sim.url, settings).run("wallet", address(ALICE), *words)
            equal((done.status, read_json(done.out)), (want.status, want.json), f"{words}")
        done = Cli(sim.url, settings).run("wallet", address(ALICE), "earning")
        equal((done.status, done.out), (2, b""), "a word too many")
        file = SCRATCH / "client.env"
        file.write_text(f'RUN_ID="x"\nADDRESS="{address(ALICE)}"\nAUTHORIZER={address(BOB)}\nWALLET_PATH=/secret\n')
        done = Cli(sim.url, {**settings, "env_file": str(file)}).run("wallet")
        answer = read_json(done.out)
        equal(answer["address"], address(ALICE), "the address of an env file")
        true(not any("cannot be found from the wallet alone" in note for note in answer["notes"]), "its authorizer")


@test
def authorities_of_an_unlisted_run():
    """Compared with those of all listed runs, in run_details as well; facts, no verdict."""
    listed = {"run_id": "known", "main_authority": "a main key", "join_authority": "a join key"}
    nobody, no_main = "no authority of a listed run is in charge there", "its main authority is in charge of no listed run"
    cases = [("a main key", "a join key", ["known"], None), ("a main key", "another", ["known"], None),
             ("another", "a join key", ["known"], no_main), ("another", "another", ["known"], nobody),
             ("another", "another", ["known", "new"], None), ("another", "another", ["elsewhere"], None),
             ("another", "another", [], None)]
    for main_key, join_key, names, want in cases:
        run = {"run_id": "new", "main_authority": main_key, "join_authority": join_key, "open": True}
        with world({"runs": [listed, run], "accounts": funded(ALICE)}, names) as (_, monitor):
            details = monitor.call({"action": "run_details", "run_id": "new"}).json
            for answer in (details, ask(monitor, "wallet", address=address(ALICE), run_id="new")):
                said = [note for note in answer["notes"] if "in charge" in note]
                equal(said, [f"new is not on the dashboard's list [tracked], and {want} [on-chain]"] if want else [],
                      f"{answer['action']}: {main_key}, {join_key}, {names}")


@test
def runs_that_are_not_plain():
    with world(RICH, ["earning"]) as (_, monitor):
        answer = ask(monitor, "a part", address=address(ALICE), run_id="earn")
        equal((answer["run_id"], answer["matched_by"]), ("earning", "prefix"), "by its beginning")
        answer = ask(monitor, "none", address=address(ALICE), run_id="nothing-like-it")
        equal(answer["found"], False, "no such run")
        near = ask(monitor, "near", address=address(ALICE), run_id="earnimg")["next"][0]
        equal((near["tool"], near["arguments"]), ("psyche_wallet", {"address": address(ALICE), "run_id": "earning"}),
              "the same question about the one that was meant")


sys.exit(main())
