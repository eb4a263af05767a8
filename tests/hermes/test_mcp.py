#!/usr/bin/env python3
"""`psyche-monitor mcp` as an MCP server of Hermes: found, tested, and asked by the agent.

What a server says reaches the model wrapped as untrusted, as JSON in JSON; whatever the wrapping,
each fact must be in it once."""

import json
import re
import sys

import asked
import host
from harness import BUILD, DATA, NOW, Simulator, equal, main, test, true, within
from model_server import ModelServer

PROGRAM = BUILD / "psyche-monitor"
TOOL = f"mcp__psyche__{asked.TOOL}"
CHECKPOINT = "PsycheFoundation/consilience-40b-7Y9v38s5"   # a fact that no other text contains


def servers(url):
    """Only what stands in `env` reaches a server's environment."""
    environment = {**host.SWITCHED_OFF, **host.OUTSIDE.variables, "PSYCHE_API_URL": url}
    return {"psyche": {"command": str(PROGRAM), "args": ["--set", f"now={NOW}", "mcp"],
                       "env": environment, "timeout": 30, "connect_timeout": 10,
                       "supports_parallel_tool_calls": True}}


def inner_answer(content):
    """The answer in what the model was told: an object, or None."""
    found = re.search(r"\{.*\}", content, re.S)
    answer = json.loads(found.group()).get("result") if found else None
    return json.loads(answer) if isinstance(answer, str) else answer


@test
def connects():
    with Simulator(DATA) as sim, host.Home(mcp_servers=servers(sim.url)) as home:
        done = home.hermes("mcp", "test", "psyche")
        equal(done.status, 0, f"mcp test: {done.all[-800:]}")
        count = len(json.loads(home.run(PROGRAM, "schema").out))
        true("Connected" in done.out and re.search(rf"Tools discovered: +{count}\b", done.out),
             f"mcp test: {done.all[-800:]}")


@test
def asked_by_the_agent():
    with Simulator(DATA) as sim, ModelServer(asked.script(TOOL)) as model, \
            host.Home(model.url, mcp_servers=servers(sim.url)) as home:
        answers = home.conversation(model, "psyche")
        requests = asked.REQUESTS + asked.COMPARED
        equal([tool for tool, _ in answers], [TOOL] * len(requests), "answers")
        for request, (_, content) in zip(requests, answers):
            want = home.run(PROGRAM, "--set", f"now={NOW}", "call", json.dumps(request),
                            PSYCHE_API_URL=sim.url)
            equal(inner_answer(content), json.loads(want.out), f"{request}: what the model was told")
            equal(content.count(CHECKPOINT), want.out.count(CHECKPOINT), f"{request}: facts stand once")
            within(len(content), len(want.out) * 1.3 + 1000, f"{request}: characters")
            true('"error"' not in content[:500].lower() or not json.loads(want.out)["success"],
                 f"{request}: looks like a failure")


@test
def no_pause_between_calls():
    """Hermes waits a second between two calls of a message, unless they may run at the same time. (It
    then still sends a server one request after the other.)"""
    with Simulator(DATA) as sim, \
            ModelServer([[(TOOL, request) for request in asked.COMPARED]]) as model, \
            host.Home(model.url, mcp_servers=servers(sim.url)) as home:
        equal(len(home.conversation(model, "psyche")), 2, "answers")
        sent = [sim.log(f"/run/{request['run_id']}/") for request in asked.COMPARED]
        if true(all(sent), f"both runs were asked for: {sim.log()}"):
            within(abs(sent[0][0].ms - sent[1][0].ms), 900, "milliseconds between them")


sys.exit(main())
