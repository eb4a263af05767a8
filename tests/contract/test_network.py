#!/usr/bin/env python3
"""What the network may do to a call: each fault by its name, and time kept in spite of it."""

import concurrent.futures
import contextlib
import email.utils
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from os import environ

from harness import (DEAD_RESOLVER, ROOT, SCRATCH, Cli, Lib, Simulator, check_answer,
                     check_failure, equal, main, make_certificates, make_list, make_page, make_run,
                     test, true, within, write_folder)

LIB = Lib()
RUNS = make_list([make_run("a"), make_run("b")])
FILES = {"runs.json": RUNS, "elsewhere.json": RUNS, "run/a/0.json": make_page(make_run("a")),
         "run/b/0.json": make_page(make_run("b")),
         "run/hidden/0.json": make_page(make_run("hidden"))}
SLACK_S = 0.5                              # what a call may take beyond its deadline
CANCEL_S, CLOSE_S = 0.1, 0.2
DELAY_S = 0.05                             # what a stalled call may cost another one


def details(run_id="a", **envelope):
    return {"tool": "psyche_monitor", "arguments": {"action": "run_details", "run_id": run_id},
            **envelope}


def listing(**envelope):
    return {"tool": "psyche_monitor", "arguments": {"action": "list_runs"}, **envelope}


@contextlib.contextmanager
def asking(*faults, **options):
    """(simulator with these faults, handle that asks it)"""
    words = [word for fault in faults for word in ("--fault", fault)]
    with Simulator(FILES, *words) as sim, LIB.at(sim.url, **options) as monitor:
        yield sim, monitor


def check_status(reply, word, what, hint=""):
    """The call failed for want of a source, which says so in this word."""
    check_failure(reply, "no_source", what)
    rows = reply.json.get("sources", [])
    equal([row["status"] for row in rows], [word] * len(rows), f"{what}: status")
    true(rows and all(hint in row["problem"] for row in rows), f"{what}: {rows} lacks {hint!r}")


# --- faults by name -------------------------------------------------------------------------

# fault, what the answer calls it, how many requests list_runs sends
FAULTS = [
    ("stall", "timeout", 1), ("stall-body", "timeout", 1), ("stall-body=100", "timeout", 1),
    ("drip=1/100", "timeout", 1), ("bad-length=10", "timeout", 1),
    ("truncate=0", "broken_off", 1), ("truncate=100", "broken_off", 1), ("reset", "broken_off", 1),
    ("reset=100", "broken_off", 1), ("bad-chunk", "broken_off", 1),
    ("status=204", "http_status", 1), ("status=304", "http_status", 1),
    ("status=403", "http_status", 1), ("status=404", "http_status", 1),
    ("status=418", "http_status", 1),
    ("status=429", "rate_limited", 1), ("status=429+retry-after=100", "rate_limited", 1),
    ("status=429+retry-after=nonsense", "rate_limited", 1),
    ("status=500", "unavailable", 2), ("status=502", "unavailable", 2),
    ("status=503", "unavailable", 2), ("status=503+retry-after=nonsense", "unavailable", 2),
    ("status=503+retry-after=100", "unavailable", 1),
    ("status=301", "redirected", 1), ("redirect=/runs", "redirected", 4),
    ("redirect=/run/a/0?", "redirected", 1), ("redirect=file:///etc/hostname", "redirected", 1),
    ("redirect=http://127.0.0.2/", "redirected", 1),
    ("redirect=//127.0.0.1:1/runs", "redirected", 1),
    ("redirect=ftp://127.0.0.1/", "redirected", 1),
    ("error-object", "source_fault", 1),
    ("html", "not_json", 1),
    ("html+status=502", "unavailable", 2),
    ("not-json", "not_json", 1), ("empty", "not_json", 1), ("bad-length=-10", "not_json", 1),
    ("deep=10", "bad_reply", 1), ("deep=1000000", "bad_reply", 1),
    ("huge", "too_large", 1), ("gzip-bomb", "too_large", 1),
]


