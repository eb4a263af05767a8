#!/usr/bin/env python3
"""Replies of the hub that are odd, but legal or not far from it, from a server made here: what is left of an
answer when one thing in them is absent, cut or of another type. The simulator gives no such ones."""

import copy
import json
import re
import sys
from urllib.parse import parse_qs, urlsplit

import loopback
from harness import Lib, check_answer, equal, main, make_list, make_page, make_run, test, true
from hub_data import digits

LIB = Lib()
REPO, RUN = "PsycheFoundation/one-8b", "one-run"
COMMIT, OTHER = digits("one"), digits("another")
PARTS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
PART_BYTES = 5000005000
BUCKET, PREFIX = "b" * 63, "/".join(["p" * 90] * 9)


def make_files(names=PARTS, index="model.safetensors.index.json", size=PART_BYTES):
    content = {"metadata": {"total_size": 2 * size - 9000}, "weight_map": dict(zip("ab", names))}
    return {**{name: size for name in names}, "config.json": 742, **({index: content} if index else {})}


def size_of(content):
    return len(json.dumps(content)) if isinstance(content, dict) else content


class Hub:
    """One repository, and a dashboard with one run that declares it. `change` maps a kind of reply to a
    function that may change its value, or give (status, headers, value) instead of it."""

    def __init__(self, files, revision=COMMIT, page=1000, declares=True, manifest=None, **change):
        self.files, self.revision, self.page, self.change = files, revision, page, change
        self.declares, self.manifest, self.asked, self.repo = declares, manifest, [], REPO

    def model(self):
        siblings = [{"rfilename": path, "size": size_of(content)} for path, content in self.files.items()]
        flags = {"private": False, "gated": False, "disabled": False}
        return {"id": REPO, "sha": COMMIT, **flags, "downloads": 3,
                "lastModified": "2026-11-21T04:00:00.000Z", "siblings": siblings}

    def tree(self, query):
        at = int(query.get("cursor", ["0"])[0])
        rows = [{"type": "file", "path": path, "size": size_of(content)}
                for path, content in self.files.items()]
        link = {} if at + self.page >= len(rows) else {
            "Link": f'<https://huggingface.co/api/models/{REPO}/tree/x?cursor={at + self.page}>; rel="next"'}
        return 200, link, rows[at:at + self.page]

    def commits(self):
        return [{"id": COMMIT, "title": "step 200", "date": "2026-11-21T04:00:00.000Z"},
                {"id": digits("older"), "title": "step 100", "date": "2026-11-21T01:00:00.000Z"}]

    def dashboard(self, path):
        row = make_run(RUN)
        declared = {"Hub": {"repo_id": self.repo, "revision": self.revision}}
        if self.manifest:
            declared = {"Gcs": {"bucket": BUCKET, "prefix": PREFIX}}
        checkpoint = declared if self.declares else None
        page = make_page(row, state={"phase": "RoundTrain", "checkpoint": checkpoint})
        return make_list([row]) if path.endswith("/runs") else page

    def reply(self, target):
        """(kind, status, headers, value)"""
        url = urlsplit(target)
        if url.path.startswith("/dash/"):
            return "dashboard", 200, {}, self.dashboard(url.path)
        self.asked.append(url.path)
        if url.path == f"/gcs/{BUCKET}/{PREFIX}/manifest.json":
            return "manifest", 200, {}, self.manifest
        if url.path == "/api/models":
            return "search", 200, {}, []
        if "/tree/" in url.path:
            return "tree", *self.tree(parse_qs(url.query))
        if "/commits/" in url.path:
            return "commits", 200, {"X-Total-Count": "2"}, self.commits()
        if "/resolve/" not in url.path:
            return "model", 200, {}, self.model()
        content = self.files.get(url.path.split("/resolve/")[1].partition("/")[2])
        if isinstance(content, dict):
            return "index", 200, {"X-Repo-Commit": COMMIT}, content
        return "index", 404, {"X-Error-Code": "EntryNotFound"}, {"error": "Entry not found"}

    def answer(self, target):
        kind, status, headers, value = self.reply(target)
        changed = self.change[kind](copy.deepcopy(value)) if kind in self.change else value
        return changed if isinstance(changed, tuple) else (status, headers, changed)


