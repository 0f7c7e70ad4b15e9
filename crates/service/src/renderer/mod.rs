//! The render threads: as many as cores, each with its own warm memory, fed by a bounded queue.

pub(crate) mod making;
mod queue;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chancery_render::image::ImageCache;
use chancery_render::pdf::PdfCache;
use chancery_render::program::Scratch;
use tokio::sync::oneshot;

use crate::error::ServiceError;
use queue::{Next, Queue, Seat};

/// Stack of a render thread. The engine's recursion is bounded by its depth limit of 64; 8 MiB leaves room for that in
/// builds without optimisation.
const STACK_SIZE_BYTES: usize = 8 * 1024 * 1024;

/// How many threads, how long a queue, how long a render.
#[derive(Clone, Copy, Debug)]
pub struct RendererLimits {
    /// Render threads; usually the number of cores.
    pub thread_count: usize,
    /// Renders that may wait; one more is refused with [`ServiceError::Busy`].
    pub queue_length_max: usize,
    /// Time for one render, waiting included, in milliseconds.
    pub render_timeout_ms: u64,
}

/// What one render thread keeps between renders: it makes them faster and never changes their result.
#[derive(Default)]
pub(crate) struct Workbench {
    pub(crate) scratch: Scratch,
    pub(crate) pdf_cache: PdfCache,
    pub(crate) image_cache: ImageCache,
}

type Task = Box<dyn FnOnce(&mut Workbench) -> Answer + Send>;

/// Sends what a task made.
type Answer = Box<dyn FnOnce()>;

/// The threads and their queue.
pub(crate) struct Renderer {
    queue: Arc<Queue<Task>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    limits: RendererLimits,
}

impl Renderer {
    /// Starts the threads.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the operating system gives no thread.
    pub(crate) fn start(limits: RendererLimits) -> Result<Self, ServiceError> {
        let queue = Arc::new(Queue::new(limits.queue_length_max));
        let mut threads = Vec::with_capacity(limits.thread_count);
        for index in 0..limits.thread_count.max(1) {
            let queue = Arc::clone(&queue);
            let thread = std::thread::Builder::new()
                .name(format!("render-{index}"))
                .stack_size(STACK_SIZE_BYTES)
                .spawn(move || work(&queue))
                .map_err(|source| ServiceError::internal("starting a render thread", source))?;
            threads.push(thread);
        }
        Ok(Self { queue, threads: Mutex::new(threads), limits })
    }

    /// Runs a task on a render thread. The task gets a flag that is set when its time is over or nobody waits for its
    /// answer any more; a task whose flag is set before it starts is not run at all.
    ///
    /// # Errors
    /// [`ServiceError::Busy`] when the queue is full, [`ServiceError::RenderTimeout`], [`ServiceError::ShuttingDown`],
    /// and [`ServiceError::Internal`] when the task panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Workbench, &AtomicBool) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let (sender, receiver) = oneshot::channel();
        let flag = CancelOnDrop(Arc::new(AtomicBool::new(false)));
        let cancelled = Arc::clone(&flag.0);
        let task: Task = Box::new(move |workbench| {
            let made = (!cancelled.load(Ordering::Relaxed)).then(|| task(workbench, &cancelled));
            Box::new(move || {
                if let Some(made) = made {
                    // Nobody listening is no fault: the caller went away.
                    drop(sender.send(made));
                }
            })
        });
        self.queue.push(task).map_err(|refused| match refused {
            queue::Refused::Full => ServiceError::Busy { retry_after_s: self.retry_after_s() },
            queue::Refused::Closed => ServiceError::ShuttingDown,
        })?;
        let limit_ms = self.limits.render_timeout_ms;
        match tokio::time::timeout(Duration::from_millis(limit_ms), receiver).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(ServiceError::internal("rendering", "the render thread gave no answer: it panicked")),
            Err(_) => Err(ServiceError::RenderTimeout { limit_ms }),
        }
    }

    /// Lets the threads finish what is queued, then ends them. Blocks until then.
    pub(crate) fn stop(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // Tasks are run under `catch_unwind`: the thread itself does not panic.
            drop(thread.join());
        }
    }

    /// Renders that wait at this moment.
    pub(crate) fn queue_length(&self) -> usize {
        self.queue.len()
    }

    /// A full queue is worked off in the time of one slow render at most; never told shorter than a second.
    fn retry_after_s(&self) -> u32 {
        u32::try_from(self.limits.render_timeout_ms / 10_000).unwrap_or(u32::MAX).max(1)
    }
}

/// Sets the flag when the waiting side is dropped: on time-out, and when the caller hangs up.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn work(queue: &Queue<Task>) {
    let seat = Seat::new();
    let mut workbench = Workbench::default();
    let mut next = queue.next(&seat);
    loop {
        let task = match next {
            Next::Item(task) => task,
            Next::Wait => match seat.wait() {
                Some(task) => task,
                None => return,
            },
            Next::Closed => return,
        };
        let done = catch_unwind(AssertUnwindSafe(|| task(&mut workbench)));
        if done.is_err() {
            // What a panic left half-done in the caches must not reach the next document.
            workbench = Workbench::default();
            tracing::error!("a render panicked; its thread's caches were thrown away");
        }
        // Before the answer leaves: what its caller asks next then comes to this thread again, whose caches are warm.
        next = queue.next(&seat);
        if let Ok(answer) = done {
            answer();
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use std::sync::mpsc;

    use super::*;

    fn renderer(queue_length_max: usize, render_timeout_ms: u64) -> Renderer {
        Renderer::start(RendererLimits { thread_count: 1, queue_length_max, render_timeout_ms }).unwrap()
    }

    #[tokio::test]
    async fn a_task_is_answered() {
        let renderer = renderer(1, 60_000);
        assert_eq!(renderer.run(|_, _| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_lives_on() {
        let renderer = renderer(1, 60_000);
        let error = renderer.run(|_, _| panic!("on purpose")).await.unwrap_err();
        assert_eq!(error.code(), "internal");
        assert_eq!(renderer.run(|_, _| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_task_beyond_the_queue_is_refused_with_a_time_to_come_back() {
        let renderer = Arc::new(renderer(1, 60_000));
        let (release, wait) = mpsc::channel::<()>();
        let (started, running) = oneshot::channel();
        let first = tokio::spawn({
            let renderer = Arc::clone(&renderer);
            async move {
                renderer
                    .run(move |_, _| {
                        started.send(()).unwrap();
                        wait.recv().unwrap();
                    })
                    .await
            }
        });
        running.await.unwrap();
        let mut second = Box::pin(renderer.run(|_, _| ()));
        assert!(futures::poll!(second.as_mut()).is_pending());
        assert_eq!(renderer.queue_length(), 1);
        let error = renderer.run(|_, _| ()).await.unwrap_err();
        assert_eq!(error.code(), "busy");
        assert_eq!(error.retry_after_s(), Some(6));
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        second.await.unwrap();
    }

    #[tokio::test]
    async fn a_task_over_its_time_is_told_to_stop() {
        let renderer = renderer(1, 300);
        let (sender, receiver) = mpsc::channel();
        let error = renderer
            .run(move |_, cancelled| {
                while !cancelled.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                sender.send("stopped").unwrap();
            })
            .await
            .unwrap_err();
        assert_eq!(error.code(), "render-timeout");
        assert_eq!(receiver.recv().unwrap(), "stopped");
    }

    #[tokio::test]
    async fn after_the_stop_nothing_is_taken() {
        let renderer = renderer(1, 60_000);
        renderer.stop();
        assert_eq!(renderer.run(|_, _| ()).await.unwrap_err().code(), "shutting-down");
    }
}