def try_fault(fault, word, requests):
    times = {"timeout_ms": 700} if word == "timeout" else {}
    most_s = 0.7 + SLACK_S if times else 8     # and not the whole deadline
    if fault.startswith("redirect=/run/"):  # another route of the same host: not understood there
        word, requests = "bad_reply", 2
    with asking(f"/runs=>{fault}") as (sim, monitor):
        reply = monitor.call(listing(**times))
        check_status(reply, word, f"/runs {fault}")
        within(reply.seconds, most_s, f"/runs {fault}: seconds")
        equal(len(sim.log()), requests, f"/runs {fault}: requests")
    with asking(f"/runs=>{fault}", override={"patience_ms": 400}) as (sim, monitor):
        reply = monitor.call(details(**times))
        check_answer(reply, f"run_details, /runs {fault}")
        if true(reply.json.get("found") is True, f"run_details, /runs {fault}: {reply.text[:300]}"):
            equal(reply.json["tracked"].get("params"), "8000000000",
                  f"run_details, /runs {fault}: facts of the page")
            equal(list(reply.source_words()), ["/runs"],
                  f"run_details, /runs {fault}: silent sources")
    with asking(f"/run/=>{fault}", override={"patience_ms": 400}) as (sim, monitor):
        reply = monitor.call(details(**times))
        check_answer(reply, f"run_details, /run {fault}")
        if true(reply.json.get("found") is True, f"run_details, /run {fault}: {reply.text[:300]}"):
            equal(reply.json["tracked"].get("params"), "8000000000",
                  f"run_details, /run {fault}: facts of the list")
            equal(list(reply.source_words()), ["/run"],
                  f"run_details, /run {fault}: silent sources")
    if requests == 1:
        with asking(fault) as (sim, monitor):
            reply = monitor.call(details(**times))
            check_status(reply, word, f"all {fault}")
            within(reply.seconds, most_s, f"all {fault}: seconds")


@test
def faults_by_name():
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(try_fault, *row) for row in FAULTS]:
            done.result()


@test
def bytes_that_are_no_text():
    for fault, shown in (("invalid-utf8", b"<xFF>"), ("nul", b"<U+0>")):
        with asking(fault) as (sim, monitor):     # in the first text of each reply
            reply = monitor.call(listing())
            check_answer(reply, f"/runs {fault}")
            true(shown in reply.text, f"/runs {fault}: it is shown: {reply.text[:300]}")
            equal(reply.json.get("found"), True, f"/runs {fault}: the rest stands")
            reply = monitor.call(details())
            check_answer(reply, f"/run {fault}")
            equal(reply.json.get("found"), True, f"/run {fault}: the rest stands")
            equal(list(reply.source_words()), [], f"/run {fault}: silent sources")


@test
def a_source_says_when_to_come_back():
    soon = email.utils.formatdate(time.time() + 2.5, usegmt=True)  # tried first: soon it is over
    for fault, least_s, most_s in ((f"status=503+retry-after={soon}+times=1", 0.9, 4),
                                   ("status=503+times=1", 0.2, 1),
                                   ("status=503+retry-after=1+times=1", 0.9, 2),
                                   ("status=429+retry-after=1+times=1", 0.9, 2)):
        with asking(f"/runs=>{fault}") as (sim, monitor):
            reply = monitor.call(listing())
            equal(reply.status, 0, f"{fault}: answered in the end: {reply.text[:300]}")
            equal(len(sim.log()), 2, f"{fault}: requests")
            true(least_s <= reply.seconds <= most_s, f"{fault}: {reply.seconds:.2f} s")
    for fault, word in (("status=429+retry-after=3", "rate_limited"),
                        ("status=503+retry-after=3", "unavailable")):
        with asking(f"/runs=>{fault}") as (sim, monitor):   # does not fit: said at once
            reply = monitor.call(listing(timeout_ms=1000))
            check_status(reply, word, f"{fault} in a second", "3 s")
            within(reply.seconds, 0.5, f"{fault}: seconds")
            equal(len(sim.log()), 1, f"{fault}: requests")
    with asking("/runs=>error-object=an index of one+times=1") as (sim, monitor):
        check_status(monitor.call(listing()), "source_fault", "the source's own fault",
                     "an index of one")
        equal(len(sim.log()), 1, "it is not asked again")


