# shellcheck shell=bash disable=SC2154 # what tools.sh has
#
# liquibase.sh - Liquibase, read by tools.sh: its jars and drivers lie in an
# npm package, java runs them. Besides the stories, its checksums of
# changelog/*.sql are compared with those that our reader gives them.

liquibase_jars=

liquibase_do()
{
	local url=$1 folder=$2

	shift 2
	case $url in
	*.db) url=jdbc:sqlite:$url ;;
	*) url="jdbc:postgresql://127.0.0.1:$(cat "$work/relay.port")/$url?user=$PGUSER" ;;
	esac
	(cd "$folder" && timeout 100 java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
		-cp "$liquibase_jars" \
		liquibase.integration.commandline.LiquibaseCommandLine \
		--show-banner=false --changelog-file=root.xml \
		--url="$url" "$@" </dev/null)
}

# A driver of Java speaks TCP; the server listens on a Unix socket.
relay_start()
{
	cat >"$work/relay.js" <<-'END'
		const net = require('net');
		const { PGHOST, PGPORT } = process.env;
		const to = PGHOST.startsWith('/')
		  ? { path: `${PGHOST}/.s.PGSQL.${PGPORT}` }
		  : { host: PGHOST, port: +PGPORT };
		const server = net.createServer((one) => {
		  const other = net.connect(to);
		  one.pipe(other).pipe(one);
		  one.on('error', () => other.destroy());
		  other.on('error', () => one.destroy());
		});
		server.listen(0, '127.0.0.1', () => {
		  require('fs').writeFileSync(process.argv[2] + '.new',
		    String(server.address().port));
		  require('fs').renameSync(process.argv[2] + '.new', process.argv[2]);
		  console.log('ready');
		});
	END
	rm -f "$work/relay.port"
	exec {relay_out}< <(exec node "$work/relay.js" "$work/relay.port")
	relay_pid=$!
	read -r -t 30 -u "$relay_out" _
}

liquibase_root()
{
	mkdir -p "$1"
	cat >"$1/root.xml" <<-'END'
		<databaseChangeLog
		 xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
		 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
		 xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
		  http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
		 <includeAll path="changelog"/>
		</databaseChangeLog>
	END
	mkdir -p "$1/changelog"
}

# Every file has a changeset ann:1, which only its path tells apart.
liquibase_tree()
{
	local name

	liquibase_root "$work/liquibase"
	for name in $names; do
		{
			echo '--liquibase formatted sql'
			echo '--changeset ann:1'
			step "$name"
			echo "--rollback $(undo "$name")"
		} >"$work/liquibase/changelog/$name.sql"
	done
}

full_liquibase()
{
	liquibase_do "$1" "$work/liquibase" update
}

half_liquibase()
{
	liquibase_do "$1" "$work/liquibase" update-count --count=2
}

# The identity and the checksum of each changeset, as Liquibase stores them
# and as the header of our script says; paths as seen from the changelogs.
liquibase_theirs()
{
	sqlite3 -batch -init /dev/null -list -separator ' ' "$1" "SELECT
		replace(filename || '::' || id || '::' || author, 'changelog/', ''),
		md5sum FROM databasechangelog ORDER BY orderexecuted"
}

liquibase_ours()
{
	sql "$1" "SELECT script FROM migrate_revision ORDER BY position" |
		sed -n 's/%20/ /g; s/^-- migrate:origin liquibase //p'
}

# Two checksums in one of ours: they differ between the databases.
liquibase_checksums()
{
	local folder=$work/liquibase_sums db=$work/liquibase_sums.db their ours

	liquibase_root "$folder"
	cp "$here/tools/changelog/"*.sql "$folder/changelog"
	awk '{ printf "%s\r\n", $0 }' "$here/tools/changelog/10_texts.sql" \
		>"$folder/changelog/80_crlf.sql"
	{
		printf '\357\273\277--liquibase formatted sql\n'
		printf -- '--changeset ann:1\nSELECT 1;\302\240SELECT 2;\fSELECT 3'
	} >"$folder/changelog/90_signs.sql"
	rm -f "$db"
	liquibase_do "$db" "$folder" changelog-sync \
		>"$log/liquibase-checksums.log" 2>&1
	chmod -R a+rX "$work"
	their=$(liquibase_theirs "$db")
	sql "$db" "SELECT migrate_load('$folder/changelog', 'liquibase')" \
		>>"$log/liquibase-checksums.log" 2>&1
	ours=$(liquibase_ours "$db" | sed 's/ 9:[0-9a-f]* \(9:[0-9a-f]*\)$/ \1/')
	if [ -n "$their" ] && [ "$their" = "$ours" ]; then
		echo "ok tools/liquibase-checksums"
	else
		echo "not ok tools/liquibase-checksums - they differ"
		diff <(echo "$their") <(echo "$ours")
		tail -n 5 "$log/liquibase-checksums.log"
	fi
}

liquibase_stories()
{
	local jar folder

	if ! command -v java >/dev/null; then
		skip liquibase "there is no java"
		return
	fi
	folder=$(modules liquibase liquibase@4.28.1)/liquibase/dist/liquibase
	if ! [ -r "$folder/internal/lib/liquibase-core.jar" ]; then
		skip liquibase "npm could not fetch liquibase"
		return
	fi
	liquibase_tree
	liquibase_jars="$folder/internal/lib/*"
	# What the driver of SQLite needs and the package lacks.
	for jar in /usr/share/java/slf4j-api.jar \
		/usr/share/maven/lib/slf4j-api.jar; do
		[ -r "$jar" ] && liquibase_jars="$liquibase_jars:$jar" && break
	done
	story sqlite liquibase "$work/liquibase/changelog" liquibase liquibase
	case $liquibase_jars in
	*slf4j-api*) liquibase_checksums ;;
	*) skip liquibase-checksums "there is no slf4j-api.jar" ;;
	esac
	[ -n "$have_server" ] || return 0
	if relay_start; then
		story postgresql liquibase "$work/liquibase/changelog" liquibase \
			liquibase
	else
		skip liquibase-postgresql "node does not run"
	fi
	kill "$relay_pid" 2>/dev/null
	return 0
}
