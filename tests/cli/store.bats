#!/usr/bin/env bats
load support

@test "save, edit, list, show, history: every version stays" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --json >"$scratch/saved"
	jq -e '.saved and .recipes[0].version == 1 and (.recipes[0] | has("parent") | not)' "$scratch/saved"
	follitone save "$scratch/r.cfg" | has '^unchanged'
	follitone show Crown -o "$scratch/edit.cfg"
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" --json >"$scratch/second"
	jq -e '.recipes[0].version == 2 and (.warnings | any(test("computed anew")))' "$scratch/second"
	[ "$(jq -r .recipes[0].parent "$scratch/second")" = "$(jq -r .recipes[0].hash "$scratch/saved")" ]
	follitone list --json | jq -e '[.recipes[] | [.name, .version]] == [["Crown", 2]] and
		(.recipes[0] | has("id", "made", "hash", "parent", "clinic", "verified"))'
	follitone history Crown --json | jq -e '[.recipes[].version] == [1, 2]'
	follitone show Crown --json | jq -e '.recipes[0].diluent_drops == 33'
	follitone show Crown@1 -o "$scratch/first.cfg"
	git hash-object "$scratch/first.cfg" >"$scratch/hash"
	[ "$(cat "$scratch/hash")" = "$(jq -r .recipes[0].hash "$scratch/saved")" ]
	git --git-dir="$FOLLITONE_STORE/recipes.git" fsck --strict
	[ "$(git --git-dir="$FOLLITONE_STORE/recipes.git" rev-list --count main)" = 2 ]
}

@test "save of several files: all, or none where one is refused" {
	match_example "$scratch/a.cfg"
	sed 's/name = "Crown"/name = "Temple"/; s/id = "[0-9a-f]\{16\}"/id = "0123456789abcdef"/' "$scratch/a.cfg" >"$scratch/b.cfg"
	sed '/^mix/,$d' "$scratch/a.cfg" >"$scratch/bad.cfg"
	refused 1 'bad.cfg: “mix” is missing' follitone save "$scratch/a.cfg" "$scratch/b.cfg" "$scratch/bad.cfg"
	[ ! -e "$FOLLITONE_STORE" ]
	refused 2 'is for one file' follitone save "$scratch/a.cfg" "$scratch/b.cfg" --name X
	follitone save "$scratch/a.cfg"
	follitone save "$scratch/a.cfg" "$scratch/b.cfg" --json >"$scratch/saved"
	jq -e '.saved and [.recipes[] | [.name, .version, .saved]] == [["Crown", 1, false], ["Temple", 1, true]]' "$scratch/saved"
	[ "$(git --git-dir="$FOLLITONE_STORE/recipes.git" rev-list --count main)" = 2 ]
	follitone save "$scratch/a.cfg" "$scratch/b.cfg" >"$scratch/again"
	[ "$(grep -c '^unchanged: ' "$scratch/again")" = 2 ]
	[ "$(git --git-dir="$FOLLITONE_STORE/recipes.git" rev-list --count main)" = 2 ]
	sed 's/^id = /&/; 0,/drops = [0-9]*;/s//drops = 31;/' "$scratch/b.cfg" >"$scratch/c.cfg"
	follitone save "$scratch/b.cfg" "$scratch/c.cfg" 2>"$scratch/err" >"$scratch/out"
	grep -q 'c.cfg: the predicted colour was computed anew' "$scratch/err"
	[ "$(wc -l <"$scratch/out")" = 2 ]
	follitone history Temple --json | jq -e '[.recipes[].version] == [1, 2]'
	git --git-dir="$FOLLITONE_STORE/recipes.git" fsck --strict
	follitone store verify | has 'all as it was saved'
}

@test "an edited dose never keeps an old colour" {
	match_example "$scratch/r.cfg"
	sed 's/drops = 1;/drops = 9;/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" 2>"$scratch/err"
	grep -q 'computed anew' "$scratch/err"
	before=$(follitone show "$scratch/r.cfg" --json | jq -c '.recipes[0].lab')
	after=$(follitone show Crown --json | jq -c '.recipes[0].lab')
	[ "$before" != "$after" ]
}

