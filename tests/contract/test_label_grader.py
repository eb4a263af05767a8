#!/usr/bin/env python3
"""Facts change only under the label of the source that changed.

Each value of a recorded reply is changed, one at a time, and the question asked again. What may
differ then: groups and lists labelled with that source, and what speaks of all sources at once
(summary, agreement, notes, next, how the run was found). Nothing else, no other run's row. Which
sentence of the references is quoted follows the run's phase; that it is theirs is checked."""

import json
import sys

from grading import changes, differences, grade
from harness import DATA, Lib, Simulator, check_answer, main, recorded, test, true, write_folder

LIB = Lib()
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
# Fields whose changes show.
ROW = {"id", "name", "arch", "size", "totalTokens", "status", "lastUpdate"}
LIST = {"index", "tokensCompletedAtStartOfStep", "lastTokensPerSecond",
        "totalTokensPerSecondActive", "error"}
PAGE = {"description", "phase", "checkpoint", "epochTime", "lrSchedule", "loss", "lr", "error"}


def ask(sim, arguments):
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"},
               "budget": ROOM}
    with LIB.at(sim.url) as monitor:        # a handle of its own: nothing is kept from before
        return monitor.call(request)


def grade_others(what, before, after, changed_ids):
    """Rows of other runs stay as they were."""
    rows = [{row[0]: row for row in answer["runs"]["rows"] if row[0] not in changed_ids}
            for answer in (before, after)]
    true(rows[0] == rows[1], f"{what}: the row of another run changed: {differences(*rows)}")


def grade_file(name, files, path, arguments, must_see, look=None):
    """Changes all of one file; how many changes of the history were seen. Of each field in
    `must_see` at least one change must be; pauses, for which a list has no column, do not count."""
    text = files[path].decode()
    seen = tried = history_seen = 0
    fields_seen = set()
    with Simulator(dict(files), "--reload") as sim:
        first = ask(sim, arguments)
        check_answer(first, name)
        before = first.json
        if not true(before.get("success"), f"{name}: {first.text[:300]}"):
            return
        for where, changed, is_history in changes(text, with_kinds=True):
            write_folder(sim.folder, {path: changed})
            reply = ask(sim, arguments)
            what = f"{name}: {'.'.join(map(str, where))}"
            if not true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
                continue
            is_seen = grade(what, where, before, reply.json)
            if look:
                look(what, where, before, reply.json, json.loads(changed))
            history_seen += is_history and is_seen
            if is_seen:
                fields_seen |= set(where)
            if not is_history and not (arguments["action"] == "list_runs"
                                       and "pauseHistory" in where):
                tried += 1
                seen += is_seen
    print(f"     {name}: {seen} of {tried} changes are seen, {history_seen} in the history")
    true(tried > 20 and seen * 3 >= tried, f"{name}: only {seen} of {tried} changes are seen")
    true(must_see <= fields_seen, f"{name}: no change of {sorted(must_see - fields_seen)} is seen")
    return history_seen


@test
def list_runs():
    files = {"runs.json": recorded()["runs.json"]}
    first = [row["id"] for row in json.loads(files["runs.json"])["runs"]]

    def look(what, where, before, after, body):
        if where[0] == "runs":              # whose row it is, by the ids of before and of now
            now = str(body["runs"][where[1]].get("id"))
            grade_others(what, before, after, {first[where[1]], now})
    grade_file("list_runs", files, "runs.json", {"action": "list_runs"}, ROW | LIST, look=look)


# file, the run it is of
PAGES = [("run/consilience-40b-1/0.json", "consilience-40b-1"),
         ("run/hermes-3-8b/2.json", "hermes-3-8b"),
         ("run/hermes-4-8b/0.json", "hermes-4-8b"),
         ("run/dm-consilience-rc1/0.json", "dm-consilience-rc1")]


@test
def run_details_by_its_page():
    files = recorded()
    for path, run_id in PAGES:
        history_seen = grade_file(f"run_details {run_id}", files, path,
                                  {"action": "run_details", "run_id": run_id},
                                  ROW | PAGE)
        if b'"loss":[[' in files[path]:
            true(history_seen, f"{run_id}: no change of the newest losses is seen")


@test
def run_details_by_the_list():
    """The list says which run is meant; of other runs it tells nothing about this one."""
    files = recorded()
    own = "hermes-4-8b"

    text = files["runs.json"].decode()
    seen = 0
    with Simulator(dict(files), "--reload") as sim:
        before = ask(sim, {"action": "run_details", "run_id": own}).json
        for where, changed, _ in changes(text, True):
            write_folder(sim.folder, {"runs.json": changed})
            reply = ask(sim, {"action": "run_details", "run_id": own})
            what = f"run_details and /runs: {'.'.join(map(str, where))}"
            if true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
                seen += grade(what, where, before, reply.json)
                if where[0] == "runs" and where[2] not in ("id", "name", "index"):
                    same = before["tracked"] == reply.json["tracked"]
                    true(same, f"{what}: the page's facts changed with the list")
    true(seen, "the id in the list matters, at least")


@test
def a_run_that_only_the_list_has():
    files = {"runs.json": recorded()["runs.json"]}
    one = json.loads(files["runs.json"])
    run = next(row for row in one["runs"] if row["id"] == "consilience-40b-1")
    files = {"runs.json": json.dumps({**one, "runs": [run]}, ensure_ascii=False).encode()}
    grade_file("run_details from the list alone", files, "runs.json",
               {"action": "run_details", "run_id": "consilience"}, ROW)


# action, the file that is changed, arguments, fields whose changes show (most of a reply these actions
# do not tell)
OTHERS = [
    ("pool_status", "contributionInfo.json", {},
     {"totalDepositedCollateralAmount", "maxDepositCollateralAmount", "users", "funding", "address",
      "collateralMintAddress", "collateralMintDecimals"}),
    ("network_stats", "runs.json", {}, {"status", "lastUpdate", "totalTokens"}),
    ("network_stats", "status.json", {}, {"commit", "coordinator", "miningPool", "programId"}),
    ("checkpoints", "run/consilience-40b-1/0.json", {"run_id": "consilience-40b-1"},
     {"repo_id", "revision", "size"}),
    ("checkpoints", "runs.json", {}, {"id", "status"}),
    ("contribute", "runs.json", {}, {"id", "size", "status"}),
    ("contribute", "contributionInfo.json", {},
     {"totalDepositedCollateralAmount", "maxDepositCollateralAmount"}),
]


@test
def the_other_actions():
    files = {**recorded(), "status.json": (DATA / "real_status.json").read_bytes(),
             "contributionInfo.json": (DATA / "real_contributionInfo.json").read_bytes()}
    for action, path, arguments, must_see in OTHERS:
        name = f"{action} by {path}"
        request = {"action": action, **arguments}
        text = files[path].decode()
        seen = tried = 0
        fields_seen = set()
        with Simulator(dict(files), "--reload") as sim:
            before = ask(sim, request).json
            for where, changed, is_history in changes(text, with_kinds=False):
                write_folder(sim.folder, {path: changed})
                reply = ask(sim, request)
                what = f"{name}: {'.'.join(map(str, where))}"
                if is_history or not true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
                    continue
                is_seen = grade(what, where, before, reply.json)
                fields_seen |= set(where) if is_seen else set()
                tried += 1
                seen += is_seen
        print(f"     {name}: {seen} of {tried} changes are seen")
        true(must_see <= fields_seen, f"{name}: unseen: {sorted(must_see - fields_seen)}")


sys.exit(main())
