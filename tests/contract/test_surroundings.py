#!/usr/bin/env python3
"""The command where what is around it is odd: files that cannot be read or written, terminals of any width,
words in any order; and its MCP server beside broken references, with a client whose pipe is full, and under a
heap of calls."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

from harness import (NOW, ROOT, SCRATCH, Cli, Simulator, equal, main, make_list, make_page, make_run, test,
                     true)
from mcp_pipe import CLIENT, PATIENCE_S, RUNS, TIMEOUT_MS, Server, code_of, no_more, pack
from terminal import on_terminal

OFFLINE = {"offline": True, "now": NOW}
INFO = '{"tool":"info"}'
LISTING = {"name": "psyche_monitor", "arguments": {"action": "list_runs"}}
ALL_CALLS = ("--fault", "/contributionInfo=>stall")

# --- files ----------------------------------------------------------------------------------


@test
def output_that_cannot_be_written():
    cli = Cli(settings=OFFLINE)
    for words, status in ((("--version",), 1), (("schema",), 1), (("call", INFO), 1), (("call", "{"), 2)):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(cli.command(*words), stdout=full, stderr=subprocess.PIPE,
                                  env=cli.environment, stdin=subprocess.DEVNULL, timeout=PATIENCE_S)
        equal(done.returncode, status, f"{words}: exit status on a full disk")
        equal(done.stderr, b"psyche-monitor: standard output cannot be written\n", f"{words}: what it says")


@test
def input_that_cannot_be_read():
    cli = Cli(settings=OFFLINE)
    folder = os.open("/", os.O_RDONLY)
    try:
        done = subprocess.run(cli.command("call"), stdin=folder, capture_output=True, env=cli.environment,
                              timeout=PATIENCE_S)
        equal(done.returncode, 2, "call: a folder has no request")
        true(b"no request on standard input" in done.stderr, done.stderr)
        done = subprocess.run(cli.command("mcp"), stdin=folder, capture_output=True, env=cli.environment,
                              timeout=PATIENCE_S)
        equal((done.returncode, done.stdout), (0, b""), "mcp: a folder is a client that is gone")
    finally:
        os.close(folder)


# --- words ----------------------------------------------------------------------------------


@test
def words_in_any_order():
    cli = Cli(settings=OFFLINE)
    wrong = INFO.replace("info", "inof")
    for words, stdin, status, answers in (
            (("call", INFO, wrong), "", 2, 2), (("call", wrong, INFO), "", 2, 2), (("call", "-"), INFO, 0, 1),
            (("call",), INFO + "\n" + INFO, 0, 2), (("call", "--", INFO), "", 0, 1),
            (("call", "--", "-"), INFO, 0, 1), (("--", "call", INFO), "", 0, 1), (("call", "-", "-"), "", 2, 2),
            (("call", "--", "--offline"), "", 2, 1)):
        done = cli.run(*words, stdin=stdin.encode())
        equal(done.status, status, f"{words}: exit status")
        equal(len(done.out.splitlines()), answers, f"{words}: answers")
    version, words = cli.run("--version"), cli.run("--help")
    for first, more, want in (("--version", ("call",), version), ("--help", ("call",), words),
                              ("--version", ("nothing",), version), ("--help", ("nothing",), words)):
        done = cli.run(first, *more)
        equal((done.status, done.out), (0, want.out), f"{first} {more}")
    for words, what in (
            (("cal",), "there is no command"), (("--of",), "there is no option"),
            (("--set",), "a value belongs after"),
            (("--set", "a"), "--set takes KEY=VALUE"), (("--set", "=a"), "--set takes KEY=VALUE"),
            (("mcp", "--content", "much"), "--content takes"),
            (("mcp", "--content"), "a value belongs after"),
            (("a\x01\x7fb",), 'command "a<x01><x7F>b"'), (("a\"\u00e9",), 'command "a<x22><xC3><xA9>"'),
            (("w" * 2000,), 'www..."'), (("schema", "x"), "too many words"),
            (("wallet", "x", "y"), "too many words")):
        done = Cli().run(*words)
        equal((done.status, done.out), (2, b""), f"{words}: exit status")
        true(what.encode() in done.err and done.err.count(b"\n") <= 2, f"{words}: {done.err!r}")
    done = Cli(settings={"timeout_ms": "1"}).run("--version")
    equal(done.status, 0, "a wrong setting does not keep the version back")
    true(b"ABI " in done.out, done.out)


@test
def ended_by_a_signal():
    files = {"runs.json": make_list([make_run("a")]), "run/a/0.json": make_page(make_run("a"))}
    with Simulator(files, "--fault", "/runs=>stall") as sim:
        for asked, word in enumerate((signal.SIGINT, signal.SIGTERM), 1):
            cli = Cli(sim.url, settings={"timeout_ms": "30000"})
            with cli.running("call", '{"action":"list_runs"}') as process:
                sim.wait_for(asked, "/runs")
                started = time.monotonic()
                process.send_signal(word)
                equal(process.wait(PATIENCE_S), 130, f"{word}: exit status")
                true(time.monotonic() - started < 5, f"{word}: at once")


# --- terminals ------------------------------------------------------------------------------


def screen_of(cli, columns):
    """What the doctor prints on a terminal so wide."""
    status, screen = on_terminal(cli.command("doctor"), cli.environment, columns)
    equal(status, 0, "exit status")
    return screen


@test
def widths():
    cli = Cli(settings=OFFLINE)
    words = None
    for columns, widest in ((0, 80), (120, 120), (80, 80), (57, 57), (10, 57), (1, 57)):
        screen = screen_of(cli, columns)
        words = words or screen.split()
        equal(screen.split(), words, f"{columns}: the same words")
        # A word that is longer than the line stands on one of its own.
        true(all(len(line) <= widest or " " not in line.strip() for line in screen.splitlines()),
             f"{columns}: {max(map(len, screen.splitlines()))} wide")
    true(cli.run("doctor").out.decode().split() == words, "and where there is no terminal")


# --- the MCP server --------------------------------------------------------------------------


def read_resource(server, name):
    """Its text, or the error's code."""
    message = server.ask("resources/read", {"uri": f"psyche://references/{name}"})
    return code_of(message) or message["result"]["contents"][0]["text"]


