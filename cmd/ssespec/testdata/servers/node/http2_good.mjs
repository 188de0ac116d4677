// Node's own http2 over TLS: numbered ticks, resumed from Last-Event-ID.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const server = createSecureServer({
  cert: readFileSync(process.env.TLS_CERT),
  key: readFileSync(process.env.TLS_KEY),
  allowHTTP1: true,
});

server.on("request", (req, res) => {
  if (req.method !== "GET") {
    res.writeHead(405, { Allow: "GET" }).end();
    return;
  }
  const last = req.headers["last-event-id"] ?? "";
  let n = /^\d{1,9}$/.test(last) ? Number(last) : 0;
  res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  res.write(": hello\n\n");
  const timer = setInterval(() => {
    n++;
    res.write(`id: ${n}\ndata: tick ${n}\n\n`);
  }, 300);
  res.on("close", () => clearInterval(timer));
});

server.listen(process.env.PORT, "127.0.0.1");
