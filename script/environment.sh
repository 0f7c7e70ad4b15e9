# Sourced by every script: where things are built, and how progress is said.
# Nothing is written into the checkout: builds, fonts and veraPDF live in one cache folder that all checkouts share.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cache=${CHANCERY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/chancery}
mkdir -p "$cache"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export CHANCERY_FONTS=${CHANCERY_FONTS:-$cache/fonts}
export CHANCERY_VERAPDF=${CHANCERY_VERAPDF:-$cache/verapdf}
export SQLX_OFFLINE=${SQLX_OFFLINE:-true}
export CARGO_TERM_PROGRESS_WHEN=${CARGO_TERM_PROGRESS_WHEN:-auto}

started=$SECONDS
# say TEXT: one line of progress on standard error, with the seconds since the start.
say() { printf '\033[1m[%3ds]\033[0m %s\n' "$((SECONDS - started))" "$*" >&2; }
# fail TEXT HINT: ends with a sentence that says what to do.
fail() { printf 'error: %s\n  hint: %s\n' "$1" "$2" >&2; exit 3; }

# Cargo tells by the time of a file whether to build it again, and a checkout may be older than what another one built:
# then our own crates are built anew. Dependencies do not come from a checkout and are kept.
mkdir -p "$CARGO_TARGET_DIR"
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2>/dev/null)" != "$root" ]; then
  git ls-files -z '*.rs' 2>/dev/null | xargs -0r touch
  printf '%s\n' "$root" >"$CARGO_TARGET_DIR/checkout"
fi
