# Sourced by ./run and ./test: makes the Python environment they run in.
#
# An environment is built in .venvs/KEY, KEY being a hash of what goes into it, and counts once its
# stamp `.complete` is there, written last; only then does the symbolic link NAME point to it. So an
# interrupted set-up leaves the previous environment in place and never a half-made one, and a second
# start needs neither time nor network.

say() { printf '%s\n' "$*" >&2; }

# May this user install Debian packages? Sets $as_root to the prefix that does it.
may_install() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then as_root=(); return 0; fi
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && { as_root=(sudo -n); return 0; }
    return 1
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

# install_packages WHY PACKAGE...: installs what is missing where it may, otherwise says what to do.
install_packages() {
    local why=$1 missing
    shift
    command -v dpkg-query >/dev/null || { say "Not a Debian system: please provide $* yourself ($why)."; return 1; }
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! may_install; then
        say "Missing: $missing($why). As root: apt-get install $missing"
        return 1
    fi
    say "Installing $missing($why) …"
    # shellcheck disable=SC2086 # a list of package names
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' install $missing >&2 ||
        { say "Could not install $missing; as root: apt-get install $missing"; return 1; }
}

find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    say "Python 3.11 or newer is needed and none was found on PATH."
    return 1
}

# ensure_environment NAME LOCK: after it, NAME/bin/python has what LOCK lists and this project.
ensure_environment() {
    local name=$1 lock=$2 python key target
    python=$(find_python)
    key=$(cat "$lock" requirements-setup.lock pyproject.toml scripts/environment.sh <("$python" -VV; pwd) | sha256sum | cut -c1-16)
    target=.venvs/$key
    [ -e "$target/.complete" ] && [ "$(readlink "$name")" = "$target" ] && return 0
    mkdir -p .venvs
    exec 9>.venvs/lock
    flock 9
    if [ ! -e "$target/.complete" ]; then
        build_environment "$python" "$target" "$lock" || { rm -rf "$target"; return 1; }
    fi
    [ -L "$name" ] || rm -rf "${name:?}"
    ln -sfn "$target" "$name.new" && mv -T "$name.new" "$name"
    remove_unused_environments
    exec 9>&-
}

build_environment() {
    local python=$1 target=$2 lock=$3
    say "Setting up $lock …"
    trap 'rm -rf "$target"' EXIT
    trap 'exit 130' INT TERM HUP
    rm -rf "$target"
    "$python" -m venv "$target" &&
        "$target/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock &&
        "$target/bin/uv" pip install --quiet --compile-bytecode --python "$target/bin/python" --require-hashes --no-build-isolation-package pyscard -r "$lock" &&
        "$target/bin/uv" pip install --quiet --python "$target/bin/python" --no-deps --no-build-isolation --editable . &&
        sync && touch "$target/.complete"
    local outcome=$?
    trap - EXIT INT TERM HUP
    return "$outcome"
}

remove_unused_environments() {
    local one
    for one in .venvs/*/; do
        one=${one%/}
        [ "$(readlink .venv)" = "$one" ] || [ "$(readlink .venv-test)" = "$one" ] || rm -rf "$one"
    done
}
