//! The command line: commands, flags, help with examples.

mod audit_search;
mod keeping;

use std::path::PathBuf;

use chancery_render::Profile;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli_watching::{Requests, Security, Store};

use crate::cli_custody::{Ceremony, Custodian, Destroy};
use crate::config::RootKeyHolder;
pub(crate) use audit_search::AuditSearch;
pub(crate) use keeping::{
    Documents, Hold, Inventory, PseudonymCommand, PurgeCommand, Receipt, Retention, RetentionChange, Usage,
};

const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  the input is wrong: a template, data, a name, a configuration
  2  the command line is wrong
  3  the environment fails: database, files, network

Data goes to standard output, everything else to standard error.

Examples:
  chancery serve
  chancery render invoice.json --data data.json -o invoice.pdf
  chancery template check invoice.json --data data.json --strict
  chancery workspace create Northwind
  chancery key create --workspace Northwind --name ci > key.txt";

/// Turns templates and JSON into PDFs and images, and proves how it keeps them safe.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, disable_help_subcommand = true, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Configuration file (TOML); without it chancery.toml in the current folder, when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder for the private cluster, objects and the root key.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) data_folder: Option<PathBuf>,
    /// Folder with .ttf and .otf files, searched recursively.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) fonts: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves the API until it is told to stop.
    #[command(
        after_help = "Prints `listening on http://ADDRESS` on standard output once it answers.\n\nExamples:\n  chancery serve\n  chancery serve --listen 127.0.0.1:0 --port-file /run/chancery.port"
    )]
    Serve(Serve),
    /// Makes a PDF or pictures from a template, without a server and without a database.
    #[command(
        after_help = "Pictures: OUT may hold {n}, which becomes the page's number. Without it, the pages of a document with several\nare written as OUT-1, OUT-2 and so on, before the extension; a single page is written as OUT itself.\n--width 200 makes a thumbnail.\n`asset:NAME` finds assets/NAME, or assets/NAME.png, .jpg, .jpeg or .svg, beside the template.\n\nExamples:\n  chancery render invoice.json --data data.json -o invoice.pdf\n  chancery render invoice.json --data - -o - < data.json > invoice.pdf\n  chancery render invoice.json --data data.json -o 'page-{n}.png' --dpi 96\n  chancery render invoice.json --data data.json -o invoice.pdf --profile PDF/A-3a --profile PDF/UA-1"
    )]
    Render(Render),
    /// Checks, describes and imports templates.
    #[command(subcommand)]
    Template(Template),
    /// Creates, lists and classifies workspaces.
    #[command(subcommand)]
    Workspace(Workspace),
    /// Creates, lists and revokes API keys.
    #[command(subcommand)]
    Key(Key),
    /// Lists and rotates the keys that seal what is stored.
    #[command(subcommand)]
    Keys(Keys),
    /// Brings the database to the schema of this version.
    ///
    /// A database of your own needs roles first. Print their SQL and run it once as an administrator, connected to the
    /// empty database; then give the roles passwords or certificates.
    #[command(after_help = "Examples:\n  chancery migrate --print-roles | psql \"$ADMIN_URL\"\n  chancery migrate")]
    Migrate {
        /// Only prints the SQL that makes roles and schema.
        #[arg(long)]
        print_roles: bool,
    },
    /// Deletes what has expired with its keys, by the policies of each workspace, and orphaned objects.
    ///
    /// Prints how much of each kind was destroyed, and how much a hold kept. It may be interrupted at any time.
    #[command(args_conflicts_with_subcommands = true)]
    Purge {
        #[command(subcommand)]
        command: Option<PurgeCommand>,
    },
    /// Lists and changes how long what is kept, and counts what a purge would delete.
    #[command(subcommand)]
    Retention(Retention),
    /// Places, releases and lists legal holds.
    #[command(subcommand)]
    Hold(Hold),
    /// Verifies receipts of what was destroyed.
    #[command(subcommand)]
    Receipt(Receipt),
    /// Deletes documents, and shows the requests that led to them.
    #[command(subcommand)]
    Documents(Documents),
    /// Says who is behind a pseudonym.
    #[command(subcommand)]
    Pseudonym(PseudonymCommand),
    /// Exports what was made.
    #[command(subcommand)]
    Usage(Usage),
    /// Prints the inventory of data: all that is held, with class, purpose, retention and key.
    Inventory(Inventory),
    /// Verifies, proves, exports and searches the ledger of all acts; its keys and the places that keep its checkpoints.
    #[command(subcommand)]
    Audit(Audit),
    /// Lists what was refused: altered data, forged links, bursts of wrong keys.
    #[command(subcommand)]
    Security(Security),
    /// Finds requests in the log.
    #[command(subcommand)]
    Requests(Requests),
    /// Checks that database, objects and ledger fit together, and mends what can be mended.
    #[command(subcommand)]
    Store(Store),
    /// Is a witness for the ledgers of others: cosigns what continues what it saw, and nothing else.
    #[command(subcommand)]
    Witness(Witness),
    /// Checks database, object store, keys, fonts and places of the ledger, and says what it found.
    Doctor,
    /// Prints the reference of the functions that expressions may use, as Markdown.
    Expressions,
    /// Prints help: of the program, of one command, or with --all of every command as Markdown.
    Help {
        /// The command, such as `key create`.
        command: Vec<String>,
        /// Every command, as Markdown.
        #[arg(long, conflicts_with = "command")]
        all: bool,
    },
    /// Prints the effective configuration with what every value means.
    #[command(after_help = "The output is a valid configuration file.\n\nExample:\n  chancery config > chancery.toml")]
    Config,
}

