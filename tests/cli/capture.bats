#!/usr/bin/env bats
# `capture` against a stand-in for ArgyllCMS's spotread that prints the words of spotread 2.3.1, and against the real
# program's answer where there is no device.
load support

# A flat spectrum of R % has L* = 116 (R/100)^(1/3) - 16 and a* = b* = 0 under any light, so the stand-in can print both.
# Each run takes the next line of $scratch/script: cal, nocal, misread, hang, quiet, false, short or a reflectance.
make_stand_in() {
	mkdir -p "$scratch/bin"
	printf '%s\n' "$@" >"$scratch/script"
	cat >"$scratch/bin/spotread" <<-'END'
		#!/bin/bash
		scratch=${0%/bin/spotread}
		echo "$*" >>"$scratch/arguments"
		[ "$ARGYLL_NOT_INTERACTIVE" = 1 ] || exit 9
		[ "$LC_ALL" = C ] || exit 9
		step=$(head -n 1 "$scratch/script")
		sed -i 1d "$scratch/script"
		echo "Connecting to the instrument .."
		echo "Instrument Type:   X-Rite i1 Pro 2"
		case $step in
		cal) printf '\nSpot read needs a calibration before continuing\nCalibration complete\n' ;;
		nocal) printf '\n\nSpot read failed because instruments needs calibration.\n' ;;
		misread) printf '\n\nSpot read failed due to misread (Reading is inconsistent)\n' ;;
		hang) sleep 300 & echo $! >"$scratch/orphan"; trap '' TERM; sleep 301 ;;
		quiet) ;;
		*)
			value=${step##*-}
			lab=$(awk -v r="$value" 'BEGIN {printf "%.6f", 116 * exp(log(r / 100) / 3) - 16}')
			case $step in false-*) lab=5.0 ;; esac
			echo "Spectrum from 380.000000 to 730.000000 nm in 36 steps"
			for i in $(seq 36); do
				case $step-$i in short-*-36) continue ;; esac
				[ "$i" = 1 ] || printf ', '
				printf '%8.3f' "$value"
			done
			printf '\n\n Result is XYZ: 1.0 1.0 1.0, D50 Lab: %s 0.000000 0.000000\n' "$lab"
			;;
		esac
	END
	chmod +x "$scratch/bin/spotread"
	PATH=$scratch/bin:$PATH
}

enters() {
	printf '\n%.0s' $(seq "$1")
}

@test "capture: tile, skin x 3, hair x 3, field x 5; the spread after each; a CGATS file" {
	make_stand_in cal 30 31 32 6 6 6 25 26 27 26 25
	# one for the tile, and after each site one that goes on
	enters 15 | follitone capture --mode M2 --aperture-mm 4.5 --geometry 45:0 -o "$scratch/c.txt" 2>"$scratch/said" >"$scratch/out"
	[ "$(cat "$scratch/out")" = "$scratch/c.txt: 11 readings" ]
	grep -q 'Calibrated\.' "$scratch/said"
	grep -q 'skin: L\* .*, 3 readings, spread dE00 0\.[1-9]' "$scratch/said"
	grep -q 'hair: L\* 29\.4 .*, 3 readings, spread dE00 0\.00' "$scratch/said"
	grep -q 'field: L\* .*, 5 readings, spread' "$scratch/said"
	follitone read "$scratch/c.txt" --json >"$scratch/json"
	jq -e '.files[0] | .format == "CGATS" and ([.readings[].name] | group_by(.) | map(length)) == [5, 3, 3] and
		.conditions.instrument == "X-Rite i1 Pro 2" and .conditions.mode == "M2" and .conditions.aperture_mm == 4.5 and
		.conditions.geometry == "45:0" and .readings[1].reflectance[35] == 0.31 and (.conditions | has("date")) and
		.readings[0].wavelengths_nm == {"start": 380, "step": 10, "count": 36}' "$scratch/json"
	follitone read "$scratch/c.txt#hair" --json | jq -e '.files[0].readings | length == 3'
	# sites are groups, and `match` takes of a file the readings of the role's name
	jq -e '[.files[0].groups[] | [.name, .count]] == [["skin", 3], ["hair", 3], ["field", 5]]' "$scratch/json"
	follitone match --pigments example --skin "$scratch/c.txt" --hair "$scratch/c.txt" --max-drops 1 --diluent-drops 0:0 2>&1 |
		has '^  skin    skin (.*), 3 readings'
	refused 1 '“skin” and “hair” are two sites' follitone de "$scratch/c.txt" 50,0,0
	# the tile is read without -N, the client never is calibrated on; M2 is the UV cut filter
	[ "$(head -n 1 "$scratch/arguments")" = "-v -s -F u -O" ]
	[ "$(sed 1d "$scratch/arguments" | sort -u)" = "-v -s -F u -N -O" ]
}

