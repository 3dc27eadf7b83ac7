//! Somebody at the other end of a connection who is no AWS: silent, slow, gone too early; or a proxy that writes down where
//! it is asked to go. It stops taking connections when dropped; one that is open ends with its client.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const UNBROKEN: &str = "nobody panics with it";

/// How a peer behaves once it has read what a request begins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    /// Says nothing.
    Silent,
    /// Sends a byte every tenth of a second: the head of an answer first, then its body, both without end.
    Dribble { head: bool },
    /// Resets the connection, after this much of an answer.
    Reset(&'static str),
    /// Says this and closes.
    Say(&'static str),
    /// Opens a tunnel to this address, wherever it was asked to go.
    Tunnel(SocketAddr),
    /// Hands what it reads on to this address, and the answer back.
    Pass(SocketAddr),
}

/// A peer on a loopback port.
#[derive(Debug)]
pub(super) struct Peer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    /// Nothing once it is over.
    manner: Arc<Mutex<Option<Manner>>>,
}

impl Peer {
    /// Starts one on a free port.
    pub(super) fn start(manner: Manner) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let peer = Peer {
            address,
            seen: Arc::default(),
            manner: Arc::new(Mutex::new(Some(manner))),
        };
        let (seen, manner) = (Arc::clone(&peer.seen), Arc::clone(&peer.manner));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(manner) = *manner.lock().expect(UNBROKEN) else {
                    return;
                };
                let seen = Arc::clone(&seen);
                // An error is a client that went away.
                thread::spawn(move || stream.and_then(|stream| converse(stream, manner, &seen)));
            }
        });
        peer
    }

    /// Behaves in another manner from now on.
    pub(super) fn turn(&self, manner: Manner) {
        *self.manner.lock().expect(UNBROKEN) = Some(manner);
    }

    /// `http://127.0.0.1:PORT`
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first line of each connection so far.
    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect(UNBROKEN).clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        *self.manner.lock().expect(UNBROKEN) = None;
        // The loop looks up once a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn converse(
    mut stream: TcpStream,
    manner: Manner,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    let head = head(&mut stream)?;
    let line = head.lines().next().unwrap_or_default().to_owned();
    seen.lock().expect(UNBROKEN).push(line);
    match manner {
        Manner::Silent => stream.read_to_end(&mut Vec::new()).map(drop),
        Manner::Dribble { head } => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ndate: ")?;
            if !head {
                stream.write_all(b"x\r\ncontent-type: text/xml\r\n\r\n<AssumeRoleResponse>")?;
            }
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(100));
            }
        }
        Manner::Reset(said) => {
            stream.write_all(said.as_bytes())?;
            // What was not read when a socket is closed makes a reset of the end.
            Ok(())
        }
        Manner::Say(said) => stream.write_all(said.as_bytes()),
        Manner::Tunnel(to) => {
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            relay(stream, TcpStream::connect(to)?)
        }
        Manner::Pass(to) => {
            let mut server = TcpStream::connect(to)?;
            server.write_all(head.as_bytes())?;
            relay(stream, server)
        }
    }
}

/// Up to the end of the head of a request; of what is not HTTP, what came first. The rest stays unread.
fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        bytes.push(byte[0]);
        if bytes == [22] {
            break; // a handshake of TLS
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn relay(mut client: TcpStream, mut server: TcpStream) -> std::io::Result<()> {
    let (mut up, mut down) = (client.try_clone()?, server.try_clone()?);
    let upward = thread::spawn(move || {
        // Either end may go first.
        let _ = std::io::copy(&mut up, &mut server);
        let _ = server.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut down, &mut client);
    let _ = client.shutdown(Shutdown::Both);
    drop(upward.join());
    Ok(())
}