@test
def redirects():
    to_other_port = socket.create_server(("127.0.0.1", 0))
    other = f"http://127.0.0.1:{to_other_port.getsockname()[1]}/elsewhere"
    hops = [f"/h{at}=>redirect=/h{at + 1}" for at in range(1, 4)]
    follows = [["/runs=>redirect=/elsewhere"], ["/runs=>redirect=/elsewhere+status=307"],
               ["/runs=>redirect=elsewhere+status=308"],
               ["/runs=>redirect=/h2", *hops[1:2], "/h3=>redirect=/elsewhere"]]
    for faults in follows:
        with asking(*faults) as (sim, monitor):
            equal(monitor.call(listing()).status, 0, f"{faults}: followed")
    with asking("/runs=>redirect=/h1", *hops, "/h4=>redirect=/elsewhere") as (sim, monitor):
        check_status(monitor.call(listing()), "redirected", "five hops", "more than 3")
        equal(len(sim.log()), 4, "three hops are followed")
    with asking(f"/runs=>redirect={other}") as (_, monitor):
        check_status(monitor.call(listing()), "redirected", "another port", "127.0.0.1")
    to_other_port.settimeout(0.1)
    with contextlib.suppress(socket.timeout):
        to_other_port.accept()
        true(False, "the other port was asked")
    to_other_port.close()


class RawServer:
    """Answers each connection's first bytes with these; `silence` keeps it open then."""

    def __init__(self, answer, silence=False):
        self.answer, self.silence = answer, silence
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.open = []

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.open:
            connection.close()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection = self.listener.accept()[0]
                self.open.append(connection)
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with contextlib.suppress(OSError):
            connection.recv(65536)
            for piece in self.answer:
                connection.sendall(piece)
            if not self.silence:
                connection.close()


