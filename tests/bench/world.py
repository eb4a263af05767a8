"""The network that the tables are measured in: recorded runs on the dashboard and the same on chain, the pool,
and a repository on the hub; and what an answer asks of it."""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "bench"
environ.setdefault("PSYCHE_BUILD_DIR", str(ROOT / "build" / "release"))
sys.path.insert(0, str(ROOT / "tests" / "contract"))
from chain_data import write_chain  # noqa: E402
from harness import Lib, Simulator  # noqa: E402
from hub_data import write_hub  # noqa: E402
from simulator import make_certificates  # noqa: E402
from trips import USDC, count_trips, dashboard_files  # noqa: E402

BUILD = pathlib.Path(environ["PSYCHE_BUILD_DIR"])
DATA = ROOT / "tests" / "data" / "dashboard"
RUN = "consilience-40b-1"
REPO = "PsycheFoundation/consilience-40b-7Y9v38s5"
ACTIONS = {"list_runs": {"action": "list_runs"},
           "run_details": {"action": "run_details", "run_id": RUN},
           "checkpoints": {"action": "checkpoints", "run_id": RUN},
           "pool_status": {"action": "pool_status"},
           "network_stats": {"action": "network_stats"},
           "contribute": {"action": "contribute"}}
RECORDING_MS = 150            # think time while requests are recorded: more than anything of ours takes


def recorded_files():
    """The recorded list and page; the pool and the status that go with the chain below."""
    return {**{name: content for name, content in dashboard_files().items() if "run" not in name},
            "runs.json": (DATA / "real_runs.json").read_bytes(),
            f"run/{RUN}/0.json": (DATA / "real_run_active.json").read_bytes()}


def chain_of(runs):
    """The runs of a dashboard's list, on chain."""
    return {"runs": [{"run_id": run["id"], "name": run["name"], "clients": 8, "open": True,
                      "treasurer": {"mint": "coins", "funds": 7},
                      "checkpoint": {"Hub": {"repo_id": REPO, "revision": None}}} for run in runs]}


def write_sources(folder):
    """Simulator's words for them."""
    runs = json.loads((DATA / "real_runs.json").read_text())["runs"]
    pools = {"genesis": "mainnet", "slot": 381904511,
             "pools": [{"mint": USDC, "max_deposit": 9000000, "deposited": 5000000}],
             "mints": [{"mint": USDC, "decimals": 6}]}
    hub = {"repositories": [{"id": REPO, "shards": 14, "steps": list(range(90, 0, -1)),
                             "branches": {"step-6000": 3}}]}
    return {"rpc": {"rpc": write_chain(chain_of(runs), folder / "rpc"),
                    "rpc-pool": write_chain(pools, folder / "rpc-pool")},
            "hub": write_hub(hub, folder / "hub")}


class World:
    """Where it is asked: `url` of the simulator, or of the relay before it."""

    def __init__(self, sim, url, folder, cacert=None):
        self.sim, self.url, self.folder, self.cacert = sim, url, folder, cacert
        self.store = folder / "store.db"

    def options(self, **settings):
        more = {"cacert": str(self.cacert)} if self.cacert else {}
        return {"override": {"dashboard.url": self.url, "rpc.off": "false", "rpc.only_configured": "true",
                             "rpc.url": f"{self.url}/rpc", "rpc.pool_url": f"{self.url}/rpc-pool",
                             "hub.off": "false", "hub.url": f"{self.url}/hub", "gcs.url": f"{self.url}/gcs",
                             "cache.off": "false", "cache.path": str(self.store), **more, **settings}}


