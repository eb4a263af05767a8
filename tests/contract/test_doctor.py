#!/usr/bin/env python3
"""`psyche-monitor doctor`: this machine, and with --live what is assumed of the network.

A network on which everything is as assumed gives nothing but ok; then one thing after the other is changed,
and exactly its own line must say so. No request leaves the machine."""

import copy
import json
import os
import subprocess
import sys
import tempfile

from chain_address import CLUSTERS, PROGRAMS, to_base58, key
from chain_data import write_chain
from harness import (DATA, NOW, SCRATCH, Cli, Lib, Simulator, check_answer, check_failure, equal, main, recorded,
                     test, true, within)
from hub_data import hub_settings, write_hub
from terminal import on_terminal

LIB = Lib()
LIVE = {"tool": "doctor", "arguments": {"live": True}}
USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
MACHINE = ["build", "libraries", "decoders", "configuration", "references", "clock"]
HUB_LINES = ["hub search", "hub repository", "hub commits", "hub headers"]
SLOT = 421337042
REQUESTS_MOST = 20


def make_indexer(name, cluster):
    return {"status": "ok", "errors": [],
            "chain": {"chainSlotHeight": SLOT, "indexedSlot": SLOT - 9, "programId": PROGRAMS[name],
                      "networkGenesis": CLUSTERS[cluster]}}


def dashboard():
    files = {**recorded(), "contributionInfo.json": (DATA / "real_contributionInfo.json").read_bytes()}
    files = {name: json.loads(text) for name, text in files.items()}
    files["status.json"] = {"commit": "abc", "initTime": 1795236581000,
                            "coordinator": {**make_indexer("coordinator", "devnet"),
                                            "trackedRuns": [{"id": "a", "index": 0, "status": {}}]},
                            "miningPool": make_indexer("pool", "mainnet")}
    return files


def coordinator_chain():
    ids = sorted({row["id"] for row in FILES["runs.json"]["runs"]})[:5]
    return {"genesis": "devnet", "slot": SLOT, "runs": [{"run_id": each} for each in [*ids, "only-on-chain"]]}


def pool_chain():
    return {"genesis": "mainnet", "slot": SLOT, "mints": [{"mint": USDC, "decimals": 6}],
            "pools": [{"mint": USDC, "max_deposit": 1000, "deposited": 300}]}


def hub():
    return {"repositories": [{"id": "PsycheFoundation/newest-8b", "shards": 3, "steps": [300, 200]}]}


FILES = dashboard()


class World:
    """A simulated network to ask; `change` may alter files and chains before they are served."""

    def __init__(self, change=None, *arguments):
        self.files, self.coordinator, self.pool = copy.deepcopy(FILES), coordinator_chain(), pool_chain()
        self.hub = hub()
        if change:
            change(self)
        self.arguments = arguments

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(dir=SCRATCH)
        nodes = {"rpc": write_chain(self.coordinator, self._folder.name + "/rpc"),
                 "rpc-pool": write_chain(self.pool, self._folder.name + "/rpc-pool")}
        storage = write_hub(self.hub, self._folder.name + "/storage")
        self.sim = Simulator(self.files, *self.arguments, rpc=nodes, hub=storage).__enter__()
        return self

    def __exit__(self, *_):
        self.sim.stop()
        self._folder.cleanup()

    def settings(self, **more):
        return {"dashboard.url": self.sim.url, "rpc.off": "false", "rpc.only_configured": "true",
                "rpc.url": self.sim.node_url("rpc"), "rpc.pool_url": self.sim.node_url("rpc-pool"),
                **hub_settings(self.sim), **more}

    def ask(self, request=None, **more):
        with LIB.open({"now": NOW, "override": self.settings(**more)}) as monitor:
            return monitor.call(request or LIVE)


def rows_of(answer):
    """{check: {column: cell}}"""
    table = answer["checks"]
    rows = [dict(zip(table["columns"], row)) for row in table["rows"]]
    true(len({row["check"] for row in rows}) == len(rows), "each check has its own name")
    return {row["check"]: row for row in rows}


def not_ok(answer):
    return {name: row["result"] for name, row in rows_of(answer).items() if row["result"] != "ok"}


def status_of(results):
    return 3 if "differs" in results else 4 if "unknown" in results else 0


# --- everything is fine ---------------------------------------------------------------------

