#!/usr/bin/env python3
"""`psyche-monitor mcp` as bytes over pipes: lines, JSON-RPC, tools, resources and prompts."""

import json
import sys

from harness import ROOT, SCRATCH, Cli, Lib, Simulator, equal, main, read_json, test, true, within
from mcp_pipe import CLIENT, IS_SANITIZED, RUNS, Server, code_of, no_more, pack

# --- beginning ------------------------------------------------------------------------------


@test
def handshake():
    newest = "2025-11-25"
    for asked, got in ((newest, newest), ("2025-06-18", "2025-06-18"), ("2024-11-05", newest),
                       ("2025-03-26", newest), ("2026-07-28", newest), ("", newest)):
        with Server(is_open=False) as server:
            server.reader.start()
            result = server.ask("initialize", {**CLIENT, "protocolVersion": asked})["result"]
            equal(result["protocolVersion"], got, f"asked for {asked}")
    info = result["serverInfo"]
    equal((info["name"], bool(info["title"])), ("psyche-monitor", True), "serverInfo")
    equal(info["version"], Lib().c_version().decode(), "version")
    equal(sorted(result["capabilities"]), ["prompts", "resources", "tools"], "capabilities")
    within(result["instructions"].count(". ") + 1, 5, "sentences of instructions")


@test
def what_may_come_before_initialize():
    with Server(is_open=False) as server:
        server.reader.start()
        equal(server.ask("ping")["result"], {}, "ping")
        equal(code_of(server.ask("tools/list")), -32600, "a list")
        equal(code_of(server.ask("tools/call", {"name": "psyche_monitor"})), -32600, "a call")
        equal(code_of(server.ask("server/discover", {})), -32601, "a method of later versions")
        equal(code_of(server.ask("initialize", {})), -32602, "initialize without a version")
        equal(code_of(server.ask("initialize")), -32602, "initialize without parameters")
        true("result" in server.ask("initialize", {"protocolVersion": "2025-06-18"}), "it may be tried again")
        equal(code_of(server.ask("initialize", CLIENT)), -32600, "but not once it was answered")
        true("result" in server.ask("tools/list"), "a list, even before the client says it is ready")


# --- lines ----------------------------------------------------------------------------------

BAD_LINES = [
    (b"{", -32700),
    (b"garbage", -32700),
    (b"\xff\xfe{}", -32700),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', -32700),
    (b'{"jsonrpc":"2.0","id":1,"method":"ping"} {}', -32700),
    (b'{"jsonrpc":"2.0","id":1,"method":"a\x01"}', -32700),
    (b"[" * 100 + b"]" * 100, -32700),
    (b'{"a":' * 70 + b"1" + b"}" * 70, -32700),
    (b'{"jsonrpc":"2.0","id":1e999,"method":"ping"}', -32700),
    (b"[]", -32600),
    (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
    (b"1", -32600),
    (b'"ping"', -32600),
    (b"null", -32600),
    (b"{}", -32600),
    (b'{"jsonrpc":"2.0"}', -32600),
    (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":"' + b"x" * 300 + b'","method":"ping"}', -32600),
    (b'{"jsonrpc":"1.0","method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","method":7}', -32600),
]


@test
def lines_that_are_no_message():
    with Server() as server:
        for line, code in BAD_LINES:
            server.send(line)
            raw, message = server.next()
            equal((message["id"], code_of(message)), (None, code), f"{line[:80]!r}")
            true(message["error"]["message"].isprintable() and len(raw) < 400, f"one clear line: {raw!r}")
        for line in (b"", b"  \t ", b"\r", b'{"jsonrpc":"2.0","id":1,"result":{}}',
                     b'{"jsonrpc":"2.0","id":9,"error":{}}'):
            server.send(line)
        no_more(server, "empty lines and responses")
        server.send(b'{"jsonrpc":"1.0","id":77,"method":"ping"}')
        equal(code_of(server.answer(77)), -32600, "another version: its id is known")
        server.send(b' {"jsonrpc":"2.0","id":78,"method":"ping"}\r')
        equal(server.answer(78)["result"], {}, "white space around")


@test
def ids_go_back_as_they_came():
    with Server() as server:
        for text in ("0", "-1", "1", '"1"', '""', "1.50", "2e2", "-0", "123456789012345678901234567890",
                     '"a\\u0041\\/"', '"\u00e9\\n"', '"' + "i" * 250 + '"'):
            server.send(f'{{"id":{text},"method":"ping","jsonrpc":"2.0"}}'.encode())
            raw, _ = server.next()
            true(f'"id":{text},'.encode() in raw, f"id {text}: {raw!r}")
        server.send(b'{"\\u0069d":5,"method":"ping","jsonrpc":"2.0"}')
        equal(server.next()[1], {"jsonrpc": "2.0", "id": 5, "result": {}}, "its name written with escapes")
        server.send(b'{"params":{"id":3},"id":6,"method":"ping","jsonrpc":"2.0"}')
        equal(server.next()[1]["id"], 6, "another id further in")


@test
def notifications_are_never_answered():
    with Server() as server:
        for method in ("notifications/initialized", "notifications/unknown",
                       "notifications/roots/list_changed", "ping", "tools/call", "nonsense",
                       "notifications/progress"):
            server.send({"jsonrpc": "2.0", "method": method},
                        {"jsonrpc": "2.0", "method": method, "params": [1]})
        for params in ({}, {"requestId": 999}, {"requestId": None}, {"requestId": {"a": 1}}, [],
                       {"requestId": ""}):
            server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})
        server.send({"method": "notifications/cancelled"})
        no_more(server, "notifications")


