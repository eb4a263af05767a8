#!/usr/bin/env python3
"""Every recorded account, decoded by the library's C and compared by value with what Psyche's own
programs make of it; then broken in every way that its layout knows.

Accounts: tests/data/chain, and the folder chain/ in PSYCHE_GOLDEN_DIR. Others are made up from the
layout table, with everything in them that an account can hold."""

import json
import math
import random
import subprocess
import sys
import tempfile
from os import environ
from pathlib import Path

from chain_layout import Layout

ROOT = Path(__file__).resolve().parents[2]
BUILD_DIR = Path(environ.get("PSYCHE_BUILD_DIR") or ROOT / "build" / "release")
TOOL = BUILD_DIR / "tools" / "dump_account"
FOLDERS = [ROOT / "tests" / "data" / "chain"]
if environ.get("PSYCHE_GOLDEN_DIR"):
    FOLDERS.append(Path(environ["PSYCHE_GOLDEN_DIR"]) / "chain")

SIZE, HEAD_BYTES, TAIL_FROM = 119160, 1048, 75928
BORSH = {"instance": "instance", "pool": "pool", "lender": "lender", "treasurer_run": "run",
         "participant": "participant", "authorization": "authorization"}
LEAST = {"instance": 109, "pool": 549, "lender": 25, "run": 193, "participant": 25, "authorization": 90}
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
NOBODY = "11111111111111111111111111111111"
MADE_UP = 60

LAYOUT = Layout(json.loads((FOLDERS[0] / "layout.json").read_text()))
passed = failed = 0


def check(holds, what):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    if not holds and failed <= 40:
        print(f"FAIL {what!s:.1500}")


def canonical(value):
    """1 and 1.0 differ, and so do 0.0 and -0.0."""
    return json.dumps(value, sort_keys=True)


def difference(got, want, path=""):
    """Where they differ first."""
    if isinstance(got, dict) and isinstance(want, dict) and got.keys() == want.keys():
        pairs = [(f"{path}.{key}", got[key], want[key]) for key in got]
    elif isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        pairs = [(f"{path}[{i}]", *pair) for i, pair in enumerate(zip(got, want))]
    else:
        return f"{path}: got {canonical(got):.300}, want {canonical(want):.300}"
    return next((difference(a, b, where) for where, a, b in pairs if canonical(a) != canonical(b)), "")


def same(got, want, what):
    check(canonical(got) == canonical(want), f"{what}{difference(got, want)}")


def ask(questions):
    """The answer to each `KIND FILE CHANGE...`."""
    text = "\n".join(questions) + "\n"
    done = subprocess.run([TOOL], input=text, capture_output=True, encoding="utf-8", timeout=200)
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    if done.returncode or len(answers) != len(questions):
        where = questions[len(answers)] if len(answers) < len(questions) else ""
        raise RuntimeError(f"dump_account ended with {done.returncode} at {where}: {done.stderr}")
    for question, answer in zip(questions, answers):
        is_ok = answer["verdict"] == "ok"
        check(is_ok == (answer["account"] is not None) and is_ok == (answer["problem"] == ""),
              f"{question}: {answer['verdict']} is out of step with {answer['problem']!r}")
    return answers


def judge(rows):
    """Checks the verdict on each (question, verdict); gives the answers."""
    answers = ask([question for question, _ in rows])
    for (question, want), answer in zip(rows, answers):
        check(answer["verdict"] == want, f"{question}: {answer['verdict']} {answer['problem']}, want {want}")
    return answers


def ask_all(kind, files, *changes):
    return zip(files, ask([" ".join([kind, str(file), *changes]) for file in files])) if files else []


def stored(path):
    """The file under the name it has here: scanners take a .bin for a program."""
    return path if path.exists() else path.with_suffix(".raw")


def load(path):
    return json.loads(path.read_text())


def blob(kind, path):
    return bytes.fromhex(ask([f"bytes {path}"])[0]["account"])


