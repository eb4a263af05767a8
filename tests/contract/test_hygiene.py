#!/usr/bin/env python3
"""What leaves this program, whatever comes in: nothing that nobody sees, no end of line, no outsider's words outside
of quotes in what it says; and nothing clean is changed, and two texts never look like one.

    test_hygiene.py             some seconds
    WORLDS=500 test_hygiene.py  that many hostile worlds instead of a few

Each world follows from its number alone, which a complaint names."""

import contextlib
import copy
import json
import re
import shutil
import sys
from os import environ
from random import Random

WORLDS = int(environ.get("WORLDS") or 8)   # before harness empties the environment

from chain_address import SYSTEM, key, to_base58                                                      # noqa: E402
from chain_data import write_chain                                                                # noqa: E402
from harness import (BIG, DATA, NOW, ROOT, SCRATCH, Cli, Lib, Simulator, check_answer, equal,         # noqa: E402
                     main, make_list, make_page, make_run, test, true)
from hub_data import write_hub                                                                    # noqa: E402
from hub_world import BUCKET, PARTS, RUNS, dashboard_files, write_storage                         # noqa: E402
from hygiene import (CHARACTERS, PLAIN_WORD, WORDS, hostile, offences, offences_of_text, plain,    # noqa: E402
                     unseen_of)
from liar import TAGS, Liar, Truth, spoil                                                             # noqa: E402

LIB = Lib()
TRACKED, CHAINED, TEXT = "zqi", "zqc", "zqt"     # markers: ids of the dashboard, of the chain alone, all else
MARKERS = (TRACKED, CHAINED, TEXT)
ID_BYTES = 32
WALLET = next(word for word in map("wallet {}".format, range(9)) if to_base58(key(word)))
ROOM = 1 << 22
FOLLOWED = 6                                     # calls of an answer's own that are made, of each answer


def raw(text):
    return text.encode("utf-8", "surrogateescape")


# --- a world ------------------------------------------------------------------------------------


def recorded(name):
    return json.loads((DATA / name).read_bytes())


def make_ids(random, marker, count):
    ids = [hostile(random, marker, ID_BYTES) for _ in range(count)]
    return list(dict.fromkeys(ids))


def make_pages(random, ids):
    """The dashboard's replies: a recorded run under each id, all of its texts others."""
    pages, rows = {}, []
    for run_id in ids:
        page = recorded(random.choice(["real_run_active.json", "real_run_waiting.json", "real_run_completed.json"]))
        page["run"] = spoil(page["run"], random, TEXT)
        info = page["run"].get("info")
        if not isinstance(info, dict):
            continue
        info.update({"id": run_id, "index": 0, "isOnlyRunAtThisIndex": True})
        rows.append(copy.deepcopy(info))
        pages[raw(f"/run/{run_id}/0")] = page
    pages[b"/runs"] = make_list(rows)
    pages[b"/status"] = spoil(recorded("real_status.json"), random, TEXT)
    pages[b"/contributionInfo"] = spoil(recorded("contributionInfo_partial_3.json"), random, TEXT)
    address = to_base58(key(WALLET)).encode()
    pages[b"/contributionInfo/" + address] = spoil(recorded("contributionInfo_address_known.json"), random, TEXT)
    return pages


def chain_text(random, bytes_most):
    """What fits into a field of an account; it holds no lone surrogates, which are no bytes."""
    return hostile(random, TEXT, bytes_most)


