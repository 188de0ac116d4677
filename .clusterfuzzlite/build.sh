#!/bin/bash -eu
# Builds each native fuzz target of this tree for libFuzzer, as ClusterFuzzLite and OSS-Fuzz want them. It runs in their
# image, in the root of the tree, finds the targets by itself, and writes to $OUT; `bash .ci/fuzzers` tries it here.
#
# A target stands in a file native*_test.go, which needs no test file but others of that name, and no Ginkgo. The
# compilers of these engines read no test files, or make ordinary files of all that a folder has, of two packages: so
# those files go, as ordinary ones, to a folder of their own, next to what they test. libFuzzer runs all of a target for
# each input, and takes no seeds from it: so there is nothing that adds any.
module=$(go list -m)
targets() { sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(f \*testing\.F).*/\1/p' "$@"; }

for dir in $(find . -name 'native*_test.go' -not -path '*/testdata/*' -printf '%P\n' | xargs -n 1 dirname | sort -u); do
	[ "$(go list -f '{{.Name}}' "./$dir")" != main ] || continue # a command cannot be imported
	beside=$dir/libfuzzer
	mkdir "$beside"
	for file in "$dir"/native*_test.go; do
		sed 's/^package .*_test$/package libfuzzer/' "$file" >"$beside/$(basename "$file" _test.go).go"
	done
	printf 'package libfuzzer\n\nfunc seed(any) {}\n' >"$beside/seeds.go"
	for target in $(targets "$beside"/native*.go); do
		name=${dir//\//-}-$target
		compile_native_go_fuzzer_v2 "$module/$beside" "$target" "$name"
		case $dir in fuzz | runner/lint) cp .clusterfuzzlite/stream.dict "$OUT/$name.dict" ;; esac
	done
done
