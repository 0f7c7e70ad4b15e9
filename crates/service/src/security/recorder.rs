//! Collects incidents without delaying whoever saw them; an attacker cannot make it write without bound.
//!
//! For each kind and source, so many are written in a window. Those beyond are counted, and the next event, or the one
//! that closes the window, stands for them: the counts of all events together are all that happened.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chancery_vault::{Timestamp, WorkspaceId};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Incident, IncidentKind};

/// Length of a window: long enough that a flood is a few rows an hour, short enough that a count is still news.
const WINDOW_MS: u64 = 60_000;
/// Events of one kind and source in one window: enough to see a pattern, 14,400 rows a day at the very most.
const EVENTS_PER_WINDOW_MAX: u64 = 10;
/// Sources counted at once, some hundred bytes each; more share one counter for each kind.
const SOURCES_MAX: usize = 10_000;
/// Events that wait to be written; what the database does not take meanwhile is counted instead.
const WAITING_MAX: usize = 1_000;

/// Whom occurrences are counted for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Source {
    kind: IncidentKind,
    workspace: Option<WorkspaceId>,
    actor: Option<Uuid>,
    address: Option<IpAddr>,
}

struct Counter {
    since: Timestamp,
    seen: u64,
    written: u64,
    /// Seen since the last event.
    untold: u64,
    last: Incident,
}

/// An event to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) incident: Incident,
    pub(super) at: Timestamp,
    /// Occurrences that it stands for.
    pub(super) count: u64,
}

#[derive(Default)]
struct State {
    counters: HashMap<Source, Counter>,
    waiting: VecDeque<Waiting>,
}

/// Where incidents go.
#[derive(Default)]
pub(crate) struct Recorder {
    state: Mutex<State>,
    pub(super) news: Notify,
}

impl Recorder {
    /// Notes an incident; takes a lock for some hundred nanoseconds.
    pub(crate) fn note(&self, incident: Incident, now: Timestamp) {
        let written = self.locked().note(incident, now);
        if written {
            self.news.notify_one();
        }
    }

    /// Takes everything that is to be written now; with `is_end`, also the counts of windows that are still open.
    pub(super) fn take(&self, now: Timestamp, is_end: bool) -> Vec<Waiting> {
        self.locked().take(now, is_end)
    }

