--# begin at a checkpoint
SELECT migrate_load('@dir@/atlas-checkpoint/tree');
INSERT INTO migrate_setting (name, value) VALUES ('atlas.checkpoint', 'newest');
SELECT migrate_load('@dir@/atlas-checkpoint/tree');
SELECT revision, revises FROM migrate_status();
UPDATE migrate_setting SET value = 'first' WHERE name = 'atlas.checkpoint';
SELECT migrate_load('@dir@/atlas-checkpoint/tree');
SELECT revision, revises FROM migrate_status();
UPDATE migrate_setting SET value = '9' WHERE name = 'atlas.checkpoint';
SELECT migrate_load('@dir@/atlas-checkpoint/tree');
