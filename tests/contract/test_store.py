#!/usr/bin/env python3
"""What is kept beyond the process: that it is used, that nothing promised is lost, and that no call
fails because of it, whatever happens to the disk."""

import contextlib
import hashlib
import itertools
import os
import random
import resource
import sqlite3
import stat
import struct
import subprocess
import sys
import time
from os import environ

from chain_data import chain_settings, write_chain
from harness import (BUILD, SCRATCH, Cli, Lib, Simulator, Skip, check_answer, equal, main,
                     make_list, make_page, make_run, side_by_side, test, true, within)

environ["PSYCHE_MONITOR_HUB_OFF"] = "1"    # the dashboard alone: requests are counted
LIB = Lib()
TOOL = BUILD / "tools" / "use_store"
FILES = {"runs.json": make_list([make_run("a"), make_run("b")]),
         "run/a/0.json": make_page(make_run("a")), "run/b/0.json": make_page(make_run("b"))}
LISTING = {"action": "list_runs"}
KILLS, KEYS = 500, 200
CLOSE_S = 0.2
_numbers = itertools.count()


def new_store():
    """A path whose folder is not there yet."""
    return SCRATCH / f"store-{next(_numbers)}" / "store.db"


def handle(sim, path, **options):
    return LIB.at(getattr(sim, "url", sim), store=str(path) if path else False, now=None, **options)


def ask(sim, path, request=None, **options):
    """One call of a handle of its own; its answer, which keeps the rules."""
    with handle(sim, path, **options) as monitor:
        reply = monitor.call(request or LISTING)
        check_answer(reply, "answer")
        within(monitor.close(), CLOSE_S, "seconds to close")
    return reply.json


def ids(answer):
    return [row[0] for row in answer["runs"]["rows"]]


def store_notes(answer):
    return [note for note in answer["notes"] if note.startswith("store ")]


def status_of(answer):
    row = answer["sources"][0]
    return row["status"], row.get("stale", False)


def change(path, statement, *values):
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        return db.execute(statement, values).fetchall()


# --- that it is used ------------------------------------------------------------------------

@test
def one_process_fetches_for_all():
    path = new_store()
    with Simulator(FILES) as sim:
        first = ask(sim, path)
        second = ask(sim, path)
        equal(len(sim.log("/runs")), 1, "requests of two handles")
        cli = Cli(sim.url, {"store": str(path)})
        third = cli.ask(LISTING)
        equal(third.status, 0, "status of the command")
        equal(len(sim.log("/runs")), 1, "requests after another process")
    equal([ids(answer) for answer in (second, third.json)], [ids(first)] * 2, "the same runs")
    equal(status_of(second), ("ok", False), "what is fresh is an ordinary answer")
    for suffix in ("", "-wal", "-shm"):
        mode = stat.S_IMODE(os.stat(f"{path}{suffix}").st_mode)
        equal(oct(mode), "0o600", f"mode of store.db{suffix}")
    equal(oct(stat.S_IMODE(path.parent.stat().st_mode)), "0o700", "mode of its folder")


@test
def how_long_it_serves():
    path = new_store()
    with Simulator(FILES) as sim:
        for ttl, requests in (("0", 2), ("3600", 2)):
            ask(sim, path, override={"cache.ttl": ttl})
            ask(sim, path, override={"cache.ttl": ttl})
            equal(len(sim.log("/runs")), requests, f"requests with cache.ttl {ttl}")
        for off in ({"store": False}, {"override": {"cache.off": True}}):
            with LIB.at(sim.url, now=None, **off) as monitor:
                monitor.call(LISTING)
        equal(len(sim.log("/runs")), 4, "requests without a store")


@test
def it_stands_in_for_a_dead_source():
    path, old = new_store(), {"override": {"cache.ttl": 0}}
    with Simulator(FILES) as sim:
        fresh = ask(sim, path)
        url = sim.url
    time.sleep(1.1)
    stale = ask(url, path, **old)
    equal(ids(stale), ids(fresh), "the runs as they were")
    equal(status_of(stale), ("refused", True), "said")
    true(stale["runs"]["age_s"] >= 1 and stale["runs"].get("stale"), f"age: {stale['runs']}")
    offline = ask(url, path, offline=True, **old)
    equal(ids(offline), ids(fresh), "offline")
    equal(status_of(offline), ("offline", True), "said")
    equal(status_of(ask(url, path, offline=True)), ("ok", False), "fresh enough though offline")
    with handle(url, new_store(), offline=True) as monitor:
        reply = monitor.call(LISTING)
        equal(reply.json["error_code"], "no_source", "offline with nothing kept")
        within(reply.seconds, 1, "seconds for that")


