//! The adapter of crates.io eventsource-client: URL in, events out (kind "client").
use eventsource_client::{Client, ClientBuilder, Error, ReconnectOptions, SSE};
use futures::{FutureExt, StreamExt};
use launchdarkly_sdk_transport::HyperTransport;
use serde_json::{json, Value};
use std::{collections::HashMap, io::BufRead, time::Duration};

/// Builds the client that an order asks for; what the order leaves out has the library's default.
fn client(order: &Value) -> Result<impl Client, Error> {
    let mut builder = ClientBuilder::for_url(order["url"].as_str().expect("url"))?;
    for (name, value) in order["headers"].as_object().into_iter().flatten() {
        builder = builder.header(name, value.as_str().expect("a string"))?;
    }
    if let Some(id) = order["lastEventId"].as_str() {
        builder = builder.last_event_id(id.to_owned());
    }
    if let Some(time) = order["reconnectionTime"].as_u64() {
        builder = builder.reconnect(ReconnectOptions::reconnect(true).delay(Duration::from_millis(time)).build());
    }
    Ok(builder.build_with_transport(HyperTransport::new().map_err(|error| Error::InvalidParameter(Box::new(error)))?))
}

/// What one item of the stream means. After an error the stream has come to its end or to its wait.
fn step(item: Result<SSE, Error>, ended: bool) -> Value {
    match item {
        Ok(SSE::Connected(_)) => json!({"step": "announce"}),
        Ok(SSE::Comment(text)) => json!({"comment": text}),
        Ok(SSE::Event(event)) => json!({"step": "dispatch", "event":
            {"type": event.event_type, "data": event.data, "lastEventId": event.id.unwrap_or_default()}}),
        Err(error) => json!({"step": if ended { "fail" } else { "reestablish" }, "message": format!("{error:?}")}),
    }
}

/// Reports what the client does until its stream ends. println! holds a lock: lines of concurrent runs do not mix.
async fn subscribe(order: Value) {
    let mut events = client(&order).expect("an order that the library takes").stream();
    let mut next = events.next().await;
    while let Some(item) = next {
        let ready = if item.is_err() { events.next().now_or_never() } else { None };
        let mut line = step(item, matches!(ready, Some(None)));
        line["run"] = order["run"].clone();
        println!("{line}");
        next = if let Some(item) = ready { item } else { events.next().await };
    }
    println!("{}", json!({"run": order["run"], "step": "end"}));
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let mut open = HashMap::new();
    let (_, locked) =
        include_str!("../Cargo.lock").split_once("\"eventsource-client\"\nversion = \"").expect("a lock file");
    let version = locked.split('"').next();
    println!(
        "{}",
        json!({"hello": {"protocol": 1, "kind": "client", "name": "eventsource-client", "version": version,
        "language": "Rust", "parallel": 16,
        "capabilities": ["reestablish", "last-event-id", "reconnection-time", "headers", "comments", "types-any"]}})
    );
    for line in std::io::stdin().lock().lines() {
        let mut order: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let (wanted, closed) = (order["subscribe"].take(), order["close"]["run"].take());
        if wanted.is_object() {
            open.insert(wanted["run"].clone(), runtime.spawn(subscribe(wanted)));
        } else if let Some(task) = open.remove(&closed) {
            task.abort();
            let _ = runtime.block_on(task); // a line may be half said
            println!("{}", json!({"run": closed, "step": "end"}));
        }
    }
    std::process::exit(0); // the connections that are still open are not waited for
}
