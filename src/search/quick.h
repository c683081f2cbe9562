/* The fast answer: the best recipes by all appearances, in the time of a key press (quick.c). */
#ifndef SEARCH_QUICK_H
#define SEARCH_QUICK_H

#include "search/run.h"

/* Puts them into the run's list. False without memory. */
bool quick_answer(struct run *run);

#endif
