#!/usr/bin/env python3
"""Accounts of the small kinds, made up at random: instances, pools, lenders, treasurers' runs, participants,
authorizations, mints and token accounts. Each is written down here once more, field by field, then read by the
library's C; and each is broken in every way that it can be.

PSYCHE_TEST_SEED in the environment gives others."""

import hashlib
import random
import struct
import sys
import tempfile
from os import environ
from pathlib import Path

import test_accounts
from chain_address import SYSTEM, to_base58
from test_accounts import TOKEN_2022, ask, check, same

EACH = 40                                   # accounts of a kind
RANDOM = random.Random(int(environ.get("PSYCHE_TEST_SEED") or 20261121))
SCOPE = b"CoordinatorJoinRun"
TEXTS = ["", "a", "consilience-40b-1", "é", "語" * 10, "🚀", "x" * 32, "a/b", 'quote"\\', "\u202e", "n\nl", "\0",
         "a\0b"]


# --- values ---------------------------------------------------------------------------------

def byte():
    return RANDOM.randrange(256)


def flag():
    return RANDOM.randrange(2)


def u64():
    return RANDOM.choice([0, 1, 2 ** 53 + 1, 2 ** 63, 2 ** 64 - 1, RANDOM.getrandbits(64)])


def key():
    return RANDOM.choice([bytes(32), b"\xff" * 32, *[RANDOM.randbytes(32) for _ in range(8)]])


