/* libgit2 fetches into the object database of a repository as it comes. Here that is one whose only place for packs is the
 * incoming (incoming.h), so that a common repository is distrusted like a file is; and where it is a folder, which libgit2 reads by itself,
 * what that may cost is bounded. */
#include "exchange/remote.h"

#include "exchange/bounded.h"
#include "exchange/shared.h"
#include "store/git.h"

#include <dirent.h>
#include <errno.h>
#include <git2/sys/odb_backend.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REMEMBERED "follitone.common"

/* Keys of ssh that are tried where no agent has one. */
static const char *const ssh_keys[] = {"id_ed25519", "id_ecdsa", "id_rsa"};

/* Who asks for a password, and has none, is asked again and again by libgit2. */
enum { ATTEMPTS_MOST = 1 + sizeof ssh_keys / sizeof *ssh_keys };

/* --- a place for packs ---------------------------------------------------------------------------------- */

struct packs {
	git_odb_backend backend; /* first, so that either stands for the other */
	git_odb_writepack writer;
	struct incoming *incoming;
	struct error *err;
	bool failed;
};

static int add_bytes(git_odb_writepack *writer, const void *bytes, size_t length,
		     git_indexer_progress *progress)
{
	struct packs *packs = (struct packs *)(void *)writer->backend;

	(void)progress;
	packs->failed = incoming_add(packs->incoming, bytes, length, packs->err) != STATUS_OK;
	return packs->failed ? -1 : 0;
}

static int end_bytes(git_odb_writepack *writer, git_indexer_progress *progress)
{
	(void)writer;
	(void)progress;
	return 0;
}

static void free_writer(git_odb_writepack *writer)
{
	(void)writer;
}

static int open_writer(git_odb_writepack **out, git_odb_backend *backend, git_odb *odb,
		       git_indexer_progress_cb progress, void *data)
{
	struct packs *packs = (struct packs *)(void *)backend;

	(void)odb;
	(void)progress;
	(void)data;
	packs->writer = (git_odb_writepack){
		.backend = backend, .append = add_bytes, .commit = end_bytes, .free = free_writer};
	*out = &packs->writer;
	return 0;
}

static void free_packs(git_odb_backend *backend)
{
	free(backend);
}

/* Before the loose ones and the packs of the repository itself, whose priorities are 1 and 2. */
static int put_packs(struct packs **out, git_repository *git, struct incoming *incoming,
		     struct error *err)
{
	const int first = 100;
	git_odb *odb = NULL;
	struct packs *packs = calloc(1, sizeof *packs);
	int failed = !packs || git_odb_init_backend(&packs->backend, GIT_ODB_BACKEND_VERSION);

	*out = packs;
	if (!failed) {
		packs->backend.writepack = open_writer;
		packs->backend.free = free_packs;
		packs->incoming = incoming;
		packs->err = err;
	}
	failed = failed || git_repository_odb(&odb, git) ||
		 git_odb_add_backend(odb, &packs->backend, first);
	if (failed)
		free(packs);
	git_odb_free(odb);
	return failed;
}

/* --- who we are there ----------------------------------------------------------------------------------- */

/* The agent, where there is one, and then each of the usual files that is there. */
static int offer_ssh_key(git_credential **out, const char *user, int *attempt)
{
	char path[PATH_SIZE], open_path[PATH_SIZE + 8];
	const char *home = getenv("HOME");

	if (*attempt == 1 && getenv("SSH_AUTH_SOCK"))
		return git_credential_ssh_key_from_agent(out, user);
	if (*attempt == 1)
		++*attempt;
	for (; *attempt <= ATTEMPTS_MOST; ++*attempt) {
		snprintf(path, sizeof path, "%s/.ssh/%s", home ? home : "", ssh_keys[*attempt - 2]);
		if (access(path, R_OK) == 0)
			break;
	}
	if (*attempt > ATTEMPTS_MOST)
		return GIT_EAUTH;
	snprintf(open_path, sizeof open_path, "%s.pub", path);
	return git_credential_ssh_key_new(out, user, open_path, path, "");
}

/* With ssh the agent's keys and then the usual files; else $FOLLITONE_SYNC_USER and $FOLLITONE_SYNC_PASSWORD, but not where everybody on
 * the way could read them. */
