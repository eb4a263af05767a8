#!/usr/bin/env python3
"""Proves on the wire that the simulator does what each fault's name says: with raw sockets,
so that no HTTP client repairs or hides anything."""

import concurrent.futures
import contextlib
import gzip
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
from os import environ

import simulator
from rawhttp import ask, connect, is_whole, receive, send
from simulator import Simulator

RUNS = {"runs": [{"id": "run-a", "name": "first"}], "totalTokens": "1"}
PAGE = {"run": {"info": {"id": "run-a"}}, "error": None, "isOnlyRun": True}
FILES = {"runs.json": RUNS, "run/run-a/0.json": PAGE, "run/a%2Fb/0.json": {"slash": 1},
         "status.json": {"commit": "c"}, "contributionInfo.json": {"users": []},
         "contributionInfo/abc.json": {"users": ["abc"]}}
BODY = json.dumps(RUNS, separators=(",", ":")).encode()
GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")
TESTS = []


class Skip(Exception):
    pass


def test(function):
    TESTS.append(function)
    return function


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r:.300}, want {want!r:.300}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


@contextlib.contextmanager
def faulty(*faults, arguments=()):
    options = [word for fault in faults for word in ("--fault", fault)]
    with Simulator(FILES, *options, *arguments) as sim:
        yield sim


def best_of_three(function):
    """The quickest answer: the machine may be busy with other tests."""
    return min((function() for _ in range(3)), key=lambda answer: answer.first_s)


# --- what a healthy dashboard does ----------------------------------------------------------

@test
def serves_files_with_and_without_api():
    with Simulator(FILES) as sim:
        for target in ("/runs", "/api/runs", "/runs?x=1"):
            answer = ask(sim, target)
            equal((answer.status, answer.body), (200, BODY), target)
            equal(answer.headers["content-type"], "application/json; charset=utf-8", target)
            true("content-encoding" not in answer.headers, "nothing is compressed")
        equal(json.loads(ask(sim, "/run/run-a/0").body), PAGE)
        equal(json.loads(ask(sim, "/run/run%2Da/0").body), PAGE, "another spelling of the id")
        equal(json.loads(ask(sim, "/run/a%2fb/0").body), {"slash": 1})
        equal(json.loads(ask(sim, "/contributionInfo/abc").body), {"users": ["abc"]})
        equal(ask(sim, "/scenario").status, 404)


@test
def answers_what_it_has_not_like_the_backend():
    none = {"run": None, "error": None, "isOnlyRun": False}

    def message(status, error, text):
        return status, {"statusCode": status, "error": error, "message": text}

    def missing(method, path):
        return message(404, "Not Found", f"Route {method}:{path} not found")

    def thrown(text):
        return message(500, "Internal Server Error", text)

    table = [
        ("GET", "/run/unknown/0", (200, none)),
        ("GET", "/run/run-a/1", (200, none)),
        ("GET", "/run/run-a/-1", (200, none)),
        ("GET", "/run//0", (200, none)),
        ("GET", "/run/run-a/abc", thrown("Invalid index abc")),
        ("GET", "/run/run-a/00", thrown("Invalid index 00")),
        ("GET", "/run/run-a/-0", thrown("Invalid index -0")),
        ("GET", "/run/run-a/1.0", thrown("Invalid index 1.0")),
        ("GET", "/run/" + "x" * 32 + "/0", (200, none)),
        ("GET", "/run/" + "x" * 33 + "/0", thrown("Max seed length exceeded")),
        ("GET", "/run/" + "%78" * 32 + "/0", (200, none)),
        ("GET", "/run/" + "x" * 101 + "/0", missing("GET", "/run/" + "x" * 101 + "/0")),
        ("GET", "/run/run-a", missing("GET", "/run/run-a")),
        ("GET", "/run/run-a/0/", missing("GET", "/run/run-a/0/")),
        ("GET", "/nope", missing("GET", "/nope")),
        ("GET", "/api/nope", missing("GET", "/nope")),
        ("GET", "/runs/", missing("GET", "/runs/")),
        ("GET", "/Runs", missing("GET", "/Runs")),
        ("POST", "/runs", missing("POST", "/runs")),
        ("DELETE", "/run/run-a/0", missing("DELETE", "/run/run-a/0")),
    ]
    with Simulator(FILES) as sim:
        for method, target, want in table:
            answer = ask(sim, target, method, "Content-Length: 2\r\n" if method == "POST" else "",
                         b"{}" if method == "POST" else b"")
            equal((answer.status, json.loads(answer.body)), want, target)
        for target in ("/run/%ZZ/0", "/run/%FF/0", "/run/%7/0", "/run/x%"):
            answer = ask(sim, target)
            equal((answer.status, json.loads(answer.body)["code"]), (400, "FST_ERR_BAD_URL"),
                  target)
            equal(answer.headers["content-type"], "application/json", target)
        head = ask(sim, "/runs", "HEAD", silence_s=0.2)
        equal((head.status, head.length(), head.body), (200, len(BODY), b""), "HEAD")


