#!/usr/bin/env python3
"""Each fault of a Solana node, for each kind of question, for each action that asks it: what the dashboard says
stands as it was, nothing of the chain is new or other than before, and the word says what happened.

    test_faults_chain.py [--table]

What is expected is computed, as in test_faults.py: a question is answered with 404 first, and each other fault must
give that answer but for the word, its meaning and the problem told. After a search that failed the ids that are known
are looked for. One that is refused is told in other words, and one that came too late leaves no time for it: these
two have answers of their own to be compared with."""

import base64
import collections
import contextlib
import json
import pathlib
import re
import sys
import tempfile
import time

from chain_data import chain_settings
from faults import (AT_ONCE, FAULTS, PATIENCE_MS, ROOM, SHOWN_BYTES, SLOW_TO_MAKE, TIMEOUT_MS, bad_rows, difference_of,
                    exact, is_less, side_by_side, spoiled_paths, with_words)
from grading import CHAIN, OF_SOURCES, is_quoted, is_table_of_both, labels_of, rows_by_source
from harness import SCRATCH, Lib, Simulator, check_answer, equal, main, test, true
from two_sources import POOL_PROGRAM, RUN, UNLISTED, name_of, pool_chain, runs_chain, tracked_files, write_nodes

LIB = Lib()
SHOW_TABLE = "--table" in sys.argv
sys.argv = [word for word in sys.argv if word != "--table"]
ASKED = {"run_details": [RUN, UNLISTED], "checkpoints": [None, RUN, UNLISTED]}
LONG_PATIENCE_MS = 3000                     # where nothing is waited for
SPARE_S = 0.5                               # beyond the time of a call, for a machine that is busy
SEARCH = "getProgramAccounts"


def result(text):
    return f'body={{"jsonrpc":"2.0","result":{text},"id":1}}'


def error(text):
    return f'body={{"jsonrpc":"2.0","error":{text},"id":1}}'


def refusal(code, message):
    return error(json.dumps({"code": code, "message": message}))


ACCOUNT = '{"lamports":1,"data":%s,"owner":"4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7","executable":false,' \
          '"rentEpoch":0,"space":0}'
IN_CONTEXT = '{"context":{"slot":5},"value":%s}'
# Bodies under HTTP 200, with the word each one has. An object of another shape, another encoding than the one that
# was asked for, and errors by their codes.
BODIES = {
    "body=[]": "bad_reply", "body={}": "bad_reply", 'body="overloaded"': "bad_reply", "body=429": "bad_reply",
    result("null"): "bad_reply", result('"x"'): "bad_reply", result("7"): "bad_reply", result("{}"): "bad_reply",
    result('"\\u0000"'): "bad_reply", result(IN_CONTEXT % "null"): "bad_reply", result(IN_CONTEXT % "{}"): "bad_reply",
    result(IN_CONTEXT % f"[{ACCOUNT % json.dumps('')}]"): "bad_reply",
    result(IN_CONTEXT % "[7]"): "bad_reply", error("null"): "bad_reply",
    error("[]"): "bad_reply", error("{}"): "bad_reply", error('"overloaded"'): "source_fault",
    refusal(-32005, "Node is behind by 150 slots"): "node_behind",
    refusal(-32601, "Method not found"): "method_refused", refusal(-32603, "Internal error"): "source_fault",
    refusal(-32602, "Invalid params"): "source_fault", refusal(-32004, "Block not available"): "source_fault",
    refusal(429, "slow down"): "rate_limited",
}
# How a node leaves a method out; the simulator takes them as `refuse`.
REFUSALS = {"refuse=403": "http_status", "refuse=410": "http_status", "refuse=429": "rate_limited",
            "refuse=-32010": "source_fault", "refuse=-32601": "method_refused", "refuse=-32005": "node_behind",
            "refuse=disabled": "source_fault"}
WORDS = {**{fault: words.split()[-1] for fault, words in FAULTS.items()},
         "error-object": "timeout",         # HTTP 500: tried once more
         **BODIES, **REFUSALS}
