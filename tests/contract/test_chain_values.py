#!/usr/bin/env python3
"""Whole coordinator accounts, made up at random, behind a node: each value that run_details tells of one, compared
with what the account says by its layout alone, and the phases and clients of list_runs.

PSYCHE_TEST_SEED in the environment gives others."""

import json
import math
import pathlib
import random
import sys
from os import environ

SEED = int(environ.get("PSYCHE_TEST_SEED") or 20261121)     # before harness empties the environment

from chain_address import CLUSTERS, PROGRAMS, instance_of, key, to_base58                       # noqa: E402
from chain_data import (SLOT, WRITER, account_of, chain_settings, instance_bytes,               # noqa: E402
                        write_data)
from harness import (NOW, SCRATCH, Lib, Simulator, check_answer, columns_of, equal, main,       # noqa: E402
                     make_list, test, true)

RUNS = 40
ROOM = 4 << 20
DATE_MOST_S = 8640000000000               # no date is told past it
RUN_ID_AT, RUN_ID_BYTES = 376, 32
RANDOM = random.Random(SEED)

LR = {"lr_base": "base_lr", "lr_warmup_init": "warmup_init_lr", "lr_final": "final_lr",
      "lr_cosine_final": "cosine_decay_final_lr", "lr_linear_final": "linear_decay_final_lr"}
LR_STEPS = {"lr_warmup_steps": "warmup_steps", "lr_stable_steps": "stable_steps",
            "lr_cosine_steps": "cosine_decay_steps", "lr_linear_steps": "linear_decay_steps",
            "lr_total_steps": "total_steps"}
SECONDS = {"epoch_s": "epoch_time", "warmup_s": "warmup_time", "max_round_train_s": "max_round_train_time",
           "round_witness_s": "round_witness_time", "cooldown_s": "cooldown_time",
           "batch_warmup_tokens": "global_batch_size_warmup_tokens"}
COUNTS = {"total_steps": "total_steps", "batch_start": "global_batch_size_start",
          "batch_end": "global_batch_size_end", "witness_nodes": "witness_nodes",
          "verification_percent": "verification_percent", "waiting_extra_s": "waiting_for_members_extra_time"}


def make_runs():
    """{run id: (bytes, state as Psyche's JSON)}; every second one has noise where nothing has a meaning."""
    runs = {}
    for number in range(RUNS):
        run_id = f"run-{number}"
        data = bytearray(WRITER.make(RANDOM, RANDOM.randbytes if number % 2 else bytes))
        data[RUN_ID_AT:RUN_ID_AT + RUN_ID_BYTES] = run_id.encode().ljust(RUN_ID_BYTES, b"\0")
        runs[run_id] = bytes(data), WRITER.decode(bytes(data))
    return runs


def write_node(runs):
    folder, program = pathlib.Path(SCRATCH, "node"), PROGRAMS["coordinator"]
    folder.mkdir()
    rows = [{"pubkey": program, "owner": to_base58(key("a loader")), "lamports": 1, "executable": True,
             "file": "none"}]
    (folder / "none").write_bytes(b"")
    for run_id, (data, _) in runs.items():
        address, bump = instance_of(run_id.encode(), program)
        instance = instance_bytes({"run_id": run_id, "join_authority": "a join authority"}, bump, key("an owner"))
        for name, at, content in (("instance", address, instance), ("state", account_of(run_id), data)):
            write_data(folder / f"{run_id}.{name}", content)
            rows.append({"pubkey": to_base58(at), "owner": program, "lamports": 1, "file": f"{run_id}.{name}"})
    node = {"genesis": CLUSTERS["devnet"], "slot": SLOT, "accounts": rows}
    (folder / "accounts.json").write_text(json.dumps(node))
    return folder


# --- what should be told ----------------------------------------------------------------------


def variant(value):
    """(its name, what it holds)"""
    return (value, None) if isinstance(value, str) else next(iter(value.items()))


def signer(client):
    return to_base58(bytes(client["id"]["signer"]))


def is_date(seconds):
    return 0 < seconds <= DATE_MOST_S


def big_unless_zero(number):
    return str(number) if number else None


def clients_of(run, joined):
    epoch, config, active = run["epoch_state"], run["config"], joined["next_active"]
    last = [each["active"] for each in joined["clients"]]
    return {"in_epoch": len(epoch["clients"]), "joined": len(last), "next_epoch": last.count(active),
            "exited": len(epoch["exited_clients"]), "min_to_begin": config["init_min_clients"],
            "min": config["min_clients"], "next_active": str(active), "max_active": str(max(last)) if last else None}


def data_of(model):
    """But for texts, which are shown in another way than Psyche's JSON has them."""
    name, inside = variant(model["data_location"])
    told = {"kind": model["data_type"], "sequence_length": model["max_seq_len"], "place": name}
    if name != "Http":
        return told
    place, files = variant(inside["location"])
    shuffle, seed = variant(inside["shuffle"])
    told.update(token_bytes={"TwoBytes": 2, "FourBytes": 4}[inside["token_size_in_bytes"]],
                shuffled=shuffle == "Seeded", shuffle_seed=bytes(seed).hex() if seed else None)
    told["place"] += {"SingleUrl": " (one url)", "Gcp": " (a storage bucket)"}.get(place, "")
    if place == "NumberedFiles":
        count = files["num_files"]
        told.update(place=f"Http ({count} numbered file{'' if count == 1 else 's'})", first_file=files["start_index"],
                    left_pad_zeros=files["n_left_pad_zeros"])
    return told


