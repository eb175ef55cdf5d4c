--# the project's folder, or the one in it
SELECT migrate_load('@dir@/supabase/supabase');
SELECT revision, revises, message, state FROM migrate_status();
SELECT migrate_script('20240102000000');
SELECT migrate_apply();
SELECT id FROM users;
SELECT migrate_load('@dir@/supabase/supabase/migrations');
SELECT migrate_load('@dir@/supabase');
SELECT revision, state FROM migrate_status();
