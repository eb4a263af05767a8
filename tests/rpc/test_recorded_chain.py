#!/usr/bin/env python3
"""The recorded chain in a real Solana node: what is answered of its runs is what Psyche's own program makes
of them (expected_runs.json), field by field, and the simulator leads to the same bytes."""

import base64
import datetime
import json
import pathlib
import sys
import urllib.request
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from chain_address import to_base58  # noqa: E402
from chain_data import TABLE  # noqa: E402
from harness import NOW, Cli, Simulator, Skip, columns_of, equal, main, make_list, read_json  # noqa: E402
from harness import test, true  # noqa: E402
from real_server import RealServer, Unavailable, read_accounts  # noqa: E402
from same import comparable  # noqa: E402

FOLDER = pathlib.Path(GOLDEN or "", "chain", "rpc")
DASHBOARD = {"runs.json": make_list([])}
BUDGET = 4 << 20
HALTED = ("Uninitialized", "Finished", "Paused")
SHOWN_AS = {"WaitingForMembers": "Waiting for members", "RoundTrain": "Training", "RoundWitness": "Witness"}
DATE_MOST_S = 253402300799                # the last second of the year 9999
RUN_ID_AT, RUN_ID_BYTES = 376, 32         # in a coordinator account


def ask_node(url, method):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)["result"]


# --- the recorded accounts ------------------------------------------------------------------

def field(data, account, name):
    """One of a Borsh account, by the table that was read off the compiler."""
    place = next(row for row in TABLE["borsh_accounts"][account]["fields"] if row["name"] == name)
    raw = data[place["offset"]:place["offset"] + place["size"]]
    return to_base58(raw) if place["type"] == "Pubkey" else int.from_bytes(raw, "little")


def run_id_of(instance):
    """Its name, of 32 bytes at most, follows its length."""
    count = int.from_bytes(instance[105:109], "little")
    return instance[109:109 + count].decode()


class Recorded:
    def __init__(self):
        self.data = {row["pubkey"]: base64.b64decode(row["data"]) for row in read_accounts(FOLDER)}
        self.instances = {run_id_of(data): data for data in self.of("CoordinatorInstance")}
        self.pool = next(data for data in self.of("Pool") if field(data, "Pool", "index") == 0)
        self.expected = json.loads((FOLDER / "expected_runs.json").read_text())

    def of(self, kind):
        mark = bytes.fromhex(TABLE["discriminators_hex"][kind])
        return [data for data in self.data.values() if data.startswith(mark)]

    def is_misnamed(self, run_id):
        """Its state was recorded of another run, and names that one. The program itself writes one name
        into both accounts, and never again, so that such a pair cannot be what one run looks like."""
        state = self.data[field(self.instances[run_id], "CoordinatorInstance", "coordinator_account")]
        return state[RUN_ID_AT:RUN_ID_AT + RUN_ID_BYTES].rstrip(b"\0").decode() != run_id


# --- the answers ----------------------------------------------------------------------------

class Answers:
    """Of one node, by (action, run id, detail)."""

    def __init__(self, node_url, run_ids):
        asked = [(action, None, detail) for detail in ("brief", "full")
                 for action in ("list_runs", "pool_status", "network_stats", "contribute")]
        asked += [("run_details", run_id, detail) for run_id in run_ids for detail in ("brief", "full")]
        asked += [("checkpoints", run_id, "brief") for run_id in run_ids]
        with Simulator(DASHBOARD) as sim:
            settings = {"now": NOW, "rpc.off": False, "rpc.only_configured": True, "rpc.url": node_url}
            done = Cli(sim.url, settings).run("call", stdin="\n".join(map(self.request, asked)).encode())
        equal(done.err, b"", "standard error")
        self.texts = dict(zip(asked, done.out.splitlines()))
        equal(len(done.out.splitlines()), len(asked), "answers")

    @staticmethod
    def request(asked):
        action, run_id, detail = asked
        arguments = {"action": action, "detail": detail, **({"run_id": run_id} if run_id else {})}
        return json.dumps({"tool": "psyche_monitor", "arguments": arguments,
                           **({"budget": BUDGET} if detail == "full" else {})})

    def read(self, action, run_id=None, detail="full"):
        return read_json(self.texts[action, run_id, detail])


def to_date(seconds):
    """None where there is no such moment."""
    if not 0 < seconds <= DATE_MOST_S:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown_clients(phase, clients):
    """As Psyche's own list puts it."""
    if phase in HALTED:
        return "-"
    count, least = clients["in_epoch"], clients["min"]
    return f"{count}/{least} waiting" if count < least else f"{count} training"


