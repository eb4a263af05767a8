#!/usr/bin/env python3
"""What the hub and a bucket say stays apart from what the dashboard and the chain say, in every answer.

All four are asked once. Then each value of each reply of the hub and of the bucket changes, one at a time: only
facts labelled [best-effort] may follow, and what speaks of all sources (summary, found, notes, next). Then each
value of the dashboard's replies and of the runs' accounts: as long as the same place is declared, nothing that was
found there may follow."""

import collections
import json
import sys

from chain_data import account_of
from chain_fields import Account, values_of
from grading import changes, differences, grade_storage, is_of_storage
from harness import Lib, Simulator, check_answer, equal, main, test, true, write_folder
from hub_world import (QUESTIONS, RUNS, Replay, all_settings, dashboard_files, kind_of, name_of, record, write_node,
                       write_storage)

LIB = Lib()
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
HEADERS = {"X-Total-Count": "9", "Link": ""}
# Values that no answer tells, by kind of reply; a change of any other one is seen in some answer. Of a repository
# that a search found only its name and its date are told, of a commit no words but its step.
NOT_TOLD = {
    "/hub/search": {"Link", "_id", "author", "createdAt", "disabled", "downloads", "gated", "library_name", "likes",
                    "modelId", "private", "sha", "siblings.*.rfilename", "trendingScore"},
    "/hub/model": {"_id", "author", "createdAt", "lastModified", "likes", "model-index", "modelId",
                   "siblings.*.blobId", "siblings.*.lfs.pointerSize", "siblings.*.lfs.sha256", "siblings.*.lfs.size",
                   "usedStorage"},
    "/hub/tree": {"oid", "lfs.oid", "lfs.pointerSize", "lfs.size", "type", "xetHash"},
    "/hub/commits": {"authors.*.user", "message"},
    "/hub/index": set(),
    "/gcs/manifest": {"files.*.generation"},
}


def ask(settings, url, arguments):
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"}, "budget": ROOM}
    with LIB.at(url, override=settings) as monitor:     # a handle of its own: nothing is kept from before
        return monitor.call(request)


def start(name, *words):
    return Simulator(dashboard_files(), *words, rpc=write_node(name), hub=write_storage(name))


def targets_of(sim):
    return {line.path for line in sim.log() if line.path.startswith(("/hub/", "/gcs/"))}


def ask_first(sim):
    """{name of a question: (arguments, answer, what of hub and bucket it asked)}"""
    first, settings = {}, all_settings(sim)
    for arguments in QUESTIONS:
        count = len(sim.log())
        reply = ask(settings, sim.url, arguments)
        check_answer(reply, name_of(arguments))
        asked = {line.path for line in sim.log()[count:]} & targets_of(sim)
        first[name_of(arguments)] = (arguments, reply.json, asked)
    return first


def groups_of_storage(answer):
    return {key: value for key, value in answer.items() if is_of_storage(value)}


# --- the hub changes ------------------------------------------------------------------------

def changed_replies(status, headers, body):
    """(name of the value, the reply with another one)"""
    for where, changed, _ in changes(body.decode(), with_kinds=True):
        yield name_of_value(where), (status, headers, changed.encode())
    for name, other in HEADERS.items():
        key = next((key for key in headers if key.lower() == name.lower()), None)
        if key:
            yield name, (status, {**headers, key: other}, body)


def name_of_value(where):
    """Rows are alike: "siblings.*.size"; and a tensor may have any name."""
    words = ["*" if isinstance(part, int) else part for part in where]
    words = words[:1] + ["*"] if words[0] == "weight_map" else words
    return ".".join(words[1:] if words[0] == "*" else words)


def grade_target(target, replay, first, settings, url):
    """Changes all of one reply; {name of a value: was a change of it seen in some answer}."""
    seen = collections.Counter()
    questions = [row for row in first.values() if target in row[2]]
    for name, reply in changed_replies(*replay.replies[target]):
        replay.instead = {target: reply}
        seen[name] += 0
        for arguments, before, _ in questions:
            what = f"{name_of(arguments)}: {target}: {name}"
            after = ask(settings, url, arguments)
            if true(after.json.get("success"), f"{what}: {after.text[:300]}"):
                seen[name] += grade_storage(what, before, after.json)
                equal(after.json.get("found") if arguments.get("run_id") in RUNS else True, True, f"{what}: found")
    replay.instead = {}
    return seen


