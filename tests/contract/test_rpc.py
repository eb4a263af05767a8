#!/usr/bin/env python3
"""The Solana side of the library by itself (tests/tools/ask_rpc.c): every recorded reply decoded and
compared with what Python reads in it, and what is posted to a simulated node, with all that may come
back."""

import base64
import ctypes
import ctypes.util
import json
import pathlib
import re
import subprocess
import sys
import time
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment

from harness import BUILD, ROOT, Simulator, equal, main, skip, test, true, within  # noqa: E402

TOOL = BUILD / "tools" / "ask_rpc"
KEPT = ROOT / "tests" / "data" / "rpc"
METHODS = {"getGenesisHash", "getSlot", "getHealth", "getVersion", "getEpochInfo", "getAccountInfo",
           "getMultipleAccounts", "getProgramAccounts"}
ACCOUNTS = {"getAccountInfo", "getMultipleAccounts", "getProgramAccounts"}

PROGRAM = "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7"
KEYS = ["CpPySXH57UPTpVUNFbG5NvvnwnLhyY8mfwRQf7kutoQM", "EoAkjVeGRWzBLX1HwRzLT3aevcDWvYWv8m82vhyR8xgk"]
DATA = [bytes(range(200)) * 50, b"psyche" * 3]
NODE = {"slot": 1000, "accounts": [{"file": f"{i}.bin", "pubkey": KEYS[i], "owner": PROGRAM,
                                    "lamports": 2 ** 64 - 1} for i in range(2)]}
FILES = {"rpc/accounts.json": NODE, "rpc-2/accounts.json": {"accounts": [], "slot": 2000},
         **{f"rpc/{i}.bin": data for i, data in enumerate(DATA)}}
SEARCH = f"search {PROGRAM} {DATA[1][:6].hex()} 0 0 100"
NO_KEY = "1" * 32


def ask(sim, *batches, timeout_ms=3000, path="/rpc"):
    """The answers of each batch of questions, as a list of lists; of one batch, its list."""
    text = "\n\n".join("\n".join(batch) for batch in batches)
    done = subprocess.run([str(TOOL), "ask", sim.url + path, str(timeout_ms)], input=text.encode(),
                          capture_output=True, timeout=60)
    equal((done.returncode, done.stderr), (0, b""), "ask_rpc")
    lines = iter(json.loads(line) for line in done.stdout.splitlines())
    answers = [[next(lines) for _ in batch] for batch in batches]
    return answers if len(batches) > 1 else answers[0]


def words(answers):
    return [answer["status"] for answer in answers]


# --- recorded replies -----------------------------------------------------------------------


def unpack(packed, room=1 << 20):
    """By the library itself, asked from here."""
    to = ctypes.create_string_buffer(room)
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    count = zstd.ZSTD_decompress(to, ctypes.c_size_t(room), packed, ctypes.c_size_t(len(packed)))
    return to.raw[:count]


def data_of(encoded):
    """The bytes that an account's data stand for, or None when we never ask for them so."""
    if not isinstance(encoded, list) or encoded[1] not in ("base64", "base64+zstd"):
        return None
    data = base64.b64decode(encoded[0])
    return unpack(data) if encoded[1] == "base64+zstd" else data


def expected(asked, reply):
    """What ask_rpc should say of a recorded reply, but for a problem's words."""
    method, error = asked["method"], reply.get("error")
    if error:
        word = "method_refused" if error["code"] == -32601 else "source_fault"
        return {"method": method, "status": word}
    result, want = reply["result"], {"method": method, "status": "ok"}
    if method not in ACCOUNTS:
        plain = {"getGenesisHash": lambda: {"genesis": result}, "getSlot": lambda: {"slot": result},
                 "getHealth": lambda: {"health": result, "behind": 0},
                 "getVersion": lambda: {"version": result["solana-core"]},
                 "getEpochInfo": lambda: {
                     "epoch": result["epoch"], "slot": result["absoluteSlot"],
                     "slot_index": result["slotIndex"], "slots_in_epoch": result["slotsInEpoch"]}}
        return {**want, **plain[method]()}
    options = (asked["params"][1:] or [{}])[0]
    if isinstance(result, dict):
        want["slot"] = result["context"]["slot"]
        result = result["value"]
    if method == "getProgramAccounts":
        pairs = [(row["pubkey"], row["account"]) for row in result]
    else:
        keys = asked["params"][0] if method == "getMultipleAccounts" else [asked["params"][0]]
        pairs = list(zip(keys, result if method == "getMultipleAccounts" else [result]))
    want["rows"] = []
    for key, account in pairs:
        offset = (options.get("dataSlice") or {}).get("offset", 0)
        row = {"key": key, "is_there": account is not None, "owner": NO_KEY, "lamports": 0, "space": 0,
               "offset": offset, "executable": False, "data": ""}
        if account:
            data = data_of(account["data"])
            if data is None:
                return {"method": method, "status": "bad_reply"}
            row.update(owner=account["owner"], lamports=account["lamports"], space=account["space"],
                       executable=account["executable"], data=data.hex())
        want["rows"].append(row)
    return want