@test
def a_network_as_assumed():
    with World() as world:
        reply = world.ask()
        requests = len(world.sim.log())
    check_answer(reply, "live")
    equal((reply.status, not_ok(reply.json)), (0, {}), "all is ok")
    rows = rows_of(reply.json)
    equal(list(rows)[:len(MACHINE)], MACHINE, "this machine comes first")
    true(requests <= REQUESTS_MOST, f"{requests} requests")
    for name, row in rows.items():
        is_local = name in MACHINE
        equal(row["source"] == "[local]", is_local, f"{name}: its label")
        equal(row["assumed"] is None, is_local, f"{name}: what is assumed")
        true(row["detail"] and row["mend"] is None, f"{name}: {row}")
    equal(reply.json["checks"]["sources"], ["[local]", "[tracked]", "[on-chain]", "[best-effort]"],
          "whose facts these are")


@test
def this_machine_alone():
    with LIB.at("http://127.0.0.1:1", override={"rpc.off": "false", "rpc.only_configured": "true",
                                                 "rpc.url": "http://127.0.0.1:1"}) as monitor:
        for request in ({"tool": "doctor"}, {"tool": "doctor", "arguments": {"live": False}}):
            reply = monitor.call(request)
            check_answer(reply, "without live")
            equal((reply.status, not_ok(reply.json)), (0, {}), "all is ok")
            equal(list(rows_of(reply.json)), MACHINE, "the checks")
        for arguments in ({"live": 1}, {"live": "true"}, {"alive": True}):
            check_failure(monitor.call({"tool": "doctor", "arguments": arguments}), "bad_request", arguments)


# --- one thing is otherwise -----------------------------------------------------------------

def set_in(*path, value):
    """Changes a file of the dashboard; value None takes the last name of the path away."""
    def change(world):
        at = world.files
        for name in path[:-1]:
            at = at[name]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return change


def spoil_run(how, count=1):
    def change(world):
        for run in world.coordinator["runs"][:count]:
            run["spoil"] = how
    return change


def in_chain(which, **more):
    return lambda world: getattr(world, which).update(more)


def in_pool(**more):
    return lambda world: world.pool["pools"][0].update(more)


def in_hub(**more):
    return lambda world: world.hub["repositories"][0].update(more)


RUN_PAGE = "run/consilience-40b-1/0.json"
OTHER_KEY = to_base58(key("another program"))

