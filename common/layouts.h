/*
 * layouts.h - the layouts that layout.c chooses from, but for the native one.
 */
#ifndef MIG_LAYOUTS_H
#define MIG_LAYOUTS_H

#include "layout.h"

extern const MigLayout mig_layout_alembic;
extern const MigLayout mig_layout_atlas;
extern const MigLayout mig_layout_diesel;
extern const MigLayout mig_layout_drizzle;
extern const MigLayout mig_layout_flyway;
extern const MigLayout mig_layout_golang_migrate;
extern const MigLayout mig_layout_goose;
extern const MigLayout mig_layout_graphile_migrate;
extern const MigLayout mig_layout_hasura;
extern const MigLayout mig_layout_liquibase;
extern const MigLayout mig_layout_node_pg_migrate;
extern const MigLayout mig_layout_prisma;
extern const MigLayout mig_layout_refinery;
extern const MigLayout mig_layout_sql_migrate;
extern const MigLayout mig_layout_sqitch;
extern const MigLayout mig_layout_sqlx;
extern const MigLayout mig_layout_supabase;

#endif