@test
def methods_and_parameters():
    rows = [("nonsense", None, -32601), ("tools/unknown", {}, -32601),
            ("logging/setLevel", {"level": "info"}, -32601), ("completion/complete", {}, -32601),
            ("notifications/initialized", {}, -32601), ("nonsense", [1], -32601),
            ("tools/call", None, -32602), ("tools/call", {}, -32602), ("tools/call", {"name": 1}, -32602),
            ("tools/call", {"name": "no\nbody\u202e"}, -32602), ("tools/call", {"name": "info"}, -32602),
            ("tools/call", {"name": "psyche_monitor", "arguments": []}, -32602), ("tools/call", [1], -32602),
            ("tools/call", {"name": "psyche_monitor", "arguments": "x"}, -32602),
            ("tools/call", {"name": "psyche_monitor", "_meta": {"progressToken": {}}}, -32602),
            ("tools/list", {"cursor": "2"}, -32602), ("resources/list", {"cursor": "2"}, -32602),
            ("resources/templates/list", {"cursor": ""}, -32602), ("prompts/list", {"cursor": "2"}, -32602),
            ("resources/read", {}, -32602), ("resources/read", {"uri": 1}, -32602),
            ("resources/read", {"uri": "psyche://references/../labels"}, -32002),
            ("resources/read", {"uri": "psyche://references/"}, -32002),
            ("resources/read", {"uri": "file:///etc/hostname"}, -32002),
            ("resources/read", {"uri": "psyche://references/nothing\u202e"}, -32002),
            ("prompts/get", {}, -32602), ("prompts/get", {"name": "x"}, -32602),
            ("prompts/get", {"name": "run"}, -32602),
            ("prompts/get", {"name": "run", "arguments": {"run": 5}}, -32602),
            ("prompts/get", {"name": "run", "arguments": {"run": ""}}, -32602),
            ("prompts/get", {"name": "run", "arguments": {"run": "x" * 500}}, -32602),
            ("prompts/get", {"name": "compare", "arguments": {"first": "x"}}, -32602),
            ("m" * 5000, None, -32601)]
    with Server() as server:
        for method, params, code in rows:
            message = server.ask(method, params)
            equal(code_of(message), code, f"{method[:40]} {str(params)[:80]}")
            text = message["error"]["message"]
            true(text.isascii() and text.isprintable() and len(text) < 200, f"bounded and clean: {text!r}")


@test
def long_lines():
    with Server() as server:
        fits = {"name": "psyche_monitor", "arguments": {"action": "list_runs", "page": "x" * 1000000}}
        equal(server.ask("tools/call", fits)["result"]["isError"], True, "1 MB: the library judges it")
        for size in (1100000, 1 << 21, 40 << 20):
            server.send(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"y" * size + b'"}}')
            message = server.next()[1]
            equal((message["id"], code_of(message)), (None, -32600), f"{size} bytes")
            equal(server.ask("ping")["result"], {}, f"{size} bytes: the next line is read")
        peak = open(f"/proc/{server.process.pid}/status").read().split("VmHWM:")[1].split()[0]
        if not IS_SANITIZED:
            within(int(peak), 60000, "kB of memory at most")
        server.send(b"z" * 1100000)
        equal(code_of(server.next()[1]), -32600, "a long line that is no JSON")
        no_more(server, "long lines")


