//! The adapter of crates.io reqwest-eventsource: URL in, events out (kind "client").
use futures::StreamExt;
use reqwest_eventsource::retry::{ExponentialBackoff, DEFAULT_RETRY};
use reqwest_eventsource::{Event, EventSource, ReadyState};
use serde_json::{json, Value};
use std::time::Duration;

#[path = "../../wire.rs"]
mod wire;

/// Begins what an order asks for; what the order leaves out has the library's default.
fn source(http: reqwest::Client, order: &Value) -> EventSource {
    let method = order["method"].as_str().unwrap_or("GET").parse().expect("a method");
    let mut request = http.request(method, order["url"].as_str().expect("a URL"));
    for (name, value) in order["headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().expect("a string"));
    }
    if let Some(body) = order["body"].as_str() {
        request = request.body(body.to_owned());
    }
    let mut source = EventSource::new(request).expect("a request that can be sent again");
    if let Some(time) = order["reconnectionTime"].as_u64() {
        source.set_retry_policy(Box::new(ExponentialBackoff { start: Duration::from_millis(time), ..DEFAULT_RETRY }));
    }
    source
}

/// Reports what the client does until its stream ends.
async fn subscribe(http: reqwest::Client, order: Value) {
    let mut source = source(http, &order);
    while let Some(item) = source.next().await {
        let lost = if source.ready_state() == ReadyState::Closed { "fail" } else { "reestablish" };
        let line = match item {
            Ok(Event::Open) => json!({"step": "announce"}),
            Ok(Event::Message(event)) => json!({"step": "dispatch", "event":
                {"type": event.event, "data": event.data, "lastEventId": event.id}}),
            Err(error) => json!({"step": lost, "message": error.to_string()}),
        };
        wire::say(&order["run"], line);
    }
}

fn main() {
    let http = reqwest::Client::new();
    let version = wire::locked(include_str!("../Cargo.lock"), "reqwest-eventsource");
    let hello = json!({"protocol": 1, "kind": "client", "name": "reqwest-eventsource", "version": version,
        "language": "Rust", "parallel": 16,
        "capabilities": ["reestablish", "reconnection-time", "headers", "post", "types-any"]});
    wire::serve(hello, |order| subscribe(http.clone(), order));
}
