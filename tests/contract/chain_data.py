#!/usr/bin/env python3
"""Accounts of Psyche for the simulator's Solana nodes, made from facts in words.

    chain_data.py chain.json FOLDER      writes accounts.json and the accounts' files
    write_chain({"runs": [{"run_id": "a", "state": "Paused"}]}, folder)

A chain is an object; all of its keys may be missing:

  genesis         "devnet" (if missing), "mainnet", "testnet", or a hash
  slot, slot_step, version, health, refuse     as tests/sim/rpc_node.h says; slot is 421337042
  programs        which programs stand on the chain, of coordinator, pool, treasurer, authorizer: all
  program_ids     {name: address} of programs that are elsewhere than usual
  runs, pools, mints, token_accounts, authorizations, accounts     lists of objects, as follows

A key of Solana is written in base58, or as any word, which then stands for the same key everywhere.
A moment is unix seconds or "2026-11-21T04:00:00Z". A text that holds "\\udcNN" has the byte NN there.

A run (make_run tells what it is unless said otherwise):

  run_id, name, description, params, vocab, state, architecture, seq_len, total_steps, min_clients,
  epoch, step, pending_pause, client_version
  batch           sequences a step; [start, end, tokens] for one that grows over so many tokens
  sequences       done before this epoch
  round           {height, data_index, witnesses, clients_len}: the one under way; its place among the
                  four is height modulo 4. "rounds_head" names another place
  checkpoint, data_type, data, lr, optimizer, config     as in Psyche's own JSON; config in part
  clients, exited, joined     how many, or a list of {signer, ...} as in Psyche's JSON
  ready           how many of the joined take part in the next epoch: all, if not said
  epoch_started_at, state_started_at
  rates           [earned by all, slashed of each], now; "next_rates" from the next epoch on
  main_authority, join_authority
  open            true: everybody may join
  treasurer       {mint, funds, decimals, claimed, claimed_points, number}: who pays for it
  state_json      what else of the account, in the shape of Psyche's JSON, laid over all of this
  spoil           {"account": {...}, "instance": {...}, "treasurer": {...}}: see spoil()
  repeat          that many runs, {n} in the run id being 0, 1, 2 …

  pool            {index, authority, mint, max_deposit, deposited, extracted, claiming, redeemable_mint,
                  claimed, frozen, metadata, spoil}
  mint            {mint, decimals, supply, authority, freeze_authority, spoil}
  token account   {owner, mint, amount, spoil}
  authorization   {grantor, grantee (everybody), active, delegates, granted_at, spoil}
  account         {pubkey, owner, hex, executable, lamports}: any bytes"""

import datetime
import json
import pathlib
import struct
import sys

from chain_address import (CLUSTERS, LOADER, PROGRAMS, SYSTEM, TOKEN_PROGRAM, derive, instance_of, key, run_number,
                           to_base58, token_account_of)
from chain_layout import SIMPLE, Layout

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = json.loads((ROOT / "tests" / "data" / "chain" / "layout.json").read_text())
SLOT = 421337042
SCOPE = b"CoordinatorJoinRun"
MOODS = ("slot_step", "version", "health", "refuse")


# --- values into bytes ----------------------------------------------------------------------

def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def to_seconds(moment):
    if isinstance(moment, str):
        return int(datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp())
    return moment


def merge(into, over):
    """`over` laid over `into`: objects member by member, all else replaced."""
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(into.get(name), dict)
        into[name] = merge(dict(into[name]), value) if both else value
    return into