def ask(hub, **more):
    class Replying(loopback.Handler):
        def do_GET(self):
            status, headers, value = hub.answer(self.path)
            body = json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with loopback.serving(Replying) as url:
        settings = {"hub.url": url, "gcs.url": f"{url}/gcs", "hub.off": False, **more}
        with LIB.at(f"{url}/dash", override=settings) as monitor:
            reply = monitor.call({"action": "checkpoints", "run_id": RUN})
    check_answer(reply, RUN)
    true(len(reply.text) <= 4000, f"{len(reply.text)} bytes")
    return reply.json


def without(*names):
    return lambda value: {key: each for key, each in value.items() if key not in names}


def with_(**values):
    return lambda value: {**value, **values}


def verdict(answer):
    return answer["hub"]["weights"]["verdict"]


# --- the repository's own reply ---------------------------------------------------------------

@test
def a_commit_that_is_not_told():
    """A full commit that was asked for is the one; of a branch nothing tells, and nothing is made up."""
    for value in (None, 5, "", "x", COMMIT[:12], COMMIT.upper()):
        hub = ask(Hub(make_files(), model=with_(sha=value)))["hub"]
        equal((hub["commit"], hub["step"], hub["weights"]["verdict"]), (COMMIT, 200, "complete"),
              f"sha {value!r}")
        equal(hub["command"], f"hf download {REPO} --revision {COMMIT}", f"sha {value!r}")
        answer = ask(Hub(make_files(), revision=None, model=with_(sha=value)))
        hub = answer["hub"]
        equal((verdict(answer), "command" in hub, "commit" in hub), ("unknown", False, False),
              f"main, sha {value!r}")
        true("which commit" in hub["weights"]["why"], hub["weights"]["why"])
        equal((hub["weights"]["bytes"], hub["licence"] if "licence" in hub else None),
              (str(2 * PART_BYTES), None), "the rest stays")


@test
def another_commit_than_asked_for():
    answer = ask(Hub(make_files(), model=with_(sha=OTHER)))
    true("another commit" in answer["summary"], answer["summary"])
    equal((answer["hub"]["commit"], "command" in answer["hub"]), (OTHER, False),
          "no command for something else")


@test
def a_name_that_is_not_told():
    for change in (without("id"), with_(id=7), with_(id="")):
        answer = ask(Hub(make_files(), model=change))
        hub = answer["hub"]
        equal((verdict(answer), hub["commit"], "now_called" in hub), ("complete", COMMIT, False),
              "without an id")
        equal(hub["command"], f"hf download {REPO} --revision {COMMIT}", "by the name that was asked for")
        true("owner" not in answer["summary"], answer["summary"])
    answer = ask(Hub(make_files(), model=lambda value: {}))
    true("hub" not in answer and "not known" in answer["summary"], answer["summary"])


@test
def text_that_is_none():
    """Half a surrogate pair, as JSON.stringify and json.dumps write one, costs that text alone."""
    change = with_(tags=["\ud800", "license:mit"], library_name="a\udcff")
    answer = ask(Hub(make_files(), model=change))
    equal((verdict(answer), answer["hub"]["licence"], answer["hub"]["library"]),
          ("complete", "mit", "a<xED><xB3><xBF>"), "the rest stays")


@test
def files_that_are_not_told():
    """Then the list of the commit tells them, and which index is theirs."""
    for value in (None, "x", [], [{"rfilename": "README.md"}], [None]):
        for page in (1000, 1):
            hub = Hub(make_files(), page=page, model=with_(siblings=value))
            answer = ask(hub)
            equal((verdict(answer), answer["hub"]["weights"]["bytes"]), ("complete", str(2 * PART_BYTES)),
                  f"siblings {value!r}, pages of {page}")
            equal(sum("/resolve/" in path for path in hub.asked), 1, "the index is asked for once")
    torch = {**make_files(), "pytorch_model.bin.index.json": {"weight_map": {"a": "pytorch_model.bin"}},
             "pytorch_model-00001-of-00001.bin": 5}
    cut = [{"rfilename": name} for name in torch if name.startswith("pytorch")]
    equal(verdict(ask(Hub(torch, model=with_(siblings=cut)))), "complete", "the index of those that count")