/// Flags of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on; loopback only. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Writes the port to this file once it answers.
    #[arg(long, value_name = "FILE")]
    pub(crate) port_file: Option<PathBuf>,
}

/// What a render makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One PDF.
    Pdf,
    /// A PNG a page.
    Png,
    /// A JPEG a page.
    Jpeg,
    /// A WebP a page: lossless, or with --quality smaller.
    Webp,
    /// An SVG a page.
    Svg,
}

/// Flags of `render`.
#[derive(Debug, Args)]
pub(crate) struct Render {
    /// The template (JSON of format 1).
    pub(crate) template: PathBuf,
    /// The data (JSON); `-` is standard input.
    #[arg(long, value_name = "FILE", required_unless_present = "sample")]
    pub(crate) data: Option<PathBuf>,
    /// Takes the data from `data.samples` of the template.
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    pub(crate) sample: Option<String>,
    /// Where to write; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// What to make; without it the extension of OUT says, and else it is a PDF.
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// Resolution of pictures, in dots per inch, from 18 to 1200.
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u32).range(18..=1200))]
    pub(crate) dpi: u32,
    /// Width of pictures in pixels, instead of a resolution; with --height, what a page must fit into.
    #[arg(long, value_name = "N", conflicts_with = "dpi", value_parser = clap::value_parser!(u32).range(1..=65_535))]
    pub(crate) width: Option<u32>,
    /// Height of pictures in pixels, instead of a resolution; with --width, what a page must fit into.
    #[arg(long, value_name = "N", conflicts_with = "dpi", value_parser = clap::value_parser!(u32).range(1..=65_535))]
    pub(crate) height: Option<u32>,
    /// Quality of JPEG and WebP, from 1 to 100. Without it a JPEG has 90, and a WebP loses nothing.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) quality: Option<u8>,
    /// Leaves the paper out of pictures: PNG, WebP and SVG.
    #[arg(long)]
    pub(crate) transparent: bool,
    /// Pages of pictures, such as `3` or `2-5`; without it all.
    #[arg(long, value_name = "PAGES")]
    pub(crate) pages: Option<String>,
    /// The time that the document says it was made: RFC 3339, or milliseconds since 1970. Without it: now.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: Option<String>,
    /// Makes unresolved paths, overflow and missing characters errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// A standard that the PDF must follow, beside those of the template; may be given several times.
    #[arg(long = "profile", value_name = "PROFILE", value_parser = profile_parser())]
    pub(crate) profiles: Vec<Profile>,
}

/// Reads the name of a standard.
fn profile_parser() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .try_map(|name| Profile::from_name(&name).ok_or("this standard is not known"))
}

/// Where a template can come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Foreign {
    /// A template of pdfme (JSON), version 3 to 5.
    Pdfme,
    /// A web page with the marks of Handlebars.
    Html,
}

