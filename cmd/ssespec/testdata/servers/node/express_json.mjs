// Express: pretty JSON over several lines, with data: on the first alone.
import express from "express";

const app = express();

app.get("/events", (req, res) => {
  let n = 0;
  res.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  res.flushHeaders();
  const timer = setInterval(() => {
    n++;
    res.write(`data: ${JSON.stringify({ tick: n, at: "noon" }, null, 2)}\n\n`);
  }, 300);
  res.on("close", () => clearInterval(timer));
});

app.listen(process.env.PORT, "127.0.0.1");
