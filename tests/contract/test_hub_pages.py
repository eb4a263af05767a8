#!/usr/bin/env python3
"""Files and commits of a repository in pages: whoever follows get_more sees every row once, also when
something is pushed meanwhile."""

import contextlib
import json
import sys
import tempfile

from harness import (BUILD, FULL_BYTES, Lib, Simulator, check_answer, columns_of, equal, main, make_list, make_page,
                     make_run, test, true)
from hub_data import hub_files, hub_settings
from simulator import write_folder

LIB = Lib()
REPO = "PsycheFoundation/long-8b"
CHANGED = "list changed since the first page"
FILES, COMMITS = (400, 300) if BUILD.name == "cover" else (5000, 300)  # branches are the same
BRIEF_BYTES = 4000
MOST_PAGES = 400
NAME = f"hub/{REPO}.json"        # of the repository among the hub's files
QUESTIONS = [{"action": "checkpoints", "run_id": "long", "limit": 50},
             {"action": "checkpoints", "run_id": REPO, "limit": 50, "detail": "full"}]


def hub(files=FILES, commits=COMMITS):
    return {"repositories": [{"id": REPO, "bare": True, "many": files - 5, "shards": 4,
                              "steps": list(range(100 * (commits - 1), 0, -100))}]}


def dashboard_files():
    run = make_run("long")
    state = {"phase": "RoundTrain", "checkpoint": {"Hub": {"repo_id": REPO}}}
    return {"runs.json": make_list([run]), "run/long/0.json": make_page(run, state=state)}


class World:
    """A dashboard and a hub; what is pushed is on another one that takes its place."""

    def __init__(self, ends, what):
        self.ends, self.sim = ends, None
        self.push(hub_files(what))

    def push(self, files):
        folder = self.ends.enter_context(tempfile.TemporaryDirectory())
        write_folder(folder, files)
        self.sim = self.ends.enter_context(Simulator(dashboard_files(), hub=folder))

    def open(self):
        return LIB.at(self.sim.url, override=hub_settings(self.sim))


@contextlib.contextmanager
def world_of(what):
    with contextlib.ExitStack() as ends:
        yield World(ends, what)


def follow(world, request, table, column, before_page=lambda number: None):
    """(all of a column, how often the answers said that the list changed); each page by a new handle."""
    found, changes, pages, total = [], 0, 0, None
    while request and pages < MOST_PAGES:
        before_page(pages)
        with world.open() as monitor:
            reply = monitor.call(request)
        is_wide = request.get("detail") == "full" or str(request.get("page", "")).startswith("g.")
        check_answer(reply, f"{table}, page {pages + 1}", FULL_BYTES if is_wide else BRIEF_BYTES)
        if not true(table in reply.json, f"{table}: page {pages + 1} has none: {reply.text[:600]}"):
            break
        rows = reply.json[table]
        here = columns_of(rows, column)
        true(total in (None, rows["total"]), f"{table}: total {rows['total']}, before {total}")
        total = rows["total"]
        changes += any(note.startswith(CHANGED) for note in reply.json["notes"])
        found += here
        pages += 1
        request = rows.get("get_more")
        true(here or not request, f"{table}: an empty page with more behind it")
    equal(len(found), total, f"{table}: rows on all pages")
    return found, changes


def repository(what):
    return json.loads(hub_files(what)[NAME])


def paths_of(what):
    return {file["path"] for file in repository(what)["files"]}


def ids_of(what):
    return [commit["id"] for commit in repository(what)["commits"]]


def pushed_on(old, new):
    """The files of a hub whose repository has the newest commit of `new` on top of those of `old`."""
    files, before, after = hub_files(new), repository(old), repository(new)
    top = {**after["commits"][0], "files": after["files"]}
    files[NAME] = json.dumps({**before, "commits": [top, *before["commits"]]})
    return files


@test
def every_file_once():
    what = hub()
    want = paths_of(what)
    equal(len(want), FILES, "files in the data")
    with world_of(what) as world:
        for question in QUESTIONS:
            found, changes = follow(world, question, "files", "path")
            equal(len(set(found)), len(found), "files: a row twice")
            equal(set(found), want, "files")
            true(found[0].endswith(".safetensors"), f"files: weights come first: {found[0]}")
            equal(changes, 0, "files: said to have changed")


@test
def every_commit_once():
    what = hub(files=20)
    want = ids_of(what)
    equal(len(want), COMMITS, "commits in the data")
    with world_of(what) as world:
        for limit in (7, 20, 50):
            found, changes = follow(world, {**QUESTIONS[0], "limit": limit}, "history", "commit")
            equal(found, want, f"commits, {limit} at a time")
            equal(changes, 0, "commits: said to have changed")


@test
def with_a_push_in_between():
    before, after = hub(files=120, commits=60), hub(files=131, commits=61)
    for table, column, want in (("files", "path", paths_of(before)),
                                ("history", "commit", set(ids_of(before)))):
        with world_of(before) as world:
            def push(number):
                if number == 2:
                    world.push(pushed_on(before, after))
            found, changes = follow(world, {**QUESTIONS[0], "limit": 20}, table, column, push)
            equal(set(found), want, f"{table}: of the first page's commit")
            equal(len(found), len(want), f"{table}: each row once")
            true(changes >= 1, f"{table}: nobody said that the list changed")


@test
def commit_gone():
    what, gone = hub(files=20, commits=9), "f" * 40
    with world_of(what) as world, world.open() as monitor:
        for page, table in ((f"f.{gone}.4", "files"), (f"c.{gone}.4", "history")):
            reply = monitor.call({**QUESTIONS[0], "page": page})
            check_answer(reply, page, BRIEF_BYTES)
            true(table not in reply.json, f"{page}: rows of a commit that is gone")
            true(any(note.startswith(CHANGED) for note in reply.json["notes"]),
                 f"{page}: {reply.json['notes']}")
        for page in ("f.", "c.", f"f.{gone}", f"f.{gone}.", f"c.{gone}.x", f"c.{gone}.-1", f"f.{gone[1:]}.4",
                     f"f.{gone.upper()}.1", f"c.{gone}.99999999999999999999", "f.a/../b.4"):
            reply = monitor.call({**QUESTIONS[0], "page": page})
            equal(reply.json.get("error_code"), "bad_request", f"page {page}")
        reply = monitor.call({**QUESTIONS[0], "page": f"f.{ids_of(what)[0]}.999"})
        check_answer(reply, "a page behind the end", BRIEF_BYTES)
        equal(reply.json["files"]["rows"], [], "a page behind the end")


sys.exit(main())
