//! Every sealed cell of a workspace, by the key that it names: found in batches, and replaced only if nobody else did.
//!
//! The table's and columns' names are constants of this file, so that statements are put together from them alone.

use chancery_vault::{BlindIndex, KeyId};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use uuid::Uuid;

use crate::number::from_bigint;
use crate::workspace_store::commit;
use crate::{AuditEntry, StoreError, WorkspaceStore, audit};

/// What a sealed column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedKind {
    /// A value, sealed for its cell.
    Value,
    /// The data key of the row's object.
    DataKey,
}

/// A column of sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: SealedKind,
    /// The column with the value's blind index and the purpose of that, when it is looked up.
    pub index: Option<(&'static str, &'static str)>,
}

/// A table with sealed columns; its rows have the column `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedTable {
    /// Its name.
    pub name: &'static str,
    /// The column that names the workspace.
    workspace_column: &'static str,
    /// Its sealed columns.
    pub columns: &'static [SealedColumn],
    /// Rows of one batch: few megabytes at most.
    batch_rows: i64,
}

/// One cell that names a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCell {
    /// Its row.
    pub row: Uuid,
    /// The column, one of the table's.
    pub column: SealedColumn,
    /// Its content.
    pub sealed: Vec<u8>,
}

/// A cell to be replaced.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// What was found.
    pub old: SealedCell,
    /// Its new content.
    pub sealed: Vec<u8>,
    /// Its new blind index, when the column has one.
    pub index: Option<BlindIndex>,
}

const fn value(name: &'static str) -> SealedColumn {
    SealedColumn { name, kind: SealedKind::Value, index: None }
}

/// All of them. Bodies of audit entries are not here: they never change, and their keys are carried.
pub const SEALED_TABLES: &[SealedTable] = &[
    SealedTable { name: "workspaces", workspace_column: "id", columns: &[value("name_sealed")], batch_rows: 200 },
    SealedTable {
        name: "api_keys",
        workspace_column: "workspace_id",
        columns: &[value("name_sealed")],
        batch_rows: 200,
    },
    SealedTable {
        name: "templates",
        workspace_column: "workspace_id",
        columns: &[
            value("name_sealed"),
            SealedColumn {
                name: "group_sealed",
                kind: SealedKind::Value,
                index: Some(("group_index", "templates.group")),
            },
        ],
        batch_rows: 200,
    },
    SealedTable {
        name: "template_versions",
        workspace_column: "workspace_id",
        columns: &[value("body_sealed"), value("sample_sealed"), value("description_sealed")],
        // A body may have megabytes.
        batch_rows: 10,
    },
    SealedTable {
        name: "documents",
        workspace_column: "workspace_id",
        columns: &[
            SealedColumn { name: "key_wrapped", kind: SealedKind::DataKey, index: None },
            value("file_name_sealed"),
        ],
        batch_rows: 200,
    },
    SealedTable {
        name: "links",
        workspace_column: "workspace_id",
        columns: &[value("details_sealed")],
        batch_rows: 200,
    },
];

impl SealedTable {
    /// The condition that a row names one of the keys in `$2`; `$1` is the workspace.
    fn names_a_key(&self) -> String {
        let any: Vec<String> =
            self.columns.iter().map(|column| format!("substring({} from 2 for 8) = any ($2)", column.name)).collect();
        format!("{} = $1 and ({})", self.workspace_column, any.join(" or "))
    }
}

fn bytes_of(keys: &[KeyId]) -> Vec<Vec<u8>> {
    keys.iter().map(|key| key.as_bytes().to_vec()).collect()
}