@test
def recorded_replies():
    compared, statuses = 0, set()
    recorded = pathlib.Path(GOLDEN, "chain", "rpc") if GOLDEN else KEPT
    if not GOLDEN:
        skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    for file in sorted(recorded.glob("*.req.json")):
        reply_file = file.with_name(file.name.replace(".req.", ".resp."))
        try:
            asked, reply = json.loads(file.read_bytes()), json.loads(reply_file.read_bytes())
        except ValueError:
            continue
        if not isinstance(asked, dict) or asked.get("method") not in METHODS:
            continue
        done = subprocess.run([str(TOOL), "decode", asked["method"], str(file), str(reply_file)],
                              capture_output=True, timeout=20)
        got = json.loads(done.stdout)
        want = expected(asked, reply)
        true(bool(got.pop("problem")) == (want["status"] != "ok"), f"{file.name}: problem")
        equal(got, want, file.name)
        compared += 1
        statuses.add(got["status"])
    true(compared >= (80 if GOLDEN else 18), f"only {compared} compared")
    true({"ok", "source_fault"} <= statuses, f"statuses: {statuses}")


# --- asking ---------------------------------------------------------------------------------


@test
def every_question():
    with Simulator(FILES) as sim:
        questions = ["genesis", "slot", "health", "version", "epoch", f"account {KEYS[0]}",
                     f"account {KEYS[0]} 100 50", f"accounts {KEYS[1]},{NO_KEY},{KEYS[0]}",
                     f"accounts {KEYS[0]} 9999 5", SEARCH,
                     f"search {PROGRAM} - {len(DATA[0])} 0 4", f"account {NO_KEY}"]
        got = ask(sim, questions)
        equal(words(got), ["ok"] * len(questions), "statuses")
        equal(got[0]["genesis"], "CxQUWq8bYNUorGjB7RXH7jZs8MkExSiu9kzWXUCuBDmr", "genesis")
        equal((got[1]["slot"], got[2]["health"], got[3]["version"]), (1000, "ok", "3.1.12"), "node")
        equal((got[4]["epoch"], got[4]["slot_index"]), (0, 1000), "epoch")
        row = got[5]["rows"][0]
        equal((got[5]["slot"], row["lamports"], row["space"], bytes.fromhex(row["data"])),
              (1000, 2 ** 64 - 1, len(DATA[0]), DATA[0]), "an account")
        row = got[6]["rows"][0]
        equal((row["offset"], row["space"], bytes.fromhex(row["data"])),
              (100, len(DATA[0]), DATA[0][100:150]), "a slice")
        equal([(row["key"], row["is_there"]) for row in got[7]["rows"]],
              [(KEYS[1], True), (NO_KEY, False), (KEYS[0], True)], "several, in order")
        equal(bytes.fromhex(got[8]["rows"][0]["data"]), DATA[0][9999:], "a slice past the end")
        equal([row["key"] for row in got[9]["rows"]], [KEYS[1]], "by beginning")
        equal(bytes.fromhex(got[10]["rows"][0]["data"]), DATA[0][:4], "by size")
        equal(got[11]["rows"][0]["is_there"], False, "not there")
        equal({line.method for line in sim.log()}, {"POST"}, "all are posted")


@test
def what_is_kept():
    questions = ["genesis", "slot", f"account {KEYS[0]}", f"account {KEYS[1]}", SEARCH]
    with Simulator(FILES) as sim:
        first, second = ask(sim, questions, questions)
        equal(second, first, "answers")
        counts = [len(sim.log(f"/rpc#{name}")) for name in ("getGenesisHash", "getSlot",
                                                            "getAccountInfo", "getProgramAccounts")]
        equal(counts, [1, 1, 2, 1], "one request for the same question, two for two accounts")
        equal(len({line.connection for line in sim.log()}) <= 5, True, "connections")


