"""The benchmark's harness: starts the peers, measures them in turns and writes the table."""
