#!/bin/bash -eu
# Builds each native fuzz target of this tree for libFuzzer, as ClusterFuzzLite and OSS-Fuzz want them. It runs in their
# image, in the root of the tree, finds the targets by itself, and writes to $OUT; `bash .ci/fuzzers` tries it here.
#
# A target stands in a file native*_test.go, which needs no test file but others of that name, and no Ginkgo. The
# compiler of these engines makes ordinary files of the test files of a folder, and there can be no two packages in it:
# so these files go to a folder of their own, next to what they test. It runs all of a target for each input, and takes
# no seeds from it: so there is nothing that adds any.
module=$(go list -m)
targets() { sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(f \*testing\.F).*/\1/p' "$@"; }

for dir in $(find . -name 'native*_test.go' -not -path '*/testdata/*' -printf '%P\n' | xargs -n 1 dirname | sort -u); do
	[ "$(go list -f '{{.Name}}' "./$dir")" != main ] || continue # a command cannot be imported
	beside=$dir/libfuzzer
	mkdir "$beside"
	for file in "$dir"/native*_test.go; do
		sed 's/^package .*_test$/package libfuzzer/' "$file" >"$beside/${file##*/}"
	done
	printf 'package libfuzzer\n' >"$beside/doc.go"
	printf 'package libfuzzer\n\nimport "testing"\n\nfunc seed(f *testing.F) {}\n' >"$beside/seeds_test.go"
	for target in $(targets "$beside"/native*_test.go); do
		name=${dir//\//-}-$target
		compile_native_go_fuzzer_v2 "$module/$beside" "$target" "$name"
		case $dir in fuzz | runner/lint) cp .clusterfuzzlite/stream.dict "$OUT/$name.dict" ;; esac
	done
done