@test "capture: a misread is taken again, a wanted calibration is asked for, r repeats, s skips, q keeps" {
	make_stand_in cal misread 30 nocal cal 31 35 32 33 7
	# tile, misread, 30, wants the tile, tile, 31, r: 35, a stray key, 32, the last again: 33, on, hair: 7, s, field: Q
	printf '%s\n' '' '' '' '' '' '' R what '' r '' '' S Q >"$scratch/keys"
	follitone capture -o "$scratch/c.txt" --json <"$scratch/keys" >"$scratch/json" 2>"$scratch/said"
	grep -q 'misread (Reading is inconsistent)' "$scratch/said"
	[ "$(grep -o 'white tile' "$scratch/said" | wc -l)" = 2 ]
	jq -e --arg file "$scratch/c.txt" '.files == [$file] and (.warnings | any(test("hair: 1 of 3 readings")))' "$scratch/json"
	follitone read "$scratch/c.txt" --json |
		jq -e '[.files[0].readings[] | [.name, .reflectance[0]]] == [["skin", 0.3], ["skin", 0.35], ["skin", 0.33], ["hair", 0.07]]'
	make_stand_in cal 30
	printf '\n\n' | follitone capture --site hair -o "$scratch/one.txt" 2>/dev/null # the end of input is the end
	follitone read "$scratch/one.txt" --json 2>/dev/null | jq -e '[.files[0].readings[].name] == ["hair"]'
}

@test "capture: what the instrument failed on is one line, and what was taken before is kept" {
	make_stand_in cal 30 false-31
	enters 12 | { ! follitone capture -o "$scratch/c.txt" 2>"$scratch/said"; }
	tail -n 1 "$scratch/said" | has 'c.txt holds the readings before this: spotread prints a Lab that is dE00 .* from that of its spectrum'
	follitone read "$scratch/c.txt" --json 2>/dev/null | jq -e '.files[0].readings | length == 1'
	refused 1 'is there already' follitone capture -o "$scratch/c.txt"
	refused 1 'No such file' follitone capture -o "$scratch/none/c.txt"
	make_stand_in cal short-30
	enters 12 | { ! follitone capture -o "$scratch/d.txt" 2>"$scratch/said"; }
	tail -n 1 "$scratch/said" | has 'not the 36 reflectances that it announced'
	[ ! -e "$scratch/d.txt" ]
	make_stand_in quiet quiet cal quiet
	printf '\n\n\nq\n' | { ! follitone capture -o "$scratch/d.txt" 2>"$scratch/said"; }
	grep -q 'spotread gave no reading' "$scratch/said"
	[ ! -e "$scratch/d.txt" ]
	refused 2 'capture: one -o FILE is needed' follitone capture
	for form in doc gpl ase png; do
		refused 2 '.txt (CGATS), .ti3, .cxf or .csv is needed' follitone capture -o "$scratch/c.$form"
	done
}

@test "capture: a program that hangs is stopped with what it started" {
	make_stand_in hang
	start=$(date +%s)
	status=0
	enters 2 | follitone capture --time-limit 1 -o "$scratch/c.txt" 2>"$scratch/said" || status=$?
	[ "$status" = 3 ]
	[ $(($(date +%s) - start)) -lt 10 ]
	tail -n 1 "$scratch/said" | has 'spotread gave no answer within 1 s and was stopped'
	for try in 1 2 3 4 5 6 7 8 9 10; do
		kill -0 "$(cat "$scratch/orphan")" 2>/dev/null || return 0
		sleep 0.2
	done
	return 1
}

@test "capture: no program is one line" {
	status=0
	enters 2 | PATH=$scratch follitone capture -o "$scratch/c.txt" 2>"$scratch/said" || status=$?
	[ "$status" = 3 ]
	tail -n 1 "$scratch/said" | has 'Debian package argyll.*spotread: No such file'
}

# Where the machine has no USB bus, the real program scans every device node and may hang: a private /dev has none.
@test "capture: the real spotread's answer without a device is one line" {
	command -v spotread
	unshare -rm true 2>/dev/null || skip "no mount namespace here"
	status=0
	enters 2 | unshare -rm sh -c 'mount -t tmpfs none /dev && : >/dev/null && exec "$@"' sh "$FOLLITONE" capture \
		--time-limit 20 -o "$scratch/c.txt" 2>"$scratch/said" || status=$?
	[ "$status" = 3 ]
	tail -n 1 "$scratch/said" | has 'spotread: No instrument at port 1: no instrument is found'
	[ ! -e "$scratch/c.txt" ]
}
