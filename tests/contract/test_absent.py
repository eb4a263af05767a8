#!/usr/bin/env python3
"""What a source does not say is not known, and nothing takes its place.

Each value of a reply of the dashboard, the hub and a bucket, objects and lists as well, is left out, made null, made
something of another kind and made as small and as large as its kind allows, one at a time; each value of an account is
made all zeros and all ones. Then the questions that read it are asked again. Every answer keeps the rules for all
answers; what is left out or null leaves no word in a group but those of the first answer and those of `SAID`, which
are our own. Numbers may be others, as they are worked out from what is left."""

import copy
import json
import re
import sys

from chain_data import chain_settings
from chain_fields import Account, values_of
from harness import FRAME, ROOT, Lib, Simulator, check_answer, main, test, true, write_folder
from hub_world import QUESTIONS as HUB_QUESTIONS
from hub_world import Replay, all_settings, dashboard_files, kind_of, record, write_node, write_storage
from two_sources import POOL_PROGRAM, RUN, WALLET, addresses, tracked_files, write_nodes

LIB = Lib()
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
SERIES = 60                                 # of a page's histories, which have thousands of points
OF_TARGET = 2                               # questions that are asked for each change of one reply
GONE = object()
# A word, or a number in a sentence.
WORD, NUMBER = re.compile(r"[^\s,;()]+"), re.compile(r"[-+\d.:%TZe]+[KMB]?")
# Of an answer that has less to go by.
SAID = {"unknown", "[tracked:not-found]", "[on-chain]", "none", "none:", "the", "branch", "main"}
SAID |= {word for name in ("weights_why", "checkpoints_hub", "weights")  # how whole weights are, and how that is known
         for word in re.findall(r"[^\s,;()\"]+", (ROOT / "plugin/action" / f"{name}.c").read_text())}
OUR_OWN = {"columns", "get_more"}


def network(**arguments):
    return {"tool": "psyche_monitor", "arguments": {"detail": "full", **arguments}, "budget": ROOM}


def wallet(**arguments):
    return {"tool": "psyche_wallet", "arguments": {"address": WALLET, "detail": "full", **arguments}, "budget": ROOM}


# --- a reply with one thing less ------------------------------------------------------------