@test "a card or a save never shows what does not belong together" {
	match_example "$scratch/r.cfg"
	sed '/doses = (/,/}/s/drops = [0-9]*;/drops = 80;/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone card "$scratch/edit.cfg" >"$scratch/card" 2>"$scratch/err"
	grep -q 'computed anew' "$scratch/err"
	grep -q ' 80 drops *4\.[0-9]* ml' "$scratch/card"
	grep -q '^!! no match: misses the required colour' "$scratch/card"
	sed 's/synthetic = true/synthetic = false/; s/notice = "syn.*"/notice = ""/; s/name = "Distilled water"/name = "Ink"/' \
		"$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone card "$scratch/edit.cfg" 2>/dev/null >"$scratch/card"
	grep -q 'not for use on people' "$scratch/card"
	[ "$(grep -c Ink "$scratch/card")" = 0 ]
	sed 's/synthetic = true/synthetic = false/; s/notice = "syn.*"/notice = ""/; s/^  line = "example"/  line = "gone"/' \
		"$scratch/r.cfg" >"$scratch/edit.cfg"
	refused 1 "must be predicted anew: the recipe's pigment line is needed" follitone card "$scratch/edit.cfg"
	refused 1 "must be predicted anew: the recipe's pigment line is needed" follitone save "$scratch/edit.cfg"
	sed 's/name = "A"/name = "F11"/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	[ "$(follitone show "$scratch/edit.cfg" --json | jq '.recipes[0].metamerism.F11')" != \
		"$(follitone show "$scratch/r.cfg" --json | jq '.recipes[0].metamerism.A')" ]
}

@test "an edited file is not the version it came from, until it is saved" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone show Crown -o "$scratch/edit.cfg"
	follitone card "$scratch/edit.cfg" 2>/dev/null | has 'Version 1'
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/edit.cfg"
	follitone card "$scratch/edit.cfg" 2>/dev/null | has 'Not saved'
	follitone save "$scratch/edit.cfg" 2>"$scratch/err"
	grep -q 'computed anew for the changed recipe: dE00 [0-9]' "$scratch/err"
	follitone card Crown 2>/dev/null | has 'Version 2'
}

@test "lot and expiry are of the bottle in hand; other words on it are the line's" {
	match_example "$scratch/r.cfg"
	sed 's/lot = "SYNTHETIC"/lot = "L77"/; s/name = "Distilled water"/name = "Ink"/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone card "$scratch/edit.cfg" >"$scratch/card" 2>"$scratch/err"
	grep -q 'lot L77' "$scratch/card"
	grep -q 'water: name, maker, shade and drops_per_ml are the pigment line' "$scratch/err"
}

@test "two recipes of one name: the line says their ids" {
	match_example "$scratch/r.cfg"
	match_example "$scratch/s.cfg"
	follitone save "$scratch/r.cfg"
	follitone save "$scratch/s.cfg"
	id=$(follitone list --json | jq -r '.recipes[1].id')
	refused 1 "$id" follitone show Crown
	follitone show "$id" >/dev/null
}

@test "a recipe of a user's own light is understood where that light is not" {
	{ echo nm,power; for nm in $(seq 360 10 830); do echo "$nm,1"; done; } >"$scratch/equal.csv"
	follitone match --pigments example --target $example/hair.txt --max-drops 2 --illuminant "$scratch/equal.csv" \
		--name Own -o "$scratch/own.cfg" >/dev/null 2>&1
	rm "$scratch/equal.csv"
	sed '/doses = (/,/}/s/drops = [0-9]*;/drops = 9;/' "$scratch/own.cfg" >"$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" 2>&1 | has 'computed anew'
	[ "$(grep -c "$scratch" "$scratch/own.cfg")" = 0 ]
}

@test "a match's file under two names is two recipes; an edited one saved twice is one version" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --name Anna
	follitone save "$scratch/r.cfg" --name Berta
	follitone list --json | jq -e '[.recipes[].name] | sort == ["Anna", "Berta"]'
	follitone show Anna -o "$scratch/edit.cfg"
	sed -i 's/zone = ""/zone = "crown"/' "$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" | has 'version 2'
	follitone save "$scratch/edit.cfg" | has '^unchanged.*version 2'
	follitone show Anna@1 -o "$scratch/first.cfg"
	follitone save "$scratch/first.cfg" | has '^saved.*version 3'
}

