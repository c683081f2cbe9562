#!/usr/bin/env bats
load support

# What was mixed and when, of which lots; notes that are sealed in a recipe; and what erases them.

save_crown() {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" "$@" >/dev/null 2>&1
}

# Nothing was saved since: the number of versions.
versions() {
	[ "$(follitone history Crown --json | jq '.recipes | length')" = "$1" ]
}

@test "treat: a session is recorded with what was put in, and show, diff and history tell of it" {
	save_crown
	follitone treat Crown --session 2 --day 2026-03-01 --operator OP-3 --lot white=W-7 --expiry white=2027-06-30 \
		--opened white=2026-02-01 | has 'version 2: session 2 of 2026-03-01 by OP-3 kept'
	follitone show Crown --json >"$scratch/json"
	# what was not said is as the recipe says
	jq -e '.recipes[0] as $r | $r.sessions | length == 1 and (.[0] | .day == "2026-03-01" and .number == 2 and
		.operator == "OP-3" and (has("override_expired") | not) and .bottles[0].pigment == "water" and
		.bottles[0].drops == $r.diluent_drops and
		([.bottles[1:][] | {pigment, drops}] == $r.doses) and
		(.bottles[] | select(.pigment == "white") | .lot == "W-7" and .expiry == "2027-06-30" and
		.opened == "2026-02-01"))' "$scratch/json"
	follitone show Crown >"$scratch/words"
	has '^  session 2 of 2026-03-01 by OP-3$' <"$scratch/words"
	has 'white .*lot W-7  exp. 2027-06-30  opened 2026-02-01' <"$scratch/words"
	follitone diff Crown@1 Crown | has '^session of 2026-03-01 *(none) -> session 2, by OP-3: water .*white [0-9]* (W-7)'
	follitone diff Crown@1 Crown --json | jq -e '.changes | length == 1'
	follitone history Crown | has '^session 2 of 2026-03-01 by OP-3, in version 2$'
	follitone history Crown --json | jq -e '(.recipes[0].sessions == []) and .recipes[1].sessions[0].operator == "OP-3"'
}

@test "treat: without anything said it is today's session, of the recipe's bottles" {
	save_crown
	SOURCE_DATE_EPOCH=1795564800 follitone treat Crown --json | jq -e '.recipes[0].version == 2 and .saved'
	follitone show Crown --json | jq -e '.recipes[0].sessions[0] | .day == "2026-11-25" and (has("number", "operator") | not) and
		([.bottles[].lot] | all(. == "SYNTHETIC"))'
}

@test "treat: --after alone keeps the reading alone; with a session both are one version" {
	save_crown
	follitone treat Crown --after $example/patch.csv --state healed | has 'version 2: 1 reading healed kept'
	follitone show Crown --json | jq -e '.recipes[0].sessions == []'
	follitone treat Crown --after $example/patch.csv --state healed --session 1 --day 2026-03-01 |
		has 'version 3: session 1 of 2026-03-01, 1 reading healed kept'
	follitone diff Crown@2 Crown@3 --json | jq -e '[.changes[].what] == ["readings of what became of it", "session of 2026-03-01"]'
	# once each, however many versions have them
	follitone nearest Crown --json | jq -e '.recipes | length == 1'
	follitone lots SYNTHETIC --json | jq -e '[.recipes[] | select(has("session") | not) | .pigment] | length == (unique | length)'
}

