#!/usr/bin/env python3
"""The dashboard and the chain never contradict each other over one and the same state.

Each recorded coordinator account stands on a simulated chain, and what the dashboard would make of it on a
simulated dashboard: every verdict must be `agree`. Then one thing at a time is changed on one of the two, and the
verdict must be the right one, with the right side to trust."""

import json
import pathlib
import re
import subprocess
import sys
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment

from chain_address import PROGRAMS, instance_of, key, to_base58                              # noqa: E402
from chain_data import (SLOT, TABLE, chain_settings, coordinator_bytes, instance_bytes,       # noqa: E402
                        make_account, write_data)
from chain_layout import Layout                                                              # noqa: E402
from dashboard_of import files_of                                                            # noqa: E402
from harness import BUILD, ROOT, Lib, Simulator, equal, main, test, true                     # noqa: E402

FOLDERS = [ROOT / "tests" / "data" / "chain"] + ([pathlib.Path(GOLDEN, "chain")] if GOLDEN else [])
NOW = "2026-11-21T04:49:51Z"
NOW_MS = 1795236591000
RUN_ID_AT, RUN_ID_BYTES = 376, 32
DEVNET = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"


def expand(path):
    done = subprocess.run([BUILD / "tools" / "dump_account"], input=f"bytes {path}\n".encode(),
                          capture_output=True, timeout=60, check=True)
    return bytes.fromhex(json.loads(done.stdout)["account"])


def recorded():
    """{name: (bytes, JSON)} of each recorded account. Ids that cannot be asked for are replaced, and those that two
    accounts share: all else of the account stays."""
    found, taken = {}, set()
    for path in sorted(path for folder in FOLDERS for path in (folder / "coord").glob("coord_*.bin.zst")):
        data, truth = bytearray(expand(path)), path.parent / f"{path.name.split('.')[0].removesuffix('_garbage')}.json"
        state = (json.loads(truth.read_text()) if truth.exists() else Layout(TABLE).decode(bytes(data)))["state"]
        run_id = bytes(data[RUN_ID_AT:RUN_ID_AT + RUN_ID_BYTES]).rstrip(b"\0")
        is_plain = run_id and b"\0" not in run_id and run_id.decode(errors="replace").encode() == run_id
        if not is_plain or run_id in taken or b"/" in run_id:
            run_id = re.sub(r"\W", "-", path.name.split(".")[0]).encode()
        if path.name in found:
            continue
        taken.add(run_id)
        data[RUN_ID_AT:RUN_ID_AT + RUN_ID_BYTES] = run_id.ljust(RUN_ID_BYTES, b"\0")
        state["coordinator"]["run_id"] = run_id.decode()
        found[path.name] = bytes(data), state
    return found


def write_accounts(folder, runs, slot):
    """A node's folder: instance and coordinator account of each (bytes, JSON)."""
    program, rows = PROGRAMS["coordinator"], [{"pubkey": PROGRAMS["coordinator"], "owner": to_base58(key("a loader")),
                                               "lamports": 1, "executable": True, "file": "program"}]
    folder.mkdir(parents=True)
    (folder / "program").write_bytes(b"")
    for number, (data, state) in enumerate(runs):
        run_id = state["coordinator"]["run_id"]
        address, bump = instance_of(run_id.encode(), program)
        instance = instance_bytes({"run_id": run_id, "join_authority": "a join authority"}, bump, key("an owner"))
        for what, account in (("instance", make_account(address, program, instance)),
                              ("state", make_account(key(f"coordinator account of {run_id}"), program, data))):
            write_data(folder / f"{number}.{what}", account["data"])
            rows.append({"pubkey": to_base58(account["address"]), "owner": program, "lamports": 1,
                         "file": f"{number}.{what}"})
    (folder / "accounts.json").write_text(json.dumps({"genesis": DEVNET, "slot": slot, "accounts": rows}))
    return folder


def ask(tracked, chain, tracked_slot=SLOT, slot=SLOT):
    """{run id: answer} over all runs; `tracked` are their states as the dashboard has them."""
    scratch = pathlib.Path(environ["HOME"])
    number = sum(1 for _ in scratch.glob("node-*"))
    node = write_accounts(scratch / f"node-{number}", chain, slot)
    answers = {}
    with Simulator(files_of(tracked, tracked_slot, NOW_MS - 40000), rpc=node) as sim:
        with Lib().at(sim.url, now=NOW, override=chain_settings(sim)) as monitor:
            for _, state in chain:
                run_id = state["coordinator"]["run_id"]
                reply = monitor.call({"action": "run_details", "run_id": run_id})
                answers[run_id] = reply.json
    return answers


# --- the recorded ones ----------------------------------------------------------------------------


@test
def recorded_states_agree():
    runs = recorded()
    true(len(runs) > 15, f"{len(runs)} recorded accounts")
    states = [state for _, state in runs.values()]
    answers = ask(states, list(runs.values()), tracked_slot=SLOT - 72)
    for name, (_, state) in runs.items():
        answer = answers[state["coordinator"]["run_id"]]
        agreement = answer.get("agreement", {})
        equal((agreement.get("verdict"), agreement.get("trust")), ("agree", "[on-chain]"),
              f"{name}: {agreement.get('why')} {answer.get('error')}")
        true("tracked" in answer and "on_chain" in answer, f"{name}: both groups")
        equal(answer.get("on_chain", {}).get("step"), state["coordinator"]["progress"]["step"], f"{name}: step")


