use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

use tokio::sync::oneshot;

use super::*;

const LIMITS: ServerLimits = ServerLimits {
    head: Duration::from_millis(300),
    body: Duration::from_millis(300),
    drain: Duration::from_secs(2),
    max_body: 1000,
    held: 4000,
    connections: 100,
};

/// Takes everything, but what the path says.
#[derive(Default)]
struct Keeper {
    bodies: Mutex<Vec<Vec<u8>>>,
    refused: Mutex<Vec<u16>>,
}

impl RequestReceiver for Keeper {
    fn admit(&self, head: &RequestHead) -> Result<(), Refusal> {
        match head.path.as_str() {
            "/no" => Err(Refusal::new(StatusCode::NOT_FOUND, "no")),
            _ => Ok(()),
        }
    }

    async fn take(&self, head: Arc<RequestHead>, body: RequestBody) -> Result<StatusCode, Refusal> {
        if head.path == "/slow" {
            sleep(Duration::from_millis(600)).await;
        }
        self.bodies.lock().expect("whole").push(body.to_vec());
        Ok(StatusCode::OK)
    }

    fn refused(&self, _: SocketAddr, _: Option<&RequestHead>, refusal: &Refusal) {
        self.refused.lock().expect("whole").push(refusal.status.as_u16());
    }
}

/// A server in a thread of its own.
struct Serving {
    address: SocketAddr,
    keeper: Arc<Keeper>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Serving {
    fn new(limits: ServerLimits) -> Self {
        let keeper = Arc::new(Keeper::default());
        let (end, ends) = oneshot::channel::<()>();
        let (told, address) = std::sync::mpsc::channel();
        let receiver = keeper.clone();
        let thread = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("one");
            runtime.block_on(async {
                let server = HttpServer::bind("127.0.0.1", 0).expect("a port");
                told.send(server.address().expect("one")).expect("a test");
                server.serve(receiver, limits, async { drop(ends.await) }).await;
            });
        });
        let address = address.recv().expect("an address");
        Self { address, keeper, end: Some(end), thread: Some(thread) }
    }

    fn connect(&self) -> std::net::TcpStream {
        let stream = std::net::TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        stream
    }

    fn say(&self, text: &str) -> std::net::TcpStream {
        let mut stream = self.connect();
        stream.write_all(text.as_bytes()).expect("it reads");
        stream
    }

    /// Ends it, and says how long that took.
    fn end(&mut self) -> Duration {
        let begun = Instant::now();
        drop(self.end.take());
        self.thread.take().expect("once").join().expect("it ends");
        begun.elapsed()
    }
}

