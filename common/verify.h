/*
 * verify.h - does what is applied still fit what is stored? migrate_verify
 * lists what does not; migrate_check turns it into one error, for CI.
 *
 * Problems: "changed" (the script is not the one that ran), "missing"
 * (applied, but no script is known), "gap" (applied above something that is
 * not), "chain" (a stored checksum or chain hash is not that of the script:
 * somebody wrote to the table past the engine).
 */
#ifndef MIG_VERIFY_H
#define MIG_VERIFY_H

#include "look.h"

extern bool mig_call_verify(MigCall *c);
extern bool mig_call_check(MigCall *c);

#endif
