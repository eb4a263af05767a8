"""A command on a terminal, as a person sees it."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

END_S = 30


def on_terminal(command, environment, columns=None):
    """(exit status, what it prints); columns 0: a terminal that does not say how wide it is."""
    ours, theirs = pty.openpty()
    if columns is not None:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(command, stdout=theirs, stdin=subprocess.DEVNULL, env=environment)
    os.close(theirs)
    text = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(ours)
    return process.wait(END_S), text.decode().replace("\r\n", "\n")
