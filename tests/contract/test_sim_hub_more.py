#!/usr/bin/env python3
"""What the simulator's hub and storage do beyond what is recorded, on repositories as scenarios have them:
who may read what, revisions, pages, redirects, odd values, moods and faults."""

import json
import re
import sys

from harness import Simulator, equal, main, test, true
from hub_client import RUNS, ask, hub
from hub_data import hub_files, repository, shards

ONE = {"id": "acme-lab/one", "shards": {"count": 3, "total": 3000}, "steps": [300, 200, 100],
       "branches": {"main": 0, "run/7a": "step 200"}, "tags": {"v0.1": 2}, "license": "mit"}


@test
def revisions():
    with hub(ONE) as sim:
        rows = ask(sim, "/hub/api/models/acme-lab/one/commits/main").json
        equal([row["title"] for row in rows], ["step 300", "step 200", "step 100", "initial commit"],
              "titles")
        ids = [row["id"] for row in rows]
        table = {"main": ids[0], "HEAD": ids[0], "run%2F7a": ids[1], "refs%2Fheads%2Frun%2F7a": ids[1],
                 "v0.1": ids[2],
                 ids[3]: ids[3], ids[1][:7]: ids[1], ids[1][:6]: None, "nope": None, "f" * 40: None,
                 ids[0].upper(): None}
        for name, want in table.items():
            got = ask(sim, f"/hub/api/models/acme-lab/one/revision/{name}?blobs=true")
            equal((got.status, got.json.get("sha")), (200 if want else 404, want), name)
            equal(got.headers.get("x-error-code"), None if want else "RevisionNotFound", name)
        equal(ask(sim, "/hub/api/models/acme-lab/one").json["cardData"], {"license": "mit"}, "license")
        equal(len(ask(sim, f"/hub/api/models/acme-lab/one/commits/{ids[2]}").json), 2, "from there on")
    half = {"title": "half", "shards": {"count": 2, "missing": [2], "index": False}}
    with hub({"id": "a/b", "commits": [{"title": "done", "shards": 2}, half],
              "tags": {"half": "half"}}) as sim:
        for name, want in (("main", ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                                     "model.safetensors.index.json"]),
                           ("half", ["model-00001-of-00002.safetensors"])):
            rows = ask(sim, f"/hub/api/models/a/b/tree/{name}").json
            equal([row["path"] for row in rows if row["path"].startswith("model")], want, f"files of {name}")
        hop = ask(sim, "/hub/a/b/resolve/main/model.safetensors.index.json")
        true("weight_map" in ask(sim, hop.headers["location"]).json, "and their contents")
        equal(ask(sim, "/hub/a/b/resolve/half/model.safetensors.index.json").headers["x-error-code"],
              "EntryNotFound", "not yet there")


@test
def who_may_read():
    rows = [{"id": "a/open"}, {"id": "a/gated", "gated": "auto", "readers": ["hf_friend"]},
            {"id": "a/private", "private": True, "readers": ["hf_friend"]},
            {"id": "a/gone", "disabled": True}]
    parts = {"info": "/hub/api/models/{}", "tree": "/hub/api/models/{}/tree/main",
             "commits": "/hub/api/models/{}/commits/main", "file": "/hub/{}/resolve/main/config.json"}
    table = [("a/open", None, (200, 200, 200, 307)), ("a/open", "bad", (200, 200, 200, 307)),
             ("a/gated", None, (200, 200, 401, 401)), ("a/gated", "bad", (200, 200, 401, 401)),
             ("a/gated", "hf_valid", (200, 200, 403, 403)), ("a/gated", "hf_friend", (200, 200, 200, 307)),
             ("a/private", None, (401,) * 4), ("a/private", "hf_valid", (404,) * 4),
             ("a/private", "hf_friend", (200, 200, 200, 307)), ("a/gone", None, (200, 403, 403, 403)),
             ("a/none", None, (401,) * 4), ("a/none", "hf_valid", (404,) * 4)]
    with hub(*rows) as sim:
        for name, token, want in table:
            got = tuple(ask(sim, path.format(name), token).status for path in parts.values())
            equal(got, want, f"{name} for {token}")
        equal([row["id"] for row in ask(sim, "/hub/api/models").json], ["a/gated", "a/gone", "a/open"],
              "listed")
        equal(len(ask(sim, "/hub/api/models", "hf_friend").json), 4, "listed for who may read it")
        equal({line.authorization for line in sim.log("/hub/api/models/a/private")},
              {"-", "Bearer hf_valid", "Bearer hf_friend"}, "the log shows what was sent")
        equal(ask(sim, "/hub/api/models/a/gated").json["gated"], "auto", "in words")