def states(folder, garbage=False):
    files = sorted((folder / "coord").glob("coord_??.bin.zst"))
    return sorted((folder / "coord").glob("*_garbage.bin.zst")) if garbage else files


def sibling(path, ending):
    return path.parent / (path.name.split(".")[0].removesuffix("_garbage") + ending)


# --- the coordinator account ---------------------------------------------------------------------

def test_states(folder):
    files = [*states(folder), *states(folder, garbage=True)]
    check(len(files) > 10, f"{folder}: {len(files)} coordinator accounts")
    for file, answer in ask_all("coordinator", files):
        if sibling(file, ".json").exists():
            same(answer["account"], load(sibling(file, ".json")), file.name)
        else:
            same(answer["account"], LAYOUT.decode(blob("coordinator", file)), f"{file.name} by the table")


def test_garbage(folder):
    for file, answer in ask_all("coordinator", states(folder, garbage=True)):
        clean = ask([f"coordinator {sibling(file, '.bin.zst')}"])[0]
        same(answer, clean, f"{file.name} and its clean twin")


def head_of(account):
    run = account["state"]["coordinator"]
    parts = ("run_id", "run_state", "model", "config", "progress")
    return [account["state"]["metadata"], *[run[key] for key in parts]]


def tail_of(account):
    run = account["state"]["coordinator"]
    epoch = {key: value for key, value in run["epoch_state"].items() if key not in ("rounds", "clients")}
    state = {key: value for key, value in account["state"].items() if key not in ("metadata", "coordinator")}
    return [epoch, run["run_state_start_unix_timestamp"], run["pending_pause"], state, account["nonce"]]


def test_slices(folder):
    files = states(folder)
    whole = [answer["account"] for _, answer in ask_all("coordinator", files)]
    heads = ask([f"head {file} slice=0:{HEAD_BYTES}" for file in files])
    tails = ask([f"tail {file} slice={TAIL_FROM}" for file in files])
    for file, all_of_it, head, tail in zip(files, whole, heads, tails):
        same(head_of(head["account"]), head_of(all_of_it), f"{file.name}, head")
        same(tail_of(tail["account"]), tail_of(all_of_it), f"{file.name}, tail")
    file = files[0]
    judge([(f"{question.replace(' ', f' {file} slice=')}", "bad") for question in (
        f"head 0:{HEAD_BYTES - 1}", f"head {TAIL_FROM}", f"head 1:{HEAD_BYTES}", f"tail 0:{HEAD_BYTES}",
        f"tail {TAIL_FROM + 1}", f"tail {TAIL_FROM}:{SIZE - TAIL_FROM - 1}", f"coordinator 0:{SIZE - 1}",
        "coordinator 1")])
    for kind in ("head", "tail"):
        answer = ask([f"{kind} {file} slice={0 if kind == 'head' else TAIL_FROM} space=120080"])[0]
        check(answer["verdict"] == "layout_unknown", f"{kind} of a larger account: {answer}")
        check(answer["problem"] == "120,080 bytes; this version knows 119,160", answer["problem"])


def wrapped(sums):
    """run-manager adds points up within 64 bits."""
    return {key: value if key == "max_active" else int(value) % 2**64 for key, value in sums.items()}


def test_derived(folder):
    files = [file for file in states(folder) if sibling(file, ".dump.json").exists()]
    check(len(files) > 10, f"{folder}: {len(files)} dumps of run-manager")
    for file, answer in ask_all("derived", files):
        want, got = load(sibling(file, ".dump.json")), answer["account"]
        accounting = got["json_dump_run.coordinator_account"]["accounting"]
        got["json_dump_run.coordinator_account"]["accounting"] = wrapped(accounting)
        del want["list_runs.RunInfo"]["epoch_time_display"]
        for part in want:
            same(got[part], want[part], f"{file.name} {part}")