    /// Gives back what could not be written; while so much waits, nothing more is taken in.
    pub(super) fn put_back(&self, events: Vec<Waiting>) {
        let mut state = self.locked();
        for event in events.into_iter().rev() {
            state.waiting.push_front(event);
        }
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn source_of(incident: &Incident) -> Source {
    Source { kind: incident.kind, workspace: incident.workspace, actor: incident.actor.id(), address: incident.source }
}

impl State {
    fn note(&mut self, incident: Incident, now: Timestamp) -> bool {
        let mut source = source_of(&incident);
        if self.counters.len() >= SOURCES_MAX && !self.counters.contains_key(&source) {
            source = Source { workspace: None, actor: None, address: None, ..source };
        }
        if let Some(counter) = self.counters.get(&source)
            && now >= counter.since.plus_millis(WINDOW_MS)
            && self.waiting.len() < WAITING_MAX
            && let Some(counter) = self.counters.remove(&source)
        {
            close(&mut self.waiting, &counter, now);
        }
        let counter = self.counters.entry(source).or_insert(Counter {
            since: now,
            seen: 0,
            written: 0,
            untold: 0,
            last: incident,
        });
        counter.seen = counter.seen.saturating_add(1);
        counter.untold = counter.untold.saturating_add(1);
        counter.last = incident;
        let is_event = counter.seen >= incident.kind.threshold() && counter.written < EVENTS_PER_WINDOW_MAX;
        if !is_event || self.waiting.len() >= WAITING_MAX {
            return false;
        }
        let count = std::mem::take(&mut counter.untold);
        counter.written += 1;
        self.waiting.push_back(Waiting { incident, at: now, count });
        true
    }

    fn take(&mut self, now: Timestamp, is_end: bool) -> Vec<Waiting> {
        let waiting = &mut self.waiting;
        self.counters.retain(|_, counter| {
            // A window that cannot be closed for want of room goes on counting.
            let is_open = !is_end && (now < counter.since.plus_millis(WINDOW_MS) || waiting.len() >= WAITING_MAX);
            if !is_open {
                close(waiting, counter, now);
            }
            is_open
        });
        self.waiting.drain(..).collect()
    }
}

/// Ends a window: what was not told yet becomes one more event, unless there never were enough to be one.
fn close(waiting: &mut VecDeque<Waiting>, counter: &Counter, now: Timestamp) {
    if counter.untold > 0 && counter.seen >= counter.last.kind.threshold() {
        waiting.push_back(Waiting { incident: counter.last, at: now, count: counter.untold });
    }
}

#[cfg(test)]
mod tests {
    use chancery_store::{Actor, ApiKeyId};

    use super::super::Place;
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn incident(kind: IncidentKind, actor: u128) -> Incident {
        let incident = Incident::new(kind, None, Place::thing("link"), "a reason");
        Incident { actor: Actor::ApiKey(ApiKeyId::from_uuid(Uuid::from_u128(actor))), ..incident }
    }

    fn counts(events: &[Waiting]) -> Vec<u64> {
        events.iter().map(|event| event.count).collect()
    }

    #[test]
    fn a_flood_is_a_few_events_whose_counts_are_all_that_happened() {
        let recorder = Recorder::default();
        for _ in 0..1_000_000 {
            recorder.note(incident(IncidentKind::LinkRefused, 1), NOW);
        }
        let during = recorder.take(NOW, false);
        assert_eq!(counts(&during), [1; 10]);
        let after = recorder.take(NOW.plus_millis(WINDOW_MS), false);
        assert_eq!(counts(&after), [999_990]);
        assert_eq!(recorder.take(NOW.plus_millis(2 * WINDOW_MS), true), Vec::new());
    }

    #[test]
    fn one_source_does_not_silence_another_and_the_end_tells_what_is_open() {
        let recorder = Recorder::default();
        for _ in 0..50 {
            recorder.note(incident(IncidentKind::LinkRefused, 1), NOW);
        }
        recorder.note(incident(IncidentKind::LinkRefused, 2), NOW);
        recorder.note(incident(IncidentKind::DataRefused, 1), NOW);
        let events = recorder.take(NOW, true);
        assert_eq!(events.len(), 13);
        assert_eq!(counts(&events).iter().sum::<u64>(), 52);
    }

    #[test]
    fn a_few_wrong_keys_are_no_event_and_many_are_one_with_their_count() {
        let recorder = Recorder::default();
        for _ in 0..9 {
            recorder.note(incident(IncidentKind::AuthenticationBurst, 1), NOW);
        }
        assert_eq!(recorder.take(NOW, false), Vec::new());
        recorder.note(incident(IncidentKind::AuthenticationBurst, 1), NOW);
        assert_eq!(counts(&recorder.take(NOW, false)), [10]);
        for _ in 0..3 {
            recorder.note(incident(IncidentKind::AuthenticationBurst, 2), NOW);
        }
        assert_eq!(recorder.take(NOW.plus_millis(WINDOW_MS), true), Vec::new());
    }

    #[test]
    fn memory_is_bounded_whoever_attacks() {
        let recorder = Recorder::default();
        for actor in 0..3 * u128::try_from(SOURCES_MAX).unwrap_or_default() {
            recorder.note(incident(IncidentKind::LinkRefused, actor), NOW);
        }
        assert!(recorder.locked().counters.len() <= SOURCES_MAX + 1);
        assert!(recorder.locked().waiting.len() <= WAITING_MAX);
        // Hours without a database.
        for hour in 1..4 {
            let now = NOW.plus_millis(hour * 3_600_000);
            let taken = recorder.take(now, false);
            assert!(taken.len() <= WAITING_MAX, "{}", taken.len());
            recorder.put_back(taken);
        }
        let all = recorder.take(NOW, true);
        let total: u64 = counts(&all).iter().sum();
        assert_eq!(total, 3 * u64::try_from(SOURCES_MAX).unwrap_or_default(), "none is lost");
    }

    #[test]
    fn what_could_not_be_written_waits_in_its_order() {
        let recorder = Recorder::default();
        for actor in 0..3 {
            recorder.note(incident(IncidentKind::LinkRefused, actor), NOW);
        }
        let events = recorder.take(NOW, false);
        recorder.put_back(events.clone());
        assert_eq!(recorder.take(NOW, false), events);
    }
}