static int offer_credential(git_credential **out, const char *address, const char *user,
			    unsigned allowed, void *data)
{
	const char *name = getenv("FOLLITONE_SYNC_USER"),
		   *password = getenv("FOLLITONE_SYNC_PASSWORD");
	int *attempt = data;

	if (++*attempt > ATTEMPTS_MOST)
		return GIT_EAUTH;
	if (allowed & GIT_CREDENTIAL_USERNAME)
		return git_credential_username_new(out, user ? user : "git");
	if (allowed & GIT_CREDENTIAL_SSH_KEY)
		return offer_ssh_key(out, user ? user : "git", attempt);
	if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) || !password || *attempt > 1 ||
	    strncmp(address, "http://", strlen("http://")) == 0)
		return GIT_EAUTH;
	return git_credential_userpass_plaintext_new(out, name ? name : user ? user : "", password);
}

/* --- taking --------------------------------------------------------------------------------------------- */

static int take_offers(struct offer_list *offers, git_remote *remote, struct error *err)
{
	const git_remote_head **head = NULL;
	size_t count = 0;
	int failed = git_remote_ls(&head, &count, remote);

	for (size_t i = 0; i < count && !failed; i++) {
		char commit[REPOSITORY_HASH_SIZE];

		git_oid_tostr(commit, sizeof commit, &head[i]->oid);
		failed = offer_list_add(offers, head[i]->name, commit, err) != STATUS_OK;
	}
	return failed;
}

/* All that clinics share there; what we have is not sent again. */
static int fetch(struct offer_list *offers, struct incoming *incoming, const char *address,
		 struct error *err)
{
	static char wanted[] = REPOSITORY_SHARED "*:" REPOSITORY_SHARED "*";
	char *words[] = {wanted};
	const git_strarray all = {words, 1};
	git_repository *git = incoming_view(incoming)->git;
	git_fetch_options options;
	git_remote *remote = NULL;
	struct packs *packs;
	int attempt = 0, failed;

	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	options.callbacks.credentials = offer_credential;
	options.callbacks.payload = &attempt;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	failed = put_packs(&packs, git, incoming, err) ||
		 git_remote_create_anonymous(&remote, git, address) ||
		 git_remote_connect(remote, GIT_DIRECTION_FETCH, &options.callbacks, NULL, NULL) ||
		 take_offers(offers, remote, err);
	if (!failed && offers->count > 0)
		failed = git_remote_download(remote, &all, &options);
	git_remote_free(remote);
	return failed;
}

static enum status take_in(struct remote_result *out, struct repository *repository,
			   const char *address, arrival_trust *trust, void *data, struct error *err)
{
	struct offer_list offers = {0};
	struct incoming *incoming;
	enum status status = incoming_open(&incoming, repository, address, err);

	if (status)
		return status;
	git_error_clear();
	*err->message = 0;
	bounded_begin();
	if (fetch(&offers, incoming, address, err))
		status = *err->message ? err->status : git_refuse(err, STATUS_REFUSED, address);
	bounded_end();
	if (!status)
		status = incoming_unpack(incoming, err);
	if (!status)
		status = arrivals_take(&out->arrived, incoming, repository, &offers, false, trust,
				       data, err);
	offer_list_clear(&offers);
	incoming_close(incoming);
	return status;
}

/* --- bringing ------------------------------------------------------------------------------------------- */

struct pushing {
	int attempt;
	struct error *err;
	bool refused;
};

static int credential_of_push(git_credential **out, const char *address, const char *user,
			      unsigned allowed, void *data)
{
	struct pushing *work = data;

	return offer_credential(out, address, user, allowed, &work->attempt);
}

static int hear_refusal(const char *reference, const char *why, void *data)
{
	struct pushing *work = data;

	(void)reference;
	if (!why)
		return 0;
	work->refused = true;
	error_set(work->err, STATUS_REFUSED, "what this clinic shares was not taken there: %s",
		  why);
	return 0;
}

static enum status push(struct repository *repository, const char *address, const char *reference,
			struct error *err)
{
	char line[2 * REPOSITORY_REFERENCE_SIZE + 2];
	char *words[] = {line};
	const git_strarray own = {words, 1};
	struct pushing work = {.err = err};
	git_push_options options;
	git_remote *remote = NULL;
	int failed;

	snprintf(line, sizeof line, "%s:%s", reference, reference);
	git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	options.callbacks.credentials = credential_of_push;
	options.callbacks.push_update_reference = hear_refusal;
	options.callbacks.payload = &work;
	git_error_clear();
	failed = git_remote_create_anonymous(&remote, repository->git, address) ||
		 git_remote_push(remote, &own, &options);
	git_remote_free(remote);
	if (work.refused)
		return err->status;
	return failed ? git_refuse(err, STATUS_REFUSED, address) : STATUS_OK;
}

