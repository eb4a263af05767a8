#!/usr/bin/env python3
"""demo_world.py FOLDER - a small whole network for the simulator, which `make demo` and the README ask.

Its dashboard is the recorded one of tests/data. Beside it stand, at the same moment, what scenarios say elsewhere:
the runs on chain, the one in the foreground as exactly as a node has it, and some that the dashboard does not list;
the mining pool; and the repository that the foremost run declares."""

import json
import pathlib
import sys

from chain_address import SYSTEM
from chain_data import write_chain
from hub_data import write_hub

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
DASHBOARD = (ROOT / "tests" / "data" / "dashboard", "--server", "realistic")
HUB = {"repositories": [{"id": "PsycheFoundation/consilience-40b-7Y9v38s5", "steps": [6000, 5500, 5000],
                         "shards": {"count": 14, "total": 80000000000}, "branches": {"step-6000": "step 6000"}}]}

WALLET = "FDAQn7JvYGTAsLZHdRwftYNFr4f4MGMGq1sT5GANnoJF"     # of a client of the foremost run


def facts_of(scenario, name="chain.json"):
    return json.loads((SCENARIOS / scenario / name).read_text())


def chain_of_all():
    foremost = {run["run_id"]: run for run in facts_of("chain-run-agree")["runs"]}
    return {"runs": [foremost.get(run["run_id"], run) for run in facts_of("chain-list")["runs"]],
            "accounts": [{"pubkey": WALLET, "owner": SYSTEM, "hex": ""}]}


def write_world(folder):
    """What Simulator takes beside DASHBOARD: {"rpc": ..., "hub": ...}."""
    folder = pathlib.Path(folder)
    pool = facts_of("chain-pool-program-by-page", "chain-pool.json")
    return {"rpc": {"rpc": write_chain(chain_of_all(), folder / "rpc"),
                    "rpc-pool": write_chain(pool, folder / "rpc-pool")},
            "hub": write_hub(HUB, folder / "hub")}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_world(sys.argv[1])
