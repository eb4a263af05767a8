#!/usr/bin/env python3
"""Lists in pages: whoever follows get_more sees every row once, in an order that does not move."""

import random
import sys

from harness import (BRIEF_BYTES, FULL_BYTES, Lib, Simulator, check_answer, check_failure,
                     columns_of, equal, main, make_list, make_page, make_run, tables_of, test,
                     true, within, write_folder)

LIB = Lib()
# As listed: waiting for members and all that this version has no word for have a place too.
CLASSES = ["active", "waitingForMembers", "paused", "completed"]
STATES = [*CLASSES, "funding"]
AWKWARD_IDS = ["error", "failed", "a b", "a/b", "a?b#c%2F", "r0.x", "<U+202E>", "x\u202ey",
               "tab\there",
               "line\nbreak", "nul\0byte", "Ünïcödé", "日本語", "\U0001f9e0", "a@1", "@", "\\\"",
               "z" * 32]
MOST_PAGES = 600
POOL_BYTES = 2400


def make_runs(count, seed=3):
    pick = random.Random(seed)
    ids = (AWKWARD_IDS if count > 50 else [])[:count]
    ids += [f"run-{pick.randrange(10 ** 9):09d}" + "-x" * pick.randrange(9)
            for _ in range(count - len(ids))]
    rows = [make_run(run_id, pick.choice(STATES), name=pick.choice(["", "a name", "N" * 64]),
                     size=f"\u0fcfBIG{pick.randrange(2 ** 64)}") for run_id in ids]
    pick.shuffle(rows)
    return rows


def in_order(rows):
    """The ids as answers should list them, raw."""
    def place(row):
        state = row["status"]["type"]
        return (CLASSES.index(state) if state in CLASSES else 3, row["id"].encode())
    return [row["id"] for row in sorted(rows, key=place)]


def shown(run_id):
    """An id as answers write it (the few characters that occur here)."""
    text = run_id.replace("<U+", "<U+3C>U+")
    return "".join(f"<U+{ord(c):X}>" if c in "\u202e\t\n\0" else c for c in text)


def follow(monitor, request, what, most_bytes=None, names=("runs", "run_id")):
    """What stands in one column of a list, of all its pages, in the order it came."""
    ids, pages = [], 0
    while request and pages < MOST_PAGES:
        reply = monitor.call(request)
        check_answer(reply, f"{what}, page {pages + 1}", most_bytes)
        if not true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
            return None
        table = reply.json[names[0]]
        here = columns_of(table, names[1])
        equal(table["returned"], len(here), f"{what}: returned")
        true("list changed since the first page" not in reply.json["notes"],
             f"{what}: says the list changed")
        true(here or not table.get("get_more"), f"{what}: an empty page with more behind it")
        ids += here
        pages += 1
        request = table.get("get_more")
        if not request:
            equal(table["total"], len(ids), f"{what}: total")
            true("omitted" not in reply.json, f"{what}: rows are left out and no page shows them")
    return ids


@test
def every_run_once():
    for count in (0, 1, 7, 57, 500):
        rows = make_runs(count)
        want = [shown(run_id) for run_id in in_order(rows)]
        with Simulator({"runs.json": make_list(rows)}) as sim, LIB.at(sim.url) as monitor:
            for limit in (1, 3, 20, 50, None):
                if limit == 1 and count > 57:
                    continue
                for detail, most_bytes in (("brief", BRIEF_BYTES), ("full", FULL_BYTES)):
                    request = {"action": "list_runs", "detail": detail,
                               **({"limit": limit} if limit else {})}
                    what = f"{count} runs, limit {limit}, {detail}"
                    ids = follow(monitor, request, what, most_bytes)
                    equal(ids, want, what)


@test
def every_contributor_once():
    """Also where ranks are shared, missing, or not in order."""
    pick = random.Random(5)
    for count, top in ((0, 1), (1, 1), (6, 3), (300, 400), (300, 40)):
        users = [{"address": f"address-{number}", "funding": f"\u0fcfBIG{pick.randrange(2 ** 64)}",
                  **({"rank": pick.randrange(top)} if number % 9 else {})}
                 for number in range(count)]
        want = [user["address"] for user in sorted(users, key=lambda user: user.get("rank", top))]
        body = {"users": users, "totalDepositedCollateralAmount": "\u0fcfBIG7",
                "maxDepositCollateralAmount": "\u0fcfBIG9", "collateralMintDecimals": 6}
        with Simulator({"contributionInfo.json": body}) as sim, LIB.at(sim.url) as monitor:
            for limit in (3, 20, 50, None):
                for detail, most_bytes in (("brief", POOL_BYTES), ("full", FULL_BYTES)):
                    request = {"action": "pool_status", "detail": detail,
                               **({"limit": limit} if limit else {})}
                    what = f"{count} contributors, ranks to {top}, limit {limit}, {detail}"
                    addresses = follow(monitor, request, what, most_bytes,
                                       ("contributors", "address"))
                    equal(addresses, want, what)