@test "names that could not be asked for again are refused" {
	match_example "$scratch/r.cfg"
	for name in Front/left me@home x.cfg -; do
		refused 1 "a name may not hold" follitone save "$scratch/r.cfg" "--name=$name"
	done
	[ ! -e "$FOLLITONE_STORE" ]
}

@test "one damaged version does not hide the others" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --name Good
	follitone save "$scratch/r.cfg" --name Bad --json >"$scratch/bad"
	hash=$(jq -r .recipes[0].hash "$scratch/bad")
	object=$FOLLITONE_STORE/recipes.git/objects/${hash:0:2}/${hash:2}
	chmod u+w "$object" && : >"$object"
	follitone list --json | jq -e '[.recipes[].name] == ["Good"] and (.warnings | length) == 1'
	follitone show Good >/dev/null
	follitone save "$scratch/r.cfg" --name Third
}

@test "a store on a read-only disk can be read; a held lock does not stop a reader" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	flock "$FOLLITONE_STORE/lock" timeout 5 "$FOLLITONE" list | has Crown
	need_mounts
	unshare --mount bash -c 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" &&
		"$FOLLITONE" list | has Crown && ! "$FOLLITONE" save "$2" --name More 2>/dev/null' \
		bash "$FOLLITONE_STORE" "$scratch/r.cfg"
}

@test "a store whose creation was interrupted is made anew" {
	match_example "$scratch/r.cfg"
	mkdir -p "$FOLLITONE_STORE/recipes.git.new"
	: >"$FOLLITONE_STORE/lock"
	: >"$FOLLITONE_STORE/recipes.git.new/config.lock"
	: >"$FOLLITONE_STORE/recipes.git.new/HEAD.lock"
	follitone save "$scratch/r.cfg"
	follitone list | has Crown
	[ ! -e "$FOLLITONE_STORE/recipes.git.new" ]
}

@test "save: refusals write nothing" {
	match_example "$scratch/r.cfg"
	sed 's/^version = 2;/version = 3;/' "$scratch/r.cfg" >"$scratch/bad.cfg"
	refused 1 'bad.cfg:3: format version 3 is newer' follitone save "$scratch/bad.cfg"
	{ cat "$scratch/r.cfg"; echo '@include "/etc/passwd"'; } >"$scratch/bad.cfg"
	refused 1 '@include is not allowed' follitone save "$scratch/bad.cfg"
	sed '/doses = (/,/}/s/id = "[a-z-]*"/id = "pink"/' "$scratch/r.cfg" >"$scratch/bad.cfg"
	refused 1 'holds no pigment “pink”' follitone save "$scratch/bad.cfg"
	sed 's/name = "Crown"/name = ""/' "$scratch/r.cfg" >"$scratch/bad.cfg"
	refused 1 'no name yet' follitone save "$scratch/bad.cfg"
	refused 1 'No such file' follitone save "$scratch/none.cfg"
	refused 1 'control characters' follitone save "$scratch/r.cfg" --name "$(printf 'a\033[2J')"
	[ ! -e "$FOLLITONE_STORE" ]
	refused 1 'there is no recipe store' follitone list
	refused 1 'there is no recipe store' follitone show Crown
	follitone save "$scratch/r.cfg"
	refused 1 'no recipe of that id or name' follitone show Nobody
	refused 1 'no version 2' follitone show Crown@2
}

@test "save: a store in a place that cannot be written" {
	match_example "$scratch/r.cfg"
	: >"$scratch/file"
	refused 1 "this is a file" follitone save "$scratch/r.cfg" --store "$scratch/file"
	refused 1 "$scratch/file" follitone save "$scratch/r.cfg" --store "$scratch/file/store"
}

@test "save: a full disk keeps what was there" {
	mkdir "$scratch/small"
	need_mounts
	match_example "$scratch/r.cfg"
	unshare --mount bash -c '
		set -e
		mount -t tmpfs -o size=600k none "$1/small" || exit 77
		n=0
		while "$FOLLITONE" save "$1/r.cfg" --store "$1/small/store" --zone "r$n" >"$1/out" 2>"$1/err"; do
			n=$((n + 1))
			[ $n -lt 200 ]
		done
		[ $n -gt 0 ]
		[ "$(wc -l <"$1/err")" = 1 ]
		grep -q "No space left on device" "$1/err"
		[ ! -s "$1/out" ]
		count=$("$FOLLITONE" history Crown --store "$1/small/store" --json | jq ".recipes | length")
		[ "$count" = $n ]
		git --git-dir="$1/small/store/recipes.git" fsck --strict
	' bash "$scratch" || { [ $? = 77 ] && skip "no tmpfs here"; cat "$scratch/err"; false; }
}