def make_chain(random, tracked, alone):
    def place():
        return random.choice([
            {"Hub": {"repo_id": chain_text(random, 60), "revision": chain_text(random, 60)}},
            {"P2P": {"repo_id": PARTS, "revision": chain_text(random, 60)}},
            {"P2PGcs": {"bucket": chain_text(random, 60), "prefix": chain_text(random, 60)}},
            {"Gcs": {"bucket": BUCKET, "prefix": chain_text(random, 60)}}])
    runs = [{"run_id": run_id, "name": chain_text(random, 64), "description": chain_text(random, 280),
             "client_version": chain_text(random, 96), "clients": 2, "epoch": 3, "step": 40, "checkpoint": place(),
             "epoch_started_at": "2026-11-21T04:34:51Z", "state_started_at": "2026-11-21T04:49:31Z",
             "data": {"Http": {"location": {"SingleUrl": chain_text(random, 190)}, "token_size_in_bytes": "TwoBytes",
                               "shuffle": "DontShuffle"}}}
            for run_id in [*tracked, *alone]]
    return {"genesis": "devnet", "runs": runs, "pools": [{"metadata": chain_text(random, 400), "mint": "a mint"}],
            "mints": [{"mint": "a mint"}], "accounts": [{"pubkey": WALLET, "owner": SYSTEM, "hex": ""}]}


def questions(random, tracked, alone):
    """(request, markers that its summary may say)"""
    by_id = [(run_id, (TRACKED,)) for run_id in tracked] + [(run_id, (CHAINED, TRACKED)) for run_id in alone]
    for run_id, said in by_id:
        shown = run_id.encode("utf-8", "surrogateescape")
        if b"\\u" in shown or any("\ud800" <= char <= "\udfff" for char in run_id):
            continue                            # no JSON text can ask for it as it is
        yield {"action": "run_details", "run_id": run_id}, said
        yield {"action": "checkpoints", "run_id": run_id}, said
        yield {"tool": "psyche_wallet", "arguments": {"address": to_base58(key(WALLET)), "run_id": run_id}}, said
    for action in ("list_runs", "checkpoints", "pool_status", "network_stats", "contribute"):
        yield {"action": action}, (TRACKED,)
    for run_id in (*RUNS, PARTS):
        yield {"action": "checkpoints", "run_id": run_id}, (TRACKED,)
    yield {"tool": "psyche_wallet", "arguments": {"address": to_base58(key(WALLET))}}, (TRACKED,)
    yield {"tool": "doctor", "arguments": {"live": True}}, ()
    yield {"tool": "info"}, ()
    asked = hostile(random, "zqa").replace('"', "").encode("utf-8", "ignore").decode()
    for request in ({"action": asked}, {"action": "contribute", "page": asked}, {"action": "list_runs", asked: 1},
                    {"action": "run_details", "run_id": asked}, {"action": "list_runs", "page": asked},
                    {"tool": asked, "arguments": {}}, {"tool": "psyche_wallet", "arguments": {"address": asked}}):
        yield request, (TRACKED,)


def in_full(request):
    """The same in full, as a program asks for it."""
    if request.get("tool") in ("info", "doctor"):
        return request
    arguments = request.get("arguments", request)
    return {"tool": request.get("tool", "psyche_monitor"), "arguments": {**arguments, "detail": "full"}, "budget": ROOM}


def calls_of(answer):
    """The calls that an answer names: of what was left out, and what to ask next."""
    rows = [row["get"] for row in answer.get("omitted", [])] + [row["arguments"] for row in answer.get("next", [])
                                                              if row["tool"] == "psyche_monitor"]
    tables = [value["get_more"] for value in answer.values() if isinstance(value, dict) and "get_more" in value]
    return (tables + rows)[:FOLLOWED]


class World:
    """One number's dashboard, chain, hub and storage."""

    def __init__(self, number, storage):
        random = Random(number)
        self.number = number
        self.tracked, self.alone = make_ids(random, TRACKED, 3), make_ids(random, CHAINED, 2)
        self.pages = make_pages(random, self.tracked)
        files = dashboard_files()
        for run_id in RUNS:
            self.pages[f"/run/{run_id}/0".encode()] = files[f"run/{run_id}/0.json"]
        self.pages[b"/runs"]["runs"] += files["runs.json"]["runs"]
        folder = SCRATCH / f"chain-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        node = write_chain(make_chain(random, self.tracked[:2], self.alone), folder)
        self.sim = Simulator({"runs.json": make_list([])}, rpc=node, hub=storage)
        self.asked = list(questions(random, self.tracked, self.alone))

    def __enter__(self):
        self.sim.__enter__()
        self.liar = Liar(self.sim, self.pages, self.number).__enter__()
        self.settings = {**self.liar.settings, "timeout_ms": "4000", "patience_ms": "500"}
        return self

    def __exit__(self, *_):
        self.liar.__exit__()
        self.sim.__exit__()