@test
def prefix_leaves_the_rest_to_the_web_page():
    with Simulator(FILES, "--prefix", "/api") as sim:
        equal(ask(sim, "/api/runs").body, BODY)
        equal(ask(sim, "/api/nope").status, 404)
        for target in ("/runs", "/api", "/", "/apiruns"):
            answer = ask(sim, target)
            equal((answer.status, answer.body[:15]), (200, b"<!doctype html>"), target)
            true(answer.headers["content-type"].startswith("text/html"), target)


@test
def index_picks_server_and_newest_entry():
    index = [
        {"server": "main", "method": "GET", "path": "/runs", "status": 200, "body": "old.json"},
        {"server": "main", "method": "GET", "path": "/runs", "status": 200, "body": "d/new.json",
         "content_type": "application/json"},
        {"server": "main", "method": "GET", "path": "/runs", "status": 200, "body": "x.ndjson",
         "stream": True},
        {"server": "main", "method": "GET", "path": "/status", "status": 200, "body": "old.json",
         "kind": "stream"},
        {"server": "main", "method": "HEAD", "path": "/runs", "status": 200, "body": None},
        {"server": "broken (500)", "method": "GET", "path": "/runs", "status": 500,
         "body": "bad.json"},
        {"server": "main", "method": "GET", "path": "/check?a=b", "status": 200,
         "body": "bad.json"},
        {"body": "synthetic.json"},
    ]
    files = {"index.json": index, "old.json": "1", "d/new.json": "2", "bad.json": "3"}
    with Simulator(files, "--server", "main") as sim:
        equal(ask(sim, "/runs").body, b"2")
        equal(ask(sim, "/runs").headers["content-type"], "application/json")
        equal(ask(sim, "/status").status, 404, "streams are not served")
        equal(ask(sim, "/check?a=b").body, b"3")
        equal(ask(sim, "/check?a=c").status, 404)
        equal(ask(sim, "/new").status, 404, "with an index, names of files say nothing")
    with Simulator({**files, "scenario.json": {"server": "broken"}}) as sim:
        equal((ask(sim, "/runs").status, ask(sim, "/runs").body), (500, b"3"))


@test
def serves_recordings_byte_for_byte():
    if not GOLDEN:
        raise Skip("sim recordings: PSYCHE_GOLDEN_DIR is not set")
    folder = pathlib.Path(GOLDEN, "dashboard")
    newest = {}
    for entry in json.loads((folder / "index.json").read_text()):
        if entry.get("method") and entry.get("body") and entry["status"] and "stream" not in entry:
            newest[entry["server"], entry["method"], entry["path"]] = entry
    for server in {key[0] for key in newest}:
        with Simulator(folder, "--server", server) as sim:
            for (of, method, path), entry in newest.items():
                if of == server and not path.startswith("/api/"):
                    answer = ask(sim, path, method)
                    equal((answer.status, answer.headers["content-type"]),
                          (entry["status"], entry["content_type"]), path)
                    true(answer.body == (folder / entry["body"]).read_bytes(), f"body of {path}")


@test
def says_of_itself_what_was_recorded():
    """The replies that the simulator makes up equal the recorded ones, key order included."""
    if not GOLDEN:
        raise Skip("sim made-up replies: PSYCHE_GOLDEN_DIR is not set")
    folder = pathlib.Path(GOLDEN, "dashboard")
    names = ("err_404_unknown err_404_runs_slash err_POST_runs run_unknown_id run_bad_index_alpha "
             "run_bad_index_plus run_bad_percent run_bad_utf8_percent run_id_too_long_33 "
             "run_param_over_100 run_index_out_of_range run_missing_index run_empty_id").split()
    index = json.loads((folder / "index.json").read_text())
    entries = {entry.get("name"): entry for entry in index}
    with Simulator({}) as sim:
        for name in names:
            entry = entries[name]
            answer = ask(sim, entry["path"], entry["method"])
            equal((answer.status, answer.headers["content-type"], answer.body),
                  (entry["status"], entry["content_type"], (folder / entry["body"]).read_bytes()),
                  name)


