#!/usr/bin/env python3
"""The library as a host meets it: loaded, called from many threads, forked, unloaded."""

import concurrent.futures
import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from os import environ

from harness import (FULL_BYTES, NOW, ROOT, Cli, Lib, Simulator, Skip, check_answer, check_failure, equal,
                     main, make_list, make_page, make_run, read_json, test, true, within)

LIB = Lib()
PROCESS = f"/proc/{os.getpid()}"
FILES = {"runs.json": make_list([make_run(f"run-{number}") for number in range(30)]),
         "run/run-1/0.json": make_page(make_run("run-1"))}
REQUESTS = [{"action": "list_runs"}, {"action": "list_runs", "limit": 3, "detail": "full"},
            {"action": "run_details", "run_id": "run-1"},
            {"action": "run_details", "run_id": "nobody"},
            {"action": "nonsense"}, b"{", {"tool": "info"}]
STATUSES = [0, 0, 0, 3, 2, 2, 0]


@test
def open_call_close():
    with LIB.open(None) as monitor:
        check_answer(monitor.call({"tool": "info"}), "info")
        check_answer(monitor.call({"tool": "info", "arguments": {}}), "info with no arguments")
        check_failure(monitor.call({"tool": "info", "arguments": {"x": 1}}), "bad_request", "info takes no argument")
    with LIB.open("") as monitor:
        check_answer(monitor.call({"tool": "info"}), "options of no bytes")
    LIB.c_close(None)
    LIB.c_reply_free(None)
    LIB.c_cancel(None, None, 0)
    equal(LIB.c_abi(), 1, "ABI")
    true(re.fullmatch(rb"\d+\.\d+\.\d+", LIB.c_version()), f"version {LIB.c_version()!r}")
    true(LIB.c_reply_status(LIB.c_call(None, b"{}", 2)) != 0, "no handle: a reply that says so")


@test
def texts_of_replies():
    with Simulator(FILES) as sim, LIB.at(sim.url) as monitor:
        for request, status in zip(REQUESTS, STATUSES):
            reply = monitor.call(request)
            equal(reply.status, status, f"{request}: status")
            true(reply.ends_in_nul, f"{request}: one NUL, behind the text")
            true(b"\n" not in reply.text, f"{request}: one line without its end")
            check_answer(reply, f"{request}")
        pointer = LIB.c_call(monitor.pointer, b"{}", 2)
        true(ctypes.string_at(LIB.c_reply_text(pointer, None)).startswith(b'{"summary"'),
             "a length that is not asked for")
        LIB.c_reply_free(pointer)
        empty = LIB.c_call(monitor.pointer, None, 0)
        equal(LIB.c_reply_status(empty), 2, "a request that is NULL")
        LIB.c_reply_free(empty)


@test
def a_reply_outlives_its_handle():
    monitor = LIB.open({"offline": True})
    pointer = LIB.c_call(monitor.pointer, b"{}", 2)
    monitor.close()
    check_failure_text(ctypes.string_at(LIB.c_reply_text(pointer, None)))
    LIB.c_reply_free(pointer)


def check_failure_text(text):
    equal(read_json(text)["error_code"], "no_source", "offline")


@test
def schema():
    text = LIB.schema().decode()
    tools = read_json(text)
    within(len(text), 3600, "characters")
    true("\n" not in text, "one line")
    equal([sorted(tool) for tool in tools], [["description", "name", "parameters"]] * len(tools),
          "keys of a tool")
    for tool in tools:
        check_schema(tool["parameters"], tool["name"])
        true(tool["description"] and tool["parameters"]["type"] == "object",
             f"{tool['name']}: an object, described")
    names = {tool["name"]: tool["parameters"]["properties"] for tool in tools}
    equal(list(names), ["psyche_monitor", "psyche_wallet"], "tools")
    equal(sorted(names["psyche_monitor"]), ["action", "detail", "limit", "page", "run_id"],
          "its arguments")
    equal(sorted(names["psyche_wallet"]), ["address", "detail", "limit", "page", "run_id"], "the wallet's")
    with LIB.open({"offline": True}) as monitor:
        for action in names["psyche_monitor"]["action"]["enum"]:
            answer = monitor.call({"action": action, "run_id": "x"}).json
            want = None if action == "contribute" else "no_source"  # the references answer that
            equal(answer.get("error_code"), want, f"{action} is an action")


