"""`hermes psyche build | doctor | call`. Hermes takes the exit status from SystemExit alone."""

import sys

from . import tools


def write(text):
    """A line in UTF-8, whatever the locale says."""
    sys.stdout.flush()
    out = getattr(sys.stdout, "buffer", None)
    (out or sys.stdout).write((text + "\n").encode() if out else text + "\n")
    sys.stdout.flush()


def call(bridge, requests):
    """Each request answered on a line; the first status that is not 0, as psyche-monitor call."""
    if not requests or requests == ["-"]:
        requests = [sys.stdin.read()]
    status = 0
    for request in requests:
        text, this_status = tools.ask(bridge, request.encode("utf-8", "surrogateescape"))
        write(text)
        status = status or this_status
    return status


def set_up(parser):
    choices = parser.add_subparsers(dest="psyche_command", metavar="build|doctor|call", required=True)
    choices.add_parser("build", help="build the library of this plugin")
    choices.add_parser("doctor", help="say what is loaded, what is set, and what is wrong")
    caller = choices.add_parser("call", help="ask: a request in JSON, here or on standard input")
    caller.add_argument("requests", nargs="*", metavar="request")


def run(arguments, bridge, skills):
    if arguments.psyche_command == "call":
        return call(bridge, arguments.requests)
    from . import build, doctor           # not in every process of Hermes

    return build.run(bridge) if arguments.psyche_command == "build" else doctor.run(bridge, skills)


def register(ctx, bridge, skills):
    def handle(arguments):
        try:
            status = run(arguments, bridge, skills)
        except KeyboardInterrupt:
            status = 130
        raise SystemExit(status)

    if hasattr(ctx, "register_cli_command"):
        ctx.register_cli_command("psyche", help="Psyche's training runs: build, doctor, call",
                                 setup_fn=set_up, handler_fn=handle,
                                 description="The plugin that watches Psyche's training runs.")
