#!/usr/bin/env python3
"""Each fault of a Solana node, for each kind of question and for all of a node, for each question of a user that asks
it: what the dashboard says stands as it was, nothing of the chain is new or other than before, and the word says what
happened.

    test_faults_chain.py [--table]

What is expected is computed, as in test_faults.py: a question is answered with 404 first, and each other fault must
give that answer but for the word, its meaning and the problem told. After a search that failed the ids that are known
are looked for. One that is refused is told in other words, and one that came too late leaves no time for it: these
two have answers of their own to be compared with."""

import base64
import contextlib
import json
import pathlib
import sys
import tempfile

from chain_data import chain_settings
from fault_cells import Cell, Table, has_late, side_by_side, wait_for_spoiled, written
from fault_places import Places, with_dead_resolver
from faults import (FAULTS, FIRST, NO_MATTER, OUT_OF_ORDER, PATIENCE_MS, PLACES, RPC_FAULTS, RPC_REFUSALS, SHOWN_BYTES,
                    SLOW_TO_MAKE, TIMEOUT_MS, bad_rows, difference_of, is_less, name_of, request_of, rpc_account,
                    rpc_in_context, rpc_result, without_words, words_of)
from grading import CHAIN, OF_SOURCES, exact, is_quoted, is_table_of_both, labels_of, rows_by_source
from harness import SCRATCH, Lib, Simulator, check_answer, equal, main, test, true
from two_sources import POOL_PROGRAM, RUN, UNLISTED, WALLET, pool_chain, runs_chain, tracked_files, write_nodes

with_dead_resolver()
LIB, TABLE, PLACED = Lib(), Table(), Places()
ASKED = {"run_details": [RUN, UNLISTED], "checkpoints": [None, RUN, UNLISTED]}
OF_WALLETS = [{"address": WALLET}, {"address": WALLET, "run_id": RUN}, {"address": WALLET, "run_id": UNLISTED}]
LONG_PATIENCE_MS = 3000                     # where nothing is waited for
SEARCH = "getProgramAccounts"
FILES = written(tracked_files())
WHOLE = {"/rpc#": "rpc.url", "/rpc-pool#": "rpc.pool_url"}      # all that a node is asked, and where it is set

WORDS = {**{fault: words.split()[-1] for fault, words in {**FAULTS, **RPC_FAULTS}.items()},
         "error-object": "timeout"}         # HTTP 500: tried once more
# A search that is refused in one of these ways is not asked again.
SEARCH_REFUSED = {"status=403", *(fault for fault, word in WORDS.items() if word == "rate_limited"), *RPC_REFUSALS} \
    - {"refuse=-32005"}
# Of its health a node says in an error that it is behind; and that reply is shorter than 40 bytes.
NO_FAULT = {("getHealth", fault) for fault in ("refuse=-32005", "truncate=40", *(
    fault for fault, word in RPC_FAULTS.items() if word == "node_behind"))}
# Both nodes stand on one host, and its word to come back later counts for all that is asked there: of questions
# that are put to both, nobody can say which was first.
COME_BACK = ("status=429+retry-after=1", "status=429+retry-after=Fri")
FIRST_REFUSED, FIRST_LATE = "refuse=410", "stall"


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


def is_alone(arguments):
    """Nobody but the chain knows of it."""
    return arguments.get("run_id") == UNLISTED or "action" not in arguments


def every_question():
    tool = next(each for each in json.loads(LIB.schema()) if each["name"] == "psyche_monitor")
    for action in tool["parameters"]["properties"]["action"]["enum"]:
        for run_id in ASKED.get(action, [None]):
            yield {"action": action, **({"run_id": run_id} if run_id else {})}
    yield from OF_WALLETS


def ask(arguments, nodes, route="", fault="", patience_ms=LONG_PATIENCE_MS):
    """(answer, kinds of questions that were put to nodes, whether the fault was met)"""
    words = []
    if fault.startswith("refuse="):
        nodes = refusing(nodes, route, fault.partition("=")[2])
    elif fault and fault not in PLACES:
        words = PLACED.arguments(route, fault)
    with Simulator(FILES, *words, rpc=nodes) as sim:
        settings = chain_settings(sim, **{"rpc.pool_url": sim.node_url("rpc-pool"), "programs.pool": POOL_PROGRAM,
                                          "patience_ms": patience_ms}, **PLACED.settings)
        if fault in PLACES:
            settings[WHOLE[route]] = PLACED.url(fault)
        with LIB.at(sim.url, override=settings) as monitor:
            reply = monitor.call(request_of(arguments, timeout_ms=max(TIMEOUT_MS, patience_ms)))
        check_answer(reply, f"{name_of(arguments)} {route} {fault}")
        is_met = wait_for_spoiled(sim, lambda path: path.startswith(route)) if words else fault in PLACES
        asked = {line.path for line in sim.log("/rpc")}
    return reply, asked, is_met or (not words and route in asked)


