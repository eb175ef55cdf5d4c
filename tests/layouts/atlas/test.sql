--# sums, modes, delimiters, sections; checkpoints are left out
SELECT migrate_load('@dir@/atlas/tree');
SELECT revision, revises, message FROM migrate_status();
SELECT step, revision, CASE WHEN transactional THEN 'yes' ELSE 'no' END FROM migrate_plan();
SELECT migrate_script('20240101000000');
SELECT migrate_script('20240102000000');
SELECT migrate_script('20240104000000');
SELECT migrate_script('20240105000000');
SELECT migrate_script('20240106000000');

--# a directory that begins with a checkpoint
SELECT migrate_load('@dir@/atlas/cut');
SELECT migrate_script('3');

--# what does not match atlas.sum
SELECT migrate_load('@dir@/atlas/changed');
SELECT migrate_load('@dir@/atlas/added');
SELECT migrate_load('@dir@/atlas/removed');
SELECT migrate_load('@dir@/atlas/total');

--# what cannot be kept
SELECT migrate_load('@dir@/atlas/txmode');
SELECT migrate_load('@dir@/atlas/import');
SELECT migrate_load('@dir@/atlas/checks');
