//! A webhook handler that does as it is told.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a handler does with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Answers with this status.
    Status(u16),
    /// Answers with 200, so much later.
    Stall(Duration),
    /// Cuts the connection.
    Cut,
    /// Answers with something that is no HTTP.
    Garble,
    /// Answers with 401, the request's headers and its path.
    Repeat,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    /// By name in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
}

/// A handler on a port of its own.
pub(crate) struct Handler {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Handler {
    /// One that does with the n-th request, from 0, what `act` says.
    pub(crate) fn new(act: impl Fn(usize, &Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Self::on(listener, act)
    }

    /// The same on a port that is bound already.
    pub(crate) fn on(
        listener: TcpListener,
        act: impl Fn(usize, &Request) -> Act + Send + Sync + 'static,
    ) -> Self {
        let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
        let handler = Self { url, requests: Arc::default(), connections: Arc::default() };
        let (requests, connections) = (handler.requests.clone(), handler.connections.clone());
        let act = Arc::new(act);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                connections.fetch_add(1, Ordering::Relaxed);
                let (act, requests) = (act.clone(), requests.clone());
                // Whoever goes away in between is gone.
                thread::spawn(move || serve(stream, &*act, &requests));
            }
        });
        handler
    }

    /// One that accepts everything.
    pub(crate) fn glad() -> Self {
        Self::new(|_, _| Act::Status(200))
    }

    /// What came so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no panic").clone()
    }

    /// The bodies of what came so far.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        self.requests().into_iter().map(|request| request.body).collect()
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn serve(
    stream: TcpStream,
    act: &(impl Fn(usize, &Request) -> Act + ?Sized),
    requests: &Mutex<Vec<Request>>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(request) = read(&mut reader)? {
        let nth = {
            let mut all = requests.lock().expect("no panic");
            all.push(request.clone());
            all.len() - 1
        };
        let mut seen = format!("seen {nth}\n");
        let status = match act(nth, &request) {
            Act::Status(status) => status,
            Act::Stall(time) => {
                thread::sleep(time);
                200
            }
            Act::Cut => return Ok(()),
            Act::Repeat => {
                seen = format!("{:?} to {}", request.headers, request.line);
                401
            }
            Act::Garble => return stream.write_all(b"220 smtp.example ready\r\n\r\n"),
        };
        let length = seen.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: {length}\r\n\r\n{seen}"
        );
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// The next request; `None` where there is none.
pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { line: line.trim_end().to_owned(), headers, body, at: Instant::now() }))
}