# A search that is refused in one of these ways is not asked again.
SEARCH_REFUSED = {"status=403", "status=429", refusal(429, "slow down"), *REFUSALS} - {"refuse=-32005"}
# Of its health a node says in an error that it is behind; and that reply is shorter than 40 bytes.
NO_FAULT = {("getHealth", fault) for fault in (refusal(-32005, "Node is behind by 150 slots"), "refuse=-32005",
                                               "truncate=40")}
FIRST, FIRST_REFUSED, FIRST_LATE = "status=404", "refuse=410", "stall"


# --- the network ----------------------------------------------------------------------------


def refusing(nodes, route, how):
    """The nodes, of which one leaves out the method of this route."""
    name, method = route.strip("/").split("#")
    folder = pathlib.Path(nodes[name]).parent / f"{name}-without-{method}-{how}"
    if not folder.exists():
        scratch = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH))
        for path in nodes[name].iterdir():
            (scratch / path.name).symlink_to(path)
        node = {**json.loads((nodes[name] / "accounts.json").read_text()), "refuse": {method: how}}
        (scratch / "accounts.json").unlink()
        (scratch / "accounts.json").write_text(json.dumps(node))
        with contextlib.suppress(OSError):      # another thread was first
            scratch.rename(folder)
    return {**nodes, name: folder}


def every_question():
    tool = next(each for each in json.loads(LIB.schema()) if each["name"] == "psyche_monitor")
    for action in tool["parameters"]["properties"]["action"]["enum"]:
        for run_id in ASKED.get(action, [None]):
            yield {"action": action, **({"run_id": run_id} if run_id else {})}


def ask(arguments, nodes, route="", fault="", is_to_spoil=False, patience_ms=LONG_PATIENCE_MS):
    """(answer, kinds of questions that were put to nodes, whether a reply was spoiled)"""
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"}, "budget": ROOM,
               "timeout_ms": max(TIMEOUT_MS, patience_ms)}
    words = []
    if fault.startswith("refuse="):
        nodes = refusing(nodes, route, fault.partition("=")[2])
    elif fault:
        words = ["--fault", f"{route}=>{fault}"]
    with Simulator(tracked_files(), *words, rpc=nodes) as sim:
        settings = chain_settings(sim, **{"rpc.pool_url": sim.node_url("rpc-pool"), "programs.pool": POOL_PROGRAM,
                                          "patience_ms": patience_ms})
        with LIB.at(sim.url, override=settings) as monitor:
            reply = monitor.call(request)
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        end = time.monotonic() + 2          # the simulator may still be writing a bomb
        while words and is_to_spoil and not spoiled_paths(sim) and time.monotonic() < end:
            time.sleep(0.01)
        asked = {line.path for line in sim.log("/rpc")}
        is_spoiled = route in asked if not words else route in spoiled_paths(sim)
    return reply, asked, is_spoiled


def text_of(reply):
    return reply.text.rstrip(b"\n").decode()


# --- what still stands ----------------------------------------------------------------------


def check_table(what, less, more):
    """The dashboard's rows and values as before; of the chain's nothing that was not there."""
    equal(rows_by_source(less)[0], rows_by_source(more)[0], f"{what}: what the dashboard says")
    known = {row[0]: dict(zip(more["columns"], row)) for row in more["rows"]}
    for row in less["rows"]:
        now, then = dict(zip(less["columns"], row)), known.get(row[0], {})
        changed = {name for name, value in now.items() if value is not None and value != then.get(name)}
        true(row[0] in known and not changed, f"{what}: {row[0]}: {sorted(changed)} were not so before")


def of_clusters(group):
    """A group of the chain without where and when it is of, which can be of the other node it was made from."""
    return {key: {**value, "cluster": None} if isinstance(value, dict) and "cluster" in value else value
            for key, value in group.items() if key not in OF_SOURCES}


