"""Flask: the newline between two string literals was forgotten."""
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
            yield (
                "event: tick"
                f"data: {n}\n\n"
            )
            time.sleep(0.3)

    return Response(ticks(), mimetype="text/event-stream")


app.run(port=int(os.environ["PORT"]), threaded=True)
