"""A dashboard and a chain that agree, for tests of both: consilience-40b-1 as recorded, a run that only the chain
has, and a mining pool on a node of its own."""

import json
import pathlib

from chain_address import PROGRAMS, SYSTEM, derive, instance_of, key, run_number, token_account_of
from chain_data import SCOPE, account_of, u64, write_chain
from harness import DATA, ROOT, SCRATCH, recorded

RUN, UNLISTED = "consilience-40b-1", "only-on-chain"
USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
WALLET = "9cyYvLRc9fhW4Tt8LvgL2knzSigGuNHbZLyLGit824ZT"              # of a client of RUN
POOL_PROGRAM = "PsyMP8fXEEMo2C6C84s8eXuRUrvzQnZyquyjipDRohf"     # as the recorded /status names it


def runs_chain():
    """The chain of a scenario, where consilience-40b-1 is as the recorded dashboard has it; and a run that is on
    chain alone."""
    chain = json.loads((ROOT / "tests/scenarios/chain-run-agree/chain.json").read_text())
    run = {**chain["runs"][0], "open": True}
    other = {"run_id": UNLISTED, "state": "RoundWitness", "clients": 4, "exited": 1, "sequences": 200000,
             "round": {"height": 3, "witnesses": 1}, "join_authority": "somebody else", "main_authority": "a maker",
             "checkpoint": {"P2PGcs": {"bucket": "a-bucket", "prefix": "a/prefix"}}, "optimizer": {"AdamW": {
                 "betas": [0.9, 0.95], "weight_decay": 0.1, "eps": 1e-8, "clip_grad_norm": 1.0}},
             "epoch_started_at": "2026-11-21T04:20:00Z", "state_started_at": "2026-11-21T04:34:51Z"}
    wallet = {"pubkey": WALLET, "owner": SYSTEM, "hex": ""}
    return {**chain, "runs": [run, other], "accounts": [*chain.get("accounts", []), wallet]}


def pool_chain():
    pool = {"authority": "a pool owner", "mint": USDC, "max_deposit": 2500000000000, "deposited": 1234567890123,
            "extracted": 500000000000}
    return {"genesis": "mainnet", "slot": 381904511, "program_ids": {"pool": POOL_PROGRAM}, "pools": [pool],
            "mints": [{"mint": USDC, "decimals": 6, "supply": 8000000000000000}]}


def tracked_files():
    """`/status` names the programs that the chain has, and `/contributionInfo` the pool's amounts."""
    pool = (DATA / "real_contributionInfo.json").read_bytes()
    return {**recorded(), "status.json": (DATA / "real_status.json").read_bytes(), "contributionInfo.json": pool,
            f"contributionInfo/{WALLET}.json": {**json.loads(pool), "users": []}}


def write_nodes(name, runs=None, pool=None):
    """The folders of both nodes, for Simulator(rpc=...)."""
    folder = pathlib.Path(SCRATCH, name)
    return {"rpc": write_chain(runs or runs_chain(), folder / "rpc"),
            "rpc-pool": write_chain(pool or pool_chain(), folder / "rpc-pool")}


def addresses():
    """{(whose, kind): (node, address)}; kinds as in chain_fields."""
    instance, other = (instance_of(name.encode(), PROGRAMS["coordinator"])[0] for name in (RUN, UNLISTED))
    treasurer = derive(PROGRAMS["treasurer"], b"Run", u64(run_number(RUN.encode())))[0]
    permit = derive(PROGRAMS["authorizer"], b"Authorization", key("a join authority"), bytes(32), SCOPE)[0]
    return {(RUN, "instance"): ("rpc", instance), (RUN, "coordinator"): ("rpc", account_of(RUN)),
            (RUN, "treasurer"): ("rpc", treasurer), (RUN, "permit"): ("rpc", permit),
            (RUN, "mint"): ("rpc", key("coins")),
            (RUN, "funds"): ("rpc", token_account_of(treasurer, key("coins"))[0]),
            (UNLISTED, "instance"): ("rpc", other), (UNLISTED, "coordinator"): ("rpc", account_of(UNLISTED)),
            ("pool", "pool"): ("rpc-pool", derive(POOL_PROGRAM, b"Pool", u64(0))[0]),
            ("pool", "mint"): ("rpc-pool", key(USDC))}


def name_of(arguments):
    """A question in few words: "run_details consilience-40b-1"."""
    return " ".join(arguments.values())
