"""The tools: their definitions come from the library, their handlers hand arguments over.

Without a library the first tool is there all the same, so that the model can tell the user what to
do; it works from the moment the library is built. Hermes cuts no result below 8,000 characters and
the library writes none above them, so no budget is sent along."""

import json

from . import failure, library
from .bridge import new_call_id

TOOLSET = "psyche"
TOOL = "psyche_monitor"
WITHOUT_LIBRARY = {
    "name": TOOL,
    "description": "Live facts about Psyche (Nous Research) training runs. Read-only. Its library is not "
                   "ready yet: one call says what the user has to do.",
    "parameters": {"type": "object", "properties": {
        "action": {"type": "string", "description": "list_runs, run_details, checkpoints, pool_status, "
                                                    "network_stats (default) or contribute."},
        "run_id": {"type": "string", "description": "A run's id or name."},
        "page": {"type": "string", "description": "Copy it from an answer."}},
        "additionalProperties": False}}


def ask(bridge, request, call_id=None):
    """(text, status), whatever happens short of Ctrl-C."""
    try:
        return bridge.ask(request, call_id)
    except library.Unusable as trouble:
        return failure.not_built(trouble)
    except Exception as trouble:
        return failure.internal(trouble)


def call(bridge, tool, arguments):
    """(text, status) of a tool called with what a model gave."""
    call_id = new_call_id()
    envelope = {"tool": tool, "arguments": arguments or {}, "call_id": call_id}
    try:
        request = json.dumps(envelope, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as trouble:
        return failure.reply("bad_request", f"the arguments are no JSON: {trouble}")
    return ask(bridge, request, call_id)


def _handler(bridge, tool):
    def handle(arguments=None, **_):
        return call(bridge, tool, arguments)[0]
    return handle


def register(ctx, bridge):
    try:
        definitions = bridge.definitions()
    except library.Unusable:
        definitions = [WITHOUT_LIBRARY]
    for definition in definitions:
        name = definition["name"]
        if bridge.settings.tools is None or name in bridge.settings.tools:
            ctx.register_tool(name=name, toolset=TOOLSET, schema=definition,
                              handler=_handler(bridge, name), description=definition["description"])