class Writer(Layout):
    """Layout.decode the other way: Psyche's JSON, or a part of it, into an account's bytes."""

    def put(self, data, value, name="CoordinatorAccount", at=8):
        if name in self.types:
            self.put_type(data, value, self.types[name], at)
        elif name in SIMPLE:
            struct.pack_into(SIMPLE[name], data, at, value)
        elif name == "bool":
            data[at] = value
        elif name.startswith(("str", "bytes")):
            raw = to_bytes(value) if name.startswith("str") else bytes(value)
            if len(raw) > self.size(name):
                raise ValueError(f"{len(raw)} bytes for {name}")
            data[at:at + self.size(name)] = raw.ljust(self.size(name), b"\0")
        elif name.startswith("Option<"):
            tag = self.option_tag(name)
            data[at:at + tag] = (value is not None).to_bytes(tag, "little")
            if value is not None:
                self.put(data, value, name[7:-1], at + tag)
        else:
            self.put_list(data, value, name, at)

    def put_list(self, data, values, name, at):
        item, most = self.items(name)
        if len(values) > most:
            raise ValueError(f"{len(values)} for {name}")
        for i, value in enumerate(values):
            self.put(data, value, item, at + i * self.size(item))
        if name.startswith("Vec"):
            struct.pack_into("<Q", data, at + most * self.size(item), len(values))

    def put_type(self, data, value, kind, at):
        fields = kind.get("fields")
        if kind["kind"] == "enum":
            name = value if isinstance(value, str) else next(iter(value))
            variant = next(each for each in kind["variants"] if each["name"] == name)
            data[at:at + kind["tag"]["size"]] = variant["value"].to_bytes(kind["tag"]["size"], "little")
            fields = variant["fields"]
            value = {} if isinstance(value, str) else value[name]
            value = {"0": value} if [field["name"] for field in fields] == ["0"] else value
        offsets = {field["name"]: field for field in fields}
        for name, inner in value.items():
            self.put(data, inner, offsets[name]["type"], at + offsets[name]["offset"])


WRITER = Writer(TABLE)


def discriminator(name):
    return bytes.fromhex(TABLE["discriminators_hex"][name])


def borsh(size, *parts):
    return b"".join(parts).ljust(size, b"\0")


def u64(number):
    return struct.pack("<Q", number)


def counted(data):
    return struct.pack("<I", len(data)) + data


def optional_key(word):
    return struct.pack("<I", word is not None) + (key(word) if word is not None else bytes(32))


# --- accounts -------------------------------------------------------------------------------

def make_account(address, owner, data, executable=False):
    return {"address": address, "owner": key(owner), "data": bytes(data), "executable": executable}


def spoil(account, how):
    """{"missing": true} no account; "owner", "at" another key; "size" cut or filled with zeros; "bytes"
    {offset: hex}. Any of them. The account in a list, or an empty one."""
    account, data = dict(account), bytearray(account["data"])
    how = how or {}
    if how.get("missing"):
        return []
    for offset, text in how.get("bytes", {}).items():
        patch = bytes.fromhex(text)
        data[int(offset):int(offset) + len(patch)] = patch
    size = how.get("size", len(data))
    account["data"] = bytes(data[:size]).ljust(size, b"\0")
    account["owner"] = key(how["owner"]) if "owner" in how else account["owner"]
    account["address"] = key(how["at"]) if "at" in how else account["address"]
    return [account]


def make_clients(wanted, what, run_id):
    """A number of them, or some in the shape of Psyche's JSON with keys as words."""
    rows = [{"signer": f"{what} {i} of {run_id}"} for i in range(wanted)] if isinstance(wanted, int) else wanted
    clients = []
    for i, row in enumerate(rows):
        signer, p2p = key(row.get("signer", f"{what} {i}")), key(row.get("p2p", f"p2p {what} {i} of {run_id}"))
        more = {name: value for name, value in row.items() if name not in ("signer", "p2p")}
        clients.append({"id": {"signer": signer, "p2p_identity": p2p}, **more})
    return clients


def make_joined(run):
    next_active = run["next_active"]
    joined = make_clients(run["joined"], "member", run["run_id"])
    ready = run.get("ready", len(joined))
    return [{"earned": 0, "slashed": 0, "active": next_active if i < ready else max(next_active - 1, 0), **client}
            for i, client in enumerate(joined)]


