//! What is held elsewhere than in columns: objects, channels and queues, files, fields of the log.

use chancery_vault::Class;

use super::{About, Item, Protection};

const OBJECTS: &str = "Objects";
const QUEUES: &str = "Queues and channels";
const FILES: &str = "Files";
const LOG: &str = "Fields of the log";

/// All places, in the order in which they are shown.
pub const PLACES: [&str; 4] = [OBJECTS, QUEUES, FILES, LOG];

const DATA_KEY: Protection = Protection::Sealed("data key of the object");

/// Until whoever runs the service removes it.
const OPERATORS: &str = "as long as the operator keeps it";
/// Until the process ends, at the latest.
const IN_MEMORY: &str = "in memory, seconds";

/// A field of the log: never content, never in need of a key.
const fn field(name: &'static str, purpose: &'static str) -> Item {
    Item {
        place: LOG,
        name,
        class: Class::Internal,
        purpose,
        retention: OPERATORS,
        protection: Protection::Clear,
        about: About::Nobody,
    }
}

/// A file that the operator gives, or that the service makes in its data folder.
const fn file(name: &'static str, class: Class, purpose: &'static str, protection: Protection) -> Item {
    Item { place: FILES, name, class, purpose, retention: OPERATORS, protection, about: About::Nobody }
}

/// Everything.
pub const ELSEWHERE: &[Item] = &[
    Item {
        place: OBJECTS,
        name: "document",
        class: Class::Restricted,
        purpose: "Stored files, below the object folder or the prefix of the bucket",
        retention: "with the row in `documents`",
        protection: DATA_KEY,
        about: About::Persons,
    },
    Item {
        place: OBJECTS,
        name: "asset",
        class: Class::Confidential,
        purpose: "Files that templates use",
        retention: "with their template",
        protection: DATA_KEY,
        about: About::Nobody,
    },
    Item {
        place: QUEUES,
        name: "chancery_invalidate",
        class: Class::Internal,
        purpose: "Tells every node which workspace, key or template changed: a kind and ids",
        retention: IN_MEMORY,
        protection: Protection::Clear,
        about: About::Nobody,
    },
    Item {
        place: QUEUES,
        name: "renders",
        class: Class::Restricted,
        purpose: "Templates and data that wait for a render thread",
        retention: "in memory, until the render ends or its time is over",
        protection: Protection::InMemory,
        about: About::Persons,
    },
    Item {
        place: QUEUES,
        name: "documents",
        class: Class::Confidential,
        purpose: "Rows of stored files that wait for their commit",
        retention: IN_MEMORY,
        protection: Protection::Sealed("columns key of the workspace"),
        about: About::Nobody,
    },
    Item {
        place: QUEUES,
        name: "transactions",
        class: Class::Internal,
        purpose: "Uses that wait to be counted",
        retention: IN_MEMORY,
        protection: Protection::Clear,
        about: About::Nobody,
    },
    Item {
        place: QUEUES,
        name: "uses",
        class: Class::Internal,
        purpose: "When keys were last used, before it is written",
        retention: IN_MEMORY,
        protection: Protection::Clear,
        about: About::Persons,
    },
    Item {
        place: QUEUES,
        name: "allocations",
        class: Class::Restricted,
        purpose: "Who is behind new pseudonyms, before it is written",
        retention: IN_MEMORY,
        protection: Protection::Sealed("pseudonym key of the workspace"),
        about: About::Persons,
    },
    file("root.key", Class::Restricted, "The root key of the embedded default", Protection::FileMode),
    file("root.key.next", Class::Restricted, "The next root key, while it is being replaced", Protection::FileMode),
    file("root_key.file", Class::Restricted, "The root key, where it is kept elsewhere", Protection::FileMode),
    file("root_key.pass_phrase_file", Class::Restricted, "What opens the root key", Protection::FileMode),
    file("root_key.pkcs11.pin_file", Class::Restricted, "The PIN of a security module", Protection::FileMode),
    file("root_key.transit.token_file", Class::Restricted, "The token of a key service", Protection::FileMode),
    file("root_key.transit.authority_file", Class::Public, "Who signs that service's certificate", Protection::Clear),
    file("root_key.kms.secret_key_file", Class::Restricted, "The secret key of a key service", Protection::FileMode),
    file("database.url_file", Class::Restricted, "Address and password of the database", Protection::FileMode),
    file("database.migrate_url_file", Class::Restricted, "The same for migrations", Protection::FileMode),
    file("objects.s3.secret_key_file", Class::Restricted, "The key for the bucket", Protection::FileMode),
    file("audit.checkpoint_file", Class::Public, "Signed roots of the ledger, kept outside", Protection::Clear),
    file(
        "audit.places_file",
        Class::Confidential,
        "Which places keep checkpoints, and which files hold their secrets",
        Protection::FileMode,
    ),
    file(
        "witness.key",
        Class::Restricted,
        "The key of a witness, wherever `--key-file` names it",
        Protection::FileMode,
    ),
    file("witness.state", Class::Public, "What a witness saw, wherever `--state` names it", Protection::Clear),
    file("objects/*", Class::Restricted, "Sealed objects: see above", DATA_KEY),
    file(
        "cluster/*",
        Class::Confidential,
        "The private PostgreSQL: the columns above, with its own logs, which name no values",
        Protection::FileMode,
    ),
    file("data.folder", Class::Internal, "Where the files above lie", Protection::Clear),
    file("objects.folder", Class::Internal, "Where sealed objects lie", Protection::Clear),
    file("fonts.folder", Class::Public, "Fonts, which are read only", Protection::Clear),
    file("database.bin_folder", Class::Public, "Programs of PostgreSQL", Protection::Clear),
    field("timestamp", "When"),
    field("level", "How bad"),
    field("target", "Which module of the program"),
    field("message", "What happened, in words of the program"),
    field("request_id", "Names the request"),
    field("method", "Of the request"),
    field("route", "The pattern of the route, never the path, which may hold a token"),
    field("status", "Of the answer"),
    field("request_bytes", "Of the body of the request"),
    field("response_bytes", "Of the answer"),
    field("duration_us", "How long it took"),
    Item { about: About::Persons, ..field("actor", "Id of the API key that acted; never the key") },
    field("key", "Id of a key of a workspace; never the key"),
    field("id", "Id of what was refused"),
    Item {
        protection: Protection::Keyed("pseudonym key of the workspace"),
        about: About::Persons,
        ..field("client", "Pseudonym of the caller's network address")
    },
    field("code", "Stable code of the error"),
    field("cause", "Causes of the error, which hold no content"),
    field("error", "The error itself"),
    field("location", "Where in the program it panicked, without the message"),
    field("thread", "Which thread"),
    field("path", "A file of the service itself"),
    field("workspace", "Id of the workspace"),
    field("transaction", "Id of the transaction"),
    field("document", "Id of the document"),
    field("table", "Name of a table"),
    field("column", "Name of a column"),
    field("row", "Id of a row"),
    field("row_count", "Rows"),
    field("kind", "Kind of data that was purged"),
    field("count", "How many"),
    field("orphans", "Objects that no row named"),
    field("timeout_ms", "A limit"),
    field("keys", "How many keys were destroyed"),
    field("place", "Name of a place that keeps checkpoints"),
    field("reason", "Why such a place takes none"),
    field("origin", "Name of a log that asked a witness"),
    field("refusal", "Why a witness did not cosign"),
];
