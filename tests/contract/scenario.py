"""A scenario played: what the network says, and what the command then answers.

test_scenarios.py says what a folder of tests/scenarios/ holds. The Solana nodes in it are the simulator's,
or those that `serve` starts: given {name: a folder of accounts}, a context with {name: the node's URL}."""

import contextlib
import difflib
import json
import pathlib
import tempfile

from chain_data import write_chain
from harness import NOW, ROOT, Cli, Simulator, read_json
from hub_data import write_hub

FOLDERS = sorted(path.parent for path in (ROOT / "tests" / "scenarios").glob("*/request.json"))
SHOWN_LINES = 40


def read_optional(path):
    return json.loads(path.read_bytes()) if path.exists() else {}


def read_chains(folder):
    """{"rpc": the facts of a node in words}, one for each chain*.json."""
    return {path.stem.replace("chain", "rpc", 1): json.loads(path.read_bytes())
            for path in sorted(folder.glob("chain*.json"))}


def node_settings(nodes):
    settings = {"rpc.off": not nodes, "rpc.only_configured": True}
    settings.update({"rpc.url": "{sim}/rpc"} if "rpc" in nodes else {})
    settings.update({"rpc.coordinator_url": "{sim}/nothing"} if set(nodes) == {"rpc-pool"} else {})
    settings.update({"rpc.pool_url": "{sim}/rpc-pool"} if "rpc-pool" in nodes else {})
    return settings if nodes else {}


def write_storage(folder, scratch):
    """The folder that the simulator plays the hub and the storage from, or None."""
    path = folder / "hub.json"
    return write_hub(json.loads(path.read_bytes()), scratch) if path.exists() else None


def storage_settings(storage):
    return {"hub.off": False, "hub.url": "{sim}/hub", "gcs.url": "{sim}/gcs"} if storage else {}


@contextlib.contextmanager
def serve_nothing(_nodes):
    yield {}


def fill_in(value, places):
    """The longest name first: {sim}/rpc-pool is no {sim}/rpc."""
    for name in sorted(places, key=len, reverse=True) if isinstance(value, str) else ():
        value = value.replace(name, places[name])
    return value


def ask(folder, serve=None):
    """(exit status, what the command printed, what it complained of)"""
    with contextlib.ExitStack() as ends:
        home = ends.enter_context(tempfile.TemporaryDirectory())
        nodes = {name: write_chain(chain, pathlib.Path(home, "nodes", name))
                 for name, chain in read_chains(folder).items()}
        storage = write_storage(folder, pathlib.Path(home, "storage"))
        settings = {"now": NOW, "references": str(ROOT / "tests" / "data" / "references"),
                    **node_settings(nodes), **storage_settings(storage),
                    **read_optional(folder / "options.json")}
        served = ends.enter_context((serve or serve_nothing)(nodes))
        sim = ends.enter_context(Simulator(folder / "upstream", rpc={} if serve else nodes,
                                           hub=storage))
        places = {"{sim}": sim.url, **{"{sim}/" + name: url for name, url in served.items()}}
        settings = {name: fill_in(value, places) for name, value in settings.items()}
        done = Cli(sim.url, settings, {"HOME": home, "XDG_CONFIG_HOME": home}).run(
            "call", stdin=(folder / "request.json").read_bytes())
    return done.status, done.out, done.err


# --- what differs ---------------------------------------------------------------------------

def spread(text):
    """JSON over many lines, so that a difference is a line and not a kilobyte."""
    lines = []
    for line in text.decode(errors="backslashreplace").splitlines():
        try:
            lines += json.dumps(read_json(line), indent=1, ensure_ascii=False).splitlines()
        except ValueError:
            lines.append(line)
    return lines


def difference(want, got):
    lines = list(difflib.unified_diff(spread(want), spread(got), "answer.json", "now", lineterm="",
                                      n=2))
    more = len(lines) - SHOWN_LINES
    text = "\n".join(lines[:SHOWN_LINES]) + (f"\n… {more} lines more" if more > 0 else "")
    return text or "the same values in other bytes"