def make_rounds(run):
    """(the four, which is under way)"""
    now, rounds = dict(run["round"]), [{} for _ in range(4)]
    at = now.get("height", 0) % 4
    witnesses = now.pop("witnesses", 0)
    now["witnesses"] = [{"proof": {"position": i, "index": i, "witness": 1}} for i in range(witnesses)]
    rounds[at] = now
    return rounds, run.get("rounds_head", at)


def make_config(run):
    batch = run["batch"] if isinstance(run["batch"], list) else [run["batch"], run["batch"], 0]
    return merge({"warmup_time": 30, "cooldown_time": 30, "max_round_train_time": 240, "round_witness_time": 20,
                  "global_batch_size_warmup_tokens": batch[2], "epoch_time": 3600,
                  "total_steps": run["total_steps"], "init_min_clients": run["min_clients"],
                  "min_clients": run["min_clients"], "witness_nodes": 8, "global_batch_size_start": batch[0],
                  "global_batch_size_end": batch[1], "verification_percent": 0,
                  "waiting_for_members_extra_time": 3}, run["config"])


def default_joined(run):
    """The epoch's clients and nobody else."""
    clients = run.get("clients", 0)
    return clients if isinstance(clients, int) else [{"signer": client["signer"]} for client in clients]


def make_run(run):
    """The run with what was not said."""
    return {"name": "", "description": "", "params": 8000000000, "vocab": 128256, "state": "RoundTrain",
            "architecture": "HfLlama", "seq_len": 2048, "total_steps": 3000, "min_clients": 4, "batch": 256,
            "config": {}, "epoch": 0, "step": 1, "sequences": 0, "round": {}, "clients": 0, "exited": 0,
            "joined": default_joined(run), "next_active": run.get("epoch", 0) + 1,
            "checkpoint": {"Hub": {"repo_id": "org/model", "revision": None}}, "data_type": "Pretraining",
            "data": {"Http": {"location": {"SingleUrl": "https://data.example/tokens.bin"},
                              "token_size_in_bytes": "TwoBytes", "shuffle": "DontShuffle"}},
            "lr": {"Constant": {"base_lr": 0.0001, "warmup_init_lr": 0.0, "warmup_steps": 100}},
            "optimizer": "Dummy", "epoch_started_at": 0, "state_started_at": 0, "pending_pause": False,
            "rates": [0, 0], "next_rates": [0, 0], "client_version": "", "state_json": {},
            "main_authority": "an owner", "join_authority": "a join authority", **run}


def make_state(run):
    rounds, head = make_rounds(run)
    earn, slash = "earning_rate_total_shared", "slashing_rate_per_client"
    model = {"max_seq_len": run["seq_len"], "architecture": run["architecture"], "checkpoint": run["checkpoint"],
             "data_type": run["data_type"], "data_location": run["data"], "lr_schedule": run["lr"],
             "optimizer": run["optimizer"]}
    epoch = {"rounds": rounds, "rounds_head": head,
             "clients": make_clients(run["clients"], "member", run["run_id"]),
             "exited_clients": make_clients(run["exited"], "gone", run["run_id"]),
             "start_timestamp": to_seconds(run["epoch_started_at"])}
    coordinator = {
        "run_id": run["run_id"], "run_state": run["state"], "model": {"LLM": model}, "config": make_config(run),
        "progress": {"epoch": run["epoch"], "step": run["step"], "epoch_start_data_index": run["sequences"]},
        "epoch_state": epoch, "run_state_start_unix_timestamp": to_seconds(run["state_started_at"]),
        "pending_pause": int(run["pending_pause"])}
    clients = {"clients": make_joined(run), "next_active": run["next_active"],
               "current_epoch_rates": dict(zip((earn, slash), run["rates"])),
               "future_epoch_rates": dict(zip((earn, slash), run["next_rates"]))}
    metadata = {"name": run["name"], "description": run["description"], "num_parameters": run["params"],
                "vocab_size": run["vocab"]}
    state = {"metadata": metadata, "coordinator": coordinator, "clients_state": clients,
             "client_version": run["client_version"]}
    return merge(state, run["state_json"])


