//! Tests of standards against documents laid out by hand.
