"""Flask with its own type, text/html: the mimetype was forgotten."""
import os
import time

from flask import Flask, Response

app = Flask(__name__)


@app.get("/events")
def events():
    def ticks():
        n = 0
        while True:
            n += 1
            yield f"id: {n}\ndata: tick {n}\n\n"
            time.sleep(0.3)

    return Response(ticks())


app.run(port=int(os.environ["PORT"]), threaded=True)
