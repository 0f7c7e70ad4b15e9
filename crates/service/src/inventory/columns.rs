//! The columns of the database, one table a block, in the order of their names.

use chancery_vault::Class;

use super::{About, Column, Protection, Table};

const COLUMNS: Protection = Protection::Sealed("columns key of the workspace");
const AUDIT: Protection = Protection::Sealed("audit key of the workspace");
const PSEUDONYMS: Protection = Protection::Sealed("pseudonym key of the workspace");
const PSEUDONYM_NAMES: Protection = Protection::Keyed("pseudonym key of the workspace");
const BLIND_INDEXES: Protection = Protection::Keyed("blind-index key of the workspace");
const DATA_KEYS: Protection = Protection::Wrapped("data-keys key of the workspace");
const ROOT: Protection = Protection::Wrapped("root key");

const fn column(name: &'static str, class: Class, protection: Protection, about: About) -> Column {
    Column { name, class, protection, about }
}

/// Ids, times, numbers and states: for the customer's own people, in the clear, about nobody.
const fn plain(name: &'static str) -> Column {
    column(name, Class::Internal, Protection::Clear, About::Nobody)
}

/// What anybody may see, and verifiers need.
const fn published(name: &'static str) -> Column {
    column(name, Class::Public, Protection::Clear, About::Nobody)
}

/// Ids and times that lead to somebody.
const fn leads_to_persons(name: &'static str) -> Column {
    column(name, Class::Internal, Protection::Clear, About::Persons)
}

/// Texts of the customer.
const fn sealed(name: &'static str, about: About) -> Column {
    column(name, Class::Confidential, COLUMNS, about)
}

