#!/usr/bin/env python3
"""Every recorded reply of the dashboard, decoded by the library's C and compared field by field.

What a recording says is worked out twice here: from its bytes, and where there is a
.decoded.json from what the dashboard's own client made of them. That client takes a text that
begins with U+0FCF for a number, a date or a reason to give up; the library takes it as text,
so texts are always compared with the bytes. What the library derives from the facts is
calculated again as well.

Recordings: tests/data/dashboard, and the folder dashboard/ in PSYCHE_GOLDEN_DIR."""

import datetime
import json
import math
import subprocess
import sys
import tempfile
from os import environ
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD_DIR = Path(environ.get("PSYCHE_BUILD_DIR") or ROOT / "build" / "release")
TOOL = BUILD_DIR / "tools" / "dump_page"

BIG, DATE = "\u0fcfBIG", "\u0fcfDAT"
TEXTS = {"id", "name", "description", "arch", "type", "phase", "pubkey", "method", "txHash", "data",
         "repo_id", "revision", "bucket", "prefix", "address", "collateralMintAddress",
         "miningPoolProgramId", "commit", "programId", "networkGenesis"}
STATES = {"active": "active", "waitingForMembers": "waiting", "paused": "paused", "completed": "completed"}
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
NOW_MS = 1795236591000  # 2026-11-21T04:49:51Z, 41 s after the newest recorded change
MOMENTS_MS = [NOW_MS, NOW_MS - 3600_000, NOW_MS + 400_000, NOW_MS + 86400_000]
HUNDRED_YEARS_S = 3155760000


# What is said of a body that belongs to another route.
MISSING = {"runs": 'no array "runs"', "run": 'no field "run"', "pool": 'no array "users"',
           "status": 'no object "coordinator"'}


class Results:
    passed = failed = skipped = 0

    def check(self, holds, message):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"FAIL {message}")

    def same(self, got, want, where):
        self.check(got == want, f"{where}: got {json.dumps(got)[:300]}, want {json.dumps(want)[:300]}")

    def skip(self, reason):
        self.skipped += 1
        print(f"SKIP {reason}")


# --- what a recording says ----------------------------------------------------------------------

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def milliseconds(moment):
    return round((moment - EPOCH) / datetime.timedelta(milliseconds=1))


def big_of_bytes(value):
    if isinstance(value, str) and value.startswith(BIG):
        return str(int(value[len(BIG):]))
    return str(int(value["value"])) if isinstance(value, dict) else None


def date_of_bytes(value):
    if isinstance(value, str) and value.startswith(DATE):
        return int(value[len(DATE):])
    if isinstance(value, dict):
        text = value["value"].split(" (")[0]
        return milliseconds(datetime.datetime.strptime(text, "%a %b %d %Y %H:%M:%S GMT%z"))
    return None


def big_of_truth(value):
    return value


def date_of_truth(value):
    return milliseconds(datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))) if value else None


def with_texts_of(truth, raw, name=None):
    """The client's reading, with each text as it stands in the bytes."""
    if isinstance(truth, dict) and isinstance(raw, dict):
        return {key: with_texts_of(value, raw.get(key), key) for key, value in truth.items()}
    if isinstance(truth, list) and isinstance(raw, list):
        return [with_texts_of(*pair) for pair in zip(truth, raw)]
    return raw if name in TEXTS and isinstance(raw, str) else truth


