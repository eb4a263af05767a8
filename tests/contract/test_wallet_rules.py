#!/usr/bin/env python3
"""Who may join which run: the rules once more, in Python and from what Psyche's programs do, and a few hundred runs
drawn by chance, in which the library must find the same reasons. WORLDS=50 draws more, SEED=7 others."""

import json
import pathlib
import random
import sys
import tempfile
from os import environ

from chain_address import SYSTEM, is_on_curve, key, to_base58
from chain_data import SCOPE, chain_settings, write_chain
from harness import Lib, Simulator, check_answer, columns_of, equal, main, make_list, test, true

WORLDS, SEED = int(environ.get("WORLDS", 6)), int(environ.get("SEED", 1))
RUNS = 40
BUDGET = 4 << 20
LIB = Lib()
NOBODY, STRANGER = bytes(32), key("a stranger")
PLACES = 256
STATES = ["Uninitialized", "WaitingForMembers", "Warmup", "RoundTrain", "RoundWitness", "Cooldown", "Finished",
          "Paused"]
UNDER_WAY = {"Warmup", "RoundTrain", "RoundWitness", "Cooldown"}
ENDED = {"Paused": "paused", "Finished": "finished", "Uninitialized": "not_set_up"}
WAYS = {"everybody": "leave for everybody", "wallet": "its own leave", "other": "leave of AUTHORIZER, as its delegate"}

# --- by chance ------------------------------------------------------------------------------


def find_word(chance):
    while True:
        word = f"wallet {chance.random()}"
        if is_on_curve(key(word)):
            return word


def draw_leave(chance, grantor, grantee, wallet):
    """(what chain_data is told, what stands in the account); (None, None): no leave. None for what cannot be read."""
    if chance.random() < 0.3:
        return None, None
    delegates = chance.choice([[], ["x"], ["x", wallet], [wallet] * 2, [f"y {n}" for n in range(40)] + [wallet]])
    told = {"grantor": grantor, "grantee": grantee, "delegates": delegates, "active": chance.random() < 0.8,
            "granted_at": chance.choice([0, 1, 1790000000, 2 ** 62, -5])}
    says = {"grantor": key(grantor), "grantee": key(grantee), "scope": SCOPE, "active": told["active"],
            "delegates": [key(each) for each in delegates]}
    spoilt = {}
    if chance.random() < 0.15:
        says["grantor"] = STRANGER
        spoilt["9"] = STRANGER.hex()
    if chance.random() < 0.3:
        says["grantee"] = chance.choice([STRANGER, key(wallet), NOBODY])
        spoilt["41"] = says["grantee"].hex()
    if chance.random() < 0.15:
        says["scope"] = b"X" + SCOPE[1:]
        spoilt["77"] = b"X".hex()
    told["spoil"] = {"bytes": spoilt}
    if chance.random() < 0.1:
        told["spoil"] = chance.choice([{"size": chance.choice([0, 7, 8, 40, 100])}, {"owner": "somebody"},
                                       {"bytes": {"0": "ff"}}, {"owner": SYSTEM, "size": 0}])
        says = None
    return told, says


class World:
    """A wallet, perhaps another key whose delegate it may be, and runs."""

    def __init__(self, chance):
        self.wallet, self.other = find_word(chance), find_word(chance)
        self.names_other = chance.random() < 0.5
        self.lamports = chance.choice([None, 0, 1, 5, 2 ** 64 - 1])
        self.chain = {"genesis": to_base58(key("a network of our own")), "runs": [], "authorizations": []}
        self.facts = [self.draw_run(chance, number) for number in range(RUNS)]
        if self.lamports is not None:
            self.chain["accounts"] = [{"pubkey": self.wallet, "owner": SYSTEM, "hex": ""}]

    def draw_run(self, chance, number):
        run = {"run_id": f"run-{number:02d}", "state": chance.choice(STATES), "join_authority": f"boss {number}",
               "pending_pause": chance.random() < 0.3, "client_version": chance.choice(["", "v1"])}
        facts = {**run, "leaves": {}}
        for name, grantee in (("everybody", SYSTEM), ("wallet", self.wallet), ("other", self.other)):
            told, says = draw_leave(chance, run["join_authority"], grantee, self.wallet)
            if told:
                self.chain["authorizations"].append(told)
                facts["leaves"][name] = says
        facts["is_in_epoch"] = chance.random() < 0.3
        facts["is_member"] = chance.random() < (0.8 if facts["is_in_epoch"] else 0.4)
        joined = [{"signer": f"member {n} of {number}"} for n in range(chance.choice([0, 1, 2, 5, 255, 256]))]
        if facts["is_member"]:
            joined = [*joined[:PLACES - 1], {"signer": self.wallet}]
        facts["joined"] = len(joined)
        facts["batch"] = chance.choice([0, len(joined), len(joined) + 1, 512, 65535])
        clients = [{"signer": f"client {n}", "state": "Healthy"} for n in range(chance.choice([0, 2, 9]))]
        if facts["is_in_epoch"]:
            clients.append({"signer": self.wallet, "state": chance.choice(["Healthy", "Dropped", "Withdrawn"])})
        self.chain["runs"].append({**run, "joined": joined, "batch": facts["batch"], "clients": clients})
        return facts

    def write(self, folder):
        """The node's accounts; chain_data has no word for what a wallet holds."""
        path = pathlib.Path(write_chain(self.chain, folder), "accounts.json")
        node = json.loads(path.read_text())
        for account in node["accounts"]:
            if account["pubkey"] == to_base58(key(self.wallet)):
                account["lamports"] = self.lamports
        path.write_text(json.dumps(node))
        return folder