/// Every table.
pub const TABLES: &[Table] = &[
    Table {
        schema: "chancery",
        name: "api_keys",
        purpose: "API keys: which exist, what they may do",
        retention: "by policy `api_keys` after their end",
        columns: &[
            plain("id"),
            plain("workspace_id"),
            leads_to_persons("hint"),
            column("token_hash", Class::Restricted, Protection::Hashed, About::Persons),
            sealed("name_sealed", About::Persons),
            plain("permissions"),
            plain("created_at"),
            plain("expires_at"),
            plain("revoked_at"),
            leads_to_persons("last_used_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "audit_events",
        purpose: "The audit log: who did what to what, when",
        retention: "for good; bodies by policy `audit_bodies`",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("at"),
            plain("actor_kind"),
            leads_to_persons("actor_id"),
            plain("action"),
            plain("target_kind"),
            leads_to_persons("target_id"),
            column("body_sealed", Class::Confidential, AUDIT, About::Persons),
        ],
    },
    Table {
        schema: "chancery",
        name: "carried_keys",
        purpose: "Purpose keys of earlier workspace keys, which open what cannot move",
        retention: "audit and pseudonyms with the workspace, links for a week",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("purpose"),
            column("wrapped", Class::Restricted, DATA_KEYS, About::Nobody),
            plain("carried_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "custodians",
        purpose: "Who may ask for and agree to the destruction of keys; names are chosen to be shown",
        retention: "for good",
        columns: &[
            leads_to_persons("id"),
            leads_to_persons("name"),
            leads_to_persons("public_key"),
            plain("created_at"),
            plain("revoked_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "destructions",
        purpose: "Which keys two custodians destroyed, with their signatures",
        retention: "for good",
        columns: &[
            plain("id"),
            plain("workspace_id"),
            leads_to_persons("note"),
            leads_to_persons("requested_by"),
            plain("requested_at"),
            plain("request_event"),
            plain("expires_at"),
            leads_to_persons("approved_by"),
            plain("approval_event"),
            plain("executed_at"),
            plain("execution_event"),
            plain("counts"),
            leads_to_persons("receipt"),
        ],
    },
    Table {
        schema: "chancery",
        name: "document_requests",
        purpose: "Requests that led to documents",
        retention: "by policy `requests`; by default none is kept",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("template_id"),
            plain("template_version"),
            plain("class"),
            column("request_sealed", Class::Restricted, COLUMNS, About::Persons),
            plain("created_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "documents",
        purpose: "Stored files: where the object is and which key opens it",
        retention: "until their link ends, or sooner by policy `documents`",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("template_id"),
            plain("template_version"),
            plain("object_name"),
            column("key_wrapped", Class::Restricted, DATA_KEYS, About::Nobody),
            plain("size_bytes"),
            plain("pages"),
            plain("mime"),
            plain("class"),
            sealed("file_name_sealed", About::Persons),
            plain("created_at"),
            plain("expires_at"),
            plain("state"),
        ],
    },
    Table {
        schema: "chancery",
        name: "ledger_checkpoints",
        purpose: "Signed roots of the ledger",
        retention: "for good",
        columns: &[published("size"), published("note")],
    },
    Table {
        schema: "chancery",
        name: "ledger_cosignatures",
        purpose: "Signatures of witnesses under checkpoints",
        retention: "for good",
        columns: &[published("size"), published("name"), published("line")],
    },
    Table {
        schema: "chancery",
        name: "ledger_entries",
        purpose: "The ledger: number and leaf of each audit event",
        retention: "for good",
        columns: &[plain("number"), plain("workspace_id"), plain("event_id"), plain("leaf"), plain("commitment")],
    },
    Table {
        schema: "chancery",
        name: "ledger_key",
        purpose: "The key that signs the ledger",
        retention: "for good",
        columns: &[plain("is_single"), column("wrapped", Class::Restricted, ROOT, About::Nobody), plain("since")],
    },
    Table {
        schema: "chancery",
        name: "ledger_nodes",
        purpose: "Hashes of the ledger's tree",
        retention: "for good",
        columns: &[plain("level"), plain("index"), plain("hash")],
    },
    Table {
        schema: "chancery",
        name: "ledger_past_keys",
        purpose: "Public keys with which the ledger signed before",
        retention: "for good",
        columns: &[
            published("position"),
            published("public"),
            published("key_id"),
            published("until_size"),
            published("compromised_since"),
            published("replaced_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "ledger_places",
        purpose: "How far each place outside of the database has the checkpoints, and what it said when it failed",
        retention: "for good",
        columns: &[plain("name"), plain("size"), plain("kept_at"), plain("failed_at"), plain("error")],
    },
    Table {
        schema: "chancery",
        name: "ledger_queue",
        purpose: "Audit events that wait for their number",
        retention: "seconds",
        columns: &[plain("workspace_id"), plain("event_id")],
    },
    Table {
        schema: "chancery",
        name: "legal_holds",
        purpose: "What is kept whatever a policy says",
        retention: "with the workspace",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("target_kind"),
            plain("target_id"),
            sealed("reason_sealed", About::Persons),
            plain("placed_at"),
            plain("placed_by_kind"),
            leads_to_persons("placed_by_id"),
            plain("released_at"),
            plain("released_by_kind"),
            leads_to_persons("released_by_id"),
        ],
    },
    Table {
        schema: "chancery",
        name: "link_grants",
        purpose: "By which a counted download goes on after it broke off",
        retention: "an hour at most, then with their link",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("link_id"),
            column("secret_hash", Class::Restricted, Protection::Hashed, About::Nobody),
            plain("requests_left"),
            plain("bytes_left"),
            plain("expires_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "link_revocations",
        purpose: "Which links were taken back together",
        retention: "with the workspace",
        columns: &[plain("workspace_id"), plain("id"), plain("target_kind"), plain("revoked_at")],
    },
    Table {
        schema: "chancery",
        name: "links",
        purpose: "Links with conditions: for whom, from where, how often",
        retention: "with their document",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("document_id"),
            sealed("details_sealed", About::Persons),
            plain("uses_max"),
            plain("uses"),
            plain("wrong_passcodes"),
            plain("locked_until"),
            plain("created_at"),
            plain("created_by_kind"),
            leads_to_persons("created_by_id"),
            plain("expires_at"),
            plain("revoked_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "purge_batches",
        purpose: "What purges destroyed, for receipts",
        retention: "with the workspace",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("run_id"),
            plain("at"),
            plain("kind"),
            plain("class"),
            plain("bytes"),
            plain("ids"),
            plain("key_ids"),
        ],
    },
    Table {
        schema: "chancery",
        name: "purge_runs",
        purpose: "Runs of the purge, and deletions that somebody asked for",
        retention: "with the workspace",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("started_at"),
            plain("finished_at"),
            plain("documents"),
            plain("bytes"),
            plain("cause"),
            plain("policy"),
            plain("held"),
            plain("event_id"),
        ],
    },
    Table {
        schema: "chancery",
        name: "retention_policies",
        purpose: "How long what is kept",
        retention: "with the workspace",
        columns: &[plain("workspace_id"), plain("kind"), plain("class"), plain("days"), plain("set_at")],
    },
    Table {
        schema: "chancery",
        name: "root_keys",
        purpose: "Which root keys there were",
        retention: "for good",
        columns: &[plain("id"), plain("state"), plain("created_at"), plain("deactivated_at"), plain("destroyed_at")],
    },
    Table {
        schema: "chancery",
        name: "template_versions",
        purpose: "What templates were, version by version",
        retention: "old ones by policy `template_versions`",
        columns: &[
            plain("id"),
            plain("workspace_id"),
            plain("template_id"),
            plain("number"),
            sealed("body_sealed", About::Nobody),
            sealed("sample_sealed", About::Persons),
            sealed("description_sealed", About::Nobody),
            plain("created_at"),
            plain("created_by_kind"),
            leads_to_persons("created_by_id"),
        ],
    },
    Table {
        schema: "chancery",
        name: "templates",
        purpose: "Templates",
        retention: "until they are deleted",
        columns: &[
            plain("id"),
            plain("workspace_id"),
            plain("public_id"),
            sealed("name_sealed", About::Nobody),
            sealed("group_sealed", About::Nobody),
            column("group_index", Class::Confidential, BLIND_INDEXES, About::Nobody),
            plain("status"),
            plain("latest_version"),
            plain("revision"),
            plain("created_at"),
            plain("updated_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "transactions",
        purpose: "The list of uses, without content",
        retention: "by policy `transactions`",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            plain("template_id"),
            plain("template_public_id"),
            plain("kind"),
            plain("export"),
            plain("status"),
            plain("document_id"),
            plain("size_bytes"),
            plain("pages"),
            plain("created_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "workspace_keys",
        purpose: "The keys of workspaces and where they are in their lives",
        retention: "for good; the key itself until it is destroyed",
        columns: &[
            plain("workspace_id"),
            plain("id"),
            column("wrapped", Class::Restricted, ROOT, About::Nobody),
            plain("state"),
            plain("created_at"),
            plain("activated_at"),
            plain("deactivated_at"),
            plain("compromised_at"),
            plain("closed_at"),
            plain("destroyed_at"),
        ],
    },
    Table {
        schema: "chancery",
        name: "workspaces",
        purpose: "Workspaces",
        retention: "for good",
        columns: &[
            plain("id"),
            sealed("name_sealed", About::Persons),
            plain("class"),
            plain("state"),
            plain("created_at"),
        ],
    },
    Table {
        schema: "chancery_allocation",
        name: "pseudonyms",
        purpose: "Who is behind a pseudonym, apart from everything else",
        retention: "by policy `pseudonyms` after their last use",
        columns: &[
            plain("workspace_id"),
            column("pseudonym", Class::Internal, PSEUDONYM_NAMES, About::Persons),
            plain("id"),
            column("original_sealed", Class::Restricted, PSEUDONYMS, About::Persons),
            plain("allocated_at"),
            plain("last_seen_at"),
        ],
    },
];
