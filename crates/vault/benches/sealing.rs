//! What sealing and opening an object cost beside the bare cipher, measured in turns in one run; prints a table in Markdown.
//!
//! Times are processor time of this thread: what others do on the machine does not count. Before each batch every way gets
//! fresh copies of its input, made outside of the measured time, so that all find their memory equally warm. All work in
//! place, on the same segments of 64 KiB, and with the allocator of the command.

#![expect(clippy::unwrap_used, reason = "a measurement that fails says so and ends")]
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use chancery_vault::object::{HEADER_BYTES, SEGMENT_BYTES, TAG_BYTES};
use chancery_vault::{ObjectPurpose, Random as _, SystemRandom, WorkspaceId, WorkspaceKey, WorkspaceKeys};
use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds, each with every way once: the middle one counts, so that a busy machine disturbs all alike.
const ROUNDS: usize = 201;
/// Bytes that each way works through in one round, at least one object: less than a millisecond.
const ROUND_BYTES: usize = 4_000_000;
/// Bytes whose copies stay in the cache of a core while a batch of them is worked through.
const BATCH_BYTES: usize = 256 * 1024;
/// Batches in one round: enough for the smallest inputs, of which a batch has thousands.
const BATCHES_MAX: usize = 64;
const SIZES: [(&str, usize); 4] = [("20 kB", 20_000), ("40 kB", 40_000), ("1 MB", 1_000_000), ("64 MB", 64_000_000)];
const ID: Uuid = Uuid::from_u128(2);

fn main() {
    println!(
        "| object | sealing, GB/s | of the bare cipher | with a new key | opening, GB/s | of the bare cipher | with a new key | \
         sealing one, µs | opening one, µs |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (name, size) in SIZES {
        let [seal, bare_seal, keyed_seal, open, bare_open, keyed_open] = measure(size);
        let gigabytes = f64::from(u32::try_from(size).unwrap()) / 1e9;
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            gigabytes / seal,
            bare_seal / seal,
            keyed_seal / seal,
            gigabytes / open,
            bare_open / open,
            keyed_open / open,
            seal * 1e6,
            open * 1e6,
        );
    }
    let [drawing, key, wrapping] = measure_key_work();
    println!();
    println!("What an object costs beyond its bytes is the same for all sizes. Of aws-lc alone, sealing needs:");
    println!("{drawing:.2} µs to draw 71 random bytes (key, ids, nonces) in one call;");
    println!("twice {key:.2} µs to make a key ready, one for the object and one for its wrap;");
    println!("{wrapping:.2} µs for the wrap itself. Opening needs the same without the drawing.");
}

/// Seconds for one object: sealing by us, by the bare cipher, by the bare cipher with a new key; opening likewise.
fn measure(size: usize) -> [f64; 6] {
    let key = WorkspaceKey::generate(&SystemRandom).unwrap();
    let keys = WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(1))).unwrap();
    let bare = bare_key(&[7; 32]);
    let plaintext: Vec<u8> = (0..=250).cycle().take(size).collect();
    let sealed = keys.seal_object(&SystemRandom, ObjectPurpose::Document, ID, plaintext.clone()).unwrap();
    let (wrapped_key, sealed) = (sealed.wrapped_key, sealed.bytes.to_vec());
    let bare_sealed = seal_bare(&bare, plaintext.clone());
    let mut times: [Vec<f64>; 6] = Default::default();
    for _ in 0..ROUNDS {
        let round = [
            seconds(&plaintext, |plaintext| {
                let object = keys.seal_object(&SystemRandom, ObjectPurpose::Document, ID, plaintext).unwrap();
                (object.bytes.into_parts(), object.wrapped_key)
            }),
            seconds(&plaintext, |plaintext| seal_bare_in_place(&bare, plaintext)),
            seconds(&plaintext, |plaintext| {
                let mut drawn = [0; 32];
                SystemRandom.fill(&mut drawn).unwrap();
                seal_bare_in_place(&bare_key(&drawn), plaintext)
            }),
            seconds(&sealed, |mut sealed| {
                let length = u64::try_from(sealed.len()).unwrap();
                let (header, body) = sealed.split_at_mut(HEADER_BYTES);
                let reader = keys.object_reader(ObjectPurpose::Document, ID, &wrapped_key, header, length).unwrap();
                for (index, segment) in (0..).zip(body.chunks_mut(SEGMENT_BYTES + TAG_BYTES)) {
                    reader.open_segment(index, segment).unwrap();
                }
                sealed
            }),
            seconds(&bare_sealed, |sealed| open_bare(&bare, sealed)),
            seconds(&bare_sealed, |sealed| open_bare(&bare_key(&black_box([7; 32])), sealed)),
        ];
        for (times, time) in times.iter_mut().zip(round) {
            times.push(time);
        }
    }
    times.map(middle)
}