@test
def redirects():
    ways = {301: "redirected", 302: "redirected", 303: "redirected", 307: "ok", 308: "ok"}
    for status, word in ways.items():
        with Simulator(FILES, "--fault", f"/rpc#=>status={status}+redirect=/rpc-2") as sim:
            got = ask(sim, ["slot"])[0]
            equal(got["status"], word, status)
            equal(got.get("slot"), 2000 if word == "ok" else None, f"{status}: the other node's")
            true(word == "ok" or "drops what was asked" in got["problem"], got["problem"])
            equal([line.method for line in sim.log("/rpc-2#getSlot")], ["POST"] * (word == "ok"), status)
    with Simulator(FILES, "--fault", "/rpc#=>status=307+redirect=http://127.0.0.1:9/") as sim:
        equal(words(ask(sim, ["slot"])), ["redirected"], "another place")


@test
def faults():
    table = {
        "status=503": "unavailable", "status=429": "rate_limited", "status=403": "http_status",
        "status=503+times=1": "ok", "status=503+retry-after=1+times=1": "ok", "html": "not_json",
        "not-json": "not_json", "empty": "not_json", "reset": "broken_off", "truncate=9": "broken_off",
        "body=null": "bad_reply", "body=[]": "bad_reply", "body={}": "bad_reply",
        'body={"error":"overloaded"}': "source_fault",
        'body={"error":{"code":-32005,"message":"Node is behind by 9 slots"}}': "node_behind",
        'body={"error":{"code":-32601,"message":"Method not found"}}': "method_refused",
        "deep=100": "bad_reply", "huge": "too_large", "stall": "timeout"}
    for fault, word in table.items():
        with Simulator(FILES, "--fault", f"/rpc#getSlot=>{fault}") as sim:
            got = ask(sim, ["slot", "health"], timeout_ms=2500)
            equal(words(got), [word, "ok"], fault)
            true(word == "ok" or got[0]["problem"], f"{fault}: a problem")


@test
def a_node_that_does_not_search():
    for how in (403, 410, 429, -32010, -32601, "disabled"):
        with Simulator(FILES, refuse={"getProgramAccounts": how}) as sim:
            got = ask(sim, [SEARCH, "slot"])
            equal(words(got), ["method_refused", "ok"], how)
            true(re.search(r"HTTP 4\d\d|error -3", got[0]["problem"]), got[0]["problem"])
            equal(len(sim.log("/rpc#getProgramAccounts")), 1, f"{how}: asked once")
    with Simulator(FILES, refuse={"getSlot": 403, "getHealth": 429, "getVersion": -32601}) as sim:
        equal(words(ask(sim, ["slot", "health", "version"])),
              ["http_status", "rate_limited", "method_refused"], "other methods")


@test
def a_node_that_is_behind():
    with Simulator(FILES, health=42, refuse={"getAccountInfo": -32005}) as sim:
        health, account = ask(sim, ["health", f"account {KEYS[0]}"])
        equal((health["status"], health["health"], health["behind"]), ("ok", "behind", 42), "health")
        equal((account["status"], account["problem"]),
              ("node_behind", "error -32005: Node is behind by 150 slots"), "an account")


@test
def one_search_at_a_time():
    others = [f"search {PROGRAM} - {size} 0 4" for size in (1, 2)]
    with Simulator(FILES, "--latency", 300) as sim:
        started = time.monotonic()
        got = ask(sim, [SEARCH, others[0], f"at={sim.node_url('rpc-2')} {others[1]}", "slot", "health"])
        seconds = time.monotonic() - started
        equal(words(got), ["ok"] * 5, "statuses")
        begun = [line.ms for line in sim.log() if line.path.endswith("getProgramAccounts")]
        true(len(begun) == 3 and all(late - early >= 290 for early, late in zip(begun, begun[1:])),
             f"a search began before the one before had ended: {begun}")
        slot = sim.log("/rpc#getSlot")[0].ms
        within(slot - begun[0], 250, "other questions do not wait")
        within(seconds, 1.6, "no longer than they need")
    with Simulator(FILES, "--fault", "/rpc#getProgramAccounts=>stall") as sim:
        started = time.monotonic()
        got = ask(sim, [SEARCH, others[0]], timeout_ms=600)
        equal(words(got), ["timeout", "timeout"], "one that never ends")
        equal(len(sim.log("/rpc#getProgramAccounts")), 1, "the second is never sent")
        within(time.monotonic() - started, 1.5, "seconds")


sys.exit(main())
