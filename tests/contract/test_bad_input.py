#!/usr/bin/env python3
"""Whatever comes in: one clear line with the right code and exit status, never a crash."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from os import environ

from harness import (EXIT, SCRATCH, Cli, Lib, Reply, Simulator, check_answer, check_failure,
                     columns_of, equal, main, make_list, make_page, make_run, read_json, test,
                     true, within)

LIB = Lib()
LISTED = ["error", "failed", "plain", "a/b", "at@2"]
FILES = {"runs.json": make_list([make_run(run_id) for run_id in LISTED]),
         **{f"run/{name}/0.json": make_page(make_run(run_id)) for name, run_id in
            (("error", "error"), ("failed", "failed"), ("plain", "plain"), ("a%2Fb", "a/b"),
             ("at%402", "at@2"))}}


def refuse(monitor, request, what, code="bad_request"):
    """The call fails with this code; the answer."""
    reply = monitor.call(request)
    check_failure(reply, code, what)
    return reply.json


# --- requests -------------------------------------------------------------------------------

@test
def requests_that_are_no_request():
    texts = {"empty": b"", "spaces": b" \n\t", "half": b'{"action":"list_runs"',
             "word": b"list_runs",
             "quote": b'{"action":"list', "NUL": b"\0", "NUL inside": b'{"action":"list_runs\0"}',
             "NUL behind": b'{"action":"list_runs"}\0', "invalid UTF-8": b'{"action":"\xff"}',
             "lone surrogate": b'{"action":"\\ud800"}', "two documents": b"{} {}",
             "comma": b'{"action":"list_runs",}',
             "single quotes": b"{'action':'list_runs'}", "NaN": b'{"limit":NaN}',
             "comment": b"{}//x",
             "array": b"[]", "number": b"5", "text": b'"list_runs"', "null": b"null",
             "true": b"true",
             "array of calls": b'[{"action":"list_runs"}]', "200,000 brackets": b"[" * 200000,
             "200,000 braces": b'{"a":' * 200000, "200,000 pairs": b"[" * 200000 + b"]" * 200000,
             "2 MB": b'{"action":"' + b"x" * 2000000 + b'"}', "2 MB of spaces": b" " * 2000000,
             "100 levels": b'{"run_id":' + b"[" * 100 + b"]" * 100 + b"}"}
    with LIB.open({"offline": True}) as monitor:
        for name, text in texts.items():
            refuse(monitor, text, name)
        just = b'{"action":"list_runs"' + b" " * ((1 << 20) - 22) + b"}"
        check_failure(monitor.call(just), "no_source", "1 MiB is still read")
        check_failure(monitor.call(just + b" "), "bad_request", "1 MiB and a byte")
        bom = monitor.call(b'\xef\xbb\xbf{"action":"list_runs"}').json
        true(bom["error_code"] in ("bad_request", "no_source"),
             "a byte order mark is taken or refused")


@test
def arguments_of_the_wrong_type():
    wrong = [1, 1.5, True, None, [], {}, ["list_runs"]]
    with LIB.open({"offline": True}) as monitor:
        for name in ("action", "run_id", "model_id", "detail", "page"):
            for value in wrong:
                answer = refuse(monitor, {name: value}, f"{name} = {value!r}")
                true(name in answer["error"],
                     f"{name} = {value!r}: not named in {answer['error']!r}")
        for name in ("tool", "call_id"):
            for value in wrong:
                answer = refuse(monitor, {"tool": "psyche_monitor", "arguments": {}, name: value},
                                f"{name} = {value!r}")
                true(name in answer["error"],
                     f"{name} = {value!r}: not named in {answer['error']!r}")
        for value in (1, True, None, [], "list_runs"):
            refuse(monitor, {"tool": "psyche_monitor", "arguments": value},
                   f"arguments = {value!r}")
        for name in ("timeout_ms", "budget"):
            for value in ("x", True, None, [], {}, 2.5):
                refuse(monitor, {"tool": "psyche_monitor", "arguments": {}, name: value},
                       f"{name} = {value!r}")
        refuse(monitor, {"detail": "long"}, "detail = long")
        refuse(monitor, {"tool": "psyche_monitor", "call_id": "x" * 129}, "a call_id of 129 bytes")


@test
def words_that_are_unknown():
    with LIB.open({"offline": True}) as monitor:
        answer = refuse(monitor, {"action": "runs"}, "action runs", "unknown_action")
        equal(answer["supported"], ["list_runs", "run_details", "checkpoints", "pool_status",
                                    "network_stats", "contribute"], "actions that are supported")
        equal(answer["next"][0]["arguments"], {"action": "list_runs"}, "the nearest")
        for action in ("LIST_RUNS", "list_runs ", "history", "x" * 5000, "\u202e", "error",
                       "\n", "%s%n"):
            refuse(monitor, {"action": action}, f"action {action[:20]!r}", "unknown_action")
        answer = refuse(monitor, {"runid": "x"}, "key runid")
        true("run_id" in answer["supported"], "keys that are supported")
        for key in ("", "x" * 5000, "\u202e", "Action", "error", "a\nb", "%s"):
            refuse(monitor, {key: 1}, f"key {key[:20]!r}")
        answer = refuse(monitor, {"tool": "psyche_purse"}, "tool psyche_purse", "unknown_action")
        true({"psyche_monitor", "psyche_wallet"} <= set(answer["supported"]), "tools that are supported")
        refuse(monitor, {"tool": ""}, "tool without a name", "unknown_action")
        refuse(monitor, {"tool": "psyche_monitor", "action": "list_runs"},
               "an argument beside tool")
        refuse(monitor, {"tool": "info", "arguments": {"x": 1}}, "info takes none")
        refuse(monitor, {"action": "run_details"}, "run_details without run_id")
        refuse(monitor, {"action": "run_details", "run_id": ""}, "run_details with an empty run_id")
        refuse(monitor, {"run_id": "a", "model_id": "b", "action": "run_details"},
               "two different ids")


@test
def limits():
    """limit is brought into 1..50 with a note, or refused."""
    rows = [make_run(f"run-{number:02d}") for number in range(60)]
    used = {0: 1, -1: 1, 51: 50, 1: 1, 50: 50, "5": 5, " 7 ": 7, "0": 1, 1e30: 50, -1e30: 1, 5.0: 5,
            "1e1": 10,
            10 ** 30: 50, 2 ** 63: 50, 2 ** 64: 50, -2 ** 63: 1}
    with Simulator({"runs.json": make_list(rows)}) as sim, LIB.at(sim.url) as monitor:
        for limit, want in used.items():
            reply = monitor.call({"tool": "psyche_monitor", "budget": 1 << 20,
                                  "arguments": {"action": "list_runs", "limit": limit}}
                                 if want > 20 and limit == 50
                                 else {"action": "list_runs", "limit": limit})
            check_answer(reply, f"limit {limit!r}", 4800 if limit != 50 else None)
            answer = reply.json
            returned = answer["runs"]["returned"]
            omitted = sum(int(each["what"].split()[1]) for each in answer.get("omitted", []))
            equal(returned + omitted, want, f"limit {limit!r}: rows, those cut counted")
            is_outside = not 1 <= float(limit) <= 50
            equal(any(note.startswith("limit is 1 to 50") for note in answer["notes"]), is_outside,
                  f"limit {limit!r}: note")
        for limit in (2.5, "x", "2.5", "", "5x", "0x5", True, False, None, [], [5], {}, "NaN",
                      "Infinity", "1e400"):
            refuse(monitor, {"limit": limit}, f"limit {limit!r}")
        more = {"tool": "psyche_monitor", "budget": 1 << 20, "arguments": {"action": "list_runs", "limit": 55}}
        equal(monitor.call(more).json["runs"]["returned"], 55, "a program's limit may be larger")


@test
def run_ids_of_every_kind():
    ids = ["a/b", "a?b", "a#b", "a%2Fb", "a%b", "%", "%00", "..", ".", "../../etc/hostname",
           "nul\0byte", "a\nb", "a\tb",
           "\u202eevil", "\u2066x\u2069", "\u200bzero", "<U+202E>", "<xFF>", "error", "failed",
           "ERROR", "x" * 33,
           "x" * 100, "x" * 400, "日本語" * 20, "@", "@0", "plain@", "plain@0", "plain@1", "plain@01",
           "plain@-1",
           "plain@99999999999999999999999", "plain@x", "at@2", "at@2@0", "a@b@c", " plain ", "-",
           "--help",
           "\\", '"', "\U0001f9e0", "é" * 16, "&x=1", ";", "a b", "+", "http://127.0.0.1/", "//x",
           "a:b@c", "null",
           "toString", "constructor"]
    with Simulator(FILES) as sim, LIB.at(sim.url) as monitor:
        for run_id in ids:
            reply = monitor.call({"action": "run_details", "run_id": run_id})
            check_answer(reply, f"run_id {run_id[:40]!r}", 4800)
            true(reply.json.get("success"), f"run_id {run_id[:40]!r}: {reply.text[:200]}")
        expected = {"a/b": True, "error": True, "failed": True, "at@2": True, "plain@0": True,
                    "plain@1": False,
                    "plai": True, "A/B": True, "x" * 33: False, "a?b": False, "nul\0byte": False,
                    "zz@5": False}
        for run_id, found in expected.items():
            equal(monitor.call({"action": "run_details", "run_id": run_id}).json["found"], found,
                  f"found {run_id!r}")
        equal(monitor.call({"action": "run_details", "model_id": "plain"}).json["run_id"], "plain",
              "model_id")
        for run_id in ("error", "failed"):
            reply = monitor.call({"action": "run_details", "run_id": run_id})
            equal(reply.json["run_id"], run_id, "the escaped word reads as it is")
        answer = refuse(monitor, {"action": "run_details", "run_id": "x" * 401}, "401 bytes")
        true("400" in answer["error"] and "401" in answer["error"],
             f"names the limit: {answer['error']}")
        paths = [request.path for request in sim.log()]
        true(all(path == "/runs" or path.startswith("/run/") and path.count("/") == 3
                 for path in paths),
             f"an id left its segment of the path: {[p for p in paths if p.count('/') > 3]}")
        true("/run/nul%00byte/0" in paths and "/run/a%3Fb/0" in paths, "ids are percent-encoded")
        true(not any("x" * 33 in path for path in paths),
             "an id of 33 bytes cannot exist and is not asked for")
        shown = monitor.call({"action": "run_details", "run_id": "\u202eevil"})
        true("\u202e" not in shown.text.decode() and "<U+202E>evil" in shown.text.decode(),
             "a bidi mark is shown")


@test
def an_id_as_shown_is_taken_back():
    ids = ["\u202ex", "tab\there", "a<U+41>b", "nul\0y", "\u200bz"]
    files = {"runs.json": make_list([make_run(run_id) for run_id in ids])}
    with Simulator(files) as sim, LIB.at(sim.url) as monitor:
        for shown in columns_of(monitor.call({"action": "list_runs"}).json["runs"],
                                "run_id"):
            answer = monitor.call({"action": "run_details", "run_id": shown}).json
            equal((answer["found"], answer.get("run_id"), answer.get("matched_by")),
                  (True, shown, "id"), shown)


# --- configuration --------------------------------------------------------------------------

def check_config(options, words, what, environment=None):
    """Each call says bad_config and what is wrong."""
    for name, value in (environment or {}).items():
        environ[name] = value
    try:
        with LIB.open(options) as monitor:
            for request in ({"action": "list_runs"}, {"tool": "info"}):
                answer = refuse(monitor, request, what, "bad_config")
                true(all(word in answer["error"] for word in words),
                     f"{what}: {answer['error']!r} lacks {words}")
    finally:
        for name in environment or {}:
            del environ[name]


@test
def options_that_are_wrong():
    for text in ("x", "{", "[]", "5", "null", '"config"', "{} {}", '{"now":1}',
                 '{"now":"yesterday"}',
                 '{"now":"2026-13-01T00:00:00Z"}', '{"config":5}', '{"override":5}',
                 '{"override":[]}',
                 '{"settings":"x"}', '{"offline":"perhaps"}', '{"store":[]}',
                 "[" * 100000, b'{"now":"\xff"}', '{"override":{"timeout_ms":[]}}',
                 '{"override":{"timeout_ms":1.5}}'):
        check_config(text, [], f"options {text[:40]!r}")
    check_config({"nwo": 1}, ["nwo"], "unknown option")
    check_config({"x" * 5000: 1}, [], "a long unknown option")
    check_config({"override": {"dashbord.url": "x"}}, ["dashbord.url"], "unknown setting")
    check_config({"override": {"dashboard": {"uri": "x"}}}, ["dashboard.uri"],
                 "unknown setting in a section")
    for value in (0, 99, 600001, -1, "x", "", True):
        check_config({"override": {"timeout_ms": value}}, ["timeout_ms"], f"timeout_ms {value!r}")
    for value in (-1, 600001, "soon"):
        check_config({"override": {"patience_ms": value}}, ["patience_ms"],
                     f"patience_ms {value!r}")
    for url in ("", "x", "ftp://x/", "file:///etc/hostname", "https://", "https://a b/", "//x",
                "https://x/api?q=1",
                "https://u:p@x/", "https://x:99999/", "https://x:0/", "javascript:1",
                "https://x/\n"):
        check_config({"override": {"dashboard.url": url}}, ["dashboard.url"], f"address {url!r}")
    for url in ("http://psyche.network/api", "http://10.0.0.1/", "http://localhost.evil.test/",
                "http://127.0.0.1.evil/",
                "http://[2001:db8::1]/", "http://0.0.0.0/"):
        check_config({"override": {"dashboard.url": url}}, ["https"], f"plain http to {url}")
    check_config(None, ["PSYCHE_API_URL"], "the environment",
                 {"PSYCHE_API_URL": "http://example.test/"})
    check_config(None, ["PSYCHE_MONITOR_OFFLINE"], "the environment",
                 {"PSYCHE_MONITOR_OFFLINE": "perhaps"})
    for url in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9:1"):
        with LIB.open({"offline": True, "override": {"dashboard.url": url}}) as monitor:
            check_failure(monitor.call({}), "no_source", f"{url} is this machine")


@test
def config_files_that_are_wrong():
    folder = SCRATCH / "configs"
    folder.mkdir(exist_ok=True)
    texts = {"a list": ("- x\n", ["line 1"]), "a word": ("x\n", []),
             "bad YAML": ("timeout_ms: 1000\ndashboard:\n  url: 'x\n", ["line"]),
             "a tab": ("timeout_ms: 1000\n\tpatience_ms: 5\n", ["line 2"]),
             "unknown": ("timeout_ms: 1000\ntimout: 5\n", ["line 2, column 1:", "timout"]),
             "unknown in a section": ("dashboard:\n  uri: x\n",
                                      ["line 2, column 3:", "dashboard.uri"]),
             "wrong type": ("# a comment\ntimeout_ms: soon\n", ["line 2", "timeout_ms", "soon"]),
             "a list for a value": ("timeout_ms: [1]\n", ["line 1"]),
             "plain http": ("dashboard:\n  url: http://example.test/\n", ["line 2", "https"]),
             "two documents": ("timeout_ms: 1000\n---\ntimeout_ms: 2000\n", []),
             "NUL": ("timeout_ms: 1000\n\0\n", ["line"]), "not UTF-8": (b"timeout_ms: \xff\n", []),
             "twice": ("timeout_ms: 1000\ntimeout_ms: 2000\n", ["line 2"]),
             "an alias": ("timeout_ms: &a 1000\npatience_ms: *a\n", ["line"]),
             "deep": ("[" * 5000 + "\n", []),
             "larger than 64 kB": ("# " + "x" * 65536 + "\n", ["64 kB"])}
    for name, (text, words) in texts.items():
        path = folder / "config.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        check_config({"config": str(path)}, ["config.yaml", *words], f"config file: {name}")
    check_config({"config": str(folder)}, [str(folder)], "a directory")
    check_config({"config": str(folder / "none.yaml")}, ["none.yaml", "no such file"],
                 "a missing file that is named")
    check_config({"config": "/dev/zero"}, ["/dev/zero"], "a device")
    check_config({"config": "x" * 5000}, [], "a name of 5,000 bytes")
    check_config(None, ["none.yaml"], "named by the environment",
                 {"PSYCHE_MONITOR_CONFIG": str(folder / "none.yaml")})
    os.mkfifo(folder / "fifo")
    check_config({"config": str(folder / "fifo")}, ["fifo"], "a pipe that nobody writes to")
    path.write_text("timeout_ms: 1000\n")
    path.chmod(0)
    SCRATCH.chmod(0o711)
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    cli = Cli(settings={"config": path})
    cli.path = shutil.copy(Cli.path, SCRATCH)         # the tree itself may be closed to others
    done = cli.run("call", "{}", **nobody)            # root could read the file
    check_failure(Reply(done.out, done.status), "bad_config", "an unreadable file")
    true(b"cannot be read" in done.out, f"an unreadable file: {done.out!r}")


@test
def where_a_setting_comes_from():
    home = SCRATCH / "precedence"
    (home / "psyche-monitor").mkdir(parents=True, exist_ok=True)
    (home / "psyche-monitor" / "config.yaml").write_text(
        "dashboard:\n  url: https://file.test/\ntimeout_ms: 1111\n")
    environment = {"XDG_CONFIG_HOME": str(home)}

    def ask(settings, more):
        done = Cli(None, settings, {**environment, **more}).run("info")
        table = read_json(done.out)["settings"]
        rows = {row[0]: dict(zip(table["columns"], row)) for row in table["rows"]}
        url = rows["dashboard.url"]
        return url["value"].rstrip("/"), url["from"], rows["timeout_ms"]["value"]
    equal(ask({}, {}), ("https://file.test", "config file", "1111"), "config file")
    named = {"PSYCHE_API_URL": "https://env.test/"}
    equal(ask({}, named), ("https://env.test", "environment", "1111"), "environment above file")
    equal(ask({"dashboard.url": "https://set.test"}, named), ("https://set.test", "option", "1111"),
          "option above all")
    environ.update(environment)
    try:
        with LIB.open({"settings": {"dashboard": {"url": "https://host.test"}}}) as monitor:
            row = monitor.call({"tool": "info"}).json["settings"]["rows"][0]
            equal((row[1].rstrip("/"), row[2]), ("https://host.test", "host settings"),
                  "host above file")
    finally:
        environ["XDG_CONFIG_HOME"] = environ["HOME"]


# --- the command ----------------------------------------------------------------------------

def complains(result, status, what):
    """One line on standard error, nothing on standard output."""
    equal(result.status, status, f"{what}: exit status")
    equal(result.out, b"", f"{what}: standard output")
    line = result.err.decode()
    return true(line.startswith("psyche-monitor: ") and line.count("\n") == 1
                and line.endswith("\n")
                and len(line) < 400, f"{what}: not one clear line: {line!r}")


@test
def command_lines_that_are_wrong():
    cli = Cli()
    for words in (["cal"], ["--sett", "x=1", "call"], ["--set"], ["--set", "x"],
                  ["--set", "=x", "call"], ["-x"],
                  ["--config"], ["schema", "more"], ["info", "more"], ["call", "--nonsense"],
                  ["--summary=1", "call"]):
        complains(cli.run(*words), 2, " ".join(words))
    true(b"did you mean call" in cli.run("cal").err, "the nearest command")
    true(b"did you mean --summary" in cli.run("--sumary", "call").err, "the nearest option")
    complains(cli.run("call"), 2, "no request on standard input")
    for words in ((), ("--help",), ("-h",)):
        help_page = cli.run(*words)
        true(help_page.status == 0 and b"Usage:" in help_page.out and help_page.err == b"",
             f"help by {words}")
    wrong = Cli(settings={"timeout_ms": "x"}).run("call", "{}")
    check_failure(Reply(wrong.out, wrong.status), "bad_config", "--set timeout_ms=x")
    unknown = Cli(settings={"nonsense": "x"}).run("call", "{}")
    check_failure(Reply(unknown.out, unknown.status), "bad_config", "--set nonsense=x")


@test
def command_schema_info_version():
    cli = Cli()
    equal(cli.run("schema").out, LIB.schema() + b"\n", "schema")
    info = cli.run("info")
    check_answer(Reply(info.out, info.status), "info")
    for words in (["--version"], ["-V"]):
        version = cli.run(*words)
        true(version.status == 0
             and version.out.startswith(b"psyche-monitor " + LIB.c_version() + b"\nABI 1\n"),
             f"version: {version.out!r}")


@test
def command_summary():
    with Simulator(FILES) as sim:
        cli = Cli(sim.url)
        whole = cli.ask({"action": "list_runs"}).json
        equal(cli.run("--summary", "call", '{"action":"list_runs"}').out.decode(),
              whole["summary"] + "\n", "--summary")
        failed = cli.run("-s", "call", '{"action":"runs"}')
        true(failed.status == 2 and b"unknown action" in failed.out
             and failed.out.count(b"\n") == 1, "of a failure")


@test
def command_strict():
    """A source that failed, or that only old facts are had of, has a status for those who ask for it."""
    request = '{"action":"list_runs"}'
    with tempfile.TemporaryDirectory() as folder:
        def statuses(sim, **settings):
            kept = {"cache.off": "false", "cache.ttl": "0", "store": f"{folder}/store.db", **settings}
            cli = Cli(sim.url if sim else "http://127.0.0.1:1", kept)
            return [cli.run(*words, "call", request).status for words in ([], ["--strict"])]
        with Simulator(FILES) as sim:
            equal(statuses(sim), [0, 0], "all answered")
            equal(statuses(sim, **{"rpc.off": "false", "rpc.only_configured": "true",
                                   "rpc.url": "http://127.0.0.1:1"}), [0, 4], "the node is dead")
            url = sim.url
            equal(Cli(url).run("--strict", "call", '{"action":"run_details","run_id":"nobody"}').status, 3,
                  "another status comes first")
        sim.url = url
        equal(statuses(sim), [0, 4], "old facts alone")


@test
def command_answers_in_order():
    documents = [b'{"action":"list_runs"}', b'{"action":"run_details","run_id":"nobody"}', b'[1,2]',
                 b'"text"', b"17",
                 b'{"action":"run_details","run_id":"a}b"}', b'{"action":"x"}',
                 b'{"run_id":"\\"}{"}']
    want = [0, 3, 2, 2, 2, 3, 2, 0]
    with Simulator(FILES) as sim:
        cli = Cli(sim.url, {"now": "2026-11-21T04:49:51Z"})
        single = [cli.run("call", document.decode()) for document in documents]
        equal([each.status for each in single], want, "exit status of each")
        text = b" ".join(documents) + b"\n"
        whole = cli.run("call", stdin=text)
        equal(whole.out, b"".join(each.out for each in single), "all together, the same answers")
        equal(whole.status, 3, "the first status that is not 0")
        as_words = cli.run("call", *[document.decode() for document in documents])
        equal((as_words.out, as_words.status), (whole.out, 3), "as words")
        tight = cli.run("call", stdin=b"".join(documents[:4]) + b"17" + b"".join(documents[5:]))
        equal(tight.out, whole.out, "without anything between them")
        for size in (1, 2, 3, 7):
            with cli.running("call") as process:
                for at in range(0, len(text), size):
                    process.stdin.write(text[at:at + size])
                process.stdin.close()
                equal(process.stdout.read(), whole.out, f"in pieces of {size}")
                equal(process.wait(10), 3, f"in pieces of {size}: exit status")
        unfinished = cli.run("call", stdin=b'{"action":"list_runs"} {"action":')
        lines = unfinished.out.splitlines()
        equal((len(lines), unfinished.status), (2, 2), "an unfinished document is answered")
        check_failure(Reply(lines[-1], 2), "bad_request", "an unfinished document")
        large = cli.run("call",
                        stdin=b'{"action":"' + b"x" * 3000000 + b'"} {"action":"list_runs"}')
        lines = large.out.splitlines()
        equal(len(lines), 2, "3 MB, then a request")
        check_failure(Reply(lines[0], 2), "bad_request", "3 MB")
        check_answer(Reply(lines[1], 0), "the request after 3 MB")
        brackets = cli.run("call", stdin=b"[" * 200000)
        check_failure(Reply(brackets.out, brackets.status), "bad_request", "200,000 brackets")


@test
def command_answers_at_once():
    """The answer comes when the last byte of its request is in, though the pipe stays open."""
    with Simulator(FILES) as sim, Cli(sim.url).running("call") as process:
        for number in range(3):
            process.stdin.write(b'{"action":"list_runs"')
            true(not select.select([process.stdout], [], [], 0.1)[0],
                 "answers before the request is whole")
            process.stdin.write(b"}")
            started = time.monotonic()
            true(select.select([process.stdout], [], [], 5)[0],
                 f"no answer to request {number + 1}")
            line = os.read(process.stdout.fileno(), 1 << 16)
            within(time.monotonic() - started, 1.0, "an answer with the pipe still open")
            check_answer(Reply(line, 0), f"request {number + 1}")
        process.stdin.close()
        equal(process.wait(10), 0, "exit status")


@test
def command_without_output():
    with Simulator(FILES) as sim:
        read_end, write_end = os.pipe()
        os.close(read_end)
        cli = Cli(sim.url)
        for name, out in (("closed pipe", write_end),
                          ("full disk", os.open("/dev/full", os.O_WRONLY))):
            done = subprocess.run(cli.command("call", '{"action":"list_runs"}'), stdout=out,
                                  stderr=subprocess.PIPE,
                                  env=cli.environment, timeout=30)
            os.close(out)
            true(done.returncode in (1, -13), f"{name}: exit status {done.returncode}")
            if done.returncode == 1:
                true(done.stderr.count(b"\n") == 1, f"{name}: one line: {done.stderr!r}")
        closed = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh",
                                 *cli.command("call", '{"action":"list_runs"}')],
                                stderr=subprocess.PIPE, env=cli.environment, timeout=30)
        equal(closed.returncode, 1, "standard output closed: exit status")
        true(closed.stderr.count(b"\n") == 1, f"standard output closed: {closed.stderr!r}")


@test
def command_is_interrupted():
    with Simulator(FILES, "--fault", "stall") as sim:
        for count, number in enumerate((signal.SIGINT, signal.SIGTERM), 1):
            with Cli(sim.url).running("call", '{"action":"list_runs"}') as process:
                equal(len(sim.wait_for(count)), count, "the request is under way")
                started = time.monotonic()
                process.send_signal(number)
                equal(process.wait(10), EXIT["cancelled"], f"{number.name}: exit status")
                within(time.monotonic() - started, 0.5, f"{number.name}: seconds until the end")
                check_failure(Reply(process.stdout.read(), 130), "cancelled", number.name)


sys.exit(main())
