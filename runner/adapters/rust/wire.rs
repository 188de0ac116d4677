//! What the adapters of this folder share: orders come in, lines go out, and each run is a task of its own.
use futures::FutureExt;
use serde_json::{json, Value};
use std::{collections::HashMap, future::Future, io::BufRead, panic::AssertUnwindSafe};

/// Says a line of a run. println! holds a lock: lines of concurrent runs do not mix.
pub fn say(run: &Value, mut line: Value) {
    line["run"] = run.clone();
    println!("{line}");
}

/// The version of a crate that a lock file names.
pub fn locked<'a>(lock: &'a str, name: &str) -> &'a str {
    let (_, rest) = lock.split_once(&format!("\"{name}\"\nversion = \"")).expect("a crate of the lock file");
    rest.split('"').next().expect("a version")
}

/// Says hello, and serves each order to subscribe until it is through or closed. A panic is the library's: it is told
/// as the failure that it is to whoever waits for events.
pub fn serve<F: Future<Output = ()> + Send + 'static>(hello: Value, subscribe: impl Fn(Value) -> F) {
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let mut open = HashMap::new();
    println!("{}", json!({"hello": hello}));
    for line in std::io::stdin().lock().lines() {
        let mut order: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let (wanted, closed) = (order["subscribe"].take(), order["close"]["run"].take());
        if wanted.is_object() {
            let run = wanted["run"].clone();
            let reports = AssertUnwindSafe(subscribe(wanted)).catch_unwind();
            open.insert(run.clone(), runtime.spawn(through(run, reports)));
        } else if let Some(task) = open.remove(&closed) {
            task.abort();
            let _ = runtime.block_on(task); // a line may be half said
            say(&closed, json!({"step": "end"}));
        }
    }
    std::process::exit(0); // the connections that are still open are not waited for
}

/// Waits until a run is through, and says so.
async fn through<E>(run: Value, reports: impl Future<Output = Result<(), E>>) {
    if reports.await.is_err() {
        say(&run, json!({"step": "fail", "message": "the library panics"}));
    }
    say(&run, json!({"step": "end"}));
}
