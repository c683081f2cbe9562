/* Looks at a git pack from elsewhere before libgit2 unpacks it, which believes what a pack says of its sizes.
 *
 * A pack is "PACK", a version, a count and that many objects: a size, for a difference also what it is from, and the object
 * or difference deflated (git's pack format). Each is inflated here into nothing and held against what is allowed: an object
 * of no more than a recipe's file may have, a result of a difference likewise, which must be from an object that came before; all of
 * them together no more than honest recipes swell to. So the memory that it takes to unpack the pack is bounded by its own length.
 */
#ifndef EXCHANGE_PACK_CHECK_H
#define EXCHANGE_PACK_CHECK_H

#include "base/error.h"

#include <stddef.h>

/* `name` is for messages. Refuses in one line. That the objects are what their hashes say is checked by libgit2. */
enum status pack_check(const char *bytes, size_t length, const char *name, struct error *err);

#endif