def check_run(answer, want, may_join):
    run = answer["on_chain"]
    phase, clients = run["phase"], run.get("clients", {"in_epoch": 0, "min": 0})
    got = {"run_id": answer["run_id"], "run_state": SHOWN_AS.get(phase, phase),
           "coordinator_account": run["account"], "instance": run["instance"],
           "num_clients": clients["in_epoch"], "min_clients": clients["min"],
           "clients_display": shown_clients(phase, clients)}
    equal(got, {name: want[name] for name in got}, f"{want['run_id']}: run_details")
    more = [run.get("epoch_started_at"), run.get("config", {}).get("epoch_s", "0"),
            run["joining"]["open_to"] == "everybody"]
    equal(more, [to_date(want["epoch_start_timestamp"]), str(want["epoch_time_secs"]), may_join],
          f"{want['run_id']}: epoch's start and length, whether it is open to everybody")


def check_unread(answers, run_id, problem):
    """It stays listed from its instance, with nothing of the account, and the problem is said."""
    runs, answer = answers.read("list_runs")["runs"], answers.read("run_details", run_id)
    row = dict(zip(runs["columns"], runs["rows"][columns_of(runs, "run_id").index(run_id)]))
    told = {name for name, value in row.items() if value is not None} - {"run_id", "source", "older"}
    equal(told, set(), f"{run_id}: told of it in the list")
    known = {"source", "age_s", "cluster", "slot", "account", "instance", "joining", "rewards"}
    equal(set(answer["on_chain"]) - known, set(), f"{run_id}: told of it")
    true(any(problem in note for note in answer["notes"]), f"{run_id}: {problem}: {answer['notes']}")


def check_runs(answers, recorded):
    runs = answers.read("list_runs")["runs"]
    equal(sorted(columns_of(runs, "run_id")), sorted(recorded.instances), "runs in the list")
    expected = recorded.expected
    may_join = {row["run_id"]: row["can_join(user)"].startswith("yes") for row in expected["can_join"]}
    listed = [want["run_id"] for want in expected["all_runs_in_order"]]
    misnamed = [run_id for run_id in listed if recorded.is_misnamed(run_id)]
    equal(len(misnamed), 1, f"recorded with the state of another run: {misnamed}")
    for want in expected["all_runs_in_order"]:
        run_id = want["run_id"]
        if run_id in misnamed:
            check_unread(answers, run_id, "bad_account (it names another run than its instance)")
            continue
        check_run(answers.read("run_details", run_id), want, may_join[run_id])
        phase = columns_of(runs, "phase [on-chain]")[columns_of(runs, "run_id").index(run_id)]
        equal(SHOWN_AS.get(phase, phase), want["run_state"], f"{run_id}: phase in the list")
    why = {"old-version": "layout_unknown (version 0", "old-layout": "layout_unknown (100,000 bytes",
           "orphan": "is not on chain"}
    equal(sorted(why), sorted(row["run_id"] for row in expected["skipped"]), "runs that cannot be read")
    for run_id, problem in why.items():
        check_unread(answers, run_id, problem)


def check_pool(answers, recorded):
    told, pool = answers.read("pool_status")["on_chain"], recorded.pool
    mint = field(pool, "Pool", "collateral_mint")
    for group, name in (("deposited", "total_deposited"), ("cap", "max_deposit"),
                        ("extracted", "total_extracted")):
        want = str(field(pool, "Pool", f"{name}_collateral_amount"))
        equal(told[group]["base_units"], want, f"pool: {group}")
    equal([told["token"]["mint"], told["token"]["decimals"]], [mint, recorded.data[mint][44]], "pool: token")
    equal(told["state"], "frozen" if field(pool, "Pool", "freeze") else "open", "pool: state")


@test
def recorded_chain():
    if not GOLDEN:
        raise Skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    recorded = Recorded()
    run_ids = sorted(recorded.instances)
    try:
        with RealServer(FOLDER) as real:
            genesis, epoch = ask_node(real.rpc_url, "getGenesisHash"), ask_node(real.rpc_url, "getEpochInfo")
            got = Answers(real.rpc_url, run_ids)
    except Unavailable as reason:
        raise Skip(str(reason)) from None
    with Simulator({}, rpc=FOLDER, genesis=genesis, slot=epoch["absoluteSlot"]) as sim:
        simulated = Answers(sim.rpc_url, run_ids)
    for asked, text in got.texts.items():
        equal(comparable(simulated.texts[asked]), comparable(text), f"{asked}: the simulator's")
    check_runs(got, recorded)
    check_pool(got, recorded)


sys.exit(main())