/// Flags of `template check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The template (JSON of format 1).
    pub(crate) template: PathBuf,
    /// Lays the document out with this data (JSON) instead of the samples; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Lays the document out with this sample alone.
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    pub(crate) sample: Option<String>,
    /// Makes unresolved paths, overflow and missing characters errors, and warns of fields that nothing reads.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Also lays the document out with data that the schema allows and that nobody tried.
    #[arg(long)]
    pub(crate) stress: bool,
    /// Writes a picture and the data of each counterexample into this folder.
    #[arg(long, value_name = "FOLDER", requires = "stress")]
    pub(crate) out: Option<PathBuf>,
    /// Decides which values are combined; the same seed finds the same.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "stress")]
    pub(crate) seed: u64,
}

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub(crate) enum Template {
    /// Prints everything that is wrong with a template; exit code 1 when one finding is an error.
    #[command(
        after_help = "With --stress the template is laid out with hundreds of data sets that its schema allows: missing values,\nlong words and texts, other scripts, huge numbers, no rows and 500. What overflows, overlaps, is cut or fails is\nprinted with the least data that does it. Bounds such as `maxLength` say what need not be borne.\n\nExamples:\n  chancery template check invoice.json --data data.json --strict\n  chancery template check invoice.json --data data.json --stress --out counterexamples"
    )]
    Check(Check),
    /// Proposes a schema for data, from examples of it.
    #[command(
        after_help = "A property is required when every example has it. `x-personal` is a guess: look at it.\n\nExample:\n  chancery template infer --data may.json --data june.json > schema.json"
    )]
    Infer {
        /// An example of the data (JSON); may be given several times, `-` is standard input.
        #[arg(long = "data", value_name = "FILE", required = true)]
        data: Vec<PathBuf>,
    },
    /// Lists the fields of a template's data: path, type, marks and the nodes that read them, separated by tabs.
    #[command(
        after_help = "Types and marks come from `data.schema`, or without one from the samples or the data. `unused` stands where\nno node reads a field, `unknown` where nothing is known of a field that is read.\n\nExample:\n  chancery template fields invoice.json --data data.json"
    )]
    Fields {
        /// The template (JSON of format 1).
        template: PathBuf,
        /// Takes the types from this data (JSON) when the template has no schema.
        #[arg(long, value_name = "FILE")]
        data: Option<PathBuf>,
    },
    /// Prints the JSON Schema of templates.
    Schema,
    /// Prints the reference of the template format, as Markdown.
    Reference,
    /// Prints a template in its canonical form.
    Format {
        /// The template (JSON of format 1); `-` is standard input.
        template: PathBuf,
    },
    /// Stores a template in a workspace and prints its id; or converts one of another program.
    ///
    /// With --from, the template is written in format 1, with a note on standard error for everything that has no
    /// counterpart. It goes to standard output, or with --workspace into the workspace.
    #[command(
        after_help = "Examples:\n  chancery template import invoice.json --workspace Northwind --sample data.json\n  chancery template import --from pdfme old.json > invoice.json\n  chancery template import --from html letter.html > letter.json"
    )]
    Import {
        /// The template (JSON of format 1, or what --from says).
        template: PathBuf,
        /// The program or format that the template comes from.
        #[arg(long, value_name = "FORMAT")]
        from: Option<Foreign>,
        /// The workspace: its id or its name.
        #[arg(long, required_unless_present = "from")]
        workspace: Option<String>,
        /// Name; without it the one that the template gives.
        #[arg(long)]
        name: Option<String>,
        /// Group.
        #[arg(long, default_value = "")]
        group: String,
        /// Sample data (JSON).
        #[arg(long, value_name = "FILE")]
        sample: Option<PathBuf>,
    },
}

/// What to do with workspaces.
#[derive(Debug, Subcommand)]
pub(crate) enum Workspace {
    /// Creates a workspace and prints its id.
    Create {
        /// Its name.
        name: String,
    },
    /// Lists all workspaces: id, creation time, name, separated by tabs.
    List,
    /// Shows or changes the class of documents whose template says none.
    ///
    /// It counts for what is made from now on. What each class means is in the guide about links.
    #[command(
        after_help = "Examples:\n  chancery workspace class Northwind\n  chancery workspace class Northwind confidential"
    )]
    Class {
        /// The workspace: its id or its name.
        name: String,
        /// The new class: public, internal, confidential or restricted. Without it the class is printed.
        class: Option<String>,
    },
}

