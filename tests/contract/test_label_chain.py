#!/usr/bin/env python3
"""What the dashboard says and what the chain says stay apart in every answer.

A dashboard and a chain that agree are asked. Then each value of each account changes, one at a time: only facts
labelled [on-chain] may follow, and what speaks of both sources (summary, agreement, notes, next). Then each value
of the dashboard's replies: nothing labelled [on-chain] may follow."""

import json
import re
import sys

from chain_data import chain_settings
from chain_fields import Account, values_of
from grading import CHAIN, changes, differences, grade, grade_chain, is_table_of_both, labels_of
from harness import Lib, Simulator, check_answer, equal, main, test, true, write_folder
from two_sources import RUN, UNLISTED, addresses, name_of, tracked_files, write_nodes

LIB = Lib()
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
OF_RUN = [{"action": "run_details", "run_id": RUN}, {"action": "list_runs"}, {"action": "checkpoints"},
          {"action": "checkpoints", "run_id": RUN}, {"action": "contribute"}]
OF_UNLISTED = [{"action": "run_details", "run_id": UNLISTED}, {"action": "list_runs"}, {"action": "checkpoints"},
               {"action": "checkpoints", "run_id": UNLISTED}]
OF_POOL = [{"action": "pool_status"}, {"action": "contribute"}]


def start(nodes, *words):
    return Simulator(tracked_files(), *words, rpc=nodes)


def ask(sim, arguments):
    request = {"tool": "psyche_monitor", "arguments": {**arguments, "detail": "full"}, "budget": ROOM}
    settings = chain_settings(sim, **{"rpc.pool_url": sim.node_url("rpc-pool")})
    with LIB.at(sim.url, override=settings) as monitor:
        return monitor.call(request)


QUESTIONS = {RUN: OF_RUN, UNLISTED: OF_UNLISTED, "pool": OF_POOL}
# Values that no answer tells, by their paths; a change of any other one is seen in some answer. Of rounds only the
# one under way is told, and of keys those that sign.
NOT_TOLD = {
    "coordinator": r".*\.(p2p_identity|_unused\.\d|start_step|last_step|first_round|cold_start_epoch|"
                   r"is_\w+_first_tick)|.*epoch_state\.(rounds\.\d\..*|clients\.\d\.exited_height)",
    "treasurer": "bump|coordinator_account", "permit": "bump", "funds": "state",
    "mint": "authority|supply|freeze_authority", "pool": "bump|redeemable_mint|claimed", "instance": "",
}
TOLD_OF_ROUND = {"height", "data_index"}


def check_first(answers):
    """Both sources stand in the answers, and agree: else nothing could be told apart."""
    for arguments, reply in answers:
        check_answer(reply, name_of(arguments))
        of_chain = [value for value in reply.json.values() if CHAIN in labels_of(value)]
        true(of_chain or arguments == {"action": "contribute"}, f"{name_of(arguments)}: nothing of the chain")
    verdicts = {name_of(arguments): reply.json["agreement"]["verdict"] for arguments, reply in answers
                if "agreement" in reply.json}
    equal({verdicts.get(f"run_details {RUN}"), verdicts.get("pool_status")}, {"agree"}, f"verdicts: {verdicts}")


def grade_account(nodes, whose, kind, before):
    """Changes all of one account, for each question; the paths of those values that some answer showed."""
    node, address = addresses()[whose, kind]
    account = Account(nodes[node], address)
    seen, shown, tried = dict.fromkeys(map(name_of, QUESTIONS[whose]), 0), set(), 0
    for path, offset, patch in values_of(kind, account.data):
        account.put(offset, patch)
        tried += 1
        with start(nodes) as sim:
            for arguments in QUESTIONS[whose]:
                name = name_of(arguments)
                what = f"{name}: {whose} {kind} {'.'.join(map(str, path))}"
                reply = ask(sim, arguments)
                if true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
                    is_seen = grade_chain(what, before[name], reply.json, is_alone=whose == UNLISTED)
                    seen[name] += is_seen
                    shown |= {".".join(map(str, path))} if is_seen else set()
    account.restore()
    print(f"     {whose} {kind}: of {tried} changes " + ", ".join(f"{name} shows {n}" for name, n in seen.items()))
    every = {".".join(map(str, path)) for path, _, _ in values_of(kind, account.data)}
    hidden = {path for path in every - shown if not re.fullmatch(NOT_TOLD[kind], path)}
    equal(hidden, set(), f"{whose} {kind}: values that no answer shows")
    return {path.rsplit(".", 1)[-1] for path in shown if ".rounds." in path}


@test
def what_an_account_changes():
    nodes = write_nodes("accounts")
    every = [arguments for questions in QUESTIONS.values() for arguments in questions]
    with start(nodes) as sim:
        answers = [(arguments, ask(sim, arguments)) for arguments in every]
    check_first(answers)
    before = {name_of(arguments): reply.json for arguments, reply in answers}
    of_rounds = set()
    for whose, kind in addresses():
        of_rounds |= grade_account(nodes, whose, kind, before)
    equal(of_rounds, TOLD_OF_ROUND, "values of a round that are shown")


# The file that is changed, and what is asked.
TRACKED = [
    ("runs.json", OF_RUN), (f"run/{RUN}/0.json", [OF_RUN[0], OF_RUN[3]]),
    ("runs.json", [OF_UNLISTED[0], OF_UNLISTED[3]]), ("contributionInfo.json", OF_POOL),
]


def grade_chains_part(what, before, after):
    """What the chain alone says is as before."""
    for name in differences(before, after):
        holders = [answer[name] for answer in (before, after) if name in answer]
        if any(labels_of(value) == {CHAIN} for value in holders):
            true(False, f"{what}: {name} is the chain's and changed: {holders}")
    lost = [name for name, value in before.items() if is_table_of_both(value) and name not in after]
    equal(lost, [], f"{what}: tables of both")


@test
def what_the_dashboard_changes():
    nodes, files = write_nodes("tracked"), tracked_files()
    with start(nodes, "--reload") as sim:
        for path, questions in TRACKED:
            text = files[path].decode()
            before = {name_of(arguments): ask(sim, arguments).json for arguments in questions}
            seen = dict.fromkeys(before, 0)
            for where, changed, is_history in changes(text, with_kinds=False):
                if is_history:
                    continue
                write_folder(sim.folder, {path: changed})
                for arguments in questions:
                    name = name_of(arguments)
                    what = f"{name} by {path}: {'.'.join(map(str, where))}"
                    reply = ask(sim, arguments)
                    if true(reply.json.get("success"), f"{what}: {reply.text[:300]}"):
                        seen[name] += grade(what, where, before[name], reply.json)
                        grade_chains_part(what, before[name], reply.json)
            write_folder(sim.folder, {path: text})
            print(f"     {path}: " + ", ".join(f"{name} shows {n}" for name, n in seen.items()))


sys.exit(main())
