"""A wallet in a world of its own, for the tests of psyche_wallet."""

import contextlib
import json
import shutil
import tempfile

from chain_address import LOADER, PROGRAMS, SYSTEM, is_on_curve, key, to_base58
from chain_data import chain_settings, write_chain
from harness import BRIEF_BYTES, Lib, Simulator, check_answer, make_list, make_run

LIB = Lib()
LOCAL = to_base58(key("a network of our own"))
BIG = "\u0fcfBIG"


def find_words(count, begin="wallet"):
    """Words that stand for keys on the curve, as a wallet's are."""
    found, number = [], 0
    while len(found) < count:
        found += [f"{begin} {number}"] if is_on_curve(key(f"{begin} {number}")) else []
        number += 1
    return found


ALICE, BOB, CAROL, BOSS = find_words(4)


def address(word):
    return to_base58(key(word))


def funded(*words):
    return [{"pubkey": word, "owner": SYSTEM, "hex": ""} for word in words]


def contribution(word, amount, rank=3, total=1000000):
    """{path: body} of /contributionInfo/:address."""
    users = [{"address": address(word), "funding": f"{BIG}{amount}", "rank": rank}] if amount else []
    body = {"totalDepositedCollateralAmount": f"{BIG}{total}", "maxDepositCollateralAmount": f"{BIG}{2 * total}",
            "users": users, "collateralMintDecimals": 6, "collateralMintAddress": address("a mint"), "error": None}
    return {f"contributionInfo/{address(word)}.json": body}


@contextlib.contextmanager
def world(chain, listed=(), files=None, settings=None):
    """(simulator, monitor): a chain of our own, which has the pool as well."""
    with tempfile.TemporaryDirectory() as folder:
        rpc = write_chain({"genesis": LOCAL, **chain}, folder)
        files = {"runs.json": make_list([make_run(name) for name in listed]), **(files or {})}
        with Simulator(files, rpc=rpc) as sim:
            with LIB.at(sim.url, override=chain_settings(sim, **(settings or {}))) as monitor:
                yield sim, monitor


def ask(monitor, what, most=BRIEF_BYTES, **arguments):
    reply = monitor.call({"tool": "psyche_wallet", "arguments": arguments})
    check_answer(reply, what, most)
    return reply.json


def rows_of(table):
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def reasons_of(answer):
    return [row["reason"] for row in rows_of(answer["reasons"]) if row["in_way"] == "yes"]


def member(word, **more):
    return {"signer": word, **more}


RICH = {"runs": [
    {"run_id": "earning", "state": "RoundTrain", "epoch": 4, "clients": [member(ALICE, state="Healthy")],
     "joined": [member(ALICE, earned=900, slashed=5)], "rates": [1000, 1], "next_rates": [1000, 1],
     "epoch_started_at": "2026-11-21T04:20:00Z", "main_authority": BOSS,
     "treasurer": {"mint": "a mint", "funds": 600, "claimed_points": 100, "claimed": 100}, "open": True},
    {"run_id": "hidden-0ne", "state": "WaitingForMembers", "join_authority": "a stranger",
     "main_authority": "a stranger", "open": True},
    {"run_id": "over", "state": "Finished", "joined": [member(ALICE, earned=70)], "ready": 0, "rates": [10, 0]},
    {"run_id": "pending", "state": "RoundTrain", "clients": [member(BOB, state="Healthy")],
     "joined": [member(BOB), member(ALICE)], "rates": [10, 0], "epoch_started_at": "2026-11-21T04:20:00Z"},
    {"run_id": "unpaid", "state": "Warmup", "clients": [member(ALICE, state="Healthy")], "rates": [0, 0]}],
    "accounts": funded(ALICE), "mints": [{"mint": "a mint", "decimals": 6}],
    "token_accounts": [{"owner": ALICE, "mint": "a mint", "amount": 41}],
    "pools": [{"index": 0, "mint": "a mint", "max_deposit": 4000000, "deposited": 1000000}]}


def recorded_folder(recorded, folder, wallets):
    """(the recorded node, where these wallets have SOL and the programs can be seen; its accounts)"""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(recorded / "accounts", folder / "accounts")
    accounts = json.loads((recorded / "accounts.json").read_text())
    (folder / "accounts").chmod(0o755)
    (folder / "accounts" / "empty.bin").write_bytes(b"")
    (folder / "accounts" / "program.bin").write_bytes(bytes(36))
    accounts["accounts"] += [{"file": "empty.bin", "pubkey": wallet, "owner": to_base58(key(SYSTEM)), "lamports": 7}
                             for wallet in wallets]
    accounts["accounts"] += [{"file": "program.bin", "pubkey": program, "owner": LOADER, "lamports": 1,
                              "executable": True} for program in PROGRAMS.values()]
    (folder / "accounts.json").write_text(json.dumps(accounts))
    return folder, accounts["accounts"]
