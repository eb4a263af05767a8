#!/usr/bin/env python3
"""Proves that the simulator's Solana node answers as a real one did: the recorded requests get the
recorded replies, byte for byte. What it does beyond (slots, refusals, several nodes, faults) is
shown on a node of three accounts, as scenarios will use it."""

import base64
import http.client
import json
import pathlib
import re
import sys
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment

from harness import Simulator, equal, main, skip, test, true  # noqa: E402

RECORDED = pathlib.Path(GOLDEN or "", "chain", "rpc")
RUNS = {"runs.json": {"runs": []}}

# What psyche-monitor never asks, so that the simulator need not know it.
OTHER_METHODS = {
    "getBlockHeight", "getIdentity", "getLatestBlockhash", "getMinimumBalanceForRentExemption",
    "getBlockTime", "getBalance", "getTokenAccountBalance", "getTokenSupply",
    "getTokenAccountsByOwner", "getSignatureStatuses", "getSignaturesForAddress", "getClusterNodes",
    "getSupply", "getRecentPerformanceSamples"}
# Recorded of an account that is not among the files, or parsed by the node.
OTHER_ACCOUNTS = {"039_getAccountInfo_system_program", "041_getAccountInfo_token_jsonParsed",
                  "042_getAccountInfo_mint_jsonParsed"}

PROGRAM = "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
OTHER = "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7"
KEYS = ["CpPySXH57UPTpVUNFbG5NvvnwnLhyY8mfwRQf7kutoQM", "EoAkjVeGRWzBLX1HwRzLT3aevcDWvYWv8m82vhyR8xgk",
        "BjK9Scnzd2QZLUSrf9RHxDqptJjFCjh1vH6aXm97BZ3a"]
DATA = [bytes(range(100)), b"other" * 9, b""]
NODE = {"accounts": [{"file": f"{i}.bin", "pubkey": KEYS[i], "lamports": 2 ** 64 - 1 - i,
                      "owner": PROGRAM if i < 2 else OTHER} for i in range(3)]}
FILES = {**RUNS, "rpc/accounts.json": NODE,
         **{f"rpc/{i}.bin": data for i, data in enumerate(DATA)}}


def send(sim, method, path, body=b"", headers=None):
    """(status, content type, body)"""
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if method != "GET":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        reply = connection.getresponse()
        return reply.status, reply.headers.get("content-type"), reply.read()
    finally:
        connection.close()


def post(sim, method, *params, path="/rpc"):
    """(status, the reply as JSON, or its text)"""
    question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    status, _, body = send(sim, "POST", path, json.dumps(question).encode(),
                           {"Content-Type": "application/json"})
    try:
        return status, json.loads(body)
    except ValueError:
        return status, body.decode()


def result(sim, method, *params, path="/rpc"):
    return post(sim, method, *params, path=path)[1].get("result")


# --- as recorded ----------------------------------------------------------------------------


@test
def recorded_replies():
    if not GOLDEN:
        skip("sim recordings: PSYCHE_GOLDEN_DIR is not set")
        return
    captures = json.loads((RECORDED / "index.json").read_text())["captures"]
    compared = 0
    with Simulator(RUNS, rpc=RECORDED, slot=69) as sim:
        for capture in captures:
            name = capture["file"]
            body = (RECORDED / f"{name}.req.json").read_bytes()
            asked = re.search(rb'"method": *"(\w+)"', body)
            is_other = asked and asked.group(1).decode() in OTHER_METHODS
            if name in OTHER_ACCOUNTS or is_other:
                continue
            method, path = capture["http"].split()
            got = send(sim, method, "/rpc" if path == "/" else f"/rpc{path}", body,
                       capture["request_headers"])
            want = (RECORDED / f"{name}.resp.json").read_bytes()
            equal((got[0], got[2]), (capture["status"], want), name)
            compared += 1
    true(compared > 100, f"only {compared} were compared")


# --- the rest -------------------------------------------------------------------------------


@test
def encodings_and_slices():
    with Simulator(FILES) as sim:
        one = result(sim, "getAccountInfo", KEYS[0], {"encoding": "base64"})["value"]
        equal(base64.b64decode(one["data"][0]), DATA[0], "base64")
        equal((one["lamports"], one["space"], one["owner"]), (2 ** 64 - 1, 100, PROGRAM), "fields")
        equal(list(one), sorted(one), "keys are in order")
        sliced = {"encoding": "base64", "dataSlice": {"offset": 98, "length": 9}}
        equal(base64.b64decode(result(sim, "getAccountInfo", KEYS[0], sliced)["value"]["data"][0]),
              DATA[0][98:], "a slice past the end")
        packed = result(sim, "getAccountInfo", KEYS[2], {"encoding": "base64+zstd"})["value"]["data"]
        equal((base64.b64decode(packed[0])[:6].hex(), packed[1]), ("28b52ffd2000", "base64+zstd"),
              "zstd of nothing")
        packed = result(sim, "getAccountInfo", KEYS[0], {"encoding": "base64+zstd"})["value"]["data"]
        equal(base64.b64decode(packed[0])[:6].hex(), "28b52ffd0058", "a frame without its size")
        true(isinstance(result(sim, "getAccountInfo", KEYS[1])["value"]["data"], str), "the oldest form")
        several = result(sim, "getMultipleAccounts", [*KEYS, PROGRAM], {"encoding": "base64"})["value"]
        equal([value and value["space"] for value in several], [100, 45, 0, None], "in order")


