"""An account's bytes by nothing but tests/data/chain/layout.json: to read them, and to make them up.

The table was read off the compiler of the programs on chain, so this knows no C. `decode` gives the JSON
that Psyche's own decoder gives; `make` writes values drawn at random into all that has a meaning."""

import math
import re
import struct

SIMPLE = {"u8": "B", "u16": "<H", "u32": "<I", "u64": "<Q", "smallbool": "B", "f64": "<d", "f32": "<f"}
ODD_BYTES = [b"", b"a", b"\0", b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x9a", b"\xed\xa0\x80",
             b"\xf4\x90\x80\x80", "é".encode(), "語".encode(), "🚀".encode(), b"org/model"]


def f32_text(number):
    """The float that the fewest digits of this f32 say."""
    for digits in range(1, 10):
        text = f"{number:.{digits}g}"
        if struct.pack("<f", float(text)) == struct.pack("<f", number):
            return float(text)
    raise ValueError(number)


def finite(number, shorten=lambda number: number):
    return shorten(number) if math.isfinite(number) else None


class Layout:
    def __init__(self, table):
        self.account = table["coordinator_account"]
        self.types = self.account["types"]

    def size(self, name):
        if name in self.types:
            return self.types[name]["size"]
        if name in SIMPLE:
            return struct.calcsize(SIMPLE[name])
        if name == "bool":
            return 1
        if name == "BitArray1024":
            return 128
        if name.startswith(("str", "bytes")):
            return int(re.sub(r"\D", "", name))
        if name.startswith("Option<"):
            return self.option_tag(name) + self.size(name[7:-1])
        item, count = self.items(name)
        return self.size(item) * count + (8 if name.startswith("Vec") else 0)

    @staticmethod
    def option_tag(name):
        return 4 if "f32" in name else 1

    @staticmethod
    def items(name):
        item, count = re.fullmatch(r"(?:Vec<|\[)(.+);(\d+)[>\]]", name).groups()
        return item, int(count)

    # --- reading ---

    def decode(self, data, name="CoordinatorAccount", at=8):
        if name in self.types:
            return self.decode_type(data, self.types[name], at)
        if name in SIMPLE:
            value, = struct.unpack_from(SIMPLE[name], data, at)
            if name == "f32":
                return finite(value, f32_text)
            return finite(value) if name == "f64" else value
        if name == "bool":
            return bool(data[at])
        if name == "BitArray1024":
            return {"order": "bitvec::order::Lsb0", "head": {"width": 64, "index": 0}, "bits": 1024,
                    "data": list(struct.unpack_from("<16Q", data, at))}
        if name.startswith("bytes"):
            return list(data[at:at + self.size(name)])
        if name.startswith("str"):
            return data[at:at + self.size(name)].decode("utf-8", "replace").strip("\0")
        if name.startswith("Option<"):
            tag = self.option_tag(name)
            return self.decode(data, name[7:-1], at + tag) if any(data[at:at + tag]) else None
        item, count = self.items(name)
        if name.startswith("Vec"):
            count, = struct.unpack_from("<Q", data, at + count * self.size(item))
        return [self.decode(data, item, at + i * self.size(item)) for i in range(count)]

    def decode_fields(self, data, fields, at):
        return {field["name"]: self.decode(data, field["type"], at + field["offset"]) for field in fields}

    def decode_type(self, data, kind, at):
        if kind["kind"] == "struct":
            return self.decode_fields(data, kind["fields"], at)
        tag = int.from_bytes(data[at:at + kind["tag"]["size"]], "little")
        variant = next(each for each in kind["variants"] if each["value"] == tag)
        inside = self.decode_fields(data, variant["fields"], at)
        if not inside:
            return variant["name"]
        return {variant["name"]: inside["0"] if list(inside) == ["0"] else inside}

    # --- making up ---

    def make(self, random, filler):
        """A whole account; `filler(count)` gives the bytes that mean nothing."""
        data = bytearray(filler(self.account["account_data_len"]))
        data[:8] = bytes.fromhex(self.account["discriminator_hex"])
        self.fill(data, random, "CoordinatorAccount", 8)
        struct.pack_into("<Q", data, 8, self.account["version_required"])
        return bytes(data)

    def fill(self, data, random, name, at):
        if name in self.types:
            self.fill_type(data, random, self.types[name], at)
        elif name == "bool":
            data[at] = random.randrange(2)
        elif name.startswith("str"):
            self.fill_text(data, random, at, self.size(name))
        elif name.startswith("Option<"):
            tag = self.option_tag(name)
            data[at:at + tag] = random.randrange(2).to_bytes(tag, "little")
            self.fill(data, random, name[7:-1], at + tag)
        elif name.startswith(("Vec", "[")):
            item, most = self.items(name)
            counts = [0, 1, most, random.randrange(most + 1)] if name.startswith("Vec") else [most]
            count = random.choice(counts)
            for i in range(count):
                self.fill(data, random, item, at + i * self.size(item))
            if name.startswith("Vec"):
                struct.pack_into("<Q", data, at + most * self.size(item), count)
        elif name == "f32":                   # infinite and no number among them
            struct.pack_into("<I", data, at, random.choice([0, 0x80000000, 1, 0x7F800000, 0x7FA00000,
                                                            random.getrandbits(32)]))
        else:
            size = self.size(name)
            extremes = [bytes(size), b"\xff" * size]
            data[at:at + size] = random.choice([*extremes, random.randbytes(size), random.randbytes(size)])

    def fill_type(self, data, random, kind, at):
        fields = kind.get("fields")
        if kind["kind"] == "enum":
            variant = random.choice(kind["variants"])
            size = kind["tag"]["size"]
            data[at:at + size] = variant["value"].to_bytes(size, "little")
            fields = variant["fields"]
        for field in fields:
            self.fill(data, random, field["type"], at + field["offset"])

    @staticmethod
    def fill_text(data, random, at, size):
        text = b"".join(random.choice(ODD_BYTES) for _ in range(random.choice([0, 1, 5, 400])))
        data[at:at + size] = text[:size].ljust(size, b"\0")
