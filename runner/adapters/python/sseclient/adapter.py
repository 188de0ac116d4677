"""The adapter of PyPI sseclient: URL in, events out, and it comes back by itself (kind "client")."""
import base64
import json
import os
import sys
import threading
from importlib.metadata import version

import requests
from sseclient import SSEClient

speaking = threading.Lock()
closed = set()  # the runs that the runner has closed
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the library prints what goes wrong on standard output, which is the protocol's


def say(run, **line):
    """Says a line of a run. Runs are threads, their lines do not mix, and of a run that is closed nothing is said."""
    with speaking:
        if run not in closed:
            print(json.dumps({"run": run, **line}), file=out, flush=True)


def member(key, text):
    """A lone surrogate travels as Base64: JSON would only escape it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return {key + "Base64": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}
    return {key: text}


class Session(requests.Session):
    """The library cannot be closed. A session of one's own, which it takes, makes no request for a run that is."""

    def __init__(self, run):
        super().__init__()
        self.run = run
        self.trust_env = False  # loopback is not for a proxy of the environment

    def get(self, *args, **kwargs):
        if self.run in closed:
            sys.exit()  # this thread alone
        return super().get(*args, **kwargs)


def subscribe(run, url, headers=None, lastEventId=None, reconnectionTime=3000, **_):
    """Iterates over the events. One has the id of its own block; the client has the last one that is not empty."""
    try:
        client = SSEClient(url, last_id=lastEventId, retry=reconnectionTime, session=Session(run), headers=dict(headers or {}))
        for event in client:
            if run in closed:  # its user has left the loop; a thread that waits for bytes cannot
                return
            say(run, step="dispatch", event={
                **member("type", event.event), **member("data", event.data), **member("lastEventId", client.last_id or "")})
    except Exception as error:
        say(run, step="fail", message=repr(error))
    say(run, step="end")


print(json.dumps({"hello": {"protocol": 1, "kind": "client", "name": "sseclient", "version": version("sseclient"),
                            "language": "Python", "parallel": 4, "steps": ["dispatch", "fail"],
                            "capabilities": ["reestablish", "last-event-id", "reconnection-time", "headers", "types-any"]}}), file=out, flush=True)
for line in sys.stdin.buffer:
    order = json.loads(line)
    if "subscribe" in order:
        threading.Thread(target=subscribe, kwargs=order["subscribe"], daemon=True).start()
    else:
        with speaking:
            closed.add(order["close"]["run"])
            print(json.dumps({"run": order["close"]["run"], "step": "end"}), file=out, flush=True)