/// What to do with the keys that seal what is stored.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Lists all of them: workspace, key, state, its root key, who holds that, rows that name the key, times of creation,
    /// activation, deactivation, compromise and destruction, separated by tabs; `-` where there is none.
    List,
    /// Replaces the key of a workspace, of all workspaces, or the root key, while the service goes on.
    ///
    /// Everything that the old key sealed is sealed by the new one; then the old key is destroyed. Files are not written
    /// again: only their keys are. Links stay valid. It may be interrupted at any time: `keys rewrap` goes on.
    #[command(
        after_help = "With --root, the new root key lies beside the old one with `.next` behind its name until it takes its place.\nWith several machines, run it with --prepare first and copy that file to the others. Copies of the old root key are yours to destroy.\n\nExamples:\n  chancery keys rotate --workspace Northwind\n  chancery keys rotate --all\n  chancery keys rotate --root --prepare\n  chancery keys rotate --root\n  chancery keys rotate --root --to pkcs11\n  chancery keys rotate --workspace Northwind --compromised"
    )]
    #[command(group = clap::ArgGroup::new("what").required(true).args(["workspace", "all", "root"]))]
    Rotate {
        /// The workspace: its id or its name.
        #[arg(long)]
        workspace: Option<String>,
        /// All workspaces.
        #[arg(long)]
        all: bool,
        /// The root key.
        #[arg(long)]
        root: bool,
        /// Who is to hold the root key from now on, when it moves: one of `root_key.provider` and `root_key.also`.
        #[arg(long, value_name = "HOLDER", requires = "root")]
        to: Option<RootKeyHolder>,
        /// Only makes the next root key, so that it can be copied to other machines before the rotation.
        #[arg(long, requires = "root")]
        prepare: bool,
        /// Somebody else may have the old key: links that it signed are refused.
        #[arg(long, conflicts_with = "root")]
        compromised: bool,
    },
    /// Goes on with rotations that were interrupted, and waits until they are done.
    Rewrap,
    /// The root key in shares for several people, any so many of whom bring it back.
    #[command(subcommand)]
    Ceremony(Ceremony),
    /// The people who destroy keys, two at a time.
    #[command(subcommand)]
    Custodian(Custodian),
    /// Destroys all keys of a workspace, and so everything in it: one custodian asks, another one agrees.
    #[command(subcommand)]
    Destroy(Destroy),
}

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Verifies the ledger; when it is not right, names the first wrong entry and its time, with exit code 1.
    ///
    /// Without --export and --proof, the database is verified, also against the checkpoints of every place that is configured;
    /// when one of those cannot be asked, the exit code is 3. The key that is printed by `audit key` belongs where nobody
    /// who can change the database can change it. Receipts are verified by `receipt verify`.
    #[command(
        after_help = "Examples:\n  chancery audit verify --key ledger.pub\n  chancery audit verify --key ledger.pub --witness-key a.pub --witness-key b.pub --witness-key c.pub --witnesses 2\n  chancery audit verify --key ledger.pub --export ledger.txt --checkpoints checkpoints\n  chancery audit verify --key ledger.pub --proof proof.txt"
    )]
    Verify(AuditVerify),
    /// Prints the proof that an entry is in the ledger; whoever has the public key can verify it alone.
    Prove {
        /// The entry's id, as `audit search` shows it.
        id: String,
    },
    /// Prints the whole ledger: entries, sealed bodies, checkpoints. The format is in docs/reference/ledger.md.
    Export,
    /// Lists acts, the latest first: id, time, actor, its id, action, target, its id, separated by tabs.
    #[command(
        after_help = "Example:\n  chancery audit search --workspace Northwind --action template.delete --since 2026-01-01T00:00:00Z"
    )]
    Search(AuditSearch),
    /// Prints the public key that checkpoints are verified with.
    ///
    /// With --all, every key of the ledger with the size up to which it signed, the time since when somebody else may have
    /// had it, and the checkpoint that introduced the next one, separated by tabs; `-` where there is none.
    Key {
        /// Every key, the first one first.
        #[arg(long)]
        all: bool,
    },
    /// Replaces the key that signs the ledger; a checkpoint that both sign introduces the next one, which is printed.
    ///
    /// Old public keys stay in every export. The old private key is overwritten.
    #[command(
        after_help = "Examples:\n  chancery audit rotate-key > ledger.pub\n  chancery audit rotate-key --compromised-since 2026-03-01T00:00:00Z > ledger.pub"
    )]
    RotateKey {
        /// Somebody else may have had the key since then: checkpoints that only it signed and that cover later entries do
        /// not count.
        #[arg(long, value_name = "TIME")]
        compromised_since: Option<String>,
    },
    /// Lists the places that keep checkpoints: name, kind, entries of its last checkpoint, how many it is behind, when it took
    /// that, and its last error with its time, separated by tabs.
    Places,
    /// Offers the latest checkpoint to every place now; exit code 3 when one does not take it.
    Publish,
}

