#!/usr/bin/env bash
#
# matrix.sh - the tests on other versions of both databases.
#
#     tests/matrix.sh [LEG ...]       none: all; "make check-matrix" does it
#
# A leg is a Debian or Ubuntu release in a folder of its own, made once with
# mmdebstrap and kept in MATRIX_DIR (build/matrix): some 500 MB and a minute
# each. It has that release's compiler, SQLite and PostgreSQL; the tree is
# copied in, built and tested there. A leg that this machine cannot have is
# skipped, and says why. "experimental" is a version before its release: what
# fails there does not count. "s390x" runs the core's tests on a machine whose
# bytes are in the other order, by emulation.
#
# The last line is "N passed, N failed" over all legs; what a leg printed is
# in MATRIX_DIR/LEG.log.

set -uo pipefail
umask 022

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
BUILD=${BUILD:-$top/build}
dir=${MATRIX_DIR:-$BUILD/matrix}
suites=${SUITES:-unit parity-sqlite parity-postgresql sqlite pg}
# Where packages come from: Debian's mirror is the one that this machine uses.
debian=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' \
	2>/dev/null | awk '$1 == "Debian" { print $2; exit }')}
debian=${debian:-none}
ubuntu=${UBUNTU_MIRROR:-none}
keyrings=/usr/share/keyrings
passed=0 failed=0 skipped=0

# leg, release, mirror, PostgreSQL's major version
legs="
bullseye bullseye $debian 13
trixie trixie $debian 17
jammy jammy $ubuntu 14
noble noble $ubuntu 16
forky forky $debian 18
experimental sid $debian 19
"

skip()
{
	echo "skip $1 - $2"
	skipped=$((skipped + 1))
}

# Ubuntu's keys come from the host, or from Debian's package of them.
ubuntu_keys()
{
	local file=$keyrings/ubuntu-archive-keyring.gpg

	if [ ! -r "$file" ] && [ -d "$dir/trixie/etc" ]; then
		file=$dir/trixie$file
		[ -r "$file" ] ||
			chroot "$dir/trixie" sh -c 'apt-get -q update &&
				apt-get -q -y install ubuntu-archive-keyring' >&2
	fi
	[ -r "$file" ] && echo "$file"
}

# The release with what the build and the tests need. The headers of the
# server are unpacked, not installed: their package wants a whole LLVM.
make_root()
{
	local leg=$1 release=$2 mirror=$3 major=$4 root=$dir/$1 keys
	local packages=make,gcc,libc6-dev,libsqlite3-dev,sqlite3,procps,python3
	local server=postgresql-$major,postgresql-client-$major
	local headers=postgresql-server-dev-$major
	local options=(--variant=apt --aptopt='Acquire::Check-Valid-Until "false"')
	local from="deb [signed-by=KEYS] $mirror $release main"

	[ ! -f "$root/.ready" ] || return 0
	[ "$mirror" != none ] || {
		echo "no mirror is known"
		return 1
	}
	rm -rf "$root"
	case $mirror in
	"$ubuntu")
		keys=$(ubuntu_keys) || {
			echo "there is no keyring of Ubuntu"
			return 1
		}
		from="deb [signed-by=$keys] $mirror $release main universe"
		;;
	*) from=${from/KEYS/$keyrings/debian-archive-keyring.gpg} ;;
	esac
	if [ "$leg" = experimental ]; then
		from="$from
deb [signed-by=$keyrings/debian-archive-keyring.gpg] $mirror experimental main"
		server=postgresql-$major/experimental
		server=$server,postgresql-client-$major/experimental
		server=$server,libpq5/experimental
		headers=$headers/experimental
	fi
	mmdebstrap "${options[@]}" --include="$packages,$server" \
		--essential-hook="mkdir -p \"\$1/etc/postgresql-common\";
			echo 'create_main_cluster = false' \
				>\"\$1/etc/postgresql-common/createcluster.conf\"" \
		--customize-hook="cd \"\$1/tmp\" && chroot \"\$1\" sh -c '
			cd /tmp && apt-get -q update && apt-get -q download $headers &&
			dpkg -x postgresql-server-dev-*.deb /'" \
		"$release" "$root" - <<<"$from" || {
		rm -rf "$root"
		return 1
	}
	touch "$root/.ready"
}

# A command in the chroot; mounts vanish with it.
inside()
{
	local root=$1

	shift
	unshare --mount --pid --fork sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
		mount -t tmpfs tmpfs "$0/tmp" && chmod 1777 "$0/tmp" &&
		exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root LC_ALL=C.UTF-8 "$@"' "$root" "$@" </dev/null
}

