#!/usr/bin/env bash
#
# A rehearsal leaves nothing behind: pg_dump writes the same bytes before and
# after. MEGABYTES is how large the database is.

set -euo pipefail

megabytes=${MEGABYTES:-4}
psql=("$MIGRATE_PG_BINDIR/psql" -X -q -A -t -v ON_ERROR_STOP=1)
"${psql[@]}" >/dev/null <<E
SET client_min_messages = warning;
CREATE EXTENSION migrate;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL, mood mood, at timestamptz NOT NULL);
CREATE TABLE posts (id serial PRIMARY KEY, author integer NOT NULL
  REFERENCES users ON DELETE CASCADE, body text, n integer);
CREATE INDEX posts_author ON posts (author);
CREATE INDEX posts_n ON posts (n);
CREATE VIEW happy AS SELECT id, name FROM users WHERE mood = 'happy';
INSERT INTO users (name, mood, at)
  SELECT 'user ' || i, (ARRAY['sad', 'happy', NULL])[1 + i % 3]::mood,
    timestamptz '2026-01-01' + i * interval '1 minute'
  FROM generate_series(1, 1000 * $megabytes) AS i;
INSERT INTO posts (author, body, n)
  SELECT 1 + i % (1000 * $megabytes), repeat(md5(i::text), 6), i
  FROM generate_series(1, 4500 * $megabytes) AS i;
SELECT migrate_add(\$\$-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY, name text);
INSERT INTO tags (name) SELECT name FROM users;
ALTER TABLE posts ALTER COLUMN n TYPE bigint;
UPDATE posts SET body = upper(body) WHERE n % 2 = 0;
DROP VIEW happy;
ALTER TABLE users ADD COLUMN note text NOT NULL DEFAULT 'none', DROP COLUMN at;
CREATE INDEX posts_body ON posts (body);
DROP INDEX posts_n;
COMMENT ON TABLE posts IS 'rehearsed';
-- migrate:revision b
-- migrate:up
DELETE FROM users WHERE id % 2 = 0;
TRUNCATE tags;
ALTER TABLE posts RENAME TO articles;
ALTER TYPE mood RENAME VALUE 'sad' TO 'low';
SET search_path = pg_catalog;
DROP TABLE public.articles;
\$\$);
E

dump()
{
	# Words that newer ones make up anew each time.
	"$MIGRATE_PG_BINDIR/pg_dump" | sed '/^\\\(un\)\{0,1\}restrict /d'
}

dump >"$MIGRATE_TMP/before"
count=$("${psql[@]}" -c 'SELECT count(*) FROM migrate_rehearse()' 2>&1 | tail -n 1)
dump >"$MIGRATE_TMP/after"
size=$("${psql[@]}" -c \
	'SELECT pg_size_pretty(pg_database_size(current_database()))')
if [ "$count" != 15 ]; then
	echo "not ok rehearse-dump - $count statements were rehearsed"
elif cmp -s "$MIGRATE_TMP/before" "$MIGRATE_TMP/after"; then
	echo "ok rehearse-dump ($size)"
else
	echo "not ok rehearse-dump - the database is another one"
	diff "$MIGRATE_TMP/before" "$MIGRATE_TMP/after" | head -n 20
fi
