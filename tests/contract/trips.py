"""A network in which every server takes the same time, and how an answer's requests follow each other in it.

    with quiet_world(50) as world:
        trips, calls, seconds = world.ask({"action": "list_runs"})

What was asked at once is one trip; what could be asked only after an answer is the next one."""

import collections
import contextlib
import pathlib
import tempfile

from chain_data import chain_settings, write_chain
from harness import BIG, Lib, Simulator, make_list, make_page, make_run
from hub_data import hub_settings, write_hub

DEVNET = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
MAINNET = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
COORDINATOR = "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
POOL = "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7"
GENESIS = "getGenesisHash"

LISTED = {"run_id": "listed-run", "name": "Deep Sea", "clients": 8,
          "treasurer": {"mint": "coins", "funds": 7}}
HIDDEN = {"run_id": "hidden-run", "name": "Far Away", "clients": 4}

OWN_NUMBER = {"run_id": "own-number", "clients": 4, "treasurer": {"mint": "coins", "number": 77}}

REPO = "PsycheFoundation/deep-sea"          # what the listed run declares, to dashboard and chain
HUB = {"repositories": [{"id": REPO, "shards": 14, "steps": list(range(90, 0, -1))},
                        {"id": "PsycheFoundation/other-sea", "shards": 2, "steps": [5]}]}
DECLARED = {**LISTED, "checkpoint": {"Hub": {"repo_id": REPO, "revision": None}}}
ON_CHAIN = {**HIDDEN, "checkpoint": {"P2P": {"repo_id": REPO, "revision": None}}}
UNDECLARED = {"run_id": "other-sea", "clients": 1, "checkpoint": "Ephemeral"}

LIST = {"action": "list_runs"}
ACCOUNTS_KEPT_S = 5


def details_of(words):
    return {"action": "run_details", "run_id": words}


# What is asked, how many trips that takes, and how many calls to Solana nodes beside the genesis.
CASES = [
    ("list_runs", LIST, 2, 3),
    ("pool_status", {"action": "pool_status"}, 1, 1),
    ("run_details by id", details_of("listed-run"), 2, 2),
    ("run_details by name", details_of("Deep Sea"), 3, 3),
    ("run_details by the start of an id", details_of("listed"), 3, 3),
    ("run_details by id, only on chain", details_of("hidden-run"), 2, 3),
    ("run_details, a treasurer of another number", details_of("own-number"), 3, 4),
    ("run_details by start, only on chain", details_of("hidden"), 3, 3),
    ("run_details by name, only on chain", details_of("Far Away"), 4, 4),
    ("checkpoints of a run", {"action": "checkpoints", "run_id": "listed-run"}, 2, 2),
]

# The same of the hub: what is asked, and how many trips in all. A listed run's state is known after one trip,
# that of a run on chain alone after two; then two more tell all of a place that is declared.
HUB_CASES = [
    ("checkpoints of a listed run", {"action": "checkpoints", "run_id": "listed-run"}, 1 + 2),
    ("checkpoints of a run on chain alone", {"action": "checkpoints", "run_id": "hidden-run"}, 2 + 2),
    ("checkpoints of a repository, and the accounts of the runs that may declare it",
     {"action": "checkpoints", "run_id": REPO}, 1 + 2),
    ("checkpoints of a run without a place, found by its id",
     {"action": "checkpoints", "run_id": "other-sea"}, 2 + 2),
]

Asked = collections.namedtuple("Asked", "reply trips rpc genesis dashboard seconds")


def count_trips(requests, latency_ms):
    """A request that came when the first answer to the trip before could be in begins the next one."""
    trips, began_ms = 0, None
    for ms in sorted(request.ms for request in requests):
        if began_ms is None or ms - began_ms >= latency_ms:
            trips, began_ms = trips + 1, ms
    return trips


def status_of(programs):
    """The body of /status: which program each half of the dashboard reads, and where."""
    halves = {name: {"status": "ok", "errors": [], "trackedRuns": [],
                     "chain": {"chainSlotHeight": 421337042, "indexedSlot": 0, "programId": program,
                               "networkGenesis": genesis}}
              for name, (program, genesis) in programs.items()}
    return {"commit": "0bdb13d9", "initTime": 1795236562220, **halves}


def dashboard_files(declared=None):
    run = make_run(LISTED["run_id"], name=LISTED["name"])
    state = {"state": {"phase": "RoundTrain", "checkpoint": declared}} if declared else {}
    pool = {"totalDepositedCollateralAmount": f"{BIG}5000000", "maxDepositCollateralAmount": f"{BIG}9000000",
            "users": [], "collateralMintDecimals": 6, "collateralMintAddress": USDC,
            "miningPoolProgramId": POOL, "error": None}
    return {"runs.json": make_list([run]), f"run/{LISTED['run_id']}/0.json": make_page(run, **state),
            "status.json": status_of({"coordinator": (COORDINATOR, DEVNET), "miningPool": (POOL, MAINNET)}),
            "contributionInfo.json": pool}


class World:
    def __init__(self, sim, lib, latency_ms, settings=None):
        self.sim, self.lib, self.latency_ms, self.settings = sim, lib, latency_ms, settings or {}

    def open(self, **settings):
        """A handle that has asked nothing yet; its clock runs."""
        more = {"rpc.pool_url": self.sim.node_url("rpc-pool"), **self.settings, **settings}
        return self.lib.at(self.sim.url, now=None, override=chain_settings(self.sim, **more))

    def ask(self, request, monitor=None):
        """An Asked; of a fresh handle when none is given."""
        before = len(self.sim.log())
        if monitor:
            reply = monitor.call(request)
        else:
            with self.open() as fresh:
                reply = fresh.call(request)
        requests = self.sim.log()[before:]
        calls = [request.path.split("#")[1] for request in requests if "#" in request.path]
        return Asked(reply=reply, trips=count_trips(requests, self.latency_ms),
                     rpc=len(calls) - calls.count(GENESIS), genesis=calls.count(GENESIS),
                     dashboard=len(requests) - len(calls), seconds=reply.seconds)


@contextlib.contextmanager
def quiet_world(latency_ms):
    """A dashboard with one run and the pool, a node of devnet with that run and hidden ones, a node of
    mainnet with the pool; nothing fails, and everything takes latency_ms."""
    pools = {"genesis": "mainnet", "slot": 381904511,
             "pools": [{"mint": USDC, "max_deposit": 9000000, "deposited": 5000000}],
             "mints": [{"mint": USDC, "decimals": 6}]}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nodes = {"rpc": write_chain({"runs": [LISTED, HIDDEN, OWN_NUMBER]}, folder / "rpc"),
                 "rpc-pool": write_chain(pools, folder / "rpc-pool")}
        with Simulator(dashboard_files(), "--latency", latency_ms, rpc=nodes) as sim:
            yield World(sim, Lib(), latency_ms)


@contextlib.contextmanager
def hub_world(latency_ms):
    """A dashboard and a chain with runs that declare a repository, and a hub that has it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nodes = {"rpc": write_chain({"runs": [DECLARED, ON_CHAIN, UNDECLARED]}, folder / "rpc"),
                 "rpc-pool": write_chain({"genesis": "mainnet"}, folder / "rpc-pool")}
        hub = write_hub(HUB, folder / "hub")
        files = dashboard_files({"Hub": {"repo_id": REPO}})
        with Simulator(files, "--latency", latency_ms, rpc=nodes, hub=hub) as sim:
            yield World(sim, Lib(), latency_ms, hub_settings(sim))
