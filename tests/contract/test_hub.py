#!/usr/bin/env python3
"""The hub's side of the library by itself (tests/tools/ask_hub.c) and the simulated hub and storage: what
is asked, with which token, how often, and what comes of it; and the settings that say so."""

import json
import subprocess
import sys
import time
from os import environ

from harness import BUILD, Lib, Simulator, check_failure, equal, main, test, true, within
from hub_client import RUNS, hub
from hub_data import digits, hub_files

LIB = Lib()
TOOL = BUILD / "tools" / "ask_hub"
ONE = {"id": "acme-lab/one", "shards": {"count": 3, "total": 3000}, "steps": [300, 200, 100],
       "branches": {"main": 0, "run/7a": "step 200"}}
TOKEN = "hf_a_friend"


class Asking:
    """ask_hub while it runs; each call is a batch of one and the same handle."""

    def __init__(self, sim, *options, timeout_ms=3000, hub_url=None):
        self._process = subprocess.Popen(
            [str(TOOL), hub_url or sim.hub_url, sim.gcs_url, str(timeout_ms), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _, complaints = self._process.communicate(timeout=20)
        equal((self._process.returncode, complaints), (0, ""), "ask_hub")

    def __call__(self, *questions):
        self._process.stdin.write("\n".join(questions) + "\n\n")
        self._process.stdin.flush()
        answers = [json.loads(self._process.stdout.readline()) for _ in questions]
        return answers if len(answers) > 1 else answers[0]


def paths(sim):
    return [line.path for line in sim.log()]


# --- what is asked --------------------------------------------------------------------------


@test
def every_question():
    more = {"manifests": [{"bucket": "a-bucket", "prefix": "a-run", "step": 200, "epoch": 7, "shards": 3}]}
    with hub(ONE, **more) as sim, Asking(sim) as ask:
        model = ask("model acme-lab/one")
        equal((model["status"], model["found"], model["id"]), ("ok", "there", "acme-lab/one"), "model")
        sha = model["sha"]
        sizes = {path: size for path, size in model["files"]}
        true(min(sizes.values()) > 0, "all sizes are known")
        older = ask("model acme-lab/one run/7a")
        true(older["sha"] not in ("", sha), "a branch with a slash")
        tree = ask(f"tree acme-lab/one {sha}")
        equal((tree["found"], tree["has_more"], dict(tree["files"])), ("there", False, sizes), "tree")
        commits = ask("commits acme-lab/one main 2 0")
        equal((commits["steps"], commits["total"], commits["has_more"]), ([300, 200], 4, True), "commits")
        equal(ask("commits acme-lab/one main 2 1")["steps"], [100, 0], "the next page")
        index = ask(f"index acme-lab/one {sha} model.safetensors.index.json")
        equal((index["found"], index["file_count"], index["total_size"]), ("there", 3, 3000), "index")
        search = ask("search acme-lab one")
        equal((search["ids"], search["has_more"]), (["acme-lab/one"], False), "search")
        manifest = ask("manifest a-bucket a-run")
        equal((manifest["found"], manifest["step"], manifest["file_count"]), ("there", 200, 3), "manifest")
        true(manifest["generation"].isdigit(), "its generation")
        equal({line.method for line in sim.log()}, {"GET"}, "nothing but GET")
        equal({line.authorization for line in sim.log()}, {"-"}, "without an account")


@test
def pages():
    with hub({"id": "a/many", "many": 25, "bare": True, "tree_page": 10}) as sim, Asking(sim) as ask:
        page = ask("tree a/many main")
        count, turns = len(page["files"]), 0
        while page["next"] and turns < 10:
            equal(page["has_more"], True, "a cursor is of a next page")
            page = ask(f"tree a/many main {page['next']}")
            count, turns = count + len(page["files"]), turns + 1
        equal((count, page["has_more"]), (25, False), "all files, once")
        true(turns >= 2, f"{turns} further pages")


@test
def what_is_refused():
    rows = [{"id": "a/gated", "gated": "auto", "shards": 2}, {"id": "a/private", "private": True},
            {"id": "a/gone", "disabled": True}]
    table = [("model a/none", "missing"), ("model a/private", "missing"), ("tree a/gone main", "disabled"),
             ("commits a/gated main 5 0", "gated"), ("index a/gated main x.json", "gated"),
             ("model a/gated step-9", "no revision"), ("tree a/gated nope", "no revision")]
    with hub(*rows, denied=["locked"], manifests=[{"bucket": "open-one", "prefix": "p"}]) as sim, \
            Asking(sim) as ask:
        for question, found in table:
            got = ask(question)
            equal((got["status"], got.get("found"), got["problem"]), ("ok", found, ""), question)
        equal(ask("manifest locked p")["found"], "denied", "a locked bucket")
        got = [ask("manifest open-one other"), ask("manifest no-such-bucket p")]
        equal([(row["found"], row["is_bucket_missing"]) for row in got],
              [("missing", False), ("missing", True)], "no manifest")
    with hub(*rows) as sim, Asking(sim, "token=hf_valid") as ask:
        equal(ask("model a/none")["found"], "missing", "404 with an account")
        equal({line.authorization for line in sim.log()}, {"Bearer hf_valid"}, "the account's")
    with hub(*rows) as sim, Asking(sim, "token=hf_revoked") as ask:
        equal(ask("model a/none")["found"], "bad token", "a token the hub does not know")


# --- what is kept ---------------------------------------------------------------------------


@test
def what_is_kept():
    with hub(ONE) as sim, Asking(sim) as ask:
        questions = ["model acme-lab/one", "tree acme-lab/one main", "model a/none", "search - one"]
        first = [ask(question) for question in questions]
        count = len(sim.log())
        equal([ask(question) for question in questions], first, "the same again")
        equal(len(sim.log()), count, "without asking again, refusals too")


@test
def after_too_many():
    """One limit for a kind of question: others go on, and the same is not asked before its time."""
    limit = "/hub/model=>status=429+retry-after=60+times=1"
    with Simulator({**RUNS, **hub_files({"repositories": [ONE, {"id": "a/b"}]})}, "--fault", limit) as sim, \
            Asking(sim, timeout_ms=2000) as ask:
        got = ask("model acme-lab/one")
        equal((got["status"], got["problem"]), ("rate_limited", "HTTP 429: come back in 60 s"), "the first")
        count = len(sim.log())
        got = ask("model a/b")
        equal(got["status"], "rate_limited", "another repository")
        true(got["problem"].startswith("not asked: it said HTTP 429 and to come back in "), got["problem"])
        equal(ask(f"model a/b {digits('any')}")["status"], "rate_limited", "at a commit, too")
        equal(len(sim.log()), count, "nobody was asked")
        equal(ask("tree a/b main")["status"], "ok", "another kind of question")
    short = "/hub/model=>status=429+retry-after=1+times=2"
    with Simulator({**RUNS, **hub_files({"repositories": [ONE, {"id": "a/b"}]})}, "--fault", short) as sim, \
            Asking(sim, timeout_ms=1500) as ask:
        equal(ask("model acme-lab/one")["status"], "rate_limited", "twice too often")
        started = time.monotonic()
        equal(ask("model a/b")["status"], "ok", "after the rest it is asked")
        within(0.3, time.monotonic() - started, "and not before")


@test
def its_own_limits():
    """RateLimit with nothing left says when; with some left Retry-After does."""
    with hub(ONE, {"id": "a/b"}, moods={"api": 1, "seconds": 50}) as sim, Asking(sim, timeout_ms=2000) as ask:
        equal(ask("model acme-lab/one")["status"], "ok", "the one that is left")
        got = ask("model a/b")
        equal(got["status"], "rate_limited", "none is left")
        seconds = int(got["problem"].split(" in ")[1].split(" ")[0]) if " in " in got["problem"] else 0
        true(40 <= seconds <= 51, got["problem"])


# --- where the token goes -------------------------------------------------------------------


@test
def the_token_stays_with_the_hub():
    rows = [ONE, {"id": "a/old", "moved_to": "acme-lab/one"}]
    manifests = [{"bucket": "a-bucket", "prefix": "p", "step": 1}]
    with hub(*rows) as other, hub(*rows, manifests=manifests) as sim:
        with Asking(sim, f"token={TOKEN}") as ask:
            equal(ask("model a/old")["id"], "acme-lab/one", "renamed")
            ask("manifest a-bucket p")
            sent = {line.path.split("/")[1]: line.authorization for line in sim.log()}
            equal(sent, {"hub": f"Bearer {TOKEN}", "gcs": "-"}, "to the hub, redirects too, not the storage")
        fault = f"/hub/model=>status=302+redirect={other.hub_url}/api/models/acme-lab/one"
        with Simulator({**RUNS, **hub_files({"repositories": rows})}, "--fault", fault) as near, \
                Asking(near, f"token={TOKEN}") as ask:
            got = ask("model acme-lab/one")
            equal(got["status"], "redirected", "to another port")
            true("not followed" in got["problem"] and TOKEN not in json.dumps(got), got["problem"])
        equal(other.log(), [], "nobody else was asked")


@test
def switched_off():
    with hub(ONE) as sim, Asking(sim, "off") as ask:
        got = ask("model acme-lab/one", "search - one", "manifest a-bucket p")
        equal([row["status"] for row in got], ["offline"] * 3, "statuses")
        true(all("hub.off" in row["problem"] for row in got), got)
        equal(sim.log(), [], "nobody was asked")


# --- settings -------------------------------------------------------------------------------


def settings_of(options, **environment):
    """The table of {"tool": "info"}, or its error, read in an environment."""
    before = {name: environ.get(name) for name in environment}
    environ.update(environment)
    try:
        with LIB.open(options) as monitor:
            return monitor.call({"tool": "info"})
    finally:
        for name, value in before.items():
            if value is None:
                del environ[name]
            else:
                environ[name] = value


def rows_of(reply):
    return {row[0]: row[1:] for row in reply.json["settings"]["rows"]}


@test
def settings():
    rows = rows_of(settings_of(None))
    equal([rows[name][0] for name in ("hub.url", "hub.token", "hub.use_token", "hub.off", "gcs.url")],
          ["https://huggingface.co", "", "false", "1", "https://storage.googleapis.com"], "as they are")
    reply = settings_of({"override": {"hub.use_token": True}}, HF_TOKEN=f" {TOKEN}\n",
                        HF_ENDPOINT="https://mirror.example/hub/", PSYCHE_GCS_URL="http://127.0.0.1:1")
    rows = rows_of(reply)
    equal(rows["hub.token"], ["set", "environment", "HF_TOKEN"], "a token is only said to be set")
    true(TOKEN not in reply.text.decode(), "and nowhere shown")
    equal(rows["hub.url"][0], "https://mirror.example/hub/", "a mirror")
    plain = settings_of({"override": {"hub.url": "http://mirror.example"}})
    check_failure(plain, "bad_config", "no plain HTTP to others")


@test
def a_token_comes_from_the_environment_alone():
    for path in ({"hub.token": TOKEN}, {"hub": {"token": TOKEN}}):
        text = settings_of({"settings": path}).text.decode()
        true("hub.token is taken from the environment alone" in text and TOKEN not in text, text)
    for bad in ("two words", "a\tb", "a\x01b", "\u00e9", "x" * 513):
        reply = settings_of({"override": {"hub.use_token": True}}, HF_TOKEN=bad)
        text = reply.text.decode()
        true("HF_TOKEN: hub.token is one word" in text and bad not in text, text)
        check_failure(reply, "bad_config", "a bad token")
        equal(settings_of(None, HF_TOKEN=bad).json["success"], True, "one that is not used does not matter")


sys.exit(main())
