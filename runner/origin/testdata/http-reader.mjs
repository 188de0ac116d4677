// Reads a URL with node:http and prints the size of each data event.
import http from "node:http";

const [host, port, path] = process.argv.slice(2);
const sizes = [];
http.get({ host, port, path }, (response) => {
  response.on("data", (data) => sizes.push(data.length));
  response.on("end", () => console.log(sizes.join(" ")));
});
