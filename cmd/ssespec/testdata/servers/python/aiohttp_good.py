"""aiohttp: numbered ticks, resumed from Last-Event-ID."""
import asyncio
import os

from aiohttp import web


async def events(request):
    last = request.headers.get("Last-Event-ID", "")
    n = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    while True:
        await asyncio.sleep(0.3)
        n += 1
        await response.write(f"id: {n}\ndata: tick {n}\n\n".encode())


app = web.Application()
app.router.add_get("/events", events, allow_head=False)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