@test
def references_that_change():
    folder = SCRATCH / "changing"
    shutil.copytree(ROOT / "references", folder)
    own = folder / "own.md"
    own.write_text((folder / "labels.md").read_text().replace("# Labels", "# Own"))
    built_in = {name: (folder / f"{name}.md").read_text()
                for name in ("labels", "links", "glossary", "on-chain")}
    with Server("--set", f"references={folder}") as server:
        uris = [row["uri"] for row in server.ask("resources/list")["result"]["resources"]]
        true("psyche://references/own" in uris, f"one of the folder's own: {uris}")
        for name, text in built_in.items():
            equal(read_resource(server, name), text, name)
        (folder / "links.md").write_bytes(built_in["links"].encode() + b"x" * 70000)
        (folder / "glossary.md").write_bytes(built_in["glossary"].encode()[:300] + b"\xff\n")
        (folder / "on-chain.md").unlink()
        for name in ("links", "glossary", "on-chain"):
            equal(read_resource(server, name), built_in[name], f"{name}: the copy that was built in")
        equal(read_resource(server, "own"), own.read_text(), "its own")
        own.unlink()
        os.mkfifo(own)
        equal(read_resource(server, "own"), -32002, "a pipe in its place, and no copy")


@test
def a_folder_without_one_that_can_be_read():
    folder = SCRATCH / "unreadable"
    folder.mkdir()
    (folder / "labels.md").write_text("no front matter\n")
    (folder / "own.md").write_text("no front matter\n")
    with Server("--set", f"references={folder}") as server:
        uris = [row["uri"] for row in server.ask("resources/list")["result"]["resources"]]
        true("psyche://references/own" not in uris, f"what cannot be read is not listed: {uris}")
        true("psyche://skill/network-monitor" not in uris, "nor a skill that is not there")
        equal(read_resource(server, "labels"), (ROOT / "references" / "labels.md").read_text(), "a copy")
        equal(read_resource(server, "own"), -32002, "none of it")
        skill = server.ask("resources/read", {"uri": "psyche://skill/network-monitor"})
        equal(code_of(skill), -32002, "the skill")