@test
def servers_of_all_kinds():
    body = json.dumps(RUNS).encode()
    packed = gzip.compress(body)
    half = len(body) // 2
    chunks = b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (half, body[:half], len(body) - half,
                                                         body[half:])

    def head(*lines, status=b"200 OK"):
        return b"\r\n".join([b"HTTP/1.1 " + status, *lines, b"", b""])
    good = {"no length, closed": [head() + body],
            "HTTP/1.0": [head().replace(b"1.1", b"1.0") + body],
            "chunks": [head(b"Transfer-Encoding: chunked") + chunks],
            "gzip": [head(b"Content-Encoding: gzip", b"Content-Length: %d" % len(packed)) + packed],
            "another type": [head(b"Content-Type: text/plain") + body],
            "a byte order mark": [head() + b"\xef\xbb\xbf" + body],
            "white space": [head() + b" \r\n\t" + body + b"\n "],
            "100 first": [b"HTTP/1.1 100 Continue\r\n\r\n" + head() + body],
            "cookies": [head(b"Set-Cookie: a=b", b"Link: <http://127.0.0.1:1/>; rel=next") + body]}
    bad = {"nothing": ([], {"broken_off"}),
           "no HTTP": ([b"SSH-2.0-x\r\n"], {"bad_reply", "broken_off"}),
           "noise": ([os.urandom(4096)], {"bad_reply", "broken_off"}),
           "half a head": ([b"HTTP/1.1 200 OK\r\nContent-Le"],
                           {"bad_reply", "broken_off", "not_json"}),
           "endless head": ([b"HTTP/1.1 200 OK\r\n"] + [b"X-Y: " + b"z" * 60000 + b"\r\n"] * 500,
                            {"bad_reply", "broken_off", "too_large"}),
           "unknown packing": ([head(b"Content-Encoding: zzz") + body], {"bad_reply"}),
           "broken packing": ([head(b"Content-Encoding: gzip") + packed[:10] + b"\xff" * 99],
                              {"bad_reply"}),
           "broken chunks": ([head(b"Transfer-Encoding: chunked") + b"zz\r\n"],
                             {"bad_reply", "broken_off"}),
           "two objects": ([head() + body + body], {"not_json"}),
           "an array": ([head() + b"[]"], {"bad_reply"}),
           "an empty object": ([head() + b"{}"], {"bad_reply"}),
           "text": ([head() + b'"runs"'], {"bad_reply"}),
           "runs is no list": ([head() + b'{"runs":5}'], {"bad_reply"}),
           "null": ([head() + b"null"], {"bad_reply"}),
           "half an object": ([head() + body[:half]], {"not_json"}),
           "a page as XML": ([head() + b"  <?xml?>"], {"not_json"}),
           "17 MB without an end": ([head()] + [b" " * (1 << 20)] * 17, {"too_large"})}
    for name, answer in good.items():
        with RawServer(answer) as server, LIB.at(server.url) as monitor:
            reply = monitor.call(listing())
            equal(reply.status, 0, f"{name}: {reply.text[:300]}")
    for name, (answer, words) in bad.items():
        with RawServer(answer) as server, LIB.at(server.url) as monitor:
            reply = monitor.call(listing(timeout_ms=3000))
            check_failure(reply, "no_source", name)
            word = reply.json["sources"][0]["status"]
            true(word in words, f"{name}: {word} ({reply.json['sources'][0]['problem']})")
    with RawServer([head(b"Content-Length: 9") + b"{"],
                   silence=True) as server, LIB.at(server.url) as monitor:
        check_status(monitor.call(listing(timeout_ms=300)), "timeout", "a body that does not end")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with LIB.at(f"http://127.0.0.1:{port}") as monitor:
        reply = monitor.call(listing())
        check_status(reply, "refused", "nobody listens")
        true(0.2 <= reply.seconds <= 1.5, f"one more try after a pause: {reply.seconds:.2f} s")
    with LIB.at(f"http://127.0.0.1:{port}", offline=True) as monitor:
        reply = monitor.call(listing())
        check_status(reply, "offline", "offline")
        within(reply.seconds, 0.1, "offline: seconds")


# --- time -----------------------------------------------------------------------------------

@test
def deadlines():
    for fault in ("stall", "stall-body", "drip=1/50"):
        with asking(fault) as (_, monitor):
            for request in (listing(timeout_ms=800), details("x", timeout_ms=800)):
                reply = monitor.call(request)
                check_status(reply, "timeout", fault)
                true(0.7 <= reply.seconds <= 0.8 + SLACK_S,
                     f"{fault}: {reply.seconds:.2f} s of 0.8")
    with asking("stall", override={"timeout_ms": 300}) as (_, monitor):
        reply = monitor.call(listing())
        true(0.25 <= reply.seconds <= 0.3 + SLACK_S,
             f"the setting timeout_ms: {reply.seconds:.2f} s of 0.3")
    with asking("slow=400") as (_, monitor):  # a chain of requests has one deadline, not one each
        reply = monitor.call(details("b@7", timeout_ms=600))
        within(reply.seconds, 0.6 + SLACK_S, "requests one after the other: seconds")


@test
def patience():
    """Once the answer can stand, others have patience_ms and then it goes without them."""
    with asking("/runs=>stall", override={"patience_ms": 300}) as (_, monitor):
        reply = monitor.call(details(timeout_ms=8000))
        check_answer(reply, "patience")
        equal(reply.source_words(), {"/runs": "timeout"}, "who was not waited for")
        true(0.25 <= reply.seconds <= 0.3 + SLACK_S, f"{reply.seconds:.2f} s of 0.3")
    with asking("/runs=>slow=200", override={"patience_ms": 2000}) as (_, monitor):
        reply = monitor.call(details())
        equal(reply.source_words(), {}, "who comes in time is in the answer")
        true(reply.json["tracked"]["listed"] is True, "and used")
        true(0.15 <= reply.seconds <= 1.0, f"waits no longer than needed: {reply.seconds:.2f} s")


