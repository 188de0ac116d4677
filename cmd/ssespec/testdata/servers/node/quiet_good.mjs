// Node's own http: nothing happens here for a minute.
import { createServer } from "node:http";

const server = createServer((req, res) => {
  if (req.method !== "GET") {
    res.writeHead(405, { Allow: "GET" }).end();
    return;
  }
  res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  res.flushHeaders();
  const timer = setTimeout(() => res.write("data: at last\n\n"), 60_000);
  res.on("close", () => clearTimeout(timer));
});

server.listen(process.env.PORT, "127.0.0.1");
