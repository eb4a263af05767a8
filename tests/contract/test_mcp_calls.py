#!/usr/bin/env python3
"""Several calls of one MCP client at once, cancelling, progress, and every way in which it may leave."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time

from harness import Cli, Simulator, equal, main, read_json, side_by_side, test, true, within
from mcp_pipe import CLIENT, IS_SANITIZED, PATIENCE_S, RUNS, Server, code_of, no_more, pack

STALL = ("--fault", "/run/run-1=>stall", "--fault", "/contributionInfo=>stall")
STALLED = {"action": "pool_status"}

# --- several calls --------------------------------------------------------------------------


@test
def a_hundred_calls_between_each_other():
    with Simulator(RUNS, "--latency", 20) as sim, Server(url=sim.url) as server:
        ids = [(number if number % 2 else str(number)) for number in range(1000, 1100)]
        for at, request_id in enumerate(ids):
            server.call({"action": "run_details", "run_id": f"run-{at % 40}"}, request_id)
            if at % 10 == 0:
                server.start("ping", None, f"ping {at}")
        for at, request_id in enumerate(ids):
            answer = server.answer(request_id)["result"]["structuredContent"]
            equal(answer["run_id"], f"run-{at % 40}", f"call {request_id!r}")
        for at in range(0, 100, 10):
            equal(server.answer(f"ping {at}")["result"], {}, "pings between them")
        no_more(server, "afterwards")


@test
def cancelling():
    with Simulator(RUNS, *STALL) as sim, Server(url=sim.url) as server:
        server.call(STALLED, 1)
        server.call(STALLED, "1")
        server.call(STALLED, 2, token="t")
        sim.wait_for(1, "/contributionInfo")
        started = time.monotonic()
        server.cancel(1, reason="test")
        for request_id in (2, 2, 3):
            server.cancel(request_id)
        equal(server.call({"action": "list_runs"}, 5), 5, "another call goes on")
        true("result" in server.answer(5), "and is answered")
        within(time.monotonic() - started, 1.5, "seconds until then")
        time.sleep(0.3)
        server.call({"action": "list_runs"}, 1)
        answer = server.answer(1)["result"]["structuredContent"]
        equal(answer["action"], "list_runs", "the id is free again, and not cancelled")
        told = len([m for m in server.kept if m.get("method") == "notifications/progress"])
        equal(server.answer("1")["result"]["isError"], True, 'the string "1" is another id')
        equal([m for m in server.kept if m.get("id") == 2], [], "no answer for one that was cancelled")
        within(len([m for m in server.kept if m.get("method") == "notifications/progress"]), told,
               "no progress either")
        no_more(server, "cancelled calls")


@test
def cancelling_what_still_waits():
    with Simulator(RUNS, *STALL) as sim, Server(url=sim.url) as server:
        for number in range(8):
            server.call(STALLED, f"busy {number}")
        for number in range(20):
            server.call({"action": "list_runs"}, f"waiting {number}")
        for number in range(0, 20, 2):
            server.cancel(f"waiting {number}")
        equal(server.ask("ping", seconds=1)["result"], {}, "ping while eight calls stall")
        for number in range(8):
            server.cancel(f"busy {number}")
        for number in range(1, 20, 2):
            true("result" in server.answer(f"waiting {number}", 5), f"waiting {number}")
        no_more(server, "those that waited")


@test
def limits_of_the_queue():
    with Simulator(RUNS, *STALL) as sim, Server(url=sim.url) as server:
        for number in range(8):
            server.call(STALLED, number + 1)
        server.call(STALLED, 1)
        equal(code_of(server.answer(1, 2)), -32600, "an id that is under way")
        sim.wait_for(1, "/contributionInfo")
        for number in range(300):
            server.call({"action": "list_runs"}, f"w{number}")
        refused = server.wait(lambda m: code_of(m) == -32603, 5)
        true("waiting" in refused["error"]["message"], f"says why: {refused}")
        server.call(STALLED, "w0")
        equal(code_of(server.wait(lambda m: m.get("id") == "w0", 5)), -32600, "also one that waits")
        equal(server.ask("ping", seconds=1)["result"], {}, "ping")
        status, seconds, _ = server.end()
        equal(status, 0, "exit status")
        within(seconds, 1.0, "seconds until the end, hundreds waiting")


@test
def progress():
    with Simulator(RUNS, "--fault", "/runs=>slow=2600") as sim, Server(url=sim.url) as server:
        server.call({"action": "list_runs"}, "call", token="tok")
        server.call({"action": "contribute", "page": "labels"}, "quick", token=7)
        server.call({"action": "list_runs"}, "silent")
        messages = []
        while {"call", "quick", "silent"} - {m.get("id") for m in messages}:
            messages.append(server.next()[1])
        told = [m["params"] for m in messages if m.get("method") == "notifications/progress"]
        slow = [p for p in told if p["progressToken"] == "tok"]
        true(2 <= len(slow) <= 5, f"at the start and each second: {slow}")
        true(all(a["progress"] < b["progress"] for a, b in zip(slow, slow[1:])), "it increases")
        true(all(p["message"] for p in slow), "and says what is waited for")
        equal(len([p for p in told if p["progressToken"] == 7]) >= 1, True, "a quick one: at least once")
        equal({p["progressToken"] for p in told}, {"tok", 7}, "only where it was asked for")
        time.sleep(1.2)
        no_more(server, "no progress after the answer")
        equal([m for m in server.kept if m.get("params", {}).get("progressToken")], [], "none at all")


# --- ends -----------------------------------------------------------------------------------


@test
def the_end_of_input():
    def at_once():
        with Server() as server:
            status, seconds, rest = server.end()
            equal((status, rest), (0, []), "at rest")
            within(seconds, 0.3, "at rest: seconds")

    def in_a_line():
        with Server() as server:
            server.process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}')
            equal(server.end()[::2], (0, []), "in the middle of a line: it is no message")

    def during_calls():
        with Simulator(RUNS, *STALL) as sim, Server(url=sim.url) as server:
            for number in range(20):
                server.call(STALLED, number, token=number)
            sim.wait_for(1, "/contributionInfo")
            status, seconds, rest = server.end()
            equal(status, 0, "during calls")
            within(seconds, 0.5, "during calls: seconds")
            true(all(b"notifications/progress" in line for line in rest), f"no answers to them: {rest[:3]}")

    side_by_side(at_once, in_a_line, during_calls)


@test
def answers_before_the_end():
    asked = [{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": CLIENT},
             *[{"jsonrpc": "2.0", "id": number, "method": "tools/list"} for number in range(1, 30)]]
    done = Cli(settings={"offline": True}).run("mcp", stdin=b"".join(map(pack, asked)))
    equal([read_json(line)["id"] for line in done.out.splitlines()], list(range(30)),
          "all from a pipe that ends")
    equal((done.status, done.err), (0, b""), "exit status")


@test
def signals():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Simulator(RUNS, *STALL) as sim, Server(url=sim.url) as server:
            server.call(STALLED)
            sim.wait_for(1, "/contributionInfo")
            started = time.monotonic()
            server.process.send_signal(number)
            status, seconds, _ = server.ended(started)
            equal(status, 0, number.name)
            within(seconds, 0.5, f"{number.name}: seconds")


def lose_the_reader(is_asked):
    """Standard output leads to another process, which is killed; does the program notice?"""
    cli = Cli(settings={"offline": True})
    reader, writer = os.pipe()
    keeper = subprocess.Popen(["sleep", "60"], stdin=reader)
    process = subprocess.Popen(cli.command("mcp"), env=cli.environment, stdin=subprocess.PIPE, stdout=writer,
                               stderr=subprocess.PIPE, bufsize=0)
    os.close(reader)
    os.close(writer)
    try:
        time.sleep(0.3)
        started = time.monotonic()
        keeper.kill()
        if is_asked:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(pack({"jsonrpc": "2.0", "id": 1, "method": "ping"}))
        equal(process.wait(PATIENCE_S), 0, f"asked {is_asked}: exit status")
        within(time.monotonic() - started, 0.6, f"asked {is_asked}: seconds after its reader was killed")
        equal(process.stderr.read(), b"", f"asked {is_asked}: standard error")
    finally:
        for each in (keeper, process):
            each.kill()
            each.wait()
        process.stdin.close()
        process.stderr.close()


@test
def a_reader_that_is_gone():
    side_by_side(lambda: lose_the_reader(True), lambda: lose_the_reader(False))


@test
def a_client_that_does_not_read():
    server = Server(is_open=False)
    try:
        process = server.process
        server.send({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": CLIENT})
        os.set_blocking(process.stdin.fileno(), False)
        line, end = pack({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}), time.monotonic() + 20
        quiet = 0
        while quiet < 10 and time.monotonic() < end:  # until it takes no more
            if process.stdin.write(line * 100):
                quiet = 0
            else:
                quiet += 1
                time.sleep(0.05)
        true(quiet == 10, "it stops asking for more")
        size = open(f"/proc/{process.pid}/status").read().split("VmRSS:")[1].split()[0]
        if not IS_SANITIZED:
            within(int(size), 60000, "kB of memory by then")
        started = time.monotonic()
        process.stdin.close()
        equal(process.wait(PATIENCE_S), 0, "it ends all the same")
        within(time.monotonic() - started, 2 if IS_SANITIZED else 0.6, "seconds")
    finally:
        server.__exit__(None)


@test
def a_client_that_reads_late():
    with Server(is_open=False) as server:
        server.send({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": CLIENT})
        asked = [{"jsonrpc": "2.0", "id": number, "method": "tools/list"} for number in range(1, 5000)]
        sender = threading.Thread(target=server.send, args=asked, daemon=True)
        sender.start()
        time.sleep(1)
        server.reader.start()
        equal([server.next()[1]["id"] for _ in range(5000)], list(range(5000)),
              "nothing is lost, all in order")
        sender.join(PATIENCE_S)


@test
def little_memory():
    if IS_SANITIZED:
        return
    many = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[' + b"0," * 500000 + b"0]}}"
    with Server() as server:
        has_kb = int(open(f"/proc/{server.process.pid}/status").read().split("VmSize:")[1].split()[0])
        most = (has_kb << 10) + (6 << 20)
        resource.prlimit(server.process.pid, resource.RLIMIT_AS, (most, most))
        for _ in range(20):
            server.send(many)
            message = server.next()[1]
            equal((code_of(message), message["error"]["message"]), (-32603, "memory ran out"), "refused")
        server.call({"action": "contribute"}, "call")
        answer = server.answer("call")
        true(code_of(answer) == -32603 or answer["result"], "a call: answered or refused")
        no_more(server, "little memory")


sys.exit(main())
