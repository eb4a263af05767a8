"""The table of faults: each with the word it has in `sources`, by what a user meets; and what is left out, with the
reason. test_faults*.py try them on all that is asked; fault_cells.py runs and counts them."""

import ctypes
import json
import re

from harness import ROOT, true

MB = 1 << 20
PATIENCE_MS, TIMEOUT_MS = 100, 1000
ROOM = 1 << 20                              # bytes of an answer: nothing is cut
FIRST = "status=404"                        # all others are compared with it

# Where a source may stand instead, as fault_places.py makes them; all other faults are the simulator's.
NO_CONNECTION = {
    "at=refused": "refused timeout",
    "at=dead-resolver": "timeout",          # the name is looked up for ever
    "at=full": "timeout",                   # takes no more connections
    "at=reset": "broken_off refused timeout",     # at once, which may come before or after the connection is known
}
NO_TRUST = {
    "at=wrong-host": "bad_tls",
    "at=expired": "bad_tls",
    "at=unknown-ca": "bad_tls",
    "at=reset-in-handshake": "bad_tls",
}
PLACES = {**NO_CONNECTION, **NO_TRUST}

SILENCE = {
    "stall": "timeout",
    "stall-body=0": "timeout",
    "stall-body=7": "timeout",
    "drip=1/100": "timeout",
    "bad-length": "timeout",
}
BROKEN_OFF = {
    "reset": "broken_off",
    "half-head": "broken_off",
    "reset=0": "broken_off",
    "reset=20": "broken_off",
    "truncate=0": "broken_off",
    "truncate=1": "broken_off",
    "truncate=40": "broken_off",
    "bad-chunk": "broken_off",
}
# "tls": the server has a good certificate. LISTENER is a port of ours, at which nobody may arrive.
ELSEWHERE = {
    "status=301": "redirected",
    "redirect=?again": "redirected",
    "redirect=?again+status=307": "redirected",
    "redirect=file:///etc/hostname": "redirected",
    "redirect=http://127.0.0.1:LISTENER/": "redirected",
    "redirect=http://127.0.0.2:LISTENER/": "redirected",
    "redirect=http://example.org/": "redirected",
    "tls redirect=http://127.0.0.1:LISTENER/": "redirected",
}
REFUSALS = {
    FIRST: "http_status",
    "status=204": "http_status",
    "status=401": "http_status",
    "status=403": "http_status",
    "status=418": "http_status",
}
TOO_OFTEN = {
    "status=429": "rate_limited",
    "status=429+retry-after=1": "rate_limited",
    "status=429+retry-after=Fri, 31 Dec 2099 23:59:59 GMT": "rate_limited",
    "status=429+retry-after=when it suits": "rate_limited",
}
# Of two words, the first is for a call that waits for the second try, the second for one that has the rest of its
# answer and a short patience.
OUT_OF_ORDER = {
    "status=500": "unavailable timeout",
    "status=503": "unavailable timeout",
    "status=503+retry-after=100": "unavailable",
    "status=503+retry-after=when it suits": "unavailable timeout",
    "error-object": "source_fault",
}
NO_JSON = {
    "html": "not_json",
    "not-json": "not_json",
    "empty": "not_json",
    "bad-length=-10": "not_json",
    "utf-16": "not_json",
    "huge-number": "not_json",
}
ANOTHER_FORM = {
    "body=null": "bad_reply",
    "deep=100": "bad_reply",
    "deep=1000000": "bad_reply",
}
TOO_MUCH = {
    f"huge={16 * MB + 1}": "too_large timeout",
    "huge": "too_large timeout",
    "gzip-bomb": "too_large timeout",
    "zstd-bomb": "too_large timeout",
}
# These keep the reply readable: a byte goes into its first text, and is shown there.
SHOWN_BYTES = {"nul": "<U+0>", "invalid-utf8": "<xFF>"}
# All that is said stays as it is: the last of two keys counts, and a reply's type is not asked for its letters.
NO_MATTER = {
    "repeat-key": "ok",
    "header=content-type:application/json; charset=utf-16": "ok",
    "header=content-type:text/html; charset=iso-8859-1": "ok",
    f"huge={2 * MB}": "ok",
}