@test
def reload_sees_what_a_test_changes():
    for reloads in (False, True):
        with Simulator(FILES, *(["--reload"] if reloads else [])) as sim:
            equal(ask(sim).body, BODY)
            simulator.write_folder(sim.folder, {"runs.json": "{}", "late.json": "[]"})
            equal(ask(sim).body, b"{}" if reloads else BODY)
            equal(ask(sim, "/late").status, 200 if reloads else 404)


@test
def keeps_connections_and_logs_requests():
    with Simulator(FILES, "--fault", "/status=>status=503") as sim:
        with connect(sim) as connection:
            for _ in range(2):
                send(connection, "/api/runs?q=1", head="Accept: application/json\r\n")
                equal(receive(connection).body, BODY)
        equal(ask(sim, "/status").status, 503)
        lines = sim.wait_for(3)
        equal([tuple(line[1:7]) for line in lines],
              [("GET", "/api/runs?q=1", 200, "-", "application/json", 1)] * 2
              + [("GET", "/status", 503, "/status=>status=503", "-", 2)])
        true(lines[0].ms <= lines[1].ms <= lines[2].ms, "times go forward")
        equal(len(sim.log("/status")), 1)


# --- faults: one test each ------------------------------------------------------------------

@test
def slow_and_latency_wait_before_the_answer():
    with faulty("/runs=>slow=200", arguments=("--latency", "100")) as sim:
        slow, fast = ask(sim), best_of_three(lambda: ask(sim, "/status"))
        equal(slow.body, BODY)
        true(slow.first_s > 0.29, f"slow: {slow.first_s}")
        true(0.09 < fast.first_s < 0.29, f"latency alone: {fast.first_s}")


@test
def stall_never_answers_and_delays_nobody():
    with faulty("/run/=>stall") as sim:
        with contextlib.ExitStack() as stack:
            stalled = [stack.enter_context(connect(sim)) for _ in range(40)]
            for connection in stalled:
                send(connection, "/run/run-a/0")
            equal(len(sim.wait_for(40)), 40)
            answer = best_of_three(lambda: ask(sim))
            equal(answer.body, BODY)
            true(answer.first_s < 0.1, f"delayed by {answer.first_s}")
            equal((receive(stalled[0], 0.3).raw, receive(stalled[1], 0.1).end), (b"", "silence"))


@test
def stall_body_sends_head_and_bytes_at_once():
    for fault, count in (("stall-body", 0), ("stall-body=7", 7)):
        with faulty(fault) as sim:
            answer = best_of_three(lambda: ask(sim, silence_s=0.4))
            equal((answer.status, answer.length(), answer.body, answer.end),
                  (200, len(BODY), BODY[:count], "silence"), fault)
            true(answer.first_s < 0.15, f"{fault}: head came after {answer.first_s}")


@test
def drip_sends_pieces_with_pauses():
    with faulty("drip=10/50") as sim:
        with connect(sim) as connection:
            send(connection)
            start, sizes, raw = time.monotonic(), [], b""
            while not is_whole(raw):
                piece = connection.recv(4096)
                true(piece, "closed early")
                sizes.append(len(piece))
                raw += piece
            took = time.monotonic() - start
        equal(raw.partition(b"\r\n\r\n")[2], BODY)
        pauses = (len(BODY) - 1) // 10
        true(took > pauses * 0.05, f"took {took} for {pauses} pauses")
        equal(max(sizes[2:]), 10, "size of a piece")


@test
def truncate_closes_after_so_many_bytes():
    for count in (0, 5, len(BODY) - 1):
        with faulty(f"truncate={count}") as sim:
            answer = ask(sim)
            equal((answer.length(), answer.body, answer.end), (len(BODY), BODY[:count], "close"))


@test
def reset_tears_the_connection_down():
    with faulty("reset") as sim:
        answer = ask(sim)
        equal((answer.raw, answer.end), (b"", "reset"))
    for count in (0, 5, len(BODY) - 1):
        with faulty(f"reset={count}") as sim:
            answer = ask(sim)
            equal((answer.status, answer.body, answer.end), (200, BODY[:count], "reset"), count)


