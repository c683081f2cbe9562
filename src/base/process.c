/* fork rather than posix_spawn, as only so the child can ask to be killed with us. A pipe that closes on
 * exec brings back why a program could not be started. */
#include "base/process.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between SIGTERM and SIGKILL; and between two looks whether the child has ended, whoever else holds its
 * pipe. */
#define GRACE_S 1.0
#define SLICE_S 0.1

struct pipes {
	int input[2], output[2], failure[2]; /* read end, write end */
};

static void close_both(int end[2])
{
	for (int i = 0; i < 2; i++)
		if (end[i] >= 0)
			close(end[i]);
	end[0] = end[1] = -1;
}

static void close_one(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

static enum status open_pipes(struct pipes *pipes, struct error *err)
{
	*pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
	if (pipe2(pipes->input, O_CLOEXEC) || pipe2(pipes->output, O_CLOEXEC) ||
	    pipe2(pipes->failure, O_CLOEXEC)) {
		error_set(err, STATUS_ENVIRONMENT, "no pipe: %s", strerror(errno));
		close_both(pipes->input);
		close_both(pipes->output);
		close_both(pipes->failure);
		return err->status;
	}
	return STATUS_OK;
}

/* In the child: becomes the program or says why not. */
static void become(const char *const *argv, const char *const *environment, struct pipes *pipes,
		   pid_t parent)
{
	int why;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before it could be heard of */
		_exit(127);
	dup2(pipes->input[0], STDIN_FILENO);
	dup2(pipes->output[1], STDOUT_FILENO);
	dup2(pipes->output[1], STDERR_FILENO);
	for (; *environment; environment++)
		putenv((char *)*environment);
	execvp(argv[0], (char *const *)argv);
	why = errno;
	if (write(pipes->failure[1], &why, sizeof why) < 0)
		why = 0;
	_exit(127);
}

static void take_output(struct text *output, int *end)
{
	char block[4096];
	ssize_t got = read(*end, block, sizeof block);

	if (got > 0 && output->length < PROCESS_OUTPUT_MOST)
		text_add(output, block, (size_t)got);
	if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
		close_one(end);
}

/* Waits for output until `deadline`; false when the time is up. */
static bool listen_until(struct text *output, int *end, double deadline)
{
	struct pollfd waiting = {.fd = *end, .events = POLLIN};
	double left = deadline - clock_monotonic_seconds();

	if (left <= 0.0)
		return false;
	if (poll(&waiting, 1, left < SLICE_S ? (int)(1000.0 * left) + 1 : (int)(1000.0 * SLICE_S)) >
	    0)
		take_output(output, end);
	return true;
}

/* True where the child has ended by `deadline`. */
static bool ended(pid_t child, int *status, double deadline)
{
	const struct timespec moment = {.tv_sec = 0, .tv_nsec = 5000000};

	while (waitpid(child, status, WNOHANG) == 0) {
		if (clock_monotonic_seconds() >= deadline)
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

static bool any_left(int end)
{
	struct pollfd waiting = {.fd = end, .events = POLLIN};

	return poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN);
}

static void follow(struct process_result *result, pid_t child, int *end, double time_limit_s)
{
	double deadline = clock_monotonic_seconds() + time_limit_s;
	bool gone = false;
	int status = 0;

	while (*end >= 0 && !gone && listen_until(&result->output, end, deadline))
		gone = waitpid(child, &status, WNOHANG) == child;
	while (gone &&
	       *end >= 0 && /* what it left in the pipe; who else holds that is not waited for */
	       listen_until(&result->output, end, clock_monotonic_seconds() + 0.001) &&
	       any_left(*end))
		;
	result->timed_out = !gone && !ended(child, &status, deadline);
	if (result->timed_out) {
		kill(-child, SIGTERM);
		if (!ended(child, &status, clock_monotonic_seconds() + GRACE_S)) {
			kill(-child, SIGKILL);
			waitpid(child, &status, 0);
		}
	}
	kill(-child, SIGKILL); /* what it started and left behind */
	result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Input is a few keys: it fits into the pipe. A program that does not read it is none of our trouble. */
static void give_input(int *end, const char *input)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;

	sigaction(SIGPIPE, &ignore, &before);
	if (*input && write(*end, input, strlen(input)) < 0)
		errno = 0;
	sigaction(SIGPIPE, &before, NULL);
	close_one(end);
}

enum status process_run(struct process_result *result, const char *const *argv,
			const char *const *environment, const char *input, double time_limit_s,
			struct error *err)
{
	struct pipes pipes;
	int why = 0;
	pid_t child, parent = getpid();
	enum status status = STATUS_OK;

	*result = (struct process_result){.exit_code = -1};
	if (open_pipes(&pipes, err))
		return err->status;
	child = fork();
	if (child == 0)
		become(argv, environment, &pipes, parent);
	close_one(&pipes.input[0]);
	close_one(&pipes.output[1]);
	close_one(&pipes.failure[1]);
	if (child < 0) {
		status = error_set(err, STATUS_ENVIRONMENT, "%s: %s", argv[0], strerror(errno));
	} else if (read(pipes.failure[0], &why, sizeof why) == sizeof why) {
		waitpid(child, NULL, 0);
		status = error_set(err, STATUS_ENVIRONMENT, "%s: %s", argv[0], strerror(why));
	} else {
		setpgid(child, child); /* the child does it too; who comes first is no matter */
		give_input(&pipes.input[1], input);
		follow(result, child, &pipes.output[0], time_limit_s);
		text_add(&result->output, "", 0);
		if (text_failed(&result->output))
			status = error_memory(err);
	}
	close_both(pipes.input);
	close_both(pipes.output);
	close_both(pipes.failure);
	if (status)
		process_result_clear(result);
	return status;
}

void process_result_clear(struct process_result *result)
{
	text_clear(&result->output);
}

enum status process_file(int *fd, const char *bytes, size_t length, struct error *err)
{
	size_t done = 0;

	*fd = memfd_create("bytes", 0);
	while (*fd >= 0 && done < length) {
		ssize_t wrote = write(*fd, bytes + done, length - done);

		if (wrote > 0)
			done += (size_t)wrote;
		else if (wrote == 0 || errno != EINTR)
			break;
	}
	if (*fd >= 0 && done == length && lseek(*fd, 0, SEEK_SET) == 0)
		return STATUS_OK;
	error_set(err, STATUS_ENVIRONMENT, "a file in memory: %s", strerror(errno));
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return err->status;
}
