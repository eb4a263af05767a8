#!/usr/bin/env python3
"""Our decoders against Python's, on a million random cases: base58, addresses and the curve behind them, base64, JSON
numbers, rounding, the gate for outsiders' text, values out of an account's bytes.

The cases follow from a seed: DIFFERENTIAL_SEED in the environment for others, DIFFERENTIAL_CASES for more or fewer."""

import base64
import concurrent.futures
import decimal
import os
import random
import re
import struct
import subprocess
import sys
import unicodedata

from chain_address import ALPHABET as BASE58, P, derive, is_on_curve, to_base58
from harness import BUILD, main, test, true

TOOL = BUILD / "tools" / "decode_lines"
SEED = int(os.environ.get("DIFFERENTIAL_SEED") or 20261121)
CASES = int(os.environ.get("DIFFERENTIAL_CASES") or 1000000)
CHUNK = 20000
AT_ONCE = 2
SHOWN = 3                                   # differences of a kind
BASE58_MOST = 128                           # bytes, as base58.h says


def as_hex(data):
    return data.hex() or "-"


def spoil(random_, data):
    """The same with a byte more, fewer or changed, once in a while."""
    data, how = bytearray(data), random_.randrange(8)
    at = random_.randrange(len(data) + 1)
    if how == 0:
        data[at:at] = random_.choice((b" ", b"\n", b"=", b"0", b"l", b"\x00", b"\xff", b"-", b"+", b"/", b"."))
    elif how == 1:
        del data[at:at + 1]
    elif how == 2 and at < len(data):
        data[at] = random_.randrange(256)
    return bytes(data)


# --- base58 and base64 ------------------------------------------------------------------------


def from_base58(text):
    number = 0
    for letter in text:
        if letter not in BASE58:
            return None
        number = number * 58 + BASE58.index(letter)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    data = b"\0" * (len(text) - len(text.lstrip("1"))) + data
    return data if len(data) <= BASE58_MOST else None


def random_bytes(random_, most):
    zeros = random_.randrange(4) if random_.randrange(3) == 0 else 0
    return bytes(zeros) + random_.randbytes(random_.randrange(most - 3))


def case_unbase58(random_):
    usual = random_.randrange(8)
    text = to_base58(random_bytes(random_, 70 if usual else BASE58_MOST + 20)).encode()
    text = spoil(random_, text)
    data = from_base58(text.decode("latin-1"))
    return f"unbase58 {as_hex(text)}", "no" if data is None else as_hex(data)


def case_base58(random_):
    data = random_bytes(random_, 70)
    return f"base58 {as_hex(data)}", to_base58(data)


def case_unbase64(random_):
    data = random_.randbytes(random_.randrange(60))
    text = spoil(random_, base64.b64encode(data))
    try:
        data = base64.b64decode(text, validate=True)
        want = as_hex(data) if base64.b64encode(data) == text else "no"
    except ValueError:
        want = "no"
    return f"unbase64 {as_hex(text)}", want


# --- addresses --------------------------------------------------------------------------------

SEEDS_MOST, SEED_BYTES_MOST = 15, 32


