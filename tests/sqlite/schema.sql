CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, n INT DEFAULT 1, g INT AS (n + 1), CONSTRAINT k UNIQUE (email), CHECK (n > 0));
CREATE TABLE posts (id INTEGER PRIMARY KEY, u INT REFERENCES users (id) ON DELETE CASCADE);
CREATE INDEX posts_u ON posts (u) WHERE u > 1;
CREATE VIEW v AS SELECT id FROM users;
CREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END;
CREATE TEMP TABLE seen AS SELECT migrate_schema_fingerprint() AS value;

-- Layout, comments, quotes and letter case of names mean nothing.
DROP TABLE posts;
create table "POSTS" (
  [id] integer primary key, -- the key
  `u` int references "users"("id") on delete cascade
);
CREATE INDEX "posts_u" ON "posts"("u") WHERE u>1;
CREATE TRIGGER T AFTER INSERT ON posts BEGIN SELECT 1; END;
SELECT migrate_schema_fingerprint() = value FROM seen;
-- Nor does a name that was another one for a while, or a column that came and went.
ALTER TABLE users RENAME TO people;
ALTER TABLE people ADD COLUMN more TEXT;
SELECT migrate_schema_fingerprint() = value FROM seen;
ALTER TABLE people DROP COLUMN more;
ALTER TABLE people RENAME TO users;
SELECT migrate_schema_fingerprint() = value FROM seen;

-- Everything else does. Each of these is undone.
BEGIN; DROP INDEX posts_u; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP INDEX posts_u; CREATE INDEX posts_u ON posts (u) WHERE u > 2; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP INDEX posts_u; CREATE UNIQUE INDEX posts_u ON posts (u) WHERE u > 1; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP VIEW v; CREATE VIEW v AS SELECT id + 1 FROM users; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TRIGGER t; CREATE TRIGGER t BEFORE INSERT ON posts BEGIN SELECT 1; END; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TABLE posts; CREATE TABLE posts (id INTEGER PRIMARY KEY, u INT REFERENCES users (id)); CREATE INDEX posts_u ON posts (u) WHERE u > 1; CREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, n INT DEFAULT 1, g INT AS (n + 1), CONSTRAINT k UNIQUE (email), CHECK (n > 0)); SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, n INT DEFAULT 1, g INT AS (n + 1), CONSTRAINT k UNIQUE (email), CHECK (n > 1)); SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, n INT DEFAULT 1, g INT AS (n + 1), CONSTRAINT k UNIQUE (email), CHECK (n > 0)) STRICT; SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
BEGIN; DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, g INT AS (n + 1), n INT DEFAULT 1, CONSTRAINT k UNIQUE (email), CHECK (n > 0)); SELECT migrate_schema_fingerprint() = value FROM seen; ROLLBACK;
SELECT migrate_schema_fingerprint() = value FROM seen;
SELECT * FROM migrate_schema();