@test
def a_program_takes_all_at_once():
    rows = make_runs(500)
    with Simulator({"runs.json": make_list(rows)}) as sim, LIB.at(sim.url) as monitor:
        reply = monitor.call({"tool": "psyche_monitor", "budget": 1 << 20,
                              "arguments": {"action": "list_runs", "limit": 10000}})
        equal(columns_of(reply.json["runs"], "run_id"),
              [shown(run_id) for run_id in in_order(rows)], "all")
        true("get_more" not in reply.json["runs"], "nothing is left")


@test
def one_row_an_id():
    rows = [make_run("again", index=index, name=f"incarnation {index}") for index in (1, 0, 2)]
    rows.insert(1, make_run("once"))
    with Simulator({"runs.json": make_list(rows)}) as sim, LIB.at(sim.url) as monitor:
        table = monitor.call({"action": "list_runs", "detail": "full"}).json["runs"]
        equal(columns_of(table, "run_id"), ["again", "once"], "ids")
        equal(columns_of(table, "older"), [2, 0], "older incarnations")
        equal(columns_of(table, "name")[0], "incarnation 2", "the newest is shown")
        equal(table["total"], 2, "total counts ids")


@test
def a_run_that_moves():
    """The run that a token names changes class between two pages: the answer says so."""
    rows = [make_run(f"run-{number}") for number in range(6)]
    with Simulator({"runs.json": make_list(rows)}, "--reload") as sim:
        with LIB.at(sim.url) as monitor:
            first = monitor.call({"action": "list_runs", "limit": 3}).json["runs"]
            equal(columns_of(first, "run_id"), ["run-0", "run-1", "run-2"], "first page")
        rows[2] = make_run("run-2", "paused")
        write(sim, rows)
        with LIB.at(sim.url) as monitor:              # a fresh handle: nothing is kept from before
            answer = monitor.call(first["get_more"]).json
            true("list changed since the first page" in answer["notes"],
                 f"no note: {answer['notes']}")
            equal(columns_of(answer["runs"], "run_id"), ["run-3", "run-4", "run-5"],
                  "goes on where it was")
        rows[2] = make_run("run-2")
        rows[0] = make_run("run-0", "paused")         # another one: the token is still there
        write(sim, rows)
        with LIB.at(sim.url) as monitor:
            answer = monitor.call(first["get_more"]).json
            true("list changed since the first page" not in answer["notes"], "a note without need")


def write(sim, rows):
    write_folder(sim.folder, {"runs.json": make_list(rows)})


@test
def a_token_that_is_none():
    tokens = ["x", "r", "r0", "r0.", "r9.run", "rx.run", "0.run", "g", "g.", "g..", "g.runs.x.y",
              "g.runs.-1",
              "r-1.run", " r0.run", "R0.run", "{}", "\0", "r:0.run", "g.runs.99999999999999999999"]
    with Simulator({"runs.json": make_list([make_run("run")])}) as sim, LIB.at(sim.url) as monitor:
        for token in tokens:
            check_failure(monitor.call({"action": "list_runs", "page": token}), "bad_request",
                          f"list_runs, page {token!r}")
        for token in ("x", "r0.run", "g", "g.", "g..", "tracked", "g.tracked.x.y.z", "\0"):
            check_failure(monitor.call({"action": "run_details", "run_id": "run", "page": token}),
                          "bad_request",
                          f"run_details, page {token!r}")
        check_failure(monitor.call({"page": "r0." + "x" * 600}), "bad_request",
                      "a page of 603 bytes")


def make_wide_page(evals, pauses=1, clients=2):
    """A run whose answer is long: many evals, pauses and clients, the longest texts."""
    times = [{"slot": f"\u0fcfBIG{number}", "time": f"\u0fcfDAT{1795000000000 + number * 60000}"}
             for number in range(pauses)]
    run = make_run("wide", name="N" * 64, description="d e " * 70,
                   pauseHistory=[[("paused", "unpaused")[at % 2], time] for at,
                                 time in enumerate(times)])
    series = {f"an-eval-of-a-long-name-{number:03d}": [[5, number / 7], [6, number / 3]]
              for number in range(evals)}
    last = {name: points[-1][1] for name, points in series.items()}
    metrics = {"summary": {"bandwidth": 1, "loss": 2.5, "tokensPerSecond": 3, "lr": 0.1,
                           "evals": last},
               "history": {"loss": [[5, 2.6], [6, 2.5]], "bandwidth": [], "tokensPerSecond": [],
                           "lr": [],
                           "evals": series}}
    state = {"phase": "RoundTrain", "phaseStartTime": "\u0fcfDAT1795236500000", "round": 3,
             "epochStartTime": "\u0fcfDAT1795236000000", "checkpoint": {"Hub": {"repo_id": "a/b"}},
             "clients": [{"pubkey": f"{number:03d}" + "K" * 41, "witness": "done"}
                         for number in range(clients)],
             "config": {"minClients": 2, "epochTime": 3600}}
    sent = [{"pubkey": "P" * 44, "data": "{}", "method": "tick", "timestamp": time,
             "txHash": f"H{at}" + "h" * 80}
            for at, time in enumerate(times[:25])]
    return run, make_page(run, metrics=metrics, state=state, recentTxs=sent)


