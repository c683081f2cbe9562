#!/usr/bin/env bats
load support

# The output of a command on a terminal of its own, without its carriage returns. What the terminal says of itself stands before it:
# on_terminal COLORTERM=truecolor TERM=xterm -- COMMAND...
on_terminal() {
	local said=()
	while [ "$1" != -- ]; do
		said+=("$1")
		shift
	done
	shift
	env -u COLORTERM -u NO_COLOR -u TERM "${said[@]}" script -qec "$(printf '%q ' "$@")" /dev/null </dev/null | tr -d '\r'
}

escape=$(printf '\033')

@test "terminal: a swatch is as LittleCMS itself has the colour in sRGB" {
	on_terminal COLORTERM=truecolor TERM=xterm -- "$FOLLITONE" lab $example/skin.csv >"$scratch/out"
	lab=$(follitone lab $example/skin.csv --json | jq -r '.readings[0].pcs_lab | map(tostring) | join("\n")')
	transicc -i '*Lab' -o '*sRGB' -t 1 <<<"$lab" 2>/dev/null | grep -o 'R=.*' |
		LC_ALL=C awk '{ gsub(/[RGB]=/, ""); printf "%.0f;%.0f;%.0f\n", $1, $2, $3 }' >"$scratch/wanted"
	[ "$(wc -l <"$scratch/wanted")" = 1 ]
	[ "$(grep -o "${escape}\[48;2;[0-9;]*m  ${escape}\[0m" "$scratch/out" | sed 's/.*48;2;//; s/m .*//')" = "$(cat "$scratch/wanted")" ]
}

# L* 50 is Y 0.18419 (CIE 15): 255 (1.055 Y^(1/2.4) - 0.055) = 118.9
@test "terminal: a grey of L* 50 is 119 of 255 in sRGB" {
	printf '%s\n' 'sep=;' 'Index;User Color Name;Nix Device;Illuminant;Observer;L;a;b' '1;grey;Nix Mini 2;D50;2;50;0;0' \
		'2;violet;Nix Mini 2;D50;2;40;90;-120' >"$scratch/lab.csv"
	on_terminal COLORTERM=24bit TERM=xterm -- "$FOLLITONE" lab "$scratch/lab.csv" >"$scratch/out"
	grep '^grey' "$scratch/out" | has "${escape}\[48;2;119;119;119m  ${escape}\[0m$"
	# what sRGB cannot show is marked, and the mark explained
	grep '^violet' "$scratch/out" | has "${escape}\[0m!$"
	has '^note: ! beside a swatch' <"$scratch/out"
}

@test "terminal: no escape where none is wanted or none is shown" {
	on_terminal COLORTERM=truecolor TERM=xterm NO_COLOR= -- "$FOLLITONE" lab $example/skin.csv | has "$escape"
	for said in 'COLORTERM=truecolor TERM=xterm NO_COLOR=1' 'COLORTERM=truecolor TERM=xterm NO_COLOR=0' 'COLORTERM=truecolor TERM=dumb' \
		'COLORTERM=truecolor' 'TERM=xterm-256color' 'COLORTERM=yes TERM=xterm'; do
		on_terminal $said -- "$FOLLITONE" lab $example/skin.csv >"$scratch/out"
		has '^skin ' <"$scratch/out"
		[ "$(grep -c "$escape" "$scratch/out")" = 0 ]
	done
	on_terminal COLORTERM=truecolor TERM=xterm -- "$FOLLITONE" lab $example/skin.csv --json >"$scratch/out"
	jq -e '.readings | length == 1' "$scratch/out"
	COLORTERM=truecolor TERM=xterm follitone lab $example/skin.csv >"$scratch/out"
	[ "$(grep -c "$escape" "$scratch/out")" = 0 ]
}

@test "terminal: without its swatches every answer is what a pipe gets" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	sed 's/drops = \([0-9]*\);/drops = 1\1;/' "$scratch/r.cfg" >"$scratch/r2.cfg"
	predict=(predict --pigments example --dose carbon-black=2 --dose water=60 --skin $example/skin.csv)
	match=(match --pigments example --target 45,5,10 --max-drops 2 --max-pigments 1)
	verbs=0
	while read -r line; do
		eval "command=($line)"
		follitone "${command[@]}" 2>/dev/null | grep -v 'every one on this grid' >"$scratch/pipe"
		on_terminal COLORTERM=truecolor TERM=xterm -- sh -c '"$0" "$@" 2>/dev/null' "$FOLLITONE" "${command[@]}" |
			grep -v 'every one on this grid' >"$scratch/terminal"
		has "$escape" <"$scratch/terminal"
		sed "s/  $escape\[48;2;[0-9;]*m  $escape\[0m!\{0,1\}//g" "$scratch/terminal" | cmp - "$scratch/pipe"
		verbs=$((verbs + 1))
	done <<-'END'
		lab $example/skin.csv $example/hair.txt --illuminant D65,A
		read $example/skin.csv
		"${predict[@]}"
		"${match[@]}"
		show Crown
		card Crown
		nearest 40,5,10
		diff Crown "$scratch/r2.cfg"
		chart example --pigment ochre --skin $example/skin.csv
	END
	[ "$verbs" = 9 ]
}

@test "terminal: what goes into a file holds no escapes" {
	match_example "$scratch/r.cfg"
	on_terminal COLORTERM=truecolor TERM=xterm -- "$FOLLITONE" card "$scratch/r.cfg" -o "$scratch/card.txt" >/dev/null
	has 'bare skin' <"$scratch/card.txt"
	[ "$(grep -c "$escape" "$scratch/card.txt")" = 0 ]
}