def grade(what, line, markers=MARKERS, said=None):
    found = offences(line, markers, said)
    return true(not found, f"{what}: {found[:4]} in {line[:300]!r}")


@test
def answers():
    """Every tool, in brief, in full and page by page."""
    storage, count, quoted = write_storage("hygiene"), 0, 0
    for number in range(WORLDS):
        with World(number, storage) as world, LIB.at(world.liar.url, override=world.settings) as monitor:
            for request, said in world.asked:
                for form in (request, in_full(request)):
                    what = f"world {number}, {form}"
                    reply = monitor.call(form)
                    grade(what, reply.text, said=said)
                    check_answer(reply, what)
                    count += 1
                    quoted += b"zqi" in reply.text or b"zqc" in reply.text
                    if form is not request:
                        continue
                    for call in calls_of(reply.json):
                        more = monitor.call(call)
                        grade(f"world {number}, {call}", more.text)
                        check_answer(more, f"world {number}, {call}")
    true(quoted > count / 4, f"{quoted} of {count} answers tell of a hostile run")
    print(f"FIGURES hygiene: {count} answers of {WORLDS} hostile worlds, {quoted} with hostile ids in them")


# --- the command line -----------------------------------------------------------------------------


def argument(text):
    """As a word of a command line can hold it."""
    return raw("".join(char for char in text if char != "\0" and not "\ud800" <= char <= "\udbff"))


def run_lines(cli, what, *words, stdin=b""):
    """All that a command prints, graded: one answer a line, or lines for people."""
    done = cli.run(*words, stdin=stdin)
    for name, output in (("out", done.out), ("err", done.err)):
        for line in output.splitlines() if output.startswith(b"{") else []:
            grade(f"{what}: {name}", line, ())
        if not output.startswith(b"{"):
            found = offences_of_text(output, MARKERS)
            true(not found, f"{what}: {name}: {found[:4]} in {output[:300]!r}")
    return done


