"""The network that a real node says it was split off from: a cluster's name and a slot, nothing else.

    with Parent(genesis, slot) as parent:
        start_a_node(parent.url)

The node takes both over, and asks here for every account that it was not given: there is none."""

import http.server
import json
import threading

SLOTS_IN_EPOCH = 432000


def answer(method, params, genesis, slot):
    """The result, or None where there is no such method here."""
    context = {"apiVersion": "3.1.12", "slot": slot}
    epoch = {"absoluteSlot": slot, "blockHeight": slot, "epoch": slot // SLOTS_IN_EPOCH,
             "slotIndex": slot % SLOTS_IN_EPOCH, "slotsInEpoch": SLOTS_IN_EPOCH, "transactionCount": 0}
    schedule = {"firstNormalEpoch": 0, "firstNormalSlot": 0, "leaderScheduleSlotOffset": SLOTS_IN_EPOCH,
                "slotsPerEpoch": SLOTS_IN_EPOCH, "warmup": False}
    if method == "getMultipleAccounts":
        return {"context": context, "value": [None] * len(params[0])}
    if method == "getProgramAccounts":
        return {"context": context, "value": []} if params[1].get("withContext") else []
    return {"getEpochInfo": epoch, "getEpochSchedule": schedule, "getGenesisHash": genesis,
            "getAccountInfo": {"context": context, "value": None}}.get(method)


def make_handler(genesis, slot):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            result = answer(question["method"], question.get("params"), genesis, slot)
            said = {"result": result} if result is not None else \
                {"error": {"code": -32601, "message": "Method not found"}}
            body = json.dumps({"jsonrpc": "2.0", "id": question["id"], **said}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


class Parent:
    def __init__(self, genesis, slot):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make_handler(genesis, slot))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