/// All that the server says until it closes the connection, which is reset where more was sent than
/// it has read.
fn heard(mut stream: std::net::TcpStream) -> String {
    let mut heard = String::new();
    match stream.read_to_string(&mut heard) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("it closes: {error}"),
        _ => heard,
    }
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[test]
fn who_says_nothing_or_is_slow_with_the_head_is_left() {
    let serving = Serving::new(LIMITS);
    let begun = Instant::now();
    let [silent, slow] = [serving.connect(), serving.say("POST / HTTP/1.1\r\nhost: a\r\n")];
    // Each byte is in time, the whole head is not.
    let mut dripping = slow.try_clone().expect("a handle");
    thread::spawn(move || {
        while dripping.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert_eq!((heard(silent), heard(slow)), (String::new(), String::new()));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_connection_that_is_kept_open_and_silent_is_closed() {
    let serving = Serving::new(LIMITS);
    let begun = Instant::now();
    let heard = heard(serving.say(&post("/", "one").repeat(2)));
    assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 2, "{heard}");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_body_that_takes_too_long_is_answered_408() {
    let serving = Serving::new(LIMITS);
    let start = "POST / HTTP/1.1\r\nhost: a\r\n";
    for body in ["content-length: 9\r\n\r\nslow", "transfer-encoding: chunked\r\n\r\n1\r\na\r\n"] {
        let heard = heard(serving.say(&format!("{start}{body}")));
        assert!(heard.starts_with("HTTP/1.1 408 "), "{heard}");
        assert!(heard.contains("connection: close"), "{heard}");
    }
    assert_eq!(*serving.keeper.refused.lock().expect("whole"), [408, 408]);
}

#[test]
fn a_body_that_breaks_off_is_not_taken() {
    let serving = Serving::new(LIMITS);
    let stream = serving.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nbroken");
    stream.shutdown(Shutdown::Write).expect("open");
    drop(heard(stream));
    assert!(serving.keeper.bodies.lock().expect("whole").is_empty());
}

#[test]
fn bodies_that_are_too_many_together_are_answered_503() {
    let serving = Serving::new(ServerLimits { body: Duration::from_secs(5), ..LIMITS });
    let unfinished = format!("POST / HTTP/1.1\r\ncontent-length: 1000\r\n\r\n{}", "a".repeat(999));
    let mut held: Vec<_> = (0..4).map(|_| serving.say(&unfinished)).collect();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        let heard = heard(
            serving.say(&post("/", &"b".repeat(500)).replace("host", "connection: close\r\nhost")),
        );
        if heard.starts_with("HTTP/1.1 503 ") {
            assert!(heard.contains("retry-after: 1"), "{heard}");
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(*serving.keeper.refused.lock().expect("whole"), [503]);
    // The end of the others makes room again.
    for stream in &mut held {
        stream.write_all(b"a").expect("it reads");
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
    }
    let heard = heard(serving.say(&post("/", &"b".repeat(500))));
    assert!(heard.starts_with("HTTP/1.1 200 "), "{heard}");
}

#[test]
fn no_more_connections_are_accepted_than_there_may_be() {
    let serving = Serving::new(ServerLimits { connections: 2, ..LIMITS });
    let silent = [serving.connect(), serving.connect()];
    // It waits until the others are closed.
    let begun = Instant::now();
    let heard = heard(serving.say(&post("/", "a")));
    assert!(heard.starts_with("HTTP/1.1 200 ") && begun.elapsed() > LIMITS.head / 2, "{heard}");
    drop(silent);
}

#[test]
fn what_has_begun_is_answered_at_the_end_and_nothing_else_is_waited_for() {
    let limits = ServerLimits { head: Duration::from_secs(30), ..LIMITS };
    let mut serving = Serving::new(limits);
    let idle = [serving.connect(), serving.say("POST / HT"), serving.say(&post("/", "a"))];
    let slow = serving.say(&post("/slow", "slow"));
    thread::sleep(Duration::from_millis(200));
    let took = serving.end();
    assert!(heard(slow).starts_with("HTTP/1.1 200 "));
    assert!(took > Duration::from_millis(200) && took < LIMITS.drain, "{took:?}");
    assert_eq!(serving.keeper.bodies.lock().expect("whole").len(), 2);
    drop(idle);
}

#[test]
fn an_answer_is_heard_though_the_body_was_not_read() {
    let serving = Serving::new(LIMITS);
    let body = "a".repeat(3 << 20);
    for (path, status) in [("/no", 404), ("/", 413)] {
        let mut stream = serving.connect();
        stream.write_all(post(path, &body).as_bytes()).expect("it is read on");
        let heard = heard(stream);
        assert!(heard.starts_with(&format!("HTTP/1.1 {status} ")), "{heard}");
    }
}

#[test]
fn nothing_of_a_body_is_counted_once_it_is_gone() {
    let held = Arc::new(AtomicU64::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("one");
    runtime.block_on(async {
        let server = HttpServer::bind("127.0.0.1", 0).expect("a port");
        let address = server.address().expect("one");
        let context = Arc::new(ServerContext {
            receiver: Arc::new(Keeper::default()),
            limits: LIMITS,
            held: held.clone(),
        });
        let client = thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address).expect("it listens");
            stream.write_all(post("/", "a").as_bytes()).expect("it reads");
            stream.shutdown(Shutdown::Write).expect("open");
            heard(stream)
        });
        let (stream, peer) = server.listener.accept().await.expect("a client");
        let (_closing, closes) = watch::channel(false);
        connection::hold(stream, peer, context, closes).await;
        let heard = client.join().expect("it ends");
        assert!(heard.starts_with("HTTP/1.1 200 "), "{heard}");
    });
    assert_eq!(held.load(Ordering::Relaxed), 0);
}