@contextlib.contextmanager
def relay(port, delay_ms, record=None):
    """The port of a relay."""
    words = [sys.executable, HERE / "relay.py", port, delay_ms, *([record] if record else [])]
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def world(latency_ms=0, relay_ms=None, faults=()):
    """relay_ms: over TLS, through a relay that delays so much each way."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        words, cacert = [word for fault in faults for word in ("--fault", fault)], None
        if relay_ms is not None:
            certificates = make_certificates(folder / "ca")
            cacert = certificates / "ca.pem"
            words += ["--tls-cert", certificates / "good.pem", "--tls-key", certificates / "good.key"]
        sim = stack.enter_context(Simulator(recorded_files(), "--latency", latency_ms, *words,
                                            **write_sources(folder)))
        port = stack.enter_context(relay(sim.port, relay_ms)) if relay_ms is not None else sim.port
        yield World(sim, sim.url.replace(str(sim.port), str(port)), folder, cacert)


# --- what is asked --------------------------------------------------------------------------


def split_requests(text):
    """[method, path, body] of each request in what came over a connection."""
    while text:
        head, _, rest = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
        method, path, _ = lines[0].split(" ")
        yield [method, path, rest[:length]]
        text = rest[length:]


def read_recording(path):
    """(ms, request) in order. A request comes in one piece, since all are small."""
    found = []
    for line in path.read_text().splitlines():
        _, seconds, text = json.loads(line)
        found += [(seconds * 1e3, request) for request in split_requests(text)]
    return sorted(found, key=lambda row: row[0])


def group_trips(rows, latency_ms):
    """What came before the first answer to the trip before could be in is one trip."""
    trips, began_ms = [], None
    for ms, request in rows:
        if began_ms is None or ms - began_ms >= latency_ms:
            trips, began_ms = [*trips, []], ms
        trips[-1].append(request)
    return trips


def indented_facts(answer):
    """The same facts as most programs write them: a table's rows as objects."""
    if isinstance(answer, dict) and {"columns", "rows"} <= set(answer):
        rest = {key: indented_facts(value) for key, value in answer.items() if key not in ("columns", "rows")}
        return {**rest, "rows": [dict(zip(answer["columns"], map(indented_facts, row))) for row in answer["rows"]]}
    if isinstance(answer, dict):
        return {key: indented_facts(value) for key, value in answer.items()}
    return [indented_facts(each) for each in answer] if isinstance(answer, list) else answer


class Recorded:
    """What one question asks for: `trips` of a cold handle; `asked`, (requests, trips) in each of its states;
    `facts` and `bytes` of the answer."""

    def __init__(self, trips, asked, reply):
        self.trips, self.asked = trips, asked
        self.facts, self.bytes = indented_facts(reply.json), len(reply.text)


def ask_and_count(here, monitor, request):
    """(reply, (requests, trips))"""
    before = len(here.sim.log())
    reply = monitor.call(request)
    silent = [row for row in reply.json["sources"] if row["status"] != "ok"]
    if silent:
        sys.exit(f"bench: {request}: {silent}")
    requests = here.sim.log()[before:]
    return reply, (len(requests), count_trips(requests, RECORDING_MS))


def record_action(here, name):
    record = here.folder / f"{name}.record"
    with relay(here.sim.port, 0, record) as port:
        over = World(here.sim, here.sim.url.replace(str(here.sim.port), str(port)), here.folder)
        with Lib().open(over.options(**{"cache.off": "true"})) as monitor:
            reply, cold = ask_and_count(here, monitor, ACTIONS[name])
            cached = ask_and_count(here, monitor, ACTIONS[name])[1]
    with Lib().open(here.options(**{"cache.off": "true", "cache.ttl": "0"})) as monitor:
        monitor.call(ACTIONS[name])
        warm = ask_and_count(here, monitor, ACTIONS[name])[1]
    trips = group_trips(read_recording(record), RECORDING_MS)
    return Recorded(trips, {"cold": cold, "warm connection": warm, "cached": cached}, reply)


def record_actions():
    """{action: Recorded}"""
    with world(RECORDING_MS) as here:
        return {name: record_action(here, name) for name in ACTIONS}


if __name__ == "__main__":
    for action, found in record_actions().items():
        indented = len(json.dumps(found.facts, indent=2))
        print(f"{action}: {found.bytes} bytes, indented {indented} ({100 * found.bytes / indented - 100:.0f} %),"
              f" (requests, trips) {found.asked}")
        for trip in found.trips:
            print("   ", *[path + (f"#{json.loads(body)['method']}" if body else "") for _, path, body in trip])