# What is changed, or the simulator's fault; the line; what it says.
SPOILED = [
    (set_in("runs.json", "runs", 2, "lastUpdate", value=None), "dashboard /runs",
     "no known lastUpdate, or the like, in 1 of 10 runs"),
    (set_in("runs.json", "runs", 1, "status", value={"type": "funding"}), "dashboard /runs",
     "no known status, or the like, in 1 of 10 runs"),
    (set_in("runs.json", "runs", 3, "id", value=7), "dashboard /runs", "no usable id in 1 of 10 runs"),
    (set_in(RUN_PAGE, "run", "state", "clients", value=None), "dashboard /run", "no usable state.clients"),
    (set_in(RUN_PAGE, "run", "state", "config", "minClients", value=None), "dashboard /run",
     "no usable state.config.minClients"),
    (set_in(RUN_PAGE, "run", value=0), "dashboard /run", None),
    ("/run/=>html", "dashboard /run", "not_json: "),
    (set_in("contributionInfo.json", "collateralMintDecimals", value=None), "dashboard /contributionInfo",
     "no usable collateralMintDecimals"),
    (set_in("contributionInfo.json", "users", 0, "rank", value=None), "dashboard /contributionInfo",
     "no usable users.rank"),
    ("/contributionInfo=>html", "dashboard /contributionInfo", "not_json: "),
    ("/contributionInfo=>status=404", "dashboard /contributionInfo", "http_status: "),
    (set_in("status.json", "miningPool", "chain", "programId", value=OTHER_KEY), "dashboard's pool",
     f"assumed {PROGRAMS['pool']}, found {OTHER_KEY}"),
    (set_in("status.json", "coordinator", "chain", "programId", value=OTHER_KEY), "dashboard's coordinator",
     f"assumed {PROGRAMS['coordinator']}, found {OTHER_KEY}"),
    (set_in("status.json", "coordinator", "chain", "networkGenesis", value=CLUSTERS["mainnet"]),
     "dashboard's coordinator", f"assumed devnet, found mainnet (genesis {CLUSTERS['mainnet']})"),
    (set_in("status.json", "miningPool", "chain", "chainSlotHeight", value=SLOT - 2000), "slots",
     "found 2000 slots apart at most"),
    (in_chain("coordinator", genesis=OTHER_KEY), "coordinator cluster",
     f"assumed devnet, found localnet (genesis {OTHER_KEY})"),
    (in_chain("pool", genesis=OTHER_KEY), "pool cluster",
     f"assumed mainnet, found localnet (genesis {OTHER_KEY})"),
    (in_chain("coordinator", health="120"), "coordinator node", "3.1.12, 120 slots behind its cluster"),
    (in_chain("pool", health="unhealthy"), "pool node", "3.1.12, not well by its own word"),
    (in_chain("pool", refuse={"getVersion": "-32601"}), "pool node", "method_refused: "),
    (in_chain("coordinator", programs=["coordinator", "authorizer"]), "programs", "the treasurer is not there"),
    (in_chain("coordinator", accounts=[{"pubkey": PROGRAMS["authorizer"], "owner": "somebody", "hex": "00"}]),
     "programs", "the authorizer is no program"),
    *((in_chain("coordinator", refuse={"getProgramAccounts": how}), "discovery",
       "refused: runs are read by known ids") for how in ("403", "410", "429", "-32010", "disabled")),
    (spoil_run({"instance": {"size": 180}}, 2), "run instances", "assumed 173 bytes, found 180 in 2 of 6"),
    (spoil_run({"instance": {"bytes": {"8": "01"}}}), "run instances", "not readable, or elsewhere: 1 of 6"),
    (spoil_run({"account": {"size": 120080}}, 2), "run account sizes",
     "assumed 119160 bytes, found 120080 in 2 of 6: "),
    (spoil_run({"account": {"size": 120080}}, 6), "run account sizes",
     "assumed 119160 bytes, found 120080 in 6 of 6: "),
    (spoil_run({"account": {"missing": True}}), "run account sizes", "no account in 1 of 6: "),
    (spoil_run({"account": {"bytes": {"8": "02"}}}, 3), "run account versions",
     "assumed version 1, found 2 in 3 of 6: "),
    (spoil_run({"account": {"bytes": {"408": "ff"}}}), "run account values", "state"),
    (spoil_run({"account": {"owner": "somebody"}}), "run account values", " in 1 of 6: "),
    (in_chain("pool", programs=[]), "pool program", "it is not there"),
    (in_pool(spoil={"size": 560}), "pool account", "assumed 552 bytes, found 560"),
    (in_chain("pool", mints=[{"mint": USDC, "decimals": 9}]), "pool mint", "assumed 6 decimals, found 9"),
    (in_hub(without=["sha"]), "hub repository", "no usable sha"),
    (in_hub(without=["gated"]), "hub repository", "no usable gated"),
    (in_hub(info={"siblings": [{"rfilename": "a"}]}), "hub repository", "no usable siblings.size"),
    ("/hub/model=>html", "hub repository", "not_json: "),
    ("/hub/model=>status=401", "hub repository", "one that a search finds is not shown"),
    ('/hub/commits=>body=[{"id":"%s","title":"step 1","date":7}]' % ("ab" * 20), "hub commits", "no usable date"),
    ("/hub/commits=>header=X-Total-Count", "hub commits", "no usable X-Total-Count"),
    ("/hub/search=>header=RateLimit", "hub headers", "no usable RateLimit"),
    ("/hub/search=>header=Content-Type:text/plain", "hub headers", "the content type is text/plain"),
    ("/gcs/manifest=>status=418", "storage", "http_status: "),
    ("/gcs/manifest=>body={}", "storage", None),
    (in_pool(mint="another mint"), "pool mint", f"assumed {USDC}, found {to_base58(key('another mint'))}"),
]


@test
def each_assumption_by_itself():
    for number, (change, line, detail) in enumerate(SPOILED):
        arguments = ("--fault", change) if isinstance(change, str) else ()
        with World(None if arguments else change, *arguments) as world:
            reply = world.ask()
        what = f"{number}, {line}"
        check_answer(reply, what)
        equal(not_ok(reply.json), {line: "differs"}, f"{what}: the lines that are not ok")
        row = rows_of(reply.json)[line]
        true(detail is None or detail in row["detail"], f"{what}: {row['detail']!r}")
        true(row["mend"], f"{what}: what mends it")
        equal(reply.status, 3, f"{what}: exit status")
    spoiled = {line for _, line, _ in SPOILED}
    with World() as world:
        left = set(rows_of(world.ask().json)) - spoiled - set(MACHINE)
    equal(left, {"dashboard /status", "dashboard content type", "account packing", "hub search"},
          "lines with tests of their own")