@test
def other_places():
    rows = [{"id": "new-lab/name"}, {"id": "old-lab/name", "moved_to": "new-lab/name"},
            {"id": "away/name", "redirect_to": "https://elsewhere.example"},
            {"id": "file/away", "files": {"model.safetensors.index.json": {}}},
            {"id": "file/other-host", "files": [{"path": "a.json", "content": {},
                                                 "redirect_to": "http://127.0.0.2:9/a"}]}]
    with hub(*rows) as sim:
        table = {"/hub/api/models/old-lab/name/tree/main?recursive=true":
                 (307, "/hub/api/models/new-lab/name/tree/main?recursive=true"),
                 "/hub/api/models/New-Lab/NAME": (307, "/hub/api/models/new-lab/name"),
                 "/hub/old-lab/name/resolve/main/a": (307, "/hub/new-lab/name/resolve/main/a"),
                 "/hub/api/models/away/name?blobs=true":
                 (302, "https://elsewhere.example/api/models/away/name?blobs=true"),
                 "/hub/file/other-host/resolve/main/a.json": (302, "http://127.0.0.2:9/a")}
        for target, want in table.items():
            got = ask(sim, target)
            equal((got.status, got.headers.get("location")), want, target)
        for target in ("/hub/api/models/a/b/c/d", "/hub/", "/hub/x", "/hub/api/models/a"):
            equal((ask(sim, target).status, list(ask(sim, target).json)), (404, ["error"]), target)
        equal([row["id"] for row in ask(sim, "/hub/api/models?search=NAME").json],
              ["away/name", "new-lab/name"], "an old name is not found")


@test
def searches():
    rows = [{"id": "PsycheFoundation/Consilience-40b", "downloads": 5, "labels": ["gguf", "en"],
             "steps": {"steps": [9], "last": "2026-11-20T00:00:00.000Z"}},
            {"id": "someone/consilience-40B-GGUF", "downloads": 50, "labels": ["gguf"]},
            {"id": "someone/far", "found_for": ["consilience"], "likes": 7}]

    def found(sim, query):
        return [row["id"].split("/")[1] for row in ask(sim, f"/hub/api/models?{query}").json]

    with hub(*rows) as sim:
        table = {"search=consilience": ["Consilience-40b", "consilience-40B-GGUF", "far"],
                 "search=40b+psyche": ["Consilience-40b"], "search=40b%20gguf": ["consilience-40B-GGUF"],
                 "search=consilience&author=PsycheFoundation": ["Consilience-40b"],
                 "author=psychefoundation": [],
                 "search=consil&sort=downloads&direction=-1": ["consilience-40B-GGUF", "Consilience-40b"],
                 "search=consil&sort=lastModified": ["consilience-40B-GGUF", "Consilience-40b"],
                 "sort=likes&limit=1": ["far"], "filter=gguf&filter=en": ["Consilience-40b"]}
        for query, want in table.items():
            equal(found(sim, query), want, query)
        plain, full = (ask(sim, f"/hub/api/models?search=far{more}").json[0] for more in ("", "&full=true"))
        equal(sorted(set(full) - set(plain)),
              ["author", "disabled", "gated", "lastModified", "sha", "siblings"], "full")
        page = ask(sim, "/hub/api/models?limit=2&sort=likes")
        equal([row["id"] for row in ask(sim, page.next).json], ["someone/consilience-40B-GGUF"],
              "the next page")
        equal(ask(sim, page.next).next, None, "the last page")


@test
def many_files_over_pages():
    with hub({"id": "acme-lab/big", "many": 5000, "shards": 14, "bare": True}) as sim:
        target, paths, pages = "/hub/api/models/acme-lab/big/tree/main?recursive=true", [], 0
        while target:
            got = ask(sim, target)
            paths += [row["path"] for row in got.json if row["type"] == "file"]
            target, pages = got.next, pages + 1
        equal((pages, len(paths), len(set(paths))), (6, 5015, 5015), "each once")
        top = ask(sim, "/hub/api/models/acme-lab/big/tree/main").json
        equal([row["path"] for row in top if row["type"] == "directory"], ["data"], "not recursive")
        inside = ask(sim, "/hub/api/models/acme-lab/big/tree/main/data%2Fpart-003").json
        equal((len(inside), inside[0]["path"]), (100, "data/part-003/file-00300.txt"), "below a path")
        equal(len(ask(sim, "/hub/api/models/acme-lab/big?blobs=true").json["siblings"]), 5015, "at once")


@test
def odd_values():
    row = {"id": "acme-lab/odd", "labels": ["good", "bad \udcff"], "without": ["likes", "siblings"],
           "info": {"downloads": "many", "gated": 5, "lastModified": 17, "sha": None},
           "commits": [{"title": "no step", "date": 5, "message": 7}], "bare": True,
           "files": [{"path": "a.safetensors", "size": "large"}, {"path": 7, "size": 1}]}
    with hub(row) as sim:
        got = ask(sim, "/hub/api/models/acme-lab/odd")
        true(b'"bad \xff"' in got.body, "a tag that is no UTF-8")
        info = json.loads(got.body.decode(errors="replace"))
        equal([info[name] for name in ("downloads", "gated", "lastModified", "sha")], ["many", 5, 17, None],
              "as told")
        true("likes" not in info and "siblings" not in info, "left out")
        rows = ask(sim, "/hub/api/models/acme-lab/odd/tree/main?recursive=true").json
        equal([row.get("size") for row in rows], [1, "large"], "sizes")
        equal(ask(sim, "/hub/api/models/acme-lab/odd/commits/main").json[0]["date"], 5, "a date")


