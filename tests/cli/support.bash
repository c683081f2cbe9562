# What the command-line tests share. $FOLLITONE is the program under test.

setup() {
	set -o pipefail
	[ -x "$FOLLITONE" ] || return 1
	cd "$BATS_TEST_DIRNAME/../.." || exit 1
	scratch=$(mktemp -d "$BATS_TEST_TMPDIR/XXXXXX")
	example=recipes/example
	export FOLLITONE_STORE="$scratch/store" XDG_DATA_HOME="$scratch/data"
	export LC_ALL=C.UTF-8 # what is said is English, whoever runs the tests
	unset LANGUAGE LOCPATH
}

follitone() {
	"$FOLLITONE" "$@"
}

# at PLACE COMMAND...: the program of another clinic or machine, with data and a store of its own.
at() {
	local place=$1
	shift
	XDG_DATA_HOME=$scratch/$place/data FOLLITONE_STORE=$scratch/$place/store follitone "$@"
}

# Measured data: skips where there is none, fails where it is required, as in CI.
need_data() {
	[ -n "${FOLLITONE_DATA:-}" ] || {
		[ -z "${FOLLITONE_DATA_REQUIRED:-}" ] || return 1
		skip "measured data is needed, FOLLITONE_DATA names no folder"
	}
}

# To mount what is full or read-only: not every machine lets its users.
need_mounts() {
	unshare --mount true 2>/dev/null || skip "no mount namespace here"
}

# refused STATUS WORDS COMMAND...: it ends with STATUS, says one line with WORDS on standard error, and nothing on
# standard output.
refused() {
	local wanted=$1 words=$2 status=0
	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	if [ "$status" != "$wanted" ] || [ -s "$scratch/out" ] || [ "$(wc -l <"$scratch/err")" != 1 ] ||
		! grep -qF -- "$words" "$scratch/err"; then
		echo "$*: status $status, standard output:"
		cat "$scratch/out"
		echo "standard error:"
		cat "$scratch/err"
		echo "expected status $wanted and “$words”"
		return 1
	fi
}

# A quick match of the example into a recipe file.
match_example() {
	follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 4 \
		--diluent-drops 0:60:20 --name Crown --output "$1" >/dev/null 2>&1
}

# True where a line of standard input matches. Reads all of it, unlike `grep -q`, which would end the program before it
# with a broken pipe.
has() {
	grep -- "$1" >/dev/null
}
export -f has

# No line of a PDF is cut by an ellipsis, no word parted by a hyphen. pdftotext shows a cut one whole: cairo keeps what was cut as the text
# behind the ellipsis, and does so else for ligatures (ff, fi, fl) and a blank only.
whole() {
	qpdf --qdf --object-streams=disable "$1" - | LC_ALL=C grep -a ActualText | grep -v '<feff0066006[69c]>\|<feff0020>' >"$scratch/cut" || return 0
	cat "$scratch/cut"
	return 1
}
