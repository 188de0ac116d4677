"""The adapter of PyPI openai 0.27 and 0.28: URL in, events of one connection out (kind "stream-reader")."""
import json
import sys
import threading
from importlib.metadata import version
from unittest.mock import MagicMock

import requests

sys.path.remove(sys.path[0])  # this folder: a file in it has the library's name
sys.modules["aiohttp"] = MagicMock()  # for the asynchronous half, which is not used
from openai.api_requestor import parse_stream  # noqa: E402

speaking = threading.Lock()
closed = set()  # the runs that the runner has closed


def say(run, **line):
    """Says a line of a run. Runs are threads, their lines do not mix, and of a run that is closed nothing is said."""
    with speaking:
        if run not in closed:
            print(json.dumps({"run": run, **line}), flush=True)


def subscribe(run, url, **_):
    """Iterates over what the library makes of the lines: the data of each event, which is JSON there, and nothing else."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # loopback is not for a proxy of the environment
            with session.get(url, stream=True) as response:
                for data in parse_stream(response.iter_lines()):
                    say(run, step="dispatch", event={"type": "message", "data": data, "lastEventId": ""})
    except Exception as error:
        say(run, step="fail", message=repr(error))
    say(run, step="end")


print(json.dumps({"hello": {"protocol": 1, "kind": "stream-reader", "name": "openai", "version": version("openai"),
                            "language": "Python", "parallel": 16}}), flush=True)
for line in sys.stdin.buffer:
    order = json.loads(line)
    if "subscribe" in order:
        threading.Thread(target=subscribe, kwargs=order["subscribe"], daemon=True).start()
    else:
        with speaking:
            closed.add(order["close"]["run"])
            print(json.dumps({"run": order["close"]["run"], "step": "end"}), flush=True)
