/* A bound on the memory that libgit2 takes at once while it reads what others wrote: a common folder is a repository that is read as it
 * stands there, and one file in it may say that it becomes 100 GiB. What asks for more fails, as where memory has run out, and libgit2
 * returns that as an error.
 *
 *	bounded_begin();
 *	git_remote_download(…);
 *	bounded_end();
 */
#ifndef EXCHANGE_BOUNDED_H
#define EXCHANGE_BOUNDED_H

/* At once: sixteen times the largest recipe; enough for the list of what 150,000 versions have. */
enum { BOUNDED_BYTES_MOST = 64 << 20 };

/* Of all of the process: no other thread may be in libgit2. What was taken within is given back as ever, also afterwards. */
void bounded_begin(void);
void bounded_end(void);

#endif
