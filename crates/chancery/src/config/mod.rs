//! The configuration: one TOML file, environment, flags, in that order; every value has a documented default.

mod layers;
mod proxies;
mod settings;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub(crate) use layers::{Flags, load};
pub(crate) use proxies::proxies_of;
pub(crate) use settings::{SETTINGS, Setting};

/// The effective configuration. Every field has its row in [`SETTINGS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) data_folder: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<String>,
    pub(crate) proxies: String,
    pub(crate) forwarded_header: String,
    pub(crate) fonts_folder: Option<PathBuf>,
    pub(crate) database_url_file: Option<PathBuf>,
    pub(crate) database_migrate_url_file: Option<PathBuf>,
    pub(crate) database_bin_folder: Option<PathBuf>,
    pub(crate) database_connection_count_max: Option<u32>,
    pub(crate) root_key_provider: RootKeyHolder,
    pub(crate) root_key_also: Option<RootKeyHolder>,
    pub(crate) root_key_name: String,
    pub(crate) pkcs11_module: Option<PathBuf>,
    pub(crate) pkcs11_token: Option<String>,
    pub(crate) pkcs11_pin_file: Option<PathBuf>,
    pub(crate) transit_url: Option<String>,
    pub(crate) transit_token_file: Option<PathBuf>,
    pub(crate) transit_mount: String,
    pub(crate) transit_authority_file: Option<PathBuf>,
    pub(crate) kms_endpoint: Option<String>,
    pub(crate) kms_region: String,
    pub(crate) kms_access_key_id: Option<String>,
    pub(crate) kms_secret_key_file: Option<PathBuf>,
    pub(crate) root_key_file: Option<PathBuf>,
    pub(crate) root_key_pass_phrase_file: Option<PathBuf>,
    pub(crate) objects_folder: Option<PathBuf>,
    pub(crate) s3_bucket: Option<String>,
    pub(crate) s3_endpoint: Option<String>,
    pub(crate) s3_region: String,
    pub(crate) s3_access_key_id: Option<String>,
    pub(crate) s3_secret_key_file: Option<PathBuf>,
    pub(crate) s3_prefix: String,
    pub(crate) s3_server_side_encryption: bool,
    pub(crate) s3_timeout_ms: u64,
    pub(crate) s3_kms_key_id: Option<String>,
    pub(crate) s3_customer_key_file: Option<PathBuf>,
    pub(crate) render_thread_count: usize,
    pub(crate) render_queue_length_max: usize,
    pub(crate) render_timeout_ms: u64,
    pub(crate) render_page_count_max: u32,
    pub(crate) render_pixel_count_max: u32,
    pub(crate) image_dpi: u32,
    pub(crate) link_lifetime_minutes: u32,
    pub(crate) link_lifetime_minutes_max: u32,
    pub(crate) body_size_bytes_max: usize,
    pub(crate) body_timeout_ms: u64,
    pub(crate) header_timeout_ms: u64,
    pub(crate) json_depth_max: u32,
    pub(crate) concurrency_max: usize,
    pub(crate) connection_count_max: usize,
    pub(crate) drain_timeout_ms: u64,
    pub(crate) purge_interval_s: u64,
    pub(crate) keys_rotate_after_days: u32,
    pub(crate) audit_interval_s: u64,
    pub(crate) audit_checkpoint_file: Option<PathBuf>,
    pub(crate) memory_is_locked: bool,
    pub(crate) audit_places_file: Option<PathBuf>,
    pub(crate) audit_rotate_key_after_days: u32,
    pub(crate) log_level: String,
    pub(crate) log_format: LogFormat,
}

/// Who holds a root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RootKeyHolder {
    /// A file of ours.
    File,
    /// A security module.
    Pkcs11,
    /// Vault or OpenBao.
    Transit,
    /// AWS KMS.
    Kms,
}

impl RootKeyHolder {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::File, Self::Pkcs11, Self::Transit, Self::Kms];

    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Pkcs11 => "pkcs11",
            Self::Transit => "transit",
            Self::Kms => "kms",
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_folder: PathBuf::from("./chancery-data"),
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: None,
            proxies: String::new(),
            forwarded_header: "x-forwarded-for".to_owned(),
            fonts_folder: None,
            database_url_file: None,
            database_migrate_url_file: None,
            database_bin_folder: None,
            database_connection_count_max: None,
            root_key_provider: RootKeyHolder::File,
            root_key_also: None,
            root_key_name: "chancery".to_owned(),
            pkcs11_module: None,
            pkcs11_token: None,
            pkcs11_pin_file: None,
            transit_url: None,
            transit_token_file: None,
            transit_mount: "transit".to_owned(),
            transit_authority_file: None,
            kms_endpoint: None,
            kms_region: "us-east-1".to_owned(),
            kms_access_key_id: None,
            kms_secret_key_file: None,
            root_key_file: None,
            root_key_pass_phrase_file: None,
            objects_folder: None,
            s3_bucket: None,
            s3_endpoint: None,
            s3_region: "us-east-1".to_owned(),
            s3_access_key_id: None,
            s3_secret_key_file: None,
            s3_prefix: String::new(),
            s3_server_side_encryption: true,
            s3_timeout_ms: 30_000,
            s3_kms_key_id: None,
            s3_customer_key_file: None,
            render_thread_count: 0,
            render_queue_length_max: 256,
            render_timeout_ms: 30_000,
            render_page_count_max: 5_000,
            render_pixel_count_max: 50_000_000,
            image_dpi: 150,
            link_lifetime_minutes: 5,
            link_lifetime_minutes_max: 10_080,
            body_size_bytes_max: 6_000_000,
            body_timeout_ms: 30_000,
            header_timeout_ms: 10_000,
            json_depth_max: 64,
            concurrency_max: 1_000,
            connection_count_max: 10_000,
            drain_timeout_ms: 30_000,
            purge_interval_s: 60,
            keys_rotate_after_days: 365,
            audit_interval_s: 10,
            audit_checkpoint_file: None,
            memory_is_locked: false,
            audit_places_file: None,
            audit_rotate_key_after_days: 365,
            log_level: "info".to_owned(),
            log_format: LogFormat::Json,
        }
    }
}

impl Config {
    /// Render threads, with 0 meaning as many as there are cores.
    pub(crate) fn render_threads(&self) -> usize {
        match self.render_thread_count {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            count => count,
        }
    }

    /// Where the root key lies.
    pub(crate) fn root_key_path(&self) -> PathBuf {
        self.root_key_file.clone().unwrap_or_else(|| self.data_folder.join("root.key"))
    }

    /// Where sealed objects lie, unless they go to S3.
    pub(crate) fn objects_path(&self) -> PathBuf {
        self.objects_folder.clone().unwrap_or_else(|| self.data_folder.join("objects"))
    }

    /// Where the private cluster lives.
    pub(crate) fn cluster_path(&self) -> PathBuf {
        self.data_folder.join("cluster")
    }
}
