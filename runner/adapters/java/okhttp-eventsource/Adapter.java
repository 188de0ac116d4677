import com.launchdarkly.eventsource.*;
import com.launchdarkly.eventsource.background.*;
import java.io.IOException;
import java.net.URI;
import java.util.*;
import java.util.concurrent.*;
import org.json.JSONObject;

/** The adapter of Maven okhttp-eventsource: URL in, events out (kind "client"). */
class Adapter implements BackgroundEventHandler {
  final String run;
  final BackgroundEventSource source;
  final ThreadPoolExecutor events = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  /** Subscribes. A quiet stream is no error, and a wait without jitter can be judged; all else is the library's default. */
  Adapter(JSONObject order) {
    run = order.getString("run");
    HttpConnectStrategy http = ConnectStrategy.http(URI.create(order.getString("url"))).readTimeout(0, TimeUnit.SECONDS);
    JSONObject headers = order.optJSONObject("headers", new JSONObject());
    for (String name : headers.keySet()) http = http.header(name, headers.getString(name));
    EventSource.Builder builder = new EventSource.Builder(http).lastEventId(order.optString("lastEventId", null))
        .retryDelayStrategy(RetryDelayStrategy.defaultStrategy().jitterMultiplier(0));
    if (order.has("reconnectionTime")) builder.retryDelay(order.getLong("reconnectionTime"), TimeUnit.MILLISECONDS);
    events.allowCoreThreadTimeOut(true);
    source = new BackgroundEventSource.Builder(this, builder).streamExecutor(this::read).eventsExecutor(events).build();
    source.start();
  }

  /** Runs the reader of the library: it comes back after all that goes wrong, but for an exception of its own. */
  void read(Runnable reader) {
    Thread thread = new Thread(reader);
    thread.setUncaughtExceptionHandler((ended, error) -> {
      events.execute(() -> say(Map.of("step", "fail", "message", "the thread of the library ended with " + error)));
      events.execute(() -> say(Map.of("step", "end")));
    });
    thread.start();
  }

  void say(Map<String, ?> line) { Wire.say(run, line); }

  public void onOpen() { say(Map.of("step", "announce")); }
  public void onComment(String text) { say(Map.of("comment", text)); }
  public void onError(Throwable error) { say(Map.of("step", "reestablish", "message", error.toString())); }
  public void onClosed() { } // follows each error

  public void onMessage(String type, MessageEvent event) {
    String id = Objects.requireNonNullElse(event.getLastEventId(), "");
    say(Map.of("step", "dispatch", "event", Map.of("type", type, "data", event.getData(), "lastEventId", id)));
  }

  void close() {
    source.close();
    events.execute(() -> say(Map.of("step", "end"))); // after the events that wait to be handed out
  }

  public static void main(String[] arguments) throws IOException {
    Wire.serve("client", EventSource.class, "okhttp-eventsource", List.of("reestablish", "last-event-id", "reconnection-time",
        "headers", "comments", "types-any"), order -> new Adapter(order)::close);
  }
}
