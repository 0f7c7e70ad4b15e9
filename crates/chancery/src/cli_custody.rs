//! The command line of those who keep keys and destroy them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with custodians.
#[derive(Debug, Subcommand)]
pub(crate) enum Custodian {
    /// Makes the key of a custodian, sealed by their pass phrase, and prints the public key. Needs no database.
    #[command(
        after_help = "Example:\n  chancery keys custodian create alice --file alice.key --pass-phrase-file phrase"
    )]
    Create {
        /// Their name: lower-case letters, digits, `.` and `-`. It stands in receipts and in the ledger.
        name: String,
        /// Where the key is written; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// File with the pass phrase, 12 letters or more.
        #[arg(long, value_name = "FILE")]
        pass_phrase_file: PathBuf,
    },
    /// Registers a custodian. The first two need nobody; from then on, one of them must vouch for each new one.
    #[command(
        after_help = "Example:\n  chancery keys custodian register alice.pub\n  chancery keys custodian register carol.pub --vouched-by alice.key --pass-phrase-file phrase"
    )]
    Register {
        /// File with the public key, as `custodian create` printed it.
        public_key: PathBuf,
        /// The key of a custodian who vouches for the new one.
        #[arg(long, value_name = "FILE", requires = "pass_phrase_file")]
        vouched_by: Option<PathBuf>,
        /// File with the pass phrase of that key.
        #[arg(long, value_name = "FILE")]
        pass_phrase_file: Option<PathBuf>,
    },
    /// Lists custodians: name, public key, times of registration and of the end, separated by tabs.
    List,
    /// Ends that somebody is a custodian. What they asked for and nobody agreed to yet is void.
    Revoke {
        /// Their name.
        name: String,
    },
}

/// The two steps of a destruction.
#[derive(Debug, Subcommand)]
pub(crate) enum Destroy {
    /// Asks for the destruction of a workspace's keys, and prints the id of the request; it expires after 24 hours.
    #[command(
        after_help = "Example:\n  chancery keys destroy request --workspace Northwind --as alice.key --pass-phrase-file phrase"
    )]
    Request {
        /// The workspace: its id or its name.
        #[arg(long)]
        workspace: String,
        #[command(flatten)]
        signer: Signer,
    },
    /// Shows what a request asks for, and who signed it.
    Show {
        /// The request.
        request: String,
    },
    /// Agrees to a request of somebody else, and destroys. Nothing brings back what is destroyed.
    #[command(
        after_help = "Example:\n  chancery keys destroy approve 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b --as bob.key --pass-phrase-file phrase --receipt receipt.json"
    )]
    Approve {
        /// The request.
        request: String,
        #[command(flatten)]
        signer: Signer,
        /// Where the receipt is written; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        receipt: PathBuf,
    },
    /// Writes the receipt of a destruction again, after making sure that it is complete.
    Receipt {
        /// The request.
        request: String,
        /// Where the receipt is written; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        receipt: PathBuf,
    },
}

/// Who signs.
#[derive(Debug, Args)]
pub(crate) struct Signer {
    /// The custodian's key file.
    #[arg(long = "as", value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// File with its pass phrase.
    #[arg(long, value_name = "FILE")]
    pub(crate) pass_phrase_file: PathBuf,
}

/// The root key in shares for several people.
#[derive(Debug, Subcommand)]
pub(crate) enum Ceremony {
    /// Splits the root key's file into shares, one file each; any so many of them bring it back.
    ///
    /// Whoever has that many shares has the root key. Print each for its custodian, or hand over the file, and destroy the
    /// folder. Replacing the root key makes all shares worthless; split the new one then.
    #[command(
        after_help = "Example:\n  chancery keys ceremony split --threshold 2 --custodian Alice --custodian Bob --custodian Carol --folder shares"
    )]
    Split {
        /// How many shares are needed, 2 or more.
        #[arg(long)]
        threshold: u8,
        /// Who gets a share; given once for each of 2 to 16.
        #[arg(long = "custodian", value_name = "NAME", required = true)]
        custodians: Vec<String>,
        /// A folder that is there, for the files.
        #[arg(long, value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Checks shares for errors of typing, and shows what they are of. Shows nothing secret.
    Verify {
        /// Files with a share each.
        #[arg(required = true)]
        shares: Vec<PathBuf>,
    },
    /// Brings a lost root key back to where the configuration has it, sealed when a pass phrase is configured.
    Combine {
        /// Files with a share each.
        #[arg(required = true)]
        shares: Vec<PathBuf>,
    },
}