def check_schema(part, path):
    """The subset that every host takes."""
    allowed = {"type", "properties", "additionalProperties", "description", "enum", "required",
               "items"}
    true(set(part) <= allowed, f"{path}: {sorted(set(part) - allowed)}")
    true(part.get("type") in ("object", "string", "integer", "number", "boolean", "array"),
         f"{path}: type")
    if part.get("type") == "object":
        within(len(part["properties"]), 5, f"{path}: properties")
        true(part.get("additionalProperties") is False, f"{path}: additionalProperties")
        for name, inner in part["properties"].items():
            true(inner.get("description"), f"{path}.{name}: description")
            check_schema(inner, f"{path}.{name}")


@test
def exported_names():
    listed = sorted(re.findall(r"^ +(\w+);", (ROOT / "plugin" / "psyche_monitor.map").read_text(),
                               re.M))
    out = subprocess.run(["nm", "-D", "--defined-only", str(LIB.path)], capture_output=True,
                         check=True).stdout
    found = sorted(line.split()[2].split("@")[0] for line in out.decode().splitlines()
                   if line.split()[1] != "A")
    equal(found, listed, "names")


@test
def many_threads_on_one_handle():
    with Simulator(FILES) as sim, LIB.at(sim.url) as monitor, LIB.at(sim.url) as other:
        want = [monitor.call(request).text for request in REQUESTS]

        def work(number):
            wrong = 0
            for turn in range(60):
                at = (number + turn) % len(REQUESTS)
                handle = other if (number + turn) % 3 == 0 else monitor
                if turn % 20 == 7:
                    handle.cancel(f"nobody-{number}")
                wrong += handle.call(REQUESTS[at]).text != want[at]
            return wrong
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            equal(sum(pool.map(work, range(16))), 0, "answers of 960 calls that differ")


@test
def handles_opened_and_closed_by_many():
    with Simulator(FILES) as sim:
        def work(_):
            for _ in range(10):
                with LIB.at(sim.url) as monitor:
                    if monitor.call({}).status:
                        return 1
            return 0
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            equal(sum(pool.map(work, range(8))), 0, "threads with a wrong answer")
        time.sleep(0.2)
        names = [thread_name(task) for task in os.listdir(f"{PROCESS}/task")]
        within(len(names), threading.active_count() + 1, f"threads left behind: {names}")


def thread_name(task):
    try:
        with open(f"{PROCESS}/task/{task}/comm") as file:
            return file.read().strip()
    except OSError:
        return "gone"


def in_child(work, seconds=20):
    """Runs work() in a fork; what it returns, as JSON would give it back."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(seconds)
            os.write(write_end, json.dumps(work()).encode())
            os._exit(0)
        except BaseException as trouble:
            os.write(write_end, json.dumps(repr(trouble)).encode())
            os._exit(1)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(text) if text else None, os.waitstatus_to_exitcode(status)


@test
def fork():
    with Simulator(FILES) as sim, LIB.at(sim.url) as monitor:
        before = monitor.call({}).text

        def child():
            inherited = monitor.call({})
            info = monitor.call({"tool": "info"})
            monitor.cancel(None)
            seconds = monitor.close()
            with LIB.at(sim.url) as own:
                answer = own.call({}).text.decode()
            return [inherited.text.decode(), inherited.status, info.status, seconds, answer]
        result, status = in_child(child)
        if not true(status == 0 and isinstance(result, list),
                    f"the child ended with {status}: {result}"):
            return
        equal(read_json(result[0])["error_code"], "forked", "the inherited handle")
        equal(result[1:3], [1, 1], "statuses of the inherited handle")
        within(result[3], 0.2, "seconds to close it")
        equal(result[4].encode(), before, "a handle of its own answers")
        equal(monitor.call({}).text, before, "the parent goes on")
        equal(monitor.call({"action": "run_details", "run_id": "run-1"}).status, 0,
              "the parent's network thread goes on")


@test
def fork_during_calls():
    """A child made while other threads are inside the library still answers and closes."""
    with Simulator(FILES, "--fault", "/run/=>stall") as sim, LIB.at(sim.url) as monitor:
        calls = [monitor.start({"tool": "psyche_monitor",
                                "arguments": {"action": "run_details", "run_id": f"x{number}"},
                                "timeout_ms": 3000}) for number in range(4)]
        sim.wait_for(4, "/run/")

        def child():
            code = read_json(monitor.call({}).text)["error_code"]
            monitor.close()
            return code
        for _ in range(5):
            equal(in_child(child), ("forked", 0), "code, exit status of the child")
        monitor.cancel(None)
        equal([call.result(5).status for call in calls], [130] * 4, "the parent's calls")


@test
def unloaded_and_loaded_again():
    program = f"""
