"""The adapter of PyPI openai: URL in, events of one connection out (kind "stream-reader")."""
import base64
import json
import sys
import threading
from importlib.metadata import version

import httpx2
from openai._streaming import SSEDecoder

speaking = threading.Lock()
closed = set()  # the runs that the runner has closed
# A quiet stream is no error, and loopback is not for a proxy of the environment.
client = httpx2.Client(timeout=None, trust_env=False)


def say(run, **line):
    """Says a line of a run. Runs are threads, their lines do not mix, and of a run that is closed nothing is said."""
    with speaking:
        if run not in closed:
            print(json.dumps({"run": run, **line}), flush=True)


def member(key, text):
    """A lone surrogate travels as Base64: JSON would only escape it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return {key + "Base64": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}
    return {key: text}


def subscribe(run, url, headers=None, **_):
    """Iterates over the events of one response, as Stream does: that one takes data for JSON, and ends at [DONE].

    An event has the last event ID, or None.
    """
    try:
        with client.stream("GET", url, headers=headers) as response:
            for event in SSEDecoder().iter_bytes(response.iter_bytes()):
                if run in closed:  # its user has left the loop; a thread that waits for bytes cannot
                    return
                say(run, step="dispatch", event={
                    **member("type", event.event or ""), **member("data", event.data), **member("lastEventId", event.id or "")})
    except Exception as error:
        say(run, step="fail", message=repr(error))
    say(run, step="end")


print(json.dumps({"hello": {"protocol": 1, "kind": "stream-reader", "name": "openai SSEDecoder", "version": version("openai"),
                            "language": "Python", "parallel": 16, "capabilities": ["headers", "types-any"]}}), flush=True)
for line in sys.stdin.buffer:
    order = json.loads(line)
    if "subscribe" in order:
        threading.Thread(target=subscribe, kwargs=order["subscribe"], daemon=True).start()
    else:
        with speaking:
            closed.add(order["close"]["run"])
            print(json.dumps({"run": order["close"]["run"], "step": "end"}), flush=True)
