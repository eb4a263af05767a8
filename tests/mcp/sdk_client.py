"""A small program on the mcp SDK, 1.x or 2.x: asks one server everything and prints what it saw, as JSON.

    python sdk_client.py NAME COMMAND [ARGUMENT...]

Run by test_sdk.py inside a virtual environment that has one of the two. NAME is what it calls itself to the
server; `-` leaves the SDK's own name."""

import json
import sys
from os import environ

import anyio
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client

CALLS = [{"action": "list_runs"}, {"action": "run_details", "run_id": "run-1"}, {"action": "checkpoints"},
         {"action": "network_stats"}, {"action": "contribute"}, {"action": "run_details", "run_id": "nobody"},
         {"action": "nonsense"}, {"action": "list_runs", "limit": None}]
STALLED = {"action": "pool_status"}
# The SDK hands on little of its environment, and none of this.
HANDED_ON = {name: value for name, value in environ.items()
             if name.startswith("PSYCHE_MONITOR_") or name.lower().endswith("_proxy")}
IS_2 = hasattr(types.Tool, "model_fields") and "input_schema" in types.Tool.model_fields


def plain(value):
    """A result as the wire has it: 1.x and 2.x name their fields differently."""
    return value.model_dump(by_alias=True, mode="json", exclude_none=True)


async def call(session, arguments, **more):
    """structuredContent is held against outputSchema by the SDK, which raises."""
    return plain(await session.call_tool("psyche_monitor", arguments, **more))


async def read_lists(session, seen):
    seen["tools"] = plain(await session.list_tools())["tools"]
    seen["resources"] = plain(await session.list_resources())["resources"]
    seen["templates"] = plain(await session.list_resource_templates())["resourceTemplates"]
    seen["texts"] = {
        row["uri"]: plain(await session.read_resource(row["uri"]))["contents"]
        for row in seen["resources"]
    }
    seen["prompts"] = plain(await session.list_prompts())["prompts"]
    for prompt in seen["prompts"]:
        given = {argument["name"]: "run-1" for argument in prompt["arguments"]}
        prompt["got"] = plain(await session.get_prompt(prompt["name"], given))["messages"]


async def try_errors(session, seen):
    seen["errors"] = {}
    for name, asking in (("tool", session.call_tool("nobody", {})), ("prompt", session.get_prompt("nobody")),
                         ("resource", session.read_resource("psyche://references/nobody"))):
        try:
            await asking
        except Exception as trouble:  # McpError or MCPError
            seen["errors"][name] = trouble.error.code


async def try_progress(session, seen):
    told = seen["progress"] = []

    async def tell(progress, total, message):
        told.append([progress, message])

    seen["slow"] = await call(session, {"action": "run_details", "run_id": "slow"}, progress_callback=tell)


async def try_parallel(session, seen):
    answers = seen["parallel"] = {}

    async def one(number):
        answer = await call(session, {"action": "run_details", "run_id": f"run-{number}"})
        answers[number] = json.loads(answer["content"][0]["text"])["run_id"]

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(one, number)


async def cancel_one(session):
    """2.x tells the server when a caller leaves; 1.x leaves that to the program."""
    request_id = getattr(session, "_request_id", None)
    with anyio.move_on_after(0.7):
        await call(session, STALLED)
    if not IS_2:
        params = types.CancelledNotificationParams(requestId=request_id)
        await session.send_notification(types.ClientNotification(types.CancelledNotification(params=params)))


async def try_cancelling(session, seen):
    """More stalled calls than the server answers at once; then one that is quick."""
    for _ in range(2):
        for _ in range(5):
            await cancel_one(session)
    started = anyio.current_time()
    seen["after"] = await call(session, {"action": "list_runs"})
    await session.send_ping()
    seen["after_s"] = anyio.current_time() - started


async def main(name, command, *arguments):
    seen = {}
    info = {} if name == "-" else {"client_info": types.Implementation(name=name, version="1")}
    server = StdioServerParameters(command=command, args=list(arguments), env=HANDED_ON)
    async with stdio_client(server) as (incoming, outgoing):
        async with ClientSession(incoming, outgoing, **info) as session:
            seen["opened"] = plain(await session.initialize())
            await session.send_ping()
            await read_lists(session, seen)
            seen["calls"] = [[arguments, await call(session, arguments)] for arguments in CALLS]
            await try_errors(session, seen)
            await try_progress(session, seen)
            await try_parallel(session, seen)
            await try_cancelling(session, seen)
            started = anyio.current_time()
    seen["end_s"] = anyio.current_time() - started
    if IS_2:
        from mcp import Client
        async with Client(server) as client:
            seen["other_way"] = plain(await client.call_tool("psyche_monitor", {"action": "list_runs"}))
    print(json.dumps(seen))


anyio.run(main, *sys.argv[1:])