import ctypes, sys
for turn in range(100):
    library = ctypes.CDLL(sys.argv[1])
    for name in ("open", "call", "reply_text"):
        getattr(library, "psyche_monitor_" + name).restype = ctypes.c_void_p
    options = b'{{"override":{{"dashboard.url":"' + sys.argv[2].encode() + b'"}}}}'
    monitor = library.psyche_monitor_open(options, ctypes.c_size_t(len(options)))
    request = b'{{"action":"list_runs"}}'
    length = ctypes.c_size_t(len(request))
    reply = library.psyche_monitor_call(ctypes.c_void_p(monitor), request, length)
    text = ctypes.string_at(library.psyche_monitor_reply_text(ctypes.c_void_p(reply), None))
    assert text.startswith(b'{{"summary"'), text
    library.psyche_monitor_reply_free(ctypes.c_void_p(reply))
    library.psyche_monitor_close(ctypes.c_void_p(monitor))
    handle = library._handle
    del library
    ctypes.CDLL(None).dlclose(ctypes.c_void_p(handle))
print("done")
"""
    with Simulator(FILES) as sim:
        done = subprocess.run([sys.executable, "-c", program, str(LIB.path), sim.url],
                              capture_output=True, timeout=60)
        equal((done.returncode, done.stdout, done.stderr), (0, b"done\n", b""), "100 times")


@test
def signals_stay_with_the_host():
    """The network thread blocks them all: the host's own threads get them."""
    with Simulator(FILES, "--fault", "/run/=>stall") as sim, LIB.at(sim.url) as monitor:
        tasks = set(os.listdir(f"{PROCESS}/task"))
        monitor.call({})
        new = set(os.listdir(f"{PROCESS}/task")) - tasks
        equal(len(new), 1, "threads that the first call started")
        for task in new:
            with open(f"{PROCESS}/task/{task}/status") as file:
                blocked = int(re.search(r"^SigBlk:\s*(\w+)", file.read(), re.M).group(1), 16)
            ends = [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGCHLD, signal.SIGALRM,
                    signal.SIGPIPE]
            true(all(blocked >> (number - 1) & 1 for number in ends),
                 f"signals that it blocks: {blocked:x}")
        got = []
        previous = {number: signal.signal(number, lambda number,
                                          frame: got.append(threading.current_thread()))
                    for number in (signal.SIGUSR1, signal.SIGPIPE)}
        handlers = {number: signal.getsignal(number) for number in range(1, 32)
                    if number not in (9, 19)}
        try:
            call = monitor.start({"tool": "psyche_monitor", "timeout_ms": 600,
                                  "arguments": {"action": "run_details", "run_id": "x"}})
            for _ in range(20):
                os.kill(os.getpid(), signal.SIGUSR1)
                time.sleep(0.005)
            within(call.result(5).seconds, 1.2, "a call under signals: seconds")
            true(got and set(got) == {threading.main_thread()}, f"handled by {set(got)}")
            equal({number: signal.getsignal(number) for number in handlers}, handlers, "handlers")
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


@test
def a_quiet_guest():
    """Nothing is printed, and the host's world stays as it was."""
    program = """
import locale, os, sys
sys.path.insert(0, sys.argv[1])
from harness import Lib
lib = Lib()
state = lambda: (locale.setlocale(locale.LC_ALL), os.getcwd(), dict(os.environb), os.umask(0o22))
open_files = lambda: os.listdir(f"/proc/{os.getpid()}/fd")
before, files = state(), len(open_files())
for url in sys.argv[2:]:
    with lib.at(url, now=None) as monitor:
        for request in ("{", '{"tool":"info"}', "{}", '{"action":"run_details","run_id":"run-1"}'):
            monitor.call(request)
assert state() == before, (state(), before)
import time
time.sleep(0.2)
assert len(open_files()) == files, open_files()
"""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(Simulator(FILES, "--fault", fault)).url
                for fault in ("slow=0", "html", "reset")]
        here = str(ROOT / "tests" / "contract")
        done = subprocess.run([sys.executable, "-c", program, here, *urls], capture_output=True,
                              timeout=60)
        equal((done.returncode, done.stdout, done.stderr), (0, b"", b""),
              "status, standard output, standard error")


@test
def nothing_is_left_behind():
    """Handles that come and go leave no memory, no thread and no open file."""
    def held():
        with open(f"{PROCESS}/statm") as file:
            memory_kb = int(file.read().split()[1]) * 4
        return memory_kb, len(os.listdir(f"{PROCESS}/fd"))

    def use(times):
        for number in range(times):
            with LIB.at(sim.url) as monitor:
                monitor.call(REQUESTS[number % len(REQUESTS)])
        time.sleep(0.2)
        return held()
    with Simulator(FILES) as sim:
        memory_kb, files = use(100)
        memory_kb_after, files_after = use(500)
        within(memory_kb_after - memory_kb, 2000, "kB more after 500 handles")
        equal(files_after, files, "open files")