@test
def what_follows_from_it():
    """Some things cannot be looked at without another one."""
    cases = [
        (in_pool(spoil={"missing": True}), {"pool account": "differs", "pool mint": "unknown"}),
        (in_chain("coordinator", genesis="mainnet"),
         {"coordinator cluster": "differs",
          **dict.fromkeys(["coordinator node", "programs", "discovery", "run instances", "run account sizes",
                           "run account versions", "run account values"], "unknown")}),
        (in_chain("coordinator", runs=[]),
         {"discovery": "differs", **dict.fromkeys(["run instances", "run account sizes", "run account versions",
                                                   "run account values"], "unknown")}),
        ("/runs=>html", {"dashboard /runs": "differs", "dashboard /run": "unknown"}),
        (set_in("status.json", "coordinator", "chain", value=None),
         {"dashboard /status": "differs", "dashboard's coordinator": "unknown"}),
        ("/status=>stall", dict.fromkeys(["dashboard /status", "dashboard's coordinator", "dashboard's pool",
                                          "slots"], "unknown")),
        (set_in("contributionInfo.json", "collateralMintAddress", value="UNKNOWN"),
         {"dashboard /contributionInfo": "unknown"}),
        ("/rpc#getHealth=>status=503", {"coordinator node": "unknown"}),
        ("/hub/search=>html", {"hub search": "differs", **dict.fromkeys(HUB_LINES[1:], "unknown")}),
        ("/hub/search=>status=503", dict.fromkeys(HUB_LINES, "unknown")),
        ("/hub/search=>body=[]", {"hub search": "differs", **dict.fromkeys(HUB_LINES[1:3], "unknown")}),
        (lambda world: world.hub["repositories"][0].update(gated="manual"), {"hub commits": "unknown"}),
    ]
    for change, want in cases:
        arguments = ("--fault", change) if isinstance(change, str) else ()
        with World(None if arguments else change, *arguments) as world:
            reply = world.ask({**LIVE, "timeout_ms": 1500})
        check_answer(reply, str(want))
        equal(not_ok(reply.json), want, f"{list(want)[0]}: the lines that are not ok")
        equal(reply.status, status_of(want.values()), f"{list(want)[0]}: exit status")


@test
def content_type():
    """JSON under another name is read all the same, and said."""
    files = copy.deepcopy(FILES)
    files["index.json"] = [{"server": "", "method": "GET", "path": f"/{name[:-5]}", "status": 200, "body": name,
                            "content_type": "text/plain" if name == "status.json" else "application/json"}
                           for name in FILES]
    with World(lambda world: world.files.update(files)) as world:
        reply = world.ask()
    equal(not_ok(reply.json), {"dashboard content type": "differs"}, "the lines that are not ok")
    equal(rows_of(reply.json)["dashboard content type"]["detail"], "/status says text/plain", "what it says")


@test
def packing():
    """A node that sends plain base64 is understood, and said."""
    account = {"data": ["AAAA", "base64"], "executable": True, "lamports": 1, "owner": OTHER_KEY, "space": 3}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"context": {"slot": SLOT}, "value": [account] * 3}})
    with World(None, "--fault", f"/rpc-pool#getMultipleAccounts=>body={body}") as world:
        rows = rows_of(world.ask().json)
    equal(rows["account packing"]["result"], "differs", "packing")
    true("found plain base64 in 3 of 12" in rows["account packing"]["detail"], rows["account packing"])


# --- nobody answers -------------------------------------------------------------------------

@test
def a_dead_network():
    with LIB.open({"override": {"dashboard.url": "http://127.0.0.1:1", "rpc.off": "false",
                                "rpc.only_configured": "true", "rpc.url": "http://127.0.0.1:1",
                                "hub.off": "false", "hub.url": "http://127.0.0.1:1",
                                "gcs.url": "http://127.0.0.1:1"}}) as monitor:
        reply = monitor.call(LIVE)
    check_answer(reply, "dead")
    equal(reply.status, 4, "exit status")
    rows = rows_of(reply.json)
    equal({row["result"] for name, row in rows.items() if name not in MACHINE}, {"unknown"}, "the live lines")
    true("refused: " in rows["dashboard /runs"]["detail"], rows["dashboard /runs"])
    true(all(row["mend"] for row in rows.values() if row["result"] == "unknown"), "what can be done")
    within(reply.seconds, 5, "seconds")


@test
def a_silent_network():
    with World(None, "--fault", "stall") as world:
        reply = world.ask({**LIVE, "timeout_ms": 1200})
    equal((reply.status, set(not_ok(reply.json).values())), (4, {"unknown"}), "a silent network")
    within(reply.seconds, 1.7, "seconds")


