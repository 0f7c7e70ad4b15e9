//! A syslog server (RFC 5424): over UDP, over TCP with counted octets (RFC 6587), or over a socket of this machine.

use std::io;
use std::path::PathBuf;

use chancery_ledger::{Note, checkpoint_line};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket, UnixDatagram, UnixStream};

use super::{Cosignature, Offer, Place};
use crate::PlaceError;

/// Facility 13 (log audit) and severity 5 (notice), RFC 5424, 6.2.1.
const PRIORITY: u8 = 13 * 8 + 5;
/// Bytes of a message over UDP: every receiver takes 2048 (RFC 5424, 6.1).
const DATAGRAM_BYTES_MAX: usize = 2048;

/// A syslog server.
pub(crate) struct Syslog {
    address: Address,
}

enum Address {
    Udp(String),
    Tcp(String),
    Unix(PathBuf),
}

impl Syslog {
    /// `udp:HOST:PORT`, `tcp:HOST:PORT` or `unix:PATH`.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let address = match text.split_once(':') {
            Some(("udp", address)) if has_port(address) => Address::Udp(address.to_owned()),
            Some(("tcp", address)) if has_port(address) => Address::Tcp(address.to_owned()),
            Some(("unix", path)) if path.starts_with('/') => Address::Unix(PathBuf::from(path)),
            _ => return Err(format!("must be `udp:HOST:PORT`, `tcp:HOST:PORT` or `unix:/PATH`, not `{text}`")),
        };
        Ok(Self { address })
    }

    async fn send(&self, message: &str) -> io::Result<()> {
        let framed = format!("{} {message}", message.len());
        match &self.address {
            Address::Udp(_) if message.len() > DATAGRAM_BYTES_MAX => {
                Err(io::Error::other("the checkpoint has too many cosignatures for UDP; use `tcp:`"))
            }
            Address::Udp(address) => {
                let peer = tokio::net::lookup_host(address).await?.next();
                let peer = peer.ok_or_else(|| io::Error::other("the host has no address"))?;
                let any = if peer.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(peer).await?;
                socket.send(message.as_bytes()).await.map(drop)
            }
            Address::Tcp(address) => {
                let mut stream = TcpStream::connect(address).await?;
                stream.write_all(framed.as_bytes()).await?;
                stream.shutdown().await
            }
            Address::Unix(path) => {
                let socket = UnixDatagram::unbound()?;
                if socket.connect(path).is_ok() {
                    return socket.send(message.as_bytes()).await.map(drop);
                }
                // Not a datagram socket: a stream takes what TCP takes.
                let mut stream = UnixStream::connect(path).await?;
                stream.write_all(framed.as_bytes()).await?;
                stream.shutdown().await
            }
        }
    }
}

fn has_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

/// The message: time, no host name, the program, and the checkpoint as a line that `audit verify --checkpoints` reads.
fn message(note: &Note, now_millis: u64) -> String {
    let now = i64::try_from(now_millis).ok().and_then(|now| jiff::Timestamp::from_millisecond(now).ok());
    let now = now.map_or_else(|| "-".to_owned(), |now| format!("{now:.3}"));
    format!("<{PRIORITY}>1 {now} - chancery - checkpoint - {}", checkpoint_line(note))
}

impl Place for Syslog {
    fn kind(&self) -> &'static str {
        "syslog"
    }

    fn keep<'a>(&'a self, offer: &'a Offer<'a>) -> BoxFuture<'a, Result<Option<Cosignature>, PlaceError>> {
        async move {
            let sent = self.send(&message(offer.note, offer.now_millis)).await;
            sent.map(|()| None).map_err(|error| PlaceError::Failed(error.to_string()))
        }
        .boxed()
    }

    fn read<'a>(&'a self, _origin: &'a str) -> BoxFuture<'a, Result<Option<Vec<Note>>, PlaceError>> {
        std::future::ready(Ok(None)).boxed()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_message_has_the_parts_of_the_standard() {
        let note = Note::new("a log\n1\nroot\n".to_owned());
        let expected = format!("<109>1 2026-01-05T09:00:00.000Z - chancery - checkpoint - {}", checkpoint_line(&note));
        assert_eq!(message(&note, 1_767_603_600_000), expected);
    }

    #[test]
    fn an_address_names_its_way_and_its_port() {
        for good in ["udp:127.0.0.1:514", "tcp:logs.example.com:6514", "udp:[::1]:514", "unix:/dev/log"] {
            assert!(Syslog::new(good).is_ok(), "{good}");
        }
        for bad in ["", "127.0.0.1:514", "udp:127.0.0.1", "udp::514", "tcp:host:99999", "unix:log", "unix:"] {
            assert!(Syslog::new(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn each_way_carries_the_whole_message() {
        let note = Note::new("a log\n1\nroot\n".to_owned());
        let message = message(&note, 0);
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let place = Syslog::new(&format!("udp:{}", udp.local_addr().unwrap())).unwrap();
        place.send(&message).await.unwrap();
        let mut bytes = [0; 2048];
        let length = udp.recv(&mut bytes).await.unwrap();
        assert_eq!(bytes.get(..length), Some(message.as_bytes()));

        let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = Syslog::new(&format!("tcp:{}", tcp.local_addr().unwrap())).unwrap();
        let receive = async {
            let mut text = String::new();
            let (mut stream, _) = tcp.accept().await.unwrap();
            tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut text).await.unwrap();
            text
        };
        let (sent, received) = futures::join!(place.send(&message), receive);
        sent.unwrap();
        assert_eq!(received, format!("{} {message}", message.len()));

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let unix = UnixDatagram::bind(&path).unwrap();
        let place = Syslog::new(&format!("unix:{}", path.display())).unwrap();
        place.send(&message).await.unwrap();
        let length = unix.recv(&mut bytes).await.unwrap();
        assert_eq!(bytes.get(..length), Some(message.as_bytes()));
        drop(unix);
        assert!(place.send(&message).await.is_err(), "nobody listens any more");
    }
}
