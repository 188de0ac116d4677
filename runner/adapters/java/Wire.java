import java.io.*;
import java.util.*;
import java.util.function.Function;
import org.json.JSONObject;

/** What the adapters of this folder share: orders come in, lines go out. */
class Wire {
  /** Says a line of a run. println holds a lock: lines of concurrent runs do not mix. */
  static void say(String run, Map<String, ?> line) { System.out.println(new JSONObject(line).put("run", run)); }

  /** Says hello, and hands each order to subscribe, which returns what closes its run. The version is in the name of the jar. */
  static void serve(String kind, Class<?> library, String name, List<String> capabilities, Function<JSONObject, Runnable> subscribe)
      throws IOException {
    System.setOut(new PrintStream(System.out, true, "UTF-8"));
    String version = library.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*-|[.]jar", "");
    System.out.println(new JSONObject(Map.of("hello", Map.of("protocol", 1, "kind", kind, "name", name, "version", version,
        "language", "Java", "parallel", 16, "capabilities", capabilities))));
    Map<String, Runnable> open = new HashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line; (line = in.readLine()) != null;) {
      JSONObject order = new JSONObject(line), wanted = order.optJSONObject("subscribe");
      if (wanted != null) open.put(wanted.getString("run"), subscribe.apply(wanted));
      else new Thread(open.remove(order.getJSONObject("close").getString("run"))).start(); // close may wait
    }
    System.exit(0); // the connections that are still open are not waited for
  }
}
