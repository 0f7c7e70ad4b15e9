//! Makes the compiler look again when a migration is added: the library embeds the folder.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