@test
def command_lines():
    """Words of its own that are hostile, and answers as words and as a table of checks."""
    random, storage = Random(7), write_storage("hygiene")
    for number in range(4 * max(1, WORLDS // 8)):
        text = argument(hostile(random, TEXT, 200).replace('"', ""))
        cli = Cli(settings={"offline": True})
        for words in ([text], [b"--" + text], [b"-" + text], ["--set", text], ["--content", text, "mcp"],
                      ["info", text], ["--summary=" + "1", text]):
            done = run_lines(cli, f"{number}: {words}", *words)
            equal(done.status, 2, f"{number}: {words}")
        for words in (["--config", text, "info"], ["--set", b"references=" + text, "info"],
                      ["--set", b"rpc.url=" + text, "info"], ["--set", b"dashboard.url=http://" + text, "info"],
                      ["--set", text + b"=1", "info"], ["--set", b"cache.path=" + text, "doctor"],
                      ["--set", b"env_file=" + text, "info"], ["--set", b"programs.pool=" + text, "info"],
                      ["wallet", text], ["wallet", "x", "--run", text], ["call", text]):
            run_lines(cli, f"{number}: {words}", *words)
    with World(3, storage) as world:
        cli = Cli(world.liar.url, settings={**world.settings, "now": NOW})
        for words in (["--summary", "doctor", "--live"], ["info"]):
            run_lines(cli, f"{words}", *words)
        checks = cli.run("doctor", "--live")
        equal((offences_of_text(checks.out), checks.err), ([], b""), "doctor: a table of what was found")
        for request, _ in world.asked:
            text = json.dumps(request).encode()
            run_lines(cli, f"--summary {request}", "--summary", "call", stdin=text)


@test
def settings_and_files():
    """A config file, an env file, an environment and references that are hostile."""
    random = Random(11)
    for number in range(25 * max(1, WORLDS // 8)):
        text = hostile(random, TEXT, 300)
        names = ["dashboard.url", "hub.url", "rpc.url", "programs.pool", "timeout_ms", "cache.path", "run_id",
                 "wallet.address", "rpc.pool_cluster", "references", "cacert"]
        name = random.choice(names)
        config, env_file = SCRATCH / "hostile.yaml", SCRATCH / "hostile.env"
        config.write_bytes(raw(random.choice([f"{name}: {text}", f'{name}: "{text}"', f"{text}: 1", text,
                                              f"a:\n  - {text}\n b", f"{name}: [{text}]"])))
        env_file.write_bytes(raw("".join(f'{key_name}="{text}"\n' for key_name in
                                         ("RPC", "RPC_2", "RUN_ID", "ADDRESS", "COORDINATOR_PROGRAM_ID"))))
        for options in ({"config": str(config)}, {"env_file": str(env_file)}):
            for request in ({"tool": "info"}, {"tool": "doctor"}, {"action": "run_details"}, {"action": "contribute"}):
                with LIB.open({"offline": True, **options}) as monitor:
                    grade(f"{number}, {options}: {config.read_bytes()!r}", monitor.call(request).text, ())
        given = to_options({"override": {name: text}, "host_note": text, "now": text if number % 2 else NOW})
        with LIB.open(given) as monitor:
            for request in ({"tool": "info"}, {"action": "contribute"}):
                grade(f"{number}, {name} as an option", monitor.call(request).text, ())


def to_options(options):
    return json.dumps(options, ensure_ascii=False).encode("utf-8", "ignore")


@test
def references():
    """A folder of references that somebody else wrote: quoted, cleaned, its lines kept."""
    random = Random(13)
    for number in range(8 * max(1, WORLDS // 8)):
        folder = SCRATCH / "references"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "references", folder)
        for path in folder.glob("*.md"):
            lines = path.read_text().split("\n")
            for at in random.sample(range(6, len(lines)), min(12, len(lines) - 6)):
                lines[at] += hostile(random, TEXT).replace("\n", " ")[:800]
            path.write_bytes(raw("\n".join(lines)))
        with LIB.open({"offline": True, "references": str(folder)}) as monitor:
            for page in ("compute", "pool", "Cooldown", "RoundTrain", "joining", "zqt", "community"):
                for detail in ("brief", "full"):
                    reply = monitor.call({"action": "contribute", "page": page, "detail": detail})
                    grade(f"{number}, {page}, {detail}", reply.text, ())


# --- the MCP server -------------------------------------------------------------------------------


def mcp_lines(random, world):
    calls = [{"name": request.get("tool", "psyche_monitor"), "arguments": request.get("arguments", request)}
             for request, _ in world.asked if request.get("tool") not in ("doctor", "info")]
    text = hostile(random, "zqa").encode("utf-8", "ignore").decode()
    rows = [("tools/call", call) for call in calls]
    rows += [("tools/list", {}), ("resources/list", {}), ("resources/templates/list", {}), ("prompts/list", {}),
             (text, {}), ("tools/call", {"name": text, "arguments": {}}), ("resources/read", {"uri": text}),
             ("resources/read", {"uri": f"psyche://references/{text}"}), ("prompts/get", {"name": text}),
             ("tools/call", {"name": "psyche_monitor", "arguments": {text: text}}), ("tools/list", {"cursor": text}),
             *(("prompts/get", {"name": "run", "arguments": {"run": hostile(random, "zqa", 40)
                                                             .encode("utf-8", "ignore").decode()}}) for _ in range(6))]
    return rows


def outer_and_inner(line):
    """The line's own offences, and those of an answer that stands in it as text."""
    message = json.loads(line)
    found = offences(line)
    blocks = [each["content"] for each in message.get("result", {}).get("messages", [])]
    for block in message.get("result", {}).get("content", []) + blocks:
        if block["text"].startswith("{"):
            found += offences(block["text"].encode(), MARKERS)
        else:
            found += offences_of_text(block["text"].encode(), MARKERS)
    return message, found


@test
def mcp():
    """Every line of the server: results as text, as data and as both, lists, resources, prompts, refusals."""
    random, storage, count = Random(17), write_storage("hygiene"), 0
    for number, content in enumerate(("text", "structured", "both") * max(1, WORLDS // 8)):
        with World(number, storage) as world:
            cli = Cli(world.liar.url, settings={**world.settings, "now": NOW})
            rows = [("initialize", {"protocolVersion": "2025-11-25", "capabilities": {},
                                    "clientInfo": {"name": hostile(random, "zqa").encode("utf-8", "ignore").decode(),
                                                   "version": "1"}}), *mcp_lines(random, world)]
            sent = [{"jsonrpc": "2.0", "id": at, "method": method, "params": params}
                    for at, (method, params) in enumerate(rows)]
            with cli.running("--content", content, "mcp") as process:
                process.stdin.write(b"".join(json.dumps(each).encode() + b"\n" for each in sent))
                lines = [process.stdout.readline() for _ in sent]
            got = {}
            for line in lines:
                message, found = outer_and_inner(line)
                got[message["id"]] = message
                true(not found, f"world {number}, {content}: {rows[message['id']]}: {found[:4]} in {line[:300]!r}")
            equal(sorted(got), list(range(len(rows))), f"world {number}: every line is answered")
            count += len(rows)
    true(count > 100, f"{count} lines")


# --- what is clean --------------------------------------------------------------------------------

# Everywhere as it is, in ids too.
CLEAN = ["hermes-4-8b", "Hermes 4", "na\u00efve caf\u00e9", "\u65e5\u672c\u8a9e\u30e2\u30c7\u30eb", "\u6a21\u578b",
         "\ud55c\uad6d\uc5b4", "\u0646\u0645\u0648\u0630\u062c", "\u05d0\u05d9\u05de\u05d5\u05df",
         "\u05e2\u05b4\u05d1\u05b0\u05e8", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u09ac\u09be\u0982\u09b2\u09be",
         "\u0ba4\u0bae\u0bbf\u0bb4\u0bcd", "\u0e44\u0e17\u0e22", "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1",
         "\u0420\u0443\u0441\u0441\u043a\u0438\u0439", "T\u00fcrk\u00e7e \u0130\u0131", "Vi\u1ec7t ng\u1eef",
         "\u10e5\u10d0\u10e0\u10d7", "\u12a0\u121b\u122d", "\u1798\u17d2\u1798", "\u1820\u1821",
         "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f44d\U0001f3fd",
         "\U0001f1eb\U0001f1f7", "\u00a9\u00ae\u2122", "e\u0301", "a < b & c > d", "<b>x</b>", "50% | $5", "a\\b",
         "'q'", "U+202E", "<u+1>", "x<y", "{}[]", "`id`", "\u2026", "\u3000\u5168", "\ufffd", "\U00020000",
         "\u0660\u0661", "\u202f5", "\u00a0x", "100\u202f%"]
# In names and descriptions as it is; in an id its joiner is shown, since without it another id would look the same.
CLEAN_NAMES = ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937", "\u2b50\ufe0f",
               "\u182d\u180b\u1820"]


def rows_of(table):
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def world_of(ids, names):
    """A dashboard and a chain with these ids, whose runs have these names."""
    pages = {b"/runs": make_list([make_run(run_id, name=name, description=name) for run_id, name in zip(ids, names)])}
    pages.update({raw(f"/run/{run_id}/0"): make_page(make_run(run_id, name=name, description=name))
                  for run_id, name in zip(ids, names)})
    return pages


@contextlib.contextmanager
def honest(pages, chain=None, storage=None):
    """A handle that asks a dashboard with these pages, this chain, and what the storage folder holds."""
    folder = SCRATCH / "honest"
    shutil.rmtree(folder, ignore_errors=True)
    sim = Simulator({"runs.json": make_list([])}, rpc=write_chain(chain or {"runs": []}, folder), hub=storage)
    with sim, Truth(sim, pages) as server, LIB.at(server.url, override=server.settings) as monitor:
        yield monitor


def folded(text):
    """As a description is shown."""
    return " ".join(re.split(r"[\s\u0085]+", text)).strip()


@test
def clean_texts():
    """Of many scripts: the same in every answer, from the dashboard and from the chain."""
    for text in CLEAN + CLEAN_NAMES:
        true(not unseen_of(text), f"{text!r}: the grader knows it as clean")
    texts = CLEAN + CLEAN_NAMES
    ids = [text if text in CLEAN else f"of-{at}" for at, text in enumerate(texts)]
    alone = [f"{text}." for text in CLEAN if len(text.encode()) < ID_BYTES]
    chain = {"runs": [{"run_id": each, "name": each, "description": each} for each in alone]}
    with honest(world_of(ids, texts), chain) as monitor:
        listed = monitor.call(in_full({"action": "list_runs", "limit": 1000})).json
        names = {row["run_id"]: row["name"] for row in rows_of(listed["runs"])}
        equal({run_id: names.get(run_id) for run_id in ids}, dict(zip(ids, texts)), "ids and names in the list")
        equal(set(names) - set(ids), set(alone), "ids of the chain in the list")
        for run_id, text in zip(ids, texts):
            answer = monitor.call({"action": "run_details", "run_id": run_id, "detail": "full"}).json
            group = answer["tracked"]
            equal((answer["run_id"], group["name"], group["description"]), (run_id, text, folded(text)), f"{text!r}")
            true(run_id in answer["summary"], f"{text!r}: {answer['summary']}")
            equal(PLAIN_WORD.fullmatch(run_id) is None, f'"{run_id}"' in answer["summary"], f"{run_id!r}: quotes")
        for run_id in alone:
            answer = monitor.call({"action": "run_details", "run_id": run_id, "detail": "full"}).json
            group = answer["on_chain"]
            equal((answer["run_id"], group["name"], group["description"]), (run_id, run_id, folded(run_id)), run_id)


# --- one-to-one -----------------------------------------------------------------------------------


def twins(random, count, bytes_most):
    """Texts that look like each other: one with and without something that nobody sees, and as it is escaped."""
    found = set()
    while len(found) < count:
        base = random.choice(["hermes", "run-1", "a b", "\u2764", "\u0645\u06cc", "<U+202E>", "x", "owner/name"])
        piece = random.choice(CHARACTERS + WORDS)
        at = random.randint(0, len(base))
        escape = "".join(f"<U+{ord(char):X}>" for char in piece)
        for text in (base, base[:at] + piece + base[at:], base[:at] + escape + base[at:], base + " ", base + "\u3000",
                     base + "\u200b", base[:at] + piece + piece + base[at:], base.replace(" ", "\xa0")):
            is_text = not re.search("[\ud800-\udbff]|<U.DC", text) and not {"\0", TAGS} & set(text)
            if is_text and 0 < len(raw(text)) <= bytes_most:
                found.add(text)
    return sorted(found)


def check_one_to_one(what, texts, shown):
    """Each is shown, no two alike, and each can be read back by whoever knows the rule."""
    equal(len(set(shown)), len(texts), f"{what}: shown apart")
    back = {plain(text) for text in shown}
    missing = [text for text in texts if raw(text) not in back]
    true(not missing, f"{what}: not as they were: {missing[:5]!r}")


@test
def ids_are_one_to_one():
    """Runs of dashboard and chain whose ids differ in a byte: in the list each has a name of its own, by which it is
    found again, and no other."""
    random = Random(19)
    texts = twins(random, 60 * max(1, WORLDS // 8), ID_BYTES)
    alone = [text for text in texts[1::2] if not re.search("[\udc80-\udcff]", text)]      # Borsh is strict
    tracked = [text for text in texts if text not in alone]
    pages = {b"/runs": make_list([make_run(run_id, size=f"{BIG}{1000 + at}") for at, run_id in enumerate(tracked)])}
    pages.update({raw(f"/run/{run_id}/0"): make_page(make_run(run_id, size=f"{BIG}{1000 + at}"))
                  for at, run_id in enumerate(tracked)})
    chain = {"runs": [{"run_id": run_id, "params": 900000 + at} for at, run_id in enumerate(alone)]}
    want = {raw(run_id): str(1000 + at) for at, run_id in enumerate(tracked)}
    want.update({raw(run_id): str(900000 + at) for at, run_id in enumerate(alone)})
    with honest(pages, chain) as monitor:
        rows = rows_of(monitor.call(in_full({"action": "list_runs", "limit": 10000})).json["runs"])
        check_one_to_one("ids", texts, [row["run_id"] for row in rows])
        equal({plain(row["run_id"]): row["params"] for row in rows}, want, "each with its own facts")
        for row in rows:
            answer = monitor.call({"action": "run_details", "run_id": row["run_id"], "detail": "full"}).json
            group = answer.get("tracked", {}) if "params" in answer.get("tracked", {}) else answer.get("on_chain", {})
            found = answer.get("run_id"), group.get("params")
            equal(found, (row["run_id"], row["params"]), f"{row['run_id']} asked for")


@test
def places_are_one_to_one():
    """Repositories, revisions, buckets and prefixes that runs declare, keys of clients, names of files."""
    random = Random(23)
    texts = twins(random, 40 * max(1, WORLDS // 8), 60)
    live = {"phase": "RoundTrain", "round": 3, "config": {"minClients": 1},
            "clients": [{"pubkey": text, "witness": False} for text in texts]}
    places = [*({"Hub": {"repo_id": text, "revision": text}} for text in texts),
              *({"Gcs": {"bucket": text, "prefix": text}} for text in texts)]
    pages = {f"/run/p{at}/0".encode(): make_page(make_run(f"p{at}"), state={**live, "checkpoint": place})
             for at, place in enumerate(places)}
    pages[b"/runs"] = make_list([make_run(f"p{at}") for at in range(len(places))])
    with honest(pages) as monitor:
        shown = {"repo": [], "revision": [], "bucket": [], "prefix": []}
        for at in range(len(places)):
            group = monitor.call(in_full({"action": "run_details", "run_id": f"p{at}"})).json["tracked"]
            for name in set(shown) & set(group["checkpoint"]):
                shown[name].append(group["checkpoint"][name])
        for name, those in shown.items():
            check_one_to_one(name, texts, those)
        check_one_to_one("clients", texts, [row["key"] for row in rows_of(group["client_list"])])


@test
def file_names_are_one_to_one():
    """In the list of a repository's files."""
    random = Random(29)
    texts = [text for text in twins(random, 60 * max(1, WORLDS // 8), 90) if not re.search("[\udc80-\udcff]", text)]
    files = [{"path": text, "size": 5 + at} for at, text in enumerate(texts)]
    repository = {"id": PARTS, "bare": True, "files": files, "steps": [1]}
    storage = write_hub({"repositories": [repository]}, SCRATCH / "files")
    with honest({b"/runs": make_list([])}, storage=storage) as monitor:
        answer = monitor.call(in_full({"action": "checkpoints", "run_id": PARTS, "limit": 10000})).json
        rows = rows_of(answer["files"])
        check_one_to_one("files", texts, [row["path"] for row in rows])
        equal({plain(row["path"]): row["bytes"] for row in rows},
              {raw(text): str(5 + at) for at, text in enumerate(texts)}, "each with its own size")


sys.exit(main())