@test
def kinds_of_entries_that_are_not_told():
    """What has bytes is a file, whatever it is called."""
    unnamed = without("siblings")
    for kind in (None, 5, "unknown", "FILE"):
        change = lambda rows, kind=kind: [{**row, "type": kind} for row in rows]     # noqa: E731
        equal(verdict(ask(Hub(make_files(), model=unnamed, tree=change))), "complete", f"type {kind!r}")
    change = lambda rows: [{"path": row["path"], "size": "x"} for row in rows]       # noqa: E731
    equal(verdict(ask(Hub(make_files(), model=unnamed, tree=change))), "unknown", "nothing at all")


# --- other names ------------------------------------------------------------------------------

@test
def an_index_of_another_name():
    names = ["weights_000001-of-000002.safetensors", "weights_000002-of-000002.safetensors"]
    files = make_files(names, "weights.safetensors.index.json")
    equal(verdict(ask(Hub(files))), "complete", "all that it names")
    answer = ask(Hub({path: content for path, content in files.items() if path != names[1]}))
    equal((verdict(answer), answer["hub"]["weights"]["first_missing"]), ("incomplete", names[1]),
          "one is missing")
    for stem in ("a b", "a%2f", "\u202e"):
        name = f"{stem}.safetensors.index.json"
        hub = Hub(make_files(names, name))
        equal(verdict(ask(hub)), "unknown", name)
        equal([path for path in hub.asked if "/resolve/" in path],
              [f"/{REPO}/resolve/{COMMIT}/model.safetensors.index.json"], f"{name!r} is not asked for")


@test
def weights_that_no_loader_knows():
    answer = ask(Hub({"model.bin": 10 ** 9}))
    equal((verdict(answer), answer["hub"]["weights"]["bytes"]), ("unknown", "1000000000"),
          "not said to be absent")


# --- sizes and steps --------------------------------------------------------------------------

@test
def a_big_download():
    def is_told(files, **change):
        answer = ask(Hub(files, **change))
        notes = " ".join(answer.get("notes", []))
        return "(a big download)" in answer["summary"], "big download" in notes

    def tree(rows):
        return [{**row, "size": 3 * 10 ** 10 if row["path"] == PARTS[0] else None} for row in rows]

    half = {"siblings": [{"rfilename": PARTS[0], "size": 3 * 10 ** 10}, {"rfilename": PARTS[1]}]}
    equal(is_told(make_files(size=9 * 10 ** 9)), (False, False), "18 GB")
    equal(is_told(make_files(size=10 ** 10)), (True, True), "20 GB")
    equal(is_told({**make_files(size=9 * 10 ** 9), "data.tar": 2 * 10 ** 9}), (True, True),
          "18 GB and 2 beside")
    equal(is_told(make_files(), model=with_(**half), tree=tree), (True, True), "one size is not known")


@test
def titles_of_other_forms():
    for title in ("Step 12,000", "step-500", "checkpoint at step 7 of epoch 2", "", None, 7):
        change = lambda rows, title=title: [{**rows[0], "title": title}]             # noqa: E731
        answer = ask(Hub(make_files(), commits=change))
        true("no step known from its title" in answer["summary"] and "step" not in answer["hub"],
             f"{title!r}: {answer['summary']}")


@test
def a_history_that_nobody_counted():
    """How many commits there are is told by a number that fits the rows, or by the last page, or not."""
    link = {"Link": f'<https://huggingface.co/api/models/{REPO}/commits/main?p=1&limit=2>; rel="next"'}
    table = [("120", link, 120, True), ("120", {}, 120, True), (None, {}, 2, False), (None, link, None, True),
             ("2", link, None, True), ("0", {}, 2, False), ("x", link, None, True), ("9" * 30, {}, 2, False)]
    for count, more, total, has_more in table:
        headers = {**more, **({"X-Total-Count": count} if count else {})}
        answer = ask(Hub(make_files(), commits=lambda rows, headers=headers: (200, headers, rows)))
        history = answer["history"]
        equal((history.get("total"), "get_more" in history), (total, has_more), str(headers))


# --- searches ---------------------------------------------------------------------------------

