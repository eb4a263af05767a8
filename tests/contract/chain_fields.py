"""Every value that an account holds, where it stands, and another value for it.

    for path, offset, patch in values_of(kind, data): ...

`path` is a tuple of names, `patch` the bytes of another value of the same kind. Of a list only its first two
are told, since the others are alike."""

import json
import struct

from chain_address import to_base58
from chain_data import WRITER

LISTED_MOST = 2
# Where each value stands, in order; a length in front is part of the value.
BORSH = {
    "instance": [("bump", 8, "u8"), ("main_authority", 9, "key"), ("join_authority", 41, "key"),
                 ("coordinator_account", 73, "key"), ("run_id", 105, "text")],
    "treasurer": [("bump", 8, "u8"), ("index", 9, "u64"), ("main_authority", 17, "key"),
                  ("join_authority", 49, "key"), ("coordinator_account", 81, "key"),
                  ("coordinator_instance", 113, "key"), ("collateral_mint", 145, "key"),
                  ("claimed_collateral", 177, "u64"), ("claimed_points", 185, "u64")],
    "permit": [("bump", 8, "u8"), ("grantor", 9, "key"), ("grantee", 41, "key"), ("scope", 73, "text"),
               ("active", 95, "bool")],
    "pool": [("bump", 8, "u8"), ("index", 9, "u64"), ("authority", 17, "key"), ("mint", 49, "key"),
             ("max_deposit", 81, "u64"), ("deposited", 89, "u64"), ("extracted", 97, "u64"), ("claiming", 105, "bool"),
             ("redeemable_mint", 106, "key"), ("claimed", 138, "u64"), ("frozen", 146, "bool")],
    "mint": [("authority", 0, "option"), ("supply", 36, "u64"), ("decimals", 44, "u8"), ("is_initialized", 45, "bool"),
             ("freeze_authority", 46, "option")],
    "funds": [("mint", 0, "key"), ("owner", 32, "key"), ("amount", 64, "u64"), ("state", 108, "token_state")],
}


def another(data, kind, at):
    """The bytes of another value."""
    if kind in ("u8", "u16", "u32", "u64"):
        size = int(kind[1:]) // 8
        value = int.from_bytes(data[at:at + size], "little")
        return ((value * 3 + 1) % 256 ** size).to_bytes(size, "little")
    if kind in ("bool", "smallbool"):
        return bytes([not data[at]])
    if kind in ("f32", "f64"):
        code = "<" + {"f32": "f", "f64": "d"}[kind]
        value, = struct.unpack_from(code, data, at)
        return struct.pack(code, value * 2 + 1)
    if kind == "option":
        return struct.pack("<I", not data[at])
    if kind == "text":                          # one letter of it
        return data[at:at + 4] + bytes([data[at + 4] ^ 1])
    if kind == "token_state":
        return bytes([3 - data[at]])
    return bytes([data[at] ^ 0x55])             # a key, or other bytes


def another_text(data, at, room):
    text = data[at:at + room].split(b"\0")[0]
    return (text + b"x" if len(text) < room else text[:-1]).ljust(room, b"\0")


class Walk:
    """Through the coordinator account, by its layout."""

    def __init__(self, data):
        self.data, self.found = data, []
        self.visit("CoordinatorAccount", 8, ())

    def add(self, path, at, patch):
        self.found.append((path, at, patch))

    def visit(self, name, at, path):
        kind = WRITER.types.get(name)
        if kind and kind["kind"] == "enum":
            self.visit_enum(kind, at, path)
        elif kind:
            self.visit_fields(kind["fields"], at, path)
        elif name.startswith("Option<"):
            tag = WRITER.option_tag(name)
            self.add((*path, "is there"), at, (not any(self.data[at:at + tag])).to_bytes(tag, "little"))
            if any(self.data[at:at + tag]):
                self.visit(name[7:-1], at + tag, path)
        elif name.startswith(("Vec", "[")):
            self.visit_list(name, at, path)
        elif name.startswith("str"):
            self.add(path, at, another_text(self.data, at, WRITER.size(name)))
        else:
            self.add(path, at, another(self.data, name, at))

    def visit_fields(self, fields, at, path):
        for field in fields:
            self.visit(field["type"], at + field["offset"], (*path, field["name"]))

    def visit_enum(self, kind, at, path):
        size, variants = kind["tag"]["size"], kind["variants"]
        tag = int.from_bytes(self.data[at:at + size], "little")
        for variant in variants:
            if variant["value"] != tag:
                self.add((*path, f"is {variant['name']}"), at, variant["value"].to_bytes(size, "little"))
            else:
                self.visit_fields(variant["fields"], at, path)

    def visit_list(self, name, at, path):
        item, most = WRITER.items(name)
        size, count = WRITER.size(item), most
        if name.startswith("Vec"):
            count_at = at + most * size
            count, = struct.unpack_from("<Q", self.data, count_at)
            fewer = count - 1 if count else 1
            self.add((*path, "count"), count_at, struct.pack("<Q", fewer))
        for i in range(count if item == "Round" else min(count, LISTED_MOST)):
            self.visit(item, at + i * size, (*path, i))


def values_of(kind, data):
    if kind == "coordinator":
        return Walk(data).found
    return [((name,), at, another(data, how, at)) for name, at, how in BORSH[kind]]


def patched(data, offset, patch):
    data = bytearray(data)
    data[offset:offset + len(patch)] = patch
    return bytes(data)


class Account:
    """One account on a node: its file, which can be another for a while."""

    def __init__(self, node, address):
        rows = json.loads((node / "accounts.json").read_text())["accounts"]
        self.path = node / next(row["file"] for row in rows if row["pubkey"] == to_base58(address))
        self.data = self.path.read_bytes()

    def put(self, offset, patch):
        self.path.write_bytes(patched(self.data, offset, patch))

    def restore(self):
        self.path.write_bytes(self.data)
