#!/usr/bin/env python3
"""A wallet in the recorded chain, which a real Solana node serves: whether it can join is what Psyche's own program
says (expected_runs.json), and the simulator leads to the same bytes."""

import json
import pathlib
import sys
import urllib.request
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from harness import NOW, SCRATCH, Cli, Simulator, Skip, equal, main, make_list, read_json, test, true  # noqa: E402
from real_server import RealServer, Unavailable  # noqa: E402
from same import comparable  # noqa: E402
from wallet_world import recorded_folder  # noqa: E402

RECORDED = pathlib.Path(GOLDEN or "", "chain", "rpc")
BUDGET = 4 << 20
OF_ANOTHER_RUN = "sim2"                   # recorded with the account of the run sim, which we do not take


def ask_node(url, method):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)["result"]


def answers(node_url, questions, authorizer):
    """One line for each, of a command that asks this node alone."""
    settings = {"now": NOW, "rpc.off": False, "rpc.only_configured": True, "rpc.url": node_url,
                **({"wallet.authorizer": authorizer} if authorizer else {})}
    requests = [json.dumps({"tool": "psyche_wallet", "arguments": each, "budget": BUDGET}) for each in questions]
    with Simulator({"runs.json": make_list([])}) as dashboard:
        done = Cli(dashboard.url, settings).run("call", stdin="\n".join(requests).encode())
    equal(done.err, b"", "standard error")
    return done.out.splitlines()


def check_joining(lines, truth, mode):
    for line, row in zip(lines, truth["can_join"]):
        answer, want = read_json(line), row[mode]
        if row["run_id"] == OF_ANOTHER_RUN:
            equal(want, "no: Authorization does not exist", "what it comes to before it reads the account")
        joining = answer["on_chain"]["joining"]
        equal(joining["run_manager_can_join"], "yes" if want.startswith("yes") else want, f"{row['run_id']}, {mode}")


@test
def recorded_wallet():
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    truth = json.loads((RECORDED / "expected_runs.json").read_text())
    user, owner = truth["user"], truth["delegate_owner"]
    modes = {"can_join(user)": None, "can_join(user, authorizer=user)": user,
             "can_join(user, authorizer=delegate owner)": owner}
    questions = [{"address": user, "run_id": row["run_id"], "detail": "full"} for row in truth["can_join"]]
    questions += [{"address": address, "detail": detail} for address in (user, owner) for detail in ("brief", "full")]
    folder, _ = recorded_folder(RECORDED, SCRATCH / "recorded", [user])
    try:
        with RealServer(folder) as real:
            genesis, epoch = ask_node(real.rpc_url, "getGenesisHash"), ask_node(real.rpc_url, "getEpochInfo")
            got = {mode: answers(real.rpc_url, questions, key) for mode, key in modes.items()}
    except Unavailable as reason:
        raise Skip(str(reason)) from None
    with Simulator({}, rpc=folder, genesis=genesis, slot=epoch["absoluteSlot"]) as sim:
        for mode, key in modes.items():
            equal(len(got[mode]), len(questions), f"{mode}: answers")
            simulated = answers(sim.rpc_url, questions, key)
            for question, one, other in zip(questions, got[mode], simulated):
                true(comparable(one) == comparable(other), f"{mode}, {question}: {one[:300]} {other[:300]}")
    for mode in modes:
        check_joining(got[mode], truth, mode)


sys.exit(main())