def text_of(reply):
    return reply.text.rstrip(b"\n").decode()


# --- what still stands ----------------------------------------------------------------------


def check_table(what, less, more, is_of_chain):
    """The dashboard's rows and values as before, if the rows are not the chain's; of the chain's nothing that was not
    there."""
    if not is_of_chain:
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


def without_counts(group):
    return {**group, "totals": None} if isinstance(group.get("totals"), dict) else group


def counts_of(group):
    """How many runs a wallet's sums are made of."""
    totals = group.get("totals")
    return totals["runs_looked_at"] if isinstance(totals, dict) and "runs_looked_at" in totals else 0


def check_group(what, key, before, after):
    what = f"{what}: {key}"
    if before is not None and is_table_of_both(before):
        is_of_chain = key in TABLES_OF_CHAIN
        if true(after is not None or is_of_chain, f"{what} is gone") and after and "rows" in after:
            check_table(what, after, before, is_of_chain)
    elif before is not None and labels_of(before) == {CHAIN}:
        true(after is None or is_less(*map(without_counts, (of_clusters(after), of_clusters(before)))),
             f"{what} has more than before: {json.dumps(after)}")
        true(after is None or counts_of(after) <= counts_of(before), f"{what}: it counts more: {json.dumps(after)}")
    elif key == "guide" and before is not None and CHAIN_GUIDES & set(before):
        true(after in (None, before) or is_quoted(after), f"{what}: {after}")
    else:
        equal(json.dumps(after), json.dumps(before), what)


# Sentences of the references for what the chain said.
CHAIN_GUIDES = {"phase", "kind", "trust"}
# Of a wallet: each row is a run that the chain has.
TABLES_OF_CHAIN = {"joining"}
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


# --- the table ------------------------------------------------------------------------------


class NodeCell(Cell):
    """One fault of one kind of question, or of a whole node, for one question of a user."""

    def __init__(self, arguments, route, fault, world):
        super().__init__(arguments, route, fault)
        self.world, self.is_alone = world, is_alone(arguments)
        self.is_refusal = route.endswith(SEARCH) and (fault in SEARCH_REFUSED or WORDS.get(fault) == "method_refused")

    def is_own(self, row):
        return row["source"] == CHAIN and (self.route in WHOLE or self.route.endswith(f"#{row['request']}"))

    def words(self):
        if self.is_refusal:
            return {"method_refused"}
        if self.fault in PLACES or self.fault in SLOW_TO_MAKE or self.fault in NO_MATTER:
            return set(words_of(self.fault))
        if self.is_alone and self.fault in OUT_OF_ORDER:
            return {"unavailable", "timeout"}   # waited for until its second try, where nobody else knows
        return {"ok"} if self.fault in SHOWN_BYTES else {WORDS[self.fault]}

    def ask(self):
        reply, _, is_met = ask(self.arguments, self.world.nodes, self.route, self.fault, PATIENCE_MS)
        return reply, is_met

    def reference(self, reply):
        """Which answer it is to be like: after a search that was refused, came too late, or found nobody there, less is
        asked."""
        is_alone = any(row["status"] in ("timeout", "refused", "bad_tls") and row["request"] == SEARCH
                       for row in bad_rows(reply.json))
        first = FIRST_REFUSED if self.is_refusal else FIRST_LATE if is_alone else FIRST
        key = name_of(self.arguments), self.route, first
        return self.world.references.get(key) or self.world.references[*key[:2], FIRST]

    def find_like(self, reply):
        return self.reference(reply) if self.words() != {"ok"} else ""

    def find_complaint(self, reply):
        wrong = self.find_word(reply)
        if wrong or self.word == "ok":      # a byte stands in the version of the envelope, which says nothing
            return wrong or difference_of(text_of(reply), self.world.free[name_of(self.arguments)])
        return difference_of(without_words(text_of(reply)), without_words(self.reference(reply)))