class Expected:
    """The lines dump_page ought to print for a document."""

    def __init__(self, big, date):
        self.big_as_sent, self.date = big, date

    def big(self, value):
        """All of them count something: less than nothing is not known."""
        number = self.big_as_sent(value)
        return None if number is None or number.startswith("-") else number

    def moment(self, value):
        slot = self.big(value["slot"]) if value and "slot" in value else None
        time = self.date(value["time"]) if value and "time" in value else None
        return [None if slot is None else int(slot), time]

    def info(self, run):
        step = run.get("trainingStep")
        amount = lambda holder, key: self.big(holder[key]) if holder and key in holder else None
        state = run["status"]
        return {
            "is": "info", "id": run["id"], "name": run["name"], "description": run["description"],
            "arch": run["arch"], "index": run["index"],
            "is_only": int(run["isOnlyRunAtThisIndex"]) if "isOnlyRunAtThisIndex" in run else None,
            "state": STATES.get(state["type"], "other"), "state_word": state["type"],
            "completed_at": self.moment(state.get("at")), "last_update": self.moment(run["lastUpdate"]),
            "pauses": [[word == "paused", self.moment(at)] for word, at in run["pauseHistory"]],
            "params": None if self.big(run["size"]) == "0" else self.big(run["size"]),
            "tokens_planned": self.big(run["totalTokens"]), "has_step": step is not None,
            "tokens_per_second": amount(step, "lastTokensPerSecond"),
            "tokens_done": amount(step, "tokensCompletedAtStartOfStep"),
            "step_started": self.moment(step and step.get("startedAt")),
            "step_ended": self.moment(step and step.get("endedAt")),
        }

    def runs(self, document):
        return [{"is": "runs", "count": len(document["runs"]), "unreadable": 0,
                 "tokens_done": self.big(document["totalTokens"]),
                 "tokens_per_second_active": self.big(document["totalTokensPerSecondActive"]),
                 "indexer_fault": document.get("error") is not None},
                *(self.info(run) for run in document["runs"])]

    def run(self, document):
        run = document["run"]
        lines = [{"is": "run", "is_there": run is not None, "indexer_fault": document.get("error") is not None}]
        if run is None:
            return lines
        state = run.get("state") or {}
        metrics = run["metrics"]
        txs = [{"is": "tx", "method": tx["method"], "payer": tx["pubkey"], "hash": tx["txHash"],
                "at": self.moment(tx["timestamp"])} for tx in run["recentTxs"]]
        return [*lines, self.info(run["info"]), self.live(state), self.config(state.get("config")),
                *self.metrics(metrics["summary"], metrics["history"]), *txs]

    def pool(self, document):
        is_read = document["collateralMintAddress"] != "UNKNOWN"
        known = lambda value: value if is_read else None
        return [{"is": "pool", "is_read": is_read,
                 "deposited": known(self.big(document["totalDepositedCollateralAmount"])),
                 "cap": known(self.big(document["maxDepositCollateralAmount"])),
                 "decimals": known(document["collateralMintDecimals"]),
                 "mint": document["collateralMintAddress"] if is_read else "",
                 "program": document.get("miningPoolProgramId", ""), "unreadable": 0,
                 "indexer_fault": document.get("error") is not None},
                *({"is": "contributor", "address": user["address"], "rank": user["rank"],
                   "amount": self.big(user["funding"])} for user in document["users"])]

    def status(self, document):
        return [{"is": "status", "commit": document["commit"], "start_ms": document["initTime"],
                 "tracked_runs": len(document["coordinator"]["trackedRuns"])},
                self.indexer("coordinator", document["coordinator"]),
                self.indexer("pool", document["miningPool"])]

    def indexer(self, name, indexer):
        chain, times = indexer["chain"], [self.date(each["time"]) for each in indexer["errors"]]
        return {"is": "indexer", "of": name, "is_there": True, "word": indexer["status"],
                "errors": len(times), "last_error_ms": max(times, default=None),
                "chain_slot": chain["chainSlotHeight"],
                "indexed_slot": chain["indexedSlot"] or None,
                "program": chain["programId"], "genesis": chain["networkGenesis"]}

    def live(self, state):
        checkpoint = state.get("checkpoint")
        word, place = next(iter(checkpoint.items())) if checkpoint else ("", {})
        revision = place.get("revision", place.get("prefix"))
        clients = [[client["pubkey"], client["witness"] or "none"] for client in state.get("clients", [])]
        return {
            "is": "live", "is_there": bool(state), "phase": state.get("phase", ""),
            "phase_start_ms": self.date(state["phaseStartTime"]) if state else None,
            "epoch_start_ms": self.date(state["epochStartTime"]) if state else None,
            "round": state.get("round"), "clients": clients if state else None,
            "has_checkpoint": "checkpoint" in state, "checkpoint_kind": word.lower() or "none",
            "checkpoint_word": word, "checkpoint_place": place.get("repo_id", place.get("bucket", "")),
            "has_revision": revision is not None, "revision": revision or "",
        }

    def config(self, config):
        names = ["minClients", "epochTime", "warmupTime", "cooldownTime", "maxRoundTrainTime", "roundWitnessTime"]
        rates = ["base_lr", "warmup_init_lr", "final_lr", "cosine_decay_final_lr", "linear_decay_final_lr",
                 "warmup_steps", "total_steps", "stable_steps", "cosine_decay_steps", "linear_decay_steps"]
        kind, schedule = next(iter(config["lrSchedule"].items())) if config else ("", {})
        return {"is": "config", "is_there": config is not None, "lr_kind": kind,
                **{name: config and config[name] for name in names},
                **{rate: schedule.get(rate) for rate in rates}}

    def metrics(self, summary, history):
        newest = lambda name: summary[name] if summary[name] != 0 or history[name] else None
        lines = [{"is": "metrics", "loss": summary["loss"], "bandwidth": newest("bandwidth"),
                  "tokens_per_second": newest("tokensPerSecond"), "lr": newest("lr")}]
        for name in ["loss", "bandwidth", "tokensPerSecond", "lr"]:
            points = [point for point in history[name] if is_number(point[1])]
            lines.append({"is": "series", "of": name, "name": "", "seen": len(history[name]),
                          "holes": len(history[name]) - len(points), "points": points[-200:]})
        for name, series in history["evals"].items():
            step, value = next((point for point in reversed(series) if is_number(point[1])), (None, None))
            lines.append({"is": "eval", "name": name, "value": value, "step": step})
        for name, value in summary["evals"].items():
            if name not in history["evals"]:
                lines.append({"is": "eval", "name": name, "value": value, "step": None})
        return lines