@test
def status_retry_after_and_error_object():
    with faulty("/runs=>status=503+retry-after=7", "/status=>status=429",
                "/run/=>error-object=Invalid thing", "/contrib=>status=502+error-object") as sim:
        answer = ask(sim)
        equal((answer.status, answer.headers["retry-after"]), (503, "7"))
        true(answer.headers["content-type"].startswith("text/plain"), "a text of its own")
        answer = ask(sim, "/status")
        equal((answer.status, "retry-after" in answer.headers), (429, False))
        answer = ask(sim, "/run/run-a/0")
        equal((answer.status, json.loads(answer.body)),
              (500, {"statusCode": 500, "error": "Internal Server Error",
                     "message": "Invalid thing"}))
        equal(ask(sim, "/contributionInfo").status, 502, "status= wins")
    with faulty("status=203") as sim:
        equal((ask(sim).status, ask(sim).body), (203, BODY), "the body stays below 400")


@test
def bodies_that_are_not_json():
    with faulty("/runs=>html", "/status=>not-json", "/run/=>empty",
                "/contrib=>html+status=502") as sim:
        page, words, nothing = ask(sim), ask(sim, "/status"), ask(sim, "/run/run-a/0")
        equal((page.status, page.headers["content-type"], page.body[:1]),
              (200, "text/html; charset=utf-8", b"<"))
        equal((words.status, words.headers["content-type"]),
              (200, "application/json; charset=utf-8"))
        true(words.body[:1] not in b"<{[" and words.body, "plain words")
        equal((nothing.status, nothing.length(), nothing.body), (200, 0, b""))
        equal(ask(sim, "/contributionInfo").status, 502)


@test
def huge_is_valid_json_past_any_limit():
    with faulty("/runs=>huge", "/status=>huge=1000") as sim:
        answer = ask(sim)
        equal((answer.length(), len(answer.body)), (17 << 20, 17 << 20))
        equal(json.loads(answer.body), RUNS)
        equal(len(ask(sim, "/status").body), 1000)


@test
def bad_length_lies_both_ways():
    with faulty("/runs=>bad-length", "/status=>bad-length=-3") as sim:
        answer = ask(sim, silence_s=0.4)
        equal((answer.length(), answer.body, answer.end), (len(BODY) + 10, BODY, "silence"))
        equal(answer.raw.lower().count(b"content-length:"), 1, "one length")
        answer = ask(sim, "/status", silence_s=0.4, stop_when_whole=False)
        equal((answer.length(), answer.body), (len(answer.body) - 3, b'{"commit":"c"}'))
        with connect(sim) as connection:
            raw = b""
            for _ in range(2):
                send(connection, "/status")
                raw += receive(connection, 0.4, stop_when_whole=False).raw
            true(b'"c"}HTTP/1.1 200' in raw, f"the rest stands before the next answer: {raw}")


@test
def gzip_bomb_expands_past_64_mb():
    with faulty("gzip-bomb") as sim:
        answer = ask(sim)
        equal(answer.headers["content-encoding"], "gzip")
        true(len(answer.body) < 1 << 20, "small on the wire")
        text = gzip.decompress(answer.body)
        true(len(text) > 64 << 20, f"{len(text)} bytes")
        equal(text.rstrip(), b"{}")


@test
def zstd_bomb_expands_past_64_mb():
    with faulty("zstd-bomb") as sim:
        answer = ask(sim)
        equal(answer.headers["content-encoding"], "zstd")
        true(len(answer.body) < 1 << 20, "small on the wire")
        heads = [int.from_bytes(answer.body[at:at + 3], "little") for at in range(11, len(answer.body), 4)]
        equal(answer.body[:11], b"\x28\xb5\x2f\xfd\0\x58" + (2 << 3).to_bytes(3, "little") + b"{}", "the first block")
        equal(set(heads[:-1]), {(128 << 10) << 3 | 1 << 1}, "blocks of one byte, repeated")
        equal(heads[-1], heads[0] | 1, "the last one")
        true(sum(head >> 3 for head in heads) > 64 << 20, "size")


@test
def bodies_that_can_be_read_in_two_ways():
    with faulty("/runs=>repeat-key", "/status=>utf-16") as sim:
        doubled = ask(sim).body
        key = b'"' + BODY.split(b'"')[1] + b'":'
        equal(doubled, BODY.replace(key, key + b"7," + key, 1), "the first key, twice")
        equal(json.loads(doubled), RUNS, "the last one counts")
        wide = ask(sim, "/status")
        equal((wide.headers["content-type"], wide.body.decode("utf-16")),
              ("application/json; charset=utf-16", '{"commit":"c"}'))
    with faulty("/runs=>header=content-type:text/html; charset=latin1") as sim:
        answer = ask(sim)
        equal((answer.headers["content-type"], answer.raw.lower().count(b"content-type:")),
              ("text/html; charset=latin1", 1), "instead of its own")
    with Simulator({"runs.json": '{"a-1\\"2":"3","b":[-4.5e2,6]}'}, "--fault", "huge-number") as sim:
        equal(ask(sim).body, b'{"a-1\\"2":"3","b":[1e999,6]}', "the first number")
    with Simulator({"runs.json": "[]"}, "--fault", "repeat-key", "--fault", "huge-number") as sim:
        equal(ask(sim).body, b"[]", "no key and no number")


