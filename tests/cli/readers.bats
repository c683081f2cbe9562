#!/usr/bin/env bats
# Each reader has a folder of good and bad files, tests/readings/READER. In its table `expected` a line names a file and
# says what is true of it: for a good one a jq expression over its part of `read --json`, for a bad one the words of the
# line that refuses it. All files were written for this test.
load support

check_folder() {
	local folder=tests/readings/$1 file said count=0
	while IFS=$'\t' read -r file said; do
		count=$((count + 1))
		case $file in
		good/*)
			follitone read "$folder/$file" --json >"$scratch/json" || { echo "$file"; return 1; }
			jq -e ".files[0] | ($said)" "$scratch/json" >/dev/null || { echo "$file: not so: $said"; cat "$scratch/json"; return 1; }
			follitone read "$folder/$file" >/dev/null 2>&1 ;;
		bad/*) refused 1 "$said" follitone read "$folder/$file" ;;
		esac
	done <"$folder/expected"
	[ "$count" -gt 4 ]
	[ "$count" = "$(find "$folder/good" "$folder/bad" -type f | wc -l)" ]
}

@test "reader: CGATS family" { check_folder cgats; }
@test "reader: CSV, TSV, Konica Minolta, Nix" { check_folder csv; }
@test "reader: CxF3" { check_folder cxf; }
@test "reader: Datacolor QTX" { check_folder qtx; }
@test "reader: X-Rite Color Master MIF" { check_folder mif; }
@test "reader: numbers typed or pasted" { check_folder numbers; }