@test "treat: what cannot have been is refused in a line, and nothing is saved" {
	save_crown
	refused 1 'after today' follitone treat Crown --day 2999-01-01
	refused 1 'a code, not a name' follitone treat Crown --operator 'Jane Doe'
	refused 1 'no bottle of “Crown” is called “blue”' follitone treat Crown --mixed blue=3
	refused 1 'no bottle of “Crown” is called “blue”' follitone treat Crown --lot blue=3
	refused 1 'no bottle of “Crown” is called “blue”' follitone treat Crown --expiry blue=2027-01-01
	refused 1 'no bottle of “Crown” is called “blue”' follitone treat Crown --opened blue=2026-01-01
	refused 1 'is no day such as' follitone treat Crown --expiry white=summer
	refused 1 'after the session' follitone treat Crown --day 2026-03-01 --opened white=2026-03-02
	refused 1 'no bottle of this session had expired' follitone treat Crown --override-expired 'why not'
	refused 2 'state is of the reading' follitone treat Crown --state fresh
	run follitone treat Crown --mixed white
	[ "$status" = 2 ]
	run follitone treat Crown --mixed white=-1
	[ "$status" = 2 ]
	run follitone treat Crown --lot white=A --lot white=B
	[ "$status" = 2 ]
	run follitone treat Crown --day 2026-02-30
	[ "$status" = 2 ]
	run follitone treat Crown --session 0
	[ "$status" = 2 ]
	versions 1
	follitone treat Crown --day 2026-03-01 --session 1
	follitone treat Crown --day 2026-03-01 --session 1 2>"$scratch/err"
	has '“Crown” has a session 1 already, of 2026-03-01' <"$scratch/err"
	follitone treat Crown --day 2026-03-01 --session 2 2>"$scratch/err"
	[ ! -s "$scratch/err" ]
	refused 1 'is kept with the newest version, 4' follitone treat Crown@1 --day 2026-03-02
	follitone treat Crown@4 --day 2026-03-02 | has 'version 5'
}

@test "treat: a lot that had expired needs a reason, which is kept" {
	save_crown
	refused 1 'white: lot W-7 expired on 2026-02-28, before the session of 2026-03-01' \
		follitone treat Crown --day 2026-03-01 --lot white=W-7 --expiry white=2026-02-28
	versions 1
	follitone treat Crown --day 2026-02-28 --lot white=W-7 --expiry white=2026-02-28
	follitone treat Crown --day 2026-03-01 --lot white=W-7 --expiry white=2026-02-28 --override-expired 'maker says a month more'
	follitone show Crown | has '!! a bottle had expired: maker says a month more'
	follitone show Crown --json | jq -e '.recipes[0].sessions | map(.override_expired) == [null, "maker says a month more"]'
}

@test "treat: another mix is recorded and noted, and has no reading of this recipe" {
	save_crown
	drops=$(follitone show Crown --json | jq -r '.recipes[0].doses[] | select(.pigment == "white").drops')
	refused 1 'another mix than the recipe' \
		follitone treat Crown --mixed white=$((drops + 1)) --after $example/patch.csv
	versions 1
	follitone treat Crown --mixed white=$((drops + 1)) 2>"$scratch/err"
	has 'another mix than the recipe' <"$scratch/err"
	follitone show Crown --json | jq -e --argjson drops "$drops" \
		'.recipes[0].sessions[0].bottles[] | select(.pigment == "white") | .drops == $drops + 1'
	run grep -F 'already' "$scratch/err"
	[ "$status" = 1 ]
	# twice as much of all is the same mix
	follitone show Crown --json | jq -r '.recipes[0] | "--mixed water=\(2 * .diluent_drops)",
		(.doses[] | "--mixed \(.pigment)=\(2 * .drops)")' >"$scratch/twice"
	follitone treat Crown $(cat "$scratch/twice") --after $example/patch.csv 2>"$scratch/err" | has 'session of .*reading healed kept'
	run grep -F 'another mix' "$scratch/err"
	[ "$status" = 1 ]
}

@test "treat: a session does not name the client whose recipe it is" {
	save_crown
	follitone client link K-1701 Crown
	refused 1 'names that client' follitone treat Crown --operator K-1701
	refused 1 'names that client' follitone treat Crown --lot 'white=of K-1701'
	refused 1 'names that client' follitone treat Crown --expiry white=2026-01-01 --override-expired 'K-1701 asked for it'
	cp $example/patch.csv "$scratch/K-1701.csv"
	refused 1 'names that client' follitone treat Crown --after "$scratch/K-1701.csv"
	versions 1
	follitone treat Crown --operator K-17
}

