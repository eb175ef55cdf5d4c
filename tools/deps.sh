#!/bin/sh
#
# deps.sh - install what a target needs and the machine does not have.
#
#     tools/deps.sh sqlite          build and try the SQLite module
#     tools/deps.sh postgresql      build and try the PostgreSQL extension
#     tools/deps.sh check           the whole of "make check"
#     tools/deps.sh matrix          "make check-matrix"
#
# Each need is tested by what it is for (a command, a header), so that a tool
# from elsewhere counts, and nothing is touched when nothing is missing. With
# apt-get, and as root or through sudo, the missing packages are installed;
# otherwise they are named and the exit status is 1. A package source that
# cannot be reached is no reason to fail while the packages can be had.

set -u

missing=
optional=

say()
{
	printf 'deps: %s\n' "$*"
}

# want WHAT-IS-TESTED PACKAGE: note the package when the test (a command name,
# or a shell command with blanks) fails.
want()
{
	case $1 in
	*' '*) sh -c "$1" >/dev/null 2>&1 && return ;;
	*) command -v "$1" >/dev/null 2>&1 && return ;;
	esac
	case " $missing " in
	*" $2 "*) ;;
	*) missing="$missing $2" ;;
	esac
}

# The same for what a suite can do without (it says so when it skips).
like()
{
	kept=$missing
	want "$1" "$2"
	if [ "$missing" != "$kept" ]; then
		optional="$optional $2"
		missing=$kept
	fi
}

compiler()
{
	want make make
	want "${CC:-cc}" gcc
	want "echo '#include <stdio.h>' | ${CC:-cc} -E -" libc6-dev
}

sqlite()
{
	compiler
	want "echo '#include <sqlite3ext.h>' | ${CC:-cc} -E -" libsqlite3-dev
	want sqlite3 sqlite3
}

# The major version of the server: the newest installed one, else the one
# that the distribution offers.
server_major()
{
	newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres |
		sed -n 's|.*/postgresql/\([0-9][0-9]*\)/.*|\1|p' | sort -n | tail -n 1)
	if [ -z "$newest" ]; then
		newest=$(apt-cache depends postgresql 2>/dev/null |
			sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
	fi
	printf '%s' "$newest"
}

# A PostgreSQL from elsewhere, named by PG_CONFIG or found on the path, is
# enough when it has its headers, PGXS and its server.
server_complete()
{
	config=${PG_CONFIG:-pg_config}
	command -v "$config" >/dev/null 2>&1 &&
		[ -r "$("$config" --includedir-server)/postgres.h" ] &&
		[ -r "$("$config" --pgxs)" ] &&
		[ -x "$("$config" --bindir)/postgres" ] &&
		[ -x "$("$config" --bindir)/psql" ]
}

postgresql()
{
	compiler
	server_complete && return
	major=$(server_major)
	if [ -z "$major" ] && command -v apt-get >/dev/null 2>&1; then
		refresh
		major=$(server_major)
	fi
	dir=/usr/lib/postgresql/$major
	want "test -x '$dir/bin/postgres'" "postgresql-${major:-server}"
	want "test -x '$dir/bin/psql'" "postgresql-client-${major:-client}"
	want "test -r '$dir/lib/pgxs/src/makefiles/pgxs.mk' &&
		test -r '/usr/include/postgresql/$major/server/postgres.h'" \
		"postgresql-server-dev-${major:-headers}"
}