@test
def clocks_that_go_wrong():
    """What was received in a future is not served, nor what is older than a week."""
    path = new_store()
    days = [f"2026-11-{day}T04:49:51Z" for day in (20, 12, 21, 30)]
    with Simulator(FILES) as sim:
        for count, now in enumerate(days[:3]):
            with LIB.at(sim.url, store=str(path), now=now) as monitor:
                equal(monitor.call(LISTING).json["success"], True, f"at {now}")
            equal(len(sim.log("/runs")), count + 1, f"requests at {now}")
    for now, is_served in ((days[2], True), (days[3], False)):
        with LIB.at(sim.url, store=str(path), now=now) as monitor:
            equal(monitor.call(LISTING).json["success"], is_served, f"at {now}, from a dead source")


@test
def a_size_that_no_reply_has():
    """A row that is whole by its digest, and says a size that would take all memory."""
    path = new_store()
    with Simulator(FILES) as sim:
        ask(sim, path)
        for size in (17 << 20, 1 << 40, (1 << 63) - 1):
            [row] = change(path, "SELECT key, received_ms, until_ms, http, headers, packed FROM reply")
            key, *numbers, headers, packed = row
            texts = [struct.pack("<Q", len(text)) + text for text in (headers, packed)]
            digest = hashlib.sha256(key + struct.pack("<4Q", *numbers, size) + b"".join(texts)).digest()
            change(path, "UPDATE reply SET body_bytes=?, digest=?", size, digest)
            before = len(sim.log("/runs"))
            equal(ids(ask(sim, path)), ["a", "b"], f"{size} bytes")
            equal(len(sim.log("/runs")), before + 1, f"{size} bytes: asked anew")


@test
def many_rows_of_no_use():
    """More than one step drops: the thread goes on with it."""
    path, empty = new_store(), new_store()
    with Simulator(FILES) as sim:
        ask(sim, path)
        for number in range(300):
            change(path, "INSERT INTO reply SELECT ?, received_ms, 1, http, headers, body_bytes, packed, digest"
                         " FROM reply LIMIT 1", number.to_bytes(32, "big"))
        change(path, "DELETE FROM chore WHERE name = 'replies'")
        with handle(sim, path) as monitor:
            monitor.call(LISTING)
            end = time.monotonic() + 20
            while change(path, "SELECT count(*) FROM reply") != [(1,)] and time.monotonic() < end:
                time.sleep(0.1)
        equal(change(path, "SELECT count(*) FROM reply"), [(1,)], "replies that are left")
    with Simulator({"runs.json": make_list([])}) as sim:
        ask(sim, empty)
        equal(change(empty, "SELECT count(*) FROM seen"), [(0,)], "rows seen of no run")


@test
def what_was_not_understood_is_not_kept():
    path = new_store()
    with Simulator(FILES) as sim:
        good, port = ask(sim, path), sim.port
    with Simulator(FILES, "--port", port, "--fault", "/runs=>not-json") as sim:
        bad = ask(sim, path, override={"cache.ttl": 0})
        equal((status_of(bad), ids(bad)), (("not_json", True), ids(good)), "the good one stands in")
        equal(ids(ask(sim, path)), ids(good), "and is still kept")


@test
def what_was_seen_of_runs():
    path = new_store()
    with Simulator(FILES) as sim:
        for _ in range(3):
            ask(sim, path, override={"cache.ttl": 0})
        port = sim.port
    paused = {**FILES, "runs.json": make_list([make_run("a", "paused"), make_run("b")])}
    with Simulator(paused, "--port", port) as sim:
        ask(sim, path, override={"cache.ttl": 0})
        ask(sim, path)
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        rows = db.execute("SELECT id, idx, state, phase, step, tokens, clients FROM seen"
                          " ORDER BY at_ms, id").fetchall()
    want = [(run, 0, state, None, None, b"5000000000", None)
            for run, state in ((b"a", b"active"), (b"b", b"active"), (b"a", b"paused"))]
    equal(rows, want, "a row each time that something is different")


def seen_rows(path):
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        return db.execute("SELECT id, idx, state, phase, step, clients FROM seen"
                          " ORDER BY at_ms, id, idx").fetchall()


