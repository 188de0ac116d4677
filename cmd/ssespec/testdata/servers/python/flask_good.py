"""Flask: numbered ticks, resumed from Last-Event-ID."""
import os
import time

from flask import Flask, Response, request

app = Flask(__name__)


@app.get("/events")
def events():
    last = request.headers.get("Last-Event-ID", "")
    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0

    def ticks(n):
        yield "retry: 2000\n\n"
        while True:
            time.sleep(0.3)
            n += 1
            yield f"id: {n}\ndata: tick {n}\n\n"

    return Response(ticks(seen), mimetype="text/event-stream", headers={"Cache-Control": "no-cache"})


app.run(port=int(os.environ["PORT"]), threaded=True)
