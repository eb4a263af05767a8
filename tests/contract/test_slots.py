#!/usr/bin/env python3
"""A node that was set back, or another one behind its address, is named by every answer that asked it
before: what it says now is older than what was known."""

import sys

from chain_address import key, to_base58
from chain_data import chain_settings
from harness import BRIEF_BYTES, Lib, Simulator, check_answer, equal, main, test
from two_sources import POOL_PROGRAM, RUN, UNLISTED, name_of, pool_chain, runs_chain, tracked_files, write_nodes

LIB = Lib()
WALLET = {"address": to_base58(key("a wallet"))}
QUESTIONS = [{"action": "list_runs"}, {"action": "run_details", "run_id": RUN},
             {"action": "run_details", "run_id": UNLISTED}, {"action": "checkpoints", "run_id": RUN},
             {"action": "checkpoints"}, {"action": "pool_status"}, {"action": "network_stats"},
             {"action": "contribute"}, WALLET]
STEP = 30       # slots from reply to reply


def notes_of(step, question):
    """The notes on slots of two answers to the same question by one handle that keeps no reply."""
    tool = "psyche_wallet" if question is WALLET else "psyche_monitor"
    nodes = write_nodes(f"slots{step}", {**runs_chain(), "slot_step": step}, {**pool_chain(), "slot_step": step})
    with Simulator(tracked_files(), rpc=nodes) as sim:
        settings = chain_settings(sim, **{"rpc.pool_url": sim.node_url("rpc-pool"), "cache.ttl": "0",
                                          "programs.pool": POOL_PROGRAM})
        with LIB.at(sim.url, override=settings) as monitor:
            for each in (1, 2):
                reply = monitor.call({"tool": tool, "arguments": question})
                check_answer(reply, f"{name_of(question)}, {each}", BRIEF_BYTES)
    return [note for note in reply.json["notes"] if "slot" in note and "back" in note]


@test
def set_back_between_two_calls():
    for question in QUESTIONS:
        notes = notes_of(-STEP, question)
        equal(len(notes), 1, f"{name_of(question)}: {notes}")


@test
def going_on_is_no_news():
    for question in QUESTIONS:
        equal(notes_of(STEP, question), [], name_of(question))


sys.exit(main())