@test "sessions stay in every later version, whatever is saved" {
	save_crown
	follitone treat Crown --session 1 --day 2026-03-01
	follitone save "$scratch/r.cfg" | has '^unchanged' # from before there were sessions
	sed '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" 2>/dev/null | has 'as version 3'
	follitone treat Crown --session 2 --day 2026-03-20 2>/dev/null
	follitone show Crown --json | jq -e '[.recipes[0].sessions[].number] == [1, 2] and .recipes[0].sessions[1].bottles[0].drops == 33'
	follitone revert Crown@1
	follitone show Crown --json | jq -e '[.recipes[0].sessions[].number] == [1, 2]'
	follitone history Crown --json | jq -e '[.recipes[].sessions | map(.number)] == [[], [1], [], [2], []]'
	follitone store verify
}

@test "lots: from a lot to recipes and sessions, from a recipe to its lots, and what expires soon" {
	export SOURCE_DATE_EPOCH=1795564800 # date -u -d @1795564800: 2026-11-25
	save_crown
	follitone treat Crown --session 1 --day 2026-11-01 --operator OP-3 --lot white=W-7 --expiry white=2026-12-25
	follitone treat Crown --session 2 --day 2026-11-20 --lot white=W-8 --expiry white=2027-12-31
	follitone lots W-7 --json | jq -e '.recipes | length == 1 and (.[0] | .name == "Crown" and .version == 2 and
		.pigment == "white" and .expiry == "2026-12-25" and .session.day == "2026-11-01" and .session.number == 1 and
		.session.operator == "OP-3")'
	follitone lots W-7 | has '2026-12-25  W-7 .*Crown@2 .*session 1 of 2026-11-01 by OP-3$'
	# the recipe's own bottles once, though three versions have them; each session's beside
	follitone lots SYNTHETIC --json | jq -e '[.recipes[] | select(.pigment == "carbon-black") | [.version, .session.number]] ==
		[[1, null], [2, 1], [3, 2]]'
	[ "$(follitone lots --recipe Crown --json | jq -c '[.recipes[] | select(.pigment == "white").lot]')" = '["W-7","W-8"]' ]
	[ "$(follitone lots --recipe Crown@2 --json | jq -c '[.recipes[] | select(.pigment == "white").lot]')" = '["W-7"]' ]
	follitone lots --recipe Crown --json | jq -e '[.recipes[] | has("session")] | all'
	[ "$(follitone lots W-8 --recipe Crown@2)" = "no lots" ]
	# 25 November and 30 days: 25 December
	[ "$(follitone lots --within 29)" = "no lots" ]
	[ "$(follitone lots --within 30 --json | jq -c '[.recipes[].lot]')" = '["W-7"]' ]
	[ "$(SOURCE_DATE_EPOCH=1798243200 follitone lots --within 30)" = "no lots" ] # 26 December: it has expired
	[ "$(follitone lots --until 2027-12-31 --json | jq -c '[.recipes[].lot]')" = '["W-7","W-8"]' ]
	[ "$(follitone list --lot W-7 --json | jq -c '[.recipes[].version]')" = '[3]' ]
	refused 2 '--until or --within' follitone lots --until 2027-01-01 --within 3
	refused 1 'no recipe of that id or name' follitone lots --recipe Nobody
	run follitone lots --within soon
	[ "$status" = 2 ]
}

# --- sealed notes -------------------------------------------------------------------------------------

# True where these words are anywhere among the clinic's data, git's objects unpacked.
anywhere() {
	git --git-dir="$FOLLITONE_STORE/recipes.git" cat-file --batch-all-objects --batch >"$scratch/objects"
	grep -raqF -- "$1" "$scratch/data" "$FOLLITONE_STORE" "$scratch/objects"
}

nowhere() {
	if anywhere "$1"; then
		echo "“$1” is still there"
		return 1
	fi
}

