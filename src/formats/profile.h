/* Reference data by name: lights, observers, haemoglobin, pigment lines, techniques.
 *
 * A name is looked up in the user's own folder first ($XDG_CONFIG_HOME/follitone/profiles, usually
 * ~/.config/follitone/profiles, laid out as ours), then among the files that are built into the
 * program. Where a name is wanted a path of a file may be given instead. profiles/README.md
 * describes the formats.
 */
#ifndef FORMATS_PROFILE_H
#define FORMATS_PROFILE_H

#include "base/error.h"
#include "base/text.h"
#include "colour/light.h"
#include "pigment/skin.h"

/* Sets *out to the bytes of `name` with `suffix` in `folder` ("pigments", ".cfg"), or of the file
 * that `name` is the path of; `path` is then what to call it in messages. */
enum status profile_read(struct text *out, char path[4096], const char *folder, const char *name,
			 const char *suffix, struct error *err);

/* Adds the names of all profiles of a folder, a line each: the user's own, then ours. */
enum status profile_list(struct text *names, const char *folder, const char *suffix,
			 struct error *err);

/* True for a name of a profile, false for what would be taken for a path of a file. A name that stands
 * in a stranger's file is asked this first, so that no file it names is ever opened. */
bool profile_is_name(const char *name);

/* What the comment lines at the head of a profile's bytes say of its source and licence, as one line; empty where nothing. */
void profile_source(char *out, size_t size, const struct text *bytes);

/* A name as in the lists of CIE (A, C, D50, D55, D65, D75, F1..F12, FL3.1..FL3.15,
 * LED-B1..LED-V2), a daylight temperature ("5300K"), or a file of wavelength and power: CSV,
 * or an ArgyllCMS .sp. */
enum status illuminant_find(struct illuminant *out, const char *name, struct error *err);

/* "2" or "10". */
enum status observer_find(struct observer *out, const char *name, struct error *err);

enum status haemoglobin_find(struct haemoglobin *out, struct error *err);

#endif