def put_together(monitor, answer):
    """{path: rows} of all tables, what was left out fetched as the answers say."""
    rows, asked, waiting = {}, set(), [(None, answer)]
    while waiting and len(asked) < MOST_PAGES:
        get, answer = waiting.pop(0)
        last = (get or {}).get("page", "").rpartition(".")[2]
        first = int(last) if last.isdigit() else 0
        for path, table in tables_of(answer):
            known = rows.setdefault(path, [])
            true(first <= len(known), f"{get}: begins behind a gap")
            known[first:first + len(table["rows"])] = table["rows"]
        for each in answer.get("omitted", []):
            if str(each["get"]) not in asked:
                asked.add(str(each["get"]))
                reply = monitor.call(each["get"])
                check_answer(reply, f"{each}", FULL_BYTES)
                waiting.append((each["get"], reply.json))
    return rows, len(asked)


@test
def what_was_cut_can_be_fetched():
    arguments = {"action": "run_details", "run_id": "wide"}
    for evals, pauses, clients in ((8, 1, 2), (20, 10, 20), (64, 100, 40), (64, 200, 256)):
        what = f"{evals} evals, {pauses} pauses, {clients} clients"
        run, page = make_wide_page(evals, pauses, clients)
        files = {"runs.json": make_list([run]), "run/wide/0.json": page}
        with Simulator(files) as sim, LIB.at(sim.url) as monitor:
            brief = monitor.call(arguments)
            check_answer(brief, f"{what}, brief", BRIEF_BYTES)
            equal(brief.json["tracked"]["evals"].get("total", evals), evals,
                  "the short table says how many there are")
            reply = monitor.call({**arguments, "detail": "full"})
            check_answer(reply, f"{what}, full", FULL_BYTES)
            whole = monitor.call({"tool": "psyche_monitor",
                                  "arguments": {**arguments, "detail": "full"},
                                  "budget": 4 << 20})
            want = {path: table["rows"] for path, table in tables_of(whole.json)}
            equal(len(want.get("tracked.evals", [])), evals, f"{what}: evals of the whole answer")
            got, pieces = put_together(monitor, reply.json)
            true(pieces == 0 or len(whole.text) > FULL_BYTES, f"{what}: cut without need")
            true(pieces > 0 or len(whole.text) <= FULL_BYTES, f"{what}: nothing named as cut")
            equal(sorted(got), sorted(want), f"{what}: lists")
            for path in want:
                true(got.get(path) == want[path],
                     f"{what}: {path} put together from {pieces} pieces has "
                     f"{len(got.get(path, []))} rows, should be the same {len(want[path])}")


@test
def a_small_budget_names_all_it_cuts():
    run, page = make_wide_page(12)
    files = {"runs.json": make_list([run]), "run/wide/0.json": page}
    with Simulator(files) as sim, LIB.at(sim.url) as monitor:
        arguments = {"action": "run_details", "run_id": "wide"}

        def ask(budget):
            return monitor.call({"tool": "psyche_monitor", "arguments": arguments,
                                 "budget": budget})
        whole = ask(1 << 20).json
        equal([each["what"] for each in whole.get("omitted", [])], ["tracked.evals: 4 rows"],
              "with a megabyte nothing is cut but what a brief answer never shows")
        for budget in (1500, 2000, 2500, 3000, 4000):
            reply = ask(budget)
            check_answer(reply, f"budget {budget}")
            # What is never cut takes its room: cutting gets a little below 2,000 here, no further.
            within(len(reply.text), max(budget, 2000), f"budget {budget}: bytes")
            cut = {each["what"].split(":")[0] for each in reply.json.get("omitted", [])}
            for group in ("tracked", "agreement"):
                lost = {f"{group}.{key}"
                        for key in set(whole[group]) - set(reply.json.get(group, {}))}
                true(lost <= cut or group in cut,
                     f"budget {budget}: {sorted(lost - cut)} cut and not named")
            true(reply.json["sources"] == whole["sources"]
                 and reply.json["summary"] == whole["summary"],
                 f"budget {budget}: summary or sources changed")
            for each in reply.json.get("omitted", []):
                again = monitor.call(each["get"])
                check_answer(again, f"budget {budget}: {each}", FULL_BYTES)
                name = each["what"].split(":")[0].split(".")
                value = again.json
                for key in name:
                    value = value.get(key) if isinstance(value, dict) else None
                true(value is not None,
                     f"budget {budget}: {each} does not give it: {again.text[:200]}")


sys.exit(main())
