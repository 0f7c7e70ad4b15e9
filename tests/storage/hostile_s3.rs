//! Objects on a real S3 server that misbehaves: cut connections, silence, versions, locks, encryption that is refused.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chancery_store::{ObjectName, Objects, S3Config, ServerSideEncryption, StoreError};
use chancery_tests::S3Server;
use chancery_vault::{DocumentId, ObjectPurpose, SystemRandom, Timestamp, WorkspaceId, WorkspaceKey, WorkspaceKeys};
use futures::TryStreamExt as _;

/// Time for one request, as this test has it.
const TIMEOUT: Duration = Duration::from_secs(3);
/// An object that goes in three parts.
const LARGE_BYTES: usize = 20 * 1024 * 1024;
/// 32 bytes in base64.
const CUSTOMER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

fn config(endpoint: &str, bucket: &str) -> S3Config {
    S3Config {
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        bucket: bucket.to_owned(),
        prefix: "sealed files".to_owned(),
        access_key_id: S3Server::ACCESS_KEY_ID.to_owned(),
        secret_access_key: S3Server::SECRET_KEY.to_owned(),
        server_side_encryption: ServerSideEncryption::None,
        request_timeout: TIMEOUT,
    }
}

fn open(endpoint: &str, bucket: &str) -> Objects {
    Objects::s3(&config(endpoint, bucket)).unwrap()
}

fn name() -> ObjectName {
    ObjectName::generate(&SystemRandom).unwrap()
}

fn large() -> Bytes {
    (0..LARGE_BYTES).map(|index| (index % 251) as u8).collect::<Vec<u8>>().into()
}

/// Stands between us and the server: lets so many bytes pass in each direction of each connection, then cuts it.
struct Cutter {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Cutter {
    fn start(server: &str, up_bytes: u64, down_bytes: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server: SocketAddr = server.strip_prefix("http://").unwrap().parse().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(inner) = TcpStream::connect(server) else { return };
                for (from, to, limit) in [
                    (stream.try_clone(), inner.try_clone(), up_bytes),
                    (inner.try_clone(), stream.try_clone(), down_bytes),
                ] {
                    let (Ok(from), Ok(to)) = (from, to) else { return };
                    std::thread::spawn(move || pass(from, to, limit));
                }
            }
        });
        Self { address, is_over, accepting: Some(accepting) }
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the one that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, limit: u64) {
    let mut left = limit;
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        let passed = (count as u64).min(left);
        if count == 0 || passed == 0 || to.write_all(&buffer[..passed as usize]).is_err() {
            break;
        }
        left -= passed;
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

async fn count(objects: &Objects) -> usize {
    objects.list().try_collect::<Vec<_>>().await.unwrap().len()
}

#[test]
fn large_objects_go_in_parts_and_a_connection_that_is_cut_is_an_error_and_never_half_an_object() {
    let server = S3Server::shared();
    server.make_bucket("parts");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let objects = open(&server.endpoint(), "parts");
        let (name, bytes) = (name(), large());
        objects.put(&name, bytes.clone()).await.unwrap();
        let length = LARGE_BYTES as u64;
        assert_eq!(objects.length_bytes(&name).await.unwrap(), length);
        assert_eq!(objects.get(&name).await.unwrap(), bytes);
        let middle = 8 * 1024 * 1024 - 5..8 * 1024 * 1024 + 5;
        let part = objects.get_part(&name, middle.clone(), length).await.unwrap();
        assert_eq!(part, bytes.slice(middle.start as usize..middle.end as usize));
        for (range, stated) in [(0..10, length + 1), (0..10, length - 1), (length..length + 10, length + 10)] {
            let refused = objects.get_part(&name, range, stated).await;
            assert!(matches!(refused, Err(StoreError::ObjectCut)), "{refused:?}");
        }
        assert!(matches!(objects.get_part(&super::hostile_s3::name(), 0..1, 1).await, Err(StoreError::ObjectMissing)));
        let pages = server.keys("parts");
        assert!(pages.len() == 1 && server.head("parts", &pages[0]).to_lowercase().contains("-3\""), "three parts");

        // In mid-upload: nothing is there, and nothing is left open.
        let cutter = Cutter::start(&server.endpoint(), 1024 * 1024, u64::MAX);
        let through = open(&cutter.endpoint(), "parts");
        let cut = super::hostile_s3::name();
        assert!(through.put(&cut, bytes.clone()).await.is_err());
        assert!(matches!(objects.get(&cut).await, Err(StoreError::ObjectMissing)));
        assert_eq!(count(&objects).await, 1);
        let far = Timestamp::from_millis(9_000_000_000_000);
        assert_eq!(objects.open_uploads(far).await.unwrap(), []);

        // In mid-download: an error, or everything after another try; never less.
        let cutter = Cutter::start(&server.endpoint(), u64::MAX, 3 * 1024 * 1024);
        let read = open(&cutter.endpoint(), "parts").get(&name).await;
        assert!(read.is_err() || read.unwrap() == bytes);

        // An upload that nobody ended is found, once it is old enough, and ended.
        server.begin_upload("parts", "sealed%20files/aa/left-open");
        assert_eq!(objects.open_uploads(Timestamp::from_millis(1_000)).await.unwrap(), [], "it is younger");
        let open = objects.open_uploads(far).await.unwrap();
        assert_eq!(open.len(), 1, "{open:?}");
        objects.abort_upload(&open[0]).await.unwrap();
        assert_eq!(objects.open_uploads(far).await.unwrap(), []);
    });
}