copy_tree()
{
	rm -rf "$1/srv/migrate"
	mkdir -p "$1/srv/migrate"
	{
		if git rev-parse --git-dir >/dev/null 2>&1; then
			git ls-files -co --exclude-standard -z
		else
			find . -type f -not -path './build/*' -print0
		fi
	} | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$1/srv/migrate"
}

# SQLite before 3.35 must be told so, in words.
old_sqlite()
{
	local root=$1 text

	inside "$root" sh -c "sqlite3 -version | awk '{
		split(\$1, v, \".\"); exit !(v[1] == 3 && v[2] < 35) }'" || return
	text=$(inside "$root" sqlite3 :memory: \
		'.load /srv/migrate/build/sqlite/migrate' 2>&1)
	case $text in
	*3.35*) echo "ok old-sqlite" ;;
	*) echo "not ok old-sqlite - it says: $text" ;;
	esac
}

test_root()
{
	local root=$1 major=$2 wanted=$suites
	local config=/usr/lib/postgresql/$major/bin/pg_config
	local old

	copy_tree "$root"
	inside "$root" make -s -C /srv/migrate -j"$(nproc)" \
		PG_CONFIG="$config" all build-unit build-drivers || {
		echo "not ok build - it does not build"
		echo "0 passed, 1 failed"
		return
	}
	old=$(old_sqlite "$root")
	if [ -n "$old" ]; then
		echo "$old"
		wanted=${wanted/parity-sqlite/} wanted=${wanted/ sqlite/}
	fi
	# shellcheck disable=SC2086 # names of suites
	inside "$root" env PG_CONFIG="$config" /srv/migrate/tests/run.sh $wanted
}

# Add up a leg's log and say it in a line. The total has the unit tests in it;
# a leg that has only them has no total.
account()
{
	local leg=$1 p f

	read -r p f < <(awk '
		/^[0-9]+ passed, [0-9]+ failed$/ { p += $1; f += $3; seen = 1 }
		/^unit: [0-9]+ passed/ { up = $2; uf = $4; unit = 1 }
		/^ok old-/ { p++ }
		/^not ok old-/ { f++ }
		END {
			if (!seen && unit) { p += up; f += uf }
			if (!seen && !unit) f++
			print p + 0, f + 0
		}' "$dir/$leg.log")
	printf '%-14s %5d passed %4d failed   %s\n' "$leg" "$p" "$f" "$2"
	[ "$f" = 0 ] || grep -vE '^(ok|skip) ' "$dir/$leg.log" | tail -n 60
	if [ "$leg" = experimental ] && [ "$f" != 0 ]; then
		echo "(not counted: a version before its release)"
		f=0
	fi
	passed=$((passed + p)) failed=$((failed + f))
}

run_leg()
{
	local leg=$1 release=$2 mirror=$3 major=$4 about

	if [ "$(id -u)" != 0 ]; then
		skip "$leg" "a chroot needs root"
		return
	elif ! command -v mmdebstrap >/dev/null; then
		skip "$leg" "there is no mmdebstrap"
		return
	elif ! make_root "$leg" "$release" "$mirror" "$major" \
		>"$dir/$leg.log" 2>&1; then
		skip "$leg" "it could not be made: $(grep -E '^(E:|there)' \
			"$dir/$leg.log" | tail -n 1)"
		return
	fi
	about=$(inside "$dir/$leg" sh -c "
		/usr/lib/postgresql/$major/bin/postgres --version |
			sed 's/.*) \([^ ]*\).*/PostgreSQL \1/'
		sqlite3 -version | sed 's/\([^ ]*\).*/SQLite \1/'
		gcc -dumpfullversion | sed 's/^/gcc /'" | paste -s -d ' ')
	test_root "$dir/$leg" "$major" >"$dir/$leg.log" 2>&1
	account "$leg" "$about"
}

run_s390x()
{
	local cc=s390x-linux-gnu-gcc qemu=qemu-s390x-static

	if ! command -v "$cc" >/dev/null || ! command -v "$qemu" >/dev/null; then
		skip s390x "there is no $cc with $qemu"
		return
	fi
	make -s -j"$(nproc)" BUILD="$dir/s390x" CC="$cc" SAN='-O1 -g -static' \
		build-unit >"$dir/s390x.log" 2>&1 &&
		"$qemu" "$dir/s390x/unit/unit" >>"$dir/s390x.log" 2>&1
	account s390x "the core, big-endian"
}

mkdir -p "$dir"
chosen=" $* "
while read -r leg release mirror major; do
	[ -n "$leg" ] || continue
	[ $# = 0 ] || [[ $chosen == *" $leg "* ]] || continue
	run_leg "$leg" "$release" "$mirror" "$major"
done <<<"$legs"
if [ $# = 0 ] || [[ $chosen == *" s390x "* ]]; then
	run_s390x
fi
[ $skipped = 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