def rpc_result(text):
    return f'body={{"jsonrpc":"2.0","result":{text},"id":1}}'


def rpc_error(text):
    return f'body={{"jsonrpc":"2.0","error":{text},"id":1}}'


def rpc_refusal(code, message):
    return rpc_error(json.dumps({"code": code, "message": message}))


def rpc_account(data):
    return f'{{"lamports":1,"data":{data},"owner":"4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7",' \
           '"executable":false,"rentEpoch":0,"space":0}'


def rpc_in_context(value):
    return f'{{"context":{{"slot":5}},"value":{value}}}'


# Of Solana nodes alone: objects of another shape, another encoding than the one that was asked for, and errors by
# their codes; `refuse` is how a node leaves a method out.
RPC_FORMS = dict.fromkeys([
    "body=[]", "body={}", 'body="overloaded"', "body=429", rpc_result("null"), rpc_result('"x"'), rpc_result("7"),
    rpc_result("{}"), rpc_result('"\\u0000"'), rpc_result(rpc_in_context("null")), rpc_result(rpc_in_context("{}")),
    rpc_result(rpc_in_context(f"[{rpc_account(json.dumps(''))}]")), rpc_result(rpc_in_context("[7]")),
    rpc_error("null"), rpc_error("[]"), rpc_error("{}")], "bad_reply")
RPC_ERRORS = {
    rpc_error('"overloaded"'): "source_fault",
    rpc_refusal(-32005, "Node is behind by 150 slots"): "node_behind",
    rpc_refusal(-32601, "Method not found"): "method_refused",
    rpc_refusal(-32603, "Internal error"): "source_fault",
    rpc_refusal(-32602, "Invalid params"): "source_fault",
    rpc_refusal(-32004, "Block not available"): "source_fault",
    rpc_refusal(429, "slow down"): "rate_limited",
}
RPC_REFUSALS = {"refuse=403": "http_status", "refuse=410": "http_status", "refuse=429": "rate_limited",
                "refuse=-32010": "source_fault", "refuse=-32601": "method_refused", "refuse=-32005": "node_behind",
                "refuse=disabled": "source_fault"}
RPC_FAULTS = {**RPC_FORMS, **RPC_ERRORS, **RPC_REFUSALS}

CLASSES = {                                 # in the order of docs/faults.md
    "no connection": NO_CONNECTION, "no trusted connection": NO_TRUST, "silence": SILENCE, "broken off": BROKEN_OFF,
    "sent elsewhere": ELSEWHERE, "refused by status": REFUSALS, "asked too often": TOO_OFTEN,
    "out of order": OUT_OF_ORDER, "no JSON": NO_JSON, "JSON of another form": ANOTHER_FORM, "too much": TOO_MUCH,
    "readable": {**dict.fromkeys(SHOWN_BYTES, "ok"), **NO_MATTER},
}
RPC_CLASSES = {"JSON-RPC of another form": RPC_FORMS, "an error by JSON-RPC": RPC_ERRORS,
               "a method left out": RPC_REFUSALS}
CUT = "truncate at every 64th byte"
# Beside them, of all that a node tells: accounts and slots that are not as they should be.
OF_CHAIN = {"another cluster": "wrong_cluster", "slot goes back": "ok", "account too large": "ok",
            "zstd bombs as accounts": "ok bad_reply", "sources disagree": "ok"}

# The cells of the table that are empty, and why: (faults, columns or all but, reason).
NODE = "Solana node"
LEFT_OUT = [
    ([*RPC_CLASSES], {NODE}, "only a Solana node speaks JSON-RPC."),
    ([*OF_CHAIN], {NODE}, "only a Solana node has a cluster, slots and accounts; where it and the dashboard disagree "
     "is counted with it; the hub and the storage tell nothing that another source tells, too."),
]
# Cells that are not there though others of their row and column are: (where, faults, reason).
LEFT_OUT_SINGLY = [
    ("a question that does not ask a source", ["any fault"], "most do not ask the hub."),
    ("the question `getHealth`", ["truncate=40", "refuse=-32005", "error -32005"],
     "its reply has 38 bytes, and -32005 is what it is asked for."),
    ("a question that is put to both nodes", ["status=429+retry-after=1", "…=Fri, 31 Dec 2099 …"],
     "they stand on one host here, and its word to come back later counts for all that is asked there."),
    ("a search of the hub that finds nothing", ["stall-body=7", "truncate=40", "reset=20", "drip=1/100", "huge-number",
                                                "nul", "invalid-utf8"],
     "its reply is `[]`."),
    ("the hub's list of commits", ["huge-number"], "it has no number."),
]

