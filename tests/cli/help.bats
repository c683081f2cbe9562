#!/usr/bin/env bats
load support

@test "help lists every verb; each explains itself with an example that begins with its name" {
	follitone help >"$scratch/help"
	for verb in lab read de convert pigment predict match plan save correct treat learn list history show client card help; do
		grep -q "^  $verb " "$scratch/help"
		follitone $verb --help >"$scratch/verb"
		grep -q "^Usage: follitone $verb" "$scratch/verb"
		grep -A1 '^Example:' "$scratch/verb" | has "follitone $verb"
	done
	follitone help match | cmp - <(follitone match --help)
	follitone --help | cmp - "$scratch/help"
	follitone --version | has '^follitone [0-9]'
}

@test "every example in the help runs" {
	cp -r recipes profiles "$scratch"
	cd "$scratch"
	# plan has a test of its own (case.bats), learn needs three healed patches (outcome.bats)
	for verb in lab read de convert pigment predict match save correct treat list history client show card help; do
		example=$("$FOLLITONE" $verb --help | grep -A9 '^Example:' | tail -n +2 | sed '/^$/,$d' | tr '\n' ' ')
		(eval "${example/follitone/\"\$FOLLITONE\"}") >/dev/null 2>"$scratch/err" || {
			echo "$example"
			cat "$scratch/err"
			return 1
		}
	done
}

@test "wrong verbs and operands end with 2" {
	refused 2 'a verb is needed' follitone
	refused 2 'no verb “mtach”' follitone mtach
	refused 2 'no verb “mtach”' follitone help mtach
	status=0
	follitone lab 2>/dev/null || status=$?
	[ $status = 2 ]
	status=0
	follitone list extra 2>/dev/null || status=$?
	[ $status = 2 ]
}

@test "the man page holds every verb and option and renders without complaint" {
	follitone help --format man | scdoc >"$scratch/follitone.1"
	MANWIDTH=100 man --warnings -l "$scratch/follitone.1" >"$scratch/page" 2>"$scratch/complaints"
	[ ! -s "$scratch/complaints" ]
	for word in lab match save list show card --diluent-drops --illuminant FOLLITONE_STORE; do
		grep -q -- "$word" "$scratch/page"
	done
}

@test "bash completion completes verbs and options" {
	follitone help --format bash >"$scratch/completion"
	bash -n "$scratch/completion"
	bash -c '. "$1"; COMP_WORDS=(follitone ma); COMP_CWORD=1; _follitone; [ "${COMPREPLY[*]}" = match ]' \
		bash "$scratch/completion"
	bash -c '. "$1"; COMP_WORDS=(follitone match --dil); COMP_CWORD=2; _follitone;
		[ "${COMPREPLY[*]}" = --diluent-drops ]' bash "$scratch/completion"
}

@test "the demo runs without a question and leaves its card" {
	FOLLITONE=$FOLLITONE sh recipes/example/demo "$scratch/demo" </dev/null >"$scratch/out" 2>"$scratch/err"
	tail -n 1 "$scratch/out" | has "The card is in $scratch/demo/card.pdf and $scratch/demo/card.png"
	[ -s "$scratch/demo/card.pdf" ]
	[ -s "$scratch/demo/card.png" ]
	grep -q 'MIXING CARD' "$scratch/out"
}

@test "what was typed never breaks a message into lines" {
	refused 1 'a?b: No such file' follitone lab $'a\nb'
	follitone lab $example/skin.csv --observer $'3\n4' 2>"$scratch/err" || status=$?
	[ "$status" = 2 ]
	head -n 1 "$scratch/err" | has -- '--observer 3?4: 2 or 10 is needed'
}

@test "a closed standard stream is an error, and never a file that is written" {
	status=0
	follitone convert $example/skin.csv -o "$scratch/copy.csv" >&- 2>"$scratch/err" || status=$?
	[ "$status" = 1 ]
	grep -q 'standard output: Bad file descriptor' "$scratch/err"
	follitone convert $example/skin.csv -o "$scratch/other.csv" >/dev/null
	cmp "$scratch/copy.csv" "$scratch/other.csv"
	refused 1 'standard input: Bad file descriptor' follitone lab - <&-
}
