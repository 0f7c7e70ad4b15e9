//! What sealing an object costs beside the bare cipher, measured in turns in one run; prints a table in Markdown.
//!
//! Times are processor time of this thread: what others do on the machine does not count.

#![expect(clippy::unwrap_used, reason = "a measurement that fails says so and ends")]

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use chancery_vault::object::{HEADER_BYTES, SEGMENT_BYTES, TAG_BYTES};
use chancery_vault::{ObjectPurpose, SystemRandom, WorkspaceId, WorkspaceKey, WorkspaceKeys};
use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

/// Rounds, each with every way once: the middle one counts, so that a busy machine disturbs all alike.
const ROUNDS: usize = 31;
/// Bytes that each way works through in one round: a tenth of a second or less.
const ROUND_BYTES: usize = 64 * 1024 * 1024;
const SIZES: [(&str, usize); 3] = [("20 kB", 20_000), ("1 MB", 1_000_000), ("64 MB", 64_000_000)];

fn main() {
    let key = WorkspaceKey::generate(&SystemRandom).unwrap();
    let keys = WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(1))).unwrap();
    let bare = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
    println!("| object | sealing, GB/s | of the bare cipher | opening, GB/s | of the bare cipher | sealing one, µs |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (name, size) in SIZES {
        let plaintext: Vec<u8> = (0..size).map(|index| u8::try_from(index % 251).unwrap()).collect();
        let times = (ROUND_BYTES / size).max(1);
        let id = Uuid::from_u128(2);
        let sealed = keys.seal_object(&SystemRandom, ObjectPurpose::Document, id, &plaintext).unwrap();
        let (mut seal, mut open, mut bare_seal, mut bare_open) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            seal.push(seconds(times, || {
                black_box(keys.seal_object(&SystemRandom, ObjectPurpose::Document, id, &plaintext).unwrap().bytes);
            }));
            let mut segments = segments_of(&plaintext);
            bare_seal.push(seconds(times, || seal_bare(&bare, &mut segments)));
            open.push(seconds(times, || {
                let length = u64::try_from(sealed.bytes.len()).unwrap();
                let header = sealed.bytes.get(..HEADER_BYTES).unwrap();
                let reader =
                    keys.object_reader(ObjectPurpose::Document, id, &sealed.wrapped_key, header, length).unwrap();
                let mut segment = Vec::with_capacity(SEGMENT_BYTES + TAG_BYTES);
                for index in 0..reader.segment_count() {
                    let range = reader.sealed_range(index).unwrap();
                    let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
                    segment.clear();
                    reader.open_segment_onto(index, sealed.bytes.get(range).unwrap(), &mut segment).unwrap();
                    black_box(&segment);
                }
            }));
            // Decrypting costs what encrypting costs in GCM; the check of the tag is part of both.
            bare_open.push(seconds(times, || seal_bare(&bare, &mut segments)));
        }
        let bytes = f64::from(u32::try_from(size * times).unwrap());
        let (seal, open) = (middle(seal), middle(open));
        let (bare_seal, bare_open) = (middle(bare_seal), middle(bare_open));
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} |",
            bytes / seal / 1e9,
            bare_seal / seal,
            bytes / open / 1e9,
            bare_open / open,
            seal / f64::from(u32::try_from(times).unwrap()) * 1e6
        );
    }
}

fn segments_of(plaintext: &[u8]) -> Vec<Vec<u8>> {
    plaintext.chunks(SEGMENT_BYTES).map(<[u8]>::to_vec).collect()
}

/// The bare cipher: the same segments in place, with one key that is ready, without header, key, copy or random numbers.
fn seal_bare(key: &LessSafeKey, segments: &mut [Vec<u8>]) {
    for segment in segments {
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        let _tag = black_box(key.seal_in_place_separate_tag(nonce, Aad::empty(), segment).unwrap());
    }
}

fn seconds(times: usize, mut work: impl FnMut()) -> f64 {
    let begun = processor_seconds();
    for _ in 0..times {
        work();
    }
    processor_seconds() - begun
}

fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    f64::from(u32::try_from(time.tv_sec).unwrap()) + f64::from(u32::try_from(time.tv_nsec).unwrap()) / 1e9
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap()
}