@test
def half_a_head():
    with faulty("half-head") as sim:
        answer = ask(sim)
        true(b"\r\n\r\n" not in answer.raw and answer.end == "reset", f"{answer.raw} {answer.end}")


@test
def redirect_says_where():
    with faulty("/runs=>redirect=http://127.0.0.1:9/x?y=1",
                "/status=>redirect=/runs+status=302") as sim:
        answer = ask(sim)
        equal((answer.status, answer.headers["location"]), (301, "http://127.0.0.1:9/x?y=1"))
        answer = ask(sim, "/status")
        equal((answer.status, answer.headers["location"]), (302, "/runs"))


@test
def bad_chunk_breaks_after_a_good_one():
    with faulty("bad-chunk") as sim:
        answer = ask(sim)
        half = BODY[:len(BODY) // 2]
        equal(answer.headers["transfer-encoding"].lower(), "chunked")
        size, _, rest = answer.body.partition(b"\r\n")
        equal((int(size, 16), rest[:len(half)]), (len(half), half))
        true(rest[len(half):].startswith(b"\r\nno-size\r\n"), f"{rest!r}")
        true(answer.end in ("close", "reset"), answer.end)


@test
def single_bytes_that_do_not_belong():
    for fault, byte in (("nul", b"\0"), ("invalid-utf8", b"\xff")):
        with faulty(fault) as sim:
            equal(ask(sim).body, BODY.replace(b':"', b':"' + byte, 1), fault)
    with Simulator({"runs.json": "[1,2]"}, "--fault", "nul") as sim:
        equal(ask(sim).body, b"[1\0,2]", "no text value")


@test
def deep_nests_arrays():
    with faulty("deep=200000") as sim:
        equal(ask(sim).body, b"[" * 200000 + b"]" * 200000)


@test
def times_ends_a_fault():
    with faulty("/runs=>status=503+times=2", "/status=>reset+times=0") as sim:
        equal([ask(sim, target).status for target in ("/runs", "/run/run-a/0", "/runs", "/runs")],
              [503, 200, 503, 200])
        equal(ask(sim, "/status").status, 200)
    with faulty("status=500+times=10") as sim:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            got = list(pool.map(lambda _: ask(sim).status, range(60)))
        equal((got.count(500), got.count(200)), (10, 50), "counted by threads at once")


@test
def faults_combine_in_their_own_order():
    with faulty("truncate=1000+huge=2000+status=503+not-json+slow=100") as sim:
        answer = ask(sim)
        equal((answer.status, answer.length(), len(answer.body), answer.end),
              (503, 2000, 1000, "close"))
        true(answer.first_s > 0.09, "slow")
    with Simulator({**FILES, "scenario.json": {"faults": ["/runs=>status=500"]}},
                   "--fault", "/runs=>retry-after=3") as sim:
        equal((ask(sim).status, ask(sim).headers["retry-after"]), (500, "3"), "from both places")


# --- the program itself ---------------------------------------------------------------------

@test
def ends_at_once_whatever_is_going_on():
    for number in (signal.SIGTERM, signal.SIGINT):
        with faulty("/runs=>stall", "/run/=>stall-body=3", "/status=>drip=1/60000") as sim:
            with contextlib.ExitStack() as stack:
                for target in ("/runs", "/run/run-a/0", "/status", None):
                    connection = stack.enter_context(connect(sim))
                    if target:
                        send(connection, target)
                sim.wait_for(3)
                start = time.monotonic()
                os.kill(sim.pid, number)
                equal(sim.stop(), 0, "exit status")
                true(time.monotonic() - start < 1.0, f"took {time.monotonic() - start}")


@test
def a_client_that_leaves_frees_its_place():
    with faulty("/runs=>stall", "/run/=>stall-body") as sim:
        for round_ in range(3):
            connections = [connect(sim) for _ in range(200)]
            for number, connection in enumerate(connections):
                send(connection, "/runs" if number % 2 else "/run/run-a/0")
            equal(len(sim.wait_for(200 * (round_ + 1))), 200 * (round_ + 1))
            for connection in connections:
                connection.close()
            time.sleep(0.1)
        equal(ask(sim, "/status").status, 200)


@test
def max_seconds_ends_it():
    with Simulator(FILES, "--max-seconds", "1") as sim:
        start = time.monotonic()
        with connect(sim) as connection:
            equal(receive(connection, 3.0).end, "close")
        true(0.5 < time.monotonic() - start < 2.0, "about a second")


@test
def refuses_what_it_does_not_understand():
    table = [
        ["--fault", "sloww=1"], ["--fault", "slow"], ["--fault", "slow=x"], ["--fault", ""],
        ["--fault", "status=99"], ["--fault", "drip=5"], ["--fault", "drip=0/5"],
        ["--fault", "stall=1"], ["--fault", "redirect="], ["--fault", "truncate=-1"],
        ["--fault", "stall+"], ["--fault", "+".join(["stall"] * 9)],
        ["--bind", "0.0.0.0"], ["--bind", "192.0.2.1"], ["--port", "65536"],
        ["--latency", "-1"], ["--tls-cert", "x"], ["--data", "/nonexistent"], ["--nonsense"],
    ]
    with tempfile.TemporaryDirectory() as folder:
        for words in table:
            done = subprocess.run([str(simulator.PROGRAM), "--data", folder, "--max-seconds", "2",
                                   *words], capture_output=True, timeout=10, check=False)
            true(done.returncode in (1, 2), f"{words}: status {done.returncode}")
            equal((done.stdout, done.stderr.count(b"\n")), (b"", 1), words)
        for text in ("[", "[]", '{"faults":["nope"]}', '{"faults":[1]}'):
            pathlib.Path(folder, "scenario.json").write_text(text)
            done = subprocess.run([str(simulator.PROGRAM), "--data", folder, "--max-seconds", "2"],
                                  capture_output=True, timeout=10, check=False)
            equal((done.returncode, done.stdout), (2, b""), text)


@test
def tls_with_good_and_bad_certificates():
    with tempfile.TemporaryDirectory() as folder:
        simulator.make_certificates(folder)
        context = ssl.create_default_context(cafile=f"{folder}/ca.pem")
        table = [("good", None, BODY), ("good", "truncate=5", BODY[:5]),
                 ("good", "drip=30/5", BODY), ("good", "reset=5", BODY[:5]),
                 ("wrong-host", None, "not valid for"), ("expired", None, "expired"),
                 ("by-unknown-ca", None, "issuer")]
        for name, fault, want in table:
            words = ["--tls-cert", f"{folder}/{name}.pem", "--tls-key", f"{folder}/{name}.key"]
            with Simulator(FILES, *words, *(["--fault", fault] if fault else [])) as sim:
                true(sim.url.startswith("https://127.0.0.1:"), sim.url)
                try:
                    with context.wrap_socket(connect(sim), server_hostname="127.0.0.1") as secure:
                        send(secure)
                        got = receive(secure).body
                except ssl.SSLCertVerificationError as error:
                    got = want if want in str(error) else str(error)
                equal(got, want, f"{name} {fault}")


@test
def dead_resolver_decides_what_names_mean():
    look_up = "import socket, sys; print(socket.getaddrinfo(sys.argv[1], 80)[0][4][0])"
    table = [("any.sim.test", "127.0.0.1"), ("ANY.SIM.TEST", "127.0.0.1"),
             ("127.0.0.9", "127.0.0.9"), ("x.blackhole.test", "silence")]
    true(simulator.DEAD_RESOLVER.exists(), f"{simulator.DEAD_RESOLVER} is built")
    for name, want in table:
        try:
            done = subprocess.run([sys.executable, "-c", look_up, name], capture_output=True,
                                  timeout=1 if want == "silence" else 30, check=False,
                                  env={**environ, "LD_PRELOAD": str(simulator.DEAD_RESOLVER)})
            got = done.stdout.decode().strip()
        except subprocess.TimeoutExpired:
            got = "silence"
        equal(got, want, name)


def main():
    failed = skipped = 0
    for function in TESTS:
        try:
            function()
        except Skip as reason:
            skipped += 1
            print(f"SKIP {reason}")
        except Exception:  # a test reports what went wrong and the next one runs
            failed += 1
            print(f"FAIL {function.__name__}")
            traceback.print_exc(limit=3, file=sys.stdout)
    passed = len(TESTS) - failed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
