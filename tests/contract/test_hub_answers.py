#!/usr/bin/env python3
"""What is sent to the hub and the storage for an answer, and an answer when they do not reply: no name
that is not plain is ever part of a request, and who is slow is left out."""

import json
import pathlib
import re
import sys
import tempfile

from chain_data import chain_settings, write_chain
from harness import (ROOT, Lib, Simulator, check_answer, equal, main, make_list, make_page, make_run,
                     test, true, within)
from hub_data import hub_files, hub_settings

LIB = Lib()
ORG = "PsycheFoundation"
# All that may follow the simulator's /hub and /gcs; a redirect to resolve-cache is of the hub's own making.
PART = r"[A-Za-z0-9_.-]{1,96}"
REPO = f"{PART}/{PART}"
REVISION = r"[A-Za-z0-9_.%-]{1,130}"
WORDS = r"[A-Za-z0-9_.+%-]+"
SENT = [rf"/hub/api/models\?limit=\d+(&full=true|&sort=lastModified|&author={ORG}|&search={WORDS})*",
        rf"/hub/api/models/{REPO}(/revision/{REVISION})?\?blobs=true",
        rf"/hub/api/models/{REPO}/commits/{REVISION}\?limit=\d+&p=\d+",
        rf"/hub/api/models/{REPO}/tree/[0-9a-f]{{40}}\?recursive=true(&cursor=.*)?",
        rf"/hub/{REPO}/resolve/{REVISION}/[A-Za-z0-9_./-]*\.index\.json",
        r"/hub/api/resolve-cache/models/.*",
        r"/gcs/[a-z0-9._-]+(/[A-Za-z0-9_.-]+)*/manifest\.json"]
SLOW_S = 4.5                    # patience is 2 s; what depends on an answer has as much again


def live(checkpoint):
    return {"phase": "RoundTrain", "checkpoint": checkpoint}


def dashboard_files(runs):
    """{run id: its checkpoint}"""
    pages = {f"run/{name}/0.json": make_page(make_run(name), state=live(checkpoint))
             for name, checkpoint in runs.items()}
    return {"runs.json": make_list([make_run(name) for name in runs]), **pages}


def sent_to_storage(sim):
    return [line.path for line in sim.log() if line.path.startswith(("/hub", "/gcs"))]


def check_sent(sim, what):
    for path in sent_to_storage(sim):
        true(any(re.fullmatch(form, path) for form in SENT), f"{what}: sent {path!r}")
        true(".." not in path and "%2e" not in path.lower() and "%0" not in path.lower() and "//" not in path,
             f"{what}: sent {path!r}")


def ask(sim, request):
    with LIB.at(sim.url, override=hub_settings(sim)) as monitor:
        return monitor.call(request)


@test
def only_plain_names_are_sent():
    folder = ROOT / "tests" / "scenarios" / "hub-hostile-places"
    hub = hub_files(json.loads((folder / "hub.json").read_bytes()))
    upstream = {str(path.relative_to(folder / "upstream")): path.read_bytes()
                for path in (folder / "upstream").rglob("*.json")}
    with Simulator({**upstream, **hub}) as sim:
        for line in (folder / "request.json").read_text().splitlines():
            reply = ask(sim, json.loads(line))
            true(reply.json, line)
        check_sent(sim, "hostile places")
        asked = {path for path in sent_to_storage(sim) if "/api/models/" in path}
        equal({path.split("?")[0] for path in asked},
              {f"/hub/api/models/{ORG}/one/revision/main", f"/hub/api/models/{ORG}/one/commits/main"},
              "what was asked about repositories")
        equal([path for path in sent_to_storage(sim) if path.startswith("/gcs")], [], "buckets asked")


