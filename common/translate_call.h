/*
 * translate_call.h - migrate_translate: a text with statements in either
 * flavour as one database needs it.
 *
 * What stands between the statements stays. A statement that is left out is
 * a comment that says so. A statement without a flavour of its own is taken
 * as one of the database that is asked, if the text is for the other one.
 */
#ifndef MIG_TRANSLATE_CALL_H
#define MIG_TRANSLATE_CALL_H

#include "function.h"
#include "text.h"
#include "translate.h"

extern bool mig_call_translate(MigCall *c);

/*
 * The statements of a MIG_ITEM_ALTER, each with ";" and a line end, where
 * every action has one that needs no look at the table. Else MIG_STATE with
 * the place.
 */
extern bool mig_translate_native(Mig *m, const MigItem *item, MigText *out);

#endif
