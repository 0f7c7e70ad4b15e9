//! A witness over HTTP: it cosigns what continues, and refuses everything else.

use std::net::SocketAddr;
use std::path::Path;

use chancery_ledger::{AddCheckpoint, Note, PublicKey};
use chancery_witness::{
    Configured, PlaceError, WitnessServer, WitnessState, generate_witness_key, read_places, read_witness_key,
};

use crate::ledger::{Ledger, ORIGIN, key, next_key};

/// A witness that listens until it is dropped.
struct Watching {
    address: SocketAddr,
    public: PublicKey,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<tokio::task::JoinHandle<()>>,
}

impl Watching {
    /// Starts a witness with key and state in a folder.
    async fn start(folder: &Path) -> Self {
        let state = open(folder).unwrap();
        let public = state.public_key().clone();
        let server = WitnessServer::bind("127.0.0.1:0".parse().unwrap(), state).await.unwrap();
        let address = server.address();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(server.run(async { drop(stopped.await) }));
        Self { address, public, stop: Some(stop), server: Some(server) }
    }

    async fn stop(mut self) {
        drop(self.stop.take());
        self.server.take().unwrap().await.unwrap();
    }

    /// The witness as a place.
    fn place(&self, folder: &Path) -> Configured {
        std::fs::write(folder.join("witness.pub"), self.public.to_text()).unwrap();
        let list = format!(
            "[[place]]\nname = \"w\"\nwitness = {{ url = \"http://{}\", key_file = \"{}\" }}\n",
            self.address,
            folder.join("witness.pub").display()
        );
        std::fs::write(folder.join("places.toml"), list).unwrap();
        read_places(&folder.join("places.toml")).unwrap().pop().unwrap()
    }
}

fn open(folder: &Path) -> Result<WitnessState, chancery_witness::WitnessError> {
    let path = folder.join("witness.key");
    if !path.exists() {
        generate_witness_key(&path, "witness.example/1").unwrap();
    }
    WitnessState::open(&folder.join("state"), read_witness_key(&path).unwrap(), vec![key().public().clone()])
}

async fn keep(place: &Configured, ledger: &Ledger, note: &Note, kept: u64) -> Result<u64, PlaceError> {
    let cosignature = place.place.keep(&ledger.offer(note, kept)).await?.unwrap();
    let (_, seconds) = note.clone().adopt(&cosignature.key, &cosignature.lines).unwrap();
    Ok(seconds)
}