def check_group(what, key, before, after):
    what = f"{what}: {key}"
    if before is not None and is_table_of_both(before):
        if true(after is not None, f"{what} is gone") and "rows" in after:
            check_table(what, after, before)
    elif before is not None and labels_of(before) == {CHAIN}:
        true(after is None or is_less(of_clusters(after), of_clusters(before)),
             f"{what} has more than before: {json.dumps(after)}")
    elif key == "guide" and before is not None and CHAIN_GUIDES & set(before):
        true(after is None or is_quoted(after), f"{what}: {after}")
    else:
        equal(json.dumps(after), json.dumps(before), what)


# Sentences of the references for what the chain said.
CHAIN_GUIDES = {"phase", "kind"}
FOLLOWS = {"summary", "agreement", "notes", "next", "omitted", "sources"}


def check_reference(what, before, after, is_alone):
    """The answer of a chain that failed against the one of a chain that did not."""
    follows = FOLLOWS | ({"found", "matched_by"} if is_alone else set())
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in follows:
            check_group(what, key, before.get(key), after.get(key))
    if is_alone:
        true(after["found"] in (True, "unknown"), f"{what}: found {after['found']}")
    of_dashboard = [row for row in before["sources"] if row["source"] != CHAIN]
    equal([row for row in after["sources"] if row["source"] != CHAIN], of_dashboard, f"{what}: the dashboard's sources")
    rows = bad_rows(after)
    true(rows and all(row["source"] == CHAIN and row["host"] == "127.0.0.1" for row in rows), f"{what}: sources {rows}")
    check_words(what, after)


def check_words(what, answer):
    """What no longer stands in the answer is not spoken of as if it did."""
    word = bad_rows(answer)[0]["status"]
    if not any(CHAIN in labels_of(value) for value in answer.values()):
        true(CHAIN not in answer["summary"], f"{what}: the summary tells of the chain: {answer['summary']}")
        agreement = answer.get("agreement", {"verdict": "single", "trust": None, "why": f"({word}"})
        true(agreement["verdict"] == "single" and agreement["trust"] != CHAIN and f"({word}" in agreement["why"],
             f"{what}: {agreement}")


BAD_ROW = re.compile(r',\{"source":"\[on-chain\]"[^{}]*?"request":"(\w+)","status":"(\w+)","ms":0,'
                     r'"problem":"(?:[^"\\]|\\.)*"\}')


def each_once(text):
    """Of two rows for one kind of question the first: those of two questions that tell it a little differently."""
    seen = set()

    def keep(match):
        is_new = match.groups() not in seen
        seen.add(match.groups())
        return match.group() if is_new else ""
    return BAD_ROW.sub(keep, text)


# --- the table ------------------------------------------------------------------------------


class Cell:
    """One fault of one kind of question for one action."""

    def __init__(self, arguments, route, fault):
        self.arguments, self.route, self.fault = arguments, route, fault
        self.name = f"{name_of(arguments)}, {route}=>{fault}"
        self.is_refusal = route.endswith(SEARCH) and (fault in SEARCH_REFUSED or WORDS.get(fault) == "method_refused")
        self.complaint, self.word = None, "no matter"

    def reference(self, word):
        is_late = word == "timeout" and self.route.endswith(SEARCH)
        first = FIRST_REFUSED if self.is_refusal else FIRST_LATE if is_late else FIRST
        return name_of(self.arguments), self.route, first

    def words(self):
        if self.is_refusal:
            return {"method_refused"}
        return set(FAULTS[self.fault].split()) if self.fault in SLOW_TO_MAKE else {WORDS[self.fault]}

    def run(self, nodes, free, references):
        """Sets `complaint` to what is wrong."""
        reply, _, is_spoiled = ask(self.arguments, nodes, self.route, self.fault, True, PATIENCE_MS)
        self.complaint = self.find_complaint(reply, is_spoiled, free[name_of(self.arguments)], references)

    def find_complaint(self, reply, is_spoiled, free, references):
        text = each_once(text_of(reply))
        if not is_spoiled:
            return "the fault was not injected"
        if reply.seconds > TIMEOUT_MS / 1000 + SPARE_S:
            return f"it took {reply.seconds:.1f} s"
        if self.fault in SHOWN_BYTES:       # they stand in the version of the envelope, which says nothing
            return difference_of(text, free)
        rows = bad_rows(json.loads(text))
        statuses = [row["status"] for row in rows]
        if not rows or not set(statuses) <= self.words():
            return f"status {statuses}, not {self.words()}"
        if not all(row["problem"] for row in rows):
            return "a row without a problem"
        self.word = statuses[0]
        return difference_of(text, with_words(references[self.reference(self.word)], rows))


