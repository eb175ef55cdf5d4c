/*
 * author.h - new scripts: migrate_revision and migrate_merge.
 */
#ifndef MIG_AUTHOR_H
#define MIG_AUTHOR_H

#include "look.h"

extern bool mig_call_revision(MigCall *c);
extern bool mig_call_merge(MigCall *c);

#endif