def places(value, path=()):
    """The path of each value within: of a list the first and the last, and nothing within a history."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name)) if name != "history" else [(*path, name)]
    elif isinstance(value, list):
        for at in sorted({0, len(value) - 1}) if value else ():
            yield from places(value[at], (*path, at))


def others(value):
    """(whether the value is not there, what stands in its place)"""
    yield True, GONE
    yield True, None
    if isinstance(value, bool):
        yield from [(False, not value), (False, "odd")]
    elif isinstance(value, (int, float)):
        yield from [(False, 0), (False, -1), (False, 1e300), (False, "odd")]
    elif isinstance(value, str) and value[:4] in ("\u0fcfBIG", "\u0fcfDAT"):
        yield from [(False, value[:4] + text) for text in ("0", "-1", "9" * 17, "9" * 30)]
    elif isinstance(value, str):
        yield from [(False, ""), (False, {"odd": 1})]
    else:
        yield from [(False, "odd"), (False, type(value)())]


def changed(whole):
    """(name of the change, whether a value is only gone, the reply then) for each value and change."""
    for path in places(whole):
        holder = whole
        for part in path[:-1]:
            holder = holder[part]
        for is_gone, other in others(holder[path[-1]]):
            reply = copy.deepcopy(whole)
            holder_now = reply
            for part in path[:-1]:
                holder_now = holder_now[part]
            if other is GONE:
                del holder_now[path[-1]]
            else:
                holder_now[path[-1]] = other
            name = ".".join(map(str, path)) + " " + ("gone" if other is GONE else json.dumps(other))
            yield name, is_gone, json.dumps(reply, ensure_ascii=False)


def shorten(value):
    if isinstance(value, dict):
        return {name: shorten(inner) for name, inner in value.items()}
    return value[-SERIES:] if isinstance(value, list) else value


# --- what the answer may say then -----------------------------------------------------------


def leaves(value):
    if isinstance(value, dict):
        value = [inner for name, inner in value.items() if name not in OUR_OWN]
    if isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


def words_of(value):
    return {word for text in leaves(value) for word in WORD.findall(text) if not NUMBER.fullmatch(word)}


def words_of_groups(answer):
    """But for what the references say."""
    return words_of([value for key, value in answer.items() if key not in FRAME and key != "guide"])


def check(what, reply, known=None):
    """Of the rules for all answers; and by `known`, all words that may stand there."""
    check_answer(reply, what)
    answer = reply.json
    if not answer.get("success"):
        true(answer.get("error_code") == "no_source", f"{what}: {reply.text[:300]}")
    elif known is not None:
        new = {word for word in words_of_groups(answer) - known - SAID
               if not any(text.startswith(word) for text in known)}     # an address of more than is known now
        true(not new, f"{what}: says what nobody said: {sorted(new)[:3]}")
        true("" not in leaves(answer), f"{what}: a text that is empty: {reply.text[:600]}")


def name_of(request):
    return " ".join(map(str, request["arguments"].values()))


# --- the dashboard --------------------------------------------------------------------------


def ask(sim, request, **more):
    settings = chain_settings(sim, **{"rpc.pool_url": sim.node_url("rpc-pool"), "programs.pool": POOL_PROGRAM, **more})
    with LIB.at(sim.url, override=settings) as monitor:     # a handle of its own: nothing is kept from before
        return monitor.call(request)


def dashboard():
    files = {path: json.loads(text) if isinstance(text, bytes) else text for path, text in tracked_files().items()}
    for path, page in files.items():
        if path.startswith("run/"):
            page["run"]["metrics"] = shorten(page["run"].get("metrics"))
    row = {"address": WALLET, "funding": "\u0fcfBIG5000000", "rank": 7}
    files[f"contributionInfo/{WALLET}.json"]["users"] = [row, {**row, "address": "somebody else"}]
    return files


def run(name, action="run_details"):
    return network(action=action, run_id=name)


OF_LIST = [network(action="list_runs"), network(action="network_stats"), network(action="contribute"),
           network(action="checkpoints"), run("consilience")]
OF_FILE = {
    "runs.json": OF_LIST,
    "status.json": [network(action="network_stats")],
    "contributionInfo.json": [network(action="pool_status"), network(action="contribute")],
    f"contributionInfo/{WALLET}.json": [wallet()],
    f"run/{RUN}/0.json": [run(RUN), run(RUN, "checkpoints")],
    "run/hermes-3-8b/2.json": [run("hermes-3-8b"), network(action="contribute")],
    "run/hermes-4-8b/0.json": [run("hermes-4-8b")],
    "run/dm-consilience-rc1/0.json": [run("dm-consilience-rc1")],
}


def leave_out(path, requests, files, nodes):
    """How many answers were looked at."""
    texts = {name: json.dumps(content, ensure_ascii=False) for name, content in files.items()}
    said = words_of(list(files.values()))
    count = 0
    with Simulator(dict(texts), "--reload", rpc=nodes) as sim:
        known = [words_of(ask(sim, request).json) | said for request in requests]
        for name, is_gone, text in changed(files[path]):
            write_folder(sim.folder, {path: text})
            for request, words in zip(requests, known):
                check(f"{name_of(request)}: {path}: {name}", ask(sim, request), words if is_gone else None)
                count += 1
        (sim.folder / path).unlink()
        for request, words in zip(requests, known):
            check(f"{name_of(request)}: without {path}", ask(sim, request), words)
    return count


@test
def what_the_dashboard_leaves_out():
    files, nodes = dashboard(), write_nodes("dashboard")
    for path, requests in OF_FILE.items():
        count = leave_out(path, requests, files, nodes)
        print(f"     {path}: {count} answers")
        true(count > 30, f"{path}: {count} answers")


# --- the hub and a bucket -------------------------------------------------------------------


def targets_of(sim):
    return {line.path for line in sim.log() if line.path.startswith(("/hub/", "/gcs/"))}


def changed_replies(status, headers, body):
    """(name of the change, whether something is only gone, the reply then)"""
    for name, is_gone, text in changed(json.loads(body)):
        yield name, is_gone, (status, headers, text.encode())
    for name in headers:
        rest = {key: value for key, value in headers.items() if key != name}
        yield f"header {name} gone", name.lower() != "content-type", (status, rest, body)
        yield f"header {name} odd", False, (status, {**headers, name: "0" * 40}, body)
    yield "an empty list", False, (status, headers, b"[]")
    yield "an empty object", False, (status, headers, b"{}")
    yield "no answer", False, (500, {}, b"{}")


@test
def what_hub_and_bucket_leave_out():
    with Simulator(dashboard_files(), rpc=write_node("hub"), hub=write_storage("hub")) as sim:
        first = []
        for arguments in HUB_QUESTIONS:
            request, before = network(**arguments), len(sim.log())
            answer = ask(sim, request, **all_settings(sim)).json
            asked = {line.path for line in sim.log()[before:]} & targets_of(sim)
            first.append((request, words_of(answer), asked))
        replies = record(sim, targets_of(sim))
        said = words_of([json.loads(body) for status, _, body in replies.values() if status == 200])
        with Replay(replies) as replay:
            settings = all_settings(sim, **replay.settings)
            for target in sorted(target for target, reply in replies.items() if reply[0] == 200):
                questions = [row for row in first if target in row[2]]
                for name, is_gone, reply in changed_replies(*replies[target]):
                    replay.instead = {target: reply}
                    for request, words, _ in questions[:OF_TARGET]:
                        check(f"{name_of(request)}: {kind_of(target)}: {name}", ask(sim, request, **settings),
                              words | said if is_gone else None)
                replay.instead = {}


# --- accounts -------------------------------------------------------------------------------

# What is asked, and the paths of the values that are changed: of a run's account those that may be anything.
OF_ACCOUNT = {
    (RUN, "coordinator"): ([run(RUN)], r".*(lr|optimizer|metadata|rates|start_timestamp|start_unix).*"),
    (RUN, "treasurer"): ([run(RUN)], ".*"), (RUN, "mint"): ([run(RUN)], ".*"), (RUN, "funds"): ([run(RUN)], ".*"),
    ("pool", "pool"): ([network(action="pool_status")], ".*"),
    ("pool", "mint"): ([network(action="pool_status"), wallet()], ".*"),
}


@test
def accounts_of_zeros_and_of_ones():
    files, nodes = dashboard(), write_nodes("accounts")
    texts = {name: json.dumps(content, ensure_ascii=False) for name, content in files.items()}
    for (whose, kind), (requests, chosen) in OF_ACCOUNT.items():
        node, address = addresses()[whose, kind]
        account = Account(nodes[node], address)
        values = [row for row in values_of(kind, account.data) if re.fullmatch(chosen, ".".join(map(str, row[0])))]
        true(values, f"{whose} {kind}: values to change")
        for path, offset, patch in values:
            for byte in (b"\0", b"\xff"):
                account.put(offset, byte * len(patch))
                with Simulator(dict(texts), rpc=nodes) as sim:
                    for request in requests:
                        what = f"{name_of(request)}: {whose} {kind} {'.'.join(map(str, path))} {byte!r}"
                        check(what, ask(sim, request))
        account.restore()


sys.exit(main())
