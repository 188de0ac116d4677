// Express: numbered ticks, resumed from Last-Event-ID.
import express from "express";

const app = express();

app.get("/events", (req, res) => {
  let n = /^\d{1,9}$/.test(req.get("Last-Event-ID") ?? "") ? Number(req.get("Last-Event-ID")) : 0;
  res.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  res.flushHeaders();
  const timer = setInterval(() => {
    n++;
    res.write(`id: ${n}\ndata: tick ${n}\n\n`);
  }, 300);
  res.on("close", () => clearInterval(timer));
});

app.listen(process.env.PORT, "127.0.0.1");
