/*
 * steps.h - sets to steps: what plan.c and stamp.c share.
 */
#ifndef MIG_STEPS_H
#define MIG_STEPS_H

#include "plan.h"
#include "reach.h"

/*
 * Put a step for every member of s behind those that out has, in order.
 * out->steps is an array of its own afterwards. False: MIG_NOMEM.
 */
extern bool mig_steps_add(MigGraph *g, const uint64_t *s, MigAction action,
                          bool newest, MigPlan *out);

#endif