fn conflict(result: Result<u64, PlaceError>) -> String {
    match result {
        Err(PlaceError::Conflict(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_continues_is_cosigned_and_a_fork_or_a_roll_back_is_refused_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let watching = Watching::start(folder.path()).await;
    let place = watching.place(folder.path());
    let (small, large) = (Ledger::with(5), Ledger::with(12));
    assert!(keep(&place, &small, &small.note(), 0).await.unwrap() > 1_700_000_000);
    keep(&place, &large, &large.note(), 5).await.unwrap();
    // Whoever forgot what it sent is told by the witness.
    keep(&place, &large, &large.note(), 0).await.unwrap();

    watching.stop().await;
    let watching = Watching::start(folder.path()).await;
    let place = watching.place(folder.path());
    assert!(conflict(keep(&place, &small, &small.note(), 0).await).contains("has seen 12 entries, the ledger has 5"));
    let same_size = Ledger::forked(12, 7);
    assert!(conflict(keep(&place, &same_size, &same_size.note(), 12).await).contains("was forked"));
    let longer = Ledger::forked(20, 7);
    assert!(conflict(keep(&place, &longer, &longer.note(), 12).await).contains("was forked"));
    let seen = place.place.read(ORIGIN).await.unwrap().unwrap();
    assert_eq!(seen.iter().map(Note::text).collect::<Vec<_>>(), [large.note().text()]);
    assert!(seen.iter().all(|note| note.verify(&watching.public).is_ok()));
    assert!(place.place.read("another/log").await.unwrap().unwrap().is_empty());
}

#[tokio::test]
async fn a_new_key_of_the_log_is_followed_and_the_old_one_is_refused_then() {
    let folder = tempfile::tempdir().unwrap();
    let watching = Watching::start(folder.path()).await;
    let place = watching.place(folder.path());
    let (before, change, after) = (Ledger::with(3), Ledger::with(6), Ledger::with(9));
    keep(&place, &before, &before.note(), 0).await.unwrap();
    let by_next = after.checkpoint().sign(&next_key()).unwrap();
    let refused = keep(&place, &after, &by_next, 3).await.unwrap_err().to_string();
    assert!(refused.contains("403"), "{refused}");
    keep(&place, &change, &change.handover(), 3).await.unwrap();
    let refused = keep(&place, &after, &after.note(), 6).await.unwrap_err().to_string();
    assert!(refused.contains("403"), "the old key is worth nothing now: {refused}");
    watching.stop().await;
    let watching = Watching::start(folder.path()).await;
    keep(&watching.place(folder.path()), &after, &by_next, 6).await.unwrap();
}

#[tokio::test]
async fn requests_that_are_no_checkpoints_get_the_status_of_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let watching = Watching::start(folder.path()).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = async |body: String| {
        let url = format!("http://{}/add-checkpoint", watching.address);
        let answer = client.post(url).body(body).send().await.unwrap();
        let content_type = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
        (answer.status().as_u16(), content_type, answer.text().await.unwrap())
    };
    let ledger = Ledger::with(5);
    let request = |old, proof, note: &Note| AddCheckpoint { old, proof, note: note.clone() }.to_text();
    let good = ledger.note();
    for garbage in ["", "old 0\n", "old 00\n\n", &format!("old 0\nx\n\n{}", good.to_text()), &"x".repeat(60_000)] {
        assert_eq!(post((*garbage).to_owned()).await.0, 400, "{garbage:.20}");
    }
    assert_eq!(post(request(9, Vec::new(), &good)).await.0, 400, "an old size beyond the checkpoint");
    let stranger = chancery_ledger::SigningKey::log(ORIGIN, &[9; 32]).unwrap();
    assert_eq!(post(request(0, Vec::new(), &ledger.checkpoint().sign(&stranger).unwrap())).await.0, 403);
    let unknown = chancery_ledger::SigningKey::log("another/log", &[1; 32]).unwrap();
    let mut checkpoint = ledger.checkpoint();
    checkpoint.origin = "another/log".to_owned();
    assert_eq!(post(request(0, Vec::new(), &checkpoint.sign(&unknown).unwrap())).await.0, 404);
    let (status, content_type, body) = post(request(3, ledger.proof(3), &good)).await;
    assert_eq!((status, content_type.as_str(), body.as_str()), (409, "text/x.tlog.size", "0\n"));
    assert_eq!(post(request(0, vec![chancery_ledger::leaf_hash(b"x")], &good)).await.0, 422);
    assert_eq!(post(request(0, Vec::new(), &good)).await.0, 200);
    let longer = Ledger::with(8);
    assert_eq!(post(request(5, ledger.proof(3), &longer.note())).await.0, 422);
    assert_eq!(post("x".repeat(200_000)).await.0, 413);
    assert_eq!(client.get(format!("http://{}/nowhere", watching.address)).send().await.unwrap().status().as_u16(), 404);
}

#[tokio::test]
async fn a_state_that_was_changed_or_that_another_witness_holds_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let watching = Watching::start(folder.path()).await;
    let ledger = Ledger::with(5);
    keep(&watching.place(folder.path()), &ledger, &ledger.note(), 0).await.unwrap();
    let refused = open(folder.path()).err().unwrap().to_string();
    assert!(refused.contains("another witness works with it"), "{refused}");
    watching.stop().await;
    let text = std::fs::read_to_string(folder.path().join("state")).unwrap();
    let other = Ledger::forked(5, 2).note();
    let forged =
        format!("chancery-witness/1\n{} {}\n", key().public().to_text(), chancery_ledger::checkpoint_line(&other));
    for damaged in ["", "chancery-witness/1\nx\n", &text.replacen("checkpoint ", "checkpoint A", 1), &forged] {
        std::fs::write(folder.path().join("state"), damaged).unwrap();
        assert!(open(folder.path()).is_err(), "{damaged}");
    }
    std::fs::write(folder.path().join("state"), text).unwrap();
    open(folder.path()).unwrap();
}

#[tokio::test]
async fn a_witness_that_answers_with_anothers_cosignature_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let mut watching = Watching::start(folder.path()).await;
    watching.public = chancery_ledger::SigningKey::witness("witness.example/1", &[7; 32]).unwrap().public().clone();
    let ledger = Ledger::with(5);
    let place = watching.place(folder.path());
    let note = ledger.note();
    let refused = place.place.keep(&ledger.offer(&note, 0)).await.unwrap_err().to_string();
    assert!(refused.contains("bears no signature of `witness.example/1`"), "{refused}");
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused_without_tls() {
    let folder = tempfile::tempdir().unwrap();
    let bound = WitnessServer::bind("0.0.0.0:0".parse().unwrap(), open(folder.path()).unwrap()).await;
    assert!(bound.err().unwrap().to_string().contains("TLS"));
}
