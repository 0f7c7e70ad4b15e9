//! A bounded queue between the callers, who never wait to get in, and the threads, who wait for work.
//!
//! Work goes to the thread that became idle last: its memory is still in the processor's caches. When work comes one at
//! a time, one thread does it all and the others sleep on.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

pub(super) struct Queue<T> {
    length_max: usize,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// Waits only while nobody is idle.
    items: VecDeque<T>,
    /// The seats of idle threads, the one that became idle last on top.
    idle: Vec<Arc<Seat<T>>>,
    closed: bool,
}

/// Where one thread waits.
pub(super) struct Seat<T> {
    handed: Mutex<Handed<T>>,
    changed: Condvar,
}

/// What a waiting thread finds at its seat.
enum Handed<T> {
    Nothing,
    Item(T),
    Closed,
}

/// What a thread finds when it comes for work.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    Item(T),
    /// Nothing: what comes is handed to its seat.
    Wait,
    Closed,
}

/// Why something was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
}

impl<T> Queue<T> {
    /// Makes a queue in which at most `length_max` items wait while all threads are busy.
    pub(super) fn new(length_max: usize) -> Self {
        let state = State { items: VecDeque::new(), idle: Vec::new(), closed: false };
        Self { length_max: length_max.max(1), state: Mutex::new(state) }
    }

    pub(super) fn push(&self, item: T) -> Result<(), Refused> {
        let mut state = locked(&self.state);
        if state.closed {
            return Err(Refused::Closed);
        }
        if let Some(seat) = state.idle.pop() {
            drop(state);
            seat.hand(Handed::Item(item));
            return Ok(());
        }
        if state.items.len() >= self.length_max {
            return Err(Refused::Full);
        }
        state.items.push_back(item);
        Ok(())
    }

    /// The next item, or an entry in the list of idle seats. A seat belongs to one thread.
    pub(super) fn next(&self, seat: &Arc<Seat<T>>) -> Next<T> {
        let mut state = locked(&self.state);
        if let Some(item) = state.items.pop_front() {
            return Next::Item(item);
        }
        if state.closed {
            return Next::Closed;
        }
        state.idle.push(Arc::clone(seat));
        Next::Wait
    }

    /// Takes no more items; those inside are still handed out.
    pub(super) fn close(&self) {
        let mut state = locked(&self.state);
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        for seat in idle {
            seat.hand(Handed::Closed);
        }
    }

    pub(super) fn len(&self) -> usize {
        locked(&self.state).items.len()
    }
}

impl<T> Seat<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { handed: Mutex::new(Handed::Nothing), changed: Condvar::new() })
    }

    fn hand(&self, handed: Handed<T>) {
        *locked(&self.handed) = handed;
        self.changed.notify_one();
    }

    /// Waits for what is handed to this seat; nothing when the queue is closed.
    pub(super) fn wait(&self) -> Option<T> {
        let mut handed = locked(&self.handed);
        loop {
            match std::mem::replace(&mut *handed, Handed::Nothing) {
                Handed::Item(item) => return Some(item),
                Handed::Closed => return None,
                Handed::Nothing => handed = self.changed.wait(handed).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::sync::mpsc;

    use super::*;

    fn pop<T>(queue: &Queue<T>, seat: &Arc<Seat<T>>) -> Option<T> {
        match queue.next(seat) {
            Next::Item(item) => Some(item),
            Next::Wait => seat.wait(),
            Next::Closed => None,
        }
    }

    #[test]
    fn a_full_queue_refuses_and_a_closed_one_still_hands_out_what_is_in_it() {
        let queue = Queue::new(2);
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push(2), Ok(()));
        assert_eq!(queue.push(3), Err(Refused::Full));
        queue.close();
        assert_eq!(queue.push(4), Err(Refused::Closed));
        let seat = Seat::new();
        assert_eq!((pop(&queue, &seat), pop(&queue, &seat), pop(&queue, &seat)), (Some(1), Some(2), None));
    }

    #[test]
    fn work_goes_to_the_thread_that_became_idle_last() {
        let queue = Arc::new(Queue::new(1));
        let (sender, receiver) = mpsc::channel();
        let wait = |name: &'static str| {
            let (queue, sender) = (Arc::clone(&queue), sender.clone());
            let idle = locked(&queue.state).idle.len();
            let thread = std::thread::spawn({
                let queue = Arc::clone(&queue);
                move || sender.send((name, pop(&queue, &Seat::new()))).unwrap()
            });
            while locked(&queue.state).idle.len() == idle {
                std::thread::yield_now();
            }
            thread
        };
        let threads = [wait("first"), wait("second")];
        queue.push(1).unwrap();
        assert_eq!(receiver.recv().unwrap(), ("second", Some(1)));
        queue.push(2).unwrap();
        assert_eq!(receiver.recv().unwrap(), ("first", Some(2)));
        for thread in threads {
            thread.join().unwrap();
        }
    }

    #[test]
    fn closing_ends_the_wait_of_every_thread() {
        let queue = Arc::new(Queue::<u8>::new(1));
        let threads = [0, 1].map(|_| {
            let queue = Arc::clone(&queue);
            std::thread::spawn(move || pop(&queue, &Seat::new()))
        });
        queue.close();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), None);
        }
    }
}