#[test]
fn a_server_that_is_silent_away_or_does_not_know_us_is_an_error_in_time() {
    let server = S3Server::shared();
    server.make_bucket("known");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", silent.local_addr().unwrap());
        let begun = Instant::now();
        let refused = open(&endpoint, "known").put(&name(), Bytes::from_static(b"x")).await;
        assert!(matches!(refused, Err(StoreError::ObjectStore { .. })), "{refused:?}");
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
        drop(silent);
        let begun = Instant::now();
        assert!(open(&endpoint, "known").put(&name(), Bytes::from_static(b"x")).await.is_err());
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());

        for (change, code) in [
            (
                S3Config { access_key_id: "nobody".to_owned(), ..config(&server.endpoint(), "known") },
                "InvalidAccessKeyId",
            ),
            (
                S3Config { secret_access_key: "wrong".to_owned(), ..config(&server.endpoint(), "known") },
                "SignatureDoesNotMatch",
            ),
            (config(&server.endpoint(), "nowhere"), "NoSuchBucket"),
        ] {
            let objects = Objects::s3(&change).unwrap();
            let refused = objects.put(&name(), Bytes::from_static(b"x")).await.unwrap_err();
            let said = format!("{refused:?}");
            assert!(said.contains(code), "{said}");
            assert!(!said.contains(S3Server::SECRET_KEY), "{said}");
            assert!(objects.open_uploads(Timestamp::from_millis(0)).await.is_err());
        }
    });
}

#[test]
fn deleting_leaves_no_version_behind_and_a_lock_is_said_and_not_passed_over() {
    let server = S3Server::shared();
    server.make_bucket("versions");
    server.keep_versions("versions");
    server.make_locked_bucket("locked");
    server.lock_for_a_day("locked");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let objects = open(&server.endpoint(), "versions");
        let (gone, stays) = (name(), name());
        for name in [&gone, &stays] {
            objects.put(name, Bytes::from_static(b"sealed")).await.unwrap();
        }
        assert_eq!(server.version_count("versions"), 2);
        objects.delete(&gone).await.unwrap();
        assert_eq!(server.version_count("versions"), 1, "neither the object nor a mark of it is left");
        assert_eq!(objects.get(&stays).await.unwrap(), "sealed");
        objects.delete(&gone).await.unwrap();

        let locked = open(&server.endpoint(), "locked");
        locked.put(&stays, Bytes::from_static(b"sealed")).await.unwrap();
        let kept = locked.delete(&stays).await;
        assert!(matches!(kept, Err(StoreError::ObjectKept)), "{kept:?}");
        assert!(kept.unwrap_err().to_string().contains("unreadable without their key"));
    });
}