class Made:
    """An account as it grows: bytes, and what they say. `breaks` are (offset, bytes) after which nothing is said."""

    def __init__(self, name=None):
        self.data = hashlib.sha256(b"account:" + name).digest()[:8] if name else b""
        self.facts, self.breaks, self.words = {}, [], ""

    def put(self, data, name=None, fact=None):
        self.data += data
        if name:
            self.facts[name] = fact
        return self

    def byte(self, name):
        value = byte()
        return self.put(bytes([value]), name, value)

    def u64(self, name):
        value = u64()
        return self.put(struct.pack("<Q", value), name, value)

    def key(self, name):
        value = key()
        return self.put(value, name, to_base58(value))

    def flag(self, name):
        self.breaks += [(len(self.data), bytes([value])) for value in (2, 128, 255)]
        value = flag()
        return self.put(bytes([value]), name, bool(value))

    def counted(self, data, item_bytes=1):
        """A number and so many items; a number of more than there are bytes cannot be."""
        self.breaks.append((len(self.data), b"\xff\xff\xff\xff"))
        return self.put(struct.pack("<I", len(data) // item_bytes) + data)

    def optional(self, name):
        """A mint's or token account's: what stands where there is none does not count."""
        self.breaks += [(len(self.data), b"\2"), (len(self.data) + 1, b"\1"), (len(self.data) + 3, b"\x80")]
        value, is_there = key(), flag()
        return self.put(struct.pack("<I", is_there) + value, name, to_base58(value) if is_there else None)


# --- kinds ----------------------------------------------------------------------------------

def make_instance():
    made = Made(b"CoordinatorInstance").byte("bump")
    for name in ("main_authority", "join_authority", "coordinator_account"):
        made.key(name)
    text = RANDOM.choice(TEXTS)
    if text:
        made.breaks += [(109, b"\xff"), (109, b"\xc0\x80"), (109, b"\xed\xa0\x80")]    # no UTF-8
    made.counted(text.encode())
    made.facts["run_id"] = text
    return made


def make_pool():
    made = Made(b"Pool").byte("bump").u64("index").key("authority").key("collateral_mint")
    for name in ("max_deposit", "total_deposited", "total_extracted"):
        made.u64(f"{name}_collateral_amount")
    made.flag("claiming_enabled").key("redeemable_mint").u64("total_claimed_redeemable_amount").flag("freeze")
    length, data = RANDOM.choice([0, 1, 399, 400, 401, 65535]), RANDOM.choice([RANDOM.randbytes(400), b"{}" * 200])
    facts = {"length": length, "bytes_hex": data.hex(), "text_lossy": data[:length].decode("utf-8", "replace")}
    return made.put(struct.pack("<H", length) + data, "metadata", facts)


def make_lender():
    return Made(b"Lender").byte("bump").u64("deposited_collateral_amount").u64("claimed_redeemable_amount")


def make_participant():
    return Made(b"Participant").byte("bump").u64("claimed_collateral_amount").u64("claimed_earned_points")


def make_run():
    made = Made(b"Run").byte("bump").u64("index")
    for name in ("main_authority", "join_authority", "coordinator_account", "coordinator_instance",
                 "collateral_mint"):
        made.key(name)
    return made.u64("total_claimed_collateral_amount").u64("total_claimed_earned_points")


def make_authorization():
    made, grantee = Made(b"Authorization").byte("bump").key("grantor"), key()
    scope = RANDOM.choice([SCOPE, SCOPE, b"", SCOPE + b"\0", SCOPE[:-1], b"\xff\0", RANDOM.randbytes(60)])
    delegates = [key() for _ in range(RANDOM.choice([0, 1, 3, 40]))]
    made.put(grantee, "grantee", to_base58(grantee)).counted(scope).flag("active")
    made.breaks.append((len(made.data), struct.pack("<I", len(delegates) + 1)))
    made.counted(b"".join(delegates), 32)
    when, user = RANDOM.choice([0, -1, 2 ** 63 - 1, -2 ** 63, 1750000000]), RANDOM.choice([key(), grantee, *delegates])
    is_for = grantee == bytes(32) or user == grantee or user in delegates
    made.put(struct.pack("<q", when), "grantor_update_unix_timestamp", when)
    made.words = f"user={to_base58(user)}"
    made.facts.update({"scope_hex": scope.hex(), "scope_text_lossy": scope.decode("utf-8", "replace"),
                       "delegates": [to_base58(each) for each in delegates],
                       "allows": made.facts["active"] and scope == SCOPE and is_for})
    return made


def make_mint():
    made = Made().optional("mintAuthority").u64("supply").byte("decimals")
    made.breaks += [(len(made.data), b"\0"), (len(made.data), b"\2")]
    made.put(b"\1").optional("freezeAuthority").facts["is2022"] = False
    return made


def make_token():
    made, state = Made().key("mint").key("owner").u64("amount").optional("delegate"), RANDOM.choice([1, 2])
    made.breaks += [(108, b"\0"), (108, b"\3"), (109, b"\2"), (112, b"\1")]
    made.put(bytes([state]), "state", ["initialized", "frozen"][state - 1])
    is_native, reserve = flag(), u64()
    made.put(struct.pack("<I", is_native), "isNative", bool(is_native))
    made.put(struct.pack("<Q", reserve), "rentReserve", reserve if is_native else 0)
    made.u64("delegatedAmount").optional("closeAuthority").facts["is2022"] = False
    return made


# By the word of dump_account: how one is made, and the bytes of the smallest; None: any other size is bad.
KINDS = {"instance": (make_instance, 109), "pool": (make_pool, 549), "lender": (make_lender, 25),
         "participant": (make_participant, 25), "run": (make_run, 193), "authorization": (make_authorization, 90),
         "mint": (make_mint, None), "token": (make_token, None)}


# --- questions ------------------------------------------------------------------------------

def cuts_of(size, least):
    """(bytes, verdict) of an account of which the end is missing."""
    for at in sorted({0, 1, 7, 8, size // 2, size - 1, *([least - 1, least] if least else [])}):
        if at < size:
            is_layout = least and 8 <= at < least
            yield at, "layout_unknown" if is_layout else "bad"


def questions_of(kind, made, path, least):
    """(question, verdict) of one account, the sound one first."""
    size = len(made.data)
    path.write_bytes(made.data + (RANDOM.choice([b"", bytes(3), RANDOM.randbytes(64)]) if least else b""))
    yield f"{kind} {path} {made.words}", "ok"
    for at, patch in made.breaks:
        yield f"{kind} {path} set={at}:{patch.hex()} cut={size}", "bad"
    for at in range(8 if least else 0):
        yield f"{kind} {path} set={at}:{made.data[at] ^ 1 << RANDOM.randrange(8):02x}", "bad"
    for at, verdict in cuts_of(size, least):
        yield f"{kind} {path} cut={at}", verdict
    for owner in (SYSTEM, to_base58(RANDOM.randbytes(32)), *([TOKEN_2022] if least else [])):
        yield f"{kind} {path} owner={owner}", "bad"
    yield f"{kind} {path} slice=1", "bad"


def test_kind(kind, folder):
    make, least = KINDS[kind]
    rows, facts = [], []
    for number in range(EACH):
        made = make()
        questions = list(questions_of(kind, made, Path(folder, f"{kind}{number}"), least))
        rows += questions
        facts += [made.facts, *[None] * (len(questions) - 1)]
    for (question, verdict), want, answer in zip(rows, facts, ask([question for question, _ in rows])):
        check(answer["verdict"] == verdict, f"{question}: {answer['verdict']} {answer['problem']}, want {verdict}")
        same(answer["account"], want, question)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            test_kind(kind, folder)
    print(f"{test_accounts.passed} passed, {test_accounts.failed} failed")
    return test_accounts.failed != 0


if __name__ == "__main__":
    sys.exit(main())