class World:
    """What is asked and answered without a fault, and with those that others are compared with."""

    def __init__(self, nodes):
        self.nodes, self.references = nodes, {}
        every = list(every_question())
        answers = side_by_side(lambda one: TABLE.in_time(lambda: ask(one, nodes), is_any_late), every)
        self.free = {name_of(one): text_of(reply) for one, (reply, _, _) in zip(every, answers)}
        self.pairs = [(one, route) for one, (_, asked, _) in zip(every, answers) for route in sorted(asked)]
        self.wholes = [(one, node) for one, (_, asked, _) in zip(every, answers) for node in WHOLE
                       if any(route.startswith(node) for route in asked)]
        first = [NodeCell(*pair, FIRST, self) for pair in self.pairs + self.wholes]
        first += [NodeCell(*pair, FIRST_REFUSED, self) for pair in self.pairs if pair[1].endswith(SEARCH)]
        first += [NodeCell(*pair, FIRST_LATE, self) for pair in self.pairs + self.wholes
                  if pair[1].endswith(SEARCH) or pair[1] in WHOLE]
        side_by_side(self.refer, first)

    def refer(self, cell):
        """The answer that others are compared with, once it has been looked at itself."""
        reply, is_met = TABLE.in_time(cell.ask, lambda result: has_late(
            bad_rows(result[0].json), cell.is_own, [*cell.words(), WORDS[cell.fault]]))
        true(is_met, f"{cell.name}: the fault was not met")
        check_reference(cell.name, exact(self.free[name_of(cell.arguments)]), exact(text_of(reply)),
                        cell.is_alone)
        self.references[name_of(cell.arguments), cell.route, cell.fault] = text_of(reply)


    def is_of_both(self, arguments, route, fault):
        method, asked = route.partition("#")[2], [route for one, route in self.pairs if one == arguments]
        return fault.startswith(COME_BACK) and all(f"{node}{method}" in asked for node in WHOLE)


def is_any_late(result):
    return has_late(bad_rows(result[0].json), lambda row: False, [])


@test
def each_fault_of_each_question():
    with PLACED:
        world = World(write_nodes("table"))
        routes = {route for _, route in world.pairs}
        true({"/rpc#getMultipleAccounts", "/rpc#getGenesisHash", f"/rpc#{SEARCH}", "/rpc-pool#getMultipleAccounts",
              "/rpc-pool#getGenesisHash"} <= routes, f"questions: {sorted(routes)}")
        cells = [NodeCell(*pair, fault, world) for pair in world.pairs for fault in [*WORDS, *SHOWN_BYTES]
                 if (pair[1].partition("#")[2], fault) not in NO_FAULT and not world.is_of_both(*pair, fault)]
        TABLE.run(cells + [NodeCell(*pair, fault, world) for pair in world.wholes for fault in PLACES])
        equal(PLACED.arrivals(), 0, "connections where nobody may arrive")


# --- nodes and accounts that are not as they should be ---------------------------------------


def ask_all(nodes, name):
    """[(arguments, answer with a sound chain, answer of these nodes)] of all questions for which a chain is asked;
    `name` is the fault's in the table."""
    every = list(every_question())
    sound = write_nodes("sound")
    with PLACED:
        pairs = side_by_side(lambda one: [ask(one, each) for each in (sound, nodes)], every)
    TABLE.count(name, ["Solana node"], sum(1 for pair in pairs if pair[0][1]))
    return [(one, *(exact(text_of(reply)) for reply, _, _ in pair)) for one, pair in zip(every, pairs) if pair[0][1]]


@test
def nodes_of_another_cluster():
    nodes = write_nodes("clusters", {**runs_chain(), "genesis": "mainnet"}, {**pool_chain(), "genesis": "devnet"})
    for arguments, before, after in ask_all(nodes, "another cluster"):
        what = f"{name_of(arguments)}, another cluster"
        check_reference(what, before, after, is_alone(arguments))
        equal({row["status"] for row in bad_rows(after)}, {"wrong_cluster"}, f"{what}: sources")
        equal([key for key, value in after.items() if labels_of(value) == {CHAIN}], [], f"{what}: groups of the chain")


@test
def a_slot_that_goes_back():
    nodes = write_nodes("back", {**runs_chain(), "slot_step": -1}, {**pool_chain(), "slot_step": -1})
    for arguments, before, after in ask_all(nodes, "slot goes back"):
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


# What the chain says of RUN and of the pool, and the dashboard does not.
OTHER_RUN = {"state": "Paused", "step": 7000, "epoch": 99, "params": 7, "checkpoint": {"Hub": {
    "repo_id": "someone/else", "revision": None}}, "open": False}
