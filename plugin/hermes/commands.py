"""`/psyche …` in a conversation: a summary for a person, without the model."""

import json

from . import tools
from .bridge import new_call_id

HELP = """\
/psyche              the network in a few sentences
/psyche RUN          one run: its id, its name, or the start of either
/psyche {"action":…} a request as it is, the whole answer
/psyche help         this
In a terminal: hermes psyche build | doctor | call"""


def _answer_raw(bridge, text):
    """A request in JSON. It is given a call_id, so that Ctrl-C ends it alone."""
    call_id, request = new_call_id(), text
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            envelope = document if "tool" in document else {"tool": tools.TOOL, "arguments": document}
            request = json.dumps({**envelope, "call_id": call_id})
    except (ValueError, RecursionError):
        pass                              # the library says where it is wrong
    return tools.ask(bridge, request.encode("utf-8", "replace"), call_id)[0]


def answer(bridge, words):
    words = (words or "").strip()
    if words in ("help", "-h", "--help"):
        return HELP
    if words.startswith("{"):
        return _answer_raw(bridge, words)
    arguments = {"action": "run_details", "run_id": words} if words else {"action": "network_stats"}
    reply = json.loads(tools.call(bridge, tools.TOOL, arguments)[0])
    return reply["summary"] if reply["success"] else reply["error"]


def register(ctx, bridge):
    if hasattr(ctx, "register_command"):
        ctx.register_command("psyche", lambda words="": answer(bridge, words),
                             description="Psyche's training runs, as they are now", args_hint="[run]")