@test
def what_account_and_page_tell_is_seen_too():
    """The list has neither phase, step nor clients; what nobody told is NULL, and no difference."""
    chain = write_chain({"runs": [
        {"run_id": "a", "state": "RoundTrain", "step": 7, "clients": 4},
        {"run_id": "over", "state": "RoundTrain", "step": 9, "clients": 5},
        {"run_id": "again", "state": "RoundTrain", "step": 9, "clients": 5}]}, SCRATCH / "chain-seen")
    rows = [make_run("a"), make_run("again"), make_run("again", index=1), make_run("b"),
            make_run("over", "completed")]
    clients = [{"pubkey": "x", "witness": False}]
    page = make_page(make_run("b"), state={"phase": "Warmup", "clients": clients})
    files = {"runs.json": make_list(rows), "run/b/0.json": page}
    rows[1]["isOnlyRunAtThisIndex"] = False
    plain = [(b"a", 0, b"active", None, None, None), (b"again", 0, b"active", None, None, None),
             (b"again", 1, b"active", None, None, None), (b"b", 0, b"active", None, None, None),
             (b"over", 0, b"completed", None, None, None)]
    told = [(b"a", 0, b"active", b"RoundTrain", 7, 4), *plain[1:]]
    read = [*plain[:3], (b"b", 0, b"active", b"Warmup", None, 1), plain[4]]
    with Simulator(files, rpc=chain) as sim:
        on_chain = chain_settings(sim, **{"rpc.off": False, "cache.ttl": 0})
        path = new_store()
        ask(sim, path, override=on_chain)
        equal(seen_rows(path), told, "the list with the chain beside it")
        ask(sim, path, override={"cache.ttl": 0})
        equal(seen_rows(path), told, "and later the list alone")
        path = new_store()
        ask(sim, path, {"action": "run_details", "run_id": "b"}, override={"cache.ttl": 0})
        equal(seen_rows(path), read, "the list with a run's page beside it")
        path = new_store()
        ask(sim, path, {"action": "run_details", "run_id": "a"}, override=on_chain)
        equal(seen_rows(path), told, "the list with a run's account beside it")


@test
def runs_seen_before_are_looked_for():
    """Where no node searches, a run that left the dashboard's list is still found by its id."""
    path = new_store()
    chain = write_chain({"runs": [{"run_id": name, "state": "RoundTrain", "clients": 4}
                                  for name in ("a", "gone", "never-seen")]}, SCRATCH / "chain")
    listed = make_list([make_run("a"), make_run("gone")])
    with Simulator({"runs.json": listed}, rpc=chain, refuse={"getProgramAccounts": 410}) as sim:
        ask(sim, path, override={"rpc.off": True})
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM reply")
    with Simulator({"runs.json": make_list([make_run("a")])}, rpc=chain,
                   refuse={"getProgramAccounts": 410}) as sim:
        for store, want in ((path, ["a", "gone"]), (False, ["a"])):
            answer = ask(sim, store, override=chain_settings(sim, **{"rpc.off": False}))
            equal(ids(answer), want, f"runs with store {store}")


@test
def equal_questions_at_once():
    path = new_store()
    with Simulator(FILES, "--fault", "/runs=>slow=400") as sim:
        ask(sim.url + "/nowhere", path, {"tool": "info"})
        cli = Cli(sim.url, {"store": str(path)})
        cli.ask({"action": "run_details", "run_id": "b"})   # makes the file; asks /runs too
        before = len(sim.log("/runs"))
        time.sleep(0.1)
        cli = Cli(sim.url, {"store": str(path), "cache.ttl": "0"})
        replies = []
        side_by_side(*[lambda: replies.append(cli.ask(LISTING)) for _ in range(2)])
        equal([reply.status for reply in replies], [0, 0], "both are answered")
        true(len(sim.log("/runs")) - before <= 2, "no more requests than askers")
        with handle(sim, new_store()) as one:
            one.call(LISTING)
    path = new_store()
    with Simulator(FILES, "--fault", "/runs=>slow=400") as sim:
        ask(sim, path, {"action": "pool_status"})
        before = len(sim.log("/runs"))
        with handle(sim, path) as one, handle(sim, path) as other:
            futures = [one.start(LISTING), other.start(LISTING)]
            answers = [future.result(10) for future in futures]
        equal([reply.status for reply in answers], [0, 0], "both are answered")
        equal(len(sim.log("/runs")) - before, 1, "one asks, the other waits for what it brings")