/* What is there of this clinic: in the list of what came, as the others. */
static bool is_there(const struct arrival_list *arrived, const char *reference, const char *commit)
{
	for (size_t i = 0; i < arrived->count; i++)
		if (strcmp(arrived->item[i].move.reference, reference) == 0)
			return strcmp(arrived->item[i].move.to, commit) == 0;
	return false;
}

static enum status bring(struct remote_result *out, struct repository *repository,
			 const char *address, const struct public_key *own, struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct snapshot *shared;
	enum status status;

	shared_reference(reference, own);
	if (snapshot_take(&shared, repository, reference, err))
		return err->status;
	status = STATUS_OK;
	if (*snapshot_commit(shared) &&
	    !is_there(&out->arrived, reference, snapshot_commit(shared))) {
		status = push(repository, address, reference, err);
		out->sent = !status;
	}
	snapshot_free(shared);
	return status;
}

/* --- both ----------------------------------------------------------------------------------------------- */

static bool is_folder(const char *address)
{
	const char *colon = strchr(address, ':'), *slash = strchr(address, '/');

	return !strstr(address, "://") && (!colon || (slash && slash < colon));
}

static bool is_empty(const char *folder)
{
	DIR *open_folder = opendir(folder);
	struct dirent *entry;
	bool empty = true;

	if (!open_folder)
		return errno == ENOENT;
	while (empty && (entry = readdir(open_folder)))
		empty = *entry->d_name == '.';
	closedir(open_folder);
	return empty;
}

static enum status make_common(bool *made, const char *folder, bool may_make, struct error *err)
{
	git_repository_init_options options;
	git_repository *git = NULL;

	*made = is_folder(folder) && is_empty(folder);
	if (!*made)
		return STATUS_OK;
	if (!may_make)
		return error_set(err, STATUS_REFUSED,
				 "%s: nothing is there; is a stick not plugged in, or a network "
				 "folder not there? (`sync %s` begins anew)",
				 folder, folder);
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	git_error_clear();
	if (git_repository_init_ext(&git, folder, &options))
		return git_refuse(err, STATUS_REFUSED, folder);
	git_repository_free(git);
	return STATUS_OK;
}

enum status remote_exchange(struct remote_result *out, struct repository *repository,
			    const char *address, bool may_make, const struct public_key *own,
			    arrival_trust *trust, void *data, struct error *err)
{
	*out = (struct remote_result){0};
	if (make_common(&out->made, address, may_make, err) ||
	    take_in(out, repository, address, trust, data, err))
		return err->status;
	return bring(out, repository, address, own, err);
}

enum status remote_remembered(char address[REMOTE_ADDRESS_SIZE], struct repository *repository,
			      struct error *err)
{
	git_config *config = NULL;
	git_buf value = {0};
	int result;

	*address = 0;
	git_error_clear();
	result = git_repository_config_snapshot(&config, repository->git);
	if (!result)
		result = git_config_get_string_buf(&value, config, REMEMBERED);
	if (!result)
		text_copy(address, REMOTE_ADDRESS_SIZE, value.ptr);
	git_buf_dispose(&value);
	git_config_free(config);
	return result && result != GIT_ENOTFOUND ? git_refuse(err, STATUS_REFUSED, REMEMBERED)
						 : STATUS_OK;
}

/* https://user:password@host */
static bool has_password(const char *address)
{
	const char *host = strstr(address, "://"), *at = host ? strchr(host + 3, '@') : NULL;
	const char *colon = at ? memchr(host + 3, ':', (size_t)(at - host - 3)) : NULL;

	return colon != NULL;
}

enum status remote_remember(struct repository *repository, const char *address, struct error *err)
{
	char whole[PATH_MAX];
	git_config *config = NULL;
	int failed;

	if (is_folder(address) && realpath(address, whole))
		address = whole;
	if (has_password(address) || strlen(address) >= REMOTE_ADDRESS_SIZE)
		return STATUS_OK;
	git_error_clear();
	failed = git_repository_config(&config, repository->git) ||
		 git_config_set_string(config, REMEMBERED, address);
	git_config_free(config);
	return failed ? git_refuse(err, STATUS_REFUSED, REMEMBERED) : STATUS_OK;
}
