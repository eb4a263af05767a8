#!/usr/bin/env python3
"""Every answer as Hermes would judge it: what succeeded must not look failed to it, what failed must.

The judge is Hermes' own function. It reads an answer as text and takes certain words near its
beginning for a failure, so a run that is named like such a word is the trap. Answers to all
recordings, to the scenarios and to made-up runs go through it. Small contexts are here too: a
host that gives a budget gets an answer of that size."""

import itertools
import json
import pathlib
import sys
import urllib.parse

import asked
import host
from harness import (DATA, FULL_BYTES, ROOT, Lib, Simulator, equal, main, make_list, make_page,
                     make_run, read_json, skip, test, true, within)

LIB = Lib()
TRAPS = ["error", "failed", "ERROR", "Failed", '"error"', '"failed"', "Error: no", "error\":null"]
ACTIONS = ["list_runs", "run_details", "checkpoints", "pool_status", "network_stats", "contribute"]
FLOOR = 8000                              # Hermes keeps an answer of this length in any context
POOL = (DATA / "real_contributionInfo.json").read_bytes()


def judge(answers, what):
    """Hermes' word on each answer must be the answer's own."""
    texts = list(dict.fromkeys(answers))
    with host.Home() as home:
        verdicts = home.python_json(asked.JUDGE, texts)
    for text, looks_failed in zip(texts, verdicts):
        equal(looks_failed, not read_json(text)["success"], f"{what}: counted as failed: {text:.600}")
        within(len(text), FLOOR, f"{what}: characters")
    return texts


def ask_all(monitor, run_ids):
    """Each action, brief and full; those about one run, of each run."""
    about_a_run = [{"action": action, "run_id": run_id}
                   for run_id in run_ids for action in ("run_details", "checkpoints")]
    plain = [{"action": action} for action in ACTIONS if action != "run_details"]
    pages = [{"action": "contribute", "page": run_id} for run_id in run_ids[:20]]
    for request, detail in itertools.product(plain + about_a_run + pages, ("brief", "full")):
        yield monitor.call({**request, "detail": detail}).text.decode()


def recorded_runs(folder):
    """id@incarnation of each page that the folder has."""
    replies = json.loads((folder / "index.json").read_text())
    paths = {reply.get("path", "") for reply in replies}
    parts = [path.split("/") for path in paths if path.startswith("/run/")]
    return sorted(f"{urllib.parse.unquote(part[2], errors='replace')}@{part[3]}"
                  for part in parts if len(part) == 4 and part[3].isdigit())


def listed(folder):
    """The folder's run pages under a list that has them all, and nothing else."""
    pages = [json.loads(path.read_text()) for path in sorted(folder.glob("*run_*.json"))
             if ".decoded." not in path.name]
    runs = [page["run"]["info"] for page in pages if isinstance(page.get("run"), dict)]
    files = {f"run/{urllib.parse.quote(page['run']['info']['id'], safe='')}/0.json": page
             for page in pages if isinstance(page.get("run"), dict)}
    return {**files, "runs.json": make_list(runs)}, [run["id"] for run in runs]


@test
def recordings():
    folders = [DATA]
    if host.RECORDINGS:
        folders.append(pathlib.Path(host.RECORDINGS, "dashboard"))
    else:
        skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    for folder in folders:
        answers = []
        with Simulator(folder) as sim, LIB.at(sim.url) as monitor:
            answers += ask_all(monitor, recorded_runs(folder))
        files, run_ids = listed(folder)
        true(any("hostile" in run_id for run_id in run_ids), f"{folder.name}: has the hostile runs")
        with Simulator(files) as sim, LIB.at(sim.url) as monitor:
            answers += ask_all(monitor, run_ids)
        true(len(judge(answers, folder.name)) > 100, f"{folder.name}: answers")


@test
def scenarios():
    texts = judge([line for path in sorted((ROOT / "tests" / "scenarios").glob("*/answer.json"))
                   for line in path.read_text().splitlines()
                   if '"budget"' not in path.with_name("request.json").read_text()], "scenarios")    # for programs
    true(len(texts) > 100, "answers")
    true(any(not read_json(text)["success"] for text in texts), "one of them failed")


@test
def runs_named_like_a_failure():
    for trap in TRAPS:
        for run in (make_run(trap, name=trap), make_run("r", name=trap, description=trap, arch=trap),
                    {**make_run("r"), "status": {"type": trap}}, {**make_run("r"), "type": trap}):
            name = urllib.parse.quote(run["id"], safe="")
            files = {"runs.json": make_list([run]), f"run/{name}/0.json": make_page(run),
                     "contributionInfo.json": POOL}
            with Simulator(files) as sim, LIB.at(sim.url) as monitor:
                answers = list(ask_all(monitor, [run["id"], trap]))
            for text in judge(answers, f"{run['id']}, {run['name']}, {run['status']}"):
                true(read_json(text)["success"], f"{trap}: should be answered: {text:.300}")


@test
def failures_are_failures():
    requests = [*({"action": action, "run_id": "x"} for action in ACTIONS if action != "contribute"),
                {"action": "nonsense"}, {"action": 5}, {"run_id": []}, {"unknown": 1}, {"limit": "x"}]
    with LIB.at("http://127.0.0.1:1") as monitor:
        answers = [monitor.call(request).text.decode() for request in requests]
    for text in judge(answers, "failures"):
        true(not read_json(text)["success"], f"should fail: {text:.300}")
    true(any(read_json(text)["error_code"] == "no_source" for text in answers), "no source")


# Bytes from which on a budget is kept: what no answer can do without takes more in run_details.
KEPT_FROM = {"run_details": 2400}


@test
def small_contexts():
    run_ids = [run["id"] for run in json.loads((DATA / "real_runs.json").read_text())["runs"]]
    with Simulator(DATA) as sim, LIB.at(sim.url) as monitor:
        for action, budget in itertools.product(ACTIONS, range(2000, 4001, 200)):
            for run_id in run_ids if action == "run_details" else [None]:
                arguments = {"action": action, **({"run_id": run_id} if run_id else {})}
                call = {"tool": "psyche_monitor", "arguments": arguments, "budget": budget}
                reply = monitor.call(call)
                within(len(reply.text), max(budget, KEPT_FROM.get(action, 0)),
                       f"{action} {run_id}: bytes of a budget of {budget}")
                true(reply.json["success"] and len(reply.json["summary"]) > 40,
                     f"{action}: still an answer at {budget}")
        whole = monitor.call({"action": "run_details", "run_id": "consilience-40b-1",
                              "detail": "full"})
        within(len(whole.text), FULL_BYTES, "without a budget")


sys.exit(main())