@test "save --note: it travels sealed, show opens it, later versions keep it" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --client K-1701 --note 'allergic to nickel' 2>/dev/null
	nowhere 'allergic to nickel'
	follitone show Crown >"$scratch/words"
	has '^  allergic to nickel$' <"$scratch/words"
	follitone show Crown --json | jq -e '.recipes[0].sealed_notes == [{opened: true, text: "allergic to nickel"}]'
	follitone card Crown 2>/dev/null >"$scratch/card"
	run grep -F nickel "$scratch/card"
	[ "$status" = 1 ]
	follitone show Crown -o "$scratch/edit.cfg"
	sed -i '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/edit.cfg"
	echo 'keloid behind the ear' | follitone save "$scratch/edit.cfg" --client K-1701 --note - 2>/dev/null
	follitone save "$scratch/r.cfg" 2>/dev/null # a file without any
	follitone show Crown --json | jq -e '[.recipes[0].sealed_notes[].text] == ["allergic to nickel", "keloid behind the ear"]'
	follitone client export K-1701 >"$scratch/export"
	jq -e '.recipes[0].id as $id | .sealed_notes == [{recipe: $id, text: "allergic to nickel"},
		{recipe: $id, text: "keloid behind the ear"}]' "$scratch/export"
	follitone client show K-1701 | has 'sealed .*keloid behind the ear'
	nowhere keloid
}

@test "save --note: another clinic, and another client, read that there is one" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --client K-1701 --note 'allergic to nickel' 2>/dev/null
	XDG_DATA_HOME=$scratch/other follitone show Crown 2>/dev/null | has 'a sealed note whose key is not here'
	follitone client unlink K-1701 Crown
	follitone client link K-2202 Crown
	follitone show Crown --json | jq -e '.recipes[0].sealed_notes == [{opened: false}]'
	follitone client link K-1701 Crown
	follitone show Crown | has 'allergic to nickel'
}

