"""Cells of the table of faults: run side by side, tried again where only the time was short, counted and printed.

What is expected belongs to the tests; a cell of theirs is a Cell with `ask`, `is_own` and `find_complaint`."""

import atexit
import collections
import concurrent.futures
import json
import pathlib
import sys
import tempfile
import time
from os import environ

from faults import BAD_ROW, OUT_OF_ORDER, PATIENCE_MS, SLOW_TO_MAKE, TIMEOUT_MS, bad_rows, name_of, words_of
from harness import SCRATCH, true, write_folder

AT_ONCE = 16                                # a quarter of it where one cell takes all of a processor
SPARE_S = 0.5                               # beyond the time of a call, for a machine that is busy
TRIES_MOST = 12                             # the second half of them one by one, with pauses
BOMB_S = 10                                 # how long the simulator may still be writing one

# Columns of the table, and what of a source stands in them.
COLUMNS = {
    "list of runs": ("/runs",), "run page": ("/run/",), "pool, status": ("/contributionInfo", "/status"),
    "Solana node": ("/rpc",), "model hub": ("/hub/search", "/hub/model", "/hub/tree", "/hub/commits"),
    "weight index": ("/hub/resolve", "/hub/index"), "storage": ("/gcs/",),
}
SHOWS_TABLE = "--table" in sys.argv
sys.argv = [word for word in sys.argv if word != "--table"]


def side_by_side(function, items, at_once=AT_ONCE):
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(function, items))


def written(files):
    """The folder with these files, for all simulators of a program."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH))
    write_folder(folder, files)
    return folder


def column_of(route):
    return next(name for name, starts in COLUMNS.items() if route.startswith(starts))


def spoiled_paths(sim):
    return [line.path for line in sim.log() if line.fault not in ("", "-")]


def wait_for_spoiled(sim, is_meant):
    """Whether a reply was spoiled that is_meant(path)."""
    end = time.monotonic() + BOMB_S
    while not (is_spoiled := any(map(is_meant, spoiled_paths(sim)))) and time.monotonic() < end:
        time.sleep(0.01)
    return is_spoiled


class Cell:
    """One fault of one source, or one kind of question to it, for one question of a user."""

    def __init__(self, arguments, route, fault, columns=None):
        self.arguments, self.route, self.fault = arguments, route, fault
        self.columns = columns or [column_of(route)]
        self.name = f"{name_of(arguments)}, {route}=>{fault}"
        self.complaint, self.is_late, self.tries, self.word = None, False, 0, "ok"

    # What a test says: the reply and whether the fault was met; which rows of `sources` speak of it; the text of the
    # answer to another fault that it is to be like; what is wrong.
    def ask(self):
        raise NotImplementedError

    def is_own(self, row):
        raise NotImplementedError

    def find_like(self, reply):
        raise NotImplementedError

    def find_complaint(self, reply):
        raise NotImplementedError

    def words(self):
        """Those that the rows of the fault may have; without one the answer is that of no fault."""
        return set(words_of(self.fault))

    def run(self):
        """Sets `complaint` to what is wrong, and whether that can be for want of time."""
        self.tries += 1
        reply, is_met = self.ask()
        rows = bad_rows(reply.json)
        is_slow = reply.seconds > TIMEOUT_MS / 1000 + SPARE_S
        self.is_late = is_slow or self.has_waited(reply, rows) or has_late(rows, self.is_own, self.words()) or (
            not is_met and any(row["status"] == "timeout" for row in rows))
        self.complaint = f"it took {reply.seconds:.1f} s" if is_slow else \
            "the fault was not met" if not is_met else self.find_complaint(reply)

    def has_waited(self, reply, rows):
        """Some requests are not told of beside others, or in the same words. So a call that had nothing to wait for,
        and waited, is late, too, and one with more bad rows than the other fault gives, and one that had a longer
        patience than it would have had, since others were late."""
        statuses = [row["status"] for row in rows]
        if "timeout" not in self.words():
            return reply.seconds >= PATIENCE_MS / 1000
        second_try = ["unavailable"] if self.fault in OUT_OF_ORDER else []
        known = {*self.words(), *words_of(self.fault), *second_try}
        is_longer = not set(statuses) <= self.words() and set(statuses) <= known
        return is_longer or statuses.count("timeout") > len(BAD_ROW.findall(self.find_like(reply)))

    def find_word(self, reply):
        """What is wrong with the rows of `sources`, as text; sets `word`."""
        rows = [row for row in bad_rows(reply.json) if self.is_own(row)]
        statuses = {row["status"] for row in rows} or {"ok"}
        if not statuses <= self.words():
            return f"status {statuses}, not {self.words()}"
        if not all(row["problem"] for row in rows):
            return "a row without a problem"
        self.word = rows[0]["status"] if rows else "ok"
        return None


def has_late(rows, is_own, words):
    """Whether a request that has no fault, or one that ends otherwise, was not answered in time."""
    return any(row["status"] == "timeout" and not (is_own(row) and "timeout" in words) for row in rows)


class Table:
    """All cells of a test program."""

    def __init__(self):
        self.cells, self.calls = [], collections.Counter()
        self.again = self.wrong = 0
        atexit.register(self.save)

    def run(self, cells):
        """A wrong answer stays one; only what can be for want of time is tried again, with fewer at once."""
        large = [cell for cell in cells if cell.fault in SLOW_TO_MAKE]
        side_by_side(Cell.run, [cell for cell in cells if cell not in large])
        side_by_side(Cell.run, large, AT_ONCE // 4)
        for tried in range(1, TRIES_MOST):
            late = [cell for cell in cells if cell.complaint and cell.is_late]
            self.again += len(late)
            is_last_half = tried >= TRIES_MOST // 2
            time.sleep(1 if is_last_half and late else 0)
            side_by_side(Cell.run, late, 1 if is_last_half else AT_ONCE // 4)
        for cell in cells:
            if not true(not cell.complaint, f"{cell.name}: {cell.complaint}"):
                self.wrong += 1
            self.count(cell.fault, cell.columns)
        self.cells += cells

    def in_time(self, ask, is_late):
        """ask() until it was in time."""
        for tried in range(TRIES_MOST):
            result = ask()
            if not is_late(result):
                break
            self.again += tried < TRIES_MOST - 1
        return result

    def count(self, fault, columns, calls=1):
        """Calls whose answers were looked at, of a test that has no cells."""
        self.calls["all"] += calls
        for column in columns:
            self.calls[fault, column] += calls

    def save(self):
        """For the program that adds up all tables, and to be seen."""
        if environ.get("FAULTS_TO"):
            calls = [[*where, count] for where, count in self.calls.items() if where != "all"]
            with open(environ["FAULTS_TO"], "a", encoding="utf-8") as file:
                file.write(json.dumps({"calls": calls, "all": self.calls["all"], "again": self.again,
                                       "wrong": self.wrong}) + "\n")
        if SHOWS_TABLE:
            self.show()

    def show(self):
        """A question and a source a line: how often each word."""
        counts = collections.defaultdict(collections.Counter)
        for cell in self.cells:
            counts[name_of(cell.arguments), cell.route]["WRONG" if cell.complaint else cell.word] += 1
        for (question, route), words in counts.items():
            text = ", ".join(f"{word} {count}" for word, count in sorted(words.items()))
            print(f"     {question:40} {route:30} {text}")
        print(f"     {self.calls['all']} calls, {AT_ONCE} at once, {self.again} tried again")
