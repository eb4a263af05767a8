"""Failures that are answered on this side of the library, in the library's own form."""

import json

NOTHING_LOOKED_UP = "Do not answer from memory: nothing was looked up."
TELL = " Tell the user what is missing and the command that mends it."
STATUS = {"not_built": 1, "internal": 1, "bad_request": 2, "cancelled": 130}


def reply(code, error, refusal=NOTHING_LOOKED_UP):
    """(text, status), as a call of the library gives them."""
    answer = {"success": False, "error": " ".join(str(error).split()), "error_code": code,
              "retryable": code == "cancelled", "supported": [], "refusal": refusal, "next": []}
    return json.dumps(answer, separators=(",", ":")), STATUS[code]


def not_built(trouble):
    return reply("not_built", trouble, NOTHING_LOOKED_UP + TELL)


def internal(trouble):
    return reply("internal", f"{type(trouble).__name__}: {trouble}")