# --- the rules ------------------------------------------------------------------------------

def flaws_of(says, grantor, wallet):
    """Of a leave; nothing for one that lets the wallet in."""
    if says is None:
        return {"authorization_unreadable"}
    is_meant = says["grantee"] in (NOBODY, wallet) or wallet in says["delegates"]
    rules = {"wrong_grantor": says["grantor"] == grantor, "wrong_scope": says["scope"] == SCOPE,
             "wrong_grantee": is_meant, "authorization_inactive": says["active"]}
    return {name for name, holds in rules.items() if not holds}


def is_kept_out(facts):
    """run-manager's rule: a key trains once."""
    return facts["is_in_epoch"] and facts["state"] not in ("Paused", "Uninitialized")


def reasons_of(world, facts):
    """(the way in, what stands in the way, what else is worth saying)"""
    grantor, wallet, state = key(facts["join_authority"]), key(world.wallet), facts["state"]
    leaves = {name: flaws_of(says, grantor, wallet) for name, says in facts["leaves"].items()
              if name != "other" or world.names_other}
    way = next((name for name in WAYS if leaves.get(name) == set()), None)
    against = {ENDED[state]} if state in ENDED else set()
    if way is None:
        against |= set().union(*leaves.values()) or {"no_authorization"}
    if is_kept_out(facts):
        against.add("already_in_epoch")
    if not facts["is_member"]:
        against |= {"no_free_slot"} if facts["joined"] == PLACES else set()
        against |= {"batch_size_reached"} if facts["joined"] == facts["batch"] else set()
    if not world.lamports:
        against.add("no_lamports")
    beside = {"client_version"} if facts["client_version"] else set()
    if state in UNDER_WAY:
        beside |= {"pause_asked"} if facts["pending_pause"] else set()
        beside |= set() if facts["is_in_epoch"] else {"epoch_under_way"}
    return way, against, beside


def by_run_manager(world, facts):
    """What its can-join says, which looks at one thing after the other; None where it ends with an error."""
    name = "other" if world.names_other else "everybody"
    if not world.lamports:
        return "no: no lamports"
    if name not in facts["leaves"]:
        return "no: Authorization does not exist"
    if facts["leaves"][name] is None:
        return None
    if flaws_of(facts["leaves"][name], key(facts["join_authority"]), key(world.wallet)):
        return "no: Authorization invalid"
    return "no: already in this epoch" if is_kept_out(facts) else "yes"


# --- the comparison -------------------------------------------------------------------------

def ask(monitor, what, **arguments):
    reply = monitor.call({"tool": "psyche_wallet", "arguments": arguments, "budget": BUDGET})
    check_answer(reply, what)
    return reply.json


def check_run(world, facts, answer, row, what):
    way, against, beside = reasons_of(world, facts)
    table, joining = answer["reasons"], answer["on_chain"]["joining"]
    found = {kind: {name for name, in_way in zip(columns_of(table, "reason"), columns_of(table, "in_way"))
                    if in_way == kind} for kind in ("yes", "no")}
    equal(found, {"yes": against, "no": beside}, f"{what}: reasons")
    equal([joining["can_join"], joining["by"]], ["no" if against else "yes", WAYS.get(way, "no leave")],
          f"{what}: verdict")
    equal(joining.get("run_manager_can_join"), by_run_manager(world, facts), f"{what}: run-manager")
    is_shown = way or any(name in facts["leaves"] for name in ("wallet", "other")
                          if name != "other" or world.names_other)
    equal(row is not None, bool(is_shown), f"{what}: in the table of all runs")
    if row:
        in_way = set(filter(None, (row["in_way"] or "").split(", ")))
        equal([row["can_join"], row["by"], in_way], [joining["can_join"], WAYS.get(way), against],
              f"{what}: there")


def check_world(world, what):
    address, checked = to_base58(key(world.wallet)), 0
    named = {"wallet.authorizer": to_base58(key(world.other))} if world.names_other else {}
    with tempfile.TemporaryDirectory() as folder:
        with Simulator({"runs.json": make_list([])}, rpc=world.write(folder)) as sim:
            with LIB.at(sim.url, override=chain_settings(sim, **named)) as monitor:
                table = ask(monitor, what, address=address, limit=50)["joining"]
                rows = {row[0]: dict(zip(table["columns"], row)) for row in table["rows"]}
                for facts in world.facts:
                    run_id = facts["run_id"]
                    answer = ask(monitor, run_id, address=address, run_id=run_id)
                    check_run(world, facts, answer, rows.get(run_id), f"{what}, {run_id} {facts}")
                    checked += 1
    return checked


@test
def rules_by_chance():
    chance = random.Random(SEED)
    checked = sum(check_world(World(chance), f"SEED={SEED}, world {number}") for number in range(WORLDS))
    true(checked == WORLDS * RUNS, f"{checked} combinations")
    print(f"{checked} combinations", flush=True)


sys.exit(main())