def coordinator_bytes(run):
    """The coordinator account of a run, of which little needs to be said."""
    data = bytearray(TABLE["coordinator_account"]["account_data_len"])
    data[:8] = bytes.fromhex(TABLE["coordinator_account"]["discriminator_hex"])
    WRITER.put(data, {"version": 1, "state": make_state(make_run(run)), "nonce": run.get("nonce", 0)})
    return bytes(data)


def account_of(run_id):
    """Where the coordinator account of a run is: follows from nothing on a real chain."""
    return key(f"coordinator account of {run_id}")


def instance_bytes(run, bump, main_authority):
    return borsh(173, discriminator("CoordinatorInstance"), bytes([bump]), main_authority,
                 key(run["join_authority"]), account_of(run["run_id"]), counted(to_bytes(run["run_id"])))


def run_accounts(run, programs):
    run = make_run(run)
    run_id, how = to_bytes(run["run_id"]), run.get("spoil", {})
    seed = run_id if 0 < len(run_id) <= 32 else run_id[:32]
    address, bump = instance_of(seed, programs["coordinator"])
    treasurer = run.get("treasurer")
    accounts, main_authority = [], key(run["main_authority"])
    if treasurer is not None:
        main_authority, accounts = treasurer_accounts(run, address, treasurer, how.get("treasurer"), programs)
    accounts += spoil(make_account(address, programs["coordinator"], instance_bytes(run, bump, main_authority)),
                      how.get("instance"))
    accounts += spoil(make_account(account_of(run["run_id"]), programs["coordinator"], coordinator_bytes(run)),
                      how.get("account"))
    if run.get("open"):
        accounts += authorization_accounts({"grantor": run["join_authority"]}, programs)
    return accounts


def treasurer_accounts(run, instance, treasurer, how, programs):
    """(the treasurer's run, which is the run's main authority; its accounts)"""
    number = treasurer.get("number", run_number(to_bytes(run["run_id"])))
    address, bump = derive(programs["treasurer"], b"Run", u64(number))
    mint = treasurer.get("mint", "a mint")
    data = borsh(200, discriminator("treasurer.Run"), bytes([bump]), u64(number), key(run["main_authority"]),
                 key(run["join_authority"]), account_of(run["run_id"]), instance, key(mint),
                 u64(treasurer.get("claimed", 0)), u64(treasurer.get("claimed_points", 0)))
    accounts = spoil(make_account(address, programs["treasurer"], data), how)
    accounts += mint_accounts({"mint": mint, "decimals": treasurer.get("decimals", 6)}, programs)
    if "funds" in treasurer:
        accounts += token_accounts({"owner": address, "mint": mint, "amount": treasurer["funds"]}, programs)
    return address, accounts


def pool_accounts(pool, programs):
    index = pool.get("index", 0)
    address, bump = derive(programs["pool"], b"Pool", u64(index))
    metadata = to_bytes(pool.get("metadata", ""))
    data = borsh(552, discriminator("Pool"), bytes([bump]), u64(index), key(pool.get("authority", "a pool owner")),
                 key(pool.get("mint", "a mint")), u64(pool.get("max_deposit", 0)), u64(pool.get("deposited", 0)),
                 u64(pool.get("extracted", 0)), bytes([pool.get("claiming", False)]),
                 key(pool.get("redeemable_mint", SYSTEM)), u64(pool.get("claimed", 0)),
                 bytes([pool.get("frozen", False)]), struct.pack("<H", len(metadata)), metadata.ljust(400, b"\0"))
    return spoil(make_account(address, programs["pool"], data), pool.get("spoil"))


def mint_accounts(mint, _programs):
    data = borsh(82, optional_key(mint.get("authority")), u64(mint.get("supply", 0)),
                 bytes([mint.get("decimals", 6), 1]), optional_key(mint.get("freeze_authority")))
    return spoil(make_account(key(mint["mint"]), TOKEN_PROGRAM, data), mint.get("spoil"))