def batch_size(config, tokens):
    start, end = config["global_batch_size_start"], config["global_batch_size_end"]
    warmup = config["global_batch_size_warmup_tokens"]
    if tokens >= warmup:
        return end
    exact = start + (end - start) * (tokens / warmup)
    return math.floor(exact + 0.5)            # halves up: batches are not negative


def planned(config, seq_len, steps):
    index = 0
    for step in range(steps):
        if index * seq_len >= config["global_batch_size_warmup_tokens"]:
            return (index + (steps - step) * config["global_batch_size_end"]) * seq_len
        index += batch_size(config, index * seq_len)
    return index * seq_len


# Sequences; 25 to 32 are one run that was followed.
DONE = {"coord_01": 0, "coord_02": 98765, "coord_03": 98765, "coord_04": 101536, "coord_07": 98765,
        "coord_17": 2**64 - 1, "coord_20": 98765, "coord_25": 0, "coord_26": 0, "coord_27": 0,
        "coord_29": 512, "coord_30": 2560, "coord_32": 2560}


def test_progress(folder):
    for file, answer in ask_all("derived", states(folder)):
        name = file.name.split(".")[0]
        progress = answer["account"]["progress"]
        setup = answer["account"]["json_dump_run.coordinator_account"]["setup"]
        config, seq_len = setup["config"], setup["model"]["LLM"]["max_seq_len"]
        plan = planned(config, seq_len, config["total_steps"])
        if name in DONE:
            same(progress["tokens_done"], str(DONE[name] * seq_len), f"{name}, tokens done")
        same(progress["tokens_planned"], str(plan), f"{name}, tokens planned")
        ramp = config["global_batch_size_warmup_tokens"] > 0
        ramp = ramp and config["global_batch_size_start"] != config["global_batch_size_end"]
        same(progress["is_about"], ramp, f"{name}, about")


def set_field(offset, value, size):
    return f"set={offset}:{value.to_bytes(size, 'little').hex()}"


def test_ramps():
    """Batches that grow, shrink, stand still and begin at nothing; as many steps as fit."""
    source, rng = FOLDERS[0] / "coord" / "coord_02.bin.zst", random.Random(2)
    cases = [(1, 65535, 10**9, 200, 64), (65535, 1, 10**9, 3000, 64), (0, 9, 10**6, 5000, 8),
             (0, 0, 10**6, 500, 8), (7, 7, 10**6, 500, 8), (3, 9, 0, 500, 8),
             (1, 2, 2**64 - 1, 4000, 2**32 - 1), (5, 9, 10**5, 4000, 0)]
    cases += [(rng.randrange(2000), rng.randrange(2000), rng.randrange(10**rng.randrange(1, 11)),
               rng.randrange(5000), rng.randrange(5000)) for _ in range(60)]
    questions = [" ".join([f"derived {source}", set_field(1026, start, 2), set_field(1028, end, 2),
                           set_field(1000, warmup, 8), set_field(1016, steps, 4), set_field(424, seq_len, 4)])
                 for start, end, warmup, steps, seq_len in cases]
    for case, answer in zip(cases, ask(questions)):
        start, end, warmup, steps, seq_len = case
        config = {"global_batch_size_start": start, "global_batch_size_end": end,
                  "global_batch_size_warmup_tokens": warmup}
        got = answer["account"]["progress"]["tokens_planned"]
        same(got, str(planned(config, seq_len, steps)), f"plan of {case}")


def test_broken_states(folder):
    rows = load(folder / "coord_bad" / "index.json")
    for row in rows:
        path = folder / "coord_bad" / (row["file"] + ".zst")
        if not path.exists():
            continue
        answer = ask([f"coordinator {path}"])[0]
        is_accepted = answer["verdict"] == "ok"
        check(is_accepted == (row["c_decoder_should"] == "accept"),
              f"{row['file']} ({row['what']}): {answer['verdict']}")
        if is_accepted and sibling(path, ".json").exists():
            same(answer["account"], load(sibling(path, ".json")), row["file"])
        of_size = row["what"].startswith(("version", "truncated", "one byte long", "REAL older"))
        if of_size:
            check(answer["verdict"] == "layout_unknown", f"{row['file']}: {answer['problem']}")


