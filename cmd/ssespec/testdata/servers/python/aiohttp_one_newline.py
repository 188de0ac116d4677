"""aiohttp: one newline after each event, where two are needed."""
import asyncio
import json
import os

from aiohttp import web


async def events(request):
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    n = 0
    while True:
        await asyncio.sleep(0.3)
        n += 1
        await response.write(f"data: {json.dumps({'tick': n})}\n".encode())


app = web.Application()
app.router.add_get("/events", events)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
