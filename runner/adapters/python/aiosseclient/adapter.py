"""The adapter of PyPI aiosseclient: URL in, events of one connection out (kind "stream-reader")."""
import asyncio
import base64
import json
import sys
from importlib.metadata import version

from aiosseclient import aiosseclient

running = {}  # the task of each run


def say(run, **line):
    print(json.dumps({"run": run, **line}), flush=True)


def member(key, text):
    """A lone surrogate travels as Base64: JSON would only escape it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return {key + "Base64": base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}
    return {key: text}


async def subscribe(run, url, headers=None, lastEventId=None, **_):
    """Iterates over the events of one response. An event has the id of its own block, or None."""
    try:
        async for event in aiosseclient(url, last_id=lastEventId, headers=dict(headers or {})):
            say(run, step="dispatch", event={
                **member("type", event.event), **member("data", event.data), **member("lastEventId", event.id or "")})
    except Exception as error:
        say(run, step="fail", message=repr(error))
    finally:  # also of a task that was cancelled, which is how a run is closed
        del running[run]
        say(run, step="end")


def close(run):
    if run in running:
        running[run].cancel()
    else:
        say(run, step="end")


async def main():
    say_hello()
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        order = json.loads(line)
        if "subscribe" in order:
            running[order["subscribe"]["run"]] = asyncio.create_task(subscribe(**order["subscribe"]))
        else:
            close(order["close"]["run"])


def say_hello():
    print(json.dumps({"hello": {"protocol": 1, "kind": "stream-reader", "name": "aiosseclient", "version": version("aiosseclient"),
                                "language": "Python", "parallel": 16, "capabilities": ["headers", "last-event-id", "types-any"]}}), flush=True)


asyncio.run(main())