# --- what follows from the facts, calculated once more ------------------------------------------

def derive_info(info, now_ms):
    """From an "info" line."""
    planned, done = info["tokens_planned"], info["tokens_done"] if info["has_step"] else "0"
    updated, started, ended = info["last_update"][1], info["step_started"][1], info["step_ended"][1]
    idle_s = None if updated is None else max(0, now_ms - updated) // 1000
    has_speed = info["state"] == "active" and idle_s is not None and idle_s < 600
    line = {"is": "info_derived", "percent": None, "done": done, "done_now": None, "eta_s": None,
            "eta_at_ms": None, "idle_s": idle_s, "has_speed": has_speed}
    if planned != "0":
        line["percent"] = float(100 * Fraction(int(done), int(planned)))
    if has_speed and info["has_step"] and info["tokens_per_second"] is not None:
        rate, left = int(info["tokens_per_second"]), int(planned) - int(done)
        span_ms = max(0, (now_ms if ended is None else ended) - started)
        made = rate * span_ms * 9 // 10000 if ended is None else rate * span_ms // 1000
        line["done_now"] = str(max(int(done), min(int(planned), int(done) + made)))
        if rate > 0 and 0 < left <= rate * HUNDRED_YEARS_S:
            line.update(eta_s=left // rate, eta_at_ms=now_ms + left // rate * 1000)
    return {**line, **derive_pauses(info, now_ms)}


def derive_pauses(info, now_ms):
    spans, open_since, last = [], None, None
    for is_pause, (_, at) in info["pauses"]:
        if is_pause and open_since is None:
            open_since = last = at
            spans.append(0)
        elif not is_pause and open_since is not None:
            spans[-1], open_since = max(0, at - open_since), None
    end = {"paused": now_ms, "completed": info["completed_at"][1]}.get(info["state"])
    if open_since is not None and end is not None:
        spans[-1] = max(0, end - open_since)
    return {"pauses": len(spans), "paused_s": sum(spans) // 1000, "paused_now": info["state"] == "paused",
            "last_pause_ms": last}


def part_of(part, whole):
    if whole == 0:
        return None if part == 0 else 100
    return min(100, math.floor(Fraction(part) / Fraction(whole) * 1000 + Fraction(1, 2)) / 10)


def derive_phase(live, config, now_ms):
    elapsed_ms = max(0, now_ms - live["phase_start_ms"]) if live["is_there"] else None
    witnesses = [word for _, word in live["clients"] or [] if word != "none"]
    timed = lambda name: part_of(elapsed_ms, config[name] * 1000)
    phases = {
        "WaitingForMembers": lambda: part_of(len(live["clients"]), config["minClients"]),
        "Warmup": lambda: timed("warmupTime"),
        "RoundTrain": lambda: max(part_of(witnesses.count("done"), len(witnesses)) or 0, timed("maxRoundTrainTime")),
        "RoundWitness": lambda: timed("roundWitnessTime"),
        "Cooldown": lambda: timed("cooldownTime"),
        "Finished": lambda: 100, "Paused": lambda: 0, "Uninitialized": lambda: 0,
    }
    return phases[live["phase"]]() if live["phase"] in phases else None


def derive_loss(loss, points):
    last = points[-1] if points else [None, None]
    of_mean = points[-50:]
    line = {"loss": last[1] if loss is None else loss,
            "loss_step": last[0] if loss is None or loss == last[1] else None,
            "mean_50": float(sum(Fraction(value) for _, value in of_mean) / len(of_mean)) if of_mean else None,
            "mean_points": len(of_mean), "slope_per_1000_steps": None, "slope_points": 0}
    if len(points) >= 20:
        n, xs, ys = len(points), [Fraction(x) for x, _ in points], [Fraction(y) for _, y in points]
        slope = ((n * sum(x * y for x, y in zip(xs, ys)) - sum(xs) * sum(ys))
                 / (n * sum(x * x for x in xs) - sum(xs) ** 2))
        line.update(slope_per_1000_steps=float(1000 * slope), slope_points=n)
    return line


def derive_page(lines, now_ms):
    by_name = {line["is"]: line for line in reversed(lines)}
    live, config = by_name["live"], by_name["config"]
    points = next(line["points"] for line in lines if line["is"] == "series" and line["of"] == "loss")
    works = live["phase"] in ("Warmup", "RoundTrain", "RoundWitness", "Cooldown")
    epoch = part_of(max(0, now_ms - live["epoch_start_ms"]), config["epochTime"] * 1000) if works else None
    return {"is": "page_derived", "phase_percent": derive_phase(live, config, now_ms), "epoch_percent": epoch,
            **derive_loss(by_name["metrics"]["loss"], points)}


# --- comparing ----------------------------------------------------------------------------------

def dump(*arguments):
    done = subprocess.run([str(TOOL), *map(str, arguments)], capture_output=True, timeout=60)
    if done.returncode:
        sys.exit(f"dump_page {arguments}: {done.stderr.decode(errors='replace')}")
    return [json.loads(line) for line in done.stdout.split(b"\n") if line]


def is_close(got, want):
    if is_number(got) and is_number(want):
        return math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-15)
    return got == want


