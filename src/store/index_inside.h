/* What the two files of the index share: index.c, which keeps it up to date, and answers.c, which asks it; nobody else. */
#ifndef STORE_INDEX_INSIDE_H
#define STORE_INDEX_INSIDE_H

#include "store/index.h"
#include "store/sql.h"

struct index {
	char *folder;
	struct sql *sql;
	struct repository *repository;
	char aside[REPOSITORY_REFERENCE_SIZE]; /* the reference that is not read */
	struct index_watch watch;
};

/* After a failure: true where it was the file's fault and there is a new one, so that the question may be asked again. */
bool index_make_anew(struct index *index);

#endif
