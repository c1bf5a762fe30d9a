#!/bin/sh
# Installs what this image lacks to compile CPython for WASI, or also to edit: sh install-missing.sh compile|edit
# Where nothing is missing, it needs neither a network nor a package manager.
set -eu

has() {
	command -v "$1" >/dev/null
}

has_wasi_sdk() {
	for clang in /opt/wasi-sdk*/bin/clang; do
		[ ! -x "$clang" ] || return 0
	done
	return 1
}

is_installed() {
	[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

give_up() {
	echo "cpybuild: $1" >&2
	exit 1
}

# CPython's own tools run under Node.js while CPython is built, so it is needed to compile, too.
case ${1-} in
	compile) programs='make node' ;;
	edit) programs='make node npm git' ;;
	*) give_up 'for what? "compile" or "edit"' ;;
esac

missing=
for program in $programs; do
	has "$program" || missing="$missing $program"
done

# The compiler, unless there is a WASI-SDK.
packages=
if ! has_wasi_sdk; then
	has dpkg-query || give_up 'the base image has no WASI-SDK below /opt, and is no Debian, which has packages instead of it'
	for package in clang-19 lld-19 llvm-19 libclang-rt-19-dev-wasm32 wasi-libc; do
		is_installed "$package" || packages="$packages $package"
	done
fi

if [ -n "$missing$packages" ]; then
	has apt-get || has dnf || give_up "the base image lacks$missing$packages, and has neither apt-get nor dnf"
	echo "cpybuild: installing$missing$packages"
	if has apt-get; then
		for program in $missing; do
			[ "$program" != node ] || program=nodejs
			packages="$packages $program"
		done
		export DEBIAN_FRONTEND=noninteractive
		apt-get update
		# shellcheck disable=SC2086 # a word for each package
		apt-get install --yes --no-install-recommends ca-certificates $packages
		apt-get clean
		rm -rf /var/lib/apt/lists/*
	else
		files=
		for program in $missing; do
			files="$files /usr/bin/$program"
		done
		# shellcheck disable=SC2086 # a word for each file
		dnf --assumeyes --nodocs --setopt=install_weak_deps=False install $files
		dnf --assumeyes clean all
	fi
fi

version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 20 ] || give_up "the base image has Node.js $version, and 20 is the oldest that works"