TAGS = [  # where, bytes, how many there are; needs these bytes elsewhere first
    ("run_state", 408, 1, 8, ""), ("model", 416, 4, 1, ""), ("architecture", 432, 4, 4, ""),
    ("checkpoint", 436, 4, 6, ""), ("dummy revision", 440, 1, 2, "set=436:01000000"),
    ("revision", 440, 1, 2, "set=436:02000000"), ("prefix", 440, 1, 2, "set=436:05000000"),
    ("data_type", 572, 4, 2, ""), ("data_location", 576, 4, 6, ""),
    ("http location", 580, 4, 3, "set=576:03000000"), ("token_size", 840, 4, 2, "set=576:03000000"),
    ("shuffle", 844, 4, 2, "set=576:03000000"), ("lr_schedule", 880, 4, 4, ""),
    ("optimizer", 936, 4, 3, ""),
    ("AdamW clip", 956, 4, 2, "set=936:01000000"), ("Distro clip", 940, 4, 2, "set=936:02000000"),
    ("Distro decay", 948, 4, 2, "set=936:02000000"), ("quantize_1bit", 964, 1, 2, "set=936:02000000"),
    ("client state", 57496 + 64, 1, 4, ""), ("last client state", 57496 + 255 * 72 + 64, 1, 4, ""),
    ("exited state", 75936 + 64, 1, 4, ""), ("last exited state", 75936 + 255 * 72 + 64, 1, 4, ""),
]
COUNTS = [*[(f"witnesses of round {i}", 1048 + 14112 * i + 14080, 32) for i in range(4)],
          ("clients", 75928, 256), ("exited", 94368, 256), ("joined", 119000, 256)]


def tag_questions(source):
    blank = f"set=940:{'00' * 28} set=576:{'00' * 304}"
    for name, at, size, count, first in TAGS:
        most = 256**size - 1
        values = {0, count - 1, count, count + 1, 2**(8 * size - 1), most}
        for tag in sorted(value for value in values if 0 <= value <= most):
            change = set_field(at, tag, size)
            yield f"coordinator {source} {blank} {first} {change}", tag < count, f"{name} {tag}"


def count_questions(source):
    for name, at, most in COUNTS:
        for count in (0, 1, most, most + 1, 2**16, 2**32, 2**32 + 1, 2**63, 2**64 - 1):
            change, what = set_field(at, count, 8), f"{name} {count}"
            yield f"coordinator {source} {change}", count <= most, what
            if at >= TAIL_FROM:
                yield f"tail {source} {change} slice={TAIL_FROM}", count <= most, f"{what} in the tail"
    changes = " ".join(set_field(at, 2**64 - 1, 8) for _, at, _ in COUNTS)
    yield f"coordinator {source} {changes}", False, "all counts"


def test_tags_and_counts():
    source = FOLDERS[0] / "coord" / "coord_05.bin.zst"
    questions = [*tag_questions(source), *count_questions(source)]
    for (_, is_valid, what), answer in zip(questions, ask([row[0] for row in questions])):
        want = "ok" if is_valid else "bad"
        check(answer["verdict"] == want, f"{what}: {answer['verdict']} {answer['problem']}")


def test_unused_slots():
    """What stands in a slot past the count is nobody's."""
    source = FOLDERS[0] / "coord" / "coord_04.bin.zst"
    clean = ask([f"coordinator {source}"])[0]
    for at in (57496 + 17 * 72 + 64, 57496 + 255 * 72 + 64, 75936 + 3 * 72 + 64, 1048 + 14112 * 2):
        same(ask([f"coordinator {source} set={at}:ffff"])[0], clean, f"a slot that is not used, at {at}")


