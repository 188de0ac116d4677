import java.io.IOException;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.*;
import okhttp3.sse.*;
import org.json.JSONObject;

/** The adapter of Maven okhttp-sse: URL in, events of one connection out (kind "stream-reader"). */
class Adapter extends EventSourceListener {
  final String run;
  final EventSource source;
  final AtomicBoolean ended = new AtomicBoolean();

  Adapter(OkHttpClient http, JSONObject order) {
    run = order.getString("run");
    String method = order.optString("method", "GET"), body = order.optString("body", null);
    Request.Builder request = new Request.Builder().url(order.getString("url"))
        .method(method, body == null ? null : RequestBody.create(body, null));
    JSONObject headers = order.optJSONObject("headers", new JSONObject());
    for (String name : headers.keySet()) request.header(name, headers.getString(name));
    source = EventSources.createFactory(http).newEventSource(request.build(), this);
  }

  /** Type and id are null where the stream has none. */
  @Override public void onEvent(EventSource source, String id, String type, String data) {
    Wire.say(run, Map.of("step", "dispatch", "event", Map.of("type", Objects.requireNonNullElse(type, "message"),
        "data", data, "lastEventId", Objects.requireNonNullElse(id, ""))));
  }

  @Override public void onClosed(EventSource source) { end(); }

  @Override public void onFailure(EventSource source, Throwable error, Response response) {
    if (!ended.get()) Wire.say(run, Map.of("step", "fail", "message", String.valueOf(error == null ? response : error)));
    end();
  }

  void end() {
    if (!ended.getAndSet(true)) Wire.say(run, Map.of("step", "end"));
  }

  void close() {
    source.cancel();
    end();
  }

  public static void main(String[] arguments) throws IOException {
    Dispatcher many = new Dispatcher();
    many.setMaxRequestsPerHost(64);
    OkHttpClient http = new OkHttpClient.Builder().dispatcher(many).readTimeout(Duration.ZERO).build(); // a quiet stream is no error
    Wire.serve("stream-reader", EventSource.class, "okhttp-sse", List.of("headers", "post", "types-any"),
        order -> new Adapter(http, order)::close);
  }
}