/// Microseconds for drawing what one object needs, for making one key ready, and for encrypting 32 bytes with it.
fn measure_key_work() -> [f64; 3] {
    let bare = bare_key(&[7; 32]);
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        let round = [
            seconds(&[0; 71], |mut bytes| {
                SystemRandom.fill(&mut bytes).unwrap();
                bytes
            }),
            seconds(&[7; 32], |key| drop(black_box(bare_key(key.as_slice().try_into().unwrap())))),
            seconds(&[7; 32], |key| seal_bare_in_place(&bare, key)),
        ];
        for (times, time) in times.iter_mut().zip(round) {
            times.push(time);
        }
    }
    times.map(|times| middle(times) * 1e6)
}

fn bare_key(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap())
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

/// The bare cipher: without header, associated data, wrapped key or random numbers.
fn seal_bare_in_place(key: &LessSafeKey, mut plaintext: Vec<u8>) -> Vec<u8> {
    for segment in plaintext.chunks_mut(SEGMENT_BYTES) {
        black_box(key.seal_in_place_separate_tag(nonce(), Aad::empty(), segment).unwrap().as_ref());
    }
    plaintext
}

/// Segments with their tags, as `open_bare` takes them.
fn seal_bare(key: &LessSafeKey, plaintext: Vec<u8>) -> Vec<u8> {
    let seal = |segment: &[u8]| {
        let mut sealed = segment.to_vec();
        key.seal_in_place_append_tag(nonce(), Aad::empty(), &mut sealed).unwrap();
        sealed
    };
    plaintext.chunks(SEGMENT_BYTES).flat_map(seal).collect()
}

fn open_bare(key: &LessSafeKey, mut sealed: Vec<u8>) -> Vec<u8> {
    for segment in sealed.chunks_mut(SEGMENT_BYTES + TAG_BYTES) {
        black_box(key.open_in_place(nonce(), Aad::empty(), segment).unwrap());
    }
    sealed
}

/// Seconds that `work` takes for one copy of `input`; copying, and dropping what it gives, are not counted.
fn seconds<T>(input: &[u8], mut work: impl FnMut(Vec<u8>) -> T) -> f64 {
    let batch = (BATCH_BYTES / input.len()).max(1);
    let batches = (ROUND_BYTES / input.len() / batch).clamp(1, BATCHES_MAX);
    let mut total = 0.0;
    for _ in 0..batches {
        let inputs: Vec<Vec<u8>> = (0..batch).map(|_| input.to_vec()).collect();
        let mut outputs = Vec::with_capacity(batch);
        let begun = processor_seconds();
        for input in inputs {
            outputs.push(black_box(work(input)));
        }
        total += processor_seconds() - begun;
        drop(outputs);
    }
    total / f64::from(u32::try_from(batch * batches).unwrap())
}

fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    f64::from(u32::try_from(time.tv_sec).unwrap()) + f64::from(u32::try_from(time.tv_nsec).unwrap()) / 1e9
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap()
}
