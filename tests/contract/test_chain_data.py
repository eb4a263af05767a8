#!/usr/bin/env python3
"""The accounts that tests are made of are such as Psyche's programs make: addresses by the recorded vectors, and
bytes by what the library's decoders and the layout table read out of them."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from chain_address import (PROGRAMS, SYSTEM, derive, from_base58, instance_of, is_on_curve, key, to_base58,
                           token_account_of)
from chain_data import TABLE, coordinator_bytes, make_accounts, write_chain
from chain_layout import Layout
from harness import BUILD, ROOT, equal, main, test, true

VECTORS = json.loads((ROOT / "tests" / "data" / "chain" / "pda.json").read_text())
RUN = {"run_id": "a-run", "name": "A run", "state": "Cooldown", "params": 2 ** 64 - 1, "epoch": 61, "step": 6001,
       "sequences": 1000, "architecture": "Torchtitan", "batch": [8, 64, 10 ** 9], "clients": 3, "joined": 256,
       "ready": 5, "exited": 1, "pending_pause": True, "rates": [100, 7], "open": True,
       "round": {"height": 18, "data_index": 1064, "witnesses": 2},
       "checkpoint": {"P2PGcs": {"bucket": "b", "prefix": "p"}}, "state_started_at": "2026-11-21T04:00:00Z",
       "treasurer": {"mint": "coins", "funds": 412000}, "state_json": {"coordinator": {"config": {"epoch_time": 9}}}}


def decode(kind, data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        done = subprocess.run([BUILD / "tools" / "dump_account"], input=f"{kind} {file.name}\n".encode(),
                              capture_output=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    equal(answer["verdict"], "ok", f"{kind}: {answer['problem']}")
    return answer["account"]


@test
def addresses():
    for vector in VECTORS["pda"]:
        seeds = [bytes.fromhex(seed) for seed in vector["seeds"]]
        address, bump = derive(vector["program"], *seeds)
        equal((to_base58(address), bump), (vector["pda"], vector["bump"]), vector["args"])
    for vector in VECTORS["on_curve"]:
        equal(is_on_curve(bytes.fromhex(vector["bytes"])), vector["on_curve"], vector["what"])
    for vector in VECTORS["associated_token_account"]:
        equal(token_account_of(key(vector["owner"]), key(vector["mint"])),
              (from_base58(vector["ata"]).rjust(32, b"\0"), vector["bump"]), vector["ata"])
    equal((to_base58(bytes(32)), key(SYSTEM)), (SYSTEM, bytes(32)), "zeros")


@test
def a_run():
    data = coordinator_bytes(RUN)
    account = decode("coordinator", data)
    equal(Layout(TABLE).decode(data), account, "by the table and by the library")
    state = account["state"]
    run = state["coordinator"]
    equal((run["run_id"], run["run_state"], state["metadata"]["num_parameters"]), ("a-run", "Cooldown", 2 ** 64 - 1),
          "head")
    equal(run["model"]["LLM"]["checkpoint"], RUN["checkpoint"], "checkpoint")
    equal((run["config"]["global_batch_size_start"], run["config"]["global_batch_size_end"],
           run["config"]["epoch_time"]), (8, 64, 9), "config")
    epoch, joined = run["epoch_state"], state["clients_state"]
    equal((len(epoch["clients"]), len(epoch["exited_clients"]), len(joined["clients"])), (3, 1, 256), "clients")
    equal(sum(client["active"] == joined["next_active"] for client in joined["clients"]), 5, "ready")
    equal((epoch["rounds_head"], epoch["rounds"][2]["data_index"], len(epoch["rounds"][2]["witnesses"])),
          (2, 1064, 2), "rounds")
    equal(run["run_state_start_unix_timestamp"], 1795233600, "a moment")


@test
def beside_a_run():
    chain = {"runs": [RUN], "pools": [{"max_deposit": 9, "deposited": 4, "metadata": "{}"}]}
    accounts = {to_base58(account["address"]): account for account in make_accounts(chain)}
    by_owner = {}
    for account in accounts.values():
        by_owner.setdefault(to_base58(account["owner"]), []).append(account["data"])
    instance = decode("instance", accounts[to_base58(instance_of(b"a-run")[0])]["data"])
    true(instance["coordinator_account"] in accounts and instance["run_id"] == "a-run", f"instance: {instance}")
    treasurer = decode("run", by_owner[PROGRAMS["treasurer"]][0])
    true(instance["main_authority"] in accounts, "the treasurer's run is the main authority")
    equal(treasurer["coordinator_account"], instance["coordinator_account"], "treasurer")
    equal(decode("pool", by_owner[PROGRAMS["pool"]][0])["max_deposit_collateral_amount"], 9, "pool")
    equal(decode("authorization", by_owner[PROGRAMS["authorizer"]][0])["grantor"], instance["join_authority"],
          "authorization")
    tokens = sorted(by_owner["TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"], key=len)
    equal((decode("mint", tokens[0])["decimals"], decode("token", tokens[1])["amount"]), (6, 412000), "tokens")


@test
def what_is_spoilt():
    chain = {"programs": [], "runs": [{"run_id": "r{n}", "repeat": 2, "spoil": {
        "account": {"size": 120080, "bytes": {"408": "ff"}}, "instance": {"owner": "somebody", "at": "elsewhere"}}}]}
    accounts = make_accounts(chain)
    equal([len(account["data"]) for account in accounts], [173, 120080, 120080], "sizes")   # two at one address
    equal((accounts[1]["data"][408], accounts[0]["owner"], accounts[0]["address"]),
          (255, key("somebody"), key("elsewhere")), "spoilt")
    equal(len(make_accounts({"programs": [], "runs": [{"run_id": "r", "spoil": {"account": {"missing": True}}}]})), 1,
          "missing")
    with tempfile.TemporaryDirectory() as folder:
        write_chain(chain, folder)
        rows = json.loads(Path(folder, "accounts.json").read_text())["accounts"]
        equal([Path(folder, row["file"]).read_bytes() for row in rows], [account["data"] for account in accounts],
              "files")


sys.exit(main())
