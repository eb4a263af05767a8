#!/usr/bin/env python3
"""Facts change only under the label of the source that changed.

Each value of a recorded reply is changed, one at a time, and the question asked again. What may
differ then: groups and lists labelled with that source, and what speaks of all sources at once
(summary, agreement, notes, next, how the run was found). Nothing else, no other run's row. Which
sentence of the references is quoted follows the run's phase; that it is theirs is checked."""

import json
import random
import re
import sys

from harness import (BIG, DATA, DATE, FRAME, ROOT, Lib, Simulator, check_answer, equal, main, recorded, test,
                     true, write_folder)

LIB = Lib()
HISTORY_SAMPLE = 200
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[\[\]{},:]')
FIXED = {"success", "schema", "action"}
# Fields whose changes show.
ROW = {"id", "name", "arch", "size", "totalTokens", "status", "lastUpdate"}
LIST = {"index", "tokensCompletedAtStartOfStep", "lastTokensPerSecond",
        "totalTokensPerSecondActive", "error"}
PAGE = {"description", "phase", "checkpoint", "epochTime", "lrSchedule", "loss", "lr", "error"}
LABELS_OF_DASHBOARD = {"[tracked]", "[tracked:not-found]"}
# Besides groups, these speak of how it was found or of all sources together.
MAY_FOLLOW = FRAME - FIXED

# All that the references say, as an answer says it.
REFERENCES = " ".join(re.sub("[`*]", "", path.read_text().replace("\n", " \n"))
                      for path in (ROOT / "references").glob("*.md"))
REFERENCES = " ".join(REFERENCES.split())


def scalars(text):
    """(path, start, end) of each value that is no object and no array; the path is a tuple."""
    found, path, kinds = [], [], []
    tokens = list(TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        word = token.group()
        if word in "{[":
            kinds.append(word)
            path.append(None if word == "{" else 0)
        elif word in "}]":
            kinds.pop()
            path.pop()
        elif word == ",":
            path[-1] = None if kinds[-1] == "{" else path[-1] + 1
        elif word != ":" and tokens[number + 1:number + 2] and tokens[number + 1].group() == ":":
            path[-1] = json.loads(word)
        elif word != ":":
            found.append((tuple(path), token.start(), token.end()))
    return found


def another(value):
    """A different value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 2 + 1
    if value is None:
        return 5
    tagged = next((tag for tag in (BIG, DATE) if value.startswith(tag)), None)
    if tagged == DATE:
        return f"{DATE}{int(value[len(DATE):]) - 7200000}"
    return f"{BIG}{int(value[len(BIG):]) * 3 + 1}" if tagged else value + "x"


def of_another_kind(value):
    return {"odd": 1} if isinstance(value, str) else "odd"


def changes(text, with_kinds):
    """(path, changed text, is it of a history) for each value, of a history for a sample."""
    every = scalars(text)
    history = [each for each in every if "history" in each[0]]
    newest = history[-1:] + [each for each in history if "loss" in each[0]][-20:]
    chosen = random.Random(1).sample(history, min(HISTORY_SAMPLE, len(history))) + newest
    for path, start, end in [each for each in every if "history" not in each[0]] + chosen:
        value = json.loads(text[start:end])
        is_history = "history" in path
        for change in (another, of_another_kind)[:1 if is_history or not with_kinds else 2]:
            changed = json.dumps(change(value), ensure_ascii=False)
            yield path, text[:start] + changed + text[end:], is_history


def ask(sim, arguments):
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"},
               "budget": ROOM}
    with LIB.at(sim.url) as monitor:        # a handle of its own: nothing is kept from before
        return monitor.call(request)


def differences(before, after):
    return {key for key in set(before) | set(after) if before.get(key) != after.get(key)}


def is_labelled(value):
    labels = {value.get("source"),
              *value.get("sources", [])} - {None} if isinstance(value, dict) else set()
    return labels and labels <= LABELS_OF_DASHBOARD


def is_quoted(guide):
    """A heading of the references and a sentence of theirs, for a phase or a kind of checkpoint."""
    key = list(guide)[-1]
    heading, _, sentence = guide[key].partition(": ")
    return (guide["source"] == "[guide]" and f"## {heading} {sentence}" in REFERENCES
            and list(guide) in (["source", "as_of", "phase"], ["source", "as_of", "kind"]))


def grade(what, where, before, after):
    """Whether something changed; complains about what must not have."""
    changed = differences(before, after)
    for key in sorted(changed - MAY_FOLLOW):
        holders = [answer[key] for answer in (before, after) if key in answer]
        if key == "guide":
            true(all(is_quoted(value) for value in holders), f"{what}: guide: {holders}")
            continue
        true(key not in FIXED and all(is_labelled(value) for value in holders),
             f"{what}: {key} changed")
    if where[-1] != "id":                   # a page without one is of nobody
        equal(after.get("sources"), before["sources"],
              f"{what}: the source is understood as before")
    return bool(changed)


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