@test
def a_process_that_dies_while_it_fetches():
    path = new_store()
    with Simulator(FILES, "--fault", "/runs=>stall+times=1") as sim:
        ask(sim, path, {"action": "pool_status"})
        cli = Cli(sim.url, {"store": str(path)})
        with cli.running("call", '{"action":"list_runs"}') as process:
            sim.wait_for(1, "/runs")
            process.kill()
        started = time.monotonic()
        equal(len(ids(ask(sim, path))), 2, "the next one is answered")
        within(time.monotonic() - started, 3.5, "seconds until the dead one's lease is out")


# --- what may happen to the disk ------------------------------------------------------------

@test
def killed_at_random():
    path, chance = new_store(), random.Random(8)
    promised, number, refused = {}, 1, 0
    end = time.monotonic() + 55
    kills = 0
    while kills < KILLS and time.monotonic() < end:
        process = subprocess.Popen([TOOL, "write", path, str(number), "100000"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 0.06))
        process.kill()
        lines = process.stdout.read().decode().splitlines(keepends=True)
        process.stdout.close()
        process.wait()
        kills += 1
        for line in lines:
            words = line.split()
            if line.endswith("\n") and len(words) == 1:
                promised[int(words[0]) % KEYS] = int(words[0])
            refused += words[:1] == ["refused"]
            number = max(number, int(words[-1]) + 1)
        number += 1                       # it may have written one more than it said
    equal(kills, KILLS, "times that it was killed within a minute")
    true(len(promised) == KEYS and number > 1000, f"too few were written: {number}")
    equal(refused, 0, "puts refused")
    check = subprocess.run([TOOL, "check", path], capture_output=True, text=True, timeout=30,
                           input="".join(f"{key} {last}\n" for key, last in promised.items()))
    equal((check.stdout.splitlines()[-1:], check.stderr), ([f"{KEYS} checked, 0 lost"], ""),
          f"nothing promised is lost: {check.stdout[:500]}")
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "the file")
    equal(list(path.parent.glob("*.corrupt-*")), [], "files set aside")


@test
def two_processes_write():
    path = new_store()
    writers = [subprocess.Popen([TOOL, "write", path, str(first), "600"], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True) for first in (1, 1000001)]
    promised, words = {}, []
    for writer in writers:
        out, err = writer.communicate(timeout=60)
        words += out.split("\n")
        equal((writer.returncode, err), (0, ""), "status, problem")
        for line in out.splitlines():
            if "refused" not in line:
                promised.setdefault(int(line) % KEYS, set()).add(int(line))
    kept = sum(map(len, promised.values()))
    true(kept > 1000, f"{kept} of 1200 were kept")
    check = subprocess.run([TOOL, "check", path], capture_output=True, text=True, timeout=30,
                           input="".join(f"{key} {min(some)}\n" for key, some in promised.items()))
    equal(check.stdout.splitlines()[-1:], [f"{len(promised)} checked, 0 lost"], check.stdout[:300])


