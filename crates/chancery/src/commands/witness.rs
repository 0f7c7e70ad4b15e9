//! `witness`: makes the key of a witness, and serves one.

use std::path::Path;

use chancery_ledger::PublicKey;
use chancery_witness::{WitnessServer, WitnessState};
use tokio::signal::unix::SignalKind;

use super::serve::{listen_for, tell};
use crate::cli::WitnessServe;
use crate::error::CommandError;
use crate::{inputs, output, places};

/// Makes a key in a new file.
pub(crate) fn make_key(name: &str, path: &Path) -> Result<(), CommandError> {
    let public = chancery_witness::generate_witness_key(path, name).map_err(places::failed)?;
    output::line(&public.to_text())
}

/// Serves until it is told to stop.
pub(crate) async fn serve(flags: &WitnessServe) -> Result<(), CommandError> {
    let key = chancery_witness::read_witness_key(&flags.key_file).map_err(places::failed)?;
    let logs = flags.logs.iter().map(|path| public_key(path)).collect::<Result<Vec<_>, _>>()?;
    let state = WitnessState::open(&flags.state, key, logs).map_err(places::failed)?;
    let mut interrupt = listen_for(SignalKind::interrupt())?;
    let mut terminate = listen_for(SignalKind::terminate())?;
    let server = WitnessServer::bind(flags.listen, state).await.map_err(places::failed)?;
    let address = server.address();
    tell(address.port(), &format!("listening on http://{address}"), flags.port_file.as_deref())?;
    server
        .run(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
        .await;
    Ok(())
}

/// Reads a public key from a file.
pub(super) fn public_key(path: &Path) -> Result<PublicKey, CommandError> {
    PublicKey::parse(inputs::text(path)?.trim_end())
        .map_err(|error| CommandError::input(format!("{}: {error}", path.display())))
}