@test
def searches():
    filters = {"begins": [{"memcmp": {"offset": 0, "bytes": base64.b64encode(DATA[0][:8]).decode(),
                                      "encoding": "base64"}}],
               "size": [{"dataSize": 45}], "none": [{"dataSize": 46}], "all": []}
    want = {"begins": [KEYS[0]], "size": [KEYS[1]], "none": [], "all": KEYS[:2]}
    with Simulator(FILES) as sim:
        for name, each in filters.items():
            found = result(sim, "getProgramAccounts", PROGRAM,
                           {"encoding": "base64", "filters": each, "withContext": True})["value"]
            equal([row["pubkey"] for row in found], want[name], name)


@test
def slots_and_health():
    confirmed = {"commitment": "confirmed"}
    with Simulator(FILES, slot=1000) as sim:
        equal([result(sim, "getSlot", confirmed), result(sim, "getSlot")], [1000, 969], "fixed")
        equal(result(sim, "getAccountInfo", KEYS[0], {"encoding": "base64", **confirmed})["context"],
              {"apiVersion": "3.1.12", "slot": 1000}, "context")
        equal(result(sim, "getHealth"), "ok", "health")
    with Simulator(FILES, slot=(1000, 5)) as sim:
        equal([result(sim, "getSlot", confirmed) for _ in range(3)], [1000, 1005, 1010], "going on")
    with Simulator(FILES, slot=(1000, -700), health=42) as sim:
        equal([result(sim, "getSlot", confirmed) for _ in range(3)], [1000, 300, 0], "going back")
        want = {"code": -32005, "message": "Node is behind by 42 slots", "data": {"numSlotsBehind": 42}}
        equal(post(sim, "getHealth")[1]["error"], want, "behind")
    with Simulator(FILES, health="unhealthy") as sim:
        equal(post(sim, "getHealth")[1]["error"]["data"], {"numSlotsBehind": None}, "unhealthy")


@test
def refusals():
    ways = {403: (403, 403), 410: (410, 410), 429: (429, 429), -32010: (200, -32010),
            -32601: (200, -32601), -32005: (200, -32005), "disabled": (200, -32000)}
    for how, want in ways.items():
        with Simulator(FILES, refuse={"getProgramAccounts": how}) as sim:
            status, reply = post(sim, "getProgramAccounts", PROGRAM, {"encoding": "base64"})
            equal((status, reply["error"]["code"]), want, how)
            true("disabled" in reply["error"]["message"] or how != "disabled", "its word")
            equal(result(sim, "getHealth"), "ok", "other methods")


@test
def several_nodes():
    pool = {"genesis": "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG", "slot": 7, "slot_step": 2,
            "health": 9, "version": "9.9.9", "refuse": {"getEpochInfo": "-32601"}, "accounts": []}
    confirmed = {"commitment": "confirmed"}
    with Simulator({**FILES, "rpc-pool/accounts.json": pool}) as sim:
        equal(sim.node_url("rpc-pool"), f"{sim.url}/rpc-pool", "url")
        equal(result(sim, "getGenesisHash", path="/rpc-pool"), pool["genesis"], "its own genesis")
        true(result(sim, "getGenesisHash") != pool["genesis"], "the other's")
        equal(result(sim, "getSlot", confirmed, path="/rpc-pool"), 7, "the first one with a slot")
        equal(result(sim, "getVersion", path="/rpc-pool")["solana-core"], "9.9.9", "version")
        equal(post(sim, "getHealth", path="/rpc-pool")[1]["error"]["code"], -32005, "health")
        equal(post(sim, "getEpochInfo", path="/rpc-pool")[1]["error"]["code"], -32601, "refusal")
        equal(result(sim, "getAccountInfo", KEYS[0], path="/rpc-pool")["value"], None, "accounts")
        equal(result(sim, "getHealth", path="/"), "ok", "the first one is at / too")
        equal(send(sim, "GET", "/runs")[0], 200, "and the dashboard is where it was")
        equal(send(sim, "GET", "/rpc/accounts")[0], 405, "accounts are no replies")
    with Simulator(RUNS, rpc={"a": RECORDED, "b": RECORDED} if GOLDEN else None) as sim:
        equal(post(sim, "getHealth", path="/")[0], 200 if GOLDEN else 404, "given by name")


@test
def faults_and_log():
    faults = ["--fault", "/rpc#getSlot=>status=503+times=1", "--fault", '/rpc#getHealth=>body={"a":1}',
              "--fault", "/runs=>html"]
    with Simulator(FILES, *faults) as sim:
        equal([post(sim, "getSlot")[0] for _ in range(2)], [503, 200], "of one method")
        equal(post(sim, "getHealth")[1], {"a": 1}, "another body")
        equal(post(sim, "getVersion")[0], 200, "not of others")
        equal([line.path for line in sim.log("/rpc")],
              ["/rpc#getSlot", "/rpc#getSlot", "/rpc#getHealth", "/rpc#getVersion"], "log")
        equal(sim.log()[0].fault, "/rpc#getSlot=>status=503+times=1", "log")


@test
def bodies_have_a_limit():
    headers = {"Content-Type": "application/json"}
    empty = b'{"jsonrpc":"2.0","id":1,"method":"getHealth","params":[]}'
    with Simulator(FILES) as sim:
        for size, want in ((51200, 200), (51201, 413), (200000, 413)):
            equal(send(sim, "POST", "/rpc", empty.ljust(size), headers)[0], want, f"{size} bytes")


sys.exit(main())