@test
def equal_requests_are_one():
    with asking("/runs=>slow=300") as (sim, monitor):
        calls = [monitor.start(listing()) for _ in range(8)]
        texts = {call.result(5).text for call in calls}
        equal((len(texts), len(sim.log())), (1, 1), "8 calls at once: answers, requests")
    with asking("/runs=>slow=300+status=503") as (sim, monitor):
        calls = [monitor.start(listing()) for _ in range(8)]
        equal({call.result(5).status for call in calls}, {5}, "8 calls that fail")
        equal(len(sim.log()), 2, "8 calls that fail: requests, one retry")
    with asking("/runs=>slow=400") as (sim, monitor):
        short = monitor.start(listing(timeout_ms=150))
        long = monitor.start(listing(timeout_ms=3000))
        within(short.result(5).seconds, 0.15 + SLACK_S, "each keeps its own deadline")
        equal((short.result().status, long.result(5).status, len(sim.log())), (5, 0, 1),
              "statuses, requests")


@test
def replies_are_kept():
    with asking() as (sim, monitor):
        first = monitor.call(listing())
        equal(monitor.call(listing()).text, first.text, "again, from what is kept")
        equal(len(sim.log()), 1, "requests")
        monitor.call(details("a"))
        monitor.call(details("hidden"))
        equal({request.connection for request in sim.log("/run/a/")}, {1},
              "the kept connection is used again")
        within(len({request.connection for request in sim.log()}), 3, "connections of all")
    with asking("/runs=>status=404") as (sim, monitor):
        monitor.call(listing())
        monitor.call(listing())
        equal(len(sim.log()), 1, "a failure is kept for a moment, too")
    with asking("/runs=>slow=500+times=1") as (sim, monitor):
        equal(monitor.call(listing(timeout_ms=200)).status, 5, "a call that leaves early")
        time.sleep(0.5)
        reply = monitor.call(listing())
        equal((reply.status, len(sim.log())), (0, 1),
              "its request ran on and filled the cache: status, requests")
        within(reply.seconds, 0.1, "seconds")


@test
def a_stalled_call_delays_no_other():
    with asking("/run/b/=>stall") as (sim, monitor), LIB.at(sim.url) as other:
        monitor.call(listing())
        other.call(listing())
        stalled = [monitor.start(details("b", timeout_ms=2500)) for _ in range(4)]
        sim.wait_for(1, "/run/b/")
        seconds = sorted(handle.call(details(run_id)).seconds
                         for run_id in ("a", "hidden", "c", "d", "e")
                         for handle in (monitor, other))
        within(seconds[-2], DELAY_S, "the slowest but one of ten others: seconds")
        true(not any(call.done() for call in stalled), "they ran while the others waited")
        monitor.cancel(None)
    with asking("/runs=>stall") as (sim, monitor):  # nothing is known of the host yet
        stalled = monitor.start(listing(timeout_ms=2500))
        sim.wait_for(1)
        with LIB.at(sim.url, override={"patience_ms": 0}) as other:
            within(other.call(details("a")).seconds, DELAY_S, "another handle: seconds")
        short = monitor.call(details("a", timeout_ms=500))
        true(short.json.get("found") is True, f"another route of the same host: {short.text[:300]}")
        monitor.cancel(None)
        equal(stalled.result(5).status, 130, "the stalled one")