@test
def a_comma_for_a_decimal_point():
    """A host with another locale gets the same bytes."""
    names = subprocess.run(["locale", "-a"], capture_output=True).stdout.decode().split()
    chosen = next((name for name in names if name.lower().startswith(("de_de.utf", "fr_fr.utf"))),
                  None)
    if not chosen:
        raise Skip("no locale with a decimal comma is installed")
    program = """
import ctypes, sys
sys.path.insert(0, sys.argv[1])
from harness import Lib
assert ctypes.CDLL(None).setlocale(6, sys.argv[3].encode()) != 0
ctypes.CDLL(None).setlocale.restype = ctypes.c_char_p
with Lib().at(sys.argv[2]) as monitor:
    sys.stdout.buffer.write(monitor.call({"detail": "full"}).text)
"""
    with Simulator(FILES) as sim, LIB.at(sim.url) as monitor:
        done = subprocess.run([sys.executable, "-c", program, str(ROOT / "tests" / "contract"),
                               sim.url, chosen],
                              capture_output=True, timeout=60)
        equal(done.stdout, monitor.call({"detail": "full"}).text,
              f"locale {chosen}: {done.stderr[-300:]!r}")


@test
def a_note_of_the_host():
    """The last of the notes of each answer, cleaned; whole or refused."""
    note = "The library is older than its sources; run: make"
    requests = [{"action": action, "run_id": "run-1"} for action in
                ("list_runs", "run_details", "checkpoints", "pool_status", "network_stats")]
    requests += [{"action": "contribute"}, {"action": "contribute", "page": "Cooldown"},
                 {"action": "run_details", "run_id": "nobody"}, {"action": "list_runs", "page": "g.runs.3"}]
    with Simulator(FILES) as sim, LIB.at(sim.url) as plain, LIB.at(sim.url, host_note=note) as noted:
        for request in requests:
            before, after = plain.call(request).json, noted.call(request).json
            if before["success"]:         # pool_status has no source here
                equal(after["notes"], before["notes"] + [note], f"{request}")
                check_answer(noted.call(request), f"{request}", FULL_BYTES)
            else:
                equal(list(after), list(before), f"{request}: a failed call has no notes")
        equal(noted.call({"tool": "info"}).status, 0, "info")
        for given, shown in [("a\u202eb\x1b[0m\n  c ", "a<U+202E>b<U+1B>[0m c"), ("x" * 300, "x" * 300),
                             ('say "error": x', 'say "error": x'), ("\u202e" * 100, None)]:
            with LIB.at(sim.url, host_note=given) as monitor:
                reply = monitor.call({})
                check_answer(reply, f"{given[:20]!r}")
                last = reply.json["notes"][-1]
                true(last == shown or (shown is None and len(last.encode()) <= 300 and last.endswith("…")),
                     f"{given[:20]!r}: {last!r}")
        for given in ("", " \n", None):
            with LIB.open({"host_note": given, "now": NOW, "override": {"dashboard.url": sim.url}}) as monitor:
                equal(monitor.call({}).json["notes"], plain.call({}).json["notes"], f"{given!r}: no note")
        command = Cli(sim.url, {"now": NOW, "host_note": note})
        equal(command.ask({}).json["notes"][-1], note, "--set host_note=")
    for given in ("x" * 301, "é" * 151, 5, ["x"], {"x": 1}, True):
        with LIB.open({"host_note": given}) as monitor:
            failure = monitor.call({})
            check_failure(failure, "bad_config", f"{str(given)[:20]}")
            true("host_note" in failure.json["error"], f"names the option: {failure.json['error']}")


@test
def a_frozen_clock_gives_the_same_bytes():
    with Simulator(FILES) as sim:
        texts = set()
        for _ in range(3):
            with LIB.at(sim.url) as monitor:
                texts.add(monitor.call({"action": "list_runs"}).text)
        equal(len(texts), 1, "answers of three handles")
        cli = Cli(sim.url, {"now": NOW})
        equal(cli.ask({"action": "list_runs"}).text, texts.pop() + b"\n", "and of the command")
        with LIB.at(sim.url, now=None) as monitor:
            row = monitor.call({"action": "list_runs"}).json["sources"][0]
            true(row["host"].endswith(f":{sim.port}"), "without a frozen clock the port is named")


sys.exit(main())