def refer(cell, nodes, free):
    """The answer that others are compared with, once it has been looked at itself."""
    reply, _, is_spoiled = ask(cell.arguments, nodes, cell.route, cell.fault, False, PATIENCE_MS)
    true(is_spoiled, f"{cell.name}: the fault was not injected")
    check_reference(cell.name, exact(free[name_of(cell.arguments)]), exact(text_of(reply)),
                    cell.arguments.get("run_id") == UNLISTED)
    text = each_once(text_of(reply))
    return cell.reference(bad_rows(json.loads(text))[0]["status"]), text


@test
def each_fault_of_each_question():
    nodes = write_nodes("table")
    every = list(every_question())
    free, pairs = {}, []
    for arguments, (reply, asked, _) in zip(every, side_by_side(lambda one: ask(one, nodes), every)):
        free[name_of(arguments)] = text_of(reply)
        pairs += [(arguments, route) for route in sorted(asked)]
    routes = {route for _, route in pairs}
    true({"/rpc#getMultipleAccounts", "/rpc#getGenesisHash", f"/rpc#{SEARCH}", "/rpc-pool#getMultipleAccounts",
          "/rpc-pool#getGenesisHash"} <= routes, f"questions: {sorted(routes)}")
    first = [Cell(*pair, FIRST) for pair in pairs]
    first += [Cell(*pair, fault) for pair in pairs if pair[1].endswith(SEARCH) for fault in (FIRST_REFUSED, FIRST_LATE)]
    references = dict(side_by_side(lambda cell: refer(cell, nodes, free), first))
    cells = [Cell(*pair, fault) for pair in pairs for fault in [*WORDS, *SHOWN_BYTES]
             if (pair[1].partition("#")[2], fault) not in NO_FAULT]
    side_by_side(lambda cell: cell.run(nodes, free, references), cells)
    for cell in cells:
        if cell.complaint:
            cell.run(nodes, free, references)       # alone: many at once may be slower than the patience
        true(not cell.complaint, f"{cell.name}: {cell.complaint}")
    if SHOW_TABLE:
        print_table(pairs, cells)


def print_table(pairs, cells):
    counts = collections.Counter((name_of(cell.arguments), cell.route, "WRONG" if cell.complaint else cell.word)
                                 for cell in cells)
    for arguments, route in pairs:
        words = [f"{word} {count}" for (*where, word), count in sorted(counts.items())
                 if where == [name_of(arguments), route]]
        print(f"     {name_of(arguments):30} {route:30} {', '.join(words)}")
    print(f"     {len(cells)} cells, {AT_ONCE} at once")


# --- nodes and accounts that are not as they should be ---------------------------------------


def ask_all(nodes):
    """[(arguments, answer with a sound chain, answer of these nodes)] of all questions for which a chain is asked"""
    every = list(every_question())
    sound = write_nodes("sound")
    pairs = side_by_side(lambda one: [ask(one, each) for each in (sound, nodes)], every)
    return [(one, *(exact(text_of(reply)) for reply, _, _ in pair)) for one, pair in zip(every, pairs) if pair[0][1]]


@test
def nodes_of_another_cluster():
    nodes = write_nodes("clusters", {**runs_chain(), "genesis": "mainnet"}, {**pool_chain(), "genesis": "devnet"})
    for arguments, before, after in ask_all(nodes):
        what = f"{name_of(arguments)}, another cluster"
        check_reference(what, before, after, arguments.get("run_id") == UNLISTED)
        equal({row["status"] for row in bad_rows(after)}, {"wrong_cluster"}, f"{what}: sources")
        equal([key for key, value in after.items() if labels_of(value) == {CHAIN}], [], f"{what}: groups of the chain")