@test
def cancelling():
    with asking("/run/=>stall") as (sim, monitor):
        calls = {name: monitor.start(details(name, call_id=name, timeout_ms=6000))
                 for name in ("one", "two", "three")}
        sim.wait_for(3, "/run/")
        for name in ("nobody", "", "x" * 5000, b"\xff\0"):
            monitor.cancel(name)
        time.sleep(0.1)
        true(not any(call.done() for call in calls.values()), "other ids end nothing")
        started = time.monotonic()
        monitor.cancel("two")
        reply = calls["two"].result(5)
        within(time.monotonic() - started, CANCEL_S, "seconds until the call is back")
        check_failure(reply, "cancelled", "the one that was meant")
        time.sleep(0.1)
        true(not calls["one"].done() and not calls["three"].done(), "and no other")
        started = time.monotonic()
        monitor.cancel(None)
        for name in ("one", "three"):
            check_failure(calls[name].result(5), "cancelled", f"NULL ends {name}")
        within(time.monotonic() - started, CANCEL_S, "seconds until all are back")
        equal(monitor.call(listing()).status, 0, "the handle goes on")
    with asking("/runs=>slow=100") as (sim, monitor):
        monitor.cancel("early")
        reply = monitor.call(listing(call_id="early"))
        check_failure(reply, "cancelled", "cancelled before it began")
        within(reply.seconds, CANCEL_S, "cancelled before it began: seconds")
        equal(monitor.call(listing(call_id="early")).status, 0, "once only")
        monitor.cancel(None)
        equal(monitor.call(listing(call_id="later")).status, 0, "NULL is for those under way")
        monitor.cancel("late")
        time.sleep(1.1)
        equal(monitor.call(listing(call_id="late")).status, 0, "and forgotten after a second")


@test
def closing():
    for fault in ("stall", "stall-body", "slow=3000"):
        with Simulator(FILES, "--fault", fault) as sim:
            monitor = LIB.at(sim.url)
            calls = [monitor.start(details(f"run{number}", timeout_ms=6000)) for number in range(3)]
            calls.append(monitor.start(listing(timeout_ms=6000)))
            sim.wait_for(4)
            within(monitor.close(), CLOSE_S, f"{fault}: seconds to close")
            for call in calls:
                check_failure(call.result(1), "closed", f"{fault}: a call under way")


# --- names that are never resolved ----------------------------------------------------------

DEAD = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
import harness
lib, results = harness.Lib(), {}
request = lambda ms, run="a", **more: {"tool": "psyche_monitor", "timeout_ms": ms, **more,
                                       "arguments": {"action": "run_details", "run_id": run}}
def dead():
    return lib.at("http://x.blackhole.test:8080", override={"allow_plain_http": True})
monitor, other, crowded = dead(), lib.at(sys.argv[2]), dead()
began = time.monotonic()
crowd = [crowded.start(request(150, f"run-{number}")) for number in range(6)]
stuck = monitor.start(request(800))
time.sleep(0.1)
reply = other.call({})
results["another handle"] = [reply.status, reply.seconds]
results["deadline"] = [stuck.result(5).status, stuck.result().seconds]
results["words"] = [row["status"] + ": " + row["problem"] for row in stuck.result().json["sources"]]
results["again"] = []
for number in range(8):
    reply = monitor.call(request(150, f"run-{number}"))
    results["again"].append([reply.status, reply.seconds])