@test
def what_hub_and_bucket_change():
    with start("label-hub") as sim:
        first = ask_first(sim)
        for run_id in set(RUNS) - {"lonely-run"}:
            true(groups_of_storage(first[f"checkpoints {run_id}"][1]), f"{run_id}: nothing of hub or bucket")
        replies = record(sim, targets_of(sim))
        seen = collections.defaultdict(collections.Counter)
        with Replay(replies) as replay:
            settings = all_settings(sim, **replay.settings)
            for name, (arguments, before, _) in first.items():
                equal(differences(before, ask(settings, sim.url, arguments).json), set(), f"{name}, said again")
            for target in sorted(target for target, reply in replies.items() if reply[0] == 200):
                seen[kind_of(target)].update(grade_target(target, replay, first, settings, sim.url))
    equal(set(seen), set(NOT_TOLD), "kinds of replies that were changed")
    for kind, names in seen.items():
        print(f"     {kind}: {sum(map(bool, names.values()))} of {len(names)} values are shown")
        hidden = {name for name, count in names.items() if not count}
        equal(hidden, NOT_TOLD[kind] & set(names), f"{kind}: values that no answer shows")


# --- the dashboard and the chain change -----------------------------------------------------

def places_of(answer):
    """What is declared, and which run it is: the searches are for its id and name."""
    words = ("kind", "repo", "revision", "bucket", "prefix")
    of_run = [answer.get(key, {}).get("checkpoint", {}) for key in ("tracked", "on_chain")]
    return [{word: place.get(word) for word in words} for place in of_run], answer.get("run_id")


def grade_places(what, where, before, after):
    """The dashboard or the chain changed. Whether a place stands that is as it was; complains when what was found
    there is not."""
    if before.get("candidates", {}).get("source") == "[best-effort]" and where[-1] in ("id", "name"):
        return False
    if places_of(before) != places_of(after) or after.get("found") is not True:
        return False
    equal(groups_of_storage(after), groups_of_storage(before), f"{what}: what hub and bucket say")
    return True


@test
def what_the_dashboard_changes():
    files = {name: json.dumps(content, ensure_ascii=False) for name, content in dashboard_files().items()}
    with start("label-dashboard", "--reload") as sim:
        settings, kept = all_settings(sim), collections.Counter()
        first = ask_first(sim)
        for path, text in files.items():
            run_id = path.split("/")[1] if "/" in path else None
            questions = [row[:2] for row in first.values() if run_id in (None, row[0].get("run_id"))]
            for where, changed, _ in changes(text, with_kinds=False):
                write_folder(sim.folder, {path: changed})
                for arguments, before in questions:
                    what = f"{name_of(arguments)} by {path}: {'.'.join(map(str, where))}"
                    after = ask(settings, sim.url, arguments).json
                    kept[path] += bool(after.get("success")) and grade_places(what, where, before, after)
            write_folder(sim.folder, {path: text})
            true(kept[path] > 10, f"{path}: only {kept[path]} changes left the place as it was")
    print(f"     changes that left the place as it was: {sum(kept.values())}")


@test
def what_the_chain_changes():
    node, storage, kept = write_node("label-chain"), write_storage("label-chain"), collections.Counter()
    for run_id in ("parts-run", "bucket-run"):
        account, arguments = Account(node, account_of(run_id)), {"action": "checkpoints", "run_id": run_id}
        with start("label-chain") as sim:
            before = ask(all_settings(sim), sim.url, arguments).json
        true("on_chain" in before and groups_of_storage(before), f"{run_id}: both are in the answer")
        for path, offset, patch in values_of("coordinator", account.data):
            account.put(offset, patch)
            with Simulator(dashboard_files(), rpc=node, hub=storage) as sim:
                after = ask(all_settings(sim), sim.url, arguments).json
                what = f"{run_id}: {'.'.join(map(str, path))}"
                kept[run_id] += bool(after.get("success")) and grade_places(what, path, before, after)
        account.restore()
        true(kept[run_id] > 50, f"{run_id}: only {kept[run_id]} changes left the place as it was")
    print(f"     changes that left the place as it was: {dict(kept)}")


sys.exit(main())
