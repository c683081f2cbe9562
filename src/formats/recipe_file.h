/* Recipe files (libconfig, format "follitone-recipe", version 2; 1 is read): one version of one recipe,
 * written so that a person can read it and a program reads back the same bits. */
#ifndef FORMATS_RECIPE_FILE_H
#define FORMATS_RECIPE_FILE_H

#include "base/error.h"
#include "base/text.h"
#include "match/recipe.h"

/* Parses the text of a recipe (which it may change). `path` is for messages. */
enum status recipe_parse(struct recipe *recipe, struct text *text, const char *path,
			 struct error *err);

/* The same of what a trusted signature stands for: it is not found out whether it was edited (`edited` is false), which takes a third
 * of the time. */
enum status recipe_parse_vouched(struct recipe *recipe, struct text *text, const char *path,
				 struct error *err);

/* For lists and searches: without the brief, and of what was predicted the looks alone; the rest stays 0 and unread, but where its
 * colours cannot be told without it. */
enum status recipe_skim(struct recipe *recipe, struct text *text, const char *path,
			struct error *err);

/* Reads the recipe of a file. `text` (may be NULL) is set to its bytes, to be cleared by the caller. */
enum status recipe_read(struct recipe *recipe, struct text *text, const char *path,
			struct error *err);

/* The text of the file. To be cleared by the caller. */
enum status recipe_print(struct text *out, const struct recipe *recipe, struct error *err);

/* The same without what is predicted, for who predicts it anew (compact.h): `edited` is then true, and arrays of spectra may come
 * empty. */
enum status recipe_print_unpredicted(struct text *out, const struct recipe *recipe,
				     struct error *err);
enum status recipe_parse_unpredicted(struct recipe *recipe, struct text *text, const char *path,
				     struct error *err);

#endif