held = dead()
stuck = held.start(request(6000, call_id="x"))
time.sleep(0.2)
started = time.monotonic()
held.cancel("x")
results["cancel"] = [stuck.result(5).status, time.monotonic() - started]
stuck = [held.start(request(6000, f"r{number}")) for number in range(3)]
time.sleep(0.2)
results["close"] = [0, held.close()]
results["closed calls"] = [call.result(1).status for call in stuck]
results["close after"] = [0, monitor.close()]
last = dead()
last.start(request(60000))
time.sleep(0.2)
results["another handle, later"] = [other.call({}).status, other.call({}).seconds]
# Requests run on for 5 s. Then their lookups still hang, but the thread that moves bytes must not.
time.sleep(max(0, began + 5.4 - time.monotonic()))
reply = crowded.call(request(2000, "one-more"))
results["a crowd"] = [reply.status, reply.seconds]
results["crowd's words"] = [row["problem"] for row in reply.json["sources"]]
print(json.dumps([results, time.monotonic()]), flush=True)
"""


@test
def a_resolver_that_never_answers():
    true(DEAD_RESOLVER.exists(), f"{DEAD_RESOLVER} is built")
    with Simulator(FILES) as sim:
        done = subprocess.run([sys.executable, "-c", DEAD, str(ROOT / "tests" / "contract"),
                               sim.url],
                              env={**environ, "LD_PRELOAD": str(DEAD_RESOLVER)},
                              capture_output=True, timeout=30)
        ended = time.monotonic()
        if not true(done.returncode == 0,
                    f"exit status {done.returncode}: {done.stderr.decode()[-1500:]}"):
            return
        results, printed = json.loads(done.stdout)
        within(ended - printed, 2.0, "seconds until the process has ended, a call still stuck")
        limits = {"another handle": (0, DELAY_S), "deadline": (5, 0.8 + SLACK_S),
                  "cancel": (130, CANCEL_S),
                  "close": (0, CLOSE_S), "a crowd": (5, SLACK_S), "close after": (0, CLOSE_S),
                  "another handle, later": (0, DELAY_S)}
        for name, (status, most_s) in limits.items():
            equal(results[name][0], status, f"{name}: status")
            within(results[name][1], most_s, f"{name}: seconds")
        true(all(status == 5 and seconds <= 0.15 + SLACK_S for status, seconds in results["again"]),
             f"calls while lookups hang: {results['again']}")
        true(all(words.startswith("timeout: ") for words in results["words"]),
             f"{results['words']}")
        true(any("earlier lookups still hang" in words for words in results["crowd's words"]),
             "lookups that hang are not added to: " + str(results["crowd's words"]))
        equal(results["closed calls"], [1, 1, 1], "calls under way when it was closed")
    cli = Cli("http://x.blackhole.test", {"allow_plain_http": True, "timeout_ms": 400},
              {"LD_PRELOAD": str(DEAD_RESOLVER)})
    done = cli.run("call", '{"action":"list_runs"}')
    equal(done.status, 5, "the command: exit status")
    within(done.seconds, 0.4 + SLACK_S + 0.5, "the command: seconds until it has ended")


@test
def leaving_in_the_middle():
    """A process may end while calls are under way and the handle is open."""
    program = """