def compare_fields(results, got, want, where, is_same):
    """One check a line; what differs is named."""
    different = [f"{field}: got {json.dumps(got.get(field))[:200]}, want {json.dumps(want.get(field))[:200]}"
                 for field in sorted(got.keys() | want.keys())
                 if field not in got or field not in want or not is_same(got[field], want[field])]
    results.check(not different, f"{where}: {'; '.join(different)}")


def compare_lines(results, got, want, where):
    results.same([line["is"] for line in got], [line["is"] for line in want], f"{where}: lines")
    for number, (got_line, want_line) in enumerate(zip(got, want)):
        place = f"{where}: {want_line['is']} {number}"
        compare_fields(results, got_line, want_line, place, lambda one, other: one == other)


def compare_derived(results, facts, got, now_ms, where):
    want = [derive_info(line, now_ms) for line in facts if line["is"] == "info"]
    if any(line["is"] == "live" for line in facts):
        want.append(derive_page(facts, now_ms))
    results.same([line["is"] for line in got], [line["is"] for line in want], f"{where}: derived lines")
    for got_line, want_line in zip(got, want):
        compare_fields(results, got_line, want_line, f"{where}: {want_line['is']}", is_close)


def check_document(results, route, raw, truth, where):
    """raw: the bytes of one document; truth: the client's reading, or None."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(raw)
        file.flush()
        outcome, *facts = dump(route, file.name)
        results.same(outcome, {"is": "outcome", "status": "ok", "problem": "", "has_facts": True}, where)
        document = json.loads(raw)
        compare_lines(results, facts, getattr(Expected(big_of_bytes, date_of_bytes), route)(document),
                      f"{where}: bytes")
        if truth is not None and "__throws" not in truth:
            expected = Expected(big_of_truth, date_of_truth)
            compare_lines(results, facts, getattr(expected, route)(with_texts_of(truth, document)),
                          f"{where}: decoded")
        for now_ms in MOMENTS_MS if route in ("runs", "run") else ():
            lines = dump(route, file.name, now_ms)
            derived = [line for line in lines if line["is"].endswith("_derived")]
            compare_derived(results, facts, derived, now_ms, f"{where}: at {now_ms}")
        for other in MISSING.keys() - {route}:
            check_other_route(results, other, file.name, where)


def check_other_route(results, route, path, where):
    outcome, *facts = dump(route, path)
    results.same([outcome["status"], outcome["problem"], facts], ["bad_reply", MISSING[route], []],
                 f"{where}: taken for the route {route}")


def check_refusal(results, entry, path, where):
    status, message = entry["status"], json.loads(path.read_bytes())["message"]
    [outcome] = dump("refusal", status, path)
    results.same([outcome["has_facts"], outcome["status"], outcome["problem"]],
                 [True, "source_fault", f"HTTP {status}: {message}"[:239]], f"{where}: refusal")
    for route in MISSING:
        outcome, *facts = dump(route, path)
        results.same([outcome["status"], facts], ["bad_reply", []], f"{where}: an error object as an answer")
        results.check(message[:100] in outcome["problem"], f"{where}: {outcome['problem']} quotes {message}")


def route_of(entry):
    if entry.get("synthetic"):
        names = {"synthetic_fake_runs": "runs", "synthetic_fake_run": "run",
                 "synthetic_fake_run_nostate": "run", "synthetic_error": "run",
                 "synthetic_fake_contribution": "pool", "v0_contributionInfo_partial_3": "pool",
                 "synthetic_fake_status": "status"}
        return names.get(entry["name"].removesuffix("_v0"))
    path = (entry.get("path") or "").split("?")[0]
    prefixes = {"/run/": "run", "/contributionInfo/": "pool"}
    whole = {"/runs": "runs", "/contributionInfo": "pool", "/status": "status"}
    return whole.get(path) or next(
        (route for prefix, route in prefixes.items() if path.startswith(prefix)), None)


def documents_of(entry, folder):
    """(bytes, the client's reading or None) of each document in the body."""
    raw = (folder / entry["body"]).read_bytes()
    truth = json.loads((folder / entry["decoded"]).read_bytes()) if entry.get("decoded") else None
    if not entry.get("stream"):
        return [(raw, truth)]
    lines = [line for line in raw.split(b"\n") if line]
    return list(zip(lines, truth or [None] * len(lines)))


def check_folder(results, folder):
    routes = set()
    for entry in json.loads((folder / "index.json").read_bytes()):
        where, route = f"{folder.name}/{entry['name']}", route_of(entry)
        if not entry.get("body") or entry.get("method", "GET") == "HEAD" or entry["body"].endswith(".txt"):
            continue
        if entry.get("status") and entry["status"] != 200:
            check_refusal(results, entry, folder / entry["body"], where)
        elif route:
            routes.add(route)
            for number, (raw, truth) in enumerate(documents_of(entry, folder)):
                check_document(results, route, raw, truth, f"{where}[{number}]")
        elif not entry.get("stream"):
            for other in MISSING:
                check_other_route(results, other, folder / entry["body"], where)
    results.check(routes == MISSING.keys(), f"{folder}: holds {routes}")


def check_versions_agree(results, folder):
    """The older format says the same, but for milliseconds and digits it does not have."""
    def coarse(value):
        if isinstance(value, dict):
            return {key: coarse(each) for key, each in value.items()}
        if isinstance(value, list):
            return [coarse(each) for each in value]
        if isinstance(value, int) and value > 10**12:
            return value // 1000
        return float(f"{value:.7g}") if isinstance(value, float) else value

    for name, route in (("synthetic_fake_runs", "runs"), ("synthetic_fake_run", "run"),
                        ("synthetic_fake_run_nostate", "run"), ("synthetic_error", "run"),
                        ("synthetic_fake_contribution", "pool"), ("synthetic_fake_status", "status")):
        new, old = (dump(route, folder / f"{name}{suffix}.json") for suffix in ("", "_v0"))
        compare_lines(results, coarse(old), coarse(new), f"{folder.name}/{name}: v0 and v1")
    new, old = (dump("pool", folder / f"{name}.json")
                for name in ("contributionInfo_partial_3", "v0_contributionInfo_partial_3_v0"))
    compare_lines(results, old, new, f"{folder.name}/contributionInfo_partial_3: v0 and v1")


def check_example(results, folder):
    """One page whose derived numbers were worked out by hand."""
    lines = dump("run", folder / "real_run_active.json", NOW_MS)
    info, page = lines[-2], lines[-1]
    results.same([info["done_now"], f"{info['percent']:.7g}", info["eta_s"], info["pauses"], info["paused_s"]],
                 ["30624123239", "1.673259", 1161774, 2, 2980], "example: tokens and pauses")
    results.same([f"{page['mean_50']:.7g}", f"{page['slope_per_1000_steps']:.7g}", page["phase_percent"],
                  page["epoch_percent"]], ["2.1054", "0.005593486", 37.5, 25.8], "example: loss and phase")


def main():
    if not TOOL.exists():
        sys.exit(f"{TOOL} is not built")
    results = Results()
    folder = ROOT / "tests" / "data" / "dashboard"
    check_example(results, folder)
    check_versions_agree(results, folder)
    check_folder(results, folder)
    golden = environ.get("PSYCHE_GOLDEN_DIR")
    if golden:
        check_folder(results, Path(golden) / "dashboard")
    else:
        results.skip("recordings outside the tree: PSYCHE_GOLDEN_DIR is not set")
    print(f"{results.passed} passed, {results.failed} failed, {results.skipped} skipped")
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main())
