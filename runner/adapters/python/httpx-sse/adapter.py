"""The adapter of PyPI httpx-sse: URL in, events of one connection out (kind "stream-reader")."""
import base64
import json
import sys
import threading
from importlib.metadata import version

import httpx
from httpx_sse import connect_sse

speaking = threading.Lock()
# A quiet stream is no error, and loopback is not for a proxy of the environment.
client = httpx.Client(timeout=None, trust_env=False)


def say(**line):
    """Runs are threads of their own, and their lines do not mix."""
    with speaking:
        print(json.dumps(line), flush=True)


def member(key, text):
    """A lone surrogate travels as Base64: JSON would only escape it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return {key + "Base64": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}
    return {key: text}


def subscribe(run, url, headers=None, **_):
    """Iterates over the events of one response. The library keeps the last id and says message by itself."""
    try:
        with connect_sse(client, "GET", url, headers=headers or {}) as source:
            for event in source.iter_sse():
                if event.retry is not None:
                    say(run=run, retry=event.retry)
                say(run=run, step="dispatch", event={
                    **member("type", event.event), **member("data", event.data), **member("lastEventId", event.id)})
    except Exception as error:
        say(run=run, step="fail", message=repr(error))
    say(run=run, step="end")


say(hello={"protocol": 1, "kind": "stream-reader", "name": "httpx-sse", "version": version("httpx-sse"),
           "language": "Python", "parallel": 16, "capabilities": ["headers", "types-any", "retry"]})
for line in sys.stdin.buffer:
    order = json.loads(line)
    if "subscribe" in order:
        threading.Thread(target=subscribe, kwargs=order["subscribe"], daemon=True).start()
    else:  # the generator that a thread waits in cannot be closed by another: it goes on, and is heard if it speaks
        say(run=order["close"]["run"], step="end")