@test
def finds_that_are_not_all():
    """That the hub has none is said only of whole lists that could be read."""
    link = {"Link": '<https://huggingface.co/api/models?cursor=a>; rel="next"'}
    like = [{"id": f"someone/{RUN}-2"}]
    table = [([], "has no repository of that name"), ([{"id": 5}], "of that name is not known"),
             ([None], "of that name is not known"), ((200, link, []), "of that name is not known"),
             (like, f"no repository of that very name [best-effort]; like it is {like[0]['id']}"),
             ((200, link, like), "Not all finds of the hub came, and none of that very name"),
             ([*like, {}], "Not all finds of the hub came, and none of that very name")]
    for reply, words in table:
        answer = ask(Hub({}, declares=False, search=lambda value, reply=reply: reply))
        true(words in answer["summary"], f"{reply}: {answer['summary']}")


@test
def a_find_that_is_not_there():
    """A search may list for a while what is gone: that is not another repository of the run's name."""
    gone = (401, {}, {"error": "Invalid username or password."})
    own = [{"id": f"PsycheFoundation/{RUN}"}]
    hub = Hub({}, model=lambda value: gone, search=lambda value: own)
    hub.repo = own[0]["id"]
    summary = ask(hub)["summary"]
    true("missing, or private" in summary and "No source declares" not in summary, summary)
    true("has a repository of that name" not in summary, summary)


# --- a bucket ---------------------------------------------------------------------------------

def manifest_of(files, run_id=RUN):
    rows = [{"filename": name, "generation": 1, "size_bytes": size} for name, size in files]
    metadata = {"timestamp": "2026-11-21T04:30:11Z", "epoch": 3, "step": 77, "run_id": run_id}
    return {"metadata": metadata, "files": rows}


@test
def a_manifest_with_files_twice():
    """Words and numbers are of the same files, each once; two sizes of one are none."""
    both = [(name, 10 ** 9) for name in PARTS]
    for files, count, size, words in (
            ([*both, both[0]], 2, "2000000000", "2 weight files of 2 GB, complete"),
            ([*both, ("config.json", 9)], 2, "2000000000", "2 weight files of 2 GB, complete"),
            ([*both, (PARTS[0], 5)], 2, None, "2 weight files, complete"),
            (both[:1], 1, "1000000000", "1 of 2 weight files of 1 GB, incomplete")):
        answer = ask(Hub({}, manifest=manifest_of(files)))
        weights = answer["bucket"]["weights"]
        equal((weights["files"], weights.get("bytes")), (count, size), str(files))
        true(words in answer["summary"], answer["summary"])


@test
def the_widest_bucket():
    names = ["\u00e9" * 100 + f"-{number:05}-of-00014.safetensors" for number in range(1, 13)]
    answer = ask(Hub({}, manifest=manifest_of([(name, 2 ** 60) for name in names], "<" * 300)))
    equal((answer["bucket"]["step"], answer["bucket"]["epoch"]), (77, 3), "what must be there")


# --- other replies ----------------------------------------------------------------------------

@test
def a_pause_that_is_too_long():
    """Who says when to come back is not said to be silent, also when the others' answers cannot wait."""
    for status, headers, word in ((429, {"RateLimit": '"api";r=0;t=9'}, "rate_limited"),
                                  (429, {"Retry-After": "9"}, "rate_limited"),
                                  (503, {"Retry-After": "9"}, "unavailable")):
        reply = (status, headers, {"error": "later"})
        answer = ask(Hub(make_files(), model=lambda value, reply=reply: reply), patience_ms=200)
        row = next(row for row in answer["sources"] if row.get("request") == "/hub/model")
        equal(row["status"], word, f"{status}, {headers}")
        true(re.fullmatch(rf"HTTP {status}: come back in [1-9] s", row["problem"]), row["problem"])
        true(word in answer["summary"], answer["summary"])


@test
def redirects_without_a_place():
    for place in ("", " "):
        answer = ask(Hub(make_files(), model=lambda value, place=place: (307, {"Location": place}, value)))
        row = next(row for row in answer["sources"] if row.get("request") == "/hub/model")
        equal((row["status"], row["problem"]), ("redirected", "HTTP 307 without a place to go"), repr(place))


sys.exit(main())
