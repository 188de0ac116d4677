//! The adapter of crates.io eventsource-client: URL in, events out (kind "client").
use eventsource_client::{Client, ClientBuilder, Error, ReconnectOptions, SSE};
use futures::{FutureExt, StreamExt};
use launchdarkly_sdk_transport::HyperTransport;
use serde_json::{json, Value};
use std::time::Duration;

#[path = "../../wire.rs"]
mod wire;

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

/// Reports what the client does until its stream ends.
async fn subscribe(order: Value) {
    let mut events = client(&order).expect("an order that the library takes").stream();
    let mut next = events.next().await;
    while let Some(item) = next {
        let ready = if item.is_err() { events.next().now_or_never() } else { None };
        wire::say(&order["run"], step(item, matches!(ready, Some(None))));
        next = if let Some(item) = ready { item } else { events.next().await };
    }
}

fn main() {
    let version = wire::locked(include_str!("../Cargo.lock"), "eventsource-client");
    let hello = json!({"protocol": 1, "kind": "client", "name": "eventsource-client", "version": version,
        "language": "Rust", "parallel": 16,
        "capabilities": ["reestablish", "last-event-id", "reconnection-time", "headers", "comments", "types-any"]});
    wire::serve(hello, subscribe);
}