# --- one thing changed ------------------------------------------------------------------------------


BASE = {"run_id": "a-run", "name": "A run", "state": "RoundTrain", "clients": 3, "joined": 5, "ready": 4, "epoch": 61,
        "step": 6001, "round": {"height": 17}, "epoch_started_at": "2026-11-21T04:34:22Z",
        "state_started_at": "2026-11-21T04:48:40Z"}


def state_of(run):
    data = coordinator_bytes({**BASE, **run})
    return data, Layout(TABLE).decode(data)["state"]


# What the chain has instead of BASE; what differs by the answer; whether that is in the order of things: -1 the
# chain is earlier, 1 it is later, 0 neither. None: it is no difference.
CHANGES = [
    ({"round": {"height": 18}, "state_started_at": "2026-11-21T04:49:45Z"}, "round", 1),
    ({"round": {"height": 16}}, "round", -1),
    ({"epoch_started_at": "2026-11-21T04:48:30Z", "round": {"height": 0}}, "epoch start", 1),
    ({"epoch_started_at": "2026-11-21T03:34:22Z", "round": {"height": 40}}, "epoch start", -1),
    ({"state_started_at": "2026-11-21T04:49:00Z", "state": "RoundWitness"}, "phase start", 1),
    ({"state_started_at": "2026-11-21T04:48:00Z", "state": "RoundWitness"}, "phase start", -1),
    ({"state": "RoundWitness"}, "phase", 0),
    ({"state": "Paused"}, "state, phase", 0),
    ({"state": "Finished"}, "state, phase", 0),
    ({"clients": 4}, "clients", 0),
    ({"clients": [{"signer": f"another {n}"} for n in range(3)]}, "clients", 0),
    ({"checkpoint": {"Hub": {"repo_id": "org/other", "revision": None}}}, "checkpoint", 0),
    ({"checkpoint": {"P2P": {"repo_id": "org/model", "revision": "step-1"}}}, "checkpoint", 0),
    ({"checkpoint": {"Gcs": {"bucket": "org/model", "prefix": None}}}, "checkpoint", 0),
    ({"checkpoint": "Ephemeral"}, "checkpoint", 0),
    ({"params": 8000000001}, "params", 0),
    ({"architecture": "HfAuto"}, "arch", 0),
    ({"name": "a run"}, "name", 0),
    ({"min_clients": 5}, "min clients", 0),
    ({"checkpoint": {"P2P": {"repo_id": "org/model", "revision": None}}}, None, 0),
    ({"step": 6002, "epoch": 62}, None, 0),
    ({"joined": 7, "ready": 7, "vocab": 3, "description": "x"}, None, 0),
]


def expected(order, slots):
    """(verdict, trust): the older slot is behind, unless it shows the later state."""
    tracked_slot, slot = slots
    if tracked_slot < slot and order >= 0:
        return "lag", "[on-chain]"
    if tracked_slot > slot and order <= 0:
        return "lag", "[tracked]"
    return "conflict", "[on-chain]"


@test
def one_change():
    runs, states = [], []
    for number, (change, _, _) in enumerate(CHANGES):
        run_id = f"run-{number}"
        clients = {"clients": [{"signer": f"client {n}"} for n in range(3)]}
        more = dict(change)
        if isinstance(more.get("clients"), int):
            more["clients"] = [{"signer": f"client {n}"} for n in range(more["clients"])]
        runs.append(state_of({**clients, **more, "run_id": run_id}))
        states.append(state_of({**clients, "run_id": run_id})[1])
    for slots in ((SLOT - 72, SLOT), (SLOT, SLOT), (SLOT + 72, SLOT)):
        answers = ask(states, runs, *slots)
        for number, (change, differs, order) in enumerate(CHANGES):
            agreement = answers[f"run-{number}"]["agreement"]
            want = expected(order, slots) if differs else ("agree", "[on-chain]")
            equal((agreement["verdict"], agreement["trust"]), want, f"{change} {slots}: {agreement['why']}")
            true(differs is None or f" {differs} differ" in agreement["why"], f"{change}: {agreement['why']}")
            true(str(slots[1]) in agreement["why"], f"{change}: the slot is not said: {agreement['why']}")


@test
def waiting_clients():
    """While a run waits, the dashboard shows those who are ready; who has joined otherwise does not count."""
    waiting = {"state": "WaitingForMembers", "joined": [{"signer": f"client {n}"} for n in range(5)], "clients": 0}
    chain = [state_of({**waiting, "run_id": f"run-{ready}", "ready": ready}) for ready in range(6)]
    tracked = [state_of({**waiting, "run_id": f"run-{ready}", "ready": 3})[1] for ready in range(6)]
    for run_id, answer in ask(tracked, chain, SLOT - 1).items():
        want = "agree" if run_id == "run-3" else "lag"
        equal(answer["agreement"]["verdict"], want, f"{run_id}: {answer['agreement']['why']}")


sys.exit(main())