@test
def lines_in_pieces():
    with Server() as server:
        line = pack({"jsonrpc": "2.0", "id": "piece", "method": "ping", "params": {"a": "\u00e9\U0001f600"}})
        for byte in line:
            server.process.stdin.write(bytes([byte]))
        equal(server.answer("piece")["result"], {}, "a byte at a time")
        server.send(b"\n".join(
            pack({"jsonrpc": "2.0", "id": n, "method": "ping"}).strip() for n in range(500, 1500)))
        equal([server.next()[1]["id"] for _ in range(1000)], list(range(500, 1500)),
              "a thousand at once, in order")


# --- tools ----------------------------------------------------------------------------------


def check_value(value, schema, what):
    """The few words of JSON Schema that our output schema uses."""
    types = {"object": dict, "array": list, "string": str, "boolean": bool}
    if "type" in schema:
        true(isinstance(value, types[schema["type"]]), f"{what}: no {schema['type']}")
    for name in schema.get("required", []):
        true(name in value, f"{what}: lacks {name}")
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            check_value(value[name], inner, f"{what}.{name}")


@test
def the_list_of_tools():
    with Server() as server:
        tools = server.ask("tools/list")["result"]["tools"]
    own = read_json(Lib().schema())
    equal([(t["name"], t["description"], t["inputSchema"]) for t in tools],
          [(t["name"], t["description"], t["parameters"]) for t in own], "the library's own definitions")
    for tool in tools:
        hints = dict(tool["annotations"])
        true(hints.pop("title") == tool["title"] and tool["title"], "title")
        equal(hints,
              {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": True},
              "annotations")
        equal((tool["outputSchema"]["type"], tool["outputSchema"]["required"]), ("object", ["success"]),
              "outputSchema")
        for file in sorted(ROOT.glob("tests/scenarios/*/answer.json")):
            for line in filter(None, file.read_text().splitlines()):
                check_value(json.loads(line), tool["outputSchema"], file.parent.name)
        missing = {"summary", "success", "sources", "next", "error"} - set(tool["outputSchema"]["properties"])
        equal(missing, set(), "keys that outputSchema lacks")


@test
def answers_are_the_librarys():
    requests = [{"action": "list_runs"}, {"action": "run_details", "run_id": "run-3"}, {"action": "nonsense"},
                {"action": "run_details", "run_id": "nobody"}, {"action": "contribute", "page": "Cooldown"},
                {"action": "list_runs", "limit": 2.5}, {"action": "list_runs", "limit": None},
                {"color": "red"}, {}]
    with Simulator(RUNS) as sim, Lib().at(sim.url) as monitor, Server(url=sim.url) as server:
        for request in requests:
            server.call(request, "one")
            raw, message = server.next()
            want = monitor.call({"tool": "psyche_monitor", "arguments": request})
            result = message["result"]
            equal(result["content"], [{"type": "text", "text": want.text.decode()}], f"{request}: text")
            true(b'"structuredContent":' + want.text + b"," in raw,
                 f"{request}: structuredContent byte for byte")
            equal(result["isError"], not want.json["success"], f"{request}: isError")
        for arguments in ({}, {"arguments": None}, {"arguments": {}}):
            message = server.ask("tools/call", {"name": "psyche_monitor", **arguments})
            equal(message["result"]["structuredContent"]["action"], "network_stats",
                  f"{arguments}: the default")


@test
def text_once():
    named = {**CLIENT, "clientInfo": {"name": "mcp", "version": "0.1.0"}}
    rows = [((), CLIENT, True, True), ((), named, True, False), (("--content=both", ), named, True, True),
            (("--content", "text"), CLIENT, True, False), (("--content=structured", ), CLIENT, False, True),
            (("--content=auto", ), {"protocolVersion": "2025-06-18"}, True, True)]
    for words, client, has_text, has_structure in rows:
        with Server(*words, is_open=False) as server:
            server.reader.start()
            server.ask("initialize", client)
            tool = server.ask("tools/list")["result"]["tools"][0]
            good = server.answer(server.call({"action": "contribute"}))["result"]
            bad = server.answer(server.call({"action": "nonsense"}))["result"]
            what = f"{words} {client.get('clientInfo')}"
            equal("outputSchema" in tool, has_structure, f"{what}: outputSchema")
            equal((bool(good["content"]), "structuredContent" in good), (has_text, has_structure), what)
            true(bad["isError"] and bad["content"], f"{what}: a failure's text always")
            equal("structuredContent" in bad, has_structure, f"{what}: a failure's structure")
    done = Cli(settings={"offline": True}).run("mcp", "--content=some")
    equal((done.status, done.out), (2, b""), "an unknown word")
    true(b"auto, text, structured or both" in done.err, f"what there is: {done.err!r}")


# --- resources and prompts ------------------------------------------------------------------


@test
def resources():
    names = sorted(file.stem for file in (ROOT / "references").glob("*.md"))
    with Server("--set", f"references={ROOT / 'references'}") as server:
        listed = {r["uri"]: r for r in server.ask("resources/list")["result"]["resources"]}
        for name in names:
            uri = f"psyche://references/{name}"
            row, text = listed[uri], (ROOT / "references" / f"{name}.md").read_text()
            equal((row["name"], row["mimeType"]), (name, "text/markdown"), uri)
            true(f"summary: {row['description']}" in text, f"{uri}: its summary")
            true(f"as_of: {row['annotations']['lastModified'][:10]}" in text, f"{uri}: its date")
            contents = server.ask("resources/read", {"uri": uri})["result"]["contents"]
            equal(contents, [{"uri": uri, "mimeType": "text/markdown", "text": text}], uri)
        skill = server.ask("resources/read", {"uri": "psyche://skill/network-monitor"})["result"]
        equal(skill["contents"][0]["text"], (ROOT / "SKILL.md").read_text(), "the skill")
        equal(server.ask("resources/templates/list")["result"], {"resourceTemplates": []}, "no templates")
    with Server("--set", "references=/nowhere") as server:
        uris = [r["uri"] for r in server.ask("resources/list")["result"]["resources"]]
        equal(sorted(uris), [f"psyche://references/{name}" for name in names], "those built in")
        text = server.ask("resources/read", {"uri": uris[0]})["result"]["contents"][0]["text"]
        true(text.startswith("---\n"), "their text")
    odd = SCRATCH / "odd" / "references"
    for folder in (odd / "labels.md", odd.parent / "SKILL.md"):
        folder.mkdir(parents=True)
    with Server("--set", f"references={odd}") as server:
        listed = [r["uri"] for r in server.ask("resources/list")["result"]["resources"]]
        equal(sorted(listed), sorted(uris), "folders instead of files: as without")
        uri = "psyche://references/labels"
        text = server.ask("resources/read", {"uri": uri})["result"]["contents"][0]["text"]
        true(text.startswith("---\n"), "the text that is built in")


def calls_in(text, what):
    places = [at for at in range(len(text)) if text.startswith('{"action"', at)]
    true(places, f"{what}: names a call")
    return [json.JSONDecoder().raw_decode(text[at:])[0] for at in places]


@test
def prompts():
    with Server() as server, Lib().open({"offline": True}) as monitor:
        for prompt in server.ask("prompts/list")["result"]["prompts"]:
            given = {a["name"]: 'a "run" {x}\u202e\x7f' for a in prompt["arguments"]}
            got = server.ask("prompts/get", {"name": prompt["name"], "arguments": given})["result"]
            equal([message["role"] for message in got["messages"]], ["user"], prompt["name"])
            text = got["messages"][0]["content"]["text"]
            true(text.isascii() and text.isprintable(), f"{prompt['name']}: {text}")
            for call in calls_in(text, prompt["name"]):
                answer = monitor.call(call).json
                true(answer["success"] or answer["error_code"] == "no_source", f"{call} is one")
                true(not given or call["run_id"] == 'a "run" {x}\u202e\x7f', f"{call}: the argument, exact")


sys.exit(main())
