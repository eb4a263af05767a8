"""Addresses on Solana in plain Python: base58, what a program derives from seeds, and keys for words."""

import functools
import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P = 2 ** 255 - 19
D = -121665 * pow(121666, -1, P) % P

SYSTEM = "11111111111111111111111111111111"
LOADER = "BPFLoaderUpgradeab1e11111111111111111111111"
TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
TOKEN_ACCOUNTS = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"
PROGRAMS = {"coordinator": "4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7",
            "pool": "CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7",
            "treasurer": "EnU7DRx5az5YWxaxgqEGbXSYtudcfnjXewyBRRZCjJPw",
            "authorizer": "PsyAUmhpmiUouWsnJdNGFSX8vZ6rWjXjgDPHsgqPGyw"}
CLUSTERS = {"mainnet": "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
            "devnet": "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG",
            "testnet": "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"}


def to_base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text):
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def key(word):
    """32 bytes: of a key in base58, or of any other word one that is always the same."""
    if isinstance(word, bytes):
        return word
    if 32 <= len(word) <= 44 and set(word) <= set(ALPHABET):
        data = from_base58(word)
        if len(data) == 32:
            return data
    return hashlib.sha256(word.encode("utf-8", "surrogateescape")).digest()


def is_on_curve(data):
    """Whether y has an x: (y*y - 1) / (d*y*y + 1) is a square. The sign of x does not matter."""
    y = int.from_bytes(data, "little") % 2 ** 255 % P
    return pow((y * y - 1) * (D * y * y + 1), (P - 1) // 2, P) in (0, 1)


@functools.lru_cache(maxsize=None)
def derive(program, *seeds):
    """(address, bump): the first from 255 down that is no point of the curve."""
    for bump in range(255, -1, -1):
        text = b"".join(seeds) + bytes([bump]) + key(program) + b"ProgramDerivedAddress"
        address = hashlib.sha256(text).digest()
        if not is_on_curve(address):
            return address, bump
    raise ValueError(f"no address for {seeds}")


def instance_of(run_id, program=PROGRAMS["coordinator"]):
    return derive(program, b"coordinator", run_id)


def token_account_of(owner, mint):
    return derive(TOKEN_ACCOUNTS, owner, key(TOKEN_PROGRAM), mint)


def run_number(run_id):
    """The number that a treasurer's run has unless its maker chose another."""
    return int.from_bytes(hashlib.sha256(run_id).digest()[:8], "little")