@test
def processes_make_it_at_the_same_moment():
    """None takes the half made file of another for somebody else's, or gives up for another reason."""
    for _ in range(60):
        path = new_store()
        writers = [subprocess.Popen([TOOL, "write", path, str(first * 1000), "3"], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                   for first in range(1, 5)]
        for first, writer in enumerate(writers, 1):
            out, err = writer.communicate(timeout=60)
            equal((writer.returncode, err), (0, ""), "status, problem")
            equal(out.split(), [str(first * 1000 + n) for n in range(3)], "kept")


def limit_files(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@test
def files_may_not_grow():
    if BUILD.name == "cover":                # what a program counted is a file, too
        return
    with Simulator(FILES) as sim:
        for size in (0, 1, 4096, 20000, 40000, 60000):
            for _ in range(2):
                path = new_store()
                cli = Cli(sim.url, {"store": str(path), "cache.ttl": "0"})
                for request in (LISTING, {"action": "run_details", "run_id": "a"}, LISTING):
                    done = subprocess.run(cli.command("call", str(request).replace("'", '"')),
                                          capture_output=True, env=cli.environment, timeout=30,
                                          preexec_fn=limit_files(size))
                    equal(done.returncode, 0, f"status with {size} bytes: {done.stderr[:200]}")


def in_a_namespace(script, *arguments):
    """Runs a shell script where it may mount; Skip where that is not allowed."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", script, "sh"]
    try:
        probe = subprocess.run([*command[:4], "mount", "-t", "tmpfs", "none", "/mnt"],
                               capture_output=True, timeout=30)
    except FileNotFoundError:
        probe = None
    if not probe or probe.returncode:
        raise Skip("store on a full disk: mounting in a user namespace is not allowed here")
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, env=environ)


@test
def a_full_disk():
    place = SCRATCH / "small-disk"
    place.mkdir()
    script = """mount -t tmpfs -o size=$2 none "$1"; cd /
        "$3" write "$1/d/store.db" 1 60 || exit 9
        "$4" --set store="$1/d/store.db" --set cache.ttl=0 --set dashboard.url="$5" \\
            call "$6" "$6" "$6" "$6" """
    with Simulator(FILES) as sim:
        for size in ("4k", "40k", "100k", "300k"):
            done = in_a_namespace(script, place, size, TOOL, Cli.path, sim.url,
                                  '{"action":"list_runs"}')
            equal(done.returncode, 0, f"{size}: {done.stderr[-500:]}")
            true("refused 59" in done.stdout or "refused 60" in done.stdout, f"{size}: was not full")
            equal(done.stdout.count('"found":true'), 4, f"{size}: answers: {done.stdout[-300:]}")
            # Writing comes after answering, so the first answers may know nothing of it.
            true("no room" in done.stdout or "cannot be" in done.stdout,
                 f"{size}: nothing is said: {done.stdout[-900:]}")


@test
def a_read_only_disk():
    place = SCRATCH / "read-only"
    place.mkdir()
    script = """mount -t tmpfs none "$1"; cd /
        place=$1 url=$2 command=$3 request=$4
        ask() { "$command" --set store="$place/$1" --set dashboard.url="$url" call "$request"; }
        ask store.db >/dev/null
        mount -o remount,ro "$place"
        ask store.db
        ask new/other.db"""
    with Simulator(FILES) as sim:
        done = in_a_namespace(script, place, sim.url, Cli.path, '{"action":"list_runs"}')
        equal(done.returncode, 0, f"status: {done.stderr[-500:]}")
        equal(done.stdout.count('"found":true'), 2, "answers")
        equal(done.stdout.count("store /"), 2, f"notes: {done.stdout}")


def damage(path, chance):
    """Some bytes of it; by another process, since closing a file drops this process' locks on it."""
    script = """import os, sqlite3, sys
path, at, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
if not path.endswith("-wal"):
    try:
        sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        pass
if os.path.exists(path):
    with open(path, "r+b") as file:
        file.seek(int(at * os.path.getsize(path)))
        file.write(os.urandom(count))"""
    subprocess.run([sys.executable, "-c", script, path, str(chance.random()),
                    str(chance.choice([1, 200, 5000]))], check=True, timeout=30)


@test
def damaged_while_it_is_in_use():
    path, chance = new_store(), random.Random(8)
    with Simulator(FILES) as sim, handle(sim, path, override={"cache.ttl": 0}) as monitor:
        want = ids(monitor.call(LISTING).json)
        notes = []
        for _ in range(60):
            damage(f"{path}{chance.choice(['', '', '-wal'])}", chance)
            with handle(sim, path, override={"cache.ttl": 0}) as other:
                for each in (monitor, other):
                    reply = each.call(LISTING)
                    check_answer(reply, "answer")
                    equal(ids(reply.json), want, "runs")
                    notes += store_notes(reply.json)
        true(any("set aside" in note or "damaged" in note for note in notes), f"said: {notes[:3]}")
    true(len(list(path.parent.iterdir())) < 10, "files do not pile up")


@test
def older_and_newer_forms():
    path = new_store()
    with Simulator(FILES) as sim:
        first = ask(sim, path)
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.executescript("DROP TABLE seen; DROP TABLE chore; PRAGMA user_version=1")
        older = ask(sim, path)
        equal((ids(older), store_notes(older)), (ids(first), []), "an older form")
        equal(len(sim.log("/runs")), 1, "what was in it is kept")
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.executescript("PRAGMA user_version=999")
        newer = ask(sim, path)
        equal(ids(newer), ids(first), "a newer form")
        true("a newer version" in " ".join(store_notes(newer)), f"notes: {newer['notes']}")
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        equal(db.execute("PRAGMA user_version").fetchone(), (999,), "it is left alone")
        equal(db.execute("SELECT count(*) FROM reply").fetchone()[0] > 0, True, "with its rows")


@test
def places_that_are_refused():
    link, target = SCRATCH / "link.db", SCRATCH / "target.db"
    link.symlink_to(target)
    text = SCRATCH / "text.db"
    text.write_text("not a database" * 100)
    with Simulator(FILES) as sim:
        for path, words in ((link, "symbolic link"), (text, "set aside"),
                            ("/proc/none/store.db", "nothing is kept"),
                            ("/dev/null/x/store.db", "nothing is kept")):
            answer = ask(sim, path)
            equal(len(ids(answer)), 2, f"answer with {path}")
            true(words in " ".join(store_notes(answer)), f"{path}: {answer['notes']}")
        with handle(sim, link, override={"cache.ttl": 0}) as monitor:
            counts = [len(store_notes(monitor.call(LISTING).json)) for _ in range(3)]
            equal(counts, [1, 0, 0], "it is said once")
    true(not target.exists(), "nothing is written through a link")
    equal(list(SCRATCH.glob("text.db.corrupt-*"))[0].read_text()[:14], "not a database",
          "what was there is still there")


@test
def bad_settings():
    for options, words in (({"store": "relative.db"}, "begins with /"), ({"store": 3}, "a path"),
                           ({"store": ""}, "a path"), ({"store": []}, "a path"),
                           ({"override": {"cache.ttl": "soon"}}, "0 to 86400"),
                           ({"override": {"cache.ttl": 86401}}, "0 to 86400"),
                           ({"override": {"cache.off": "maybe"}}, "true or false")):
        with LIB.open(options) as monitor:
            answer = monitor.call(LISTING).json
            equal(answer.get("error_code"), "bad_config", f"{options}")
            true(words in answer["error"], f"{options}: {answer['error']}")


@contextlib.contextmanager
def locked(path):
    """Nobody else can write meanwhile."""
    hold = """import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()"""
    with subprocess.Popen([sys.executable, "-c", hold, path], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as holder:
        equal(holder.stdout.readline(), b"held\n", "another process is writing")
        try:
            yield
        finally:
            holder.stdin.close()


@test
def another_process_holds_it():
    path = new_store()
    with Simulator(FILES) as sim:
        ask(sim, path)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            for _ in range(3):
                equal(len(ids(ask(sim, path, override={"cache.ttl": 0}))), 2, "answer")
            within(time.monotonic() - started, 2.0, "seconds of three calls")
            db.execute("ROLLBACK")
    hold = """import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode=EXCLUSIVE")
db.execute("BEGIN EXCLUSIVE")
db.execute("DELETE FROM lease")
print("held", flush=True)
sys.stdin.read()"""
    with Simulator(FILES) as sim, subprocess.Popen(
            [sys.executable, "-c", hold, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        equal(holder.stdout.readline(), b"held\n", "another process has it for itself")
        with handle(sim, path) as monitor:
            reply = monitor.call(LISTING)
            equal(len(ids(reply.json)), 2, "nothing of it can be read")
            within(reply.seconds, 0.4, "seconds: it is not waited for")
            within(monitor.close(), CLOSE_S, "seconds to close")
        holder.stdin.close()


@test
def a_child_of_a_fork():
    path = new_store()
    with Simulator(FILES) as sim, handle(sim, path) as monitor:
        monitor.call(LISTING)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with handle(sim, path) as own:
                    answer = own.call(LISTING).json
                    status = 0 if "forked" in " ".join(store_notes(answer)) else 2
            finally:
                os._exit(status)
        equal(os.waitpid(child, 0)[1], 0, "its own handle answers, without a store")
        equal(len(ids(monitor.call(LISTING).json)), 2, "the parent goes on")


@test
def closing_at_once():
    with Simulator(FILES) as sim:
        for _ in range(30):
            with handle(sim, new_store()) as monitor:
                future = monitor.start(LISTING)
                time.sleep(0.002)
                within(monitor.close(), CLOSE_S, "seconds to close")
                future.result(5)


def threads():
    return len(os.listdir(f"/proc/{os.getpid()}/task"))


def settled_threads():
    """Those of handles closed before are gone."""
    time.sleep(1.5)
    return threads()


@test
def closing_while_it_is_locked():
    """Much is to be written, and nothing can be: the handle's threads end soon all the same."""
    path = new_store()
    with Simulator(FILES) as sim:
        ask(sim, path)
        before = settled_threads()
        with locked(path), handle(sim, path, override={"cache.ttl": 0}) as monitor:
            for _ in range(30):
                equal(len(ids(monitor.call(LISTING).json)), 2, "answer")
            within(monitor.close(), CLOSE_S, "seconds to close")
            end = time.monotonic() + 3.0            # each write would wait a quarter of a second
            while threads() > before and time.monotonic() < end:
                time.sleep(0.02)
            equal(threads(), before, "threads, three seconds later")


if __name__ == "__main__":
    sys.exit(main())
