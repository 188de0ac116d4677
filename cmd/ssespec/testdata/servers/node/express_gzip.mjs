// Express behind the middleware compression, which keeps what nobody flushes.
import compression from "compression";
import express from "express";

const app = express();
app.use(compression({ filter: () => true, threshold: 0 }));

app.get("/events", (req, res) => {
  let n = 0;
  res.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  res.flushHeaders();
  const timer = setInterval(() => {
    n++;
    res.write(`id: ${n}\ndata: tick ${n}\n\n`);
  }, 300);
  res.on("close", () => clearInterval(timer));
});

app.listen(process.env.PORT, "127.0.0.1");
