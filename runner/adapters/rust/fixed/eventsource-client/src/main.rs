//! The adapter of crates.io eventsource-client 0.9 and 0.10: URL in, events of one connection out (kind "stream-reader").
use eventsource_client::{Client, ClientBuilder, Error, ReconnectOptions, SSE};
use futures::StreamExt;
use serde_json::{json, Value};
use std::{collections::HashMap, io::BufRead};

/// Says one line. println! holds the lock of standard output, so that lines of concurrent runs do not mix.
fn say(line: Value) {
    println!("{line}");
}

/// Subscribes without reconnecting: the end of the body is the end of the run. An event has the last event ID; None
/// leaves it as it was, which is how Client of 0.9 itself takes it for its next request (client.rs:360).
async fn subscribe(run: &str, url: &str) -> Result<(), Error> {
    let once = ReconnectOptions::reconnect(false).retry_initial(false).build();
    let mut events = ClientBuilder::for_url(url)?.reconnect(once).build_http().stream();
    let mut id = String::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(SSE::Event(event)) => {
                id = event.id.unwrap_or(id);
                let event = json!({"type": event.event_type, "data": event.data, "lastEventId": id});
                say(json!({"run": run, "step": "dispatch", "event": event}));
            }
            Ok(SSE::Comment(_)) => {}
            Err(Error::Eof) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn serve(run: String, url: String) {
    if let Err(error) = subscribe(&run, &url).await {
        say(json!({"run": run, "step": "fail", "message": format!("{error:?}")}));
    }
    say(json!({"run": run, "step": "end"}));
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let mut open = HashMap::new();
    let version = env!("LIBRARY", "set LIBRARY to the version of eventsource-client");
    let hello = json!({"protocol": 1, "kind": "stream-reader", "name": "eventsource-client", "version": version,
        "language": "Rust", "parallel": 16, "capabilities": ["types-any"]});
    say(json!({"hello": hello}));
    for line in std::io::stdin().lock().lines() {
        let order: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let member = |verb: &str, name: &str| order[verb][name].as_str().expect(name).to_owned();
        if order["subscribe"].is_object() {
            let run = member("subscribe", "run");
            open.insert(run.clone(), runtime.spawn(serve(run, member("subscribe", "url"))));
        } else if let Some(task) = open.remove(&member("close", "run")) {
            task.abort();
            say(json!({"run": member("close", "run"), "step": "end"}));
        }
    }
    std::process::exit(0); // the connections that are still open are not waited for
}