def random_y(random_):
    """Any, and those at which arithmetic in limbs goes wrong: next to 0, p, 2**255 and the limbs' ends."""
    how = random_.randrange(4)
    if how == 0:
        return random_.getrandbits(256)
    if how == 1:
        return (random_.choice((0, P, 2 ** 255, P // 2)) + random_.randrange(-40, 40)) % 2 ** 256
    ends = (0, 1, 18, 19, 2 ** 51 - 20, 2 ** 51 - 19, 2 ** 51 - 2, 2 ** 51 - 1)
    limbs = [random_.choice((*ends, random_.getrandbits(51))) for _ in range(5)]
    y = sum(limb << 51 * at for at, limb in enumerate(limbs))
    return y | random_.randrange(2) << 255 if how == 2 else y ^ 1 << random_.randrange(256)


def case_curve(random_):
    data = random_y(random_).to_bytes(32, "little")
    return f"curve {data.hex()}", str(int(is_on_curve(data)))


def case_pda(random_):
    program = random_.randbytes(32)
    count = random_.choice((0, 1, 2, 2, 3, 3, 4, SEEDS_MOST, SEEDS_MOST + 1))
    seeds = [random_.randbytes(random_.choice((0, 1, 8, 20, 31, 32, 32, 32))) for _ in range(count)]
    if seeds and random_.randrange(20) == 0:
        seeds[random_.randrange(count)] = random_.randbytes(SEED_BYTES_MOST + 1)
    line = f"pda {program.hex()} {' '.join(as_hex(seed) for seed in seeds)}"
    if count > SEEDS_MOST or any(len(seed) > SEED_BYTES_MOST for seed in seeds):
        return line, "no"
    address, bump = derive(program, *seeds)
    return line, f"{address.hex()} {bump}"


# --- numbers ----------------------------------------------------------------------------------

JSON_NUMBER = re.compile(rb"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def bits(value):
    return struct.pack(">d", value).hex()


def random_double(random_):
    while True:
        value = struct.unpack(">d", random_.randbytes(8))[0]
        if value - value == 0:
            return value


def random_number(random_):
    how = random_.randrange(6)
    if how == 0:
        return repr(random_double(random_))
    if how == 1:                            # half-way between two doubles, or a little beside
        value = abs(random_double(random_))
        with decimal.localcontext(decimal.Context(prec=900)):
            following = struct.unpack(">d", struct.pack(">Q", struct.unpack(">Q", struct.pack(">d", value))[0] + 1))[0]
            if following - following == 0:
                middle = (decimal.Decimal(value) + decimal.Decimal(following)) / 2
                return f"{middle:e}".replace("e", random_.choice(("e", "1e")))
        return repr(value)
    if how == 2:
        return str(random_.randrange(-10 ** random_.randrange(1, 40), 10 ** random_.randrange(1, 40)))
    whole = "".join(random_.choices("0123456789", k=random_.randrange(1, 25)))
    fraction = "." + "".join(random_.choices("0123456789", k=random_.randrange(1, 25))) if how != 3 else ""
    power = f"{random_.choice('eE')}{random_.choice(('', '+', '-'))}{random_.randrange(330)}" if how > 3 else ""
    return random_.choice(("", "-")) + (whole.lstrip("0") or "0") + fraction + power


def case_number(random_):
    text = spoil(random_, random_number(random_).encode())
    value = float(text) if JSON_NUMBER.fullmatch(text) else float("inf")
    return f"number {as_hex(text)}", bits(value) if value - value == 0 else "no"


def case_round(random_):
    value, digits = random_double(random_), random_.randrange(1, 18)
    if random_.randrange(2):
        value = round(random_.uniform(-1e6, 1e6), random_.randrange(8))
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_HALF_UP, Emax=999999, Emin=-999999)
    want = float(context.create_decimal(repr(value)))
    want = want if want - want == 0 else value      # the largest doubles round out of reach: they stay
    return f"round {bits(value)} {digits}", bits(want)


# --- outsiders' text --------------------------------------------------------------------------

# Default_Ignorable_Code_Point beyond the category Cf, and what of Cf is drawn.
IGNORABLE = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0, 0x2065,
             *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0xFDD0, 0xFDF0), *range(0xE0000, 0xE1000)}
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
BY_PLACE = "\u200c\u200d\ufe0e\ufe0f"        # shown where they belong: hidden.c has the rules
LETTERS = ["a", "Z", "0", " ", "<", "U", "+", "x", ">", "\n", "\t", "é", "ß", "Ж", "中", "한", "😀", "\x7f", "\x00",
           "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u2028", "\ue000", "\U000e0041", "\u061c", "\u180e"]


def is_hidden(letter):
    number = ord(letter)
    return (number in IGNORABLE or number & 0xFFFE == 0xFFFE
            or (unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and number not in DRAWN))


def shown(raw):
    """The bytes as an id is shown."""
    text, out = raw.decode("utf-8", "surrogateescape"), []
    for at, letter in enumerate(text):
        if 0xDC80 <= ord(letter) <= 0xDCFF:
            out.append(f"<x{ord(letter) - 0xDC00:02X}>")
        elif is_hidden(letter) or text.startswith(("<U+", "<x"), at):
            out.append(f"<U+{ord(letter):X}>")
        else:
            out.append(letter)
    return "".join(out).encode()


def random_letter(random_):
    how = random_.randrange(8)
    if how < 5:
        return random_.choice(LETTERS).encode()
    if how < 7:
        letter = chr(random_.choice((random_.randrange(0x3000), random_.randrange(0x110000))))
        is_plain = letter not in BY_PLACE and not 0xD800 <= ord(letter) < 0xE000
        return letter.encode() if is_plain else b"?"
    return random_.randbytes(random_.randrange(1, 4))


def case_clean(random_):
    raw = b"".join(random_letter(random_) for _ in range(random_.randrange(24)))
    while any(letter in raw.decode("utf-8", "ignore") for letter in BY_PLACE):
        raw = raw[1:]
    return f"clean {as_hex(raw)}", f"{as_hex(shown(raw))} ="


# --- an account's bytes -----------------------------------------------------------------------

FIXED = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "i64": "<q"}
WORDS = [*FIXED, "f32", "f64", "key", "bool", "text", "list", "bytes", "skip"]