impl WorkspaceStore {
    /// How many rows name one of the keys.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_naming(&self, keys: &[KeyId]) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        self.count_naming_in(&mut tx, keys).await
    }

    pub(crate) async fn count_naming_in(
        &self,
        connection: &mut PgConnection,
        keys: &[KeyId],
    ) -> Result<u64, StoreError> {
        let counts: Vec<String> = SEALED_TABLES
            .iter()
            .map(|table| format!("(select count(*) from {} where {})", table.name, table.names_a_key()))
            .collect();
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
            "select {} + (select count(*) from audit_events where workspace_id = $1 and substring(body_sealed from 2 for 8) = any ($2))",
            counts.join(" + ")
        )))
        .bind(self.id().uuid())
        .bind(bytes_of(keys))
        .fetch_one(connection)
        .await
        .map_err(StoreError::during("counting what names a key"))?;
        from_bigint(count, "count")
    }

    /// The next rows of a table, after the row `after`, with their cells that name one of the keys.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cells_naming(
        &self,
        table: &SealedTable,
        keys: &[KeyId],
        after: Uuid,
    ) -> Result<Vec<SealedCell>, StoreError> {
        const READING: &str = "reading sealed cells";
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let statement = format!(
            "select id, {} from {} where {} and id > $3 order by id limit $4",
            names.join(", "),
            table.name,
            table.names_a_key()
        );
        let mut tx = self.begin().await?;
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(self.id().uuid())
            .bind(bytes_of(keys))
            .bind(after)
            .bind(table.batch_rows)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::during(READING))?;
        let mut cells = Vec::new();
        for row in rows {
            let id = row.try_get("id").map_err(StoreError::during(READING))?;
            for column in table.columns {
                let sealed: Option<Vec<u8>> = row.try_get(column.name).map_err(StoreError::during(READING))?;
                let named = sealed.as_deref().and_then(|sealed| sealed.get(1..9)).unwrap_or_default();
                if keys.iter().any(|key| key.as_bytes() == named) {
                    cells.push(SealedCell { row: id, column: *column, sealed: sealed.unwrap_or_default() });
                }
            }
        }
        Ok(cells)
    }

    /// The next rows of a table, after the row `after`, with all their sealed cells; with `is_sample` one row in
    /// sixteen, always the same ones. The last row's id tells where to go on; none at the end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sealed_rows(
        &self,
        table: &SealedTable,
        is_sample: bool,
        after: Uuid,
    ) -> Result<(Vec<SealedCell>, Option<Uuid>), StoreError> {
        const READING: &str = "reading sealed cells";
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let sample = if is_sample { "and hashtext(id::text) % 16 = 0" } else { "" };
        let statement = format!(
            "select id, {} from {} where {} = $1 and id > $2 {sample} order by id limit $3",
            names.join(", "),
            table.name,
            table.workspace_column
        );
        let mut tx = self.begin().await?;
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(self.id().uuid())
            .bind(after)
            .bind(table.batch_rows)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::during(READING))?;
        let (mut cells, mut last) = (Vec::new(), None);
        for row in rows {
            let id = row.try_get("id").map_err(StoreError::during(READING))?;
            last = Some(id);
            for column in table.columns {
                let sealed: Option<Vec<u8>> = row.try_get(column.name).map_err(StoreError::during(READING))?;
                cells.extend(sealed.map(|sealed| SealedCell { row: id, column: *column, sealed }));
            }
        }
        Ok((cells, last))
    }

    /// Rows of a table that name a key which is none of these: their column and id, at most a hundred a column.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rows_naming_other_keys(
        &self,
        table: &SealedTable,
        keys: &[KeyId],
    ) -> Result<Vec<(&'static str, Uuid)>, StoreError> {
        let mut found = Vec::new();
        let mut tx = self.begin().await?;
        for column in table.columns {
            let statement = format!(
                "select id from {} where {} = $1 and substring({} from 2 for 8) <> all ($2) order by id limit 100",
                table.name, table.workspace_column, column.name
            );
            let ids: Vec<Uuid> = sqlx::query_scalar(AssertSqlSafe(statement))
                .bind(self.id().uuid())
                .bind(bytes_of(keys))
                .fetch_all(&mut *tx)
                .await
                .map_err(StoreError::during("looking for unknown keys"))?;
            found.extend(ids.into_iter().map(|id| (column.name, id)));
        }
        Ok(found)
    }

    /// Replaces cells that still are what was found; what somebody else changed meanwhile stays as they left it.
    ///
    /// # Errors
    /// The database failed; then nothing is replaced.
    pub async fn replace_cells(
        &self,
        table: &SealedTable,
        replacements: &[Replacement],
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for column in table.columns {
            let of_column: Vec<&Replacement> =
                replacements.iter().filter(|replacement| replacement.old.column == *column).collect();
            if of_column.is_empty() {
                continue;
            }
            let (name, sets_index) = (column.name, column.index.map(|(index, _)| format!(", {index} = r.index")));
            let statement = format!(
                "update {table} t set {name} = r.new{index} from unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[]) as r (id, old, new, index)
                 where t.{workspace} = $1 and t.id = r.id and t.{name} = r.old",
                table = table.name,
                index = sets_index.unwrap_or_default(),
                workspace = table.workspace_column,
            );
            let (mut ids, mut old, mut new, mut indexes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for replacement in of_column {
                ids.push(replacement.old.row);
                old.push(replacement.old.sealed.as_slice());
                new.push(replacement.sealed.as_slice());
                indexes.push(replacement.index.as_ref().map(|index| index.as_bytes().as_slice()));
            }
            sqlx::query(AssertSqlSafe(statement))
                .bind(self.id().uuid())
                .bind(ids)
                .bind(old)
                .bind(new)
                .bind(indexes)
                .execute(&mut *tx)
                .await
                .map_err(StoreError::during("replacing sealed cells"))?;
        }
        audit::write(&mut tx, self.id(), entry).await?;
        commit(tx).await
    }
}