@test
def nor_those_of_the_chain():
    """The chain holds any bytes; those at the end that are none of a name are left away, as clients do."""
    one = f"{ORG}/one"
    places = [one + "\x01\x02", "a/../b", "../..", f"{one}?full=true", f"{one}#x", f"{ORG}/o\x07ne",
              f"{one}/x", f"{ORG}/\udcff", "\u202e/x", f" {one}", f"{one}%2f..", "//", f"{one}\r\nX: y"]
    runs = [{"run_id": f"r{i}", "clients": 1, "checkpoint": {"P2P": {"repo_id": place, "revision": None}}}
            for i, place in enumerate(places)]
    buckets = [("a/../b", None), ("good", "../x"), ("good", "a?b"), ("g\x01b", None)]
    runs += [{"run_id": f"g{i}", "clients": 1, "checkpoint": {"P2PGcs": {"bucket": bucket, "prefix": prefix}}}
             for i, (bucket, prefix) in enumerate(buckets)]
    hub = hub_files({"repositories": [{"id": one, "single": 5, "steps": [1]}]})
    with tempfile.TemporaryDirectory() as folder:
        nodes = {"rpc": write_chain({"runs": runs}, pathlib.Path(folder, "rpc"))}
        with Simulator({**dashboard_files({}), **hub}, rpc=nodes) as sim:
            for run in runs:
                with LIB.at(sim.url, override=chain_settings(sim, **hub_settings(sim))) as monitor:
                    reply = monitor.call({"action": "checkpoints", "run_id": run["run_id"]})
                check_answer(reply, run["run_id"])
                equal(reply.json["found"], True, f"{run}")
                equal("hub" in reply.json, run["run_id"] == "r0", f"{run}: {reply.json['summary']}")
            check_sent(sim, "hostile places on chain")
            asked = {path.split("?")[0] for path in sent_to_storage(sim) if "/api/models/" in path}
            equal(asked, {f"/hub/api/models/{one}", f"/hub/api/models/{one}/commits/main"},
                  "what was asked about repositories")
            equal([path for path in sent_to_storage(sim) if path.startswith("/gcs")], [], "buckets asked")


@test
def no_request_counts_as_a_download():
    """Files by which the hub counts downloads are never asked for, nor any weights."""
    hub = hub_files({"repositories": [{"id": f"{ORG}/a", "shards": 3, "steps": [2, 1]},
                                      {"id": f"{ORG}/b", "files": {"b.gguf": 5}, "steps": [1]}]})
    runs = {name: {"Hub": {"repo_id": f"{ORG}/{name}"}} for name in ("a", "b")}
    with Simulator({**dashboard_files(runs), **hub}) as sim:
        for name in runs:
            check_answer(ask(sim, {"action": "checkpoints", "run_id": name}), name)
        check_sent(sim, "plain repositories")
        for path in sent_to_storage(sim):
            true(not re.search(r"(config\.json|\.gguf|\.safetensors|\.bin)(\?|$)", path), f"sent {path}")
        equal({line.authorization for line in sim.log()}, {"-"}, "accounts shown")


@test
def some_questions_leave_it_alone():
    runs = {"a": {"Hub": {"repo_id": f"{ORG}/a"}}}
    with Simulator(dashboard_files(runs)) as sim:
        for request in ({"action": "run_details", "run_id": "a"}, {"action": "pool_status"},
                        {"action": "contribute"}):
            true(ask(sim, request).json, str(request))
            equal(sent_to_storage(sim), [], f"{request}: asked of the hub")


SLOW = [({"action": "checkpoints", "run_id": "hub-run"}, "not known"),
        ({"action": "checkpoints", "run_id": "gcs-run"}, "not known"),
        ({"action": "checkpoints", "run_id": "none-run"}, "not known"),
        ({"action": "checkpoints"}, "hub-run"),
        ({"action": "list_runs"}, "3 runs"),
        ({"action": "network_stats"}, "3 runs")]


@test
def a_silent_hub_is_left_out():
    runs = {"hub-run": {"Hub": {"repo_id": f"{ORG}/a"}}, "gcs-run": {"Gcs": {"bucket": "a-bucket"}},
            "none-run": None}
    with Simulator(dashboard_files(runs), "--fault", "/hub=>stall", "--fault", "/gcs=>stall") as sim:
        for request, words in SLOW:
            reply = ask(sim, request)
            check_answer(reply, str(request))
            within(reply.seconds, SLOW_S, f"{request}: seconds")
            true(words in reply.json["summary"], f"{request}: {reply.json['summary']}")
            true("newest_models" not in reply.json, f"{request}: newest models from nowhere")
            true(any(row["status"] == "timeout" for row in reply.json["sources"]),
                 f"{request}: no word of the hub")


@test
def a_silent_dashboard_does_not_hide_a_repository():
    hub = hub_files({"repositories": [{"id": f"{ORG}/a", "shards": 3, "steps": [2, 1]}]})
    for fault in ("stall", "status=503"):
        faults = [word for path in ("/runs", "/run", "/status") for word in ("--fault", f"{path}=>{fault}")]
        with Simulator({**dashboard_files({}), **hub}, *faults) as sim:
            reply = ask(sim, {"action": "checkpoints", "model_id": f"{ORG}/a"})
            check_answer(reply, fault)
            within(reply.seconds, 2 * SLOW_S, f"{fault}: seconds")
            equal(reply.json["found"], True, fault)
            equal(reply.json["hub"]["weights"]["verdict"], "complete", fault)
            true("not known" in reply.json["summary"], f"{fault}: {reply.json['summary']}")


sys.exit(main())
