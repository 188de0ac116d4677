// Reads a URL from a raw socket and prints the size of each read.
import net from "node:net";

const [host, port, path] = process.argv.slice(2);
const sizes = [];
const connection = net.connect(Number(port), host);
connection.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
connection.on("data", (data) => sizes.push(data.length));
connection.on("end", () => console.log(sizes.join(" ")));