def test_guards():
    source = FOLDERS[0] / "coord" / "coord_04.bin.zst"
    changes = {f"owner={NOBODY}": "bad", f"owner={NOBODY} cut=5": "bad", "set=0:00": "bad",
               "set=0:00 cut=100": "bad", "set=408:08": "bad", "space=100": "layout_unknown",
               "space=119161": "layout_unknown", "space=120016": "layout_unknown",
               "set=8:02": "layout_unknown", "set=15:01": "layout_unknown",
               "set=8:02 set=408:ff": "layout_unknown"}
    judge([(f"coordinator {source} {change}", want) for change, want in changes.items()])
    judge([(f"head {source} owner={NOBODY}", "bad"),
           (f"tail {source} slice={TAIL_FROM} owner={NOBODY}", "bad")])


def cuts(size):
    chosen = random.Random(1)
    return sorted({*range(0, 40), *range(size - 40, size), *(chosen.randrange(size) for _ in range(60))})


def test_cut_states():
    source = FOLDERS[0] / "coord" / "coord_10.bin.zst"
    for at, answer in zip(cuts(SIZE), ask([f"coordinator {source} cut={at}" for at in cuts(SIZE)])):
        check(answer["verdict"] == ("bad" if at < 8 else "layout_unknown"), f"cut at {at}: {answer}")
    for at, answer in zip(cuts(SIZE), ask([f"coordinator {source} slice=0:{at}" for at in cuts(SIZE)])):
        check(answer["verdict"] == "bad", f"{at} of the account's bytes: {answer}")


def test_made_up_states():
    """With everything that an account can hold, by the table alone; and noise where nothing has a meaning."""
    rng = random.Random(int(environ.get("PSYCHE_TEST_SEED") or 20261121))
    with tempfile.TemporaryDirectory() as folder:
        files, wanted = [], []
        for i in range(MADE_UP):
            data = LAYOUT.make(rng, rng.randbytes if i % 2 else bytes)
            files.append(Path(folder, f"{i}.bin"))
            files[-1].write_bytes(data)
            wanted.append(LAYOUT.decode(data))
        for (file, answer), want in zip(ask_all("coordinator", files), wanted):
            same(answer["account"], want, f"account {file.stem} that was made up: {answer['problem']} ")


# --- the accounts written by Borsh ----------------------------------------------------------------

def borsh(folder):
    """(kind, file, its JSON) of each account that can be read."""
    for path in sorted((folder / "borsh").glob("*.json")):
        kind = BORSH.get(path.stem.rsplit("_", 1)[0])
        if kind:
            yield kind, stored(path.with_suffix(".bin")), load(path)


def test_borsh(folder):
    rows = list(borsh(folder))
    check({kind for kind, _, _ in rows} == set(LEAST), f"{folder}: kinds of Borsh accounts")
    for (kind, file, want), answer in zip(rows, ask([f"{kind} {file}" for kind, file, _ in rows])):
        same(answer["account"], want["account"], file.name)
    for kind, file, want in rows:
        if kind == "instance":
            for address in (want.get("pda", NOBODY), want["account"]["join_authority"]):
                answer = ask([f"instance {file} at={address}"])[0]
                same(answer["account"]["is_at"], address == want.get("pda"), f"{file.name} at {address}")
        if kind == "authorization":
            allows = {"": "is_valid_for(grantor,user,CoordinatorJoinRun)",
                      f"grantor={NOBODY}": "is_valid_for(other grantor)"}
            for change, key in allows.items():
                answer = ask([f"authorization {file} user={want['user']} {change}"])[0]
                same(answer["account"]["allows"], want[key], f"{file.name}, {key}")


def test_broken_borsh(folder):
    rows = [row for row in load(folder / "borsh" / "info.json")["errors"] if row.get("file")]
    rows.append({"file": "pool_bad_bool.bin", "what": "claiming_enabled 2", "try_deserialize": "no"})
    for row in rows:
        path = stored(folder / "borsh" / row["file"])
        kind = BORSH[row["file"].split("_bad")[0]]
        if path.exists():
            answer = ask([f"{kind} {path}"])[0]
            check((answer["verdict"] == "ok") == (row["try_deserialize"] == "OK"),
                  f"{row['file']} ({row['what']}): {answer}")