@test
def contents():
    bad = {"path": "model.safetensors.index.json", "content": b"\x00{"}
    with hub({"id": "a/b", "files": [bad, {"path": "x.json", "size": 12}]}) as sim:
        for path, want in (("model.safetensors.index.json", b"\x00{"), ("x.json", b"{}" + b" " * 10)):
            hop = ask(sim, f"/hub/a/b/resolve/main/{path}")
            equal(ask(sim, hop.headers["location"]).body, want, path)
    wrong = {row["path"]: row for row in shards(4, total=4000, missing=[3], empty=[2], total_size=9)}
    sizes = [wrong.get(f"model-{i:05}-of-00004.safetensors", {}).get("size") for i in (1, 2, 3)]
    equal(sizes, [6440, 0, None], "parts")
    equal(wrong["model.safetensors.index.json"]["content"]["metadata"], {"total_size": 9}, "a wrong sum")
    try:
        repository(id="a/b", shardz=3)
        true(False, "a word that means nothing is refused")
    except ValueError:
        true(True, "refused")


@test
def moods_and_faults():
    words = ("--fault", "/hub/tree/a/b=>status=503+times=1", "--fault", "/hub/index=>body=no",
             "--fault", '/hub/commits=>header=Link: <http://127.0.0.9/x>; rel="next"')
    files = {**RUNS, **hub_files({"repositories": [{"id": "a/b", "steps": [1, 2, 3]}],
                                  "moods": {"links_to": "https://huggingface.co", "resolvers": 3}})}
    with Simulator(files, *words) as sim:
        tree = "/hub/api/models/a/b/tree/main?limit=1"
        equal([ask(sim, tree).status for _ in range(2)], [503, 200], "of one route")
        link = ask(sim, tree).headers["link"]
        true(link.startswith("<https://huggingface.co/api/models/a/b/tree/main?limit=1&cursor="), link)
        equal(ask(sim, "/hub/api/models/a/b/commits/main").headers["link"],
              '<http://127.0.0.9/x>; rel="next"', "link")
        hop = ask(sim, "/hub/a/b/resolve/main/config.json")
        equal((hop.status, ask(sim, hop.headers["location"]).body), (307, b"no"),
              "the file, not the way to it")
        equal([ask(sim, "/hub/a/b/resolve/main/config.json").status for _ in range(2)], [307, 429],
              "each hop counts")
        equal(ask(sim, tree).status, 200, "the other kind goes on")
        left = [int(re.search(r"r=(\d+)", ask(sim, tree).headers["ratelimit"]).group(1)) for _ in range(2)]
        equal(left[0] - left[1], 1, "counted down")
        equal(sim.log("/hub")[0].fault, "/hub/tree/a/b=>status=503+times=1", "log")


@test
def storage():
    rows = [{"bucket": "runs", "prefix": "a/b", "step": 200, "epoch": 7, "run_id": "a-run", "shards": 2,
             "total": 10,
             "headers": {"x-goog-generation": "1795230000000001", "etag": ""}}]
    with hub(manifests=rows, denied=["closed"], unlisted=["half"],
             buckets={"half": {"x.json": "{}"}, "runs": {}}) as sim:
        got = ask(sim, "/gcs/runs/a/b/manifest.json")
        equal(got.json["metadata"], {"timestamp": "2026-11-21T04:30:11Z", "epoch": 7, "step": 200,
               "run_id": "a-run"},
              "metadata")
        equal((got.json["files"][0]["filename"], got.json["files"][0]["size_bytes"]),
              ("model-00001-of-00002.safetensors", 5), "files")
        equal((got.headers["x-goog-generation"], got.headers.get("etag"), got.headers["last-modified"]),
              ("1795230000000001", None, "Sat, 21 Nov 2026 04:30:11 GMT"), "headers")
        table = {"/gcs/runs/manifest.json": (404, "NoSuchKey"),
                 "/gcs/none/manifest.json": (404, "NoSuchBucket"),
                 "/gcs/closed/manifest.json": (403, "AccessDenied"),
                 "/gcs/half/manifest.json": (403, "AccessDenied"),
                 "/gcs/runs/%2e%2e/half/x.json": (404, "NoSuchKey"), "/gcs/runs": (404, "NoSuchKey")}
        for target, (status, code) in table.items():
            got = ask(sim, target)
            equal((got.status, code in got.body.decode()), (status, True), target)
        equal(ask(sim, "/gcs/half/x.json").body, b"{}", "readable where it cannot be listed")
        equal(ask(sim, "/gcs/runs/a/b/manifest.json", "any").status, 401, "storage wants no token")
    with Simulator({**RUNS, "gcs/b/manifest.json": "{}"}, "--fault", "/gcs/manifest/b=>status=500") as sim:
        equal(ask(sim, "/gcs/b/manifest.json").status, 500, "fault")
        equal(sim.gcs_url, f"{sim.url}/gcs", "url")


sys.exit(main())