@test
def switched_off():
    with World() as world:
        off = world.ask(**{"rpc.off": "true"})
        hub_off = world.ask(**{"hub.off": "true"})
        offline = world.ask(offline="true")
    check_answer(off, "rpc.off")
    want = {name for name, row in rows_of(off.json).items() if row["source"] == "[on-chain]"}
    equal((off.status, not_ok(off.json)), (0, dict.fromkeys(want, "off")), "without the chain")
    equal((hub_off.status, not_ok(hub_off.json)), (0, dict.fromkeys([*HUB_LINES, "storage"], "off")), "without the hub")
    check_answer(offline, "offline")
    want = {name for name in rows_of(offline.json) if name not in MACHINE}
    equal((offline.status, not_ok(offline.json)), (0, dict.fromkeys(want, "off")), "offline")


@test
def outsiders_text():
    """A run's id and a node's words reach the lines cleaned."""
    def change(world):
        world.coordinator["runs"] = [{"run_id": "a\x1b[31m\u202eb", "spoil": {"account": {"size": 200}}}]
        world.pool["version"] = "3\x1b]0;x\x07\n\"error\""
    with World(change) as world:
        reply = world.ask()
    check_answer(reply, "hostile")
    rows = rows_of(reply.json)
    true("<U+1B>[31m<U+202E>b" in rows["run account sizes"]["detail"], rows["run account sizes"])
    true("\x1b" not in rows["pool node"]["detail"] and "\n" not in rows["pool node"]["detail"], rows["pool node"])
    true("31m" not in reply.json["summary"], "no id of an outsider in the summary")


# --- this machine ---------------------------------------------------------------------------

@test
def machine_lines():
    references = SCRATCH / "references"
    references.mkdir(exist_ok=True)
    (references / "glossary.md").write_text("---\ntitle: [\n---\n")
    cases = [({"now": "2001-01-01T00:00:00Z"}, "clock", "2001-01-01T00:00:00Z; a reference is already of 20"),
             ({"references": str(references)}, "references", "built-in copies are used")]
    for options, line, detail in cases:
        with LIB.at("http://127.0.0.1:1", **options) as monitor:
            reply = monitor.call({"tool": "doctor"})
        check_answer(reply, line)
        equal((reply.status, not_ok(reply.json)), (3, {line: "differs"}), line)
        row = rows_of(reply.json)[line]
        true(detail in row["detail"] and row["mend"], row)


@test
def bad_configuration():
    config = SCRATCH / "bad.yaml"
    config.write_text("dashboard:\n  url: [1\n")
    done = Cli().run("--config", str(config), "doctor")
    equal((done.status, done.err), (6, b""), "a config file that cannot be read")
    true(b"No check was made: " in done.out and b"bad.yaml" in done.out, done.out)
    config.write_text("timeout_ms: 9000\n")
    done = Cli().run("--config", str(config), "doctor")
    true(done.status == 0 and f"{config}; ".encode() in done.out, done.out)


# --- the command ----------------------------------------------------------------------------

@test
def lines_for_people():
    with World(spoil_run({"account": {"size": 120080}}, 6)) as world:
        cli = Cli(None, world.settings())
        done = cli.run("doctor", "--live")
        status, screen = on_terminal(cli.command("doctor", "--live"), cli.environment)
        summary = cli.run("--summary", "doctor", "--live")
    lines = done.out.decode().splitlines()
    equal((done.status, done.err, status, summary.status), (3, b"", 3, 3), "exit status")
    checks = [line for line in lines if line[:8].strip() in ("ok", "differs", "unknown", "off")]
    equal(len(checks), 33, f"a line a check: {lines}")
    true(all(line[8] == line[36] == " " and line[9] != " " and line[37] != " " for line in checks), "columns")
    wrong = next(line for line in checks if line.startswith("differs"))
    true("run account sizes" in wrong and "found 120080 in 6 of 6" in wrong, wrong)
    mend = lines[lines.index(wrong) + 1]
    true(mend.startswith(" " * 37 + "please report this line"), mend)
    equal(lines[-1], summary.out.decode().strip(), "the last line sums up")
    true("33 checks, 32 ok, 1 differs. Please report" in lines[-1], lines[-1])
    true(screen and all(len(line) <= 80 for line in screen.splitlines()), f"80 columns: {screen}")
    equal(" ".join(screen.split()), " ".join(done.out.decode().split()), "the same words on a terminal")


sys.exit(main())