FAULTS = {fault: words for faults in CLASSES.values() for fault, words in faults.items()
          if fault not in PLACES and fault not in SHOWN_BYTES}

# The simulator, or the way from it, may need longer for these than the patience.
SLOW_TO_MAKE = {*TOO_MUCH}
# Parts of faults that by themselves spoil nothing.
HARMLESS = {"times", "slow", "retry-after", "header"}


def has_zstd():
    """Whether libcurl, which the library brings along, unpacks it."""
    version = ctypes.CDLL("libcurl.so.4").curl_version
    version.restype = ctypes.c_char_p
    return b"zstd/" in version()


if not has_zstd():
    TOO_MUCH["zstd-bomb"] = FAULTS["zstd-bomb"] = "bad_reply timeout"


def meanings():
    """{status word: what it means}, from the one list."""
    text = (ROOT / "plugin/net/outcome.h").read_text()
    rows = dict(re.findall(r'X\([A-Z_]+, "(\w+)",\s+"([^"]+)"\)', text))
    true(len(rows) > 10, "the list of statuses was not found")
    return rows


MEANING = meanings()


def words_of(fault):
    return {**FAULTS, **PLACES, **RPC_FAULTS, **dict.fromkeys(SHOWN_BYTES, "ok")}[fault].split()


# --- questions ------------------------------------------------------------------------------


def request_of(arguments, **more):
    """A call with all of its answer; without an action it is of psyche_wallet."""
    tool = "psyche_monitor" if "action" in arguments else "psyche_wallet"
    return {"tool": tool, "arguments": {**arguments, "detail": "full"}, "timeout_ms": TIMEOUT_MS, "budget": ROOM,
            **more}


def name_of(arguments):
    """A question in few words: "run_details consilience-40b-1", "wallet consilience-40b-1"."""
    values = [value for key, value in arguments.items() if key != "address"]
    return " ".join([*([] if "action" in arguments else ["wallet"]), *values])


# --- comparing answers ----------------------------------------------------------------------


def bad_rows(answer):
    return [row for row in answer.get("sources", []) if "request" in row]


def is_less(less, more):
    """Nothing new, nothing changed, in the same order; something may be missing or null."""
    if isinstance(less, dict) and isinstance(more, dict):
        kept = [key for key in more if key in less]
        return list(less) == kept and all(is_less(less[key], more[key]) for key in less)
    if isinstance(less, list) and isinstance(more, list):
        return len(less) == len(more) and all(map(is_less, less, more))
    return less is None or less == more


BAD_ROW = re.compile(r'(\{"source":"[^"]+","host":)"[^"]+"([^{}]*?"request":"[^"]+",)"status":"(\w+)","ms":0,'
                     r'"problem":"(?:[^"\\]|\\.)*"\}')


def without_words(text):
    """An answer without what differs between two faults: statuses, their meanings, problems, hosts that were not
    reached, and how often the same was met. What else it says of them stays."""
    for word in {match.group(3) for match in BAD_ROW.finditer(text)}:
        for told in (f"({word}: {MEANING[word]})", f"{word} ({MEANING[word]})", f"({word})"):
            text = text.replace(told, "(*)")
    text, seen = BAD_ROW.sub(r"\1*\2*}", text), set()

    def keep(match):
        is_new = match.group() not in seen
        seen.add(match.group())
        return match.group() if is_new else ""
    return re.sub(r',\{"source":"[^"]+","host":\*[^{}]*?,\*\}', keep, text)


def difference_of(got, want):
    """Where they differ first; None when they do not."""
    if got == want:
        return None
    shorter = min(len(got), len(want))
    at = next((i for i in range(shorter) if got[i] != want[i]), shorter)
    return f"from byte {at} on: …{got[max(0, at - 80):at + 200]}… instead of " \
           f"…{want[max(0, at - 80):at + 200]}…"
