//! Memory that leaves the process by no accident: no core dump, no other process of the same user that reads it, no swap.

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

use crate::config::Config;
use crate::error::CommandError;

/// Makes core dumps impossible, and `/proc/PID/mem` and `ptrace` a matter of root alone.
///
/// Called before anything secret is read. Both settings hold for all threads; programs that this one starts, such as
/// PostgreSQL, keep the limit on core dumps only.
///
/// # Errors
/// The system refuses: then nothing secret may be read.
pub(crate) fn shield() -> Result<(), CommandError> {
    let refused = |error| CommandError::environment("cannot forbid core dumps of this process", error);
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(refused)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(refused)
}

/// Keeps all memory, now and later, from being swapped out, when the configuration says so.
///
/// Pages of keys alone cannot be locked without unsafe code of our own or another allocator for them: `mlock` counts
/// pages, and copies that the cryptographic library makes for itself lie elsewhere. All or nothing is honest.
///
/// # Errors
/// With a limit on locked memory, an allocation would fail in the middle of a request; so the limit must be lifted.
pub(crate) fn lock(config: &Config) -> Result<(), CommandError> {
    if !config.memory_is_locked {
        return Ok(());
    }
    if getrlimit(Resource::Memlock).current.is_some() {
        return Err(CommandError::input(
            "`memory.lock` needs an unlimited RLIMIT_MEMLOCK: `LimitMEMLOCK=infinity` for systemd, `ulimit -l unlimited` in a shell",
        ));
    }
    // On fault: memory that is only reserved takes no room.
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT)
        .map_err(|error| CommandError::environment("cannot lock the memory of this process", error))
}