#[test]
fn the_parts_of_a_sealed_object_arrive_as_one_whether_they_go_in_one_request_or_in_several() {
    let server = S3Server::shared();
    server.make_bucket("sealed");
    let moment = Timestamp::from_millis(1);
    let workspace = WorkspaceId::generate(moment, &SystemRandom).unwrap();
    let keys = WorkspaceKeys::new(&WorkspaceKey::generate(&SystemRandom).unwrap(), workspace).unwrap();
    let large = large();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let stores =
            [open(&server.endpoint(), "sealed"), Objects::folder(folder.path().join("objects")).await.unwrap()];
        for length in [0, 1, 65_536, 200_000, LARGE_BYTES] {
            let plaintext = large.slice(..length);
            for objects in &stores {
                let (name, id) = (name(), DocumentId::generate(moment, &SystemRandom).unwrap().uuid());
                let sealed = keys.seal_object(&SystemRandom, ObjectPurpose::Document, id, plaintext.to_vec()).unwrap();
                let whole = sealed.bytes.to_vec();
                objects.put(&name, sealed.bytes).await.unwrap();
                let stored = objects.get(&name).await.unwrap();
                assert!(stored == whole, "{length}");
                let opened = keys.open_object(ObjectPurpose::Document, id, &sealed.wrapped_key, &stored).unwrap();
                assert!(*opened == plaintext, "{length}");
            }
        }
    });
}

#[test]
fn the_servers_own_encryption_is_asked_for_besides_and_its_refusal_stores_nothing() {
    let server = S3Server::shared();
    server.make_bucket("encrypted");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let with = |server_side_encryption| {
            Objects::s3(&S3Config { server_side_encryption, ..config(&server.endpoint(), "encrypted") }).unwrap()
        };
        let customer = with(ServerSideEncryption::Customer(CUSTOMER_KEY.to_owned()));
        let (first, second) = (name(), name());
        customer.put(&first, Bytes::from_static(b"sealed twice")).await.unwrap();
        assert_eq!(customer.get(&first).await.unwrap(), "sealed twice");
        assert!(with(ServerSideEncryption::None).get(&first).await.is_err(), "the server forgot the key");
        customer.put(&second, large()).await.unwrap();
        assert_eq!(customer.get_part(&second, 0..4, LARGE_BYTES as u64).await.unwrap(), large().slice(0..4));

        let key_service = with(ServerSideEncryption::KeyService(S3Server::KMS_KEY_ID.to_owned()));
        let third = name();
        key_service.put(&third, Bytes::from_static(b"sealed twice")).await.unwrap();
        assert_eq!(with(ServerSideEncryption::None).get(&third).await.unwrap(), "sealed twice");
        let keys = server.keys("encrypted");
        let third_key = keys.iter().find(|key| key.ends_with(&third.as_str()[2..])).unwrap();
        assert!(server.head("encrypted", third_key).to_lowercase().contains("x-amz-server-side-encryption: aws:kms"));

        // A key that the key service does not have.
        let before = server.keys("encrypted").len();
        let unknown = with(ServerSideEncryption::KeyService("no such key".to_owned()));
        let refused = unknown.put(&name(), Bytes::from_static(b"x")).await;
        assert!(matches!(refused, Err(StoreError::ObjectStore { .. })), "{refused:?}");
        assert_eq!(server.keys("encrypted").len(), before, "nothing is stored without what was asked for");
    });
}
