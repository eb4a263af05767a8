"""Calls into the library: one handle a process, and calls that a person can interrupt.

ctypes lets other Python threads run during a call, but the thread that waits in C does not see
Ctrl-C, nor an interrupt from its host, before C returns. So the call runs on a thread of its own,
and the one that was asked waits in Python, looks around, and cancels."""

import ctypes
import itertools
import json
import os
import threading
import weakref

from . import failure, library, places, stamp

POLL_S = 0.05
LAST_WORDS_S = 1.0                        # for the reply of a cancelled call, which takes 0.1 s
NOTE_BYTES_MOST = 300
STALE = "the library is older than the plugin's sources; run: hermes psyche build"
INFO = b'{"tool":"info"}'
_call_ids = itertools.count(1)


def new_call_id():
    return f"hermes-{os.getpid()}-{next(_call_ids)}"


def is_interrupted():
    """Whether Hermes wants this thread's call to end."""
    try:
        from tools.interrupt import is_interrupted as ask
        return bool(ask())
    except Exception:                     # no Hermes, or one that says it in another way
        return False


class Handle:
    """A psyche_monitor; closed when nobody has it any more, calls under way included."""

    def __init__(self, lib, options):
        self.lib, self.pointer = lib, lib.open(options, len(options))
        if not self.pointer:
            raise MemoryError("memory ran out")
        weakref.finalize(self, lib.close, self.pointer).atexit = False

    def call(self, request):
        """(text, status)"""
        length = ctypes.c_size_t()
        reply = self.lib.call(self.pointer, request, len(request))
        try:
            text = self.lib.reply_text(reply, ctypes.byref(length))
            answer = ctypes.string_at(text, length.value).decode("utf-8", "replace")
            return answer, self.lib.reply_status(reply)
        finally:
            self.lib.reply_free(reply)

    def cancel(self, call_id):
        """None: all calls of this handle."""
        text = None if call_id is None else call_id.encode()
        self.lib.cancel(self.pointer, text, len(text or b""))

    def info(self):
        return json.loads(self.call(INFO)[0])


class Bridge:
    """The library and its handle, each when it is first needed."""

    def __init__(self, settings):
        self.settings = settings
        self._library = None
        self._forget_handle()
        bridge = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: bridge() and bridge()._forget_handle())

    def _forget_handle(self):
        """Also after a fork: an inherited handle is of no use, and a lock may be held by nobody."""
        self._handle, self._lock = None, threading.Lock()

    def library(self):
        """Raises library.Unusable, and looks again the next time: it may be built meanwhile."""
        self._library = self._library or library.load()
        return self._library

    def definitions(self):
        return json.loads(self.library().schema(None))

    def is_stale(self, build):
        """None when there is nothing to compare: no tree, or a library that was chosen by name."""
        root, lib = places.tree(), self.library()
        return stamp.of_tree(root) != build if root and lib.place != "PSYCHE_MONITOR_LIB" else None

    def _open(self):
        lib = self.library()
        # Its own search finds the references in a tree and in a wheel.
        references = None if places.holds(lib.path) else places.home() / "references"
        handle = Handle(lib, self.settings.options(references))
        info = handle.info()
        stale = STALE if info["success"] and self.is_stale(info.get("build")) else ""
        note = "; ".join(filter(None, [self.settings.note, stale]))
        if not note:
            return handle
        short = note.encode()[:NOTE_BYTES_MOST].decode("utf-8", "ignore")
        noted = Handle(lib, self.settings.options(references, host_note=short))
        # A library that is so old that it does not know the option refuses it.
        return noted if noted.info()["success"] or not info["success"] else handle

    def handle(self):
        with self._lock:
            self._handle = self._handle or self._open()
            return self._handle

    def ask(self, request, call_id=None):
        """(text, status) of a request in bytes, which bears that call_id; raises library.Unusable.
        Ctrl-C ends the call and is raised then, for the host to see it."""
        handle, replies, done = self.handle(), [], threading.Event()

        def work():
            try:
                replies.append(handle.call(request))
            except Exception as trouble:
                replies.append(failure.internal(trouble))
            done.set()

        try:
            threading.Thread(target=work, name="psyche-monitor", daemon=True).start()
            while not done.wait(POLL_S):
                if is_interrupted():
                    handle.cancel(call_id)
                    done.wait(LAST_WORDS_S)
                    break
        except BaseException:
            handle.cancel(call_id)
            done.wait(LAST_WORDS_S)
            raise
        return replies[0] if replies else failure.reply("cancelled", "the call was cancelled")