OTHER_POOL = {"deposited": 7, "max_deposit": 8}
# What both tell of them is compared. Others are about slots, or what the chain alone has.
COMPARED = {f"run_details {RUN}": "lag", f"checkpoints {RUN}": "lag", "pool_status": "conflict"}


@test
def sources_that_disagree():
    runs, pool = runs_chain(), pool_chain()
    runs["runs"][0].update(OTHER_RUN)
    pool["pools"][0].update(OTHER_POOL)
    for arguments, before, after in ask_all(write_nodes("disagree", runs, pool), "sources disagree"):
        what = f"{name_of(arguments)}, sources that disagree"
        then, now = (answer.get("agreement", {}).get("verdict") for answer in (before, after))
        equal(now, COMPARED.get(name_of(arguments), then), f"{what}: {after.get('agreement')}")
        for key in filter(lambda key: is_table_of_both(before[key]), before):
            true(after[key] != before[key], f"{what}: {key} does not show it")
        for key in {*before, *after} - FOLLOWS:
            if not any(CHAIN in labels_of(answer.get(key)) for answer in (before, after)) and key != "guide":
                equal(json.dumps(after.get(key)), json.dumps(before.get(key)), f"{what}: {key}")


def too_large(size):
    runs, pool = runs_chain(), pool_chain()
    runs["runs"][0]["spoil"], pool["pools"][0]["spoil"] = {"account": {"size": size}}, {"size": size}
    return write_nodes(f"size {size}", runs, pool)


@test
def accounts_that_are_too_large():
    """One byte too many; and so many that they are not even unpacked."""
    of_pool = {119161: "", 1 << 20: "bad_account"}     # a pool's own fields come first, whatever is behind them
    for size, pool_word in of_pool.items():
        for arguments, before, after in ask_all(too_large(size), "account too large"):
            what = f"{name_of(arguments)}, {size} bytes"
            for key in {*before, *after} - FOLLOWS - {"on_chain"}:
                if "action" in arguments or CHAIN not in labels_of(before.get(key)):
                    check_group(what, key, before.get(key), after.get(key))
            text, action = json.dumps(after), arguments.get("action")
            is_of_it = action == "pool_status" and pool_word or arguments.get("run_id") == RUN or action == "list_runs"
            if is_of_it:
                true("layout_unknown" in text or "bad_account" in text, f"{what}: the account is not named: {text}")
                equal(bad_rows(after), [], f"{what}: the node did its part")
                verdict = after.get("agreement", {"trust": None})
                true(verdict["trust"] != CHAIN or "action" not in arguments, f"{what}: {verdict}")


def bomb():
    """A frame of zstd with 512 blocks that each say "131,072 zeros", in base64: 64 MiB. The `+` of base64, which a
    fault's text cannot hold, does not come up."""
    blocks = b"".join(((131072 << 3) + (1 << 1) + (n == 511)).to_bytes(3, "little") + b"\0" for n in range(512))
    return base64.b64encode(b"\x28\xb5\x2f\xfd\x00\x58" + blocks).decode()


@test
def accounts_that_unpack_to_more_than_they_say():
    nodes, packed = write_nodes("bomb"), json.dumps([bomb(), "base64+zstd"]).replace("+", "\\u002b")
    account = (rpc_account(packed)).replace('"space":0', '"space":552')
    asked = {}
    for arguments, route in (({"action": "pool_status"}, "/rpc-pool#getMultipleAccounts"),
                             ({"action": "run_details", "run_id": RUN}, "/rpc#getMultipleAccounts")):
        before = exact(text_of(ask(arguments, nodes)[0]))
        for count in range(1, 9):
            value = ",".join([account] * count)
            TABLE.count("zstd bombs as accounts", ["Solana node"])
            reply, _, is_spoiled = ask(arguments, nodes, route, rpc_result(rpc_in_context(f"[{value}]")))
            after, what = exact(text_of(reply)), f"{name_of(arguments)}, {count} bombs"
            true(is_spoiled and reply.seconds < LONG_PATIENCE_MS / 1000, f"{what}: {reply.seconds:.1f} s")
            for key in {*before, *after} - FOLLOWS - {"on_chain"}:
                check_group(what, key, before.get(key), after.get(key))
            true(after["agreement"]["trust"] == "[tracked]", f"{what}: {after.get('agreement')}")
            if not bad_rows(after):
                asked[name_of(arguments)] = count
                true("more than they should be" in text_of(reply), f"{what}: {text_of(reply)}")
    equal(len(asked), 2, f"a reply with as many accounts as were asked for is read: {asked}")


sys.exit(main())