check()
{
	sqlite
	postgresql
	want clang clang
	want "clang-format --version" clang-format
	want "echo 'int main(void) { return 0; }' |
		clang -fsanitize=fuzzer-no-link,address -xc -o /dev/null -" \
		"$(clang_runtime)"
	want valgrind valgrind
	want shellcheck shellcheck
	want python3 python3
	want git git
	want "command -v ps" procps
	like "/usr/bin/python3 -c 'import psycopg2'" python3-psycopg2
	like "/usr/bin/python3 -c 'import psycopg'" python3-psycopg
	like "/usr/bin/python3 -c 'import asyncpg'" python3-asyncpg
	like "/usr/bin/python3 -c 'import aiosqlite'" python3-aiosqlite
	like "PATH=\$PATH:/usr/sbin command -v pgbouncer" pgbouncer
	like "/usr/bin/python3 -c 'import alembic'" alembic
	like sqitch sqitch
	like "perl -MDBD::Pg -e 1" libdbd-pg-perl
	like sql-migrate sql-migrate
	like "/usr/bin/ruby -e \"require 'logger'; require 'active_record'\"" \
		ruby-activerecord
	like "/usr/bin/ruby -e \"require 'pg'\"" ruby-pg
	like "/usr/bin/ruby -e \"require 'sqlite3'\"" ruby-sqlite3
	like java default-jre-headless
	like "test -r /usr/share/java/slf4j-api.jar ||
		test -r /usr/share/maven/lib/slf4j-api.jar" libslf4j-java
	like npm npm
}

# clang's sanitizers are a package of their own, named by its version.
clang_runtime()
{
	major=$(clang -dumpversion 2>/dev/null | sed 's/\..*//')
	if [ -z "$major" ]; then
		major=$(apt-cache depends clang 2>/dev/null |
			sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
	fi
	printf 'libclang-rt-%s-dev' "${major:-14}"
}

matrix()
{
	check
	want mmdebstrap mmdebstrap
	want "test -r /usr/share/keyrings/debian-archive-keyring.gpg" \
		debian-archive-keyring
	like s390x-linux-gnu-gcc gcc-s390x-linux-gnu
	like "test -d /usr/s390x-linux-gnu/include" libc6-dev-s390x-cross
	like qemu-s390x-static qemu-user-static
}

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

apt()
{
	as_root apt-get -y -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
		-o Acquire::Retries=1 -o Acquire::http::Timeout=20 "$@" \
		</dev/null >>"$log" 2>&1
}

# Its status does not count: one source of many may be out of reach.
refresh()
{
	may_install || return 0
	say "refreshing the package lists"
	apt update || true
}

may_install()
{
	command -v apt-get >/dev/null 2>&1 || return 1
	[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
		{ command -v sudo >/dev/null 2>&1 && [ -t 0 ]; }
}

# Headers in the version of the server that is there, so that a running
# server is not upgraded by the way.
pinned()
{
	for package; do
		case $package in
		postgresql-server-dev-*)
			version=$(dpkg-query -W -f '${Version}' \
				"postgresql-${package##*-}" 2>/dev/null)
			if [ -n "$version" ] && apt-cache madison "$package" |
				grep -qF " $version "; then
				package=$package=$version
			fi
			;;
		esac
		printf '%s ' "$package"
	done
}

# shellcheck disable=SC2046 # names of packages have no blanks
install()
{
	say "installing: $*"
	apt install --no-install-recommends $(pinned "$@") && return
	refresh
	apt install --no-install-recommends $(pinned "$@") && return
	apt install --no-install-recommends "$@"
}

if [ $# -eq 0 ]; then
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
	exit 2
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for need; do
	case $need in
	sqlite | postgresql | check | matrix) "$need" ;;
	*)
		say "$need is none of: sqlite, postgresql, check, matrix"
		exit 2
		;;
	esac
done

[ -n "$missing$optional" ] || exit 0
if ! may_install; then
	[ -z "$optional" ] || say "some tests will be skipped without:$optional"
	[ -n "$missing" ] || exit 0
	say "please install:$missing"
	say "(names of Debian packages; or run this as root or with sudo)"
	exit 1
fi
# shellcheck disable=SC2086 # two lists of words
if [ -n "$missing" ] && ! install $missing; then
	tail -n 20 "$log"
	say "could not install:$missing"
	exit 1
fi
# Not every release has every one of them.
# shellcheck disable=SC2086
if [ -n "$optional" ] && ! install $optional; then
	for package in $optional; do
		apt install --no-install-recommends "$package" ||
			say "some tests will be skipped without $package"
	done
fi
exit 0