class End(Exception):
    """The bytes end, or cannot be."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise End
        self.at += count
        return self.data[self.at - count:self.at]

    def read(self, word):
        if word in FIXED:
            return str(struct.unpack(FIXED[word], self.take(struct.calcsize(FIXED[word])))[0])
        if word in ("f32", "f64", "key"):
            data = self.take({"f32": 4, "f64": 8, "key": 32}[word])
            return data.hex() if word == "key" else data[::-1].hex()
        if word == "bool":
            flag = self.take(1)[0]
            if flag > 1:
                raise End
            return str(flag)
        if word == "text":
            data = self.take(struct.unpack("<I", self.take(4))[0])
            try:
                data.decode()
            except UnicodeDecodeError:
                raise End from None
            return as_hex(data)
        count = int(re.sub(r"\D", "", word))
        if word.startswith("list"):
            return as_hex(self.take(struct.unpack("<I", self.take(4))[0] * count))
        data = self.take(count)
        return as_hex(data) if word.startswith("bytes") else "-"


NOTHING = {"f32": "0" * 8, "f64": "0" * 16, "key": "0" * 64}


def random_field(random_, word):
    """Bytes that such a value may well be read from."""
    kind = word.rstrip("0123456789") if word not in FIXED and word not in NOTHING else word
    if kind == "bool":
        return bytes([random_.choice((0, 1, 1, 0, 2))])
    if kind == "text":
        data = spoil(random_, random_.choice(("", "a run", "é", "中文", "😀")).encode())
        return struct.pack("<I", len(data)) + data
    if kind == "list":
        items = random_.randrange(4)
        return struct.pack("<I", items) + random_.randbytes(items * int(word[4:]))
    if kind in ("bytes", "skip"):
        return random_.randbytes(int(word[len(kind):]))
    return random_.randbytes({"f32": 4, "f64": 8, "key": 32}.get(word) or struct.calcsize(FIXED[word]))


def case_read(random_):
    words = [word + (str(random_.randrange(1, 9)) if word in ("list", "bytes", "skip") else "")
             for word in random_.choices(WORDS, k=random_.randrange(1, 8))]
    data = spoil(random_, b"".join(random_field(random_, word) for word in words))
    reader, is_bad, out = Reader(data), False, []
    for word in words:
        try:
            if is_bad:
                raise End
            out.append(reader.read(word))
        except End:
            is_bad = True
            out.append(NOTHING.get(word, "0" if word in FIXED or word == "bool" else "-"))
        out.append("bad" if is_bad else "")
    return f"read {as_hex(data)} {' '.join(words)}", " ".join(" ".join(out).split())


# --- all --------------------------------------------------------------------------------------

# Of a thousand cases.
SHARES = {case_unbase58: 150, case_base58: 80, case_curve: 20, case_pda: 10, case_unbase64: 210, case_number: 240,
          case_round: 80, case_clean: 120, case_read: 90}


def compare(job):
    """(cases, the differences)"""
    make, seed, count = job
    random_ = random.Random(f"{make.__name__} {seed}")
    cases = [make(random_) for _ in range(count)]
    done = subprocess.run([str(TOOL)], input="".join(f"{line}\n" for line, _ in cases).encode(), capture_output=True,
                          timeout=120)
    lines = done.stdout.decode().split("\n")
    got = [" ".join(line.split()) for line in lines[:-1]]
    if done.returncode or len(got) != count:
        return count, [f"exit {done.returncode}, {len(got)} of {count} lines: {done.stderr.decode()[-500:]}"]
    return count, [f"{line}: got {one}, want {want}" for (line, want), one in zip(cases, got) if one != want]


@test
def against_python():
    jobs = []
    for make, share in SHARES.items():
        left = CASES * share // 1000
        while left > 0:
            jobs.append((make, SEED + len(jobs), min(left, CHUNK)))
            left -= CHUNK
    total = 0
    with concurrent.futures.ProcessPoolExecutor(AT_ONCE) as pool:
        for (make, _, count), (cases, differences) in zip(jobs, pool.map(compare, jobs)):
            total += cases
            true(not differences, f"{make.__name__}: {len(differences)} of {count}: {differences[:SHOWN]}")
    print(f"FIGURES differential: {total} cases, seed {SEED}")


sys.exit(main())
