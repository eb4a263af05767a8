"""A model that says what the test wrote down, behind the chat API that agents speak.

    with ModelServer([[("skill_view", {"name": "x"})], "done"]) as model:
        ...an agent whose base_url is model.url...
        model.answers()        # [("skill_view", "<what the agent's tool returned>")]

The script is a list of turns: a list of (tool, arguments) is one message with those tool calls, a
text ends the conversation. Which turn is due is read from the conversation itself: as many as it
has messages with tool calls. Requests that offer no tools (titles, summaries) get a word."""

import http.server
import json
import threading

MODEL = "scripted"
LAST_WORD = "the script has ended"


def calls_in(message):
    return message.get("tool_calls") or []


class ModelServer:
    def __init__(self, script):
        self.script = script
        self.requests = []                # bodies of requests that offer tools, as they came
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def turn(self, body):
        """What the model says next: a text, or calls."""
        if not body.get("tools"):
            return "ok"
        self.requests.append(body)
        spoken = sum(bool(calls_in(message)) for message in body["messages"])
        return self.script[spoken] if spoken < len(self.script) else LAST_WORD

    def answers(self):
        """(tool, content) of each tool message in the last request, in their order."""
        if not self.requests:
            return []
        messages = self.requests[-1]["messages"]
        names = {call["id"]: call["function"]["name"] for message in messages
                 for call in calls_in(message)}
        return [(names.get(message["tool_call_id"]), message["content"]) for message in messages
                if message["role"] == "tool"]

    def definition(self, tool):
        """How the first request described the tool, or None."""
        offered = self.requests[0]["tools"] if self.requests else []
        return next((entry for entry in offered if entry["function"]["name"] == tool), None)


def message_of(turn, first_id):
    """The turn as an assistant's message, and why it ends."""
    if isinstance(turn, str):
        return {"role": "assistant", "content": turn}, "stop"
    calls = [{"index": index, "id": f"call_{first_id}_{index}", "type": "function",
              "function": {"name": name, "arguments": json.dumps(arguments)}}
             for index, (name, arguments) in enumerate(turn)]
    return {"role": "assistant", "content": "", "tool_calls": calls}, "tool_calls"


def make_handler(model):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            entry = {"id": MODEL, "object": "model", "owned_by": "test", "context_length": 131072}
            is_list = self.path.endswith("/models")
            self.send_body(200 if is_list else 404, "application/json",
                           json.dumps({"object": "list", "data": [entry]} if is_list else {}))

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            message, reason = message_of(model.turn(body), len(body.get("messages", [])))
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            head = {"id": "chatcmpl-1", "created": 1, "model": MODEL, "usage": usage}
            if not body.get("stream"):
                choice = {"index": 0, "message": message, "finish_reason": reason}
                whole = {**head, "object": "chat.completion", "choices": [choice]}
                return self.send_body(200, "application/json", json.dumps(whole))
            pieces = [({"role": "assistant", "content": ""}, None),
                      ({key: message[key] for key in message if key != "role"}, None), ({}, reason)]
            events = [{**head, "object": "chat.completion.chunk", "usage": None,
                       "choices": [{"index": 0, "delta": delta, "finish_reason": why}]}
                      for delta, why in pieces]
            events.append({**head, "object": "chat.completion.chunk", "choices": []})
            lines = [*map(json.dumps, events), "[DONE]"]
            self.send_body(200, "text/event-stream", "".join(f"data: {line}\n\n" for line in lines))

        def send_body(self, status, kind, text):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
