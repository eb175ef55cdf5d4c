-- Folders of a directory: what is looked at, and what is not.
SELECT writefile('@tmp@/dir/a/V1__one.sql', 'CREATE TABLE one (x);') > 0;
SELECT writefile('@tmp@/dir/a/b/V2__two.sql', 'CREATE TABLE two (x);') > 0;
SELECT writefile('@tmp@/dir/.git/V3__hidden.sql', 'SELECT 1;') > 0;
SELECT writefile('@tmp@/dir/node_modules/V4__modules.sql', 'SELECT 1;') > 0;
SELECT writefile('@tmp@/outside/V5__outside.sql', 'SELECT 1;') > 0;
.shell ln -s .. @tmp@/dir/a/loop
.shell ln -s ../outside @tmp@/dir/outside
.shell ln -s ../../outside/V5__outside.sql @tmp@/dir/a/V5__outside.sql
.shell ln -s b/V2__two.sql @tmp@/dir/a/V6__inside.sql
SELECT migrate_load('@tmp@/dir', 'flyway');
SELECT revision, replace(source, '@tmp@', '') FROM migrate_revision ORDER BY position;
.print -- too deep
.shell mkdir -p @tmp@/deep/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17
SELECT migrate_load('@tmp@/deep');
.print -- an applied file that goes keeps its place, in the order of numbers
SELECT writefile('@tmp@/gone/2_a.up.sql', 'CREATE TABLE g2 (x);') > 0;
SELECT writefile('@tmp@/gone/9_b.up.sql', 'CREATE TABLE g9 (x);') > 0;
SELECT writefile('@tmp@/gone/10_c.up.sql', 'CREATE TABLE g10 (x);') > 0;
SELECT writefile('@tmp@/gone/11_d.up.sql', 'CREATE TABLE g11 (x);') > 0;
SELECT migrate_load('@tmp@/gone');
SELECT migrate_remove('11');
SELECT migrate_apply('10');
.shell rm @tmp@/gone/9_b.up.sql @tmp@/gone/2_a.up.sql
SELECT migrate_load('@tmp@/gone');
SELECT revision, revises, state FROM migrate_status();
