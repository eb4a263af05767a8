"""The faults of the simulator with the word each one has in `sources`, and how an answer to one of them follows
from the answer to another: the same bytes but for that word, its meaning and the problem told."""

import concurrent.futures
import json
import re

from harness import ROOT, true

AT_ONCE = 8
PATIENCE_MS, TIMEOUT_MS = 100, 1000
ROOM = 1 << 20                              # bytes of an answer: nothing is cut

# fault: the word in `sources`. Of two words, the first is for a call that waits for the second try,
# the second for one that has the rest of its answer and a short patience.
FAULTS = {
    "status=404": "http_status",            # the first one: the others are compared with it
    "status=204": "http_status",
    "status=301": "redirected",
    "status=403": "http_status",
    "status=418": "http_status",
    "status=429": "rate_limited",
    "status=500": "unavailable timeout",
    "status=503": "unavailable timeout",
    "stall": "timeout",
    "stall-body=0": "timeout",
    "stall-body=7": "timeout",
    "truncate=0": "broken_off",
    "truncate=1": "broken_off",
    "truncate=40": "broken_off",
    "reset": "broken_off",
    "reset=20": "broken_off",
    "html": "not_json",
    "not-json": "not_json",
    "empty": "not_json",
    "body=null": "bad_reply",
    "huge": "too_large timeout",
    "bad-length": "timeout",
    "bad-length=-10": "not_json",
    "gzip-bomb": "too_large timeout",
    "bad-chunk": "broken_off",
    "deep=100": "bad_reply",
    "deep=1000000": "bad_reply",
    "redirect=http://127.0.0.1:9/": "redirected",
    "redirect=http://example.org/": "redirected",
    "error-object": "source_fault",
}
# These keep the reply readable: a byte goes into its first text, and is shown there.
SHOWN_BYTES = {"nul": "<U+0>", "invalid-utf8": "<xFF>"}

# The simulator may need longer for these than that patience.
SLOW_TO_MAKE = {"huge", "gzip-bomb"}
# Parts of faults that by themselves spoil nothing.
HARMLESS = {"times", "slow", "retry-after", "drip", "header"}


def meanings():
    """{status word: what it means}, from the one list."""
    text = (ROOT / "plugin/net/outcome.h").read_text()
    rows = re.findall(r'X\([A-Z_]+, "(\w+)",\s+"([^"]+)"\)', text)
    true(len(rows) > 10, "the list of statuses was not found")
    return dict(rows)


MEANING = meanings()


def spoiled_paths(sim):
    return [line.path for line in sim.log() if line.fault not in ("", "-")]


def exact(text):
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_float=lambda digits: f"number {digits}")


def is_less(less, more):
    """Nothing new, nothing changed, in the same order; something may be missing or null."""
    if isinstance(less, dict) and isinstance(more, dict):
        kept = [key for key in more if key in less]
        return list(less) == kept and all(is_less(less[key], more[key]) for key in less)
    if isinstance(less, list) and isinstance(more, list):
        return len(less) == len(more) and all(map(is_less, less, more))
    return less is None or less == more


def with_words(text, rows):
    """The answer to one fault as that to another: statuses, meaning, and the problems in turn."""
    old, new = bad_rows(json.loads(text))[0]["status"], rows[0]["status"]
    text = text.replace(f"({old}: {MEANING[old]})", f"({new}: {MEANING[new]})")
    text = text.replace(f"({old})", f"({new})")
    left = iter(rows)

    def fill(match):
        row = next(left, {"status": "one row too many", "problem": ""})
        problem = json.dumps(row["problem"], ensure_ascii=False)
        return f'"status":"{row["status"]}",{match.group(1)}"problem":{problem}'
    return re.sub(f'"status":"{old}",("ms":0,)"problem":"(?:[^"\\\\]|\\\\.)*"', fill, text)


def bad_rows(answer):
    return [row for row in answer["sources"] if "request" in row]


def difference_of(got, want):
    """Where they differ first; None when they do not."""
    if got == want:
        return None
    shorter = min(len(got), len(want))
    at = next((i for i in range(shorter) if got[i] != want[i]), shorter)
    return f"from byte {at} on: …{got[max(0, at - 80):at + 200]}… instead of " \
           f"…{want[max(0, at - 80):at + 200]}…"


def side_by_side(function, items):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(function, items))
