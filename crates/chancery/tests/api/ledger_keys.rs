//! The key that signs the ledger is replaced by schedule.

use chancery_ledger::Checkpoint;
use chancery_service::access::Operator;
use chancery_service::ledger_keys::LedgerKeyReason;

use crate::support::with_own_database;

const DAYS: u32 = 90;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[test]
fn the_ledgers_key_is_replaced_when_its_days_are_over_once_and_not_before() {
    with_own_database(async |installation| {
        installation.workspace().await;
        let (ledger, operator) = (installation.service.ledger(), Operator::of_this_machine());
        // The database says when the first key was made; from here on it is the clock that is moved.
        ledger.rotate_key(&operator, LedgerKeyReason::Demand).await.unwrap();
        let before = ledger.public_key(&operator).await.unwrap();

        installation.clock.advance_ms(u64::from(DAYS) * DAY_MS);
        assert!(!ledger.rotate_key_when_due(&operator, DAYS).await.unwrap());
        assert_eq!(ledger.public_key(&operator).await.unwrap(), before);
        installation.clock.advance_ms(1);
        assert!(ledger.rotate_key_when_due(&operator, DAYS).await.unwrap());
        let after = ledger.public_key(&operator).await.unwrap();
        assert_ne!(after, before);
        assert!(!ledger.rotate_key_when_due(&operator, DAYS).await.unwrap(), "its own days have begun");

        let note = ledger.advance(&operator).await.unwrap().checkpoint.unwrap();
        let checkpoint = Checkpoint::open(&note, &before).unwrap();
        assert_eq!(checkpoint.handover.map(|handover| handover.key), Some(after.clone()));
        Checkpoint::open(&note, &after).unwrap();
        let past = ledger.past_keys(&operator).await.unwrap();
        let last = past.last().unwrap();
        assert_eq!((past.len(), &last.public, last.until_size), (2, &before, checkpoint.size));
        assert_eq!(last.compromised_since, None);
    });
}