import sys, time
sys.path.insert(0, sys.argv[1])
import harness
monitor = harness.Lib().at(sys.argv[2])
monitor.start({"tool": "psyche_monitor", "timeout_ms": 60000, "arguments": {}})
time.sleep(0.2)
"""
    with Simulator(FILES, "--fault", "stall") as sim:
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-c", program, str(ROOT / "tests" / "contract"),
                               sim.url],
                              capture_output=True, timeout=30)
        equal((done.returncode, done.stderr), (0, b""), "exit status")
        within(time.monotonic() - started, 3.0, "seconds")


# --- TLS ------------------------------------------------------------------------------------

@test
def certificates():
    folder = make_certificates(SCRATCH / "ca")
    trusted = {"cacert": str(folder / "ca.pem")}

    def secure(name, *more):
        return Simulator(FILES, "--tls-cert", folder / f"{name}.pem", "--tls-key",
                         folder / f"{name}.key", *more)

    def ask(url, override):
        with LIB.at(url, override=override) as monitor:
            return monitor.call(listing(timeout_ms=5000))
    with secure("good") as sim:
        reply = ask(sim.url, trusted)
        equal(reply.status, 0, f"good: {reply.text[:300]}")
        equal(ask(sim.url.replace("127.0.0.1", "localhost"), trusted).status, 0, "good, by name")
        check_status(ask(sim.url, {}), "bad_tls", "good, but nobody trusts it")
        check_status(ask(sim.url, {"cacert": str(folder / "none.pem")}), "bad_tls",
                     "no file of roots")
        check_status(ask(sim.url.replace("https", "http"), {}), "broken_off",
                     "plain words to a TLS server")
        named = Cli(sim.url.replace("127.0.0.1", "a.sim.test"), trusted,
                    {"LD_PRELOAD": str(DEAD_RESOLVER)})
        equal(named.run("call", "{}").status, 0, "a name of the certificate")
        named = Cli(sim.url.replace("127.0.0.1", "sim.test.blackhole.test"),
                    {**trusted, "timeout_ms": 300},
                    {"LD_PRELOAD": str(DEAD_RESOLVER)})
        equal(named.run("call", "{}").status, 5, "a name that is not resolved")
    for name in ("wrong-host", "expired", "by-unknown-ca"):
        with secure(name) as sim:
            check_status(ask(sim.url, trusted), "bad_tls", name)
            equal(len(sim.log()), 0, f"{name}: nothing was asked")
    with Simulator(FILES) as plain:
        check_status(ask(plain.url.replace("http", "https"), trusted), "bad_tls",
                     "TLS to a plain server")
        with secure("good", "--fault", f"/runs=>redirect={plain.url}/runs") as sim:
            check_status(ask(sim.url, trusted), "redirected", "from TLS to plain")
        equal(len(plain.log()), 0, "the plain server was not asked")


# --- what is old ----------------------------------------------------------------------------

KEPT_S = 10.0


def grow_old(break_it, mend_it=None):
    """(the good reply, the one after its time when the source is down, one after it is mended)"""
    with Simulator(FILES, "--reload") as sim, LIB.at(sim.url, now=None) as monitor:
        first = monitor.call(listing())
        time.sleep(KEPT_S + 0.2)
        break_it(sim)
        second = monitor.call(listing(timeout_ms=1500))
        third = None
        if mend_it:
            mend_it(sim)
            time.sleep(2.1)                # failures are kept for two seconds
            third = monitor.call(listing())
        return first, second, third


def write_runs(body):
    return lambda sim: write_folder(sim.folder, {"runs.json": body})


# Started now, looked at by the test below: it mostly sleeps.
class Proxy(RawServer):
    """Has seen what it was asked for."""

    def __init__(self):
        super().__init__([b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])
        self.seen = []

    def talk(self, connection):
        self.seen.append(connection.recv(65536, socket.MSG_PEEK).split(b"\r\n")[0].decode())
        super().talk(connection)


@test
def a_proxy_for_plain_http():
    """It is asked for whole addresses, with what stands behind the question mark."""
    hosts = {"dashboard.url": "http://dashboard.example/api", "hub.url": "http://hub.example"}
    with Proxy() as proxy:
        Cli(settings={**hosts, "allow_plain_http": True, "hub.off": "false", "rpc.off": "true"},
            environment={"http_proxy": proxy.url}).ask(listing())
        true("GET http://dashboard.example/api/runs HTTP/1.1" in proxy.seen, f"asked: {proxy.seen}")
        true(any(line.startswith("GET http://hub.example/api/models?") for line in proxy.seen), f"asked: {proxy.seen}")


_pool = concurrent.futures.ThreadPoolExecutor(3)
OLD = {"not understood": _pool.submit(grow_old, write_runs("no JSON"), write_runs(RUNS)),
       "gone": _pool.submit(grow_old, lambda sim: sim.stop()),
       "well": _pool.submit(grow_old, write_runs(make_list([make_run("new")])))}


@test
def an_old_reply_is_better_than_none():
    for name, word in (("not understood", "not_json"), ("gone", "refused")):
        first, second, third = OLD[name].result(30)
        equal(first.status, 0, f"{name}: first")
        check_answer(second, name)
        answer = second.json
        if not true(answer.get("success"), f"{name}: {second.text[:300]}"):
            continue
        true(answer["runs"].get("stale") is True and answer["totals"].get("stale") is True,
             f"{name}: flagged as stale")
        true(10 <= answer["runs"]["age_s"] <= 13, f"{name}: age {answer['runs']['age_s']}")
        equal([row[0] for row in answer["runs"]["rows"]], ["a", "b"], f"{name}: the rows of before")
        equal(second.source_words(), {"/runs": word}, f"{name}: why")
        true("old" in answer["summary"], f"{name}: the summary says so: {answer['summary']}")
        if third:
            true("stale" not in third.json["runs"] and third.json["runs"]["age_s"] <= 1,
                 f"{name}: mended")
    first, second, _ = OLD["well"].result(30)
    equal([row[0] for row in second.json["runs"]["rows"]], ["new"],
          "after its time a reply is asked for again")


sys.exit(main())