/// What a witness does.
#[derive(Debug, Subcommand)]
pub(crate) enum Witness {
    /// Makes the key of a witness in a new file, and prints its public half.
    #[command(
        after_help = "Example:\n  chancery witness key --name witness.example.com/chancery --key-file witness.key > witness.pub"
    )]
    Key {
        /// The name of the witness, such as a host and a path without scheme.
        #[arg(long)]
        name: String,
        /// The file; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
    },
    /// Answers `POST /add-checkpoint` (C2SP tlog-witness) until it is told to stop.
    #[command(
        after_help = "Prints `listening on http://ADDRESS` on standard output once it answers.\n\nExample:\n  chancery witness serve --key-file witness.key --state witness.state --log neighbour.pub"
    )]
    Serve(WitnessServe),
}

/// Flags of `witness serve`.
#[derive(Debug, Args)]
pub(crate) struct WitnessServe {
    /// The file with its key, as `witness key` made it.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// The file in which it remembers what it saw. Whoever goes back to an older one makes it forget.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
    /// File with the public key of a ledger that is watched, as its `audit key` printed it; may be given several times.
    #[arg(long = "log", value_name = "FILE", required = true)]
    pub(crate) logs: Vec<PathBuf>,
    /// Address to listen on; loopback only. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    pub(crate) listen: std::net::SocketAddr,
    /// Writes the port to this file once it answers.
    #[arg(long, value_name = "FILE")]
    pub(crate) port_file: Option<PathBuf>,
}

/// Flags of `audit verify`.
#[derive(Debug, Args)]
pub(crate) struct AuditVerify {
    /// File with the public key; needed for files. Without it, the key that the database holds is trusted.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Verifies this export instead of the database, without a database.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) export: Option<PathBuf>,
    /// Verifies this proof of one entry, without a database.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) proof: Option<PathBuf>,
    /// Checkpoints that were kept elsewhere and must fit; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoints: Vec<PathBuf>,
    /// File with the public key of a witness that is believed; may be given several times.
    #[arg(long = "witness-key", value_name = "FILE")]
    pub(crate) witness_keys: Vec<PathBuf>,
    /// How many of them must have cosigned; without it all.
    #[arg(long, value_name = "N", requires = "witness_keys")]
    pub(crate) witnesses: Option<usize>,
    /// Does not ask the places that are configured, but only the database.
    #[arg(long)]
    pub(crate) alone: bool,
}

impl AuditVerify {
    /// Whether files are verified instead of the database.
    pub(crate) const fn is_offline(&self) -> bool {
        self.export.is_some() || self.proof.is_some()
    }
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Creates a key and prints it, once: only a digest of it is stored.
    #[command(
        after_help = "Example:\n  chancery key create --workspace Northwind --name ci --permission documents:create > key.txt"
    )]
    Create {
        /// The workspace: its id or its name.
        #[arg(long)]
        workspace: String,
        /// What the key is for.
        #[arg(long)]
        name: String,
        /// What the key may do; may be given several times. Without it: everything.
        #[arg(long = "permission", value_name = "PERMISSION")]
        permissions: Vec<String>,
        /// Days after which the key stops working; without it, it works until it is revoked.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires_in_days: Option<u32>,
    },
    /// Lists the keys of a workspace: id, start of the key, creation time, state, permissions, name, separated by tabs.
    List {
        /// The workspace: its id or its name.
        #[arg(long)]
        workspace: String,
    },
    /// Revokes a key at once, on every node.
    Revoke {
        /// The workspace: its id or its name.
        #[arg(long)]
        workspace: String,
        /// The key's id, as `key list` shows it.
        key: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_tells_the_exit_codes_and_has_examples() {
        let help = Cli::command().render_long_help().to_string();
        assert!(help.contains("3  the environment fails"));
        assert!(help.contains("chancery render invoice.json"));
    }

    #[test]
    fn a_missing_argument_is_a_usage_error_with_code_2() {
        let error = Cli::try_parse_from(["chancery", "render", "x.json"]).err();
        assert_eq!(error.map(|error| error.exit_code()), Some(2));
    }
}