@test
def what_is_quoted_back():
    shown = {"a\x7fb": "a?b", "a\"b\\": "a?b?", "tab\t": "tab?", "\u00e9": "??", "z" * 60: "z" * 60,
             "z" * 61: "z" * 60 + "..."}
    with Server() as server:
        for name, text in shown.items():
            message = server.ask("tools/call", {"name": name})["error"]["message"]
            equal(message, f'there is no tool "{text}"', f"{name!r}")
        for text, code in ((b'"' + b"\\u0061" * 60 + b'"', -32600), (b'"' + b"\\u0061" * 30 + b'"', None)):
            server.send(b'{"jsonrpc":"2.0","params":null,"method":"ping","id":' + text + b"}")
            equal(code_of(server.next()[1]), code, f"an id that is long as it is written: {text[:20]}")
        for token, code in (("t" * 257, -32602), ([], -32602), (None, -32602), (True, -32602)):
            params = {**LISTING, "_meta": {"progressToken": token}}
            equal(code_of(server.ask("tools/call", params)), code, f"token {token!r:.20}")
        for token in (0, "t", "t" * 254):
            params = {**LISTING, "_meta": {"progressToken": token}}
            true("result" in server.ask("tools/call", params), f"token {token!r:.20}")


@test
def an_answer_that_is_not_sure():
    with Server(url="http://127.0.0.1:9") as server:
        result = server.answer(server.call({"action": "run_details", "run_id": "a"}))["result"]
        equal(result["isError"], True, "no source is a failure")
        result = server.answer(server.call({"action": "contribute"}))["result"]
        equal((result["isError"], result["structuredContent"]["success"]), (False, True), "an answer is none")
    with Simulator(RUNS) as sim, Server(url=sim.url) as server:
        result = server.answer(server.call({"action": "run_details", "run_id": "run-"}))["result"]
        found = result["structuredContent"]["found"]
        equal((result["isError"], found), (False, "ambiguous"), "nor one of many")


@test
def progress_of_several():
    with Simulator(RUNS, *ALL_CALLS) as sim, Server(url=sim.url) as server:
        ids, told = [], {}
        for number in range(3):
            ids.append(server.call({"action": "pool_status"}, token=f"t{number}"))
            time.sleep(0.2)
        while not all(told.get(f"t{number}", 0) >= 2 for number in range(3)):
            params = server.wait(lambda m: m.get("method") == "notifications/progress")["params"]
            equal(params["progress"], told.get(params["progressToken"], 0), "it counts up")
            told[params["progressToken"]] = params["progress"] + 1
        for number in ids:
            true("result" in server.answer(number, TIMEOUT_MS / 1000 + PATIENCE_S), "and each is answered")


@test
def cancelled_twice():
    with Simulator(RUNS, *ALL_CALLS) as sim, Server(url=sim.url) as server:
        server.call({"action": "pool_status"}, "once")
        sim.wait_for(1, "/contributionInfo")
        server.cancel("once")
        server.cancel("once")
        no_more(server, "a call that was cancelled")


@test
def a_heap_of_large_calls():
    """Bytes that wait are bounded, not only calls."""
    with Simulator(RUNS, *ALL_CALLS) as sim, Server(url=sim.url) as server:
        for number in range(8):
            server.call({"action": "pool_status"}, f"s{number}")
        sim.wait_for(1, "/contributionInfo")
        large = {"action": "list_runs", "query": "q" * 1000000}
        for number in range(18):
            server.call(large, f"l{number}")
        refused = server.wait(lambda m: code_of(m) == -32603)
        true(refused["error"]["message"].startswith("17 calls are waiting already"), f"{refused}")
        equal(server.ask("ping")["result"], {}, "ping")


@test
def a_pipe_that_does_not_wait():
    """Whoever made the pipe may have made writing to it fail where it is full."""
    count = 2000
    cli, (ours, theirs) = Cli(settings=OFFLINE), os.pipe()
    os.set_blocking(theirs, False)
    with subprocess.Popen(cli.command("mcp"), stdin=subprocess.PIPE, stdout=theirs, stderr=subprocess.PIPE,
                          env=cli.environment) as process:
        os.close(theirs)
        asked = [{"method": "initialize", "params": CLIENT}, *({"method": "tools/list"} for _ in range(1, count))]
        given = b"".join(pack({"jsonrpc": "2.0", "id": at, **request}) for at, request in enumerate(asked))
        sender = threading.Thread(target=process.stdin.write, daemon=True, args=(given,))
        sender.start()
        time.sleep(0.5)
        with os.fdopen(ours, "rb") as lines:
            ids = [json.loads(lines.readline())["id"] for _ in range(count)]
            equal(ids, list(range(count)), "all lines, whole and in order")
            sender.join(PATIENCE_S)
            process.stdin.close()
            equal(lines.read(), b"", "and nothing else")
        equal(process.wait(PATIENCE_S), 0, "exit status")
        equal(process.stderr.read(), b"", "standard error")


sys.exit(main())