def test_cut_borsh(folder):
    """Cut at every byte: what has all its fields is the same account, what has not says nothing."""
    for kind, file, want in borsh(folder):
        data = file.read_bytes()
        used = LEAST[kind]
        if kind == "instance":
            used += len(want["account"]["run_id"].encode())
        elif kind == "authorization":
            used += len(want["account"]["scope_hex"]) // 2 + 32 * len(want["account"]["delegates"])
        verdicts = ["ok" if at >= used else "layout_unknown" if 8 <= at < LEAST[kind] else "bad"
                    for at in range(len(data) + 1)]
        answers = judge([(f"{kind} {file} cut={at}", verdict) for at, verdict in enumerate(verdicts)])
        for at, answer in enumerate(answers):
            check(answer["account"] in (None, want["account"]), f"{file.name} cut at {at}: other facts")


BORSH_VALUES = {
    "instance instance_01": {
        "set=105:ffffffff": "bad", "set=105:41000000": "bad", "set=105:40000000": "ok", "set=109:ff": "bad",
        "set=105:02000000 set=109:c3a9": "ok", "set=105:03000000 set=109:eda080": "bad"},
    "pool pool_01": {"set=105:01": "ok", "set=105:02": "bad", "set=146:ff": "bad"},
    "authorization authorization_02": {
        "set=73:ffffffff": "bad", "set=95:02": "bad", "set=96:00000008": "bad", "set=96:02000000": "bad",
        "set=96:ffffffff": "bad", "set=96:00000000": "ok"},
    "lender lender_01": {}, "run treasurer_run_01": {}, "participant participant_01": {},
}


def test_borsh_values():
    folder = FOLDERS[0] / "borsh"
    for start, changes in BORSH_VALUES.items():
        kind, name = start.split()
        judge([(f"{kind} {folder / name}.raw {change}", want)
               for change, want in {**changes, "": "ok", f"owner={NOBODY}": "bad"}.items()])
    judge([(f"lender {folder / 'participant_01.raw'}", "bad"),
           (f"participant {folder / 'lender_01.raw'}", "bad")])
    for length in (0, 399, 400, 401, 65535):
        change = f"{set_field(147, length, 2)} set=149:{'6d' * 400}"
        answer = ask([f"pool {folder / 'pool_01.raw'} {change}"])[0]
        metadata = answer["account"]["metadata"]["text_lossy"]
        same(metadata, "m" * min(length, 400), f"metadata of {length} bytes")


# --- token accounts -------------------------------------------------------------------------------

TOKENS = {
    "mint": ("acct_48.bin.zst", {
        "mintAuthority": "GEvvgbji7LzNx7rhdi5qE1Dzo8aG1Cb8wrRcpfsXPEAC", "freezeAuthority": None,
        "supply": 18446744073709551615, "decimals": 6, "is2022": False}),
    "token": ("acct_43.bin.zst", {
        "mint": "FYZFXUbPrFstJ2oqtH2YmMVqn51h5mmumMtQpiwEipb7", "amount": 1234567890, "delegate": None,
        "owner": "bFRswcjkehwLJLmxgA54NdLfrzZBbM7C7YaPJmPgGAp", "delegatedAmount": 0, "isNative": False,
        "state": "initialized", "rentReserve": 0, "closeAuthority": None, "is2022": False}),
}
TOKEN_VALUES = {
    "mint": {"set=45:00": "bad", "set=45:02": "bad", "set=0:02": "bad", "set=1:01": "bad", "set=0:00": "ok",
             "set=46:01": "ok", "set=46:02": "bad"},
    "token": {"set=72:02": "bad", "set=72:01": "ok", "set=108:00": "bad", "set=108:02": "ok",
              "set=108:03": "bad", "set=109:01": "ok", "set=109:02": "bad", "set=129:02": "bad"},
}