def config_of(run, model):
    _, schedule = variant(model["lr_schedule"])
    return {**{name: str(run["config"][of]) for name, of in SECONDS.items()},
            **{name: run["config"][of] for name, of in COUNTS.items()},
            **{name: schedule.get(of) for name, of in LR_STEPS.items()},
            "cold_start_warmup_steps": model["cold_start_warmup_steps"]}


def rewards_of(joined):
    earn, slash = "earning_rate_total_shared", "slashing_rate_per_client"
    now, later = joined["current_epoch_rates"], joined["future_epoch_rates"]
    return {"per_epoch_earn": str(now[earn]), "per_epoch_slash": str(now[slash]), "treasurer": False,
            "next_per_epoch_earn": str(later[earn]) if later != now else None,
            "next_per_epoch_slash": str(later[slash]) if later != now else None,
            "earned": str(sum(each["earned"] for each in joined["clients"])),
            "slashed": str(sum(each["slashed"] for each in joined["clients"]))}


def place_of(run):
    head = run["epoch_state"]["rounds_head"]
    return {"phase": run["run_state"], **{name: run["progress"][name] for name in ("epoch", "step")},
            "round": run["epoch_state"]["rounds"][head]["height"] if head < 4 else None,
            "pending_pause": run["pending_pause"] != 0}


# --- comparing ----------------------------------------------------------------------------------


def same(got, want, what):
    equal({name: got.get(name) for name in want}, want, what)


def check_rates(config, model, what):
    kind, schedule = variant(model["lr_schedule"])
    true(config["lr_schedule"].startswith(kind), f"{what}: {config['lr_schedule']!r} of a {kind}")
    for name, of in LR.items():
        got, want = config.get(name), schedule.get(of)
        is_same = got == want if None in (got, want) else math.isclose(got, want, rel_tol=1e-6)
        true(is_same, f"{what}, {name}: {got}, want {want}")


def check_lists(told, run, joined, what):
    epoch = run["epoch_state"]
    for name, rows in (
            ("client_list", [[signer(each), each["state"]] for each in epoch["clients"]]),
            ("exited_list", [[signer(each), each["state"], each["exited_height"]]
                             for each in epoch["exited_clients"]]),
            ("member_list", [[signer(each), *[str(each[word]) for word in ("earned", "slashed", "active")],
                              "yes" if each["active"] == joined["next_active"] else "no"]
                             for each in joined["clients"]])):
        equal(told.get(name, {}).get("rows", []), rows, f"{what}, {name}")


def check_run(told, account, what):
    state = account["state"]
    run, joined, metadata = state["coordinator"], state["clients_state"], state["metadata"]
    model = run["model"]["LLM"]
    same(told, {**place_of(run), "arch": model["architecture"], "nonce": str(account["nonce"]),
                "params": big_unless_zero(metadata["num_parameters"]),
                "vocab": big_unless_zero(metadata["vocab_size"])}, what)
    for name, seconds in (("epoch_started_at", run["epoch_state"]["start_timestamp"]),
                          ("phase_started_at", run["run_state_start_unix_timestamp"])):
        equal(name in told, is_date(seconds), f"{what}, {name} of {seconds}")
    same(told["clients"], clients_of(run, joined), f"{what}, clients")
    same(told["data"], data_of(model), f"{what}, data")
    equal(told["checkpoint"]["kind"], variant(model["checkpoint"])[0], f"{what}, checkpoint")
    same(told["config"], config_of(run, model), f"{what}, config")
    check_rates(told["config"], model, what)
    same(told["rewards"], rewards_of(joined), f"{what}, rewards")
    check_lists(told, run, joined, what)


@test
def accounts_made_up():
    runs = make_runs()
    with Simulator({"runs.json": make_list([])}, rpc=write_node(runs)) as sim:
        with Lib().at(sim.url, now=NOW, override=chain_settings(sim)) as monitor:
            for run_id, (_, account) in runs.items():
                arguments = {"action": "run_details", "run_id": run_id, "detail": "full"}
                reply = monitor.call({"tool": "psyche_monitor", "arguments": arguments, "budget": ROOM})
                check_answer(reply, run_id)
                check_run(reply.json["on_chain"], account, run_id)
                equal(reply.json["notes"], [], f"{run_id}: notes")
                for detail, most_bytes in (("brief", 4800), ("full", 8000)):
                    check_answer(monitor.call({**arguments, "detail": detail}), f"{run_id} {detail}", most_bytes)
            arguments = {"action": "list_runs", "limit": 10 * RUNS}
            answer = monitor.call({"tool": "psyche_monitor", "arguments": arguments, "budget": ROOM}).json
    found = dict(zip(columns_of(answer["runs"], "run_id"), columns_of(answer["runs"], "phase [on-chain]")))
    states = {run_id: account["state"]["coordinator"]["run_state"] for run_id, (_, account) in runs.items()}
    equal(found, states, "phases of the list")


sys.exit(main())