def token_accounts(account, _programs):
    owner, mint = key(account["owner"]), key(account["mint"])
    data = borsh(165, mint, owner, u64(account.get("amount", 0)), optional_key(None), b"\1")
    return spoil(make_account(token_account_of(owner, mint)[0], TOKEN_PROGRAM, data), account.get("spoil"))


def authorization_accounts(grant, programs):
    grantor, grantee = key(grant["grantor"]), key(grant.get("grantee", SYSTEM))
    address, bump = derive(programs["authorizer"], b"Authorization", grantor, grantee, SCOPE)
    delegates = [key(each) for each in grant.get("delegates", [])]
    data = borsh(0, discriminator("Authorization"), bytes([bump]), grantor, grantee, counted(SCOPE),
                 bytes([grant.get("active", True)]), struct.pack("<I", len(delegates)), *delegates,
                 struct.pack("<q", to_seconds(grant.get("granted_at", 0))))
    return spoil(make_account(address, programs["authorizer"], data), grant.get("spoil"))


def plain_accounts(account, _programs):
    made = make_account(key(account["pubkey"]), account["owner"], bytes.fromhex(account["hex"]),
                        account.get("executable", False))
    return [{**made, "lamports": account.get("lamports")}]


KINDS = {"runs": run_accounts, "pools": pool_accounts, "mints": mint_accounts,
         "token_accounts": token_accounts, "authorizations": authorization_accounts,
         "accounts": plain_accounts}
KNOWN = {"genesis", "slot", "programs", "program_ids", *MOODS, *KINDS}


def each_once(rows):
    """A row that is repeated, as that many rows."""
    for row in rows:
        more = {name: value for name, value in row.items() if name != "repeat"}
        for n in range(row.get("repeat", 1)):
            yield {**more, "run_id": row["run_id"].replace("{n}", str(n))} if "repeat" in row else row


def make_accounts(chain):
    """All accounts of a chain, each address once: the last one that is said of it."""
    unknown = set(chain) - KNOWN
    if unknown:
        raise ValueError(f"no chain has {sorted(unknown)}")
    programs = {**PROGRAMS, **chain.get("program_ids", {})}
    found = {}
    for name in chain.get("programs", PROGRAMS):
        account = make_account(key(programs[name]), LOADER, bytes(36), executable=True)
        found[account["address"]] = account
    for kind, make in KINDS.items():
        for row in each_once(chain.get(kind, [])):
            found.update({account["address"]: account for account in make(row, programs)})
    return list(found.values())


# --- folders --------------------------------------------------------------------------------

def write_data(path, data):
    """Nearly all of an account is zeros, which need no room on a disk."""
    used = data.rstrip(b"\0")
    with open(path, "wb") as file:
        file.write(used)
        file.truncate(len(data))


def lamports_of(account):
    said = account.get("lamports")
    return 1000000 + len(account["data"]) if said is None else said


def write_chain(chain, folder):
    """accounts.json and the files beside it; the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    node = {"genesis": CLUSTERS.get(chain.get("genesis", "devnet"), chain.get("genesis")),
            "slot": chain.get("slot", SLOT), "accounts": [],
            **{name: chain[name] for name in MOODS if name in chain}}
    for number, account in enumerate(make_accounts(chain)):
        name = f"{number}.bin"
        write_data(folder / name, account["data"])
        node["accounts"].append({"file": name, "pubkey": to_base58(account["address"]),
                                 "owner": to_base58(account["owner"]), "lamports": lamports_of(account),
                                 "executable": account["executable"]})
    (folder / "accounts.json").write_text(json.dumps(node, indent=1))
    return folder


def chain_settings(sim, **more):
    """The settings by which the simulator's node is asked, and no other."""
    return {"rpc.off": "false", "rpc.only_configured": "true", "rpc.url": sim.rpc_url, **more}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write_chain(json.loads(pathlib.Path(sys.argv[1]).read_text()), sys.argv[2])