def test_tokens():
    with tempfile.TemporaryDirectory() as made:
        for kind, (name, want) in TOKENS.items():
            source = FOLDERS[0] / "token" / name
            same(ask([f"{kind} {source}"])[0]["account"], want, f"the {kind}")
            judge([(f"{kind} {source} {change}", verdict) for change, verdict in TOKEN_VALUES[kind].items()])
            check_extensions(Path(made, "account.bin"), kind, blob(kind, source), want)
        mint, token = (FOLDERS[0] / "token" / TOKENS[kind][0] for kind in ("mint", "token"))
        same(ask([f"mint {mint} set=0:00"])[0]["account"]["mintAuthority"], None, "no mint authority")
        same(ask([f"token {token} set=108:02"])[0]["account"]["state"], "frozen", "frozen")


def extensions(kind, data):
    """(what, bytes, verdict of the newer program's reader)"""
    long = data.ljust(165, b"\0") + (b"\1" if kind == "mint" else b"\2")
    yield from [
        ("plain", data, "ok"), ("extended", long + b"\3\0\4\0abcd", "ok"), ("type alone", long, "ok"),
        ("other type", long[:-1] + b"\7", "bad"), ("signers", long.ljust(355, b"\0"), "bad"),
        ("356 bytes", long.ljust(356, b"\0"), "ok"), ("one short", data[:-1], "bad"), ("nothing", b"", "bad"),
        ("one more", data + b"\0", "bad")]
    if kind == "mint":
        yield "not zero between", long[:100] + b"\1" + long[101:], "bad"
        yield "165 bytes", long[:-1], "bad"


def check_extensions(path, kind, data, plain):
    other = {"mint": "token", "token": "mint"}[kind]
    for what, content, want in extensions(kind, data):
        path.write_bytes(content)
        older = "ok" if what == "plain" else "bad"
        answers = judge([(f"{kind} {path} owner={TOKEN_2022}", want), (f"{kind} {path}", older),
                         (f"{kind} {path} owner={NOBODY}", "bad"),
                         (f"{other} {path} owner={TOKEN_2022}", "bad")])
        if want == "ok":
            same(answers[0]["account"], {**plain, "is2022": True}, f"{kind}, {what}")


def test_preloaded(folder):
    """The accounts that a real node served, by the kind that the list says."""
    listing = folder / "rpc" / "accounts.json"
    if not listing.exists():
        return
    kinds = {"CoordinatorInstance": "instance", "CoordinatorAccount": "coordinator", "Pool": "pool",
             "Lender": "lender", "Authorization": "authorization", "treasurer Run": "run",
             "treasurer Participant": "participant"}
    for row in load(listing)["accounts"]:
        what, path = row["what"]["kind"], folder / "rpc" / "accounts" / (row["file"] + ".zst")
        kind = kinds.get(what, "mint" if "mint" in what else "token" if "token" in what else "coordinator")
        want = "ok"
        if kind == "coordinator":
            want = "bad" if what not in kinds else "layout_unknown" if "note" in row["what"] else "ok"
        at = f"at={row['pubkey']}" if kind == "instance" else ""
        answer = judge([(f"{kind} {path} owner={row['owner']} {at}", want)])[0]
        if at:
            same(answer["account"]["is_at"], True, f"{row['file']}, address")
            same(answer["account"]["run_id"], row["what"]["run_id"], f"{row['file']}, run id")


OF_FOLDERS = [test_states, test_garbage, test_slices, test_derived, test_progress, test_broken_states,
              test_borsh, test_broken_borsh, test_cut_borsh, test_preloaded]
OTHERS = [test_ramps, test_tags_and_counts, test_unused_slots, test_guards, test_cut_states,
          test_made_up_states, test_borsh_values, test_tokens]


def main():
    for folder in FOLDERS:
        for test in OF_FOLDERS:
            test(folder)
    for test in OTHERS:
        test()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
