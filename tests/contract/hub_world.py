"""Runs whose weights are on a hub and in a bucket, for tests of all that the action checkpoints asks; and a server
that says again what the simulator once said, with whatever is changed in it."""

import json
import pathlib

import loopback
from chain_data import chain_settings, write_chain
from harness import DATA, SCRATCH, make_list, make_page, make_run
from hub_client import ask as fetch
from hub_data import hub_settings, write_hub

OWNER = "PsycheFoundation"
PARTS, WIDE, FIND, BUCKET = f"{OWNER}/parts-8b", f"{OWNER}/wide-8b", f"{OWNER}/sea-1b2", "a-bucket"
# Of each run: its name, and what it declares.
RUNS = {"parts-run": ("", {"Hub": {"repo_id": PARTS}}), "wide-run": ("", {"Hub": {"repo_id": WIDE}}),
        "bucket-run": ("", {"Gcs": {"bucket": BUCKET, "prefix": "a/prefix"}}), "sea-1b2": ("Sea Model", None),
        "lonely-run": ("", None)}
# One that tells no sizes: they stand in the list of its files, which has several pages.
WIDE_FILES = ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
              "model.safetensors.index.json"]
HUB_DATA = {
    "repositories": [
        {"id": PARTS, "shards": {"count": 3, "total": 24000000000, "tensors": 2}, "steps": [300, 200, 100],
         "license": "mit", "downloads": 12, "info": {"library_name": "transformers", "gated": False}},
        {"id": WIDE, "shards": {"count": 2, "total": 16000000000, "tensors": 2}, "steps": [50], "tree_page": 5,
         "info": {"siblings": [{"rfilename": name} for name in WIDE_FILES]}},
        {"id": FIND, "single": 2400000000, "steps": [7]},
        {"id": "someone/Sea-Model", "shards": 2}, {"id": f"{OWNER}/sea-model-tokens", "bare": True},
    ],
    "manifests": [{"bucket": BUCKET, "prefix": "a/prefix", "run_id": "bucket-run", "step": 200, "epoch": 7,
                   "shards": 2, "total": 16000000000}],
}
OF_RUNS = [{"action": "checkpoints", "run_id": run_id} for run_id in RUNS]
OF_OTHERS = [{"action": "checkpoints", "run_id": PARTS}, {"action": "checkpoints"}, {"action": "list_runs"},
             {"action": "network_stats"}]
QUESTIONS = OF_RUNS + OF_OTHERS


def dashboard_files():
    rows, files = [], {}
    for run_id, (name, checkpoint) in RUNS.items():
        row = make_run(run_id, name=name)
        live = {"phase": "RoundTrain", "phaseStartTime": row["lastUpdate"]["time"], "round": 3, "clients": [],
                "checkpoint": checkpoint, "config": {"minClients": 1}}
        rows.append(row)
        files[f"run/{run_id}/0.json"] = make_page(row, state=live)
    status = json.loads((DATA / "real_status.json").read_text())     # names the programs that the chain has
    return {"runs.json": make_list(rows), "status.json": status, **files}


def chain_of_runs():
    """parts-run and bucket-run as their clients left them; the others are the dashboard's alone."""
    run = {"params": 8000000000, "state": "RoundTrain", "epoch": 7, "step": 311, "min_clients": 2, "clients": 3,
           "round": {"height": 5}, "epoch_started_at": "2026-11-21T04:34:51Z",
           "state_started_at": "2026-11-21T04:49:31Z"}
    places = {"parts-run": {"P2P": {"repo_id": PARTS, "revision": None}},
              "bucket-run": {"P2PGcs": {"bucket": BUCKET, "prefix": "a/prefix"}}}
    return {"runs": [{**run, "run_id": run_id, "checkpoint": place} for run_id, place in places.items()]}


def write_storage(name):
    return write_hub(HUB_DATA, pathlib.Path(SCRATCH, name, "storage"))


def write_node(name):
    return write_chain(chain_of_runs(), pathlib.Path(SCRATCH, name, "rpc"))


def all_settings(sim, **more):
    return {**chain_settings(sim), **hub_settings(sim), **more}


def name_of(arguments):
    return " ".join(arguments.values())


def kind_of(target):
    """Which question that is, by the name that requests and faults have: "/hub/tree"."""
    path = target.partition("?")[0]
    if path.startswith("/gcs/"):
        return "/gcs/manifest"
    kinds = {"tree": "/hub/tree", "commits": "/hub/commits", "resolve-cache": "/hub/index", "resolve": "/hub/resolve"}
    rest = path.removeprefix("/hub/").removeprefix("api/").removeprefix("models").strip("/")
    found = [kinds[word] for word in rest.split("/") if word in kinds]
    return found[0] if found else "/hub/model" if rest else "/hub/search"


# --- saying it again ------------------------------------------------------------------------

KEPT_HEADERS = ("content-type", "location", "link", "x-repo-commit", "x-total-count", "x-goog-generation")


class Replay(loopback.Served):
    """Answers as the simulator did; `replies` is {target: (status, headers, body)}, and what stands in
    `instead` comes first. What was never asked is a revision that nobody knows."""

    def __init__(self, replies):
        self.replies, self.instead = replies, {}

    def handler(self):
        outer = self

        class Replying(loopback.Handler):
            def do_GET(self):
                status, headers, body = outer.find(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Replying

    @property
    def settings(self):
        return {"hub.url": f"{self.url}/hub", "gcs.url": f"{self.url}/gcs"}

    def find(self, target):
        missing = (404, {"X-Error-Code": "RevisionNotFound"}, b'{"error":"Invalid rev id"}')
        return self.instead.get(target) or self.replies.get(target, missing)


def record(sim, targets):
    """What the simulator answers to each of them."""
    replies = {}
    for target in targets:
        answer = fetch(sim, target)
        headers = {name: value for name, value in answer.headers.items() if name.lower() in KEPT_HEADERS}
        replies[target] = (answer.status, headers, answer.body)
    return replies