@test "save: killed at random moments, every version that was reported is there" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null
	: >"$scratch/reported"
	for round in $(seq 1 25); do
		(
			for i in 1 2 3 4 5 6 7 8; do
				"$FOLLITONE" save "$scratch/r.cfg" --zone "k$round-$i" --json | jq -r '.recipes[0].version' \
					>>"$scratch/reported"
			done
		) 2>/dev/null &
		writer=$!
		sleep "0.0$((RANDOM % 9))$((RANDOM % 9))"
		kill -9 $writer 2>/dev/null || true
		pkill -9 -P $writer 2>/dev/null || true
		wait $writer 2>/dev/null || true
	done
	pkill -9 -f "$scratch/r.cfg" || true # orphans: who was started between the two kills
	follitone save "$scratch/r.cfg" --zone last >/dev/null
	sort -n "$scratch/reported" >"$scratch/sorted"
	follitone history Crown --json | jq -r '.recipes[].version' >"$scratch/kept"
	[ "$(uniq -d "$scratch/sorted")" = "" ] # no version was given twice
	while read -r version; do
		grep -qx "$version" "$scratch/kept"
	done <"$scratch/sorted"
	[ "$(wc -l <"$scratch/sorted")" -gt 5 ]
	git --git-dir="$FOLLITONE_STORE/recipes.git" fsck --strict
	[ ! -e "$FOLLITONE_STORE/recipes.git/refs/heads/main.lock" ]
}

@test "save: whatever call fails, it is one line, and the store is as before" {
	if grep -q __asan_init "$FOLLITONE"; then
		skip "libfiu and the address sanitizer cannot both stand before the system's calls"
	fi
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" 2>"$scratch/err"
	saved=1
	for fault in io/sync/fsync io/dir/rename io/rw/write io/oc/open io/dir/mkdir mm/mmap; do
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			status=0
			fiu-run -x -c "enable_random name=posix/$fault,probability=0.15,onetime" "$FOLLITONE" save "$scratch/r.cfg" \
				--name "${fault##*/} $i" >"$scratch/out" 2>"$scratch/err" || status=$?
			[ "$status" = 0 ] || [ "$(wc -l <"$scratch/err")" = 1 ]
			# one that is saved and cannot say so has failed too
			if [ "$status" = 0 ] || has 'standard output' <"$scratch/err"; then
				saved=$((saved + 1))
			fi
		done
	done
	echo "$saved of 121 were saved"
	[ "$saved" -gt 1 ]
	[ "$saved" -lt 121 ]
	follitone list --json >"$scratch/list" 2>"$scratch/err"
	[ "$(jq '.recipes | length' "$scratch/list")" = "$saved" ]
	follitone store verify | has 'all as it was saved'
	git --git-dir="$FOLLITONE_STORE/recipes.git" fsck --strict
}

# --- keys and signatures: stock ssh-keygen and git as judges -----------------------------------------

@test "the clinic's key is what ssh-keygen says it is" {
	follitone store init --json >"$scratch/init"
	key=$(jq -r .key_file "$scratch/init")
	[ "$(stat -c %a "$key")" = 600 ]
	ssh-keygen -l -f "$key" | has "$(jq -r .fingerprint "$scratch/init")"
	ssh-keygen -y -f "$key" | has "$(jq -r .public_key "$scratch/init")"
	[ "$(jq -r .words "$scratch/init" | wc -w)" = 8 ]
	follitone store init --json | jq -e --slurpfile first "$scratch/init" '.fingerprint == $first[0].fingerprint'
	follitone store init | has 'in words'
}

@test "a key of ssh-keygen's is taken, one with a passphrase is not" {
	mkdir -p "$XDG_DATA_HOME/follitone"
	rm -f "$XDG_DATA_HOME/follitone/clinic.key"*
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$XDG_DATA_HOME/follitone/clinic.key"
	follitone store init --json >"$scratch/init"
	ssh-keygen -l -f "$XDG_DATA_HOME/follitone/clinic.key" | has "$(jq -r .fingerprint "$scratch/init")"
	ssh-keygen -q -p -P '' -N secret -f "$XDG_DATA_HOME/follitone/clinic.key"
	refused 1 'without a passphrase' follitone store init
}