@test
def a_slot_that_goes_back():
    nodes = write_nodes("back", {**runs_chain(), "slot_step": -1}, {**pool_chain(), "slot_step": -1})
    for arguments, before, after in ask_all(nodes):
        what = f"{name_of(arguments)}, a slot that goes back"
        for key in {*before, *after} - FOLLOWS:
            then, now = (answer.get(key) for answer in (before, after))
            if CHAIN in labels_of(then):
                then, now = of_clusters(then), of_clusters(now or {})
            equal(without_slots(now), without_slots(then), f"{what}: {key}")
        if arguments.get("run_id"):         # two questions, one after the other
            true(any(note.startswith("slot_went_back: ") for note in after["notes"]), f"{what}: {after['notes']}")


def without_slots(value):
    if isinstance(value, dict):
        return {key: without_slots(inner) for key, inner in value.items() if key != "slot"}
    return value


def too_large(size):
    runs, pool = runs_chain(), pool_chain()
    runs["runs"][0]["spoil"], pool["pools"][0]["spoil"] = {"account": {"size": size}}, {"size": size}
    return write_nodes(f"size {size}", runs, pool)


@test
def accounts_that_are_too_large():
    """One byte too many; and so many that they are not even unpacked."""
    of_pool = {119161: "", 1 << 20: "bad_account"}     # a pool's own fields come first, whatever is behind them
    for size, pool_word in of_pool.items():
        for arguments, before, after in ask_all(too_large(size)):
            what = f"{name_of(arguments)}, {size} bytes"
            for key in {*before, *after} - FOLLOWS:
                check_group(what, key, before.get(key), after.get(key)) if key != "on_chain" else None
            text, is_pools = json.dumps(after), arguments["action"] == "pool_status"
            is_of_it = is_pools and pool_word or arguments.get("run_id") == RUN or arguments["action"] == "list_runs"
            if is_of_it:
                true("layout_unknown" in text or "bad_account" in text, f"{what}: the account is not named: {text}")
                equal(bad_rows(after), [], f"{what}: the node did its part")
                verdict = after.get("agreement", {"trust": None})
                true(verdict["trust"] != CHAIN, f"{what}: {verdict}")


def bomb():
    """A frame of zstd with 512 blocks that each say "131,072 zeros", in base64: 64 MiB. The `+` of base64, which a
    fault's text cannot hold, does not come up."""
    blocks = b"".join(((131072 << 3) + (1 << 1) + (n == 511)).to_bytes(3, "little") + b"\0" for n in range(512))
    return base64.b64encode(b"\x28\xb5\x2f\xfd\x00\x58" + blocks).decode()


@test
def accounts_that_unpack_to_more_than_they_say():
    nodes, packed = write_nodes("bomb"), json.dumps([bomb(), "base64+zstd"]).replace("+", "\\u002b")
    account = (ACCOUNT % packed).replace('"space":0', '"space":552')
    asked = {}
    for arguments, route in (({"action": "pool_status"}, "/rpc-pool#getMultipleAccounts"),
                             ({"action": "run_details", "run_id": RUN}, "/rpc#getMultipleAccounts")):
        before = exact(text_of(ask(arguments, nodes)[0]))
        for count in range(1, 9):
            value = ",".join([account] * count)
            reply, _, is_spoiled = ask(arguments, nodes, route, result(IN_CONTEXT % f"[{value}]"))
            after, what = exact(text_of(reply)), f"{name_of(arguments)}, {count} bombs"
            true(is_spoiled and reply.seconds < LONG_PATIENCE_MS / 1000, f"{what}: {reply.seconds:.1f} s")
            for key in {*before, *after} - FOLLOWS - {"on_chain"}:
                check_group(what, key, before.get(key), after.get(key))
            true(after["agreement"]["trust"] == "[tracked]", f"{what}: {after['agreement']}")
            if not bad_rows(after):
                asked[name_of(arguments)] = count
                true("more than they should be" in text_of(reply), f"{what}: {text_of(reply)}")
    equal(len(asked), 2, f"a reply with as many accounts as were asked for is read: {asked}")


sys.exit(main())
