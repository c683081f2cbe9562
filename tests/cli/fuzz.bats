#!/usr/bin/env bats
load support

@test "fuzz: each target reads its whole corpus to the end" {
	programs=$(dirname "$FOLLITONE")/tests
	for target in cgats cxf qtx mif csv numbers spotread recipe line sheet case; do
		[ "$(ls tests/fuzz/corpus/$target | wc -l)" -gt 0 ]
		"$programs/replay_$target" tests/fuzz/corpus/$target/*
	done
}