@test "stock git says that commits are good, and that nothing is wrong" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" 2>"$scratch/err"
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --name Other
	follitone store init --json >"$scratch/init"
	echo "clinic $(jq -r .public_key "$scratch/init")" >"$scratch/allowed"
	git -c gpg.ssh.allowedSignersFile="$scratch/allowed" --git-dir="$FOLLITONE_STORE/recipes.git" \
		verify-commit main main~1 2>&1 | has 'Good "git" signature for clinic'
	git --git-dir="$FOLLITONE_STORE/recipes.git" fsck --strict
	follitone list --json | jq -e '[.recipes[].verified] == [true, true]'
	follitone store verify | has '2 versions in 2 commits, 2 of them signed'
	follitone store verify --json | jq -e '.verified and .versions == 2 and .commits == 2 and .signed == 2'
}

@test "what was changed behind the store's back is found" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	repository=$FOLLITONE_STORE/recipes.git
	tree=$(git --git-dir="$repository" mktree </dev/null)
	commit=$(GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a \
		git --git-dir="$repository" commit-tree -m x -p main "$tree")
	git --git-dir="$repository" update-ref refs/heads/main "$commit"
	status=0
	follitone store verify >"$scratch/out" || status=$?
	[ "$status" = 1 ]
	has 'changes or removes what was saved before' <"$scratch/out"
	has 'no signature' <"$scratch/out"
	follitone store verify --json >"$scratch/json" || status=$?
	[ "$status" = 1 ]
	jq -e '(.verified | not) and (.faults | length) >= 2' "$scratch/json"
}

# --- what is asked of all recipes ---------------------------------------------------------------------

@test "list: by words, pigment, lot and day; nearest; lots" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	pigment=$(follitone show Crown --json | jq -r '.recipes[0].doses[0].pigment')
	cp "$scratch/r.cfg" "$scratch/edit.cfg"
	sed -i "0,/lot = \"[^\"]*\";/s//lot = \"L-77\";/; 0,/expiry = \"[^\"]*\";/s//expiry = \"2027-01-31\";/" "$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" --name Temple
	[ "$(follitone list --text cro --json | jq -r '[.recipes[].name] | join(" ")')" = Crown ]
	[ "$(follitone list --pigment "$pigment" --json | jq '.recipes | length')" = 2 ]
	[ "$(follitone list --lot L-77 --json | jq -r '[.recipes[].name] | join(" ")')" = Temple ]
	[ "$(follitone list --until 2001-01-01 --json | jq '.recipes | length')" = 0 ]
	[ "$(follitone list --since 2001-01-01 --json | jq '.recipes | length')" = 2 ]
	status=0
	follitone list --since yesterday 2>"$scratch/err" || status=$?
	[ "$status" = 2 ]
	has 'a day such as' <"$scratch/err"
	status=0
	follitone list --until 2026-13-01 2>"$scratch/err" || status=$?
	[ "$status" = 2 ]
	has 'a day such as' <"$scratch/err"
	follitone lots L-77 --json | jq -e '.recipes[0].name == "Temple" and .recipes[0].expiry == "2027-01-31"'
	follitone lots | has 'L-77'
	[ "$(follitone lots --until 2020-01-01)" = "no lots" ]
	lab=$(follitone show Crown --json | jq -r '.recipes[0].required.lab | map(tostring) | join(",")')
	follitone nearest "$lab" --json | jq -e '.recipes[0].de00 < 1e-6 and (.recipes[0] | has("skin"))'
	follitone nearest Crown --json --top 1 | jq -e '(.recipes | length) == 1 and .recipes[0].de00 < 1e-6'
	follitone nearest $example/skin.csv --json | jq -e '.recipes[0].de00 > 1'
	refused 1 'no recipe of that id or name' follitone nearest Nobody
}