@test "client forget: no sealed note can be opened any more, and the versions still verify" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" --client K-1701 --note 'allergic to nickel' 2>/dev/null
	key=$(grep -aoE '[0-9a-f]{64}' "$scratch/data/follitone/clients.db")
	[ ${#key} = 64 ] # one key, and whole
	follitone save "$scratch/r.cfg" --name Temple --client K-2202 --note 'pale after summer' 2>/dev/null
	anywhere "$key"
	follitone client forget K-1701 | has 'what was sealed for it in recipes can no longer be opened'
	nowhere "$key"
	find "$scratch/data" "$FOLLITONE_STORE" -type f -exec od -An -v -tx1 {} + | tr -d ' \n' >"$scratch/bytes"
	run grep -qF "$key" "$scratch/bytes" # as bytes, not as text
	[ "$status" = 1 ]
	nowhere 'allergic to nickel'
	nowhere K-1701
	follitone show Crown | has 'a sealed note whose key is not here'
	# linked anew, with a new key
	follitone client link K-1701 Crown
	follitone show Crown --json | jq -e '.recipes[0].sealed_notes == [{opened: false}]'
	follitone show Temple | has 'pale after summer'
	follitone store verify | has 'all as it was saved'
}

@test "save --note: what is wrong is refused, and nothing is saved" {
	match_example "$scratch/r.cfg"
	refused 2 '--client CODE is needed' follitone save "$scratch/r.cfg" --note x
	refused 2 'cannot both be standard input' follitone save - --client K-1 --note - <"$scratch/r.cfg"
	refused 1 'note: 0 bytes, 1 to 2000 are allowed' follitone save "$scratch/r.cfg" --client K-1 --note ''
	refused 1 'note: 2001 bytes, 1 to 2000 are allowed' follitone save "$scratch/r.cfg" --client K-1 --note "$(printf '%02001d' 0)"
	refused 1 'control characters' follitone save "$scratch/r.cfg" --client K-1 --note $'a\033b'
	[ ! -e "$FOLLITONE_STORE" ]
	[ ! -e "$scratch/data/follitone/clients.db" ]
	follitone save "$scratch/r.cfg" --client K-1 --note "$(printf '%02000d' 0)" 2>/dev/null
	for i in 2 3 4; do follitone save "$scratch/r.cfg" --client K-1 --note "note $i"; done
	refused 1 'holds 4 sealed notes' follitone save "$scratch/r.cfg" --client K-1 --note 'one more'
	versions 4
}

@test "client unlink and drop: each is gone for good, and nothing else" {
	save_crown
	id=$(follitone show Crown --json | jq -r '.recipes[0].id')
	follitone client link K-1701 Crown
	follitone client note K-1701 --text 'keloid behind the ear'
	follitone client note K-1701 --text 'pale after summer'
	follitone client consent K-1701 --text 'paper file 7781'
	follitone client show K-1701 | has '^note *2  .*pale after summer'
	follitone client show K-1701 --json | jq -e '[.notes[].number] == [1, 2] and .consents[0].number == 1'
	refused 1 'there is no note 3' follitone client drop K-1701 note 3
	refused 1 'there is no consent 2' follitone client drop K-1701 consent 2
	refused 2 'note or consent is allowed' follitone client drop K-1701 link 1
	refused 2 'a number, as' follitone client drop K-1701 note first
	refused 2 'CODE note|consent N is needed' follitone client drop K-1701 note
	refused 1 'no recipe of that id or name' follitone client unlink K-1701 Nobody
	refused 1 'nothing is held under that code' follitone client unlink K-9 Crown
	follitone client show K-1701 --json | jq -e '(.notes | length) == 2 and (.links | length) == 1'
	follitone client drop K-1701 note 1 | has 'note 1 of K-1701 is erased'
	nowhere keloid
	follitone client show K-1701 | has '^note *1  .*pale after summer'
	follitone client drop K-1701 consent 1 --json | jq -e '.client == "K-1701"'
	nowhere 7781
	grep -aqF "$id" "$scratch/data/follitone/clients.db"
	follitone client unlink K-1701 Crown | has "$id is no longer linked to K-1701"
	run grep -raF "$id" "$scratch/data/follitone"
	[ "$status" = 1 ]
	refused 1 'is not linked to it' follitone client unlink K-1701 Crown
	follitone client show K-1701 --json | jq -e '(.notes | length) == 1 and .links == [] and .recipes == []'
	# by its id without the store too
	follitone client link K-1701 Crown
	rm -rf "$FOLLITONE_STORE"
	follitone client unlink K-1701 "$id"
	follitone show "$scratch/r.cfg" >/dev/null
}

@test "a version of the old format is read as it was saved, and never rewritten" {
	old=tests/fuzz/corpus/recipe/planned.cfg
	follitone save $old --name Old 2>/dev/null
	id=$(follitone list --json | jq -r '.recipes[0].id')
	path="recipes/${id:0:2}/$id/1.cfg"
	# as the program before this one saved it
	git --git-dir="$FOLLITONE_STORE/recipes.git" show "main:$path" | sed 's/^version = 2;/version = 1;/' >"$scratch/v1.cfg"
	cd "$FOLLITONE_STORE/recipes.git"
	export GIT_DIR=. GIT_INDEX_FILE=i GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
	git read-tree main
	git update-index --add --cacheinfo "100644,$(git hash-object -w "$scratch/v1.cfg"),$path"
	git update-ref refs/heads/main "$(git commit-tree -m x "$(git write-tree)")"
	unset GIT_DIR GIT_INDEX_FILE
	cd - >/dev/null
	follitone show Old -o "$scratch/out.cfg" 2>/dev/null
	cmp "$scratch/v1.cfg" "$scratch/out.cfg"
	follitone save "$scratch/out.cfg" 2>/dev/null | has '^unchanged'
	follitone treat Old --day 2026-03-01 2>/dev/null | has 'version 2'
	follitone show Old@1 -o "$scratch/again.cfg" 2>/dev/null
	cmp "$scratch/v1.cfg" "$scratch/again.cfg"
	follitone show Old -o "$scratch/new.cfg" 2>/dev/null
	grep -q '^version = 2;' "$scratch/new.cfg"
	sed 's/^version = 2;/version = 3;/' "$scratch/new.cfg" >"$scratch/v3.cfg"
	refused 1 'format version 3 is newer than this program reads (2)' follitone show "$scratch/v3.cfg"
	refused 1 'format version 3 is newer than this program reads (2)' follitone save "$scratch/v3.cfg"
}
