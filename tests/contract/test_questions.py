#!/usr/bin/env python3
"""test_questions - what is asked in words is what is asked in JSON: each action is a command, and its word and options
are the arguments of the request."""

import json
import sys

from demo_world import DASHBOARD, WALLET, write_world
from harness import NOW, SCRATCH, Cli, Lib, Simulator, equal, main, test, true

RUN, REPOSITORY = "consilience-40b-1", "PsycheFoundation/consilience-40b-7Y9v38s5"
FULL = {"detail": "full"}
QUESTIONS = [
    (["list_runs"], {"action": "list_runs"}),
    (["list_runs", "--limit", "2"], {"action": "list_runs", "limit": 2}),
    (["list_runs", "--limit=3", "--page", "r4.test-run-permissioned-01"],
     {"action": "list_runs", "limit": 3, "page": "r4.test-run-permissioned-01"}),
    (["run_details", RUN], {"action": "run_details", "run_id": RUN}),
    (["--full", "run_details", "consil"], {"action": "run_details", "run_id": "consil", **FULL}),
    (["run_details", "--run", RUN], {"action": "run_details", "run_id": RUN}),
    (["run_details"], {"action": "run_details"}),
    (["checkpoints"], {"action": "checkpoints"}),
    (["checkpoints", RUN, "--limit", "20"], {"action": "checkpoints", "run_id": RUN, "limit": 20}),
    (["checkpoints", REPOSITORY], {"action": "checkpoints", "run_id": REPOSITORY}),
    (["checkpoints", "--", "--full"], {"action": "checkpoints", "run_id": "--full"}),
    (["pool_status", "--limit", "1"], {"action": "pool_status", "limit": 1}),
    (["network_stats", "--full"], {"action": "network_stats", **FULL}),
    (["contribute"], {"action": "contribute"}),
    (["contribute", "Cooldown"], {"action": "contribute", "page": "Cooldown"}),
    (["list_runs", "--limit", "many"], {"action": "list_runs", "limit": "many"}),
    (["list_runs", "--limit", "-1"], {"action": "list_runs", "limit": "-1"}),
    (["list_runs", "--limit", "99999999999999999999"], {"action": "list_runs", "limit": "99999999999999999999"}),
    (["run_details", ""], {"action": "run_details", "run_id": ""}),
]
WALLETS = [(["wallet", WALLET], {"address": WALLET}), (["wallet"], {}),
           (["wallet", WALLET, "--run", "hermes-3-8b", "--full"],
            {"address": WALLET, "run_id": "hermes-3-8b", **FULL})]


def settings_of(sim):
    return {"now": NOW, "dashboard.url": sim.url, "rpc.off": "false", "rpc.only_configured": "true",
            "rpc.url": sim.rpc_url, "rpc.pool_url": sim.node_url("rpc-pool"), "hub.off": "false",
            "hub.url": sim.hub_url, "gcs.url": sim.gcs_url, "cache.off": "true"}


@test
def words_and_json():
    with Simulator(*DASHBOARD, **write_world(SCRATCH / "world")) as sim:
        cli = Cli(sim.url, settings_of(sim))
        asked = [(words, {"tool": "psyche_monitor", "arguments": arguments}) for words, arguments in QUESTIONS]
        asked += [(words, {"tool": "psyche_wallet", "arguments": arguments}) for words, arguments in WALLETS]
        for words, request in asked:
            want = cli.ask(request)
            done = cli.run(*words)
            equal((done.status, done.out), (want.status, want.text), f"{words}")
            summary = cli.run("--summary", *words).out.decode().strip()
            equal(summary, want.json.get("summary", want.json.get("error")), f"{words}: --summary")


@test
def every_action_is_a_command():
    tools = {tool["name"]: tool for tool in json.loads(Lib().schema())}
    actions = tools["psyche_monitor"]["parameters"]["properties"]["action"]["enum"]
    equal({words[0] for words, _ in QUESTIONS if not words[0].startswith("-")}, set(actions), "those asked here")
    shown = Cli().run("--help").out.decode().split("\nOptions:")[0]
    equal([line.split()[0] for line in shown.split("Commands:\n")[1].splitlines() if line.strip()],
          [*actions, "wallet", "call", "schema", "info", "doctor", "mcp"], "the help page, in the schema's order")


@test
def words_too_many():
    for words in (["list_runs", "x"], ["pool_status", "x"], ["run_details", "x", "y"], ["wallet", "x", "y"],
                  ["checkpoints", "x", "--run", "y"]):
        done = Cli(settings={"offline": True}).run(*words)
        equal((done.status, done.out), (2, b""), f"{words}")
        true(b"too many words" in done.err, f"{words}: {done.err}")
    done = Cli().run("run_detail", "x")
    true(b"did you mean run_details?" in done.err, f"{done.err}")


sys.exit(main())