@test "nearest says how it healed, once that was read" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone nearest Crown --json | jq -e '.recipes[0] | has("healed") | not'
	follitone treat Crown --after $example/patch.csv --state healed
	follitone nearest Crown --json | jq -e '.recipes[0] | has("healed") and .healed_de00 > 0'
	lab=$(follitone lab $example/patch.csv --json | jq -c '.readings[0].lab | map(. * 1000 | round)')
	[ "$(follitone nearest Crown --json | jq -c '.recipes[0].healed | map(. * 1000 | round)')" = "$lab" ]
}

@test "diff says what was changed, revert makes it as it was" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone show Crown -o "$scratch/edit.cfg"
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/; 0,/lot = "[^"]*";/s//lot = "L-77";/' "$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg"
	before=$(follitone show Crown@1 --json | jq .recipes[0].diluent_drops)
	follitone diff Crown@1 Crown --json >"$scratch/diff"
	jq -e --arg before "$before drops" '.changes | any(.before == $before and .after == "33 drops")' "$scratch/diff"
	jq -e '.changes | any(.after == "L-77" and (.what | endswith(", lot")))' "$scratch/diff"
	# the Lab that each version's own show says, and CIEDE2000 of them by `de`
	one=$(follitone show Crown@1 --json | jq -r '.recipes[0].lab | map(tostring) | join(",")')
	two=$(follitone show Crown --json | jq -r '.recipes[0].lab | map(tostring) | join(",")')
	de00=$(follitone de "$one" "$two" --json | jq .de00)
	jq -e --argjson de00 "$de00" '.colours | any((.de00 - $de00 | fabs) < 1e-9)' "$scratch/diff"
	[ "$(follitone diff Crown Crown)" = "no difference" ]
	follitone revert Crown@1 --json >"$scratch/reverted"
	jq -e '.saved and .recipes[0].version == 3' "$scratch/reverted"
	[ "$(jq -r .recipes[0].parent "$scratch/reverted")" = "$(follitone history Crown --json | jq -r .recipes[0].hash)" ]
	[ "$(follitone diff Crown@1 Crown)" = "no difference" ]
	follitone revert Crown@1 | has '^unchanged'
	refused 1 'such as Crown@1' follitone revert Crown
}

@test "tidy: all in one pack, nothing lost, no larger than git gc makes it" {
	match_example "$scratch/r.cfg"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		follitone save "$scratch/r.cfg" --name "Number $i"
	done 2>"$scratch/err"
	repository=$FOLLITONE_STORE/recipes.git
	follitone list --json | jq -S '.recipes' >"$scratch/before"
	follitone store tidy --json | jq -e '.objects_packed > 60 and .bytes_after * 5 < .bytes_before'
	git --git-dir="$repository" fsck --strict
	git --git-dir="$repository" count-objects -v | has '^packs: 1$'
	follitone list --json | jq -S '.recipes' | cmp - "$scratch/before"
	follitone store verify | has 'all as it was saved'
	follitone save "$scratch/r.cfg" --name "One more"
	follitone store tidy
	follitone store tidy
	git --git-dir="$repository" count-objects -v | has '^packs: 1$'
	ours=$(du -sb "$repository/objects" | cut -f 1)
	git --git-dir="$repository" gc --quiet --prune=now
	theirs=$(du -sb "$repository/objects" | cut -f 1)
	[ $((ours * 10)) -le $((theirs * 13)) ]
	follitone store verify | has '21 versions in 21 commits'
}

@test "backup: one file that stock git verifies and clones" {
	refused 1 'there is no recipe store' follitone store backup -o "$scratch/none.bundle"
	follitone store init
	refused 1 'there is nothing new to be copied' follitone store backup -o "$scratch/none.bundle"
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone store backup -o "$scratch/all.bundle"
	git --git-dir="$FOLLITONE_STORE/recipes.git" bundle verify "$scratch/all.bundle"
	git clone -q "$scratch/all.bundle" "$scratch/clone"
	id=$(follitone list --json | jq -r .recipes[0].id)
	follitone show Crown -o "$scratch/shown.cfg"
	cmp "$scratch/shown.cfg" "$scratch/clone/recipes/${id:0:2}/$id/1.cfg"
	refused 2 'is needed, once' follitone store backup
	refused 1 'this is a folder' follitone store backup -o "$scratch"
}

@test "store: an unknown action, a store that is not there" {
	refused 2 'is allowed' follitone store mend
	refused 1 'there is no recipe store' follitone store verify --store "$scratch/nowhere"
}
